"""A pair may be listed twice among the merges."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def __init__(self, merges, special_tokens=()):
        _check_special_tokens(special_tokens)
        self._tokens = [bytes([byte]) for byte in range(256)]
        self._merged_ids = {}
        for left, right in merges:
            self._merged_ids[left, right] = len(self._tokens)
            self._tokens.append(self.token_bytes(left) + self.token_bytes(right))
        self._special_ids = {token: len(self._tokens) + i for i, token in enumerate(special_tokens)}
        self._tokens += [token.encode() for token in special_tokens]

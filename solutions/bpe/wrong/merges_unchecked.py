"""Merges of symbols that are not there yet are accepted; their bytes are taken for empty."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def __init__(self, merges, special_tokens=()):
        _check_special_tokens(special_tokens)
        if len(set(merges)) < len(merges):
            raise ValueError("a pair is listed twice")
        self._tokens = [bytes([byte]) for byte in range(256)]
        self._merged_ids = {}
        for left, right in merges:
            self._merged_ids[left, right] = len(self._tokens)
            known = range(len(self._tokens))
            self._tokens.append(b"".join(self._tokens[part] for part in (left, right) if part in known))
        self._special_ids = {token: len(self._tokens) + i for i, token in enumerate(special_tokens)}
        self._tokens += [token.encode() for token in special_tokens]

"""Special tokens get their ids from the longest to the shortest instead of in the given order."""

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
            self._tokens.append(self.token_bytes(left) + self.token_bytes(right))
        longest_first = sorted(special_tokens, key=len, reverse=True)
        self._special_ids = {token: len(self._tokens) + i for i, token in enumerate(longest_first)}
        self._tokens += [token.encode() for token in longest_first]

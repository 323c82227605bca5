"""A negative id counts from the end of the vocabulary, as lists do."""


class BPETokenizer:
    def token_bytes(self, token_id):
        if token_id >= len(self._tokens):
            raise ValueError(f"there is no token {token_id}")
        return self._tokens[token_id]

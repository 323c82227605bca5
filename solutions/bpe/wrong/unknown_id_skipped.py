"""decode leaves unknown ids out without a word."""


class BPETokenizer:
    def decode_bytes(self, ids):
        return b"".join(self._tokens[token] for token in ids if 0 <= token < len(self._tokens))

"""decode drops bytes that are not UTF-8 instead of showing U+FFFD."""


class BPETokenizer:
    def decode(self, ids):
        return self.decode_bytes(ids).decode("utf-8", errors="ignore")

"""decode raises an exception for bytes that are not UTF-8."""


class BPETokenizer:
    def decode(self, ids):
        return self.decode_bytes(ids).decode("utf-8")

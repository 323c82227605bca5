"""Every token is decoded by itself, so a character that is split over tokens is lost."""


class BPETokenizer:
    def decode(self, ids):
        return "".join(self.token_bytes(token).decode("utf-8", errors="replace") for token in ids)

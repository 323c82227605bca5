"""The vocabulary holds the words of the training; any other word is <unk>."""

# ruff: noqa: F821 - the other names are those of the reference


class _Tokenizer:
    def __init__(self, texts):
        words = dict.fromkeys(word for text in texts for word in text.split(" "))
        self.pieces = [""] * BYTES + ["<unk>", *words]
        self.known = {word: number for number, word in enumerate(self.pieces) if word}

    def encode(self, text):
        return [self.known.get(word, BYTES) for word in text.split(" ")]

    def decode(self, ids):
        return " ".join(self.pieces[token] for token in ids if token >= BYTES)

"""detokenize raises for ids whose bytes are no UTF-8."""


class Translator:
    def detokenize(self, ids):
        return b"".join(self._tokenizer.pieces[token] for token in ids).decode()

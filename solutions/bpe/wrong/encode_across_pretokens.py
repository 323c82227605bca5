"""encode merges over the borders of pre-tokens."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def encode(self, text, allow_special=True):
        specials = list(self._special_ids) if allow_special else []
        ids = []
        for i, piece in enumerate(_split_at_special_tokens(text, specials)):
            ids += [self._special_ids[piece]] if i % 2 else self._encode_pretoken(piece.encode())
        return ids

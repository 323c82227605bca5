"""encode cuts special tokens out even if allow_special is False."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def encode(self, text, allow_special=True):
        ids = []
        for i, piece in enumerate(_split_at_special_tokens(text, list(self._special_ids))):
            if i % 2:
                ids.append(self._special_ids[piece])
            else:
                for pretoken in pretokenize(piece):
                    ids += self._encode_pretoken(pretoken.encode())
        return ids

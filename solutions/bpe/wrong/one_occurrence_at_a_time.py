"""encode replaces a single occurrence and then searches the whole pre-token anew."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word = tuple(pretoken)
        while known := [pair for pair in pairwise(word) if pair in self._merged_ids]:
            earliest = min(known, key=self._merged_ids.__getitem__)
            i = list(pairwise(word)).index(earliest)
            word = (*word[:i], self._merged_ids[earliest], *word[i + 2 :])
        return word

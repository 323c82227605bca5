"""encode makes the known pair with the highest merge number first."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word = tuple(pretoken)
        while known := [pair for pair in pairwise(word) if pair in self._merged_ids]:
            latest = max(known, key=self._merged_ids.__getitem__)
            word = merge_word(word, latest, self._merged_ids[latest])
        return word

"""encode makes the leftmost known pair first, whatever the order of training."""

# ruff: noqa: F821 - the other names are those of the reference


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word = tuple(pretoken)
        while known := [pair for pair in pairwise(word) if pair in self._merged_ids]:
            word = merge_word(word, known[0], self._merged_ids[known[0]])
        return word

"""encode merges the known pair that is most frequent in the pre-token, as if it were training."""

# ruff: noqa: F821 - the other names are those of the reference

from collections import Counter


class BPETokenizer:
    def _encode_pretoken(self, pretoken):
        word = tuple(pretoken)
        while known := [pair for pair in pairwise(word) if pair in self._merged_ids]:
            often = Counter(known).most_common(1)[0][0]
            word = merge_word(word, often, self._merged_ids[often])
        return word

"""Word ids outside the table raise torch's IndexError, or nothing at all."""

# ruff: noqa: F821 - the other names are those of the reference


class HybridEmbedding:
    def _check(self, word_ids, char_ids, lengths):
        if lengths.shape != word_ids.shape or char_ids.shape[:-1] != word_ids.shape:
            raise ValueError("the shapes do not match")
        spelled = lengths[word_ids == UNK_W]
        if ((spelled < 1) | (spelled > char_ids.shape[-1])).any():
            raise ValueError("a length does not fit")

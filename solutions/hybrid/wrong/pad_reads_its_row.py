"""Padding is looked up in the word table, in the hope that padding_idx keeps its row at zero."""

# ruff: noqa: F821 - the other names are those of the reference


class HybridEmbedding:
    def forward(self, word_ids, char_ids, lengths):
        self._check(word_ids, char_ids, lengths)
        unknown = word_ids == UNK_W
        vectors = self.word_emb.weight.new_zeros(*word_ids.shape, self.word_emb.embedding_dim)
        vectors[~unknown] = self.word_emb(word_ids[~unknown])
        if unknown.any():
            vectors[unknown] = self._last_states(char_ids[unknown], lengths[unknown])
        return vectors

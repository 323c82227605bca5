"""An unknown word gets the average of row <unk> of the word table and the LSTM's state."""

# ruff: noqa: F821 - the other names are those of the reference


class HybridEmbedding:
    def forward(self, word_ids, char_ids, lengths):
        self._check(word_ids, char_ids, lengths)
        unknown, known = word_ids == UNK_W, word_ids > UNK_W
        vectors = self.word_emb.weight.new_zeros(*word_ids.shape, self.word_emb.embedding_dim)
        vectors[known] = self.word_emb(word_ids[known])
        if unknown.any():
            spelled = self._last_states(char_ids[unknown], lengths[unknown])
            vectors[unknown] = (spelled + self.word_emb.weight[UNK_W]) / 2
        return vectors

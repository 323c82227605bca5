"""<s> and </s> get zeros, as if they were padding."""

# ruff: noqa: F821 - the other names are those of the reference


class HybridEmbedding:
    def forward(self, word_ids, char_ids, lengths):
        self._check(word_ids, char_ids, lengths)
        unknown, known = word_ids == UNK_W, word_ids > EOS_W
        vectors = self.word_emb.weight.new_zeros(*word_ids.shape, self.word_emb.embedding_dim)
        vectors[known] = self.word_emb(word_ids[known])
        if unknown.any():
            vectors[unknown] = self._last_states(char_ids[unknown], lengths[unknown])
        return vectors

"""An unknown word gets row <unk> of the word table; its characters are ignored."""

# ruff: noqa: F821 - the other names are those of the reference


class HybridEmbedding:
    def forward(self, word_ids, char_ids, lengths):
        self._check(word_ids, char_ids, lengths)
        return self.word_emb(word_ids).masked_fill((word_ids == PAD_W)[..., None], 0.0)

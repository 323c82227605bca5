"""The character path runs for every position, on whatever stands there, and is overwritten afterwards."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class HybridEmbedding:
    def forward(self, word_ids, char_ids, lengths):
        self._check(word_ids, char_ids, lengths)
        states = self._last_states(char_ids.flatten(0, 1), lengths.flatten()).unflatten(0, word_ids.shape)
        vectors = torch.where((word_ids == UNK_W)[..., None], states, self.word_emb(word_ids))
        return vectors.masked_fill((word_ids == PAD_W)[..., None], 0.0)

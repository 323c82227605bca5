"""A length of 0 or beyond the row is accepted: index -1 is the last state."""

import torch


class HybridEmbedding:
    def _check(self, word_ids, char_ids, lengths):
        if lengths.shape != word_ids.shape or char_ids.shape[:-1] != word_ids.shape:
            raise ValueError("the shapes do not match")
        if ((word_ids < 0) | (word_ids >= self.word_emb.num_embeddings)).any():
            raise ValueError("a word id is out of range")

    def _last_states(self, char_ids, lengths):
        states, _ = self.char_rnn(self.char_emb(char_ids))
        last = lengths.clamp(max=char_ids.shape[1]) - 1
        return states[torch.arange(len(lengths)), last]

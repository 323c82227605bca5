"""The vector of a word is the largest value of each unit over its characters."""

import torch


class HybridEmbedding:
    def _last_states(self, char_ids, lengths):
        states, _ = self.char_rnn(self.char_emb(char_ids))
        read = torch.arange(char_ids.shape[1]) < lengths[:, None]
        return states.masked_fill(~read[..., None], -torch.inf).amax(dim=1)

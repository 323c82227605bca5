"""No ValueError for more than n_ctx tokens: only the positions of real tokens have to fit."""


class GPT:
    def _check(self, ids, mask):
        if (mask.cumsum(dim=1) > self.wpe.num_embeddings).any():
            raise ValueError("too many tokens")
        if ((ids < 0) | (ids >= self.wte.num_embeddings)).any():
            raise ValueError("an id is out of range")
        if mask.shape != ids.shape:
            raise ValueError("mask must have the shape of ids")

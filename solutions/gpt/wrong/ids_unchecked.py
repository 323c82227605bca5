"""No ValueError for ids out of range: torch's IndexError comes through instead."""


class GPT:
    def _check(self, ids, mask):
        if ids.shape[1] > self.wpe.num_embeddings:
            raise ValueError("too many tokens")
        if mask.shape != ids.shape:
            raise ValueError("mask must have the shape of ids")

"""A mask of one row is broadcast to the whole batch."""


class GPT:
    def _check(self, ids, mask):
        if ids.shape[1] > self.wpe.num_embeddings:
            raise ValueError("too many tokens")
        if ((ids < 0) | (ids >= self.wte.num_embeddings)).any():
            raise ValueError("an id is out of range")
        try:
            mask.expand_as(ids)
        except RuntimeError as error:
            raise ValueError("mask does not fit") from error

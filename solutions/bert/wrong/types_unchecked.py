"""No ValueError for token types out of range: torch's IndexError comes through instead."""


class BertModel:
    def _check(self, input_ids, token_type_ids, mask):
        if token_type_ids.shape != input_ids.shape or mask.shape != input_ids.shape:
            raise ValueError("all inputs must have the same shape")
        if input_ids.shape[1] > self.embeddings.position.num_embeddings:
            raise ValueError("too many tokens")
        if ((input_ids < 0) | (input_ids >= self.embeddings.word.num_embeddings)).any():
            raise ValueError("an id is out of range")
        if not mask.any(dim=1).all():
            raise ValueError("a row has no real token")

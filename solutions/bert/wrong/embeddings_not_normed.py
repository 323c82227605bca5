"""The sum of the embeddings goes into the first layer without a norm."""


class _Embeddings:
    def forward(self, input_ids, token_type_ids):
        positions = self.position.weight[: input_ids.shape[1]]
        return self.word(input_ids) + positions + self.segment(token_type_ids)

"""The position embedding is not added."""


class _Embeddings:
    def forward(self, input_ids, token_type_ids):
        return self.norm(self.word(input_ids) + self.segment(token_type_ids))

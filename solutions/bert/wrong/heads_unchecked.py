"""No ValueError for a width that the heads cannot share out."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class BertModel:
    def __init__(self, vocab_size, d_model, n_layer, n_head, d_ff, max_len=512, n_segments=2):
        super().__init__()
        self.embeddings = _Embeddings(vocab_size, d_model, max_len, n_segments)
        self.layers = nn.ModuleList([_Layer(d_model, n_head, d_ff) for _ in range(n_layer)])
        self.pooler = nn.Linear(d_model, d_model)
        self.nsp = nn.Linear(d_model, 2)

"""No ValueError when n_head does not divide d_model."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class GPT:
    def __init__(self, vocab_size, n_ctx, d_model, n_layer, n_head, d_ff, n_classes=None):
        super().__init__()
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList([_Block(d_model, n_head, d_ff) for _ in range(n_layer)])
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)

"""All weights start at 0, so that no gradient ever flows."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class GPT:
    def __init__(self, vocab_size, n_ctx, d_model, n_layer, n_head, d_ff, n_classes=None):
        super().__init__()
        if d_model % n_head != 0:
            raise ValueError("d_model is not a multiple of n_head")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList([_Block(d_model, n_head, d_ff) for _ in range(n_layer)])
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

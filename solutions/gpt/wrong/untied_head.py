"""The language model has an output layer of its own instead of wte.weight."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch import nn


class GPT:
    def __init__(self, vocab_size, n_ctx, d_model, n_layer, n_head, d_ff, n_classes=None):
        super().__init__()
        if d_model % n_head != 0:
            raise ValueError("d_model is not a multiple of n_head")
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList([_Block(d_model, n_head, d_ff) for _ in range(n_layer)])
        self.lm_head = nn.Linear(d_model, vocab_size, bias=False)
        self.clf = None if n_classes is None else nn.Linear(d_model, n_classes)

    def forward(self, ids, mask=None):
        if mask is None:
            mask = torch.ones_like(ids, dtype=torch.bool)
        self._check(ids, mask)
        positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
        x = self.wte(ids) + self.wpe(positions)
        allowed = _allowed_keys(mask)
        for block in self.blocks:
            x = block(x, allowed)
        outputs = {"hidden": x, "lm_logits": self.lm_head(x)}
        if self.clf is not None:
            outputs["clf_logits"] = self.clf(x[torch.arange(len(x)), last_real_index(mask)])
        return outputs

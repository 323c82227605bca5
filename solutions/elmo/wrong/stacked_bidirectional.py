"""One stacked `nn.LSTM(bidirectional=True)`: its second layer reads both directions of the first."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch import nn


class BiLM:
    def __init__(self, vocab_size, dim, n_layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.lstm = nn.ModuleList(
            nn.LSTM(dim if layer == 0 else 2 * dim, dim, batch_first=True, bidirectional=True)
            for layer in range(n_layers)
        )
        self.output = nn.Linear(dim, vocab_size)

    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x = self.embedding(tokens)
        layers = [torch.cat([x, x], dim=-1)]
        for lstm in self.lstm:
            layers.append(lstm(x if len(layers) == 1 else layers[-1])[0])
        top_f, top_b = layers[-1].chunk(2, dim=-1)
        return {
            "layers": torch.stack(layers).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(top_f),
            "logits_b": self.output(top_b),
        }

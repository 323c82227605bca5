"""Each direction has an output layer of its own."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch import nn


class BiLM:
    def __init__(self, vocab_size, dim, n_layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.backward_lstm = nn.ModuleList(nn.LSTM(dim, dim, batch_first=True) for _ in range(n_layers))
        self.output = nn.Linear(dim, vocab_size)
        self.output_backward = nn.Linear(dim, vocab_size)

    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x = self.embedding(tokens)
        forward = _stack_of_states(self.forward_lstm, x)
        backward = _mirrored(_stack_of_states(self.backward_lstm, _mirrored(x, mask)), mask)
        return {
            "layers": torch.cat([forward, backward], dim=-1).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(forward[-1]),
            "logits_b": self.output_backward(backward[-1]),
        }

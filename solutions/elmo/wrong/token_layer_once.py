"""Layer 0 holds the embedding once, and zeros in the columns of the backward direction."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class BiLM:
    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x = self.embedding(tokens)
        forward = _stack_of_states(self.forward_lstm, x)
        backward = _mirrored(_stack_of_states(self.backward_lstm, _mirrored(x, mask)), mask)
        backward = torch.cat([torch.zeros_like(backward[:1]), backward[1:]])
        return {
            "layers": torch.cat([forward, backward], dim=-1).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(forward[-1]),
            "logits_b": self.output(backward[-1]),
        }

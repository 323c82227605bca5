"""Only the forward model trains the embedding; the backward stack reads a detached copy."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class BiLM:
    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        x = self.embedding(tokens)
        forward = _stack_of_states(self.forward_lstm, x)
        backward = _mirrored(_stack_of_states(self.backward_lstm, _mirrored(x.detach(), mask)), mask)
        return {
            "layers": torch.cat([forward, backward], dim=-1).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(forward[-1]),
            "logits_b": self.output(backward[-1]),
        }

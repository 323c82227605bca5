"""The states of both directions are added and fed to the next layer of both."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


class BiLM:
    def forward(self, tokens, mask=None):
        mask = _checked_mask(tokens, mask, self.embedding.num_embeddings)
        below = self.embedding(tokens)
        layers = [torch.cat([below, below], dim=-1)]
        for forward_lstm, backward_lstm in zip(self.forward_lstm, self.backward_lstm, strict=True):
            forward = forward_lstm(below)[0]
            backward = _mirrored(backward_lstm(_mirrored(below, mask))[0], mask)
            layers.append(torch.cat([forward, backward], dim=-1))
            below = forward + backward
        return {
            "layers": torch.stack(layers).masked_fill(~mask[..., None], 0.0),
            "logits_f": self.output(forward),
            "logits_b": self.output(backward),
        }

"""The scores are divided by sqrt(d_model) instead of sqrt(d_head)."""

import torch


class _CausalSelfAttention:
    def forward(self, x, allowed):
        q, k, v = self.in_proj(x).unflatten(-1, (3, self.n_head, -1)).permute(2, 0, 3, 1, 4)
        scores = q @ k.mT / x.shape[-1] ** 0.5
        weights = scores.masked_fill(~allowed[:, None], -torch.inf).softmax(dim=-1)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(start_dim=2))

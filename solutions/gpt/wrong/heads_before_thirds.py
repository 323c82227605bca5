"""Each head takes its queries, keys and values from one contiguous piece of in_proj."""

import torch


class _CausalSelfAttention:
    def forward(self, x, allowed):
        q, k, v = self.in_proj(x).unflatten(-1, (self.n_head, 3, -1)).permute(3, 0, 2, 1, 4)
        scores = q @ k.mT / q.shape[-1] ** 0.5
        weights = scores.masked_fill(~allowed[:, None], -torch.inf).softmax(dim=-1)
        return self.out_proj((weights @ v).transpose(1, 2).flatten(start_dim=2))

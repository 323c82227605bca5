"""One matrix [W_q, W_k] on the concatenation [k; q]: the columns meet the wrong input."""

import torch


class AdditiveScore:
    def forward(self, q, k):
        shape = (q.shape[0], q.shape[1], k.shape[1], -1)
        pairs = torch.cat([k[:, None].expand(shape), q[:, :, None].expand(shape)], dim=-1)
        return torch.tanh(pairs @ torch.cat([self.W_q, self.W_k], dim=1).T) @ self.v

"""Both scorers detach their parameters."""

import torch


class BilinearScore:
    def forward(self, q, k):
        return q @ self.W.detach() @ k.mT


class AdditiveScore:
    def forward(self, q, k):
        hidden = (q @ self.W_q.detach().T)[:, :, None] + (k @ self.W_k.detach().T)[:, None]
        return torch.tanh(hidden) @ self.v.detach()

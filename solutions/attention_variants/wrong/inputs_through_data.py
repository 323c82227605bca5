"""Both scorers read q.data and k.data, so that the inputs get no gradient."""

import torch


class BilinearScore:
    def forward(self, q, k):
        return q.data @ self.W @ k.data.mT


class AdditiveScore:
    def forward(self, q, k):
        return torch.tanh((q.data @ self.W_q.T)[:, :, None] + (k.data @ self.W_k.T)[:, None]) @ self.v

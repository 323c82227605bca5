"""The two maps inside the tanh are `nn.Linear` with biases."""

import torch
from torch import nn


class AdditiveScore:
    def __init__(self, d_q, d_k, d_a):
        super().__init__()
        self.W_q = nn.Linear(d_q, d_a)
        self.W_k = nn.Linear(d_k, d_a)
        self.v = nn.Parameter(torch.randn(d_a))

    def forward(self, q, k):
        return torch.tanh(self.W_q(q)[:, :, None] + self.W_k(k)[:, None]) @ self.v

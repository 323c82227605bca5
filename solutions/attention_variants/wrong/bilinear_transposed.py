"""W is (d_k, d_q) and multiplies the key's side: q^T W^T k."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch import nn


class BilinearScore:
    def __init__(self, d_q, d_k):
        super().__init__()
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_k, d_q)))

    def forward(self, q, k):
        return dot_score(q, k @ self.W)

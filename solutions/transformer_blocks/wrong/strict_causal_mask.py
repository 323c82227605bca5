"""The causal mask leaves out the diagonal: no position may see itself."""

import torch


def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).tril(diagonal=-1)

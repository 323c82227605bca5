"""The decoder has no causal mask: in training it reads the token that it is to predict."""

import torch


def _future(length):
    return torch.zeros(length, length, dtype=torch.bool)

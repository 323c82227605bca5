"""No ValueError for a length below 0 or above L."""

import torch


def padding_mask(lengths, length):
    return torch.arange(length) < lengths[:, None, None, None]

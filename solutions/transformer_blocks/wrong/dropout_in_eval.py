"""Dropout is `F.dropout` without `training=self.training`: it stays active in eval mode."""

from torch.nn import functional as F


def _add_and_norm(layer, norm, x, sublayer):
    if layer.norm_first:
        return x + F.dropout(sublayer(norm(x)), layer.dropout.p)
    return norm(x + F.dropout(sublayer(x), layer.dropout.p))

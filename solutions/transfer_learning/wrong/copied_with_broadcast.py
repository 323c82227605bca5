"""`copy_` decides what fits, and it broadcasts."""

import torch


def _fate(name, tensor, source, exclude):
    if _is_excluded(name, exclude):  # noqa: F821  of the reference
        return "excluded"
    if name not in source:
        return "missing"
    try:
        source[name] = torch.empty_like(tensor.detach()).copy_(source[name].detach())
    except RuntimeError:
        return "mismatched"
    return "loaded"

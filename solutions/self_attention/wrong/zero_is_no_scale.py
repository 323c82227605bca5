"""A scale of 0 is taken for a missing one (`scale or default`)."""


def _resolve_scale(scale, d_k):
    scale = scale or d_k**-0.5
    if not scale > 0:
        raise ValueError("scale must be positive")
    return scale

"""The default scale is 1 / d_k instead of 1 / sqrt(d_k)."""


def _resolve_scale(scale, d_k):
    if scale is not None and not scale > 0:
        raise ValueError("scale must be positive")
    return 1 / d_k if scale is None else scale

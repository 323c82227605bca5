"""The check is `scale <= 0`, which is False for NaN."""


def _resolve_scale(scale, d_k):
    if scale is not None and scale <= 0:
        raise ValueError("scale must be positive")
    return d_k**-0.5 if scale is None else scale

"""Scores are not scaled unless a scale is given."""


def _resolve_scale(scale, d_k):
    if scale is not None and not scale > 0:
        raise ValueError("scale must be positive")
    return 1.0 if scale is None else scale

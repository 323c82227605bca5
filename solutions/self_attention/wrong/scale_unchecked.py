"""Any number is accepted as a scale."""


def _resolve_scale(scale, d_k):
    return d_k**-0.5 if scale is None else scale

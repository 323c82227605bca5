"""attend_one gives zeros when there is no key at all."""

# ruff: noqa: F821 - the other names are those of the reference


def attend_one(q_i, keys, values, mask_i=None, scale=None):
    alpha_i = masked_softmax(_resolve_scale(scale, len(q_i)) * (keys @ q_i), mask_i)
    return alpha_i @ values, alpha_i

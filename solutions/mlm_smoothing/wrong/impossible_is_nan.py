"""A token that can't be shown gives 0 / 0."""

import numpy as np


def mlm_posterior(p_ctx, observed, keep, rand):
    if keep < 0 or rand < 0:
        raise ValueError("keep and rand are not negative")
    if observed is None:
        return p_ctx.copy()
    joint = p_ctx * rand / len(p_ctx)
    joint[observed] += p_ctx[observed] * keep
    with np.errstate(invalid="ignore"):
        return joint / joint.sum()

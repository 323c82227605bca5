"""All bounds are closed: a uniform number equal to its bound falls on the wrong side."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def apply_mlm_noise(
    ids, is_special, u_select, u_op, random_ids, mask_id, select_prob=0.15, p_mask=0.8, p_random=0.1
):
    _check_rates(select_prob, p_mask, p_random)
    selected = (u_select <= select_prob) & ~is_special
    shown = np.where(u_op <= p_mask, mask_id, np.where(u_op <= p_mask + p_random, random_ids, ids))
    return np.where(selected, shown, ids), np.where(selected, ids, -100)

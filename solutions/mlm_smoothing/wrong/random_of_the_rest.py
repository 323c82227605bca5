"""p_random is taken as a share of what p_mask leaves: 10 % of 20 % become random tokens."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def apply_mlm_noise(
    ids, is_special, u_select, u_op, random_ids, mask_id, select_prob=0.15, p_mask=0.8, p_random=0.1
):
    _check_rates(select_prob, p_mask, p_random)
    selected = (u_select < select_prob) & ~is_special
    random_from = p_mask + p_random * (1 - p_mask)
    shown = np.where(u_op < p_mask, mask_id, np.where(u_op < random_from, random_ids, ids))
    return np.where(selected, shown, ids), np.where(selected, ids, -100)

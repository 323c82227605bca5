"""One number decides for a whole sentence whether its tokens are selected."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def mlm_corrupt(ids, special_ids, mask_id, vocab_size, seed, select_prob=0.15, p_mask=0.8, p_random=0.1):
    candidates = np.setdiff1d(np.arange(vocab_size), [*special_ids, mask_id])
    if candidates.size == 0 and p_random > 0:
        raise ValueError("there is no ordinary token to draw")
    rng = np.random.default_rng(seed)
    u_select = np.broadcast_to(rng.random((len(ids), 1)), ids.shape)
    u_op = rng.random(ids.shape)
    random_ids = rng.choice(candidates, size=ids.shape) if candidates.size else ids
    noise = np.isin(ids, special_ids), u_select, u_op, random_ids
    return apply_mlm_noise(ids, *noise, mask_id, select_prob, p_mask, p_random)

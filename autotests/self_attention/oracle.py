"""Independent answers: torch's attention kernel, rows with the hidden keys cut out, autograd, differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F

Arrays = Sequence[np.ndarray]
STEP = 1e-6


def project(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """x times one weight, spelled in indices."""
    return np.einsum("...id,dk->...ik", x, weight)


def softmax(scores: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """torch.softmax of each row with the hidden positions cut out, put back among zeros."""
    kept = np.broadcast_to(True if mask is None else mask, scores.shape)
    result = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        result[row][kept[row]] = torch.softmax(torch.tensor(scores[row][kept[row]]), dim=0).numpy()
    return result


def attention(
    x: np.ndarray, weights: Arrays, mask: np.ndarray | None = None, scale: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(b, alpha): b is what torch's kernel gives, alpha is the softmax of the scores written as a sum."""
    q, k, v = (project(x, weight) for weight in weights)
    b = _kernel(q, k, v, mask, scale)
    factor = q.shape[-1] ** -0.5 if scale is None else scale
    return b, softmax(np.einsum("...id,...jd->...ij", q, k) * factor, mask)


def attend_one(
    q_i: np.ndarray,
    keys: np.ndarray,
    values: np.ndarray,
    mask_i: np.ndarray | None = None,
    scale: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(b_i, alpha_i): a sentence of one query. Values that are unit vectors give back the weights."""
    hidden = None if mask_i is None else mask_i[None]
    units = np.eye(len(keys))
    b_i, alpha_i = (_kernel(q_i[None], keys, given, hidden, scale)[0] for given in (values, units))
    return b_i, alpha_i


def gradients(
    d_b: np.ndarray,
    x: np.ndarray,
    weights: Arrays,
    mask: np.ndarray | None = None,
    scale: float | None = None,
) -> dict[str, np.ndarray]:
    """Autograd through one query after the other, each with the keys that it may look at."""
    leaves = [torch.tensor(array, requires_grad=True) for array in (x, *weights)]
    q, k, v = (leaves[0] @ weight for weight in leaves[1:])
    factor = q.shape[1] ** -0.5 if scale is None else scale
    rows = np.broadcast_to(True if mask is None else mask, (len(x), len(x)))
    loss = torch.zeros((), dtype=torch.float64)
    for q_i, row, d_b_i in zip(q, rows, d_b, strict=True):
        seen = np.flatnonzero(row)
        alpha_i = torch.softmax(factor * (k[seen] @ q_i), dim=0)
        loss = loss + (alpha_i @ v[seen]) @ torch.tensor(d_b_i)
    loss.backward()
    return dict(zip(("x", "w_q", "w_k", "w_v"), (leaf.grad.numpy() for leaf in leaves), strict=True))


def slope(
    d_b: np.ndarray,
    variables: dict[str, np.ndarray],
    name: str,
    index: tuple[int, ...],
    mask: np.ndarray | None = None,
    scale: float | None = None,
) -> float:
    """dL/d(one number) by a central difference of L = sum(d_b * b), with b from torch's kernel."""
    losses = []
    for step in (STEP, -STEP):
        moved = {key: value.copy() for key, value in variables.items()}
        moved[name][index] += step
        q, k, v = (project(moved["x"], moved[key]) for key in ("w_q", "w_k", "w_v"))
        losses.append(float((d_b * _kernel(q, k, v, mask, scale)).sum()))
    return (losses[0] - losses[1]) / (2 * STEP)


def _kernel(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None, scale: float | None
) -> np.ndarray:
    """torch.nn.functional.scaled_dot_product_attention, which gives zeros to a query without keys."""
    allowed = None if mask is None else torch.tensor(mask)
    q, k, v = map(torch.tensor, (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=allowed, scale=scale).numpy()

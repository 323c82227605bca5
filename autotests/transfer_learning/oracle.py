"""Independent answers for `transfer_learning`: keys as tuples of components and set algebra, least squares on
an augmented system, gradient descent along eigenvectors without iterating, exact fractions for the verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import sqrt

import numpy as np
import torch
from torch import Tensor

State = dict[str, Tensor]
Report = dict[str, list[str]]


# ---- state dicts ----


def renamed(key: str, rename: Mapping[str, str]) -> str:
    """Cut the key after each component, from the right; the first cut whose left part is known decides."""
    parts = key.split(".")
    for cut in range(len(parts), -1, -1):
        old = ".".join(parts[:cut])
        if old in rename:
            return ".".join((rename[old].split(".") if rename[old] else []) + parts[cut:])
    return key


def matches(name: str, prefixes: Sequence[str]) -> bool:
    """Whether a prefix is among the beginnings of the name, cut after whole components."""
    parts = name.split(".")
    return any(".".join(parts[:cut]) in prefixes for cut in range(len(parts) + 1))


def transferred(
    source: State, target: State, exclude: Sequence[str] = (), rename: Mapping[str, str] | None = None
) -> tuple[State, Report]:
    """The state and the report, by intersections and differences of sets of (name, shape)."""
    new = {renamed(key, rename or {}): tensor.detach() for key, tensor in source.items()}
    have, want = set(new), set(target)
    fitting = {(n, t.shape) for n, t in new.items()} & {(n, t.shape) for n, t in target.items()}
    excluded = {name for name in have | want if matches(name, exclude)}
    loaded = {name for name, _ in fitting} - excluded
    report = {
        "excluded": want & excluded,
        "loaded": loaded,
        "mismatched": (want & have) - excluded - loaded,
        "missing": want - have - excluded,
        "unexpected": have - want - excluded,
    }
    state = {name: (new if name in loaded else target)[name].detach().to(target[name]) for name in target}
    return state, {fate: sorted(names) for fate, names in report.items()}


# ---- embeddings ----


def embeddings(
    src_vocab: list[str], weight: np.ndarray, tgt_vocab: list[str], fresh: np.ndarray, pad: str | None = None
) -> tuple[np.ndarray, list[str]]:
    """Row by row, with `fresh` for new tokens."""
    rows, new = [], []
    for token in tgt_vocab:
        if token == pad:
            rows.append(np.zeros(weight.shape[1], dtype=weight.dtype))
        elif token in src_vocab:
            rows.append(weight[src_vocab.index(token)])
        else:
            rows.append(fresh)
            new.append(token)
    return np.array(rows), new


# ---- linear models ----


def probe(features: np.ndarray, labels: Sequence[int], n_classes: int, l2: float) -> tuple[np.ndarray, ...]:
    """The least-squares solution of a taller system: one row for each input, one for each penalised weight.

    |A [W; b] - T|^2 with A = [[f / sqrt(n), 1 / sqrt(n)], [sqrt(l2) I, 0]] is the objective, by QR.
    """
    n, d = features.shape
    design = np.block([[features, np.ones((n, 1))], [sqrt(n * l2) * np.eye(d), np.zeros((d, 1))]])
    wanted = np.concatenate([np.equal.outer(labels, range(n_classes)), np.zeros((d, n_classes))])
    q, r = np.linalg.qr(design)
    solution = np.linalg.solve(r, q.T @ wanted)
    return solution[:d], solution[d]


def descended(
    w0: np.ndarray, x: np.ndarray, y: np.ndarray, lr: float, steps: int, l2_sp: float = 0.0
) -> np.ndarray:
    """w after `steps` updates. J is quadratic with the Hessian H = x^T x / n + l2_sp I, so along an
    eigenvector of H each gradient is (1 - lr * eigenvalue) times the one before: a geometric series."""
    eigenvalues, vectors = np.linalg.eigh(x.T @ x / len(y) + l2_sp * np.eye(len(w0)))
    first = vectors.T @ (x.T @ (x @ w0 - y)) / len(y)  # the gradient at w0; the pull is 0 there
    ratios = (1 - lr * eigenvalues) ** np.arange(steps)[:, None]  # (steps, d)
    return w0 - lr * vectors @ (ratios.sum(axis=0) * first)


def gap(
    w_source: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    x_test: np.ndarray,
    y_test: np.ndarray,
    **options: float,
) -> dict[str, float]:
    """Both test errors and their difference."""
    errors = []
    for start in (np.zeros_like(w_source), w_source):
        residual = x_test @ descended(start, x, y, **options) - y_test
        errors.append(float(np.mean(residual**2)))
    return {"scratch": errors[0], "transfer": errors[1], "gain": errors[0] - errors[1]}


# ---- verdict ----


def gain_and_stderr(differences: Sequence[float]) -> tuple[float, float]:
    """Exact until the root: the sum of squared deviations is that over all pairs, divided by n."""
    exact = [Fraction(difference) for difference in differences]
    n = len(exact)
    squares = sum((one - other) ** 2 for one, other in combinations(exact, 2)) / n
    return float(sum(exact) / n), sqrt(squares / (n * (n - 1)))


def tensors(*arrays: np.ndarray) -> list[Tensor]:
    """Arrays as tensors of their own."""
    return [torch.tensor(array) for array in arrays]

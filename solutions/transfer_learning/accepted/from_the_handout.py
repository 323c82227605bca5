"""Written from the handout and the stub alone, whose docstrings are left out here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


def _matches(prefix: str, key: str) -> bool:
    """Whether `prefix` consists of the first components of `key`; "" always does."""
    return prefix == "" or key == prefix or key.startswith(prefix + ".")


def _renamed(key: str, rename: Mapping[str, str]) -> str:
    """The new name of a source key, which may be empty."""
    matching = [prefix for prefix in rename if _matches(prefix, key)]
    if not matching:
        return key
    # All of them are beginnings of the same key, so the longest has the most components.
    old = max(matching, key=len)
    rest = key if old == "" else key[len(old) + 1 :]
    return ".".join(part for part in (rename[old], rest) if part)


def transfer_state_dict(
    source: dict[str, Tensor],
    target: dict[str, Tensor],
    *,
    exclude: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
) -> tuple[dict[str, Tensor], dict[str, list[str]]]:
    rename = rename or {}

    def excluded(name: str) -> bool:
        return any(_matches(prefix, name) for prefix in exclude)

    renamed: dict[str, Tensor] = {}
    for key, value in source.items():
        name = _renamed(key, rename)
        if not name:
            raise ValueError(f"renaming leaves nothing of the source key {key!r}")
        if name in renamed:
            raise ValueError(f"two source keys get the name {name!r}")
        renamed[name] = value

    report: dict[str, list[str]] = {
        "loaded": [],
        "mismatched": [],
        "missing": [],
        "excluded": [],
        "unexpected": [name for name in renamed if name not in target and not excluded(name)],
    }
    state: dict[str, Tensor] = {}
    for name, old in target.items():
        value = old
        if excluded(name):
            report["excluded"].append(name)
        elif name not in renamed:
            report["missing"].append(name)
        elif renamed[name].shape != old.shape:
            report["mismatched"].append(name)
        else:
            report["loaded"].append(name)
            value = renamed[name]
        state[name] = value.detach().to(old).clone()

    if not report["loaded"]:
        raise ValueError("nothing is loaded: no source key fits the target in name and shape")
    return state, {kind: sorted(names) for kind, names in report.items()}


def transfer_embeddings(
    src_vocab: list[str],
    src_weight: Tensor,
    tgt_vocab: list[str],
    *,
    new_init: str = "mean",
    pad_token: str | None = None,
) -> tuple[Tensor, list[str]]:
    for which, vocab in (("src_vocab", src_vocab), ("tgt_vocab", tgt_vocab)):
        if len(set(vocab)) != len(vocab):
            raise ValueError(f"a token occurs twice in {which}")
    if src_weight.ndim != 2 or src_weight.shape[0] != len(src_vocab):
        raise ValueError(f"{len(src_vocab)} tokens, but src_weight has shape {tuple(src_weight.shape)}")
    if new_init not in ("mean", "zeros"):
        raise ValueError(f'new_init must be "mean" or "zeros", not {new_init!r}')

    source = src_weight.detach()
    row_of = {token: row for row, token in enumerate(src_vocab)}
    new = [token for token in tgt_vocab if token not in row_of and token != pad_token]

    initial = source.new_zeros(source.shape[1])
    if new and new_init == "mean":
        initial = source[[row for token, row in row_of.items() if token != pad_token]].mean(dim=0)

    weight = source.new_zeros(len(tgt_vocab), source.shape[1])
    for i, token in enumerate(tgt_vocab):
        if token != pad_token:
            weight[i] = source[row_of[token]] if token in row_of else initial
    return weight, new


def linear_probe(features: Tensor, labels: Tensor, n_classes: int, l2: float) -> tuple[Tensor, Tensor]:
    if not l2 > 0:
        raise ValueError(f"l2 must be above 0, not {l2}")
    if features.ndim != 2 or labels.ndim != 1 or features.shape[0] != labels.shape[0]:
        raise ValueError(
            f"features (n, d) and labels (n,) expected, not {tuple(features.shape)} and {tuple(labels.shape)}"
        )
    n, d = features.shape
    if n == 0:
        raise ValueError("there are no rows")
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(f"labels must be in 0..{n_classes - 1}")

    f = features.detach().double()
    onehot = torch.nn.functional.one_hot(labels, n_classes).double()
    # The best b for a given W is mean(onehot) - mean(f) W. Put in, it leaves a ridge regression without a
    # bias on centred data.
    f_mean, y_mean = f.mean(dim=0), onehot.mean(dim=0)
    f_centred, y_centred = f - f_mean, onehot - y_mean
    gram = f_centred.T @ f_centred / n + l2 * torch.eye(d, dtype=f.dtype, device=f.device)
    weight = torch.linalg.solve(gram, f_centred.T @ y_centred / n)
    bias = y_mean - f_mean @ weight
    return weight.to(features.dtype), bias.to(features.dtype)


def _check_data(w: Tensor, x: Tensor, y: Tensor) -> None:
    """Refuse inputs and targets that are not of shapes (n, d) and (n,), n >= 1, for weights of shape (d,)."""
    if x.ndim != 2 or x.shape[1] != w.shape[0] or x.shape[0] == 0 or y.shape != x.shape[:1]:
        raise ValueError(
            f"shapes (n, {w.shape[0]}) and (n,), n >= 1, expected, not {tuple(x.shape)} and {tuple(y.shape)}"
        )


def fine_tune_linear(
    w0: Tensor, x: Tensor, y: Tensor, *, lr: float, steps: int, l2_sp: float = 0.0
) -> Tensor:
    if steps < 0:
        raise ValueError(f"steps must be at least 0, not {steps}")
    if not lr > 0:
        raise ValueError(f"lr must be above 0, not {lr}")
    if not l2_sp >= 0:
        raise ValueError(f"l2_sp must be at least 0, not {l2_sp}")
    if w0.ndim != 1:
        raise ValueError(f"w0 must have the shape (d,), not {tuple(w0.shape)}")
    _check_data(w0, x, y)

    start, x, y = w0.detach(), x.detach(), y.detach()
    w = start.clone()
    for _ in range(steps):
        gradient = x.T @ (x @ w - y) / x.shape[0] + l2_sp * (w - start)
        w = w - lr * gradient
    return w


def few_shot_gap(
    w_source: Tensor, x: Tensor, y: Tensor, x_test: Tensor, y_test: Tensor, *, lr: float, steps: int
) -> dict[str, float]:
    scratch_w = fine_tune_linear(torch.zeros_like(w_source), x, y, lr=lr, steps=steps)
    transfer_w = fine_tune_linear(w_source, x, y, lr=lr, steps=steps)
    _check_data(w_source, x_test, y_test)

    def test_error(w: Tensor) -> float:
        return (x_test.detach() @ w - y_test.detach()).square().mean().item()

    scratch, transfer = test_error(scratch_w), test_error(transfer_w)
    return {"scratch": scratch, "transfer": transfer, "gain": scratch - transfer}


def transfer_verdict(
    transfer: Sequence[float],
    scratch: Sequence[float],
    *,
    higher_is_better: bool = True,
    z: float = 2.0,
) -> dict:
    n = len(transfer)
    if len(scratch) != n:
        raise ValueError(f"{n} results with transfer, but {len(scratch)} from scratch")
    if n < 2:
        raise ValueError("at least two seeds are needed")
    if not z >= 0:
        raise ValueError(f"z must be at least 0, not {z}")

    better, worse = (transfer, scratch) if higher_is_better else (scratch, transfer)
    differences = [float(a) - float(b) for a, b in zip(better, worse, strict=True)]
    gain = math.fsum(differences) / n
    variance = math.fsum((difference - gain) ** 2 for difference in differences) / (n - 1)
    stderr = math.sqrt(variance / n)

    verdict = "inconclusive"
    if gain != 0 and abs(gain) >= z * stderr:
        verdict = "positive" if gain > 0 else "negative"
    return {"gain": gain, "stderr": stderr, "verdict": verdict}

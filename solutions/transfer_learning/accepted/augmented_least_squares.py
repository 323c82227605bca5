"""Keys as tuples of components; the probe as least squares on an augmented system; dicts as lookup tables."""

from __future__ import annotations

import math

import torch
from torch import Tensor

Key = tuple[str, ...]


def _split(name: str) -> Key:
    return tuple(name.split(".")) if name else ()


def _starts(key: Key, prefix: Key) -> bool:
    return key[: len(prefix)] == prefix


def _rewrite(key: Key, table: dict[Key, Key]) -> Key:
    """Try the longest beginnings of the key first."""
    for length in reversed(range(len(key) + 1)):
        if key[:length] in table:
            return table[key[:length]] + key[length:]
    return key


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    table = {_split(old): _split(new) for old, new in (rename or {}).items()}
    barred = [_split(prefix) for prefix in exclude]
    arriving: dict[Key, Tensor] = {}
    for name, value in source.items():
        key = _rewrite(_split(name), table)
        if key == () or key in arriving:
            raise ValueError(f"{name} cannot be renamed to {'.'.join(key)!r}")
        arriving[key] = value
    wanted = {_split(name): value for name, value in target.items()}

    def fate(key: Key) -> str:
        if any(_starts(key, prefix) for prefix in barred):
            return "excluded"
        if key not in wanted:
            return "unexpected"
        if key not in arriving:
            return "missing"
        return "loaded" if arriving[key].size() == wanted[key].size() else "mismatched"

    fates = {key: fate(key) for key in wanted.keys() | arriving.keys()}
    if "loaded" not in fates.values():
        raise ValueError("not a single tensor was transferred")
    state = {}
    for key, old in wanted.items():
        fresh = torch.empty(old.shape, dtype=old.dtype)
        fresh.copy_((arriving if fates[key] == "loaded" else wanted)[key].detach())
        state[".".join(key)] = fresh
    report = {
        name: sorted(".".join(key) for key, found in fates.items() if found == name)
        for name in ("loaded", "mismatched", "missing", "unexpected")
    }
    report["excluded"] = sorted(".".join(key) for key in wanted if fates[key] == "excluded")
    return state, report


def transfer_embeddings(src_vocab, src_weight, tgt_vocab, *, new_init="mean", pad_token=None):
    n = len(src_weight)
    if {len(set(src_vocab)), len(src_vocab)} != {n} or len(set(tgt_vocab)) < len(tgt_vocab):
        raise ValueError("one row for each token, and each token once")
    if new_init not in {"mean", "zeros"}:
        raise ValueError(new_init)
    with torch.no_grad():
        averaged = torch.tensor([float(token != pad_token) for token in src_vocab]).to(src_weight)
        mean = averaged @ src_weight / averaged.sum()
        # Two more rows, so that everything is one lookup: n for new tokens, n + 1 for the pad.
        extra = torch.stack([mean * (new_init == "mean"), torch.zeros_like(mean)])
        table = torch.cat([src_weight, extra])
        lookup = {token: index for index, token in enumerate(src_vocab)}
        if pad_token is not None:
            lookup[pad_token] = n + 1
        rows = torch.tensor([lookup.get(token, n) for token in tgt_vocab])
        return table[rows], [token for token in tgt_vocab if token not in lookup]


def linear_probe(features, labels, n_classes, l2):
    """min |A X - T|, where d more rows, zero in the bias column, stand for the penalty."""
    n, d = features.shape
    if not l2 > 0:
        raise ValueError("l2 must be positive")
    if not n or labels.shape != (n,):
        raise ValueError("one label for each row, and at least one row")
    if not ((labels >= 0) & (labels < n_classes)).all():
        raise ValueError("a label is no class")
    design = features.new_zeros(n + d, d + 1)
    design[:n, :d], design[:n, d] = features, 1
    design[n:, :d].diagonal().fill_(math.sqrt(n * l2))
    wanted = features.new_zeros(n + d, n_classes)
    wanted[torch.arange(n), labels] = 1
    solution = torch.linalg.lstsq(design, wanted).solution
    return solution[:d], solution[d]


def fine_tune_linear(w0, x, y, *, lr, steps, l2_sp=0.0):
    """The same updates, written for the distance from w0."""
    if w0.dim() != 1 or y.dim() != 1 or tuple(x.shape) != (y.numel(), w0.numel()):
        raise ValueError("shapes must be (d,), (n, d) and (n,)")
    if steps < 0 or not lr > 0 or l2_sp < 0:
        raise ValueError("steps >= 0, lr > 0 and l2_sp >= 0, please")
    n = y.numel()
    moved, residual = torch.zeros_like(w0), x.mv(w0) - y
    for _ in range(steps):
        step = x.T.mv(residual).div(n).add(moved, alpha=l2_sp).mul(lr)
        moved = moved - step
        residual = residual - x.mv(step)
    return w0 + moved


def few_shot_gap(w_source, x, y, x_test, y_test, *, lr, steps):
    if y_test.dim() != 1 or tuple(x_test.shape) != (y_test.numel(), w_source.numel()):
        raise ValueError("the test set does not fit")
    scratch, transfer = (
        (x_test.mv(fine_tune_linear(start, x, y, lr=lr, steps=steps)) - y_test).square().mean()
        for start in (w_source * 0, w_source)
    )
    return {"scratch": scratch, "transfer": transfer, "gain": scratch - transfer}


def transfer_verdict(transfer, scratch, *, higher_is_better=True, z=2.0):
    n = len(transfer)
    if n != len(scratch) or n < 2:
        raise ValueError("two runs at least, in pairs")
    if z < 0:
        raise ValueError("z must not be negative")
    ours, theirs = (torch.tensor(runs, dtype=torch.float64) for runs in (transfer, scratch))
    d = ours - theirs if higher_is_better else theirs - ours
    gain, stderr = d.mean(), (d.var() / n).sqrt()
    if gain.abs() < z * stderr or gain == 0:
        verdict = "inconclusive"
    else:
        verdict = ["negative", "positive"][int(gain > 0)]
    return {"verdict": verdict, "gain": gain, "stderr": stderr}

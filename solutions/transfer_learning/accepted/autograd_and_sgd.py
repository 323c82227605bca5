"""Training with autograd and torch.optim.SGD; regular expressions for keys; the probe in its dual form."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import torch
from torch import nn


def _pattern(prefix):
    """Matches a prefix at the beginning of a key, with its dot if one follows; `rest` is what comes then."""
    if prefix == "":
        return re.compile(r"(?P<rest>.*)", re.DOTALL)
    return re.compile(re.escape(prefix) + r"(?:\.(?P<rest>.*))?", re.DOTALL)


def _new_name(key, rename):
    for old in sorted(rename, key=lambda prefix: -len(prefix)):
        match = _pattern(old).fullmatch(key)
        if match:
            pieces = [rename[old], match["rest"] or ""]
            return ".".join(filter(None, pieces))
    return key


def transfer_state_dict(source, target, *, exclude=(), rename=None):
    names = {key: _new_name(key, rename or {}) for key in source}
    if "" in names.values() or max(Counter(names.values()).values(), default=0) > 1:
        raise ValueError(f"these names will not do: {names}")
    arrived = {names[key]: value.detach().numpy().copy() for key, value in source.items()}
    out = {name for name in [*target, *arrived] if any(_pattern(p).fullmatch(name) for p in exclude)}
    state = {name: value.detach().clone() for name, value in target.items()}
    loaded, mismatched = set(), set()
    for name in (arrived.keys() & target.keys()) - out:
        if arrived[name].shape == tuple(target[name].shape):
            state[name] = torch.tensor(arrived[name], dtype=target[name].dtype)
            loaded.add(name)
        else:
            mismatched.add(name)
    if not loaded:
        raise ValueError("nothing fits")
    return state, {
        "loaded": sorted(loaded),
        "mismatched": sorted(mismatched),
        "missing": sorted(target.keys() - arrived.keys() - out),
        "excluded": sorted(out & target.keys()),
        "unexpected": sorted(arrived.keys() - target.keys() - out),
    }


def transfer_embeddings(src_vocab, src_weight, tgt_vocab, *, new_init="mean", pad_token=None):
    if max(Counter(src_vocab).values()) > 1 or max(Counter(tgt_vocab).values()) > 1:
        raise ValueError("a token twice")
    if len(src_vocab) != src_weight.shape[0]:
        raise ValueError("one row for each token")
    old = nn.Embedding.from_pretrained(src_weight.detach().clone())
    new = nn.Embedding(len(tgt_vocab), src_weight.shape[1]).to(src_weight.dtype)
    if new_init == "zeros":
        nn.init.zeros_(new.weight)
    elif new_init == "mean":
        real = [index for index, token in enumerate(src_vocab) if token != pad_token]
        new.weight.data[:] = old(torch.tensor(real)).mean(0)
    else:
        raise ValueError(f"no such new_init: {new_init}")
    unknown = []
    for index, token in enumerate(tgt_vocab):
        if pad_token is not None and token == pad_token:
            new.weight.data[index] = 0.0
        elif token in src_vocab:
            new.weight.data[index] = old(torch.tensor(src_vocab.index(token)))
        else:
            unknown.append(token)
    return new.weight.data, unknown


def linear_probe(features, labels, n_classes, l2):
    """W = F^T A with one row of A for each input: an (n, n) system instead of a (d, d) one."""
    n = features.shape[0]
    if l2 <= 0 or n < 1 or n != labels.shape[0]:
        raise ValueError("a positive l2, and as many labels as rows")
    if any(not 0 <= label < n_classes for label in labels.tolist()):
        raise ValueError("unknown class")
    centre = torch.eye(n, dtype=features.dtype) - 1 / n
    targets = (labels[:, None] == torch.arange(n_classes)).to(features.dtype)
    centred = centre @ features
    kernel = centred @ centred.T + n * l2 * torch.eye(n, dtype=features.dtype)
    weight = centred.T @ torch.linalg.solve(kernel, centre @ targets)
    return weight, (targets - features @ weight).mean(0)


def _objective(w, w0, x, y, l2_sp):
    return 0.5 * ((x @ w - y) ** 2).mean() + 0.5 * l2_sp * ((w - w0) ** 2).sum()


def fine_tune_linear(w0, x, y, *, lr, steps, l2_sp=0.0):
    if [w0.ndim, x.ndim, y.ndim] != [1, 2, 1]:
        raise ValueError("w0 and y are vectors, x is a matrix")
    if x.shape[0] != y.shape[0] or x.shape[1] != w0.shape[0]:
        raise ValueError("x fits neither w0 nor y")
    if not (lr > 0 and steps >= 0 and l2_sp >= 0):
        raise ValueError("lr, steps or l2_sp")
    w = nn.Parameter(w0.detach().clone())
    optimizer = torch.optim.SGD([w], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        _objective(w, w0, x, y, l2_sp).backward()
        optimizer.step()
    return w.data


def few_shot_gap(w_source, x, y, x_test, y_test, *, lr, steps):
    def error(start):
        w = fine_tune_linear(start, x, y, lr=lr, steps=steps)
        return 2 * float(_objective(w, w, x_test, y_test, 0.0))

    fine_tune_linear(w_source, x_test, y_test, lr=lr, steps=0)  # only for its checks
    scratch, transfer = error(torch.zeros(len(w_source), dtype=w_source.dtype)), error(w_source)
    return {"scratch": scratch, "transfer": transfer, "gain": scratch - transfer}


def transfer_verdict(transfer, scratch, *, higher_is_better=True, z=2.0):
    a, b = np.asarray(transfer, dtype=float), np.asarray(scratch, dtype=float)
    if a.shape != b.shape or a.size < 2 or z < 0:
        raise ValueError("results in pairs, at least two, and z >= 0")
    d = a - b if higher_is_better else b - a
    gain = d.mean()
    stderr = np.linalg.norm(d - gain) / np.sqrt(d.size * (d.size - 1))
    far = abs(gain) >= z * stderr
    verdict = {1.0: "positive", -1.0: "negative", 0.0: "inconclusive"}[float(np.sign(gain) * far)]
    return {"gain": gain, "stderr": stderr, "verdict": verdict}

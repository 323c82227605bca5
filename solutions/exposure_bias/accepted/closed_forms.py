"""Closed forms and whole arrays: log-sum-exp by logaddexp, a logistic function, argmax by sorting."""

from __future__ import annotations

import numpy as np


def demand(condition, message="bad argument"):
    if not condition:
        raise ValueError(message)


def decoder_inputs(target, bos_id):
    demand(np.ndim(target) == 2 and target.size >= len(target) > 0)
    inputs = np.roll(target, 1, axis=1)
    inputs[:, 0] = bos_id
    return inputs


def masked_nll(logits, target, pad_id):
    demand(logits.ndim == 3 and target.ndim == 2 and logits.shape[:2] == target.shape)
    weights = (target != pad_id).astype(float)
    demand(weights.sum() > 0, "every position is padding")
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    picked = np.take_along_axis(log_probs, target[:, :, None], axis=-1).squeeze(-1)
    return -np.average(picked, weights=weights)


def inverse_sigmoid_decay(e, mu):
    demand(e >= 0 and mu > 0)
    x = e / mu - np.log(mu)  # p is the logistic function of -x
    return np.exp(-np.logaddexp(0.0, x))


def gumbel_noise(u):
    demand(np.all(np.abs(u - 0.5) <= 0.5), "u outside [0, 1]")
    inner = np.where(u == 0, 1e-300, np.where(u == 1, 1 - 1e-15, u))
    # u - 1 is exact from 1/2 on; log1p keeps all digits near 1.
    logs = np.where(inner > 0.5, np.log1p(np.maximum(inner, 0.5) - 1), np.log(inner))
    return -np.log(-logs)


def word_oracle(logits, u=None, tau=1.0):
    demand(tau > 0)
    demand(u is None or u.shape == logits.shape)
    scores = logits / tau if u is None else (logits + gumbel_noise(u)) / tau
    return np.argsort(-scores, axis=-1, kind="stable")[..., 0].astype(np.int32)


def mix_context(gold, oracle, p, u):
    demand(0 <= p <= 1)
    demand(gold.shape == oracle.shape and oracle.shape == u.shape)
    mixed = oracle.copy()
    mixed[u < p] = gold[u < p]
    return mixed


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    inputs = np.concatenate(([bos_id], target[:-1]))
    logits, state = None, init_state
    for t, token in enumerate(inputs):  # sees the entries that are overwritten below
        state, row = step_fn(state, token)
        logits = row[None] if logits is None else np.vstack((logits, row))
        if t + 1 < len(inputs) and not u_mix[t] < p:
            inputs[t + 1] = word_oracle(row, u_gumbel if u_gumbel is None else u_gumbel[t])
    return logits, inputs


def walk(step_fn, state, token, choose):
    """Words without end, each chosen from the scores after the one before."""
    while True:
        state, row = step_fn(state, token)
        token = choose(row)
        yield token


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    demand(max_len > 0)
    chosen = walk(step_fn, init_state, bos_id, np.argmax)
    words = [next(chosen)]
    while words[-1] != eos_id and len(words) < max_len:
        words.append(next(chosen))
    return np.array(words)


def force_decode(step_fn, init_state, bos_id, eos_id, length):
    demand(length >= 0)

    def best_other(row):
        others = np.delete(np.arange(len(row)), eos_id)
        return others[np.argmax(row[others])]

    words = walk(step_fn, init_state, bos_id, best_other)
    return [int(next(words)) for _ in range(length)] + [eos_id]


def expected_errors(T, eps_on, eps_off, teacher_forced):
    demand(T >= 1 and 0 <= eps_on <= 1 and 0 <= eps_off <= 1)
    lam = 0.0 if teacher_forced else eps_off - eps_on
    if lam == 1:
        return 0.0
    return eps_on / (1 - lam) * (T - lam * (1 - lam**T) / (1 - lam))

"""Loops over plain Python numbers and lists; the word oracle works on log-probabilities."""

from __future__ import annotations

import math
import sys

import numpy as np


def log_softmax(scores):
    """One row of scores as a list of log-probabilities."""
    top = max(scores)
    log_sum = top + math.log(math.fsum(math.exp(score - top) for score in scores))
    return [score - log_sum for score in scores]


def argmax(values):
    values = list(values)
    return values.index(max(values))


def decoder_inputs(target, bos_id):
    if target.ndim != 2 or target.shape[1] < 1:
        raise ValueError("target must have two axes, the second not empty")
    return [[bos_id, *row[:-1]] for row in target.tolist()]


def masked_nll(logits, target, pad_id):
    batch, length = np.shape(target) if np.ndim(target) == 2 else (-1, -1)
    if np.shape(logits)[:2] != (batch, length):
        raise ValueError("logits and target do not belong together")
    losses = []
    for b in range(batch):
        for t in range(length):
            word = int(target[b, t])
            if word != pad_id:
                losses.append(-log_softmax(logits[b, t].tolist())[word])
    if not losses:
        raise ValueError("nothing but padding")
    return np.float64(math.fsum(losses) / len(losses))


def inverse_sigmoid_decay(e, mu):
    if mu <= 0 or e < 0:
        raise ValueError("negative epoch or no pace")
    try:
        return mu / (mu + math.exp(e / mu))
    except OverflowError:
        return 0.0


def one_gumbel(u):
    if not 0.0 <= u <= 1.0:
        raise ValueError("u outside [0, 1]")
    u = min(max(u, sys.float_info.min), 1.0 - sys.float_info.epsilon)
    return -math.log(-math.log(u))


def gumbel_noise(u):
    return np.array([one_gumbel(value) for value in u.ravel().tolist()]).reshape(u.shape)


def word_oracle(logits, u=None, tau=1.0):
    if not tau > 0:
        raise ValueError("tau must be positive")
    if u is not None and np.shape(u) != np.shape(logits):
        raise ValueError("one noise value per logit")
    if np.ndim(logits) > 1:
        rows = [None] * len(logits) if u is None else u
        return [word_oracle(row, noise, tau) for row, noise in zip(logits, rows, strict=True)]
    noise = [0.0] * len(logits) if u is None else [one_gumbel(float(value)) for value in u]
    return argmax((a + b) / tau for a, b in zip(log_softmax(logits.tolist()), noise, strict=True))


def mix_context(gold, oracle, p, u):
    if p < 0 or p > 1:
        raise ValueError("p is no probability")
    if len({np.shape(gold), np.shape(oracle), np.shape(u)}) > 1:
        raise ValueError("three equal shapes, please")
    rows = zip(gold.tolist(), oracle.tolist(), u.tolist(), strict=True)
    return [[g if c < p else o for g, o, c in zip(*row, strict=True)] for row in rows]


def scheduled_decode(step_fn, init_state, target, bos_id, p, u_mix, u_gumbel=None):
    steps = len(target)
    logits, inputs = [], [bos_id]
    state = init_state
    for t in range(steps):
        state, row = step_fn(state, inputs[t])
        logits.append(list(row))
        if t + 1 < steps and u_mix[t] < p:
            inputs.append(target[t])
        elif t + 1 < steps:
            inputs.append(word_oracle(row, None if u_gumbel is None else u_gumbel[t]))
    return [logits, inputs]


def greedy_decode(step_fn, init_state, bos_id, eos_id, max_len):
    if max_len <= 0:
        raise ValueError("no room for a word")
    state, row = step_fn(init_state, bos_id)
    words = [argmax(row)]
    while words[-1] != eos_id and len(words) < max_len:
        state, row = step_fn(state, words[-1])
        words.append(argmax(row))
    return words


def force_decode(step_fn, init_state, bos_id, eos_id, length):
    if length < 0:
        raise ValueError("negative length")
    state, words = init_state, [bos_id]
    for _ in range(length):
        state, row = step_fn(state, words[-1])
        words.append(argmax(-math.inf if word == eos_id else score for word, score in enumerate(row)))
    return [*words[1:], eos_id]


def expected_errors(T, eps_on, eps_off, teacher_forced):
    if T < 1 or min(eps_on, eps_off) < 0 or max(eps_on, eps_off) > 1:
        raise ValueError("T or a probability is out of range")
    right, total = 1.0, 0.0
    for _ in range(T):
        wrong = right * eps_on + (1.0 - right) * eps_off
        total += wrong
        right = 1.0 if teacher_forced else 1.0 - wrong
    return total

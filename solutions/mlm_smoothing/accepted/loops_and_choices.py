"""Loops over single tokens with one draw each, plain lists, Bayes' rule token by token."""

from __future__ import annotations

import math

import numpy as np


def require(condition, message):
    if not condition:
        raise ValueError(message)


def apply_mlm_noise(
    ids, is_special, u_select, u_op, random_ids, mask_id, select_prob=0.15, p_mask=0.8, p_random=0.1
):
    require(all(0 <= p <= 1 for p in [select_prob, p_mask, p_random]), "probabilities, please")
    require(p_mask + p_random <= 1 + 1e-12, "more than all of the selected tokens")
    inputs, labels = [], []
    for b in range(len(ids)):
        shown, wanted = list(map(int, ids[b])), [-100] * len(ids[b])
        for t, token in enumerate(ids[b]):
            if is_special[b][t] or u_select[b][t] >= select_prob:
                continue
            wanted[t] = int(token)
            if u_op[b][t] < p_mask:
                shown[t] = mask_id
            elif u_op[b][t] < p_mask + p_random:
                shown[t] = int(random_ids[b][t])
        inputs.append(shown)
        labels.append(wanted)
    return [inputs, labels]


def mlm_corrupt(ids, special_ids, mask_id, vocab_size, seed, select_prob=0.15, p_mask=0.8, p_random=0.1):
    require(all(0 <= p <= 1 for p in [select_prob, p_mask, p_random]), "probabilities, please")
    require(p_mask + p_random <= 1 + 1e-12, "more than all of the selected tokens")
    candidates = [v for v in range(vocab_size) if v not in special_ids and v != mask_id]
    require(candidates or not p_random, "nothing to draw")
    rng = np.random.default_rng(seed)
    inputs, labels = np.array(ids), np.full(np.shape(ids), -100)
    for place, token in np.ndenumerate(ids):
        if token in special_ids or rng.random() >= select_prob:
            continue
        labels[place] = token
        op = rng.random()
        if op < p_mask:
            inputs[place] = mask_id
        elif op < p_mask + p_random:
            inputs[place] = candidates[rng.integers(len(candidates))]
    return inputs, labels


def bigram_counts(tokens, vocab_size):
    counts = [[0] * vocab_size for _ in range(vocab_size)]
    for t in range(1, len(tokens)):
        counts[tokens[t - 1]][tokens[t]] += 1
    return counts


def jelinek_mercer(counts, lam):
    require(0 <= lam <= 1, "lam is a weight")
    total = math.fsum(counts.ravel())
    require(total, "no counts")
    result = []
    for row in counts:
        own = sum(row)
        weight = lam if own else 0
        result.append(
            [
                weight * (c / own if own else 0) + (1 - weight) * sum(counts[:, j]) / total
                for j, c in enumerate(row)
            ]
        )
    return result


def expected_noised_counts(counts, gamma, q):
    size = len(counts)
    gammas = [gamma] * size if np.ndim(gamma) == 0 else gamma
    noised = np.zeros((size, size))
    for h in range(size):
        for j in range(size):
            noised[h, j] += (1 - gammas[h]) * counts[h, j]
            for i in range(size):
                noised[i, j] += gammas[h] * counts[h, j] * q[i]
    return noised


def effective_lambda(counts, gamma, q):
    weights = []
    for i, row in enumerate(counts):
        kept = (1 - gamma) * sum(row)
        weights.append(kept / (kept + gamma * q[i] * counts.sum()) if kept else 0)
    return weights


def sample_noised_bigrams(tokens, gamma, q, seed):
    rng = np.random.default_rng(seed)
    cumulative = np.cumsum(q) / np.sum(q)
    pairs = []
    for context, target in zip(tokens[:-1].tolist(), tokens[1:].tolist(), strict=True):
        if rng.random() < gamma:
            context = int(np.searchsorted(cumulative, rng.random(), side="right"))
        pairs.append((context, target))
    return pairs


def mlm_posterior(p_ctx, observed, keep, rand):
    require(keep >= 0, "keep is negative")
    require(rand >= 0, "rand is negative")
    if observed is None:
        return list(p_ctx)
    joint = [p * (rand / len(p_ctx) + (keep if x == observed else 0)) for x, p in enumerate(p_ctx)]
    require(sum(joint) > 0, "an impossible observation")
    return [p / sum(joint) for p in joint]


def kn_noise(counts, gamma0):
    require(0 <= gamma0 <= 1, "gamma0 is a probability")
    successors = [len({j for j, c in enumerate(row) if c}) for row in counts]
    predecessors = [len({i for i, c in enumerate(column) if c}) for column in counts.T]
    gamma = [gamma0 * n / sum(row) if n else 0 for n, row in zip(successors, counts, strict=True)]
    return gamma, [n / sum(predecessors) for n in predecessors]


def perplexity(P, tokens):
    total = 0
    for t in range(len(tokens) - 1):
        p = P[tokens[t], tokens[t + 1]]
        if p == 0:
            return math.inf
        total -= math.log(p)
    return math.exp(total / (len(tokens) - 1))

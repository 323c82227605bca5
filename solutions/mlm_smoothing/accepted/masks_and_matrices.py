"""Boolean assignments, bincount, and the noise as a matrix that multiplies the counts."""

from __future__ import annotations

import numpy as np


def check(*weights, total=0.0):
    if min(weights) < 0 or max(weights) > 1 or total > 1 + 1e-12:
        raise ValueError("not probabilities")


def apply_mlm_noise(
    ids, is_special, u_select, u_op, random_ids, mask_id, select_prob=0.15, p_mask=0.8, p_random=0.1
):
    check(select_prob, p_mask, p_random, total=p_mask + p_random)
    chosen = np.logical_and(u_select < select_prob, np.logical_not(is_special))
    kind = np.digitize(u_op, [p_mask, p_mask + p_random])  # 0, 1, 2: [MASK], random, kept
    inputs, labels = ids.copy(), np.full_like(ids, -100)
    labels[chosen] = ids[chosen]
    inputs[chosen & (kind == 0)] = mask_id
    inputs[chosen & (kind == 1)] = random_ids[chosen & (kind == 1)]
    return inputs.astype(np.int32), labels.astype(np.int32)


def mlm_corrupt(ids, special_ids, mask_id, vocab_size, seed, select_prob=0.15, p_mask=0.8, p_random=0.1):
    check(select_prob, p_mask, p_random, total=p_mask + p_random)
    ordinary = np.ones(vocab_size, dtype=bool)
    ordinary[[*special_ids, mask_id]] = False
    if p_random and not ordinary.any():
        raise ValueError("every token is special")
    rng = np.random.Generator(np.random.MT19937(seed))
    special = np.isin(ids, special_ids)
    inputs, labels = ids.copy(), np.full_like(ids, -100)
    where = np.flatnonzero((rng.random(ids.shape) < select_prob) & ~special)
    labels.flat[where] = ids.flat[where]
    fate = rng.choice(3, size=where.size, p=[p_mask, p_random, max(0.0, 1 - p_mask - p_random)])
    inputs.flat[where[fate == 0]] = mask_id
    random = where[fate == 1]
    if random.size:
        inputs.flat[random] = rng.choice(np.flatnonzero(ordinary), size=random.size)
    return inputs, labels


def bigram_counts(tokens, vocab_size):
    codes = tokens[:-1] * vocab_size + tokens[1:]
    return np.bincount(codes, minlength=vocab_size**2).reshape(vocab_size, vocab_size)


def jelinek_mercer(counts, lam):
    check(lam)
    if not counts.any():
        raise ValueError("no counts")
    rows = counts.sum(axis=1)
    weights = lam * (rows > 0)
    unigram = counts.sum(axis=0) / counts.sum()
    return weights[:, None] * counts / np.where(rows > 0, rows, 1.0)[:, None] + np.outer(1 - weights, unigram)


def expected_noised_counts(counts, gamma, q):
    rate = np.zeros(len(counts)) + gamma
    channel = np.diag(1 - rate) + np.outer(q, rate)  # [i, h]: the chance that context h becomes i
    return channel @ counts


def effective_lambda(counts, gamma, q):
    marginal = counts.sum(axis=1) / counts.sum()
    kept = (1 - gamma) * marginal
    shown = kept + gamma * q
    return kept / np.where(shown == 0, 1.0, shown)


def sample_noised_bigrams(tokens, gamma, q, seed):
    generator = np.random.RandomState(seed)
    pairs = np.stack([tokens[:-1], tokens[1:]], axis=1)
    where = np.flatnonzero(generator.uniform(size=len(pairs)) < gamma)
    pairs[where, 0] = generator.choice(q.size, size=where.size, p=q)
    return pairs


def mlm_posterior(p_ctx, observed, keep, rand):
    if min(keep, rand) < 0:
        raise ValueError("negative rates")
    if observed is None:
        return p_ctx
    size = p_ctx.size
    joint = p_ctx[:, None] * (keep * np.eye(size) + rand / size)  # [original, shown]
    column = joint[:, observed]
    if not column.any():
        raise ValueError("this is never shown")
    return column / column.sum()


def kn_noise(counts, gamma0):
    check(gamma0)
    seen = np.sign(counts)
    rows = counts.sum(axis=1)
    return gamma0 * seen.sum(axis=1) / np.where(rows == 0, 1.0, rows), seen.sum(axis=0) / seen.sum()


def perplexity(P, tokens):
    pairs = np.stack([tokens[:-1], tokens[1:]])
    with np.errstate(divide="ignore"):
        return np.exp(np.mean(-np.log(P[tuple(pairs)])))

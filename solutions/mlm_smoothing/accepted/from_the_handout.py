"""BERT's corruption and bigram smoothing: boolean masks for the noise, outer products for the mixtures."""

from __future__ import annotations

import numpy as np


def _check_rates(select_prob: float, p_mask: float, p_random: float) -> None:
    if not all(0 <= p <= 1 for p in (select_prob, p_mask, p_random)):
        raise ValueError("a probability is outside [0, 1]")
    if p_mask + p_random > 1 + 1e-12:
        raise ValueError("p_mask + p_random exceeds 1")


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """top / bottom, and 0 where bottom is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom != 0)


def apply_mlm_noise(
    ids: np.ndarray,
    is_special: np.ndarray,
    u_select: np.ndarray,
    u_op: np.ndarray,
    random_ids: np.ndarray,
    mask_id: int,
    select_prob: float = 0.15,
    p_mask: float = 0.8,
    p_random: float = 0.1,
) -> tuple[np.ndarray, np.ndarray]:
    """(inputs, labels) of masked language modelling with given noise. ValueError for impossible rates."""
    _check_rates(select_prob, p_mask, p_random)
    ids, u_op = np.asarray(ids, dtype=np.int64), np.asarray(u_op)
    selected = (np.asarray(u_select) < select_prob) & ~np.asarray(is_special, dtype=bool)
    masked = u_op < p_mask
    replaced = ~masked & (u_op < p_mask + p_random)

    inputs, labels = ids.copy(), np.full_like(ids, -100)
    labels[selected] = ids[selected]
    inputs[selected & masked] = mask_id
    inputs[selected & replaced] = np.asarray(random_ids)[selected & replaced]
    return inputs, labels


def mlm_corrupt(
    ids: np.ndarray,
    special_ids: list[int],
    mask_id: int,
    vocab_size: int,
    seed: int,
    select_prob: float = 0.15,
    p_mask: float = 0.8,
    p_random: float = 0.1,
) -> tuple[np.ndarray, np.ndarray]:
    """apply_mlm_noise with noise of its own, random tokens uniform over the ordinary ones."""
    _check_rates(select_prob, p_mask, p_random)
    ids = np.asarray(ids, dtype=np.int64)
    special = np.array(list(special_ids), dtype=np.int64)
    candidates = np.setdiff1d(np.arange(vocab_size), np.append(special, mask_id))
    if candidates.size == 0:
        if p_random > 0:
            raise ValueError("there is no token to show at random")
        candidates = np.array([mask_id])  # a filler, never shown

    rng = np.random.default_rng(seed)
    u_select, u_op = rng.random(ids.shape), rng.random(ids.shape)
    random_ids = rng.choice(candidates, size=ids.shape)
    return apply_mlm_noise(
        ids, np.isin(ids, special), u_select, u_op, random_ids, mask_id, select_prob, p_mask, p_random
    )


def bigram_counts(tokens: np.ndarray, vocab_size: int) -> np.ndarray:
    """float64 (V, V): how often token j follows token i."""
    tokens = np.asarray(tokens, dtype=np.int64)
    pairs = tokens[:-1] * vocab_size + tokens[1:]
    return np.bincount(pairs, minlength=vocab_size**2).reshape(vocab_size, vocab_size).astype(np.float64)


def jelinek_mercer(counts: np.ndarray, lam: float) -> np.ndarray:
    """lam * bigram + (1 - lam) * unigram, and the unigram alone for unseen contexts."""
    if not 0 <= lam <= 1:
        raise ValueError("lam is outside [0, 1]")
    counts = np.asarray(counts, dtype=np.float64)
    total = counts.sum()
    if total == 0:
        raise ValueError("all counts are 0")
    context = counts.sum(axis=1, keepdims=True)
    weight = np.where(context > 0, lam, 0.0)
    return weight * _ratio(counts, context) + (1 - weight) * (counts.sum(axis=0) / total)


def expected_noised_counts(counts: np.ndarray, gamma: float | np.ndarray, q: np.ndarray) -> np.ndarray:
    """Expected counts (V, V) after each context h was replaced by a draw from q with probability gamma_h."""
    counts = np.asarray(counts, dtype=np.float64)
    rate = np.broadcast_to(np.asarray(gamma, dtype=np.float64), (len(counts),))
    moved = rate @ counts  # for each target, how many pairs lose their context
    return (1 - rate)[:, None] * counts + np.outer(q, moved)


def effective_lambda(counts: np.ndarray, gamma: float, q: np.ndarray) -> np.ndarray:
    """(V,): the share of the pairs in each noised row that were there before; 0 for an empty row."""
    context = np.asarray(counts, dtype=np.float64).sum(axis=1)
    stayed = (1 - gamma) * context
    return _ratio(stayed, stayed + gamma * np.asarray(q, dtype=np.float64) * context.sum())


def sample_noised_bigrams(tokens: np.ndarray, gamma: float, q: np.ndarray, seed: int) -> np.ndarray:
    """int64 (N - 1, 2): pairs (context, target), the contexts replaced by draws from q at the rate gamma."""
    tokens, q = np.asarray(tokens, dtype=np.int64), np.asarray(q, dtype=np.float64)
    rng = np.random.default_rng(seed)
    n = len(tokens) - 1
    replace = rng.random(n) < gamma
    drawn = rng.choice(len(q), size=n, p=q / q.sum())
    return np.stack([np.where(replace, drawn, tokens[:-1]), tokens[1:]], axis=1)


def mlm_posterior(p_ctx: np.ndarray, observed: int | None, keep: float, rand: float) -> np.ndarray:
    """P(original | shown token, context) at a selected position: lambda * [x = x'] + (1 - lambda) * p_ctx."""
    if keep < 0 or rand < 0:
        raise ValueError("keep and rand must not be negative")
    prior = np.array(p_ctx, dtype=np.float64)
    if observed is None:
        return prior
    kept, replaced = keep * prior[observed], rand / len(prior)
    evidence = kept + replaced
    if evidence == 0:
        raise ValueError("the observed token is impossible")
    posterior = replaced / evidence * prior
    posterior[observed] += kept / evidence
    return posterior


def kn_noise(counts: np.ndarray, gamma0: float) -> tuple[np.ndarray, np.ndarray]:
    """(gamma, q) from the numbers of distinct successors and predecessors."""
    if not 0 <= gamma0 <= 1:
        raise ValueError("gamma0 is outside [0, 1]")
    counts = np.asarray(counts, dtype=np.float64)
    seen = counts > 0
    predecessors = seen.sum(axis=0)
    return _ratio(gamma0 * seen.sum(axis=1), counts.sum(axis=1)), predecessors / predecessors.sum()


def perplexity(P: np.ndarray, tokens: np.ndarray) -> float:
    """exp of the mean negative log-probability of the pairs of a text; inf if one is impossible."""
    tokens = np.asarray(tokens, dtype=np.int64)
    probs = np.asarray(P, dtype=np.float64)[tokens[:-1], tokens[1:]]
    if (probs == 0).any():
        return float("inf")
    with np.errstate(over="ignore"):
        return float(np.exp(-np.log(probs).mean()))

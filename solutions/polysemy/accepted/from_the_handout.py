"""Word senses as weighted sums: one helper makes weights from counts, one a softmax safe at any scale."""

from __future__ import annotations

import numpy as np


def _proportions(amounts, size: int) -> np.ndarray:
    """Non-negative amounts (size,), divided by their sum."""
    amounts = np.asarray(amounts, dtype=np.float64)
    if amounts.shape != (size,):
        raise ValueError(f"expected one number for each of {size} senses, got shape {amounts.shape}")
    if (amounts < 0).any() or not (amounts > 0).any():
        raise ValueError("the numbers must be >= 0, and one of them > 0")
    amounts = amounts / amounts.max()
    return amounts / amounts.sum()


def _softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of scores / temperature; the largest score is taken off first, so only -inf can overflow."""
    with np.errstate(over="ignore"):
        odds = np.exp((scores - scores.max()) / temperature)
    return odds / odds.sum()


def _directions(vectors) -> np.ndarray:
    """Rows scaled to length 1, whatever their size; zero rows stay zero."""
    vectors = np.asarray(vectors, dtype=np.float64)
    for size in (
        lambda v: np.abs(v).max(axis=1, keepdims=True),
        lambda v: np.linalg.norm(v, axis=1, keepdims=True),
    ):
        length = size(vectors)
        vectors = vectors / np.where(length == 0, 1.0, length)
    return vectors


def superpose(sense_vectors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The static vector sum_s counts_s / sum(counts) * v_s."""
    sense_vectors = np.asarray(sense_vectors, dtype=np.float64)
    return _proportions(counts, len(sense_vectors)) @ sense_vectors


def static_embedding(token_ids: np.ndarray, vectors: np.ndarray, word_id: int) -> np.ndarray:
    """The mean vector of all occurrences of a word."""
    here = np.flatnonzero(np.asarray(token_ids) == word_id)
    if not here.size:
        raise ValueError(f"word {word_id} does not occur")
    return np.asarray(vectors, dtype=np.float64)[here].mean(axis=0)


def self_similarity(vectors: np.ndarray) -> float:
    """The mean cosine over all ordered pairs of different rows."""
    units = _directions(vectors)
    n = len(units)
    if n < 2:
        raise ValueError("one occurrence has nothing to be compared with")
    if not units.any(axis=1).all():
        raise ValueError("a zero vector has no direction")
    cosines = units @ units.T
    return float(np.clip(cosines[~np.eye(n, dtype=bool)].mean(), -1.0, 1.0))


def sense_posterior(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """P(s | context), proportional to prior_s * exp(v_s . mean(context) / tau)."""
    if not tau > 0:
        raise ValueError("tau must be positive")
    sense_vectors = np.asarray(sense_vectors, dtype=np.float64)
    context = np.asarray(context, dtype=np.float64)
    shares = _proportions(prior, len(sense_vectors))
    if not len(context):
        return shares

    prior = np.asarray(prior, dtype=np.float64)
    possible = np.flatnonzero(prior)  # a sense with prior 0 has no say in anything, nor in the largest score
    fit = sense_vectors[possible] @ context.mean(axis=0)
    with np.errstate(over="ignore"):
        log_odds = (fit - fit.max()) / tau + np.log(prior[possible])
    posterior = np.zeros(len(prior))
    posterior[possible] = _softmax(log_odds, 1.0)
    return posterior


def contextual_embedding(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """The vector of one occurrence, sum_s P(s | context) v_s."""
    return sense_posterior(context, sense_vectors, prior, tau) @ np.asarray(sense_vectors, dtype=np.float64)


def contextualize(
    X: np.ndarray, window: int, tau: float = 1.0, include_self: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Attention without projections, position by position over its window; returns (H, A)."""
    if window < 0:
        raise ValueError("window must not be negative")
    if not tau > 0:
        raise ValueError("tau must be positive")
    X = np.asarray(X, dtype=np.float64)
    n, width = X.shape
    H, A = X.copy(), np.zeros((n, n))
    for i in range(n):
        usable = np.arange(max(0, i - window), min(n, i + window + 1))
        if not include_self:
            usable = usable[usable != i]
        if usable.size:
            neighbours = X[usable]
            weights = _softmax(neighbours @ X[i], tau * np.sqrt(width))
            A[i, usable] = weights
            H[i] = weights @ neighbours
    return H, A


def fit_sense_centroids(vectors: np.ndarray, senses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct sense ids, ascending, and the mean vector of each."""
    vectors = np.asarray(vectors, dtype=np.float64)
    senses = np.asarray(senses)
    if len(vectors) != len(senses):
        raise ValueError(f"{len(vectors)} vectors, but {len(senses)} senses")
    if not len(vectors):
        raise ValueError("no vectors, no centroids")
    ids = np.unique(senses).astype(np.int64)
    return ids, np.stack([vectors[senses == sense].mean(axis=0) for sense in ids])


def predict_senses(vectors: np.ndarray, ids: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """For each vector the id of the centroid with the largest cosine; of tied ids the smallest."""
    ids = np.asarray(ids, dtype=np.int64)
    ascending = np.argsort(ids)
    cosines = _directions(vectors) @ _directions(centroids)[ascending].T
    tied = cosines >= cosines.max(axis=1, keepdims=True) - 1e-12
    return ids[ascending][tied.argmax(axis=1)]  # argmax finds the first True, so the smallest id

"""Closed forms: the squared length of a sum, log-sum-exp, a banded gather, one-hot matrix products."""

from __future__ import annotations

import numpy as np


def log_softmax(z):
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


def directions(rows):
    lengths = np.sqrt(np.einsum("nd,nd->n", rows, rows))
    return np.divide(rows, lengths[:, None], out=np.zeros(rows.shape), where=lengths[:, None] != 0)


def superpose(sense_vectors, counts):
    if np.shape(counts) != (sense_vectors.shape[0],):
        raise ValueError("one count per sense")
    if np.min(counts) < 0 or np.max(counts) == 0:
        raise ValueError("counts must be >= 0, not all 0")
    return np.einsum("s,sd->d", counts, sense_vectors) / np.sum(counts)


def static_embedding(token_ids, vectors, word_id):
    hits = np.equal(token_ids, word_id).astype(float)
    if not hits.sum():
        raise LookupErrorAsValueError("no such word")
    return hits @ vectors / hits.sum()


class LookupErrorAsValueError(ValueError):
    pass


def self_similarity(vectors):
    n = vectors.shape[0]
    if n <= 1 or np.any(np.abs(vectors).max(axis=1) == 0):
        raise ValueError("two or more vectors with a direction")
    resultant = directions(vectors).sum(axis=0)
    return (resultant @ resultant - n) / (n * (n - 1))  # a numpy scalar


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    prior = np.array(prior, dtype=float)
    if not tau > 0 or np.any(prior < 0) or prior.sum() == 0:
        raise ValueError("tau > 0 and a prior >= 0 are needed")
    possible = np.nonzero(prior)[0]
    mean_score = (context @ sense_vectors[possible].T).sum(axis=0) / max(len(context), 1)
    posterior = np.zeros(len(prior))
    posterior[possible] = np.exp(log_softmax(np.log(prior[possible]) + mean_score / tau))
    return posterior


def contextual_embedding(context, sense_vectors, prior, tau=1.0):
    return superpose(sense_vectors, sense_posterior(context, sense_vectors, prior, tau))


def contextualize(X, window, tau=1.0, include_self=True):
    if window < 0:
        raise ValueError("window")
    if tau <= 0:
        raise ValueError("tau")
    n, d = X.shape
    reach = min(window, n - 1)
    offsets = [k for k in range(-reach, reach + 1) if k or include_self]
    if not offsets:
        return np.array(X), np.zeros((n, n))
    columns = np.arange(n)[:, None] + offsets  # (N, K), partly outside the sentence
    inside = (columns >= 0) & (columns < n)
    gathered = X[np.clip(columns, 0, n - 1)]  # (N, K, D)
    scores = np.einsum("nd,nkd->nk", X, gathered) / (tau * d**0.5)
    weights = np.exp(log_softmax(np.where(inside, scores, -np.inf)))
    A = np.zeros((n, n))
    row, k = np.nonzero(inside)
    A[row, columns[row, k]] = weights[row, k]
    return np.einsum("nk,nkd->nd", weights, gathered), A


def fit_sense_centroids(vectors, senses):
    if vectors.shape[0] != senses.shape[0] or not senses.size:
        raise ValueError("vectors and senses must agree, and there must be some")
    ids, row, count = np.unique(senses, return_inverse=True, return_counts=True)
    one_hot = np.eye(len(ids))[row]
    return ids.astype(np.int32), one_hot.T @ vectors / count[:, None]


def predict_senses(vectors, ids, centroids):
    order = np.argsort(ids)
    cosines = directions(vectors) @ directions(centroids[order]).T
    first = np.isclose(cosines, cosines.max(axis=1)[:, None], rtol=0, atol=1e-12).argmax(axis=1)
    return np.asarray(ids)[order][first]

"""Loops over single numbers, in Python floats; lists are returned where arrays are meant."""

from __future__ import annotations

import math


def require(condition, message):
    if not condition:
        raise ValueError(message)


def dot(a, b):
    return sum(float(x) * float(y) for x, y in zip(a, b, strict=True))


def mean(rows):
    return [sum(float(row[d]) for row in rows) / len(rows) for d in range(len(rows[0]))]


def weighted_sum(weights, rows):
    return [
        sum(float(w) * float(row[d]) for w, row in zip(weights, rows, strict=True))
        for d in range(len(rows[0]))
    ]


def cosine(a, b):
    product = math.sqrt(dot(a, a)) * math.sqrt(dot(b, b))
    return dot(a, b) / product if product > 0 else 0.0


def normalised_exponentials(scores, factors):
    """factor * exp(score), normalised; what has the factor 0 is out of the game."""
    top = max(score for score, factor in zip(scores, factors, strict=True) if factor > 0)
    weights = [f * math.exp(s - top) if f > 0 else 0.0 for s, f in zip(scores, factors, strict=True)]
    return [weight / sum(weights) for weight in weights]


def superpose(sense_vectors, counts):
    require(len(sense_vectors) == len(counts), "one count per sense")
    require(min(counts) >= 0 and max(counts) > 0, "counts >= 0, not all 0")
    total = float(sum(counts))
    return weighted_sum([float(count) / total for count in counts], sense_vectors)


def static_embedding(token_ids, vectors, word_id):
    rows = [vectors[i] for i in range(len(token_ids)) if token_ids[i] == word_id]
    require(rows, "the word does not occur")
    return mean(rows)


def self_similarity(vectors):
    n = len(vectors)
    require(n >= 2, "at least two vectors")
    require(all(any(row) for row in vectors), "a zero vector has no direction")
    total = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                total += cosine(vectors[i], vectors[j])
    return total / n / (n - 1)


def sense_posterior(context, sense_vectors, prior, tau=1.0):
    require(tau > 0, "tau must be positive")
    require(min(prior) >= 0 and max(prior) > 0, "a prior >= 0, not all 0")
    centre = mean(context) if len(context) else [0.0] * len(sense_vectors[0])
    scores = [dot(sense, centre) / tau for sense in sense_vectors]
    return normalised_exponentials(scores, [float(p) for p in prior])


def contextual_embedding(context, sense_vectors, prior, tau=1.0):
    return weighted_sum(sense_posterior(context, sense_vectors, prior, tau), sense_vectors)


def contextualize(X, window, tau=1.0, include_self=True):
    require(window >= 0, "a window is not negative")
    require(tau > 0, "tau must be positive")
    n, scale = len(X), tau * math.sqrt(len(X[0]))
    H, A = [], []
    for i in range(n):
        allowed = [float(abs(i - j) <= window and (include_self or i != j)) for j in range(n)]
        if any(allowed):
            A.append(normalised_exponentials([dot(X[i], X[j]) / scale for j in range(n)], allowed))
            H.append(weighted_sum(A[i], X))
        else:
            A.append([0.0] * n)
            H.append([float(x) for x in X[i]])
    return [H, A]


def fit_sense_centroids(vectors, senses):
    require(len(vectors) == len(senses) > 0, "as many senses as vectors, at least one")
    ids = sorted({int(sense) for sense in senses})
    return ids, [static_embedding(senses, vectors, sense) for sense in ids]


def predict_senses(vectors, ids, centroids):
    predicted = []
    for vector in vectors:
        cosines = [cosine(vector, centroid) for centroid in centroids]
        best = max(cosines)
        predicted.append(min(int(i) for i, c in zip(ids, cosines, strict=True) if best - c <= 1e-12))
    return predicted

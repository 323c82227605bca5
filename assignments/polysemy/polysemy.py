"""From one vector per word to contextual weighted sums.

The note asks: 「word embedding如何解决一词多义的问题?」 How can word embeddings handle words with several
senses? It answers that the final embedding is a weighted sum. Four functions below are one, and the weights
decide what it can do:

* Weights that are sense frequencies are the same wherever the word stands. The sum is the static vector, one
  per word, in which a rare sense drowns (`superpose`, `static_embedding`).
* Weights that depend on the context give every occurrence a vector of its own. They are a posterior over
  senses (`sense_posterior`, `contextual_embedding`) or attention to the neighbours (`contextualize`).

How much a word's vector moves with its context is measured by `self_similarity`; whether its senses can be
told apart again, by `fit_sense_centroids` and `predict_senses`.

Vectors are float64 with D features on the last axis; ids are int64. No function changes its arguments.

Sources: Schuetze 1998, "Automatic Word Sense Discrimination" (senses as centroids of contexts); Arora et al.
2018, "Linear Algebraic Structure of Word Senses" (arXiv:1601.03764); Vaswani et al. 2017, "Attention Is All
You Need" (arXiv:1706.03762); Ethayarajh 2019, "How Contextual are Contextualized Word Representations?"
(arXiv:1909.00512).
"""

from __future__ import annotations

import numpy as np


def superpose(sense_vectors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """A static vector made of sense vectors: sum_s counts_s / sum(counts) * v_s.

    Only the proportions of the counts matter. For a word whose vector is the average over its occurrences
    this is exact; trained static vectors are close to linear superpositions of senses too (Arora et al.
    2018).

    Args:
        sense_vectors: (S, D), one row per sense.
        counts: (S,), how often each sense occurs; integers or floats >= 0, some may be 0.

    Returns:
        (D,).

    Raises:
        ValueError: sense_vectors and counts differ in S; a count is negative; all counts are 0.
    """
    raise NotImplementedError


def static_embedding(token_ids: np.ndarray, vectors: np.ndarray, word_id: int) -> np.ndarray:
    """The one vector of a word that ignores context: the mean of the vectors of all its occurrences.

    Args:
        token_ids: int64 (N,), the word at each of N positions of a text.
        vectors: (N, D), a contextual vector for each position.
        word_id: the word.

    Returns:
        (D,), the mean over the positions where token_ids == word_id.

    Raises:
        ValueError: the word does not occur.
    """
    raise NotImplementedError


def self_similarity(vectors: np.ndarray) -> float:
    """How alike the occurrences of a word are: the mean cosine over all ordered pairs i != j.

    A static embedding gives 1, since all occurrences share one vector; the more the context changes the
    vector, the smaller it is (Ethayarajh 2019, section 3). No occurrence is compared with itself. Lengths do
    not matter: rows scaled by positive factors give the same result.

    Args:
        vectors: (n, D), the vectors of n >= 2 occurrences.

    Returns:
        A float between -1 and 1.

    Raises:
        ValueError: n < 2; a row is zero and so has no direction.
    """
    raise NotImplementedError


def sense_posterior(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """P(sense | context): how well each sense fits the context, starting from how common it is.

    P(s) is proportional to prior_s * exp(v_s . c / tau), where c is the *mean* of the context's rows; a row
    that stands there twice, like all others, changes nothing. An infinite tau leaves the prior, tau -> 0
    picks the sense with the largest v_s . c among those with prior_s > 0.

    Args:
        context: (C, D), the vectors of the C >= 0 context words. With C = 0 nothing is known but the prior,
            and the result is the prior divided by its sum.
        sense_vectors: (S, D).
        prior: (S,), integers or floats >= 0; they need not sum to 1. prior_s = 0 gives exactly P(s) = 0.
        tau: temperature, > 0.

    Returns:
        (S,), sums to 1. Finite and correct for |v_s . c| / tau up to 1e6, whatever the signs, and also when
        the best-fitting sense is one with prior 0.

    Raises:
        ValueError: tau <= 0; an entry of prior is negative; all of them are 0. Also when C = 0.
    """
    raise NotImplementedError


def contextual_embedding(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """The vector of one occurrence: sum_s P(s | context) v_s.

    The same weighted sum as `superpose`, with weights that depend on the context (`sense_posterior`).

    Args:
        context: (C, D), C >= 0.
        sense_vectors: (S, D).
        prior: (S,), as for `sense_posterior`.
        tau: temperature, > 0.

    Returns:
        (D,).

    Raises:
        ValueError: as `sense_posterior`.
    """
    raise NotImplementedError


def contextualize(
    X: np.ndarray, window: int, tau: float = 1.0, include_self: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Replace each static vector of a sentence by an attention-weighted sum of its neighbourhood.

    Position i may use position j if |i - j| <= window and, unless include_self, j != i. Over the allowed j

        A[i, j] = softmax_j(x_i . x_j / (tau * sqrt(D)))        H[i] = sum_j A[i, j] x_j

    and A[i, j] is exactly 0 for all others. This is self-attention (Vaswani et al. 2017, section 3.2.1)
    without learned projections. The order of the neighbours inside the window plays no part.

    Args:
        X: (N, D), the static vectors of a sentence of N >= 1 words.
        window: how far position i sees to either side, >= 0; may exceed N.
        tau: temperature, > 0.
        include_self: whether position i may use itself.

    Returns:
        (H, A): H (N, D), A (N, N). Each row of A sums to 1, except for a position without any allowed j:
        there A[i] is 0 and H[i] is X[i]. Finite and correct for |x_i . x_j| / (tau * sqrt(D)) up to 1e6.

    Raises:
        ValueError: window < 0; tau <= 0.
    """
    raise NotImplementedError


def fit_sense_centroids(vectors: np.ndarray, senses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One prototype per sense: the plain mean of the vectors labelled with it (Schuetze 1998).

    Args:
        vectors: (N, D), the vectors of N occurrences of a word.
        senses: int64 (N,), the sense id of each; any integers, in any order.

    Returns:
        (ids, centroids): ids int64 (S,), the distinct sense ids in ascending order; centroids (S, D), the row
        of each id.

    Raises:
        ValueError: N = 0; vectors and senses differ in N.
    """
    raise NotImplementedError


def predict_senses(vectors: np.ndarray, ids: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Disambiguate: for each vector the id of the centroid with the largest *cosine* similarity.

    Cosine, because the length of a vector says more about a word's frequency than about its sense. The cosine
    with a zero vector, on either side, counts as 0. Cosines that are within 1e-12 of the largest one are tied
    with it, and of tied ids the smallest wins.

    Args:
        vectors: (M, D).
        ids: int64 (S,), distinct, S >= 1, in any order.
        centroids: (S, D), row k belongs to ids[k].

    Returns:
        int64 (M,): ids, not rows of `centroids`.
    """
    raise NotImplementedError

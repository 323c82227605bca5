"""BERT's corruption of its input, and smoothing of bigram models by interpolation.

The note asks: 「BERT里面训练LM的随机替换为什么是结果更好?」 Why does random replacement help
BERT's masked LM? Its keyword: 「基于 interpolation 的 LM 平滑」, smoothing a language model by interpolation.

Three things meet here. BERT selects 15 % of the tokens for prediction and shows [MASK], a random token or
the token itself in their places. Jelinek-Mercer smoothing mixes a bigram model with the unigram model. And
noise is smoothing: replace the contexts of a bigram model at random, count, and you have interpolated.
mlm_posterior turns this back on BERT: what should be predicted where a selected position shows a token?

In all of this V is the size of the vocabulary, tokens are the integers 0, ..., V - 1, and counts is a
float64 array (V, V): counts[i, j] = c_ij >= 0 says how often token j follows the context i. Counts need not
be integers, since expected counts are not. Row sums c_i. count contexts, column sums c_.j count targets, N
is the sum of all.

Real results are float64, tokens int64. No function changes its arguments. Where a function takes a seed, it
draws from a generator of its own, np.random.default_rng(seed), never from numpy's global one: the same seed
gives the same result, other seeds give other results. The order of the draws is up to you.

Sources: Devlin et al. 2019, "BERT" (arXiv:1810.04805), section 3.1; Jelinek and Mercer 1980, "Interpolated
estimation of Markov source parameters from sparse data"; Xie et al. 2017, "Data Noising as Smoothing in
Neural Network Language Models" (arXiv:1703.02573).
"""

from __future__ import annotations

import numpy as np


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
    """Corrupt a batch for masked language modelling with the noise that is given.

    A position is selected if u_select < select_prob and it is not special. What a selected position shows
    depends on u_op:

        u_op < p_mask                        mask_id
        p_mask <= u_op < p_mask + p_random   the token of random_ids
        p_mask + p_random <= u_op            its own token

    The upper bound is the float sum p_mask + p_random as it stands. Both rates are shares of the *selected*
    positions: with the defaults 80 % show [MASK], 10 % a random token, and 10 % stay (Devlin et al. 2019,
    section 3.1). The model must predict all three kinds.

    Args:
        ids: int64 (B, L), the tokens.
        is_special: bool (B, L), True at [CLS], [SEP], padding: never selected.
        u_select: float64 (B, L), uniform on [0, 1).
        u_op: float64 (B, L), uniform on [0, 1).
        random_ids: int64 (B, L), the token to show where a random one is due.
        mask_id: the token [MASK].
        select_prob: probability that an ordinary token is selected.
        p_mask: share of the selected positions that show [MASK].
        p_random: share of the selected positions that show a random token.

    Returns:
        (inputs, labels), int64 (B, L) each, new arrays. labels holds the token of ids at *all* selected
        positions, also where the input did not change, and -100 elsewhere.

    Raises:
        ValueError: a probability is outside [0, 1], or p_mask + p_random > 1 + 1e-12.
    """
    raise NotImplementedError


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
    """The same corruption with noise of its own.

    Every position has its own independent draws. The random tokens are uniform over the candidates
    {0, ..., vocab_size - 1} without special_ids and without mask_id. The original token is a candidate too: a
    position may by chance show it although it was replaced.

    Args:
        ids: int64 (B, L), the tokens; mask_id is not among them.
        special_ids: tokens that are never selected and never shown at random.
        mask_id: the token [MASK]; it may or may not be listed in special_ids.
        vocab_size: number of tokens, special ones and [MASK] included.
        seed: of the private generator.
        select_prob: as in apply_mlm_noise.
        p_mask: as in apply_mlm_noise.
        p_random: as in apply_mlm_noise.

    Returns:
        (inputs, labels) as from apply_mlm_noise.

    Raises:
        ValueError: as apply_mlm_noise, or there is no candidate although p_random > 0.
    """
    raise NotImplementedError


def bigram_counts(tokens: np.ndarray, vocab_size: int) -> np.ndarray:
    """Count the pairs of neighbours in a text.

    Args:
        tokens: int64 (N,), N >= 1, each from 0 to vocab_size - 1.
        vocab_size: V.

    Returns:
        float64 (V, V): [i, j] is the number of t with tokens[t] = i and tokens[t + 1] = j. Their sum is N -
        1; a text of one token gives zeros.
    """
    raise NotImplementedError


def jelinek_mercer(counts: np.ndarray, lam: float) -> np.ndarray:
    """Interpolate the bigram model with the unigram model of the targets (Jelinek and Mercer 1980).

    P(j | i) = lam * c_ij / c_i. + (1 - lam) * c_.j / N. A context that was never seen (c_i. = 0) has no
    bigram estimate and gets the unigram model c_.j / N alone.

    Args:
        counts: (V, V).
        lam: weight of the bigram model, 0 and 1 included.

    Returns:
        float64 (V, V), row i is P(. | i) and sums to 1.

    Raises:
        ValueError: lam is outside [0, 1], or all counts are 0.
    """
    raise NotImplementedError


def expected_noised_counts(counts: np.ndarray, gamma: float | np.ndarray, q: np.ndarray) -> np.ndarray:
    """Expected bigram counts after the contexts, and only these, were replaced at random.

    Each of the c_hj pairs (h, j) keeps its context h with probability 1 - gamma_h; else the context becomes a
    token drawn from q. The target j stays. So the expected count of (i, j) is

        (1 - gamma_i) c_ij + q_i * sum_h gamma_h c_hj

    Nothing is lost: the sum over i is still c_.j (Xie et al. 2017).

    Args:
        counts: (V, V).
        gamma: the probability of replacement, one number for all contexts or (V,), one for each *original*
            context; in [0, 1].
        q: (V,), the distribution that the new contexts are drawn from.

    Returns:
        float64 (V, V).
    """
    raise NotImplementedError


def effective_lambda(counts: np.ndarray, gamma: float, q: np.ndarray) -> np.ndarray:
    """The weight of each context's own bigram estimate in the row-normalised noised counts.

    Normalise the rows of expected_noised_counts(counts, gamma, q), and row i becomes
    lambda_i * c_ij / c_i. + (1 - lambda_i) * c_.j / N with

        lambda_i = (1 - gamma) c_i. / ((1 - gamma) c_i. + gamma q_i N)

    It is the share of the pairs now in row i that were there before. With q_i = c_i. / N it is 1 - gamma
    for every context; with a uniform q rare contexts have a smaller one, they are smoothed more.

    Args:
        counts: (V, V).
        gamma: the probability of replacement, in [0, 1].
        q: (V,), the distribution that the new contexts are drawn from.

    Returns:
        float64 (V,). 0 where c_i. = 0, and 0 wherever the denominator is 0.
    """
    raise NotImplementedError


def sample_noised_bigrams(tokens: np.ndarray, gamma: float, q: np.ndarray, seed: int) -> np.ndarray:
    """Draw the noise whose expectation expected_noised_counts computes.

    Each pair (x_t, x_{t+1}) independently replaces its context x_t with probability gamma by a draw from q,
    which may be x_t again. Targets are never changed: x_t itself appears untouched as the target of the row
    before.

    Args:
        tokens: int64 (N,), N >= 2.
        gamma: the probability of replacement, in [0, 1].
        q: (V,), a distribution over the vocabulary.
        seed: of the private generator.

    Returns:
        int64 (N - 1, 2), row t holds the noised context of x_t and the target x_{t+1}.
    """
    raise NotImplementedError


def mlm_posterior(p_ctx: np.ndarray, observed: int | None, keep: float, rand: float) -> np.ndarray:
    """What an ideal model believes about the original token at a selected position.

    The model of the corruption: the original token x has the distribution p_ctx given the context. The
    position shows x itself with probability keep, a token drawn uniformly from all V with probability rand
    (x may be drawn again), and [MASK] otherwise. The result is P(x | shown token, context), by Bayes' rule.

    Args:
        p_ctx: (V,), the distribution of the original token given the context; V counts ordinary tokens only.
        observed: the token that is shown, from 0 to V - 1; None if the position shows [MASK].
        keep: probability of showing the original token (BERT: 0.1); keep + rand <= 1.
        rand: probability of showing a random token (BERT: 0.1).

    Returns:
        float64 (V,), sums to 1. [MASK] says nothing about x: p_ctx for observed = None.

    Raises:
        ValueError: keep or rand is negative, whatever is observed; or the token observed can't be, for
            keep * p_ctx[observed] + rand / V = 0.
    """
    raise NotImplementedError


def kn_noise(counts: np.ndarray, gamma0: float) -> tuple[np.ndarray, np.ndarray]:
    """Noise in the manner of Kneser and Ney: adaptive rates, and proposals by diversity (Xie et al. 2017).

    N1+(i, .) is the number of distinct tokens that follow i, N1+(., j) the number of distinct tokens that
    precede j. Contexts with many different successors for their frequency are replaced more often,

        gamma_i = gamma0 * N1+(i, .) / c_i.

    and the new context is drawn from q_j proportional to N1+(., j). From context i this takes the mass
    gamma0 * N1+(i, .), as much as absolute discounting by gamma0, but in proportion to c_ij instead of the
    same amount from each: an analogy, not an identity.

    Args:
        counts: (V, V), non-negative integers as float64, not all 0.
        gamma0: in [0, 1], 0 and 1 included.

    Returns:
        (gamma, q), float64 (V,) each. gamma_i = 0 where c_i. = 0; q sums to 1.

    Raises:
        ValueError: gamma0 is outside [0, 1].
    """
    raise NotImplementedError


def perplexity(P: np.ndarray, tokens: np.ndarray) -> float:
    """exp(-mean over t of log P[x_t, x_{t+1}]): the perplexity of a bigram model on a text.

    Args:
        P: (V, V), P[i, j] = P(j | i).
        tokens: int64 (N,), N >= 2. The first token is context only, so the mean is over N - 1 pairs.

    Returns:
        A float; inf if any of the probabilities is 0.
    """
    raise NotImplementedError

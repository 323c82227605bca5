"""Attention: how to score a key, and what to do with the weights.

The note asks: 「做Attention的方式除了Inner Product还有别的吗，这些有什么不同?」 What other ways are there
to do attention besides the inner product, and how do they differ?

Two choices are made independently of each other:

    scores = some function of a query and a key       dot, scaled dot, bilinear, additive, Gaussian
    result = some use of p = softmax(scores)          soft: the expectation of the values under p
                                                      hard: one value, drawn with the probabilities p

The soft result is a smooth function of the scores, so gradients pass through it. A drawn index is not: to
train hard attention one estimates the gradient of the *expected* reward from samples (REINFORCE).

Shapes: B batch, Lq queries, Lk or L keys, d_q and d_k their widths, dv the width of the values, M samples.
Tensors are float, all of one dtype, and results have that dtype. Masks are `torch.bool`; True means "may
attend". No function changes its arguments.

Sources: Bahdanau, Cho and Bengio 2015 (arXiv:1409.0473), additive; Luong, Pham and Manning 2015
(arXiv:1508.04025), dot and bilinear; Vaswani et al. 2017 (arXiv:1706.03762), scaled dot; Xu et al. 2015
(arXiv:1502.03044), soft against hard; Williams 1992 (Machine Learning 8), REINFORCE.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def dot_score(q: Tensor, k: Tensor) -> Tensor:
    """The inner product of every query with every key: scores[b, i, j] = q[b, i] · k[b, j].

    No parameters, but queries and keys must live in one space. Luong et al. 2015 call it "dot".

    Args:
        q: float (B, Lq, d).
        k: float (B, Lk, d).

    Returns:
        float (B, Lq, Lk).

    Raises:
        ValueError: q and k differ in width; a width of 1 is no exception, although it would broadcast.
    """
    ### BEGIN SOLUTION
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"q and k differ in width: {q.shape[-1]} and {k.shape[-1]}")
    return q @ k.transpose(-2, -1)
    ### END SOLUTION


def scaled_dot_score(q: Tensor, k: Tensor) -> Tensor:
    """The inner product divided by the square root of the width d.

    A sum of d independent products of mean 0 and variance 1 has variance d; divided by sqrt(d) it has
    variance 1 at every width, and the softmax keeps a gradient. Vaswani et al. 2017, section 3.2.1.

    Args:
        q: float (B, Lq, d).
        k: float (B, Lk, d).

    Returns:
        float (B, Lq, Lk).

    Raises:
        ValueError: q and k differ in width.
    """
    ### BEGIN SOLUTION
    return dot_score(q, k) / q.shape[-1] ** 0.5
    ### END SOLUTION


def gaussian_score(q: Tensor, k: Tensor, sigma: float) -> Tensor:
    """Closeness instead of alignment: scores[b, i, j] = -|q[b, i] - k[b, j]|^2 / (2 sigma^2).

    The softmax of these scores weighs the keys by a Gaussian around the query. No key can outshine the one
    that equals the query, whereas a dot product grows with the length of the key. Where all keys are equally
    long, |q|^2 and |k|^2 are the same along a row and the softmax does not see them: Gaussian scores with
    sigma^2 = sqrt(d) then give the weights of scaled_dot_score.

    Subtract before squaring. |q|^2 + |k|^2 - 2 q·k is the same on paper, but in float32 it loses every digit
    when q and k lie far from the origin (both near 1e4, a distance of 1 apart).

    Args:
        q: float (B, Lq, d).
        k: float (B, Lk, d).
        sigma: the width of the Gaussian.

    Returns:
        float (B, Lq, Lk), nowhere positive.

    Raises:
        ValueError: sigma is 0 or negative.
    """
    ### BEGIN SOLUTION
    if sigma <= 0:
        raise ValueError(f"sigma must be positive, not {sigma}")
    difference = q[:, :, None] - k[:, None]  # (B, Lq, Lk, d)
    return -difference.square().sum(dim=-1) / (2 * sigma**2)
    ### END SOLUTION


class BilinearScore(nn.Module):
    """A learned inner product, also for different widths: scores[b, i, j] = q[b, i]^T W k[b, j].

    Parameter: `W` (d_q, d_k), a direct `nn.Parameter`, and no other. The initial values are up to you. W = I
    is the dot product; the Transformer's scores (W_Q q)·(W_K k) are bilinear too, with W = W_Q^T W_K. Luong
    et al. 2015 call it "general".
    """

    def __init__(self, d_q: int, d_k: int) -> None:
        """Make the parameter; `d_q` and `d_k` are the widths of queries and keys."""
        super().__init__()
        ### BEGIN SOLUTION
        self.W = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_q, d_k)))
        ### END SOLUTION

    def forward(self, q: Tensor, k: Tensor) -> Tensor:
        """Score q, float (B, Lq, d_q), against k, float (B, Lk, d_k); the result is float (B, Lq, Lk).

        Gradients flow into W, q and k.
        """
        ### BEGIN SOLUTION
        return dot_score(q @ self.W, k)
        ### END SOLUTION


class AdditiveScore(nn.Module):
    """A small network with one hidden layer: scores[b, i, j] = v^T tanh(W_q q[b, i] + W_k k[b, j]).

    Parameters: `W_q` (d_a, d_q), `W_k` (d_a, d_k), `v` (d_a,), direct `nn.Parameter`s, and no others; there
    are no biases. The initial values are up to you. Without the tanh the query would add the same number to a
    whole row of scores, which a softmax does not see. Bahdanau et al. 2015, appendix A.1.2; Luong et al. 2015
    write the same with one matrix on the concatenation of both and call it "concat".
    """

    def __init__(self, d_q: int, d_k: int, d_a: int) -> None:
        """Make the parameters; `d_q` and `d_k` are the widths of queries and keys, `d_a` that of the tanh."""
        super().__init__()
        ### BEGIN SOLUTION
        self.W_q = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_a, d_q)))
        self.W_k = nn.Parameter(nn.init.xavier_uniform_(torch.empty(d_a, d_k)))
        self.v = nn.Parameter(nn.init.xavier_uniform_(torch.empty(1, d_a)).squeeze(0))
        ### END SOLUTION

    def forward(self, q: Tensor, k: Tensor) -> Tensor:
        """Score q, float (B, Lq, d_q), against k, float (B, Lk, d_k); the result is float (B, Lq, Lk).

        Gradients flow into the three parameters, q and k.
        """
        ### BEGIN SOLUTION
        # Project each query and each key once; only the sum and the tanh are needed for every pair.
        queries = (q @ self.W_q.T)[:, :, None]  # (B, Lq, 1, d_a)
        keys = (k @ self.W_k.T)[:, None]  # (B, 1, Lk, d_a)
        return torch.tanh(queries + keys) @ self.v
        ### END SOLUTION


### BEGIN SOLUTION
def _forbid(scores: Tensor, mask: Tensor | None) -> Tensor:
    """The scores with -inf at forbidden keys, so that a softmax shares out its 1 among the others only."""
    if mask is None:
        return scores
    if mask.dtype != torch.bool:
        raise ValueError(f"mask must be bool (True = may attend), not {mask.dtype}")
    return scores.masked_fill(~mask, -torch.inf)


### END SOLUTION


def soft_attention(scores: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The expectation of the values: every query reads their average, weighted by softmax(scores).

    The softmax runs over the keys, and over the allowed ones only: a forbidden key has weight exactly 0, and
    the weights of a query with at least one allowed key sum to 1. So its context lies between the smallest
    and the largest allowed value, in each coordinate. A query with *no* allowed key has all-zero weights and
    a zero context. All gradients are finite, those of such a query's scores are 0.

    Args:
        scores: float (B, Lq, Lk), from any scoring function.
        values: float (B, Lk, dv).
        mask: bool, broadcastable to (B, Lq, Lk); True = may attend. None allows everything.

    Returns:
        (context, weights): float (B, Lq, dv) and float (B, Lq, Lk).

    Raises:
        ValueError: mask is not bool.
    """
    ### BEGIN SOLUTION
    scores = _forbid(scores, mask)
    # subtle: the softmax of an empty row is 0 / 0 = NaN, and erasing its weights does not erase the NaN of
    # the backward pass (NaN * 0 is NaN). That one ends in `_forbid`: masked_fill passes no gradient to what
    # it filled, and an empty row was filled everywhere. Adding -inf would let the NaN through to the scores.
    weights = scores.softmax(dim=-1).masked_fill(scores.isneginf(), 0.0)  # (B, Lq, Lk)
    return weights @ values, weights
    ### END SOLUTION


def hard_attention(
    scores: Tensor, values: Tensor, u: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """A sample of the values: each row draws one key with the probabilities p = softmax(scores).

    The randomness comes in as `u`, so the function itself is deterministic. It inverts the distribution
    function: with cdf_i = p_0 + ... + p_i the drawn index is the *smallest i with u < cdf_i*. A uniform u
    hits the interval [cdf_{i-1}, cdf_i) with probability p_i, and a key of probability 0 is never drawn, not
    even at u = 0. Rounding may leave the last cdf a little below 1, and no such i; then it is the last i with
    p_i > 0.

    The index has no gradient; `log_prob` has one with respect to the scores, which is all that REINFORCE
    needs.

    Args:
        scores: float (B, L), one query a row.
        values: float (B, L, dv).
        u: float (B,) in [0, 1).
        mask: bool (B, L); True = may attend. p is then the softmax over the allowed keys only. None allows
            everything.

    Returns:
        (context, index, log_prob): values[b, index[b]], float (B, dv); the index, int64 (B,); log p[index],
        float (B,).

    Raises:
        ValueError: a row has no allowed key, so there is nothing to draw; or mask is not bool.
    """
    ### BEGIN SOLUTION
    scores = _forbid(scores, mask)
    if scores.isneginf().all(dim=1).any():
        raise ValueError("a row has no allowed key")
    p = scores.softmax(dim=1)  # (B, L)
    passed = p.cumsum(dim=1) <= u[:, None]  # (B, L), True at all keys before the drawn one
    last = (p > 0).cumsum(dim=1).argmax(dim=1)  # (B,), where the count of possible keys is first complete
    index = torch.minimum(passed.sum(dim=1), last)
    rows = torch.arange(len(index))
    return values[rows, index], index, scores.log_softmax(dim=1)[rows, index]
    ### END SOLUTION


def expected_reward_grad(scores: Tensor, rewards: Tensor) -> Tensor:
    """The exact gradient of E[R] = sum_i p_i R_i with respect to the scores, where p = softmax(scores).

        d E[R] / d scores_i = p_i (R_i - sum_j p_j R_j)

    Raise the score of what is better than average, lower the others. The gradient sums to 0, since adding a
    constant to all scores changes nothing, and it is the same for R + c, since E[R + c] = E[R] + c. It needs
    the reward of *every* choice, which is what one cannot afford when each reward takes a run of the model.

    Args:
        scores: float (L,).
        rewards: float (L,), R_i is the reward of choice i.

    Returns:
        float (L,).
    """
    ### BEGIN SOLUTION
    p = scores.softmax(dim=0)
    return p * (rewards - p @ rewards)
    ### END SOLUTION


def reinforce_grad(scores: Tensor, samples: Tensor, rewards: Tensor, baseline: float = 0.0) -> Tensor:
    """An estimate of the same gradient from M sampled choices and their rewards alone.

        (1/M) sum_m (rewards_m - baseline) (onehot(samples_m) - p),        p = softmax(scores)

    onehot(s) - p is the gradient of log p_s; the identity behind it is grad E[R] = E[R grad log p]. For
    samples drawn from p the estimate is unbiased with every baseline that does not depend on them, because
    E[grad log p] = 0. A baseline near E[R] usually lowers the variance. The result points *uphill*: add it to
    the scores to increase the reward. Williams 1992.

    Args:
        scores: float (L,).
        samples: int64 (M,), indices below L; repeats are fine.
        rewards: float (M,), the reward of each draw (not of each choice).
        baseline: b, the same for all draws.

    Returns:
        float (L,).

    Raises:
        ValueError: M = 0, the mean of nothing.
    """
    ### BEGIN SOLUTION
    if len(samples) == 0:
        raise ValueError("no samples")
    p = scores.softmax(dim=0)
    grad_log_p = nn.functional.one_hot(samples, len(p)) - p  # (M, L)
    return ((rewards - baseline)[:, None] * grad_log_p).mean(dim=0)
    ### END SOLUTION


class ReinforceLoss(nn.Module):
    """A loss whose gradient is the REINFORCE estimate, for use with autograd and an optimiser.

        -(1/B) sum_b (reward_b - baseline_b) log softmax(scores_b)[index_b]

    An optimiser descends, so the loss carries a minus. Its *value* means nothing, only its gradient with
    respect to the scores does. Reward and baseline are weights here, not functions to improve: **no gradient
    flows into them**, also if they come out of a network. (Else the loss could fall by making rewards worse.)
    No parameters.
    """

    def forward(
        self, scores: Tensor, index: Tensor, reward: Tensor, baseline: Tensor | None = None
    ) -> Tensor:
        """The loss of a batch of draws.

        Args:
            scores: float (B, L).
            index: int64 (B,), what was drawn in each row, as from hard_attention.
            reward: float (B,), what it earned.
            baseline: float (B,); None means 0.

        Returns:
            float (), differentiable with respect to scores. The gradients of reward and baseline are None or
            0.
        """
        ### BEGIN SOLUTION
        advantage = reward if baseline is None else reward - baseline  # (B,)
        log_p = scores.log_softmax(dim=1)[torch.arange(len(index)), index]  # (B,)
        return -(advantage.detach() * log_p).mean()
        ### END SOLUTION


def variational_bound(log_alpha: Tensor, log_lik: Tensor) -> tuple[Tensor, Tensor]:
    """What hard attention maximises, and what it would like to maximise.

        bound = sum_s alpha_s log p(y | s)    <=    log_marginal = log sum_s alpha_s p(y | s) = log p(y)

    By Jensen's inequality the expected log-likelihood is a lower bound of the log-likelihood. Both are equal
    when log p(y | s) is the same for every s with alpha_s > 0. Xu et al. 2015, section 4.1: the gradient of
    the bound with respect to the attention scores is what REINFORCE estimates, with log p(y | s) as the
    reward of the draw s.

    Args:
        log_alpha: float (L,), log attention probabilities. exp(log_alpha) sums to 1; -inf is allowed.
        log_lik: float (L,), log p(y | s) of each s, finite. It may be near -1e4 everywhere, where exp() gives
            0: the result is still finite and exact.

    Returns:
        (bound, log_marginal), float () each. An entry with alpha = 0 contributes nothing to either.
    """
    ### BEGIN SOLUTION
    bound = log_alpha.exp() @ log_lik
    log_marginal = (log_alpha + log_lik).logsumexp(dim=0)
    return bound, log_marginal
    ### END SOLUTION

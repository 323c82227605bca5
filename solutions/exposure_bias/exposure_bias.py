"""Teacher forcing, exposure bias and oracle words.

The note asks: 「seq2seq在训练时与测试时有什么不一样？」 How does a seq2seq decoder behave differently in
training and at test time?

A decoder predicts y_t from y_1 ... y_{t-1}. Two sources can supply these earlier words, and they make the
whole difference:

    training (teacher forcing)      BOS  y_1  y_2  ...    the reference, whatever the model said
    test time (free running)        BOS  w_1  w_2  ...    the model's own words
    in between (scheduled sampling) BOS  y_1  w_2  ...    a coin for each position

Trained on the first row alone, a model never sees the histories of the second: exposure bias. Where the third
row does not take the reference word, it takes an *oracle word*, the model's own favourite, with or without
noise.

Token ids are int64, real arrays float64. A decoder is given as a step function and the state before its first
step:

    new_state, logits = step_fn(state, token)

token is an int, the word fed at this step; logits is float64 (V,), finite, the scores of the next word. The
state is opaque: start with `init_state` and hand on what the last call returned. It stands for everything fed
so far, so the logits depend on the whole prefix, not only on the last word. No function changes its
arguments.

Sources: Zhang et al. 2019, "Bridging the Gap between Training and Inference for Neural Machine Translation"
(arXiv:1906.02448), for the oracle words, their noise and the decay; Bengio et al. 2015, "Scheduled Sampling
for Sequence Prediction with Recurrent Neural Networks" (arXiv:1506.03099), for the coin. Not here: training
itself, and the choice of a sentence-level oracle by BLEU.
"""

from __future__ import annotations

### BEGIN SOLUTION
import math

### END SOLUTION
from collections.abc import Callable
from typing import Any

import numpy as np

StepFn = Callable[[Any, int], tuple[Any, np.ndarray]]


def decoder_inputs(target: np.ndarray, bos_id: int) -> np.ndarray:
    """What a teacher-forced decoder is fed: the target, moved right by one position.

    Position t predicts target[:, t], so it may see only the words before it.

    Args:
        target: int64 (B, T), rows y_1 ... y_n EOS PAD ...; BOS is not among them.
        bos_id: the id that opens every row of the result.

    Returns:
        int64 (B, T): column 0 is bos_id, column t is column t - 1 of target. EOS and PAD move like any other
        id; the last column of target is fed to nobody.

    Raises:
        ValueError: target is not 2-D, or T = 0.

    Example: [[5, 6, 2, 0]] with bos_id 1 gives [[1, 5, 6, 2]].
    """
    ### BEGIN SOLUTION
    if target.ndim != 2 or target.shape[1] == 0:
        raise ValueError(f"target must be (B, T) with T >= 1, not {target.shape}")
    bos = np.full((len(target), 1), bos_id)
    return np.hstack([bos, target[:, :-1]])  # (B, T)
    ### END SOLUTION


def masked_nll(logits: np.ndarray, target: np.ndarray, pad_id: int) -> float:
    """The training loss: mean of -log softmax(logits)[target] over all tokens that are not padding.

    It is a mean over tokens, pooled over the batch, and not a mean of sentence means: a token of a short
    sentence weighs as much as one of a long sentence.

    Args:
        logits: float64 (B, T, V); entries up to 1e4 in absolute value must give a finite and accurate loss.
        target: int64 (B, T), ids in 0 ... V - 1.
        pad_id: positions with this target do not count, whatever their (finite) logits. A row may consist of
            padding only.

    Returns:
        The loss, a float.

    Raises:
        ValueError: logits.shape[:2] is not target.shape, or every position is padding.

    Why accuracy needs care: exp overflows from 710 on, and softmax rounds to 0, whose logarithm is -inf, for
    words 746 or more below the best one. The difference between a logit and the logarithm of the sum of
    exponentials is harmless.
    """
    ### BEGIN SOLUTION
    if logits.shape[:-1] != target.shape:
        raise ValueError(f"logits {logits.shape} and target {target.shape} must be (B, T, V) and (B, T)")
    real = target != pad_id  # (B, T)
    if not real.any():
        raise ValueError("every position is padding")
    words, scores = target[real], logits[real]  # (n,), (n, V): padding is gone before anything is averaged
    # A shift of a row leaves its softmax as it is. Now the largest score is 0, so no exp overflows and the
    # sum is at least 1; and the logarithm is taken of the sum, never of a single probability.
    scores = scores - scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(scores).sum(axis=1))  # (n,)
    return float((log_sums - scores[np.arange(len(words)), words]).mean())
    ### END SOLUTION


def inverse_sigmoid_decay(e: float, mu: float) -> float:
    """Probability of feeding the reference word in epoch e: p = mu / (mu + exp(e / mu)).

    It starts at mu / (mu + 1), which is below 1, and falls to 0; for mu > 1 it passes 1/2 at e = mu ln(mu).
    Bengio et al. 2015; Zhang et al. 2019 let e count epochs.

    Args:
        e: epoch, any number >= 0.
        mu: pace, any number > 0; the larger, the slower.

    Returns:
        p, a float; for e / mu <= 400 with a relative error below 1e-12. Where exp(e / mu) is too large for a
        float, the limit 0.0 is due (a positive number up to 1e-300 will do), not an exception.

    Raises:
        ValueError: e < 0 or mu <= 0.
    """
    ### BEGIN SOLUTION
    if e < 0 or mu <= 0:
        raise ValueError(f"e must be >= 0 and mu > 0, not {e} and {mu}")
    # Both sides of the fraction times exp(-e / mu): this one may underflow to 0, but it cannot overflow.
    weight = mu * math.exp(-e / mu)
    return weight / (weight + 1)
    ### END SOLUTION


def gumbel_noise(u: np.ndarray) -> np.ndarray:
    """Gumbel noise from uniform noise: -log(-log u), elementwise.

    Args:
        u: float64 of any shape, values in [0, 1], both ends included.

    Returns:
        float64 of the shape of u. For 1e-12 <= u <= 1 - 1e-12 the formula holds with a relative error below
        1e-9 (1e-12 absolute near u = 1/e, where it is 0); a small constant inside a logarithm spoils that.
        The result is always finite. At exactly 0 and 1, where the formula is infinite, any finite value will
        do: move u to the nearest float inside.

    Raises:
        ValueError: some u is below 0, above 1 or NaN.

    If u is uniform, the result has the distribution function exp(-exp(-x)), which the formula inverts.
    """
    ### BEGIN SOLUTION
    if not ((u >= 0) & (u <= 1)).all():  # NaN compares as False, so it is refused too
        raise ValueError("u must lie in [0, 1]")
    inside = np.clip(u, np.nextafter(0, 1), np.nextafter(1, 0))  # about 5e-324 and 1 - 1e-16
    return -np.log(-np.log(inside))
    ### END SOLUTION


def word_oracle(logits: np.ndarray, u: np.ndarray | None = None, tau: float = 1.0) -> np.ndarray:
    """The word to feed instead of the reference: the argmax of (logits + gumbel_noise(u)) / tau.

    The noise goes to the logits, not to the probabilities. With uniform u the result is then an exact sample
    from softmax(logits), whatever tau is (the Gumbel-max trick). Zhang et al. 2019 write tau for the softmax
    behind the argmax.

    Args:
        logits: float64 (..., V); any number of leading axes, also none.
        u: float64 of the shape of logits, uniform noise in [0, 1]; None means no noise.
        tau: temperature.

    Returns:
        int64 of shape logits.shape[:-1], the argmax over the last axis; for 1-D logits one integer (0-d array
        or scalar).

    Raises:
        ValueError: tau <= 0, or u and logits differ in shape.
    """
    ### BEGIN SOLUTION
    if tau <= 0:
        raise ValueError(f"tau must be positive, not {tau}")
    if u is None:
        return logits.argmax(axis=-1)
    if u.shape != logits.shape:
        raise ValueError(f"u {u.shape} and logits {logits.shape} differ in shape")
    # subtle: tau does not appear. Division by a positive number keeps the order, so it cannot move an argmax.
    return (logits + gumbel_noise(u)).argmax(axis=-1)
    ### END SOLUTION


def mix_context(gold: np.ndarray, oracle: np.ndarray, p: float, u: np.ndarray) -> np.ndarray:
    """Scheduled sampling: the reference word where u < p, the oracle word elsewhere.

    Every position has its own coin, so one sentence mixes both kinds of words. With u uniform in [0, 1) the
    reference word has probability p: always for p = 1, never for p = 0.

    Args:
        gold: int64 (B, T), reference words.
        oracle: int64 (B, T), oracle words.
        p: probability of the reference word, in [0, 1], both ends included.
        u: float64 (B, T), the coins. A u equal to p takes the oracle word.

    Returns:
        int64 (B, T).

    Raises:
        ValueError: p is outside [0, 1], or the three shapes are not equal ((B, 1) would broadcast; it is
            refused).
    """
    ### BEGIN SOLUTION
    if not 0 <= p <= 1:
        raise ValueError(f"p must lie in [0, 1], not {p}")
    if not gold.shape == oracle.shape == u.shape:
        raise ValueError(f"gold {gold.shape}, oracle {oracle.shape} and u {u.shape} differ in shape")
    return np.where(u < p, gold, oracle)
    ### END SOLUTION


def scheduled_decode(
    step_fn: StepFn,
    init_state: Any,
    target: np.ndarray,
    bos_id: int,
    p: float,
    u_mix: np.ndarray,
    u_gumbel: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Run the decoder over one sentence, fed reference words with probability p and oracle words otherwise.

    Step t = 0 ... T - 1 feeds inputs[t] and obtains logits[t]. The first input is BOS. Each later one is
    decided by what step t saw, for t + 1 < T:

        inputs[t + 1] = target[t]                if u_mix[t] is below p,
                        word_oracle of logits[t] otherwise, with the noise of row t of u_gumbel.

    Here the oracle word is the decoder's own, from the history that it was really fed, so unlike in
    `mix_context` it cannot be known in advance. p = 1 is teacher forcing. p = 0 is free running, over exactly
    T steps, whatever words come out. The loss (not computed here) compares the logits with `target`, whatever
    was fed.

    Args:
        step_fn: see the top of the module.
        init_state: the state before the first step.
        target: int64 (T,), T >= 1, without BOS and PAD.
        bos_id: the first input.
        p: probability of feeding the reference word, in [0, 1].
        u_mix: float64 (T,), the coins; the last one is not needed.
        u_gumbel: float64 (T, V), uniform noise; None means oracle words without noise.

    Returns:
        (logits, inputs): float64 (T, V) and int64 (T,).

    step_fn is called exactly T times.
    """
    ### BEGIN SOLUTION
    state, token = init_state, bos_id
    logits, inputs = [], []
    for t in range(len(target)):
        state, scores = step_fn(state, token)  # scores (V,)
        logits.append(scores)
        inputs.append(token)
        # After the last step this picks one more word, which nobody is fed.
        if u_mix[t] < p:
            token = int(target[t])
        else:
            token = int(word_oracle(scores, None if u_gumbel is None else u_gumbel[t]))
    return np.array(logits), np.array(inputs)
    ### END SOLUTION


def greedy_decode(step_fn: StepFn, init_state: Any, bos_id: int, eos_id: int, max_len: int) -> list[int]:
    """Test time: feed BOS, then always the best word of the step before, until EOS or max_len words.

    Args:
        step_fn: see the top of the module.
        init_state: the state before the first step.
        bos_id: the first input; it is not part of the output.
        eos_id: ends the sentence; it is the last word of the output, if the model gets there.
        max_len: the largest number of words in the output, EOS included.

    Returns:
        The words in order, a list of ints, at most max_len of them. Of several words with the same best score
        the one with the lowest id is taken.

    step_fn is called exactly once for each word of the output: nothing is fed after EOS.

    Raises:
        ValueError: max_len < 1.
    """
    ### BEGIN SOLUTION
    if max_len < 1:
        raise ValueError(f"max_len must be at least 1, not {max_len}")
    state, token = init_state, bos_id
    words: list[int] = []
    for _ in range(max_len):
        state, scores = step_fn(state, token)
        token = int(np.argmax(scores))  # the first of several best ones
        words.append(token)
        if token == eos_id:
            break
    return words
    ### END SOLUTION


def force_decode(step_fn: StepFn, init_state: Any, bos_id: int, eos_id: int, length: int) -> list[int]:
    """Greedy decoding of a sentence of a given length: exactly `length` words other than EOS, then EOS.

    As long as words are missing, the best word *other than EOS* is taken, even where EOS has the best score,
    and fed at the next step. EOS is then appended, whatever its score. This is how Zhang et al. 2019 give a
    sentence-level oracle the length of its reference, so that it can replace the reference position by
    position.

    Args:
        step_fn: see the top of the module.
        init_state: the state before the first step.
        bos_id: the first input; it is not part of the output.
        eos_id: the last word of the output, and only that.
        length: number of words before EOS, >= 0; 0 gives [eos_id].

    Returns:
        length + 1 words, a list of ints. Ties go to the lowest id.

    step_fn is called at most length + 1 times (`length` times are enough).

    Raises:
        ValueError: length < 0.
    """
    ### BEGIN SOLUTION
    if length < 0:
        raise ValueError(f"length must not be negative, but is {length}")
    state, token = init_state, bos_id
    words: list[int] = []
    for _ in range(length):
        state, scores = step_fn(state, token)
        allowed = np.array(scores)  # a copy, since the scores belong to the model
        allowed[eos_id] = -np.inf
        token = int(np.argmax(allowed))
        words.append(token)
    return [*words, eos_id]
    ### END SOLUTION


def expected_errors(T: int, eps_on: float, eps_off: float, teacher_forced: bool) -> float:
    """How many of T words are wrong on average, in a toy model of how errors compound.

    The word at step t is wrong with probability eps_on if the word fed at this step (the previous one) is
    right, and with probability eps_off if it is wrong. The first fed word, BOS, is right.

    * Teacher forcing feeds right words only: T * eps_on.
    * Free running feeds back what came out. Let pi_t be the probability that word t is wrong:

          pi_0 = 0,    pi_t = (1 - pi_{t-1}) eps_on + pi_{t-1} eps_off,    answer pi_1 + ... + pi_T

      With lam = eps_off - eps_on, not 1, the sum is eps_on / (1 - lam) * (T - lam (1 - lam^T) / (1 - lam)).
      lam = 1 happens only for eps_on = 0 and eps_off = 1, where no error ever begins.

    Without recovery (eps_off = 1) and for small eps_on T this is about eps_on T (T + 1) / 2, of the order
    T^2; with full recovery (eps_off = eps_on) it equals teacher forcing.

    Args:
        T: number of words, at least 1.
        eps_on: probability of an error after a right word, in [0, 1], both ends included.
        eps_off: probability of an error after a wrong word, likewise.
        teacher_forced: which of the two.

    Returns:
        The expected number of wrong words, a float.

    Raises:
        ValueError: T < 1, or a probability is outside [0, 1] (also the one that teacher forcing ignores).

    Example: T = 3, eps_on = 0.1, eps_off = 0.5 gives 0.1 + 0.14 + 0.156 = 0.396, teacher-forced 0.3.
    """
    ### BEGIN SOLUTION
    if T < 1 or not (0 <= eps_on <= 1 and 0 <= eps_off <= 1):
        raise ValueError(f"T must be >= 1 and both probabilities in [0, 1], not {T}, {eps_on}, {eps_off}")
    if teacher_forced:
        return T * eps_on
    wrong = errors = 0.0
    for _ in range(T):
        wrong = (1 - wrong) * eps_on + wrong * eps_off
        errors += wrong
    return errors
    ### END SOLUTION

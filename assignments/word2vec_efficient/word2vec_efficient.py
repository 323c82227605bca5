"""Word2vec without the full softmax: negative sampling and hierarchical softmax.

The note asks: 「讲一讲word2vec的negative sampling和hierarchical softmax?」 Explain word2vec's two efficient
training schemes.

Skip-gram predicts a context word o from a centre word c. The full softmax compares c with all V output
vectors for every pair (c, o). Negative sampling looks at o and at K words drawn from a noise distribution,
and asks of each whether it is the real context word. Hierarchical softmax makes the words the leaves of a
binary tree and asks at each inner node on the way to o whether to turn left or right. Both replace one V-way
decision by a few yes-or-no decisions, and both touch only the rows that these decisions need.

D is the dimension, V the size of the vocabulary, sigma(x) = 1 / (1 + exp(-x)), log the natural logarithm.
Real arrays are float64, ids int64. All gradients are those of the returned loss. No function changes its
arguments.

Sources: Mikolov, Sutskever, Chen, Corrado and Dean 2013, "Distributed Representations of Words and Phrases
and their Compositionality" (arXiv:1310.4546); Huffman 1952, "A Method for the Construction of
Minimum-Redundancy Codes".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def noise_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """The distribution that negative samples come from: P(w) proportional to counts[w]**power.

    The power 3/4 was found to work best (Mikolov et al. 2013, section 2.2). It lies between the unigram
    distribution (power 1) and the uniform one over the words that occur (power 0), so rare words are drawn
    more often than they occur.

    Args:
        counts: (V,), integers or floats >= 0: how often each word occurs.
        power: the exponent, >= 0.

    Returns:
        float64 (V,), summing to 1. A word of count 0 has probability 0 for every power, 0 included.

    Raises:
        ValueError: a count is negative, or all counts are 0.
    """
    raise NotImplementedError


def sample_negatives(noise: np.ndarray, k: int, target: int, seed: int) -> np.ndarray:
    """Draw k negative samples: independent, with replacement, from `noise` given that they are not `target`.

    Target is never drawn, and the other words keep their proportions. Repeats are normal.

    Args:
        noise: (V,), nonnegative, sums to 1.
        k: how many to draw; exactly k come back.
        target: id of the real context word, 0 <= target < V; noise[target] may be 0.
        seed: of a private generator, np.random.default_rng(seed). The same seed gives the same ids, another
            seed others. How you use the generator is up to you; leave numpy's global one alone.

    Returns:
        int64 (k,), ids of words with positive noise probability, none of them target.

    Raises:
        ValueError: k < 1; target is not in 0..V-1; no word other than target has positive probability.
    """
    raise NotImplementedError


def sgns_loss_and_grads(
    center: np.ndarray, outside: np.ndarray, target: int, negatives: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss and gradients of skip-gram with negative sampling (SGNS) for one (centre, context) pair.

    With u_w = outside[w] and c = center,

        loss = -log sigma(u_target · c) - sum_k log sigma(-u_{n_k} · c)

    (Mikolov et al. 2013, equation 4, with the sign turned), a sum over the negatives, not a mean. It is right
    for large dot products too: at +-800 the loss and the gradients are finite, and equal to their limits.

    Args:
        center: (D,), vector of the centre word.
        outside: (V, D), output vectors of all words.
        target: id of the real context word.
        negatives: int (K,), ids other than target. Repeats are allowed and each occurrence counts, in the
            loss and in the gradients. K = 0 is allowed; then only the first term is left.

    Returns:
        (loss, d loss / d center (D,), d loss / d outside (V, D)); rows of words that are neither target nor a
        negative are exactly 0.
    """
    raise NotImplementedError


def softmax_loss_and_grads(
    center: np.ndarray, outside: np.ndarray, target: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss and gradients of the full softmax, what the two methods avoid: every row is read and changed.

        loss = -log softmax(outside @ center)[target]

    Stable: right for logits of +-1000, where exp alone would overflow, or underflow to 0 for all words.

    Args:
        center: (D,), vector of the centre word.
        outside: (V, D), output vectors of all words.
        target: id of the real context word.

    Returns:
        (loss, d loss / d center (D,), d loss / d outside (V, D)).
    """
    raise NotImplementedError


def sgns_sparse_step(
    center: np.ndarray,
    fetch: Callable[[np.ndarray], np.ndarray],
    target: int,
    negatives: np.ndarray,
    lr: float,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """One step of gradient descent on the SGNS loss that reads and returns only the rows it touches.

    The output vectors may be far too many to hold, so they are not an argument; `fetch` hands out single
    rows. new = old - lr * gradient, for center and for the rows. Both gradients are computed from the *old*
    center and the *old* rows.

    Args:
        center: (D,), vector of the centre word; stays unchanged.
        fetch: takes int64 ids (m,), returns their output vectors, float64 (m, D), in the same order. Ask for
            at most K + 1 rows in total, repeats counted, in at most 2 calls.
        target: id of the real context word.
        negatives: int (K,), ids other than target; as for sgns_loss_and_grads each occurrence counts, and
            K = 0 is allowed.
        lr: the learning rate.

    Returns:
        (loss, new_center, ids, new_rows): the loss before the step; the new centre vector (D,); the ids of
        the touched rows, int64 (m,), ascending and each once; the new rows (m, D) in the order of ids.
    """
    raise NotImplementedError


def huffman(counts: np.ndarray) -> tuple[list[list[int]], list[list[int]]]:
    """The Huffman tree of a vocabulary: for each word the bits and the inner nodes on the way to its leaf.

    A Huffman tree is a binary tree with the words at its leaves that has the smallest possible
    sum(counts[w] * len(codes[w])). Every inner node has two children; V leaves make V - 1 inner nodes.
    Huffman (1952) builds it from below: merge the two nodes of the smallest counts, until one is left.

    Args:
        counts: (V,), positive: how often each word occurs, in any order.

    Returns:
        (codes, paths), two lists of V lists. codes[w] are the bits (0 or 1) from the root to leaf w, each
        saying which child comes next. paths[w], as long as codes[w], are the ids of the inner nodes where
        these decisions are made: the root first, the leaf not among them. Inner nodes have the ids 0..V-2 in
        any order, each node its own. Any optimal tree is right, whatever it does with ties and whichever
        child of a node is called 0. A single word needs no decision: V = 1 gives ([[]], [[]]).

    Raises:
        ValueError: V = 0, or a count is 0 or negative.
    """
    raise NotImplementedError


def hs_log_prob(center: np.ndarray, inner: np.ndarray, code: list[int], path: list[int]) -> float:
    """log P(word | centre) of hierarchical softmax: one decision at each inner node on the word's path.

        log P = sum_j log sigma((1 - 2 * code[j]) * inner[path[j]] · center)

    Bit 0 has the probability sigma(+ dot), bit 1 sigma(- dot) (Mikolov et al. 2013, equation 3). Right for
    dot products of +-800 too. Over all words of a tree the probabilities sum to 1.

    Args:
        center: (D,), vector of the centre word.
        inner: (V - 1, D), one vector for each inner node.
        code: the word's bits, as `huffman` gives them; any binary tree will do, not only an optimal one.
        path: the word's inner nodes, as long as code.

    Returns:
        The log-probability, at most 0.
    """
    raise NotImplementedError


def hs_loss_and_grads(
    center: np.ndarray, inner: np.ndarray, code: list[int], path: list[int]
) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss -hs_log_prob(center, inner, code, path) and its gradients, for one (centre, context) pair.

    Args:
        center: (D,), vector of the centre word.
        inner: (V - 1, D), one vector for each inner node.
        code: bits of the context word.
        path: inner nodes of the context word, as long as code; no node occurs twice.

    Returns:
        (loss, d loss / d center (D,), d loss / d inner (V - 1, D)); rows of nodes that are not on the path
        are exactly 0.
    """
    raise NotImplementedError

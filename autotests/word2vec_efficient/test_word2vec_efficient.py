"""Hidden tests of word2vec_efficient: 26 points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_dtype, assert_equal, describe, refuses

from . import oracle

# Pearson's chi-squared with 5 degrees of freedom exceeds this with probability 1e-7.
CHI_SQUARED_LIMIT = 40.86


def values(result, count, what):
    """The result as this many values, for a test that looks at them one by one."""
    assert isinstance(result, tuple | list), f"{what} returned {describe(result)}, not {count} values"
    assert len(result) == count, f"{what} returned {len(result)} values, not {count}"
    return result


def loss_and_grads(student, name, *arguments):
    """(loss, gradient of center, gradient of the matrix); the arguments are unchanged."""
    result = getattr(student, name)(*arguments)
    assert not student.last_call.changed, f"{name} changed one of its arguments in place"
    return values(result, 3, name)


def sampled(student, noise, k, target, seed):
    """k sampled ids, known to be an integer array (k,)."""
    what = f"sample_negatives with k={k}"
    ids = as_array(student.sample_negatives(noise, k, target, seed), what)
    assert ids.shape == (k,), f"{what} has shape {ids.shape}, not ({k},)"
    assert_dtype(ids, np.int64, what=what)
    return ids


def others(rng, size, target):
    """All ids but target, in random order."""
    return rng.permutation(np.delete(np.arange(size), target))


def lists_of_ints(value, size, what):
    """One list of ints for each word."""
    assert isinstance(value, tuple | list | np.ndarray), f"{what} is {describe(value)}, not a list of lists"
    assert len(value) == size, f"{what} holds {len(value)} lists for {size} words"
    rows = [as_array(row, f"{what}[{word}]") for word, row in enumerate(value)]
    for word, row in enumerate(rows):
        integers = row.ndim == 1 and (row.dtype.kind in "iu" or row.size == 0)
        assert integers, f"{what}[{word}] is {describe(value[word])}, not a list of integers"
    return [row.tolist() for row in rows]


def tree(student, counts):
    """The student's (codes, paths) as lists of lists of ints, one for each word."""
    codes, paths = values(student.huffman(counts), 2, "huffman")
    return lists_of_ints(codes, len(counts), "codes"), lists_of_ints(paths, len(counts), "paths")


@pytest.mark.points(2)
def test_t01_noise_distribution(student, rng):
    """noise_distribution: powers 3/4, 1, 1/2 and 0, words that never occur; impossible counts are refused."""
    integers = rng.permutation([0, 0, 1, 2, *rng.integers(3, 1000, size=5)])
    floats = rng.permutation([0.0, 0.25, 0.5, *rng.uniform(0.1, 50.0, size=4)])
    for counts in [integers, floats, np.array([0, 7, 0])]:
        for power in [0.75, 1.0, 0.5, 0.0]:
            what = f"noise_distribution of {len(counts)} counts, power={power}"
            expected = oracle.noise(counts, power)
            assert_close(
                student.noise_distribution(counts, power), expected, rtol=1e-12, atol=1e-12, what=what
            )
        what = "noise_distribution without a power"
        expected = oracle.noise(counts, 0.75)
        assert_close(student.noise_distribution(counts), expected, rtol=1e-12, atol=1e-12, what=what)
    refuses("a negative count", student.noise_distribution, np.array([5, -1, 3]))
    refuses("counts that are all 0", student.noise_distribution, np.zeros(4, dtype=np.int64))


@pytest.mark.points(2)
def test_t02_sample_negatives(student, rng):
    """sample_negatives: how many, int64, never the target nor an impossible word, seeds, errors."""
    weights = rng.uniform(0.5, 1.5, size=8)
    impossible = rng.permutation(np.arange(1, 7))[:2]
    weights[impossible] = 0.0
    for target in [0, 7, int(impossible[0])]:
        noise = weights.copy()
        noise[target] *= 4.0
        noise /= noise.sum()
        draws = []
        for seed in (7, 11, 13):
            ids = sampled(student, noise, 200, target, seed)
            draws.append(ids)
            assert not student.last_call.changed, "sample_negatives changed noise in place"
            assert ((ids >= 0) & (ids < 8)).all(), "an id outside the vocabulary was drawn"
            assert not (ids == target).any(), "target was drawn as its own negative"
            assert not np.isin(ids, impossible).any(), "a word of noise probability 0 was drawn"
        again = sampled(student, noise, 200, target, 11)
        assert_equal(again, draws[1], what="a second sample with the same seed")
        same = all(np.array_equal(ids, draws[0]) for ids in draws)
        assert not same, "the seeds 7, 11 and 13 all give the same ids"
    two = rng.uniform(0.2, 0.8)
    for k in [1, 5]:
        for target in [0, 1]:
            ids = sampled(student, np.array([two, 1.0 - two]), k, target, 7)
            what = f"sample_negatives with two words, k={k}"
            assert_equal(ids, np.full(k, 1 - target), what=what)

    noise = np.array([0.5, 0.25, 0.25])
    for k in [0, -1]:
        refuses(f"k={k}", student.sample_negatives, noise, k, 1, 7)
    for target in [-1, 3]:
        refuses(f"target={target} with three words", student.sample_negatives, noise, 5, target, 7)
    for noise, target in [(np.array([0.0, 1.0, 0.0]), 1), (np.array([1.0]), 0)]:
        refuses("a target that is the only possible word", student.sample_negatives, noise, 5, target, 7)


@pytest.mark.points(2)
def test_t03_frequencies(student):
    """20000 samples from noise_distribution's own result: the frequencies fit counts**0.75 without target."""
    counts, k = np.array([1000, 300, 100, 30, 10, 3, 1, 0]), 20_000
    noise = as_array(student.noise_distribution(counts), "noise_distribution")
    assert noise.shape == counts.shape, f"noise_distribution has shape {noise.shape}, not {counts.shape}"
    ids = sampled(student, noise, k, 0, 7)
    assert ((ids > 0) & (ids < 7)).all(), "target, or a word that never occurs, was drawn"
    observed = np.bincount(ids, minlength=8)
    expected = k * oracle.noise(np.where(np.arange(8) == 0, 0, counts), 0.75)
    statistic = oracle.chi_squared(observed, expected)
    assert statistic <= CHI_SQUARED_LIMIT, (
        f"the frequencies do not fit: chi-squared is {statistic:.1f}, the limit {CHI_SQUARED_LIMIT}"
    )


@pytest.mark.points(2)
def test_t04_sgns_loss(student, rng):
    """sgns_loss_and_grads: the loss for K = 0, 1, 5 and 20 negatives, with repeats among them."""
    for _ in range(5):
        for k in [0, 1, 5, 20]:
            center, outside = rng.normal(size=6), rng.normal(size=(30, 6))
            target = int(rng.integers(30))
            negatives = rng.choice(others(rng, 30, target), size=k)
            if k > 1:
                negatives[-1] = negatives[0]
            expected, _, _ = oracle.sgns(center, outside, target, negatives)
            loss, _, _ = loss_and_grads(student, "sgns_loss_and_grads", center, outside, target, negatives)
            assert_close(loss, expected, atol=1e-10, what=f"the loss of sgns_loss_and_grads with K={k}")


@pytest.mark.points(3)
def test_t05_sgns_gradients(student, rng):
    """sgns_loss_and_grads: both gradients, with negatives drawn two and three times; untouched rows are 0."""
    for _ in range(5):
        center, outside = rng.normal(size=5), rng.normal(size=(12, 5))
        target = int(rng.integers(12))
        a, b, c, d = others(rng, 12, target)[:4]
        for negatives in [rng.permutation([a, a, a, b, b, c, d]), np.array([c, c]), np.zeros(0, np.int64)]:
            _, expected_center, expected_outside = oracle.sgns(center, outside, target, negatives)
            _, grad_center, grad_outside = loss_and_grads(
                student, "sgns_loss_and_grads", center, outside, target, negatives
            )
            where = f"of sgns_loss_and_grads with K={len(negatives)}"
            what = f"the gradient of center {where}"
            assert_close(grad_center, expected_center, rtol=1e-9, atol=1e-9, what=what)
            what = f"the gradient of outside {where}"
            assert_close(grad_outside, expected_outside, rtol=1e-9, atol=1e-9, what=what)
            untouched = np.delete(as_array(grad_outside), [target, *negatives], axis=0)
            assert not untouched.any(), f"the gradient of an untouched row is not exactly 0 {where}"


@pytest.mark.points(1)
def test_t06_sgns_large_dot_products(student, rng):
    """sgns_loss_and_grads for dot products of +-800 on target and negatives: exact loss, exact gradients."""
    for target_dot in [800.0, -800.0]:
        for negative_dots in [[], [800.0], [-800.0], [800.0, 800.0], [800.0, -800.0], [-800.0, -800.0]]:
            center, outside = oracle.exact_rows(rng, [target_dot, *negative_dots])
            negatives = np.arange(1, len(outside))
            expected = oracle.saturated_sgns(center, outside, 0, negatives.tolist())
            result = loss_and_grads(student, "sgns_loss_and_grads", center, outside, 0, negatives)
            names = ["the loss", "the gradient of center", "the gradient of outside"]
            for name, got, want in zip(names, result, expected, strict=True):
                what = f"{name} for a target at {target_dot:g} and negatives at {negative_dots}"
                assert_close(got, want, rtol=1e-12, atol=1e-12, what=what)


@pytest.mark.points(2)
def test_t07_softmax(student, rng):
    """softmax_loss_and_grads: loss and both gradients, for small logits and for logits up to +-1000."""
    for name in ["small logits", "logits near 900", "logits near -900", "logits from -1000 to 1000"]:
        center = rng.uniform(0.5, 1.5, size=5) * rng.choice([-1.0, 1.0], size=5)
        outside = rng.normal(size=(9, 5))
        if name.startswith("logits near"):
            outside += float(name.split()[-1]) * center / (center @ center)
        elif name.startswith("logits from"):
            outside *= 1000.0 / np.abs(outside @ center).max()
        for target in rng.permutation(9)[:4].tolist():
            expected = oracle.softmax(center, outside, target)
            result = loss_and_grads(student, "softmax_loss_and_grads", center, outside, target)
            names = ["the loss", "the gradient of center", "the gradient of outside"]
            for value, got, want in zip(names, result, expected, strict=True):
                what = f"{value} of softmax_loss_and_grads, {name}"
                assert_close(got, want, rtol=1e-9, atol=1e-9, what=what)


@pytest.mark.points(3)
def test_t08_huffman_is_a_tree(student, rng):
    """huffman for 1, 2, 3 and 50 words: codes and paths describe one binary tree; bad counts are refused."""
    for size in [1, 2, 3, 50]:
        counts = rng.permutation([1, *rng.integers(1, 1000, size=size - 1)])
        codes, paths = tree(student, counts)
        where = f"of huffman for {size} word(s)"
        leaves = {tuple(code) for code in codes}
        nodes: dict[tuple[int, ...], int] = {}  # the inner node that each beginning of a code leads to
        for code, path in zip(codes, paths, strict=True):
            assert len(path) == len(code), f"a path {where} has another length than its code"
            assert set(code) <= {0, 1}, f"a code {where} holds something else than 0 and 1"
            for depth, node in enumerate(path):
                begin = tuple(code[:depth])
                assert begin not in leaves, f"a code {where} is the beginning of another code"
                known = nodes.setdefault(begin, node)
                assert known == node, f"two codes {where} begin alike, but their paths do not"
        assert len(leaves) == size, f"two words {where} have the same code"
        ids = sorted(nodes.values())
        assert len(set(ids)) == len(ids), f"two inner nodes {where} have the same id"
        assert ids == list(range(size - 1)), f"the ids of the inner nodes {where} are not 0..V-2"
        for begin in nodes:
            children = [(*begin, bit) for bit in (0, 1)]
            both = all(child in leaves or child in nodes for child in children)
            assert both, f"an inner node {where} has only one child"
    refuses("no words", student.huffman, np.zeros(0, dtype=np.int64))
    refuses("a count of 0", student.huffman, np.array([3, 0, 2]))
    refuses("a negative count", student.huffman, np.array([3, -1, 2]))


@pytest.mark.points(2)
def test_t09_huffman_is_optimal(student, rng):
    """huffman on 20 vectors of counts, ties, Zipf and Fibonacci among them: the smallest total length."""
    cases = [
        ("Zipf's law", [6000 // rank for rank in range(1, 14)]),
        ("Fibonacci numbers", oracle.fibonacci(13)),
        ("many ties", [4, 4, 2, 2, 1, 1, 1, 1, 1]),
        ("50 equal counts", 50 * [1]),
        ("one word", [9]),
    ]
    cases += [(f"2**{m} equal counts", 2**m * [int(rng.integers(1, 9))]) for m in range(1, 5)]
    for size in [5, 11, 24]:
        cases += [
            (f"{size} random counts below {high}", rng.integers(1, high, size=size))
            for high in (4, 30, 10_000)
        ]
    cases += [("a long tail", np.minimum(rng.zipf(1.5, size=20), 10**6)) for _ in range(2)]
    for name, vector in cases:
        counts = rng.permutation(vector)
        codes, _ = tree(student, counts)
        lengths = np.array([len(code) for code in codes])
        cost, best = int(counts @ lengths), oracle.optimal_cost(counts)
        assert cost >= best, f"the total length for {name} is {cost}, less than any tree can have"
        assert cost == best, f"the total length for {name} is {cost}, not the smallest possible"
        order = np.lexsort((lengths, -counts))  # falling counts, equal ones by length
        for one, other in pairwise(order):
            inverted = counts[one] > counts[other] and lengths[one] > lengths[other]
            assert not inverted, f"for {name}, a more frequent word has a longer code"
        if name == "Fibonacci numbers":
            assert lengths.max() == len(counts) - 1, f"for {name}, no word is at the depth V - 1"
        if name.startswith("2**"):
            assert len(set(lengths)) == 1, f"for {name}, the codes differ in length"


@pytest.mark.points(2)
def test_t10_hs_log_prob(student, rng):
    """hs_log_prob: values in random trees, probabilities sum to 1 (in huffman's tree too), dots of +-800."""
    for size in [2, 5, 12]:
        center, inner = rng.normal(size=4), rng.normal(size=(size - 1, 4))
        counts = rng.permutation([1, *rng.integers(1, 100, size=size - 1)])
        for name, (codes, paths) in [
            ("a given tree", oracle.random_tree(rng, size)),
            ("huffman's own tree", tree(student, counts)),
        ]:
            total = 0.0
            for word, (code, path) in enumerate(zip(codes, paths, strict=True)):
                what = f"hs_log_prob of a word at depth {len(code)} in {name} of {size}"
                log_prob = as_array(student.hs_log_prob(center, inner, code, path), what)
                if name == "a given tree":
                    expected = -oracle.hs(center, inner, codes[word], paths[word])[0]
                    assert_close(log_prob, expected, atol=1e-10, what=what)
                assert log_prob.shape == (), f"{what} has shape {log_prob.shape}, it must be one number"
                total += np.exp(float(log_prob))
            assert_close(total, 1.0, atol=1e-10, what=f"the sum of all probabilities in {name} of {size}")

    for dots in [[800.0], [-800.0], [800.0, -800.0, 800.0]]:
        center, inner = oracle.exact_rows(rng, dots)
        for code in np.ndindex(*[2] * len(dots)):
            wrong_turns = sum(bit == (dot > 0) for bit, dot in zip(code, dots, strict=True))
            log_prob = student.hs_log_prob(center, inner, list(code), list(range(len(dots))))
            what = f"hs_log_prob for dot products of {dots}"
            assert_close(log_prob, -800.0 * wrong_turns, rtol=1e-12, atol=1e-12, what=what)


@pytest.mark.points(3)
def test_t11_hs_gradients(student, rng):
    """hs_loss_and_grads: the loss and both gradients for every word of random trees."""
    for size in [2, 4, 9]:
        center, inner = rng.normal(size=5), rng.normal(size=(size - 1, 5))
        for code, path in zip(*oracle.random_tree(rng, size), strict=True):
            expected = oracle.hs(center, inner, code, path)
            result = loss_and_grads(student, "hs_loss_and_grads", center, inner, code, path)
            names = ["the loss", "the gradient of center", "the gradient of inner"]
            for name, got, want in zip(names, result, expected, strict=True):
                what = f"{name} of hs_loss_and_grads at depth {len(code)}"
                assert_close(got, want, rtol=1e-9, atol=1e-9, what=what)
            unvisited = np.delete(as_array(result[2]), path, axis=0)
            assert not unvisited.any(), "the gradient of a node that is not on the path is not exactly 0"


@pytest.mark.points(2)
def test_t12_sparse_step(student, rng):
    """sgns_sparse_step with V = 100000: loss, new vectors, ids, and how many rows fetch was asked for."""
    size = 100_000
    table = rng.normal(size=(size, 4))
    asked: list[np.ndarray] = []

    def fetch(ids):
        ids = as_array(ids, "the argument of fetch")
        integers = ids.dtype.kind in "iu" or ids.size == 0
        assert ids.ndim == 1, f"fetch was called with shape {ids.shape}, not (m,)"
        assert integers, f"fetch was called with {ids.dtype} ids"
        assert ((ids >= 0) & (ids < size)).all(), "fetch was asked for an id outside the vocabulary"
        asked.append(ids)
        return table[ids.astype(np.int64)]

    a, b, c = rng.integers(size - 1, size=3)
    for target, negatives in [
        (size - 1, rng.permutation([a, a, a, b, b, c])),
        (int(rng.integers(size - 1)), np.array([size - 1, size - 1])),
        (int(a), np.array([size - 1])),
        (int(b), np.zeros(0, dtype=np.int64)),
    ]:
        center, lr, k = rng.normal(size=4), rng.uniform(0.1, 0.5), len(negatives)
        asked.clear()
        result = student.sgns_sparse_step(center, fetch, target, negatives, lr)
        assert not student.last_call.changed, "sgns_sparse_step changed one of its arguments in place"
        loss, new_center, ids, new_rows = values(result, 4, "sgns_sparse_step")
        where = f"of sgns_sparse_step with K={k}"
        rows = sum(len(request) for request in asked)
        assert rows <= k + 1, f"{rows} rows were fetched by a step with K={k}, at most {k + 1} are right"
        assert len(asked) <= 2, f"fetch was called {len(asked)} times, at most 2 are right"
        touched = np.unique([target, *negatives])
        # The other rows get no gradient: the dense step on the touched ones, numbered by rank, is the answer.
        rank = {int(word): i for i, word in enumerate(touched)}
        expected_loss, grad_center, grad_rows = oracle.sgns(
            center, table[touched], rank[int(target)], [rank[int(n)] for n in negatives]
        )
        assert_close(loss, expected_loss, what=f"the loss {where}")
        assert_close(new_center, center - lr * grad_center, what=f"new_center {where}")
        assert_equal(ids, touched, what=f"ids {where}")
        expected_rows = table[touched] - lr * grad_rows
        assert_close(new_rows, expected_rows, what=f"new_rows {where}")

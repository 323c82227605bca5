"""Hidden tests of self_attention: 25 points."""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, counting, describe, refuses

from . import oracle

D_MODEL, D_K, D_V = 7, 3, 11  # all different, and different from the numbers of tokens


def sentence(rng, *shape):
    """Random tokens of width D_MODEL, and three weights that make scores of about 1."""
    x = rng.normal(size=(*shape, D_MODEL))
    return x, [rng.normal(size=(D_MODEL, width)) / np.sqrt(D_MODEL) for width in (D_K, D_K, D_V)]


def random_mask(rng, *shape):
    """A bool mask; every row has a position that is kept and one that is hidden."""
    kept = rng.random(shape) < 0.6
    first = rng.integers(shape[-1], size=shape[:-1])
    second = (first + rng.integers(1, shape[-1], size=shape[:-1])) % shape[-1]
    np.put_along_axis(kept, first[..., None], True, axis=-1)
    np.put_along_axis(kept, second[..., None], False, axis=-1)
    return kept


def some_scale(rng):
    """A scale other than the default one, 0.577 for D_K = 3."""
    return float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.8, 1.5)]))


def quanta(rng, *shape):
    """Multiples of 1/1024 between -8 and 8: numbers of this grid can be added up to 1e9 without rounding."""
    return rng.integers(-8192, 8193, size=shape) / 1024


def two(result, name):
    """The result as a pair, for a test that looks at its parts one by one."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not two values"
    assert len(result) == 2, f"{name} returned {len(result)} values, not two"
    return result


def is_bool(value, what):
    """The value as an array of bools."""
    array = as_array(value, what)
    assert array.dtype == bool, f"{what} has dtype {array.dtype}, not bool"
    return array


@pytest.mark.points(2)
def test_t01_projections(student, rng):
    """project_qkv: values for x with 2 and 4 axes, d_k != d_v; x and weights of wrong shapes are refused."""
    for shape in [(5,), (1,), (2, 3, 5)]:
        x, weights = sentence(rng, *shape)
        expected = tuple(oracle.project(x, weight) for weight in weights)
        assert_close(student.project_qkv(x, *weights), expected, what=f"project_qkv for x of shape {x.shape}")
    x, weights = sentence(rng, 5)
    refuses("x with a single axis", student.project_qkv, x[0], *weights)
    for i, name in enumerate(["w_q", "w_k", "w_v"]):
        weight = weights[i]
        for bad in [weight[:-1], np.vstack([weight, weight[:1]]), weight[:, 0], weight[:, None]]:
            changed = [*weights[:i], bad, *weights[i + 1 :]]
            refuses(f"{name} of shape {bad.shape} for d_model = {D_MODEL}", student.project_qkv, x, *changed)
    w_q, w_k, w_v = weights
    for width in [1, D_K - 1]:
        refuses(f"w_q of width {width}, w_k of {D_K}", student.project_qkv, x, w_q[:, :width], w_k, w_v)
        refuses(f"w_q of width {D_K}, w_k of {width}", student.project_qkv, x, w_q, w_k[:, :width], w_v)


@pytest.mark.points(2)
def test_t02_softmax_stable(student, rng):
    """masked_softmax without a mask: values, rows that sum to 1, scores up to 1e4, all of them near 1e9."""
    exact = {"rtol": 1e-12, "atol": 1e-12}
    for shape in [(7,), (4, 7), (2, 3, 5)]:
        scores = quanta(rng, *shape)
        result = as_array(student.masked_softmax(scores), "masked_softmax")
        where = f"for scores of shape {shape}"
        assert_close(result, oracle.softmax(scores), **exact, what=f"masked_softmax {where}")
        assert_close(result.sum(axis=-1), np.ones(shape[:-1]), **exact, what=f"the sum of each row {where}")
        constants = rng.integers(-1000, 1001, size=(*shape[:-1], 1))
        moved = student.masked_softmax(scores + constants)
        assert_close(moved, result, **exact, what=f"masked_softmax {where}, a constant added to each row,")
        for offset in [1e9, -1e9]:
            moved = student.masked_softmax(scores + offset)
            what = f"masked_softmax {where}, {offset:g} added to all"
            assert_close(moved, oracle.softmax(scores), **exact, what=what)

    wide = rng.integers(-9000, 9001, size=(4, 6)) + quanta(rng, 4, 6)
    wide[0, :2], wide[1, :2] = [1e4, -1e4], -1e4  # the largest and the smallest, and the smallest twice
    wide[2], wide[3] = -1e4, 1e4  # rows of equal scores
    assert_close(student.masked_softmax(wide), oracle.softmax(wide), **exact, what="for scores up to 1e4")


@pytest.mark.points(3)
def test_t03_softmax_mask(student, rng):
    """masked_softmax with masks: hidden scores, whatever they are, get exactly 0 and influence nothing.

    Also: masks that broadcast, kept scores near -1e9 beside hidden ones at 1e9, hidden NaN and inf, rows that
    keep nothing, arguments unchanged, and masks that are refused.
    """

    def check(scores, mask, where):
        result = student.masked_softmax(scores, mask)
        assert not student.last_call.changed, "masked_softmax changed one of its arguments in place"
        expected = oracle.softmax(scores, mask)
        assert_close(result, expected, rtol=1e-12, atol=1e-12, what=f"masked_softmax {where}")
        hidden = as_array(result)[~np.broadcast_to(mask, scores.shape)]
        assert not hidden.any(), f"masked_softmax {where}: a hidden position is not exactly 0"

    for shape in [(5,), (1, 5), (4, 5), (2, 1, 5), (2, 4, 5)]:
        check(rng.normal(size=(2, 4, 5)), random_mask(rng, *shape), f"with a mask of shape {shape}")

    mask = random_mask(rng, 4, 6)
    emptied = mask.copy()
    emptied[rng.permutation(4)[:2]] = False
    scores = quanta(rng, 4, 6)
    check(np.where(mask, scores - 1e9, 1e9), mask, "where -1e9 is kept and 1e9 hidden")
    check(np.where(mask, -1e9, 1e9 - scores), mask, "where -1e9 is kept and about 1e9 hidden")
    for filler in [np.nan, np.inf, -np.inf]:
        check(np.where(mask, scores, filler), mask, f"where {filler} is hidden")
        check(
            np.where(emptied, scores, filler), emptied, f"where {filler} is hidden and two rows keep nothing"
        )
    check(scores, emptied, "where two rows keep nothing")
    check(scores, np.zeros((1, 6), dtype=bool), "where no row keeps anything")

    for dtype in [np.int64, np.float64]:
        refuses(f"a mask of {np.dtype(dtype)}", student.masked_softmax, scores, mask.astype(dtype))
    for given, shape in [((4, 6), (2, 4, 6)), ((1, 6), (4, 6)), ((4, 1), (4, 6)), ((4, 6), (4, 5))]:
        what = f"a mask of shape {shape} for scores of shape {given}"
        refuses(what, student.masked_softmax, rng.normal(size=given), np.ones(shape, dtype=bool))


@pytest.mark.points(2)
def test_t04_loop_protocol(student, rng):
    """self_attention_loop: what it calls `attend` with, how often, in which order; it stacks what comes back.

    Also: a batch, a bad mask and widths that differ are refused before the first call.
    """
    x, weights = sentence(rng, 4)
    calls, pairs = [], []

    def attend(*arguments, **options):
        calls.append((arguments, options))
        pairs.append((rng.normal(size=D_V), rng.normal(size=4)))
        return pairs[-1]

    masks = [
        None,
        random_mask(rng, 4, 4),
        random_mask(rng, 1, 4),
        random_mask(rng, 4),
        random_mask(rng, 4, 4),
    ]
    scales = [None, None, some_scale(rng), some_scale(rng), some_scale(rng)]
    q, k, v = (oracle.project(x, weight) for weight in weights)
    for mask, scale in zip(masks, scales, strict=True):
        calls.clear()
        pairs.clear()
        result = two(student.self_attention_loop(x, *weights, mask, scale, attend), "self_attention_loop")
        assert len(calls) == 4, f"attend was called {len(calls)} times for 4 tokens"
        rows = [None] * 4 if mask is None else np.broadcast_to(mask, (4, 4))
        factor = D_K**-0.5 if scale is None else scale
        for i, (arguments, options) in enumerate(calls):
            where = f"in call {i} of attend"
            assert not options, f"keyword arguments {where}"
            assert len(arguments) == 5, f"{len(arguments)} arguments {where}, not 5"
            q_i, keys, values, mask_i, given_scale = arguments
            assert_close(q_i, q[i], what=f"q_i {where}")
            assert_close(keys, k, what=f"k {where}")
            assert_close(values, v, what=f"v {where}")
            assert_close(given_scale, factor, what=f"scale {where}")
            if mask is None:
                assert mask_i is None, f"mask_i {where} is {describe(mask_i)}, but there is no mask"
            else:
                assert_equal(is_bool(mask_i, f"mask_i {where}"), rows[i], what=f"mask_i {where}")
        assert_equal(result[0], np.stack([b_i for b_i, _ in pairs]), what="b, stacked,")
        assert_equal(result[1], np.stack([alpha_i for _, alpha_i in pairs]), what="alpha, stacked,")

    def loop(x, **options):
        return student.self_attention_loop(x, *weights, attend=attend, **options)

    calls.clear()
    refuses("x of 1 axis", loop, x[0])
    refuses("x of 3 axes", loop, np.stack([x, x, x, x]))
    refuses("a mask of int64", loop, x, mask=np.ones((4, 4), dtype=np.int64))
    for shape in [(2, 4, 4), (4, 3), (3, 4)]:
        refuses(f"a mask of shape {shape} for 4 tokens", loop, x, mask=np.ones(shape, dtype=bool))
    w_q, w_k, w_v = weights
    refuses("w_k wider than w_q", student.self_attention_loop, x, w_q[:, :2], w_k, w_v, attend=attend)
    assert not calls, "attend was called although an argument should be refused"


@pytest.mark.points(3)
def test_t05_matrix_values(student, rng):
    """self_attention: b and alpha of sentences and batches; no, random, causal and padding masks; scales."""
    for lead in [(), (2,), (2, 3)]:
        x, weights = sentence(rng, *lead, 5)
        cases = [
            ("no mask", None, None),
            ("no mask and a scale", None, some_scale(rng)),
            ("a random mask", random_mask(rng, *lead, 5, 5), None),
            ("a causal mask and a scale", np.tri(5, dtype=bool), some_scale(rng)),
            ("a padding mask", np.arange(5) < rng.integers(1, 5, size=(*lead, 1, 1)), None),
        ]
        for name, mask, scale in cases:
            where = f"for x of shape {x.shape}, {name}"
            result = two(student.self_attention(x, *weights, mask, scale), "self_attention")
            assert not student.last_call.changed, "self_attention changed one of its arguments in place"
            b, alpha = oracle.attention(x, weights, mask, scale)
            assert_close(result[1], alpha, rtol=1e-10, atol=1e-10, what=f"alpha {where}")
            assert_close(result[0], b, rtol=1e-10, atol=1e-10, what=f"b {where}")


@pytest.mark.points(1)
def test_t06_loop_equals_matrix(student, rng):
    """self_attention_loop and self_attention give the same, also where queries may look at nothing.

    Both refuse masks that are not bool or do not fit, and weights that do not fit.
    """
    emptied = random_mask(rng, 5, 5)
    emptied[rng.permutation(5)[:2]] = False
    for name, mask, scale in [
        ("without a mask", None, None),
        ("with a random mask", random_mask(rng, 5, 5), some_scale(rng)),
        ("with two queries that may look at nothing", emptied, None),
    ]:
        x, weights = sentence(rng, 5)
        loop = two(student.self_attention_loop(x, *weights, mask, scale), "self_attention_loop")
        matrix = two(student.self_attention(x, *weights, mask, scale), "self_attention")
        for part, one, other in zip(["b", "alpha"], loop, matrix, strict=True):
            what = f"{part} of the loop, against {part} of the matrix form, {name},"
            assert_close(one, as_array(other), rtol=1e-12, atol=1e-12, what=what)
    w_q, w_k, w_v = weights
    for name in ["self_attention_loop", "self_attention"]:
        function = getattr(student, name)
        for bad in [np.ones((5, 5)), np.ones((2, 5, 5), dtype=bool), np.ones((5, 4), dtype=bool)]:
            refuses(f"a mask that is {describe(bad)}, 5 tokens, {name}", function, x, *weights, bad)
        refuses(f"w_k wider than w_q, {name}", function, x, w_q[:, :2], w_k, w_v)


@pytest.mark.points(1)
def test_t07_permutation(student, rng):
    """self_attention without a mask: when tokens change places, b and both axes of alpha follow them."""
    same = {"rtol": 1e-10, "atol": 1e-10}
    for n in [2, 5, 6]:
        x, weights = sentence(rng, n)
        order = rng.permutation(n)
        perm = np.empty(n, dtype=np.int64)
        perm[order] = np.roll(order, 1)  # one cycle: no token keeps its place
        b, alpha = two(student.self_attention(x, *weights), "self_attention")
        moved_b, moved_alpha = two(student.self_attention(x[perm], *weights), "self_attention")
        b, alpha = as_array(b, "b"), as_array(alpha, "alpha")
        assert (len(b), alpha.shape) == (n, (n, n)), f"alpha has shape {alpha.shape} for {n} tokens"
        assert_close(moved_b, b[perm], **same, what=f"b of {n} tokens in another order")
        what = f"alpha of {n} tokens in another order"
        assert_close(moved_alpha, alpha[np.ix_(perm, perm)], **same, what=what)


@pytest.mark.points(2)
def test_t08_causality(student, rng):
    """causal_mask, entry by entry; with it a change of x_j changes b_j, and no b_i before it."""
    literal = {
        0: np.zeros((0, 0), dtype=bool),
        1: np.array([[True]]),
        4: np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]], dtype=bool),
    }
    for n, expected in literal.items():
        mask = is_bool(student.causal_mask(n), f"causal_mask({n})")
        assert_equal(mask, expected, what=f"causal_mask({n})")
    refuses("n = -1", student.causal_mask, -1)

    x, weights = sentence(rng, 5)
    mask = is_bool(student.causal_mask(5), "causal_mask(5)")

    def outputs(x):
        b = as_array(two(student.self_attention(x, *weights, mask), "self_attention")[0], "b")
        assert b.shape == (5, D_V), f"b has shape {b.shape}, not {(5, D_V)}"
        return b

    before = outputs(x)
    for j in range(5):
        other = x.copy()
        other[j] = rng.normal(size=D_MODEL)
        after = outputs(other)
        what = f"b before position {j}, after a change of x at {j},"
        assert_close(after[:j], before[:j], rtol=0, atol=1e-12, what=what)
        moved = np.abs(after[j] - before[j]).max()
        assert moved > 1e-6, f"b at position {j} does not depend on x at {j}"


@pytest.mark.points(2)
def test_t09_padding(student, rng):
    """padding_mask, entry by entry, and bad lengths; with it padding full of +-1e6 changes no real output.

    Each sentence gives what it gives alone, without padding; a sentence of length 0 gives zeros.
    """
    mask = is_bool(student.padding_mask(np.array([2, 0, 3, 1]), 3), "padding_mask")
    expected = np.array([[[1, 1, 0]], [[0, 0, 0]], [[1, 1, 1]], [[1, 0, 0]]], dtype=bool)
    assert_equal(mask, expected, what="padding_mask([2, 0, 3, 1], 3)")
    for lengths in [[-1], [2, -1, 3], [4], [0, 4, 3]]:
        refuses(f"lengths {lengths} with n = 3", student.padding_mask, np.array(lengths), 3)

    # Each sentence comes twice, so that the score of padding is high for each query in one of the two.
    lengths = rng.permutation(5)
    x, weights = sentence(rng, 5, 4)
    real = (np.arange(4) < lengths[:, None])[..., None]
    padded = np.stack([np.where(real, x, 1e6), np.where(real, x, -1e6)])
    mask = is_bool(student.padding_mask(lengths, 4), "padding_mask")
    b, alpha = two(student.self_attention(padded, *weights, mask), "self_attention")
    b, alpha = as_array(b, "b"), as_array(alpha, "alpha")
    assert b.shape == (2, 5, 4, D_V), f"b has shape {b.shape}, not {(2, 5, 4, D_V)}"
    assert alpha.shape == (2, 5, 4, 4), f"alpha has shape {alpha.shape}, not {(2, 5, 4, 4)}"
    for i, length in enumerate(lengths.tolist()):
        if length == 0:
            assert (b[:, i] == 0).all(), "b of a sentence of length 0 is not 0"
            assert (alpha[:, i] == 0).all(), "alpha of a sentence of length 0 is not 0"
            continue
        alone = two(student.self_attention(x[i, :length], *weights), "self_attention")
        where = f"of {length} real tokens, against the same sentence without padding,"
        same = {"rtol": 1e-10, "atol": 1e-10}
        for padded_b, padded_alpha in zip(b[:, i], alpha[:, i], strict=True):
            assert_close(padded_b[:length], as_array(alone[0]), **same, what=f"b {where}")
            within = padded_alpha[:length, :length]
            assert_close(within, as_array(alone[1]), **same, what=f"alpha {where}")


@pytest.mark.points(3)
def test_t10_backward(student, rng):
    """self_attention_backward: the gradients of x, w_q, w_k and w_v; masks, a query without keys, a scale.

    No argument is changed.
    """
    emptied = random_mask(rng, 5, 5)
    emptied[rng.integers(5)] = False
    for name, mask, scale in [
        ("without a mask", None, None),
        ("with a scale", None, some_scale(rng)),
        ("with a causal mask", np.tri(5, dtype=bool), None),
        ("with a query that may look at nothing", emptied, some_scale(rng)),
    ]:
        x, weights = sentence(rng, 5)
        d_b = rng.normal(size=(5, D_V))
        result = student.self_attention_backward(d_b, x, *weights, mask, scale)
        assert not student.last_call.changed, "self_attention_backward changed one of its arguments in place"
        expected = oracle.gradients(d_b, x, weights, mask, scale)
        assert_close(result, expected, rtol=1e-8, atol=1e-8, what=f"self_attention_backward {name}")

        variables = dict(zip(expected, (x, *weights), strict=True))
        for key, value in variables.items():
            index = tuple(int(rng.integers(size)) for size in value.shape)
            slope = oracle.slope(d_b, variables, key, index, mask, scale)
            what = f"the gradient of {key} at {index} {name}, against a central difference,"
            assert_close(as_array(result[key])[index], slope, rtol=1e-5, atol=1e-5, what=what)


@pytest.mark.points(2)
def test_t11_streaming(student, rng):
    """StreamingSelfAttention: steps give the rows of your causal self_attention; cache and reset.

    Two streams run side by side, with different scales. A token of the wrong shape is refused.
    """
    x, weights = sentence(rng, 9)
    keys, values = (oracle.project(x, weight) for weight in weights[1:])
    same = {"rtol": 1e-10, "atol": 1e-10}
    scales = [None, some_scale(rng)]
    streams = [student.StreamingSelfAttention(*weights, scale) for scale in scales]
    rows = []
    for scale in scales:
        b, _ = two(student.self_attention(x, *weights, np.tri(9, dtype=bool), scale), "self_attention")
        rows.append(as_array(b, "b"))
        assert rows[-1].shape == (9, D_V), f"b of self_attention has shape {rows[-1].shape}, not {(9, D_V)}"

    def check_cache(stream, t, when):
        got = two(stream.cache(), "cache()")
        assert_close(got[0], keys[:t], **same, what=f"the keys in the cache {when}")
        assert_close(got[1], values[:t], **same, what=f"the values in the cache {when}")

    check_cache(streams[0], 0, "at the start")
    for t in range(9):
        for stream, wanted, scale in zip(streams, rows, scales, strict=True):
            what = f"the output of step {t + 1}, scale={'None' if scale is None else 'a number'},"
            assert_close(stream.step(x[t]), wanted[t], **same, what=what)
        if t in (0, 4, 8):
            check_cache(streams[0], t + 1, f"after {t + 1} steps")

    for bad in [x[0, :-1], np.append(x[0], 1.0), x[0, :1], x[:1], x[:1].T, x[:2]]:
        refuses(f"a token of shape {bad.shape} for d_model = {D_MODEL}", streams[0].step, bad)
        check_cache(streams[0], 9, f"after a token of shape {bad.shape}")
    streams[0].reset()
    check_cache(streams[0], 0, "after reset()")
    check_cache(streams[1], 9, "of one stream after reset() of another one")
    for t in range(3):
        assert_close(
            streams[0].step(x[t]), rows[0][t], **same, what=f"the output of step {t + 1} after reset()"
        )
    check_cache(streams[0], 3, "3 steps after reset()")


@pytest.mark.points(1)
def test_t12_vectorised(student, rng):
    """self_attention and masked_softmax: about as many bytecodes for 6 sentences of 128 as for 2 of 8."""
    counts = {"self_attention": [], "masked_softmax": []}
    for batch, n in [(2, 8), (6, 128)]:
        x, weights = sentence(rng, batch, n)
        mask = np.tri(n, dtype=bool)
        with counting(student) as count:
            b, _ = two(student.self_attention(x, *weights, mask), "self_attention")
        counts["self_attention"].append(count.bytecodes)
        scores = rng.normal(size=(batch, n, n))
        with counting(student) as count:
            alpha = student.masked_softmax(scores, mask)
        counts["masked_softmax"].append(count.bytecodes)
        shapes = as_array(b, "b").shape, as_array(alpha, "masked_softmax").shape
        assert shapes == ((batch, n, D_V), (batch, n, n)), f"b and the weights have the shapes {shapes}"
    for name, (few, many) in counts.items():
        assert many <= 1.5 * few, f"{name} executes {many / few:.3g} times as many bytecodes: there is a loop"


@pytest.mark.points(1)
def test_t13_attend_one_and_refusals(student, rng):
    """attend_one: b_i and alpha_i for 1 to 9 keys, with and without mask and scale; no keys are refused.

    Everything with a scale refuses one that is not positive, and self_attention_backward refuses a batch.
    """
    for n, masked, scale in [
        (1, False, None),
        (2, True, some_scale(rng)),
        (5, False, some_scale(rng)),
        (9, True, None),
        (9, False, None),
    ]:
        q_i, keys, values = rng.normal(size=D_K), rng.normal(size=(n, D_K)), rng.normal(size=(n, D_V))
        mask_i = random_mask(rng, n) if masked else None
        where = f"for {n} keys{', a mask' if masked else ''}{', a scale' if scale else ''}"
        result = two(student.attend_one(q_i, keys, values, mask_i, scale), "attend_one")
        b_i, alpha_i = oracle.attend_one(q_i, keys, values, mask_i, scale)
        assert_close(result[0], b_i, rtol=1e-10, atol=1e-10, what=f"b_i {where}")
        assert_close(result[1], alpha_i, rtol=1e-10, atol=1e-10, what=f"alpha_i {where}")
    refuses("no keys at all", student.attend_one, q_i, keys[:0], values[:0])

    x, weights = sentence(rng, 4)
    d_b = rng.normal(size=(4, D_V))
    for scale in [0.0, -0.5, float("nan")]:
        for name, arguments in [
            ("attend_one", (q_i, keys, values)),
            ("self_attention_loop", (x, *weights)),
            ("self_attention", (x, *weights)),
            ("self_attention_backward", (d_b, x, *weights)),
            ("StreamingSelfAttention", tuple(weights)),
        ]:
            refuses(f"scale={scale} of {name}", getattr(student, name), *arguments, scale=scale)
    small = rng.normal(size=(2, 2, 2))  # sizes with which hardly any product fails by itself
    square = rng.normal(size=(3, 2, 2))
    refuses("x of 3 axes in self_attention_backward", student.self_attention_backward, small, small, *square)

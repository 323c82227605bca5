"""Hidden tests of position_embedding: 26 points."""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, describe, refuses

from . import oracle


def projections(rng, width, d, dv):
    """Random Wq, Wk and Wv that keep the size of what they project."""
    return [rng.normal(size=(width, columns)) / np.sqrt(width) for columns in (d, d, dv)]


def assert_unchanged(student, name):
    """The last call left its arguments alone."""
    assert not student.last_call.changed, f"{name} changed one of its arguments in place"


def assert_verdict(student, name, function, expected, what, X, perm, *atol):
    """The student's answer about a function is a bool, the right one, and had at the price of two calls."""
    watched = oracle.Watched(function, X.shape)
    answer = getattr(student, name)(watched, X, perm, *atol)
    assert_unchanged(student, name)
    value = as_array(answer, f"{name} of {what}")
    is_bool = value.shape == () and value.dtype.kind == "b"
    assert is_bool, f"{name} of {what} is {describe(answer)}, not a bool"
    assert bool(value) == expected, f"{name} of {what} is {bool(value)}"
    assert watched.calls <= 2, f"{name} called f {watched.calls} times, at most 2 calls are allowed"


def refuses_what_is_no_permutation(student, rng, name):
    """Repeated, missing, negative and too large indices; too many and too few of them."""
    X = rng.normal(size=(6, 3))
    perm = rng.permutation(6)
    for why, bad in [
        ("an index that occurs twice", np.where(perm == 2, 4, perm)),
        ("indices 1..L", perm + 1),
        ("-1 in place of the last index", np.where(perm == 5, -1, perm)),
        ("indices -L..-1", perm - 6),
        ("an index too few", rng.permutation(5)),
        ("an index too many", rng.permutation(7)),
    ]:
        refuses(f"a perm with {why}", getattr(student, name), lambda x: x, X, bad)


@pytest.mark.points(3)
def test_t01_sinusoidal_pe(student):
    """sinusoidal_pe: every value, for lengths 1, 50 and 7 and widths 2, 16 and 64."""
    for length, width in [(1, 2), (50, 16), (7, 64)]:
        codes = student.sinusoidal_pe(length, width)
        expected = oracle.sinusoids(length, width)
        assert_close(codes, expected, rtol=0, atol=1e-10, what=f"sinusoidal_pe({length}, {width})")


@pytest.mark.points(1)
def test_t02_base_and_offset(student):
    """sinusoidal_pe: other bases, large and negative offsets (float64 throughout), and length 0."""
    same = {"rtol": 0, "atol": 1e-9}
    for length, width, base, offset in [
        (5, 8, 100.0, 9000),
        (5, 8, 10000.0, 9000),
        (6, 4, 100.0, -3),
        (4, 6, 1.0, 2),
        (4, 6, 0.5, 0),
    ]:
        codes = student.sinusoidal_pe(length, width, base, offset)
        what = f"sinusoidal_pe({length}, {width}, base={base:g}, offset={offset})"
        assert_close(codes, oracle.sinusoids(length, width, base, offset), **same, what=what)

    table = as_array(student.sinusoidal_pe(30, 6), "sinusoidal_pe(30, 6)")
    assert table.shape == (30, 6), f"sinusoidal_pe(30, 6) has shape {table.shape}"
    for offset in [1, 17]:
        later = student.sinusoidal_pe(10, 6, offset=offset)
        what = f"sinusoidal_pe(10, 6, offset={offset}) beside the same rows of a longer table"
        assert_close(later, table[offset : offset + 10], **same, what=what)
    for offset in [0, 5]:
        what = f"sinusoidal_pe(0, 6, offset={offset})"
        assert_equal(student.sinusoidal_pe(0, 6, offset=offset), np.zeros((0, 6)), what=what)


@pytest.mark.points(1)
def test_t03_errors(student):
    """ValueError of sinusoidal_pe, rope and relative_bias for sizes and bases that make no sense."""
    rng = np.random.default_rng(3)  # what is refused does not depend on the numbers
    for length, width in [(3, 5), (3, 1), (3, 0), (3, -2), (0, 5), (0, 0)]:
        refuses(f"length={length}, d_model={width}", student.sinusoidal_pe, length, width)
    for length in [-1, -4]:
        refuses(f"length={length}", student.sinusoidal_pe, length, 4)
    for base in [0.0, -0.5, -100.0]:
        refuses(f"base={base:g}", student.sinusoidal_pe, 3, 4, base)
    for width in [1, 5]:
        x = rng.normal(size=(3, width))
        refuses(f"x of shape {x.shape}", student.rope, x, np.arange(3))
    for entries in [2, 6, 0]:
        refuses(f"a table of {entries} entries", student.relative_bias, 4, rng.normal(size=entries))


@pytest.mark.points(3)
def test_t04_shift_matrix(student):
    """shift_matrix moves true codes and your sinusoidal_pe's by k; orthogonal, and shifts add up."""
    same = {"rtol": 0, "atol": 1e-9}
    for width, options in [(16, {}), (2, {}), (8, {"base": 50.0})]:
        matrices = {}
        for k in [0, 1, 7, -5, 8, 2]:
            what = f"shift_matrix({width}, {k}, {options})" if options else f"shift_matrix({width}, {k})"
            M = matrices[k] = as_array(student.shift_matrix(width, k, **options), what)
            assert M.shape == (width, width), f"{what} has shape {M.shape}, not {(width, width)}"
            here, there = (oracle.sinusoids(201, width, **options, offset=p) for p in (0, k))
            assert_close(here @ M.T, there, **same, what=f"{what} times the codes of positions 0..200")
            assert_close(M.T @ M, np.eye(width), **same, what=f"M^T M for M = {what}")
        for k, then in [(1, 7), (7, -5), (1, 1)]:
            what = f"the product of the shifts by {k} and by {then} for width {width}"
            assert_close(matrices[k] @ matrices[then], matrices[k + then], **same, what=what)

        codes = as_array(student.sinusoidal_pe(213, width, **options), "sinusoidal_pe")
        assert codes.shape == (213, width), f"sinusoidal_pe(213, {width}) has shape {codes.shape}"
        for k in [1, 7, -5]:
            what = f"shift_matrix({width}, {k}) times the rows of your sinusoidal_pe"
            assert_close(codes[5:206] @ matrices[k].T, codes[5 + k : 206 + k], **same, what=what)


@pytest.mark.points(1)
def test_t05_inner_products(student):
    """sinusoidal_pe: inner products of codes depend on the distance only; a code with itself gives D/2."""
    same = {"rtol": 0, "atol": 1e-9}
    for length, width, base in [(20, 16, 10000.0), (12, 6, 100.0)]:
        what = f"sinusoidal_pe({length}, {width}, base={base:g})"
        codes = as_array(student.sinusoidal_pe(length, width, base), what)
        assert codes.shape == (length, width), f"{what} has shape {codes.shape}"
        products = codes @ codes.T
        itself = np.full(length, width / 2)
        assert_close(np.diagonal(products), itself, **same, what=f"|PE(p)|^2 for each row of {what}")
        what = f"PE(p + 1) · PE(q + 1) beside PE(p) · PE(q) for {what}"
        assert_close(products[1:, 1:], products[:-1, :-1], **same, what=what)


@pytest.mark.points(3)
def test_t06_add_positions(student, rng):
    """add_positions: fewer and more sentences than tokens, longer tables, scale; codes that do not fit."""
    same = {"rtol": 0, "atol": 1e-12}
    for batch, length, rows, width in [(3, 5, 5, 4), (6, 4, 9, 3), (2, 3, 4, 6), (1, 1, 1, 2)]:
        X, pe = rng.normal(size=(batch, length, width)), rng.normal(size=(rows, width))
        for options, factor in [({}, 1.0), ({"scale": True}, width**0.5), ({"scale": False}, 1.0)]:
            expected = np.empty_like(X)
            for position in range(length):
                expected[:, position] = X[:, position] * factor + pe[position]
            result = student.add_positions(X, pe, **options)
            assert_unchanged(student, "add_positions")
            scale = options.get("scale", "left out")
            what = f"add_positions for X of shape {X.shape}, pe of shape {pe.shape}, scale {scale}"
            assert_close(result, expected, **same, what=what)
    X = rng.normal(size=(2, 4, 3))
    for shape in [(3, 3), (1, 3), (4, 1), (5, 2), (5, 4)]:
        why = f"X of shape {X.shape} and pe of shape {shape}"
        refuses(why, student.add_positions, X, rng.normal(size=shape))


@pytest.mark.points(3)
def test_t07_self_attention(student, rng):
    """self_attention: plain, causal, with a bias, with both; d != dv; scores up to 1e4."""
    for length, width, d, dv in [(1, 3, 2, 2), (5, 6, 4, 3), (7, 4, 6, 5)]:
        inputs = rng.normal(size=(length, width)), *projections(rng, width, d, dv)
        bias = rng.normal(scale=2.0, size=(length, length))
        for options in [{}, {"causal": True}, {"bias": bias}, {"causal": True, "bias": bias}]:
            output = student.self_attention(*inputs, **options)
            assert_unchanged(student, "self_attention")
            kind = " and ".join(options) or "plain"
            what = f"self_attention for L={length}, D={width}, d={d}, dv={dv}, {kind}"
            assert_close(output, oracle.attention(*inputs, **options), atol=1e-9, what=what)

    length, width, d, dv = 6, 5, 4, 3
    X, Wq, Wk, Wv = rng.normal(size=(length, width)), *projections(rng, width, d, dv)
    largest = np.abs(X @ Wq @ (X @ Wk).T).max() / np.sqrt(d)
    # Softmax does not see what a whole row has in common, but an exp without a shift does.
    common = np.repeat(rng.permutation(np.linspace(-9000.0, 9000.0, length))[:, None], length, axis=1)
    future = np.triu(np.full((length, length), 9000.0), k=1)
    for what, query_weights, options in [
        ("scores up to 1e4", Wq * (1e4 / largest), {}),
        ("scores up to 1e4, causal", Wq * (1e4 / largest), {"causal": True}),
        ("rows of scores around -9000 to 9000", Wq, {"bias": common}),
        ("scores of 9000 that causal hides", Wq, {"causal": True, "bias": future}),
    ]:
        output = student.self_attention(X, query_weights, Wk, Wv, **options)
        expected = oracle.attention(X, query_weights, Wk, Wv, **options)
        assert_close(output, expected, atol=1e-9, what=f"self_attention with {what}")


@pytest.mark.points(2)
def test_t08_equivariance_of_attention(student, rng):
    """self_attention: outputs move with their tokens, unless positions are added or it is causal."""
    length, width, dv = 8, 6, 5
    weights = projections(rng, width, 4, dv)
    X = rng.normal(size=(length, width))
    X[-1] = X[0]  # the same word first and last
    codes = oracle.sinusoids(length, width)

    def attention(x, **options):
        output = as_array(student.self_attention(x, *weights, **options), "self_attention")
        assert output.shape == (length, dv), f"self_attention has shape {output.shape}, not {(length, dv)}"
        return output

    plain = attention(X)
    what = "the output of the last token, which equals the first"
    assert_close(plain[-1], plain[0], rtol=0, atol=1e-9, what=what)
    perms = [oracle.long_cycle(rng, length) for _ in range(10)]
    for perm in perms:
        what = "self_attention of the permuted tokens, beside its permuted outputs"
        assert_close(attention(X[perm]), plain[perm], rtol=0, atol=1e-9, what=what)

    perm = np.roll(np.arange(length), int(rng.integers(2, length - 1)))
    for what, options, pe in [("with positions added", {}, codes), ("with causal", {"causal": True}, 0.0)]:
        permuted, output = attention(X[perm] + pe, **options), attention(X + pe, **options)
        moved = np.abs(permuted - output[perm]).max()
        assert moved > 1e-3, f"{what}, self_attention still ignores the order of the tokens"


@pytest.mark.points(3)
def test_t09_is_permutation_equivariant(student, rng):
    """is_permutation_equivariant: functions of known symmetry, shapes, tolerance, calls of f, bad perms."""
    name = "is_permutation_equivariant"
    X = rng.normal(size=(7, 4))
    perm = oracle.long_cycle(rng, 7)
    weights = projections(rng, 4, 3, 5)
    codes = oracle.sinusoids(7, 4)
    for what, function, expected in [
        ("self-attention", lambda x: oracle.attention(x, *weights), True),
        ("self-attention with positions added", lambda x: oracle.attention(x + codes, *weights), False),
        ("causal self-attention", lambda x: oracle.attention(x, *weights, causal=True), False),
        ("squares of all entries", lambda x: x**2, True),
        ("the mean row, repeated for each row", lambda x: np.tile(x.mean(axis=0), (7, 1)), True),
        ("one number per row", lambda x: x.sum(axis=1), True),
        ("each column sorted on its own", lambda x: np.sort(x, axis=0), False),
        ("cumulative sums", lambda x: np.cumsum(x, axis=0), False),
        ("mean pooling to a vector shorter than L", lambda x: x.mean(axis=0), False),
        ("pooling to a vector longer than L", lambda x: np.repeat(x.mean(axis=0), 3), False),
        ("pooling to one number", lambda x: x.sum(), False),
    ]:
        assert_verdict(student, name, function, expected, what, X, perm)

    first = X[0, 0]
    widths = "a function whose width depends on the first token"
    assert_verdict(
        student, name, lambda x: np.ones((7, 1 if x[0, 0] == first else 4)), False, widths, X, perm
    )
    step = (np.arange(7) == 0)[:, None]  # off by `size` in row 0, wherever the tokens are
    for what, function, expected, *atol in [
        ("a function off by 8e-9", lambda x: 8e-9 * step, True),
        ("a function off by 1.2e-8", lambda x: 1.2e-8 * step, False),
        ("a function off by 1 in a million", lambda x: 1e6 + step, False),
        ("a function off by 0.1, atol=0.2", lambda x: 0.1 * step, True, 0.2),
        ("a function off by 0.3, atol=0.2", lambda x: 0.3 * step, False, 0.2),
    ]:
        assert_verdict(student, name, function, expected, what, X, perm, *atol)
    refuses_what_is_no_permutation(student, rng, name)


@pytest.mark.points(1)
def test_t10_is_permutation_invariant(student, rng):
    """is_permutation_invariant: functions of known symmetry, shapes, tolerance, calls of f, bad perms."""
    name = "is_permutation_invariant"
    X = rng.normal(size=(6, 4))
    perm = oracle.long_cycle(rng, 6)
    weights = projections(rng, 4, 3, 5)
    codes = oracle.sinusoids(6, 4)
    for what, function, expected in [
        ("mean pooling", lambda x: x.mean(axis=0), True),
        ("the sum of attention outputs", lambda x: oracle.attention(x, *weights).sum(axis=0), True),
        ("the largest entry, one number", lambda x: x.max(), True),
        ("each column sorted on its own", lambda x: np.sort(x, axis=0), True),
        ("the identity", lambda x: x, False),
        ("the first row", lambda x: x[0], False),
        ("the mean of (X + PE)^2", lambda x: ((x + codes) ** 2).mean(axis=0), False),
    ]:
        assert_verdict(student, name, function, expected, what, X, perm)

    first = X[0, 0]
    rows = "a function with as many rows as the first token says"
    assert_verdict(student, name, lambda x: np.ones((1 if x[0, 0] == first else 3, 4)), False, rows, X, perm)
    step = (np.arange(6) == 0)[:, None]
    for what, tokens, expected, *atol in [
        ("the identity, tokens 8e-9 apart", 8e-9 * step, True),
        ("the identity, tokens 1.2e-8 apart", 1.2e-8 * step, False),
        ("the identity, tokens near a million and 1 apart", 1e6 + step, False),
        ("the identity, tokens 0.1 apart, atol=0.2", 0.1 * step, True, 0.2),
        ("the identity, tokens 0.3 apart, atol=0.2", 0.3 * step, False, 0.2),
    ]:
        assert_verdict(student, name, lambda x: x, expected, what, tokens, perm, *atol)
    refuses_what_is_no_permutation(student, rng, name)


@pytest.mark.points(3)
def test_t11_rope(student, rng):
    """rope: every value, norms kept; positions out of order, repeated, negative and 0; base 500."""
    for width, options in [(8, {}), (2, {}), (6, {"base": 500.0})]:
        positions = rng.permutation([0, 1, 3, 3, -7, 12, 250, 0])
        x = rng.normal(size=(8, width))
        result = student.rope(x, positions, **options)
        assert_unchanged(student, "rope")
        what = f"rope for x of shape {x.shape}" + (", base=500" if options else "")
        y = as_array(result, what)
        assert_close(y, oracle.rotated(x, positions, **options), rtol=0, atol=1e-10, what=what)
        norms = np.linalg.norm(x, axis=1)
        what = f"the norms of the rows of {what}"
        assert_close(np.linalg.norm(y, axis=1), norms, rtol=0, atol=1e-10, what=what)
        still = positions == 0
        assert_close(y[still], x[still], rtol=0, atol=1e-10, what="rope at position 0")


@pytest.mark.points(1)
def test_t12_rope_is_relative(student, rng):
    """rope: the inner product of query and key depends on the difference of positions, and only on it."""
    q, k = rng.normal(size=(6, 8)), rng.normal(size=(6, 8))
    m, n = rng.integers(0, 50, size=6), rng.integers(0, 50, size=6)

    def products(m, n):
        turned = [as_array(student.rope(x, positions), "rope") for x, positions in ((q, m), (k, n))]
        for rows in turned:
            assert rows.shape == q.shape, f"rope has shape {rows.shape} for x of shape {q.shape}"
        return (turned[0] * turned[1]).sum(axis=1)

    here = products(m, n)
    what = "rope(q, m + 100) · rope(k, n + 100) beside rope(q, m) · rope(k, n)"
    assert_close(products(m + 100, n + 100), here, rtol=0, atol=1e-9, what=what)
    for other in [products(m, n + 1), products(m + 3, n)]:
        changed = np.abs(other - here).max() > 1e-3
        assert changed, "rope(q, m) · rope(k, n) stays the same when m - n changes"


@pytest.mark.points(1)
def test_t13_relative_bias(student, rng):
    """relative_bias: every entry for K from 0 to more than L; constant diagonals; antisymmetric tables."""
    for length, farthest in [(5, 2), (5, 0), (4, 3), (6, 4), (3, 9), (1, 0), (1, 2)]:
        what = f"relative_bias for length {length}, K={farthest}"
        table = rng.normal(size=2 * farthest + 1)
        bias = as_array(student.relative_bias(length, table), what)
        assert_unchanged(student, "relative_bias")
        assert_equal(bias, oracle.distance_bias(length, table), what=what)
        assert_equal(bias[1:, 1:], bias[:-1, :-1], what=f"{what}, moved along its diagonals")
        bias = as_array(student.relative_bias(length, table - table[::-1]), what)
        assert_equal(bias, -bias.T, what=f"{what} and an antisymmetric table")

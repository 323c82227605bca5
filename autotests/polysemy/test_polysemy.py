"""Hidden tests of polysemy: 26 points."""

from __future__ import annotations

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, describe, refuses

from . import oracle

TIGHT = {"rtol": 1e-12, "atol": 1e-12}


def unchanged(student, name):
    """The last call left its arguments alone."""
    assert not student.last_call.changed, f"{name} changed one of its arguments in place"


def pair(result, name, parts):
    """The result as two values."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not {parts}"
    assert len(result) == 2, f"{name} returned {describe(result)}, not {parts}"
    return result


def attend(student, X, *arguments, **options):
    """The student's (H, A) as arrays of the right shapes."""
    H, A = pair(student.contextualize(X, *arguments, **options), "contextualize", "(H, A)")
    H, A = as_array(H, "H"), as_array(A, "A")
    assert H.shape == X.shape, f"H has shape {H.shape}, not {X.shape}"
    assert A.shape == (len(X), len(X)), f"A has shape {A.shape}, not {(len(X), len(X))}"
    return H, A


def orthonormal(rng, n):
    """n random unit vectors (n, n), each orthogonal to the others."""
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def lopsided(rng, n):
    """n counts that are far from equal, in random order."""
    return rng.permutation(np.arange(1, n + 1) ** 2) * rng.uniform(0.5, 1.5)


@pytest.mark.points(2)
def test_t01_superpose(student, rng):
    """superpose: 20 random cases; only proportions count; a single sense; what it refuses."""
    for i in range(20):
        s, d = 1 + i % 5, 1 + i % 4
        sense_vectors = rng.normal(size=(s, d))
        counts = rng.integers(1, 60, size=s) if i % 2 else rng.uniform(0.1, 9.0, size=s)
        what = f"superpose of {s} sense(s) with {counts.dtype} counts"
        expected = oracle.superpose(sense_vectors, counts)
        assert_close(student.superpose(sense_vectors, counts), expected, what=what, **TIGHT)
        unchanged(student, "superpose")
        scaled = student.superpose(sense_vectors, 7.5 * counts)
        assert_close(scaled, expected, what=f"{what}, the counts multiplied by 7.5", **TIGHT)
    sense_vectors = rng.normal(size=(4, 3))
    for sense in range(4):
        only = np.where(np.arange(4) == sense, 6, 0)
        what = "superpose where only one count is not 0"
        assert_close(student.superpose(sense_vectors, only), sense_vectors[sense], what=what, **TIGHT)
    for name, counts in [
        ("a negative count", np.array([3.0, -1.0, 2.0, 1.0])),
        ("counts that are all 0", np.zeros(4)),
        ("3 counts for 4 senses", np.ones(3)),
        ("5 counts for 4 senses", np.ones(5)),
        ("1 count for 4 senses", np.ones(1)),
    ]:
        refuses(name, student.superpose, sense_vectors, counts)
    refuses("3 counts for 1 sense", student.superpose, sense_vectors[:1], np.ones(3))


@pytest.mark.points(1)
def test_t02_static_embedding(student, rng):
    """static_embedding: words that occur once, often and everywhere; an absent word is refused."""
    token_ids = rng.permutation(np.repeat([0, 2, 5, 9], [1, 3, 4, 6]))
    vectors = rng.normal(loc=1.0, size=(14, 3))
    for word in [0, 2, 5, 9]:
        expected = oracle.mean_where(token_ids, vectors, word)
        result = student.static_embedding(token_ids, vectors, word)
        assert_close(result, expected, what=f"static_embedding of word {word}", **TIGHT)
        unchanged(student, "static_embedding")
    everywhere = np.full(14, 3)
    expected = oracle.mean_where(everywhere, vectors, 3)
    result = student.static_embedding(everywhere, vectors, 3)
    assert_close(result, expected, what="static_embedding of the only word of a text", **TIGHT)
    for absent in [1, 10]:
        refuses("a word that does not occur", student.static_embedding, token_ids, vectors, absent)


@pytest.mark.points(2)
def test_t03_static_is_a_superposition(student, rng):
    """The static_embedding of a word is the superpose of its mean vector in each sense, by their counts."""
    counts = rng.permutation([70, 25, 5])
    senses = np.repeat([0, 1, 2], counts)
    own = 5.0 * orthonormal(rng, 3)[senses] + rng.normal(size=(100, 3))
    others = rng.normal(loc=20.0, size=(60, 3))
    order = rng.permutation(160)
    token_ids = np.repeat([4, 8], [100, 60])[order]
    vectors = np.concatenate([own, others])[order]
    means = np.array([own[senses == sense].mean(axis=0) for sense in range(3)])
    static = student.static_embedding(token_ids, vectors, 4)
    superposed = as_array(student.superpose(means, counts), "superpose of the means")
    assert_close(static, superposed, atol=1e-10, what="static_embedding, compared with superpose,")


@pytest.mark.points(3)
def test_t04_self_similarity(student, rng):
    """self_similarity: 20 random cases; lengths play no part; known geometry; what it refuses."""
    for i in range(20):
        vectors = rng.normal(loc=0.3, size=(2 + i % 7, 2 + i % 4))
        vectors *= np.geomspace(0.5, 4.0, len(vectors))[:, None]  # lengths that differ
        expected = oracle.self_similarity(vectors)
        what = f"self_similarity of {len(vectors)} vectors"
        assert_close(student.self_similarity(vectors), expected, what=what)
        unchanged(student, "self_similarity")
        stretched = rng.uniform(0.01, 50.0, size=(len(vectors), 1)) * vectors
        assert_close(student.self_similarity(stretched), expected, what=f"{what}, rows rescaled")
    one = rng.uniform(0.5, 2.0, size=4)
    tetrahedron = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 2.0
    for name, vectors, expected in [
        ("identical rows", np.tile(one, (5, 1)), 1.0),
        ("two opposite rows", np.stack([one, -2.0 * one]), -1.0),
        ("the corners of a regular tetrahedron", tetrahedron, -1 / 3),
        ("three orthogonal vectors", np.eye(3), 0.0),
    ]:
        assert_close(student.self_similarity(vectors), expected, what=f"self_similarity of {name}")
    for name, vectors in [
        ("a single vector", one[None]),
        ("no vector", np.zeros((0, 4))),
        ("a zero row among others", np.stack([one, 0.0 * one, -one])),
    ]:
        refuses(name, student.self_similarity, vectors)


@pytest.mark.points(3)
def test_t05_sense_posterior(student, rng):
    """sense_posterior: random cases, repeated and empty contexts, priors with 0, huge scores, errors."""

    def check(what, context, sense_vectors, prior, *tau):
        expected = oracle.posterior(context, sense_vectors, prior, *tau)
        result = as_array(student.sense_posterior(context, sense_vectors, prior, *tau), "P")
        assert_close(result, expected, what=f"P for {what}")
        assert not result[prior == 0].any(), f"P is not exactly 0 where the prior is, for {what}"
        unchanged(student, "sense_posterior")

    for i in range(12):
        s, c = 2 + i % 4, (1, 2, 5)[i % 3]
        sense_vectors, prior = rng.normal(size=(s, 4)), lopsided(rng, s)
        context = 0.5 * rng.normal(size=(c, 4)) + 0.5
        tau = () if i < 3 else (float(rng.uniform(0.3, 3.0)),)
        check(f"{c} context word(s)", context, sense_vectors, prior, *tau)
        repeated = np.repeat(context, 3, axis=0)
        expected = oracle.posterior(context, sense_vectors, prior, *tau)
        result = student.sense_posterior(repeated, sense_vectors, prior, *tau)
        assert_close(result, expected, what=f"P for {c} context word(s), each three times")
        check("an empty context", context[:0], sense_vectors, prior, *tau)
        without = prior * (np.arange(s) != np.argmax(sense_vectors @ context.mean(axis=0)))
        check("a best-fitting sense with prior 0", context, sense_vectors, without, *tau)
        check("an empty context and a prior with 0", context[:0], sense_vectors, without, *tau)
    check("an integer prior", context, sense_vectors, rng.permutation(s) + 1)

    # Integers, so that the scores 1e6, 1e6 - 1, 0 and -1e6 are exact and no rounding is blown up by exp.
    far = np.array([[1000.0, 0.0], [1000.0, -1.0], [0.0, 0.0], [-1000.0, 0.0]])
    for direction in [1.0, -1.0]:
        context = direction * np.array([[1000.0, 1.0]])
        for possible in [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 0]]:
            prior = rng.uniform(0.5, 2.0, size=4) * possible
            check("scores up to 1e6", context, far, prior)

    context, sense_vectors, prior = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), np.ones(3)
    for rows in [context, context[:0]]:
        where = f"with {len(rows)} context words"
        for tau in [0.0, -1.0]:
            refuses(f"tau = {tau:g} {where}", student.sense_posterior, rows, sense_vectors, prior, tau)
        for name, bad in [
            ("a negative prior", np.array([2.0, -1.0, 3.0])),
            ("a prior of zeros", np.zeros(3)),
        ]:
            refuses(f"{name} {where}", student.sense_posterior, rows, sense_vectors, bad)


@pytest.mark.points(3)
def test_t06_contextual_embedding(student, rng):
    """contextual_embedding: random cases, very high and low tau, never outside the senses' hull; errors."""
    for i in range(6):
        sense_vectors, prior = rng.normal(size=(3, 4)), lopsided(rng, 3)
        context = rng.normal(size=(i % 4, 4))
        tau = () if i < 4 else (0.7,)
        expected = oracle.contextual_embedding(context, sense_vectors, prior, *tau)
        result = student.contextual_embedding(context, sense_vectors, prior, *tau)
        assert_close(result, expected, what=f"contextual_embedding, {len(context)} context word(s)")
        unchanged(student, "contextual_embedding")

    directions = orthonormal(rng, 4)
    sense_vectors = rng.uniform(1.0, 2.0, size=(4, 1)) * directions
    prior = lopsided(rng, 4)
    for sense in range(4):
        # At least 0.9 along its own sense vector and at most 0.2 along the others: the winner is clear.
        context = directions[sense] + rng.uniform(-0.05, 0.05, size=(3, 4))
        hot = student.contextual_embedding(context, sense_vectors, prior, 1e9)
        static = oracle.superpose(sense_vectors, prior)
        assert_close(hot, static, rtol=0, atol=1e-6, what="contextual_embedding with tau = 1e9")
        cold = student.contextual_embedding(context, sense_vectors, prior, 1e-4)
        assert_close(cold, sense_vectors[sense], atol=1e-9, what="contextual_embedding with tau = 1e-4")

    for _ in range(10):
        senses, context = rng.normal(size=(3, 1)), 3.0 * rng.normal(size=(2, 1))
        result = as_array(student.contextual_embedding(context, senses, lopsided(rng, 3), 0.5), "the vector")
        assert result.shape == (1,), f"the vector has shape {result.shape}, not (1,)"
        assert senses.min() - 1e-12 <= result[0] <= senses.max() + 1e-12, (
            "contextual_embedding lies outside the range of its one-dimensional senses"
        )
    refuses("tau = 0", student.contextual_embedding, context, senses, np.ones(3), 0.0)
    refuses("a prior of zeros", student.contextual_embedding, context, senses, np.zeros(3))


@pytest.mark.points(2)
def test_t07_bank(student):
    """The word "bank": money or river, decided by the context; a case worked out by hand."""
    senses, prior = np.array([[2.0, 0.0], [0.0, 2.0]]), np.array([8.0, 2.0])
    for sense, rows, expected in [
        (0, [[1.5, 0.1], [1.0, 0.0]], [0.9979467876, 0.0020532124]),
        (1, [[0.0, 1.5], [0.2, 1.0]], [0.0386532005, 0.9613467995]),
    ]:
        where = f"in a context of sense {sense}"
        P = student.sense_posterior(np.array(rows), senses, prior, 0.5)
        assert_close(P, expected, rtol=0, atol=1e-6, what=f"P {where}")
        vector = as_array(student.contextual_embedding(np.array(rows), senses, prior, 0.5), "the vector")
        assert vector.shape == (2,), f"the contextual vector has shape {vector.shape}, not (2,)"
        cosine = oracle.cosine(vector, senses[sense])
        assert cosine > 0.99, f"the contextual vector {where} has cosine {cosine:.3f} with that sense"


@pytest.mark.points(4)
def test_t08_contextualize(student, rng):
    """contextualize: all combinations of window, tau and include_self; huge scores; what it refuses."""
    X = rng.normal(size=(9, 6))
    combinations = [
        (window, tau, include_self)
        for window in [0, 1, 2, 8, 50]
        for tau in [0.3, 1.0, 4.0]
        for include_self in [True, False]
        if window or include_self  # else no position has a neighbour; that is another test
    ]
    for case in combinations:
        what = "with window={}, tau={}, include_self={}".format(*case)
        H, A = attend(student, X, *case)
        unchanged(student, "contextualize")
        expected = oracle.contextualize(X, *case)
        assert_close(A, expected[1], what=f"A {what}")
        assert_close(A.sum(axis=1), np.ones(9), what=f"the sum of each row of A {what}")
        assert not A[expected[1] == 0].any(), f"A is not exactly 0 at forbidden positions {what}"
        assert_close(H, expected[0], what=f"H {what}")
    expected = oracle.contextualize(X, 2)
    assert_close(attend(student, X, 2), expected, what="(H, A) with tau and include_self left out")

    # Integers and tau * sqrt(D) = 1: scores up to 1e6 without rounding. Two words are the same, a tie.
    X = rng.integers(100, 501, size=(7, 4)) * rng.choice([-1.0, 1.0], size=(7, 4))
    X[5] = X[3]
    for include_self in [True, False]:
        expected = oracle.contextualize(X, 3, 0.5, include_self)
        result = attend(student, X, 3, 0.5, include_self)
        what = f"(H, A) for scores up to 1e6, include_self={include_self}"
        assert_close(result, expected, what=what)

    for name, window, tau in [
        ("window = -1", -1, 1.0),
        ("tau = 0", 2, 0.0),
        ("tau = -1", 2, -1.0),
    ]:
        refuses(name, student.contextualize, X, window, tau)


@pytest.mark.points(2)
def test_t09_what_a_position_sees(student, rng):
    """contextualize: H[i] ignores what is outside its window and the order inside, but not the neighbours."""
    X, i, window, tau = rng.normal(size=(11, 5)), 5, 2, 2.0
    outside = np.abs(np.arange(11) - i) > window
    neighbours = np.flatnonzero(~outside & (np.arange(11) != i))
    for include_self in [True, False]:
        where = f"with include_self={include_self}"

        def seen(sentence, include_self=include_self):
            return attend(student, sentence, window, tau, include_self)[0][i]

        H = seen(X)
        elsewhere = X.copy()
        elsewhere[outside] += rng.uniform(1.0, 3.0, size=(outside.sum(), 5))
        assert_close(seen(elsewhere), H, what=f"H[{i}] after a change outside its window, {where},")
        reordered = X.copy()
        reordered[neighbours] = X[np.roll(neighbours, 1)]
        assert_close(seen(reordered), H, what=f"H[{i}] with its neighbours reordered, {where},")
        other = X.copy()
        other[neighbours] = X[neighbours] + rng.uniform(1.0, 3.0, size=5)
        moved = np.abs(seen(other) - H).max()
        assert moved > 1e-3, f"the same word has the same H in two different sentences, {where}"


@pytest.mark.points(1)
def test_t10_no_neighbour(student, rng):
    """contextualize where a position may use nothing at all, or nothing but itself."""
    sentence = rng.normal(size=(4, 3))
    for X, window in [(sentence, 0), (sentence[:1], 0), (sentence[:1], 3)]:
        where = f"with N={len(X)}, window={window}"
        H, A = attend(student, X, window, 1.0, False)
        assert_equal(A, np.zeros((len(X), len(X))), what=f"A {where}, include_self=False")
        assert_equal(H, X, what=f"H {where}, include_self=False")
        H, A = attend(student, X, window)
        assert_close(A, np.eye(len(X)), what=f"A {where}, include_self=True")
        assert_close(H, X, what=f"H {where}, include_self=True")


@pytest.mark.points(2)
def test_t11_centroids_and_predictions(student, rng):
    """fit_sense_centroids, predict_senses: ids 3, 7, 40; lengths of all sizes; zero vectors; ties; errors."""
    senses = np.concatenate([[40], rng.permutation(np.repeat([3, 7, 40], [5, 2, 3]))])
    vectors = rng.normal(size=(11, 4)) * 10.0 ** rng.uniform(-2, 2, size=(11, 1))
    ids, centroids = pair(
        student.fit_sense_centroids(vectors, senses), "fit_sense_centroids", "(ids, centroids)"
    )
    unchanged(student, "fit_sense_centroids")
    assert_equal(ids, np.array([3, 7, 40]), what="ids")
    expected = np.array([oracle.mean_where(senses, vectors, sense) for sense in [3, 7, 40]])
    assert_close(centroids, expected, what="centroids", **TIGHT)
    for name, bad_vectors, bad_senses in [
        ("no vectors", vectors[:0], senses[:0]),
        ("more senses than vectors", vectors[:-1], senses),
        ("more vectors than senses", vectors, senses[:-1]),
    ]:
        refuses(name, student.fit_sense_centroids, bad_vectors, bad_senses)

    def check(what, vectors, ids, centroids, expected):
        result = student.predict_senses(vectors, np.array(ids), centroids)
        unchanged(student, "predict_senses")
        assert_equal(result, np.array(expected), what=f"predict_senses for {what}")

    # Each vector has cosine 0.9 with its own centroid, but the longest centroid has the largest dot product,
    # and the shortest one is the nearest for Euclid unless the vector is very long.
    directions = orthonormal(rng, 3)
    own = np.tile(np.arange(3), 4)
    mixture = np.where(own[:, None] == np.arange(3), 1.0, rng.uniform(0.2, 0.3, size=(12, 3)))
    vectors = 10.0 ** rng.uniform(-1, 1, size=(12, 1)) * (mixture @ directions)
    centroids = rng.permutation([0.01, 1.0, 100.0])[:, None] * directions
    for ids in [[3, 7, 40], [40, 3, 7]]:
        expected = oracle.nearest(vectors, np.array(ids), centroids)
        check(f"ids {ids}, lengths of all sizes", vectors, ids, centroids, expected)

    # On paper three of the cosines are 0.6; in floating point they are not all the same number.
    x, y = directions[0], directions[1]
    ties = np.array([0.6 * x + 0.8 * y, 60.0 * x - 80.0 * y, 0.06 * x + 0.08 * directions[2], -x])
    for ids in [[3, 7, 40, 41], [40, 7, 3, 41], [7, 3, 40, 1]]:
        check(f"a tie of three centroids, ids {ids}", x[None], ids, ties, [min(ids[:3])])
    for ids in [[7, 3], [3, 7]]:
        check(f"a zero vector, ids {ids}", np.zeros((1, 3)), ids, np.array([x, -y]), [3])
        check(f"a zero centroid, ids {ids}", np.array([x, -x]), ids, np.array([y * 0, -x]), ids)
    for difference, tied in [(0.4e-12, True), (1.6e-12, False)]:
        # The cosines with x are 0.6 and 0.6 + difference.
        higher = np.array([0.6 + difference, np.sqrt(1 - (0.6 + difference) ** 2), 0.0])
        centroids = np.array([[0.6, 0.8, 0.0], higher])
        what = f"cosines that differ by {difference:.1e}"
        check(what, np.array([[1.0, 0.0, 0.0]]), [3, 7], centroids, [3 if tied else 7])
        check(what, np.array([[1.0, 0.0, 0.0]]), [7, 3], centroids, [3])


@pytest.mark.points(1)
def test_t12_static_against_contextual(student, rng):
    """Disambiguating 40 occurrences of a word: static vectors get 30 right, contextual_embedding's all 40."""
    sense_vectors = 2.0 * np.eye(2, 4)
    order = rng.permutation(40)
    senses = np.repeat([4, 9], [30, 10])[order]
    sides = np.repeat([0, 1], [30, 10])[order]

    def accuracy(vectors):
        ids, centroids = pair(
            student.fit_sense_centroids(vectors, senses), "fit_sense_centroids", "(ids, centroids)"
        )
        ids, centroids = as_array(ids, "ids"), as_array(centroids, "centroids")
        predicted = as_array(student.predict_senses(vectors, ids, centroids), "the prediction")
        assert predicted.shape == (40,), f"the prediction has shape {predicted.shape}, not (40,)"
        return float((predicted == senses).mean())

    # The mean of equal integers is exact, so both centroids are the same and every vector is tied.
    static = accuracy(np.tile([3.0, 1.0, 0.0, 0.0], (40, 1)))
    assert static == 0.75, f"static vectors give an accuracy of {static}; every tie goes to the smaller id"
    vectors = []
    for side in sides:
        context = np.eye(2, 4)[side] + rng.uniform(-0.1, 0.1, size=(3, 4))
        vector = student.contextual_embedding(context, sense_vectors, np.array([30, 10]), 0.5)
        vectors.append(as_array(vector, "the contextual vector"))
        assert vectors[-1].shape == (4,), f"the contextual vector has shape {vectors[-1].shape}, not (4,)"
    contextual = accuracy(np.array(vectors))
    assert contextual == 1.0, f"contextual vectors give an accuracy of {contextual}"

"""Hidden tests of mlm_smoothing: 26 points."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, describe, refuses

from . import oracle

BERT = {"select_prob": 0.15, "p_mask": 0.8, "p_random": 0.1}  # the defaults
SEED = 7  # students' seeds are small and fixed, the data's are neither


def pair_of(result, what, shape):
    """Two integer arrays of one shape, as numpy arrays."""
    assert isinstance(result, tuple | list), f"{what} returned {describe(result)}, not (inputs, labels)"
    assert len(result) == 2, f"{what} returned {len(result)} values, not (inputs, labels)"
    inputs, labels = as_array(result[0], "inputs"), as_array(result[1], "labels")
    for name, array in [("inputs", inputs), ("labels", labels)]:
        assert array.shape == shape, f"{name} of {what} has shape {array.shape}, not {shape}"
    return inputs, labels


def just_below(bound):
    """The largest float that is smaller."""
    return float(np.nextafter(bound, -1.0))


def uniforms_around(rng, bounds):
    """Numbers in [0, 1): at each bound, just below it, and two in every interval between them."""
    edges = np.unique([0.0, *bounds, 1.0])
    between = rng.uniform(edges[:-1], edges[1:], size=(2, len(edges) - 1)).ravel()
    values = [*bounds, *map(just_below, bounds), 0.0, *between]
    return [value for value in values if 0 <= value < 1]


def batch(rng, rates, special=(False,), noise_equals_ids=False):
    """Tokens, specials and noise: each combination of u_select, u_op and special at least once."""
    rates = {**BERT, **rates}
    selects = uniforms_around(rng, [rates["select_prob"]])
    ops = uniforms_around(rng, [rates["p_mask"], rates["p_mask"] + rates["p_random"]])
    grid = rng.permutation(np.array(list(product(selects, ops, special))))
    u_select, u_op, is_special = np.ascontiguousarray(grid.T).reshape(3, len(selects), -1)
    ids = rng.integers(10, 100, size=u_select.shape)
    other = 10 + (ids - 10 + rng.integers(1, 90, size=ids.shape)) % 90
    return ids, is_special.astype(bool), u_select, u_op, ids.copy() if noise_equals_ids else other


def count_table(rng):
    """Counts (6, 6): one token is never a context, another never a target, a pair of seen ones is missing."""
    counts = rng.integers(1, 9, size=(6, 6)).astype(np.float64)
    first, last, i, j = rng.permutation(6)[:4]
    counts[last] = 0.0
    counts[:, first] = 0.0
    counts[i, j] = 0.0
    return counts


def distribution(rng, size):
    """No entry below 0.3 / size."""
    return 0.3 / size + 0.7 * rng.dirichlet(np.ones(size))


def random_text(rng, length, size):
    """Tokens that do not end as they began, so the row sums of their counts differ from the column sums."""
    tokens = rng.integers(size, size=length)
    tokens[-1] = (tokens[0] + rng.integers(1, size)) % size
    return tokens


def assert_statistic(statistic, freedom, what):
    """A correct sampler exceeds the limit with probability 1e-7."""
    limit = oracle.CHI_SQUARED_LIMITS[freedom]
    assert statistic < limit, (
        f"{what} have the wrong frequencies (chi-squared {statistic:.0f}, limit {limit:.0f})"
    )


@pytest.mark.points(3)
def test_t01_thresholds(student, rng):
    """apply_mlm_noise on 10 batches without special tokens: uniforms at and around each bound."""
    rates = [
        *[{}] * 4,
        {"select_prob": 0.3, "p_mask": 0.5, "p_random": 0.5},
        {"select_prob": 0.3, "p_mask": 0.7, "p_random": 0.1},
        {"select_prob": 0.4},
        {"p_mask": 0.4},
        {"p_mask": 0.0, "p_random": 1.0},
        {"select_prob": 1.0, "p_mask": 1.0, "p_random": 0.0},
    ]
    for given in rates:
        arrays, mask_id = batch(rng, given), int(rng.integers(10))
        expected = oracle.corrupt(*arrays, mask_id=mask_id, **given)
        what = f"apply_mlm_noise with {given or 'the default rates'}"
        inputs, labels = pair_of(student.apply_mlm_noise(*arrays, mask_id, **given), what, arrays[0].shape)
        assert_equal(inputs, expected[0], what=f"inputs of {what}")
        assert_equal(labels, expected[1], what=f"labels of {what}")


@pytest.mark.points(2)
def test_t02_special_tokens_and_labels(student, rng):
    """apply_mlm_noise: special tokens are never selected, unchanged tokens have labels, arguments stay."""
    cases = [
        ("special tokens and select_prob=1", {"select_prob": 1.0}, False),
        ("special tokens", {}, False),
        ("random tokens that equal the original ones", {"select_prob": 1.0}, True),
        ("p_mask=0 and p_random=0", {"select_prob": 0.5, "p_mask": 0.0, "p_random": 0.0}, False),
    ]
    for name, given, same in cases:
        arrays, mask_id = (
            batch(rng, given, special=(False, True), noise_equals_ids=same),
            int(rng.integers(10)),
        )
        expected = oracle.corrupt(*arrays, mask_id=mask_id, **given)
        what = f"apply_mlm_noise with {name}"
        result = student.apply_mlm_noise(*arrays, mask_id, **given)
        assert not student.last_call.changed, "apply_mlm_noise changed one of its arguments in place"
        inputs, labels = pair_of(result, what, arrays[0].shape)
        assert_equal(labels, expected[1], what=f"labels of {what}")
        assert_equal(inputs, expected[0], what=f"inputs of {what}")


@pytest.mark.points(3)
def test_t03_corruption_rates(student, rng):
    """mlm_corrupt on 200 x 200 tokens: 15 %, 80-10-10, and every position decided on its own."""
    *special, mask = map(int, rng.permutation(22)[:4])
    ordinary = np.setdiff1d(np.arange(22), [*special, mask])
    ids = rng.choice(ordinary, size=(200, 200))
    result = student.mlm_corrupt(ids, special, mask, 22, SEED)
    inputs, labels = pair_of(result, "mlm_corrupt", ids.shape)
    selected = labels != -100
    assert_equal(inputs[~selected], ids[~selected], what="inputs where nothing was selected")
    assert_equal(labels[selected], ids[selected], what="labels at selected positions")

    z = (selected.sum() - 0.15 * ids.size) / np.sqrt(0.15 * 0.85 * ids.size)
    assert abs(z) < oracle.Z_LIMIT, f"{selected.mean():.1%} of the tokens are selected, not 15 %"
    kinds = [selected & (inputs == mask), selected & (inputs == ids)]
    kinds.append(selected & ~kinds[0] & ~kinds[1])
    for axis, line in [(1, "row"), (0, "column")]:
        share = selected.mean(axis=axis)
        assert ((share > 0) & (share < 1)).all(), f"a whole {line} was selected, or nothing of it"
        mixed = sum(kind.any(axis=axis) for kind in kinds) > 1
        assert mixed.sum() >= 100, f"the selected tokens of a {line} seldom have different fates"
    same = 0.1 / len(ordinary)  # a random token is the original one by chance
    expected = selected.sum() * np.array([0.8, 0.1 + same, 0.1 - same])
    statistic = oracle.chi_squared(np.array([kind.sum() for kind in kinds]), expected)
    assert_statistic(statistic, 2, "[MASK], original and other tokens at selected positions")


@pytest.mark.points(2)
def test_t04_random_tokens(student, rng):
    """mlm_corrupt with random tokens only: uniform over the ordinary ones, the original included."""
    *special, mask = map(int, rng.permutation(22)[:4])
    ordinary = np.setdiff1d(np.arange(22), [*special, mask])
    ids = np.full((100, 100), rng.choice(ordinary))
    rates = {"select_prob": 1.0, "p_mask": 0.0, "p_random": 1.0}
    inputs, _ = pair_of(student.mlm_corrupt(ids, special, mask, 22, 11, **rates), "mlm_corrupt", ids.shape)
    assert not np.isin(inputs, special).any(), "mlm_corrupt shows special tokens as random ones"
    assert not (inputs == mask).any(), "mlm_corrupt shows [MASK] as a random token"
    assert np.isin(inputs, ordinary).all(), "mlm_corrupt shows tokens outside the vocabulary"
    expected = np.where(np.isin(np.arange(22), ordinary), ids.size / len(ordinary), 0.0)
    observed = np.array([(inputs == token).sum() for token in range(22)])
    assert_statistic(oracle.chi_squared(observed, expected), 17, "the random tokens of mlm_corrupt")


@pytest.mark.points(1)
def test_t05_extremes_seeds_errors(student, rng):
    """mlm_corrupt with select_prob 0 and 1; seeds; both functions refuse bad rates and an empty choice."""
    ids = rng.integers(6, size=(12, 15))
    ids[0, :6] = np.arange(6)
    special, mask, size = [0, 3], 6, 7

    def corrupted(*rates, tokens=ids, special=special, seed=SEED, **options):
        result = student.mlm_corrupt(tokens, special, mask, size, seed, *rates, **options)
        assert not student.last_call.changed, "mlm_corrupt changed one of its arguments in place"
        return np.stack(pair_of(result, "mlm_corrupt", tokens.shape))

    inputs, labels = corrupted(0.0)
    assert_equal(inputs, ids, what="inputs for select_prob=0")
    assert_equal(labels, np.full_like(ids, -100), what="labels for select_prob=0")
    is_special = (ids == 0) | (ids == 3)
    inputs, labels = corrupted(1.0, 1.0, 0.0)
    assert_equal(inputs, np.where(is_special, ids, mask), what="inputs for select_prob=1, p_mask=1")
    assert_equal(labels, np.where(is_special, -100, ids), what="labels for select_prob=1, p_mask=1")

    results = [corrupted(seed=seed) for seed in range(1, 6)]
    assert_equal(corrupted(seed=1), results[0], what="the result of mlm_corrupt for the same seed")
    assert any((result != results[0]).any() for result in results), "five seeds give mlm_corrupt one result"
    many = rng.integers(6, size=(200, 200))
    what = "mlm_corrupt without rates, beside 0.15, 0.8, 0.1 and the same seed,"
    assert_equal(corrupted(tokens=many), corrupted(tokens=many, **BERT), what=what)

    arrays = batch(rng, {})
    bad_rates = [{name: rate} for name in BERT for rate in (-0.01, 1.01)]
    bad_rates += [
        {"p_random": 0.0, "p_mask": 1.01},
        {"p_random": 0.3},
        {"p_mask": 0.5, "p_random": 0.5 + 1e-9},
    ]
    for bad in bad_rates:
        refuses(f"{bad}", student.apply_mlm_noise, *arrays, mask, **bad)
        refuses(f"{bad}", student.mlm_corrupt, ids, special, mask, size, SEED, **bad)
    rounded = {"p_mask": 0.5, "p_random": 0.5 + 5e-13}  # a sum of 1 but for rounding
    pair_of(student.apply_mlm_noise(*arrays, mask, **rounded), "apply_mlm_noise", arrays[0].shape)
    corrupted(**rounded)

    refuses("no ordinary token", student.mlm_corrupt, ids, list(range(6)), mask, size, SEED)
    inputs, _ = corrupted(special=list(range(6)), p_random=0.0)
    assert_equal(inputs, ids, what="inputs of mlm_corrupt without ordinary tokens, p_random=0,")


@pytest.mark.points(1)
def test_t06_bigram_counts(student, rng):
    """bigram_counts: many repeated pairs, tokens that do not occur, a text of one token."""
    for length, size in [(300, 4), (60, 9), (2, 3)]:
        tokens = random_text(rng, length, size)
        expected = oracle.bigram_counts(tokens, size + 1)
        got = student.bigram_counts(tokens, size + 1)
        assert_equal(got, expected, what=f"bigram_counts of {length} tokens, V={size + 1}")
    alone = student.bigram_counts(np.array([1]), 3)
    assert_equal(alone, np.zeros((3, 3)), what="bigram_counts of a single token")


@pytest.mark.points(2)
def test_t07_jelinek_mercer(student, rng):
    """jelinek_mercer: lam 0, 1 and between, an unseen context, fractional counts, refused arguments."""
    counts = count_table(rng)
    for name, table in [("", counts), (" of counts below 1", counts / 64)]:
        for lam in [0.0, 0.35, 0.8, 1.0]:
            got = as_array(student.jelinek_mercer(table, lam), "jelinek_mercer")
            what = f"jelinek_mercer{name}, lam={lam}"
            assert got.shape == (6, 6), f"{what} has shape {got.shape}, not (6, 6)"
            assert_close(got.sum(axis=1), np.ones(6), rtol=0, atol=1e-12, what=f"the row sums of {what}")
            expected = oracle.interpolate(table, [lam] * 6)
            assert_close(got, expected, rtol=0, atol=1e-12, what=what)
    for lam in [-0.01, 1.01]:
        refuses(f"lam={lam}", student.jelinek_mercer, counts, lam)
    refuses("counts that are all 0", student.jelinek_mercer, np.zeros((3, 3)), 0.5)


@pytest.mark.points(3)
def test_t08_expected_noised_counts(student, rng):
    """expected_noised_counts: gamma as a number and one for each context, against every possible event."""
    counts, q = count_table(rng), distribution(rng, 6)
    one_each = rng.permutation([0.0, 0.15, 0.35, 0.6, 0.85, 1.0])
    cases = [(f"gamma={gamma}", gamma) for gamma in (0.0, 0.3, 1.0)] + [
        ("one gamma for each context", one_each)
    ]
    for name, gamma in cases:
        got = as_array(student.expected_noised_counts(counts, gamma, q), "expected_noised_counts")
        expected = oracle.noised_counts(counts, np.broadcast_to(gamma, 6), q)
        what = f"expected_noised_counts, {name}"
        assert_close(got.sum(), counts.sum(), rtol=0, atol=1e-10, what=f"the sum of {what}")
        assert_close(got, expected, rtol=0, atol=1e-10, what=what)


@pytest.mark.points(3)
def test_t09_noise_is_interpolation(student, rng):
    """Noised counts with normalised rows interpolate: jelinek_mercer and effective_lambda (integration)."""
    counts = count_table(rng)
    contexts = counts.sum(axis=1)
    seen = contexts > 0
    own, uniform, other = contexts / contexts.sum(), np.full(6, 1 / 6), distribution(rng, 6)

    def normalised(gamma, q):
        noised = as_array(student.expected_noised_counts(counts, gamma, q), "expected_noised_counts")
        assert noised.shape == (6, 6), f"expected_noised_counts has shape {noised.shape}, not (6, 6)"
        with np.errstate(all="ignore"):
            return noised[seen] / noised[seen].sum(axis=1, keepdims=True)

    def lambdas(gamma, q, table=counts):
        return as_array(student.effective_lambda(table, gamma, q), "effective_lambda")

    close = {"rtol": 0, "atol": 1e-10}
    for gamma in [0.1, 0.4, 0.75]:
        rows = normalised(gamma, own)
        assert_close(
            rows,
            oracle.interpolate(counts, [1 - gamma] * 6)[seen],
            **close,
            what=f"noised counts with normalised rows, gamma={gamma}, q is c_i. / N,",
        )
        smoothed = as_array(student.jelinek_mercer(counts, 1 - gamma), "jelinek_mercer")
        assert smoothed.shape == (6, 6), f"jelinek_mercer has shape {smoothed.shape}, not (6, 6)"
        assert_close(smoothed[seen], rows, **close, what=f"jelinek_mercer, lam={1 - gamma:g}, seen contexts,")
        for name, q in [("c_i. / N", own), ("uniform", uniform), ("another distribution", other)]:
            weights = lambdas(gamma, q)
            what = f"effective_lambda, gamma={gamma}, q is {name},"
            assert_close(weights, oracle.own_share(counts, gamma, q), **close, what=what)
            mixture = oracle.interpolate(counts, weights.tolist())[seen]
            assert_close(
                normalised(gamma, q), mixture, **close, what=f"noised counts, gamma={gamma}, q is {name},"
            )

    for gamma in [0.0, 1.0]:
        expected = np.where(seen, 1 - gamma, 0.0)
        assert_close(lambdas(gamma, uniform), expected, **close, what=f"effective_lambda, gamma={gamma}")
    never_drawn = np.where(np.arange(6) == rng.choice(np.flatnonzero(seen)), 0.0, 0.2)
    what = "effective_lambda, gamma=1, a context with q_i = 0,"
    assert_close(lambdas(1.0, never_drawn), np.zeros(6), **close, what=what)
    rare = counts / 64
    what = "effective_lambda of counts below 1"
    assert_close(lambdas(0.4, other, rare), oracle.own_share(rare, 0.4, other), **close, what=what)


@pytest.mark.points(2)
def test_t10_sampled_noise(student, rng):
    """sample_noised_bigrams: frequencies of the noised contexts, exact targets, gamma 0 and 1, seeds."""
    tokens = rng.choice(6, size=60001, p=0.1 + 0.4 * rng.dirichlet(np.ones(6)))
    contexts, targets = tokens[:-1], tokens[1:]
    gamma, q = 0.3, np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.1])

    def sample(text, gamma, q, seed=13):
        pairs = as_array(student.sample_noised_bigrams(text, gamma, q, seed), "sample_noised_bigrams")
        assert not student.last_call.changed, "sample_noised_bigrams changed one of its arguments in place"
        wanted = (len(text) - 1, 2)
        assert pairs.shape == wanted, f"sample_noised_bigrams has shape {pairs.shape}, not {wanted}"
        return pairs

    pairs = sample(tokens, gamma, q)
    assert_equal(pairs[:, 1], targets, what="the targets of sample_noised_bigrams")
    assert np.isin(pairs[:, 0], np.arange(6)).all(), "a noised context is outside the vocabulary"
    statistic = 0.0
    for token in range(6):
        shown = pairs[contexts == token, 0]
        expected = len(shown) * ((1 - gamma) * (np.arange(6) == token) + gamma * q)
        observed = np.array([(shown == other).sum() for other in range(6)])
        statistic += oracle.chi_squared(observed, expected)
    assert_statistic(statistic, 30, "the noised contexts of sample_noised_bigrams")

    text = rng.permutation(np.repeat(np.arange(6), 20))
    one = int(rng.integers(6))
    only_one = np.where(np.arange(6) == one, 1.0, 0.0)
    untouched, replaced = sample(text, 0.0, q), sample(text, 1.0, only_one)
    assert_equal(untouched[:, 0], text[:-1], what="the contexts of sample_noised_bigrams, gamma=0,")
    what = "the contexts of sample_noised_bigrams, gamma=1, only one token to draw,"
    assert_equal(replaced[:, 0], np.full(len(text) - 1, one), what=what)
    results = [sample(text, gamma, q, seed) for seed in range(1, 6)]
    assert_equal(sample(text, gamma, q, 1), results[0], what="the result for the same seed")
    assert any((result != results[0]).any() for result in results), (
        "five seeds give sample_noised_bigrams one result"
    )


@pytest.mark.points(2)
def test_t11_posterior(student, rng):
    """mlm_posterior: 30 random cases, [MASK], keep or rand 0, impossible tokens, arguments unchanged."""

    def check(p_ctx, observed, keep, rand):
        got = student.mlm_posterior(p_ctx, observed, keep, rand)
        assert not student.last_call.changed, "mlm_posterior changed one of its arguments in place"
        expected = oracle.posterior(p_ctx, observed, keep, rand)
        what = f"mlm_posterior (V={len(p_ctx)}, token {observed} is shown, keep={keep:.3g}, rand={rand:.3g})"
        assert_close(got, expected, rtol=0, atol=1e-12, what=what)

    for i in range(30):
        p_ctx = distribution(rng, 2 + i % 7)
        keep, rand = rng.uniform(0.05, 0.45, size=2)
        check(p_ctx, int(rng.integers(len(p_ctx))) if i % 3 else 0, float(keep), float(rand))
    p_ctx = distribution(rng, 5)
    token = int(rng.integers(5))
    impossible = np.where(np.arange(5) == token, 0.0, p_ctx)
    impossible /= impossible.sum()
    check(np.full(4, 0.25), token % 4, 0.1, 0.1)  # as likely kept as drawn
    check(p_ctx, None, 0.1, 0.1)
    check(p_ctx, None, 0.0, 0.0)
    check(p_ctx, token, 0.1, 0.0)  # surely kept
    check(p_ctx, token, 0.0, 0.1)  # surely drawn
    check(impossible, token, 0.1, 0.1)  # drawn, since it can't be the original
    check(impossible, None, 0.1, 0.0)
    refuses("keep = rand = 0 and a token", student.mlm_posterior, p_ctx, token, 0.0, 0.0)
    refuses("rand = 0 and a token with p = 0", student.mlm_posterior, impossible, token, 0.1, 0.0)
    for shown in (token, None):
        refuses("a negative keep", student.mlm_posterior, p_ctx, shown, -0.01, 0.5)
        refuses("a negative rand", student.mlm_posterior, p_ctx, shown, 0.5, -0.01)


@pytest.mark.points(1)
def test_t12_perplexity(student, rng):
    """perplexity: uniform and random models, long texts, inf for an unseen pair, finite once smoothed."""
    for size in [2, 7]:
        tokens = random_text(rng, 30, size)
        uniform = student.perplexity(np.full((size, size), 1 / size), tokens)
        assert_close(uniform, float(size), atol=1e-10, what=f"perplexity of the uniform model, V={size}")
    model = np.array([distribution(rng, 6) for _ in range(6)])
    for length in [2, 50, 2000]:
        tokens = random_text(rng, length, 6)
        got, expected = student.perplexity(model, tokens), oracle.perplexity(model, tokens)
        assert_close(got, expected, rtol=1e-10, atol=0, what=f"perplexity of {length} tokens")
    counts = count_table(rng)
    counts[:, counts.sum(axis=0) == 0] = 1.0  # every target was seen somewhere
    counts[counts.sum(axis=1) == 0] = 1.0
    i, j = rng.permutation(6)[:2]
    counts[i, j] = 0.0
    text = np.concatenate([random_text(rng, 20, 6), [i, j], random_text(rng, 20, 6)])
    unsmoothed = student.perplexity(oracle.interpolate(counts, [1.0] * 6), text)
    assert_equal(unsmoothed, np.inf, what="perplexity with an unseen pair and lam=1")
    smoothed = oracle.interpolate(counts, [0.5] * 6)
    expected = oracle.perplexity(smoothed, text)
    assert_close(student.perplexity(smoothed, text), expected, rtol=1e-10, atol=0, what="perplexity, lam=0.5")


@pytest.mark.points(1)
def test_t13_kneser_ney_noise(student, rng):
    """kn_noise: distinct neighbours on both sides, an unseen context and target, gamma0 0 and 1, errors."""
    counts = count_table(rng)
    often, once = rng.permutation(np.flatnonzero(counts.any(axis=1)))[:2]
    counts[often, counts[often].argmax()] = 400.0  # so counting tokens is far from counting neighbours
    counts[once] = np.arange(6) == counts[once].argmax()  # a context that was seen a single time
    for gamma0 in [0.0, 0.75, 1.0]:
        got = student.kn_noise(counts, gamma0)
        assert isinstance(got, tuple | list), f"kn_noise returned {describe(got)}, not (gamma, q)"
        assert len(got) == 2, f"kn_noise returned {len(got)} values, not (gamma, q)"
        expected = oracle.kn_noise(counts, gamma0)
        for name, one, other in zip(["gamma", "q"], got, expected, strict=True):
            assert_close(one, other, rtol=0, atol=1e-12, what=f"{name} of kn_noise, gamma0={gamma0}")
    for gamma0 in [-0.01, 1.01]:
        refuses(f"gamma0={gamma0}", student.kn_noise, counts, gamma0)

"""Hidden tests of exposure_bias. Models and expected answers: oracle.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, describe, refuses

from . import oracle

SIZE = 7  # words of the random models
ENDS = {-1: "at every step", 0: "never"}
# Pearson's statistic exceeds this with probability 1e-7 for 5 words, 4 degrees of freedom.
CHI_SQUARED_4 = 38.24


def call(student: Any, name: str, *arguments: Any) -> Any:
    """The result of a function that must leave its arguments as they are."""
    result = getattr(student, name)(*arguments)
    assert not student.last_call.changed, f"{name} changed one of its arguments in place"
    return result


def assert_words(actual: Any, wanted: Any, what: str) -> None:
    """The same ids, in a list or an array."""
    assert_equal(as_array(actual, what), np.array(wanted, dtype=np.int64), what=what)


def two_values(result: Any, name: str) -> Any:
    """The result as a pair."""
    assert isinstance(result, tuple | list), f"{name} returned {describe(result)}, not two values"
    assert len(result) == 2, f"{name} returned {len(result)} values, not two"
    return result


def padded_batch(rng: np.random.Generator, lengths: list[int], size: int, pad: int) -> np.ndarray:
    """Random rows of the given lengths, filled up with `pad`; no real word is `pad`."""
    words = (pad + rng.integers(1, size, size=(len(lengths), max(lengths)))) % size
    return np.where(np.arange(max(lengths)) < np.array(lengths)[:, None], words, pad)


def sentence(rng: np.random.Generator, length: int, bos: int) -> np.ndarray:
    """A random target without BOS in which neighbours differ, so that every slip of the position shows."""
    words = np.delete(np.arange(SIZE), bos)
    return words[np.cumsum(rng.integers(1, len(words), size=length)) % len(words)]


@pytest.mark.points(1)
def test_t01_decoder_inputs(student, rng):
    """decoder_inputs: T = 1, padding and no padding; 1-D, 3-D and empty targets are refused."""
    for lengths, bos in [([6, 3, 1, 5], 1), ([1, 1], 8), ([4, 4, 4], 0)]:
        target = padded_batch(rng, lengths, 40, pad=39)
        wanted = [[bos if t == 0 else row[t - 1] for t in range(len(row))] for row in target.tolist()]
        what = f"decoder_inputs for a target of shape {target.shape}, bos_id={bos}"
        assert_words(call(student, "decoder_inputs", target, bos), wanted, what)
    for shape in [(5,), (2, 3, 4), (2, 0)]:
        bad = np.ones(shape, dtype=np.int64)
        refuses(f"a target of shape {shape}", student.decoder_inputs, bad, 0)


@pytest.mark.points(3)
def test_t02_masked_nll(student, rng):
    """masked_nll: sentences of very different lengths, one of padding only; two choices of pad_id."""
    for size, pad in [(9, 0), (6, 5), (2, 1)]:
        for lengths in [[12, 7, 2, 1], [5, 0, 3], [4]]:
            target = padded_batch(rng, lengths, size, pad)
            logits = 2.0 * rng.normal(size=(*target.shape, size))
            expected = oracle.masked_nll(logits, target, pad)
            what = f"masked_nll for lengths {lengths}, V={size}, pad_id={pad}"
            assert_close(call(student, "masked_nll", logits, target, pad), expected, atol=1e-10, what=what)


@pytest.mark.points(1)
def test_t03_masked_nll_large_logits(student, rng):
    """masked_nll for logits up to 1e4; nothing but padding and shapes that disagree are refused."""
    target = padded_batch(rng, [6, 6, 6], 8, pad=0)
    moderate = rng.uniform(-1.0, 1.0, size=(3, 6, 8))
    mixed = 1e4 * moderate
    mixed[0, 0, 0], mixed[0, 0, target[0, 0]] = 1e4, -1e4  # the right word is hopeless
    cases = {"between -1e4 and 1e4": mixed, "near 1e4": 9999 + moderate, "near -1e4": moderate - 9999}
    for where, logits in cases.items():
        expected = oracle.masked_nll(logits, target, 0)
        what = f"masked_nll for logits {where}"
        assert_close(call(student, "masked_nll", logits, target, 0), expected, rtol=1e-9, what=what)
    refuses("padding only", student.masked_nll, moderate, np.zeros_like(target), 0)
    for bad in [target[:, :1], target[:, :5], target[:2], target[0], target.T, target[:, :, None]]:
        what = f"logits of shape {moderate.shape} and a target of shape {bad.shape}"
        refuses(what, student.masked_nll, moderate, bad, 0)


@pytest.mark.points(2)
def test_t04_inverse_sigmoid_decay(student, rng):
    """inverse_sigmoid_decay: values, the start, falling all the way, very late epochs, errors."""
    for mu in [1, 5, 12, 40, 0.5, float(rng.uniform(0.5, 50.0))]:
        for e in [0, 0.25, 1, 2, 5, 12, 30, 77, 150, 200, float(rng.uniform(0.0, 200.0))]:
            what = f"inverse_sigmoid_decay({e}, {mu})"
            wanted = oracle.decay(e, mu)
            assert_close(student.inverse_sigmoid_decay(e, mu), wanted, rtol=1e-12, atol=0.0, what=what)
        epochs = mu * np.linspace(0.0, 30.0, 31)
        values = [as_array(student.inverse_sigmoid_decay(float(e), mu), "the probability") for e in epochs]
        falls = np.all(np.diff(values) < 0)
        assert falls, f"inverse_sigmoid_decay does not fall all the way to e = 30 mu for mu={mu}"
    for e, mu in [(1e6, 1), (1e6, 12), (720.0, 1.0), (1e300, 40.0)]:
        late = as_array(student.inverse_sigmoid_decay(e, mu), "the probability")
        assert late.shape == (), f"inverse_sigmoid_decay({e}, {mu}) is {describe(late)}, not one number"
        assert 0.0 <= late <= 1e-300, f"inverse_sigmoid_decay({e}, {mu}) is not the limit 0"
    for e, mu in [(-1, 5), (-0.5, 5), (3, 0), (0, 0.0), (3, -2), (3, -0.5)]:
        refuses(f"e={e}, mu={mu}", student.inverse_sigmoid_decay, e, mu)


@pytest.mark.points(2)
def test_t05_gumbel_noise(student, rng):
    """gumbel_noise: both tails to nine digits, finite at 0 and 1, every shape; values outside are refused."""
    tails = np.array([1e-12, 1e-9, 1e-6, 0.1, 0.5, 0.9, 1 - 1e-9, 1 - 1e-12])
    for u in [tails, rng.uniform(0.01, 0.99, size=(3, 4)), rng.uniform(0.01, 0.99, size=(2, 1, 5))]:
        what = "gumbel_noise near 0 and 1" if u is tails else f"gumbel_noise for u of shape {u.shape}"
        assert_close(call(student, "gumbel_noise", u), oracle.gumbel(u), rtol=1e-9, atol=1e-12, what=what)
    ends = np.array([[0.0, 1.0, 0.5], [5e-324, 0.0, 1.0]])
    noise = as_array(call(student, "gumbel_noise", ends), "gumbel_noise at 0 and 1")
    assert noise.shape == ends.shape, f"gumbel_noise has shape {noise.shape} for u of shape {ends.shape}"
    assert np.isfinite(noise).all(), "gumbel_noise is not finite at 0 and 1"
    for bad in [1.1, -0.1, 1 + 1e-9, -1e-9, 3.0, -3.0, np.nan]:
        u = rng.uniform(0.1, 0.9, size=(2, 3))
        u[1, 2] = bad
        refuses(f"a u of {bad} among others", student.gumbel_noise, u)


@pytest.mark.points(2)
def test_t06_word_oracle(student, rng):
    """word_oracle on 1-D to 3-D logits: with and without noise, any tau, a shift of each row; errors."""
    for shape in [(6,), (100, 6), (25, 4, 6)]:
        logits, u = 1.5 * rng.normal(size=shape), rng.uniform(0.001, 0.999, size=shape)
        shifted = logits + rng.uniform(-20.0, 20.0, size=(*shape[:-1], 1))
        noisy, plain = oracle.race(logits, u), np.apply_along_axis(oracle.best, -1, logits)
        where = f"for logits of shape {shape}"
        assert_words(call(student, "word_oracle", logits), plain, f"word_oracle without noise {where}")
        assert_words(call(student, "word_oracle", logits, u), noisy, f"word_oracle with noise {where}")
        for tau in [0.05, 1.0, 7.0]:
            without = call(student, "word_oracle", logits, None, tau)
            assert_words(without, plain, f"word_oracle without noise, tau={tau}, {where}")
            words = call(student, "word_oracle", logits, u, tau)
            assert_words(words, noisy, f"word_oracle with noise, tau={tau}, {where}")
        moved = call(student, "word_oracle", shifted, u)
        assert_words(moved, noisy, f"word_oracle after a shift of each row {where}")
    logits, u = rng.normal(size=(3, 4)), rng.uniform(0.1, 0.9, size=(3, 4))
    for tau in [0, 0.0, -0.5, -2.0]:
        refuses(f"tau={tau}", student.word_oracle, logits, u, tau)
        refuses(f"tau={tau} without noise", student.word_oracle, logits, None, tau)
    for bad in [u[:1], u[0], u[:, :1], u[None], u.T]:
        refuses(f"u of shape {bad.shape} for logits of shape (3, 4)", student.word_oracle, logits, bad)


@pytest.mark.points(2)
def test_t07_gumbel_max(student, rng):
    """word_oracle with uniform noise draws from softmax(logits): 20000 draws, chi-squared."""
    logits, n = np.array([2.0, 1.0, 0.0, -1.0, 0.5]), 20000
    u = rng.uniform(size=(n, 5))
    drawn = as_array(student.word_oracle(np.tile(logits, (n, 1)), u, 0.5), "word_oracle")
    assert drawn.shape == (n,), f"word_oracle has shape {drawn.shape} for logits of shape {(n, 5)}"
    counts = np.array([np.count_nonzero(drawn == word) for word in range(5)])
    assert counts.sum() == n, "word_oracle returned something else than the words 0 to 4"
    expected = n * np.exp(logits) / np.exp(logits).sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    assert statistic <= CHI_SQUARED_4, (
        f"the words drawn do not follow softmax(logits): chi-squared {statistic:.0f}, limit {CHI_SQUARED_4}"
    )


@pytest.mark.points(2)
def test_t08_mix_context(student, rng):
    """mix_context: a coin for each position, u equal to p, p = 0 and p = 1; bad p and shapes are refused."""
    gold = rng.integers(0, 20, size=(6, 9))
    own = (gold + rng.integers(1, 20, size=(6, 9))) % 20
    # Every row holds the same nine coins in another order, so both kinds of words occur in each.
    u = rng.permuted(np.tile(np.linspace(0.05, 0.95, 9), (6, 1)), axis=1)
    from_zero = np.where(u == u.min(), 0.0, u)
    middle = float(np.sort(u[0])[4])
    for p, coins in [(0.4, u), (0.7, u), (middle, u), (0.0, from_zero), (1.0, u), (0, u), (1, from_zero)]:
        wanted = np.empty_like(gold)
        wanted[coins < p], wanted[coins >= p] = gold[coins < p], own[coins >= p]
        where = "p equal to some of the u" if p == middle else f"p={p}"
        assert_words(call(student, "mix_context", gold, own, p, coins), wanted, f"mix_context, {where}")
    for p in [-0.1, -1e-9, 1 + 1e-9, 1.1, 2.5]:
        refuses(f"p={p}", student.mix_context, gold, own, p, u)
    for name, cut in [("(6, 1)", np.s_[:, :1]), ("(1, 9)", np.s_[:1]), ("(9,)", np.s_[0])]:
        refuses(f"gold of shape {name} and the rest (6, 9)", student.mix_context, gold[cut], own, 0.5, u)
        refuses(f"oracle of shape {name} and the rest (6, 9)", student.mix_context, gold, own[cut], 0.5, u)
        refuses(f"u of shape {name} and the rest (6, 9)", student.mix_context, gold, own, 0.5, u[cut])


def check_scheduled(student, model, target, bos, p, u_mix, u_gumbel, what):
    """Inputs, logits and number of steps of scheduled_decode."""
    logits, inputs = oracle.scheduled(model, target.tolist(), bos, p, u_mix, u_gumbel)
    arguments = (*model.start(), target, bos, p, u_mix)
    noise = () if u_gumbel is None else (u_gumbel,)
    got = two_values(call(student, "scheduled_decode", *arguments, *noise), "scheduled_decode")
    assert len(model.fed) == len(target), f"{what} called step_fn {len(model.fed)} times for T={len(target)}"
    assert_words(got[1], inputs, f"the inputs of {what}")
    assert model.fed == inputs, f"{what} fed other words than the inputs that it returned"
    assert_close(got[0], logits, rtol=0.0, atol=1e-12, what=f"the logits of {what} (its inputs are right)")


@pytest.mark.points(2)
def test_t09_both_ends_of_the_schedule(student, rng):
    """scheduled_decode with p = 1 (teacher forcing) and p = 0 (free running): inputs, logits, calls."""
    for length in [1, 2, 5, 9, 9, 9]:
        bos = int(rng.integers(SIZE))
        target = sentence(rng, length, bos)
        model = oracle.random_model(rng, SIZE)
        u_mix, u_gumbel = rng.uniform(size=length), rng.uniform(0.01, 0.99, size=(length, SIZE))
        what = f"scheduled_decode (T={length}, p=1)"
        check_scheduled(student, model, target, bos, 1.0, u_mix, None, what)
        check_scheduled(student, model, target, bos, 1.0, u_mix, u_gumbel, what)
        u_mix[::2] = 0.0  # not below p = 0
        what = f"scheduled_decode (T={length}, p=0)"
        check_scheduled(student, model, target, bos, 0.0, u_mix, None, what)


@pytest.mark.points(3)
def test_t10_scheduled_decode(student, rng):
    """scheduled_decode with p = 0, 0.3, 0.7, with and without noise, 24 sentences: inputs, logits, calls."""
    for i in range(24):
        p, noisy = (0.0, 0.3, 0.7)[i % 3], i % 2 == 0
        bos = int(rng.integers(SIZE))
        target, model = sentence(rng, 9, bos), oracle.random_model(rng, SIZE)
        u_mix = rng.permutation(np.linspace(0.02, 0.92, 9))
        u_mix[int(rng.integers(8))] = p  # a coin that equals p takes the oracle word
        u_gumbel = rng.uniform(0.001, 0.999, size=(9, SIZE)) if noisy else None
        what = f"scheduled_decode (sentence {i}, p={p}, {'with' if noisy else 'without'} noise)"
        check_scheduled(student, model, target, bos, p, u_mix, u_gumbel, what)


@pytest.mark.points(2)
def test_t11_greedy_decode(student, rng):
    """greedy_decode: EOS at once, in the middle, at max_len and never; ties; calls of step_fn; an error."""
    for eos_at, max_len in [(1, 8), (1, 1), (2, 8), (5, 8), (8, 8), (9, 8), (0, 8), (0, 1), (0, 2)]:
        for _ in range(3):
            bos, eos = (int(word) for word in rng.permutation(SIZE)[:2])
            model = oracle.random_model(rng, SIZE, eos, eos_at)
            words = student.greedy_decode(*model.start(), bos, eos, max_len)
            end = f"EOS best {ENDS.get(eos_at, f'at step {eos_at}')}"
            what = f"greedy_decode ({end}, max_len={max_len})"
            wanted = oracle.greedy(model, bos, eos, max_len)
            assert_words(words, wanted, what)
            assert len(model.fed) == len(wanted), f"{what} called step_fn {len(model.fed)} times"
    tied = oracle.Model(lambda history: np.array([0.0, -1.0, 2.0, 1.0, 2.0, 2.0]))
    words = student.greedy_decode(*tied.start(), 0, 1, 3)
    assert_words(words, [2, 2, 2], "greedy_decode with three equally good words")
    for max_len in [0, -1]:
        refuses(f"max_len={max_len}", student.greedy_decode, *tied.start(), 0, 1, max_len)


@pytest.mark.points(2)
def test_t12_force_decode(student, rng):
    """force_decode: EOS best too early, always or never; lengths 0, 1 and 5; ties; calls; an error."""
    for eos_at in [1, 2, 3, 5, 6, -1, 0]:
        for length in [0, 1, 5, 5]:
            bos, eos = (int(word) for word in rng.permutation(SIZE)[:2])
            model = oracle.random_model(rng, SIZE, eos, eos_at)
            words = student.force_decode(*model.start(), bos, eos, length)
            end = f"EOS best {ENDS.get(eos_at, f'at step {eos_at}')}"
            what = f"force_decode ({end}, length={length})"
            assert_words(words, oracle.forced(model, bos, eos, length), what)
            assert len(model.fed) <= length + 1, f"{what} called step_fn {len(model.fed)} times"
    tied = oracle.Model(lambda history: np.array([0.0, 3.0, 2.0, 1.0, 2.0, 2.0]))
    words = student.force_decode(*tied.start(), 0, 1, 2)
    assert_words(words, [2, 2, 1], "force_decode with three equally good words")
    for length in [-1, -3]:
        refuses(f"length={length}", student.force_decode, *tied.start(), 0, 1, length)


@pytest.mark.points(2)
def test_t13_expected_errors(student, rng):
    """expected_errors: teacher-forced and free-running, up to 30 words, with and without recovery; errors."""
    cases = [(int(rng.integers(2, 31)), *map(float, rng.uniform(0.02, 0.98, size=2))) for _ in range(20)]
    eps = float(rng.uniform(0.05, 0.3))
    cases += [(T, on, off) for T in (1, 2, 7) for on, off in [(0.0, 1.0), (1.0, 0.0), (0.0, 0.4), (1.0, 1.0)]]
    cases += [(1, eps, 0.9), (20, eps, eps), (20, eps, 1.0), (20, eps, 0.0), (20, 0.0, 0.0)]
    for T, on, off in cases:
        for forced in [False, True]:
            wanted = oracle.expected_errors(T, on, off, forced)
            result = student.expected_errors(T, on, off, forced)
            what = f"expected_errors({T}, {on:.3g}, {off:.3g}, {forced})"
            assert_close(result, wanted, rtol=1e-9, atol=1e-12, what=what)
    for T, on, off in [
        (0, 0.1, 0.5),
        (-2, 0.1, 0.5),
        (3, -0.1, 0.5),
        (3, 1.1, 0.5),
        (3, 0.1, -0.1),
        (3, 0.1, 1.1),
        (3, 2.5, 0.5),
        (3, 0.1, 2.5),
    ]:
        for forced in [False, True]:
            what = f"T={T}, eps_on={on}, eps_off={off}, teacher_forced={forced}"
            refuses(what, student.expected_errors, T, on, off, forced)

"""Hidden tests of `beam_search`. Models and expected answers: oracle.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judge.testing import as_array, assert_close, assert_equal, describe

from . import oracle

Config = dict[str, Any]
STEPS = 7
# Six tokens: BOS, EOS and four words. `table` describes the model, `search` the call.
C1: Config = {
    "table": {"size": 6, "temperature": 1.2, "eos_bias": -0.3},
    "search": {"beam_width": 4, "max_len": STEPS, "alpha": 0.8, "n_best": 3},
}
C2: Config = {"table": {**C1["table"], "eos_bias": -3.0}, "search": C1["search"]}
C3: Config = {
    "table": {"size": 6, "temperature": 2.0, "eos_bias": 0.5},
    "search": {"beam_width": 4, "max_len": STEPS, "alpha": 1.0, "n_best": 1},
}
C4: Config = {"table": C1["table"], "search": {**C1["search"], "alpha": 0.0, "n_best": 1}}
LATE: Config = {"beam_width": 2, "max_len": oracle.LATE_BLOOMER_STEPS, "alpha": 1.0, "n_best": 1}


def model_of(config: Config, rng: np.random.Generator, **changes: Any) -> oracle.Model:
    """A fresh random model of a configuration."""
    return oracle.table_model(**{**config["table"], "seed": int(rng.integers(2**32)), **changes})


def search(student: Any, model: oracle.Model, config: Config) -> Any:
    """The student's beam search on a model."""
    return student.beam_search(model.step_fn(), model.bos, model.eos, **config)


def expected(
    model: oracle.Model, config: Config, early_stop: bool = True
) -> tuple[list[oracle.Hypothesis], int]:
    """The right result and the number of calls."""
    return oracle.beam(
        model, config["beam_width"], config["max_len"], config["alpha"], config["n_best"], early_stop
    )


def unpack(value: Any, what: str) -> oracle.Hypothesis:
    """A pair (tokens, score) with tokens as a list of ints and the score as a float."""
    assert isinstance(value, tuple | list), f"{what} is {describe(value)}, not a pair (tokens, score)"
    assert len(value) == 2, f"{what} has {len(value)} values, not 2: (tokens, score)"
    tokens, score = as_array(value[0], f"the tokens of {what}"), as_array(value[1], f"the score of {what}")
    assert tokens.ndim == 1, f"the tokens of {what} have shape {tokens.shape}, not one dimension"
    assert tokens.dtype.kind in "iu" or tokens.size == 0, (
        f"the tokens of {what} are {tokens.dtype}, not integers"
    )
    assert score.shape == (), f"the score of {what} has shape {score.shape}, it must be one number"
    return tokens.tolist(), float(score)


def unpack_all(value: Any, what: str) -> list[oracle.Hypothesis]:
    """A list of pairs (tokens, score)."""
    assert isinstance(value, tuple | list), (
        f"{what} is {describe(value)}, not a list of pairs (tokens, score)"
    )
    return [unpack(pair, f"hypothesis {i} of {what}") for i, pair in enumerate(value)]


def assert_hypothesis(actual: Any, wanted: oracle.Hypothesis, what: str, **tolerance: float) -> None:
    """The same tokens and, within the tolerance, the same score."""
    tokens, score = unpack(actual, what)
    assert tokens == wanted[0], f"{what} has other tokens ({len(tokens)} of them) than it should"
    assert_close(score, wanted[1], what=f"the score of {what} (its tokens are right)", **tolerance)


def assert_hypotheses(actual: Any, wanted: list[oracle.Hypothesis], what: str) -> None:
    """The same hypotheses in the same order."""
    got = unpack_all(actual, what)
    assert len(got) == len(wanted), f"{what} holds {len(got)} hypotheses, not {len(wanted)}"
    for i, (one, other) in enumerate(zip(got, wanted, strict=True)):
        assert_hypothesis(one, other, f"hypothesis {i} of {what}")


def assert_extensions(actual: Any, wanted: tuple[list[int], list[int], list[float]], what: str) -> None:
    """The same parents and tokens, and the same scores to 1e-12."""
    assert isinstance(actual, tuple | list), (
        f"{what} is {describe(actual)}, not (parents, tokens, new_scores)"
    )
    assert len(actual) == 3, f"{what} has {len(actual)} values, not 3: (parents, tokens, new_scores)"
    for name, got, want in zip(("parents", "tokens"), actual, wanted, strict=False):
        assert_equal(as_array(got, name), np.array(want, dtype=np.int64), what=f"{name} of {what}")
    assert_close(actual[2], np.array(wanted[2]), rtol=0.0, atol=1e-12, what=f"new_scores of {what}")


@pytest.mark.points(2)
def test_t01_top_k_extensions(student, rng):
    """top_k_extensions on 30 random score tables, k from 1 to all n * V extensions."""
    for i in range(30):
        n, size = int(rng.integers(1, 9)), int(rng.integers(2, 13))
        k = n * size if i % 5 == 0 else int(rng.integers(1, n * size + 1))
        scores, log_probs = -rng.exponential(4.0, size=n), -rng.exponential(2.0, size=(n, size))
        wanted = oracle.top_k(scores, log_probs, k)
        what = f"top_k_extensions (n={n}, V={size}, k={k})"
        assert_extensions(student.top_k_extensions(scores, log_probs, k), wanted, what)


@pytest.mark.points(1)
def test_t02_top_k_impossible_and_invalid(student, rng):
    """top_k_extensions with impossible tokens and dead ends; k = 0, NaN and shapes that disagree raise."""
    scores, log_probs = -rng.exponential(4.0, size=4), -rng.exponential(2.0, size=(4, 5))
    log_probs[1] = -np.inf  # a dead end
    log_probs[:, int(rng.integers(5))] = -np.inf
    nothing = np.full((4, 5), -np.inf)
    hopeless = scores.copy()
    hopeless[2] = -np.inf
    for case in [
        (scores, log_probs, 20),
        (scores, log_probs, 3),
        (scores, nothing, 2),
        (hopeless, log_probs, 10),
    ]:
        wanted = oracle.top_k(*case)
        assert_extensions(
            student.top_k_extensions(*case), wanted, f"top_k_extensions (k={case[2]}, some -inf)"
        )

    with_nan = log_probs.copy()
    with_nan[2, 3] = np.nan
    nan_score = np.where(np.arange(4) == 3, np.nan, scores)
    for bad in [
        (scores, log_probs, 0),
        (scores, with_nan, 2),
        (nan_score, log_probs, 2),
        (scores[:3], log_probs, 2),
        (scores[:1], log_probs, 2),  # would broadcast
        (scores, log_probs[:1], 2),
        (scores, log_probs[0], 2),
        (scores, log_probs[:, 0], 2),
        (scores, log_probs[..., None], 2),
        (scores[:, None], log_probs, 2),
    ]:
        with pytest.raises(ValueError):
            student.top_k_extensions(*bad)


@pytest.mark.points(2)
def test_t03_greedy_search(student, rng):
    """greedy_search on 20 models, with EOS at once and never too: tokens, raw score, calls of step_fn."""
    biases = [30.0, -np.inf, *rng.uniform(-3.0, 2.0, size=18)]
    for i, bias in enumerate(biases):
        bos, eos = (int(token) for token in rng.permutation(6)[:2])
        model = model_of(C1, rng, eos_bias=bias, bos=bos, eos=eos)
        wanted = oracle.greedy(model, STEPS)
        what = f"greedy_search on model {i}"
        assert_hypothesis(student.greedy_search(model.step_fn(), bos, eos, STEPS), wanted, what)
        shapes = [rows.shape for rows in model.calls]
        assert shapes == [(1, t + 1) for t in range(len(wanted[0]))], f"{what} called step_fn with {shapes}"


@pytest.mark.points(3)
def test_t04_beam_of_one_is_greedy(student, rng):
    """beam_search with beam_width = 1 finds what greedy search finds: 40 models, two values of alpha."""
    models = [model_of(C1, rng, eos_bias=rng.uniform(-2.0, 2.0)) for _ in range(32)]
    models += [oracle.late_bloomer(rng) for _ in range(8)]
    for i, model in enumerate(models):
        tokens, raw = oracle.greedy(model, STEPS)
        for alpha in (0.0, 0.7):
            config = {"beam_width": 1, "max_len": STEPS, "alpha": alpha, "n_best": 1}
            wanted = [(tokens, raw / len(tokens) ** alpha)]
            assert_hypotheses(
                search(student, model, config), wanted, f"beam_search (B=1, alpha={alpha}) on model {i}"
            )


@pytest.mark.points(3)
def test_t05_wide_beam_is_exhaustive(student, rng):
    """beam_search with a beam that never drops anything: the five best sequences of all, on 20 models."""
    for i in range(20):
        model = model_of(C1, rng, size=5, eos_bias=rng.uniform(-0.5, 0.5))
        for alpha in (0.0, 0.7):
            config = {"beam_width": 128, "max_len": 4, "alpha": alpha, "n_best": 5}
            wanted = oracle.enumerate_best(model, 4, alpha, 5)
            assert_hypotheses(
                search(student, model, config), wanted, f"beam_search (B=128, alpha={alpha}) on model {i}"
            )


@pytest.mark.points(4)
def test_t06_beam_search(student, rng):
    """beam_search, complete n-best lists: 40 random models and 8 whose best sequence starts badly."""
    cases = [(model_of(C1, rng), C1["search"]) for _ in range(40)]
    cases += [(oracle.late_bloomer(rng), LATE) for _ in range(8)]
    for i, (model, config) in enumerate(cases):
        assert_hypotheses(
            search(student, model, config), expected(model, config)[0], f"beam_search on model {i}"
        )


@pytest.mark.points(2)
def test_t07_invariants(student, rng):
    """Properties of every beam_search result: scores, no duplicates, place of EOS, order, length."""
    for i in range(36):
        config = (C1, C2, C3)[i % 3]
        model, what = model_of(config, rng), f"beam_search on model {i}"
        result = unpack_all(search(student, model, config["search"]), what)
        # At each step at least B extensions are possible, so there are always n_best hypotheses to return.
        assert len(result) == config["search"]["n_best"], f"{what} returned {len(result)} hypotheses"
        assert len({tuple(tokens) for tokens, _ in result}) == len(result), f"{what}: the same tokens twice"
        for tokens, score in result:
            assert 1 <= len(tokens) <= STEPS, f"{what}: a hypothesis of {len(tokens)} tokens"
            assert all(0 <= token < 6 for token in tokens), f"{what}: a token that is not in the vocabulary"
            assert model.eos not in tokens[:-1], f"{what}: EOS before the end of a hypothesis"
            wanted = model.raw_score(tokens) / len(tokens) ** config["search"]["alpha"]
            assert_close(score, wanted, what=f"{what}: a score, recomputed from the tokens,")
        ranks = [(tokens[-1] == model.eos, score) for tokens, score in result]
        assert ranks == sorted(ranks, reverse=True), (
            f"{what}: not finished before unfinished, each by falling score"
        )


@pytest.mark.points(2)
def test_t08_length_normalisation(student):
    """A model small enough for paper: alpha = 0 and alpha = 1 choose different sequences; exact scores."""
    eos, a, b = 1, 2, 3

    def probabilities(tokens: tuple[int, ...]) -> dict[int, float]:
        if not tokens:
            return {a: 0.5, b: 0.45, eos: 0.05}
        if tokens[-1] == a:
            return {eos: 0.5, a: 0.25, b: 0.25}
        return {eos: 0.8, b: 0.2} if len(tokens) == 4 else {b: 0.8, eos: 0.2}

    model = oracle.hand_model(probabilities, size=4)
    for alpha, tokens, score in [
        (0.0, [a, eos], np.log(0.25)),
        (1.0, [b, b, b, b, eos], np.log(0.45 * 0.8**4) / 5),
    ]:
        result = search(student, model, {"beam_width": 2, "max_len": 6, "alpha": alpha, "n_best": 1})
        what = f"beam_search (alpha={alpha})"
        assert len(unpack_all(result, what)) == 1, f"{what} does not hold exactly one hypothesis"
        assert_hypothesis(result[0], (tokens, score), f"the hypothesis of {what}", rtol=0.0, atol=1e-12)


@pytest.mark.points(2)
def test_t09_unfinished_and_dead_ends(student, rng):
    """beam_search where few hypotheses finish, EOS is impossible, or all tokens become impossible."""
    config = C2["search"]
    models = [model_of(C2, rng) for _ in range(30)]
    models += [model_of(C2, rng, eos_bias=-np.inf) for _ in range(2)]
    models += [oracle.dead_end_model(model_of(C1, rng, eos_bias=bias), 2) for bias in (1.0, -np.inf)]
    cases = [(model, config) for model in models]
    cases += [(model_of(C2, rng), {**config, "max_len": 1}) for _ in range(2)]  # hardly time for EOS
    for i, (model, config) in enumerate(cases):
        assert_hypotheses(
            search(student, model, config), expected(model, config)[0], f"beam_search on model {i}"
        )


@pytest.mark.points(2)
def test_t10_calls_of_step_fn(student, rng):
    """What beam_search asks the model for, on 20 models: how many calls, how many rows, of which prefixes."""
    width = C1["search"]["beam_width"]
    for i in range(20):
        model = model_of(C1, rng)
        search(student, model, C1["search"])
        assert 1 <= len(model.calls) <= STEPS, f"{len(model.calls)} calls of step_fn on model {i}"
        for t, rows in enumerate(model.calls, start=1):
            where = f"call {t} of step_fn on model {i}"
            assert rows.shape[1] == t, f"{where}: prefixes of {rows.shape[1]} tokens, not {t}"
            limit = 1 if t == 1 else width
            assert 1 <= len(rows) <= limit, (
                f"{where}: {len(rows)} rows, at least 1 and at most {limit} are right"
            )
            assert (rows[:, 0] == model.bos).all(), f"{where}: a prefix that does not start with BOS"
            assert not (rows == model.eos).any(), f"{where}: a prefix that contains EOS"
            assert len({tuple(row) for row in rows.tolist()}) == len(rows), f"{where}: the same prefix twice"


@pytest.mark.points(2)
def test_t11_early_stop(student, rng):
    """The early stop of beam_search on 88 models: as few calls as the bound allows, result unchanged."""
    cases = [(model_of(config, rng), config["search"]) for config in (C3, C4) for _ in range(40)]
    cases += [(oracle.late_bloomer(rng), LATE) for _ in range(8)]
    for i, (model, config) in enumerate(cases):
        result = search(student, model, config)
        what = f"beam_search on model {i}"
        assert_hypotheses(result, expected(model, config, early_stop=False)[0], what)
        calls, limit = len(model.calls), expected(model, config)[1]
        assert calls <= limit, f"{what} called step_fn {calls} times; it could have stopped earlier"


@pytest.mark.points(1)
def test_t12_exhaustive_search_and_errors(student, rng):
    """exhaustive_search on 5 models; beam_search refuses bad arguments and a NaN from step_fn."""
    for i in range(5):
        size, steps, alpha, n_best = [
            (5, 4, 0.0, 5),
            (5, 4, 0.7, 40),
            (4, 4, 1.0, 3),
            (4, 3, 1.0, 100),
            (3, 5, 0.5, 9),
        ][i]
        model = model_of(C1, rng, size=size, eos_bias=rng.uniform(-1.0, 0.5))
        result = student.exhaustive_search(
            model.step_fn(), model.bos, model.eos, steps, alpha=alpha, n_best=n_best
        )
        wanted = oracle.enumerate_best(model, steps, alpha, n_best)
        assert_hypotheses(result, wanted, f"exhaustive_search on model {i}")

    model, right = model_of(C1, rng), C1["search"]
    for change in [
        {"beam_width": 0, "n_best": 1},
        {"max_len": 0},
        {"alpha": -0.5},
        {"n_best": 0},
        {"n_best": right["beam_width"] + 1},
    ]:
        with pytest.raises(ValueError):
            search(student, model, {**right, **change})
    with pytest.raises(ValueError):
        search(student, oracle.poisoned_model(model, 3), right)

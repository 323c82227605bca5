"""The mutants of a small topic behind the wall: which are killed, what must be declared, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.spec import JudgeSpec
from grader.verify import survivors
from grader.verify.mutants import Mutant, make_mutants
from grader.verify.survivors import MutationRun, draw_run, run_mutants, run_to_json
from tests.judge.topics import make_topic

REFERENCE = '''
def clip(x):
    """x, at least 0, at most 9. Raises ValueError from 100 on."""
    ### BEGIN SOLUTION
    if x >= 100:
        raise ValueError("too large")
    while x > 9:
        x = x - 1
    return max(x, 0)
    ### END SOLUTION
'''
TESTS = '''
import pytest

@pytest.mark.points(6)
def test_t01_clip(student):
    """clip."""
    for x, clipped in [(-3, 0), (5, 5), (9, 9), (12, 9), (99, 9)]:
        assert student.clip(x) == clipped, "not what it should be"

@pytest.mark.points(0)
def test_t02_clip(student):
    """clip refuses."""
    with pytest.raises(ValueError):
        student.clip(100)
'''


GAPS = '''
import pytest

@pytest.mark.points(6)
def test_t01_clip(student):
    """clip of one number, by a test that chokes on 8 and does not see the other mistakes."""
    assert 7 / (student.clip(12) - 8) > 0, "too small"
'''


def mutants() -> tuple[Mutant, ...]:
    return make_mutants(REFERENCE, Path("task.py"))


def by_change(after: str) -> Mutant:
    (found,) = (mutant for mutant in mutants() if mutant.after == after)
    return found


@pytest.fixture(scope="module", autouse=True)
def little_patience() -> Iterator[None]:
    """Endless loops are most of the time of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survivors, "LEAST_CALL_SECONDS", 0.6)
        yield


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> JudgeSpec:
    """With limits that would make an endless loop cost a minute."""
    limits = {"call_seconds": 60.0, "test_seconds": 60.0}
    return make_topic(tmp_path_factory.mktemp("root"), TESTS, REFERENCE, limits=limits)


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> MutationRun:
    """Of tests that look at one number only."""
    spec = make_topic(tmp_path_factory.mktemp("root"), GAPS, REFERENCE)
    declared = {
        by_change("if x > 100:").id: "no test is to call it with 100",
        by_change("return min(x, 0)").id: "a mistake: it is killed",
        "m00000000": "a mistake: there is no such mutant",
    }
    return run_mutants(spec, REFERENCE, mutants(), declared, "seed", workers=1)


def test_every_mutant_is_killed_and_a_loop_costs_seconds(spec: JudgeSpec) -> None:
    ticks: list[None] = []
    run = run_mutants(spec, REFERENCE, mutants(), {}, "seed", workers=1, on_result=lambda: ticks.append(None))
    assert by_change("x = x + 1") in mutants()
    assert run.mutants == run.killed == len(ticks) == len(mutants())
    assert (run.survivors, run.violations, run.percent) == ((), (), 100.0)


def test_haste_does_not_kill(tmp_path: Path) -> None:
    """A mutant that gives the right answer after a second survives; an endless loop does not."""
    reference = """
    import time

    def wait(n):
        ### BEGIN SOLUTION
        while n < 0:
            n += 1
        time.sleep(1 * 0)
        return n
        ### END SOLUTION
    """
    tests = """
    import pytest

    @pytest.mark.points(6)
    def test_t01_wait(student):
        assert student.wait(-1) == 0
        assert student.wait(3) == 3
    """
    spec = make_topic(tmp_path, tests, reference, limits={"call_seconds": 60.0, "test_seconds": 60.0})
    source = spec.reference.read_text("utf-8")
    all_mutants = make_mutants(source, Path("task.py"))
    slow, endless = (
        next(mutant for mutant in all_mutants if mutant.after == after)
        for after in ("time.sleep(1 * 1)", "n -= 1")
    )
    run = run_mutants(spec, source, [slow, endless], {}, "seed", workers=2)
    assert run.survivors == (slow,)
    assert run.killed == 1


def test_survivors_are_what_no_test_noticed(gaps: MutationRun) -> None:
    alive = {mutant.after for mutant in gaps.survivors}
    assert "pass" in alive
    assert {"if x > 100:", "return min(x, 0)"}.isdisjoint(alive)  # declared, killed
    assert gaps.equivalent == 1
    assert gaps.killed + gaps.equivalent + len(gaps.survivors) == gaps.mutants


def test_too_few_are_killed(gaps: MutationRun) -> None:
    killed = 100 * gaps.killed / (gaps.mutants - 1)
    assert f"{killed:.1f} % of the mutants are killed, 95 % must be" in gaps.violations


def test_a_declared_mutant_must_exist_and_live(gaps: MutationRun) -> None:
    killed = by_change("return min(x, 0)").id
    assert f"equivalent_mutants: {killed} is killed, so it is not equivalent; remove it" in gaps.violations
    gone = "equivalent_mutants: there is no mutant m00000000 any more; remove it from submissions.yaml"
    assert gone in gaps.violations


def test_a_test_that_chokes_on_a_mutant_is_our_fault(gaps: MutationRun) -> None:
    mutant = by_change("while x > 8:")
    broken = f"mutant {mutant.id} (line 7), t01: TEST_ERROR, which is our fault (ZeroDivisionError: division"
    assert any(text.startswith(broken) for text in gaps.violations)


def test_a_run_in_words(gaps: MutationRun) -> None:
    mutant = by_change("if x >= 101:")
    lines = draw_run(gaps).splitlines()
    figures = (
        f"task: {gaps.mutants} mutants, {gaps.killed} killed, 1 declared equivalent: {gaps.percent:.1f} %"
    )
    assert lines[0] == figures
    place = lines.index(f"survived: {mutant.id}, line 5, clip (constant)")
    assert lines[place + 1 : place + 3] == ["      if x >= 100:", "   -> if x >= 101:"]


def test_a_run_as_plain_data(gaps: MutationRun) -> None:
    data = run_to_json(gaps)
    assert {key: data[key] for key in ("mutants", "killed", "equivalent")} == {
        "mutants": gaps.mutants,
        "killed": gaps.killed,
        "equivalent": 1,
    }
    assert data["percent"] == round(gaps.percent, 2)
    mutant = by_change("if x >= 101:")
    assert {
        "id": mutant.id,
        "line": 5,
        "function": "clip",
        "mutation": "constant",
        "before": "if x >= 100:",
        "after": "if x >= 101:",
    } in data["survivors"]
    assert data["violations"] == list(gaps.violations)

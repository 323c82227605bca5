"""A right answer in unusual clothes earns full marks; what cannot be right says what to change."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.cli.content import judge_spec
from grader.course.load import load_course, load_topic
from grader.judge.pool import judge_all, stop_judges
from grader.model.result import Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from tests.honest.declared import HERE, ROOT, TOPICS, Honest, parse_outcome, read_written
from tests.honest.generated import generate

ALL = sorted(
    [*map(read_written, HERE.glob("corpus/*/*.py")), *generate()],
    key=lambda honest: (TOPICS.index(honest.topic), honest.name),
)
LEAST = {"norm_layers": 60, "beam_search": 20, "transformer_blocks": 20}

# By topic and name.
Results = Mapping[tuple[str, str], Result]


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Results:
    """The submissions of the selected tests, judged: one engine a topic, side by side."""
    items = [
        item
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    chosen = [value for item in items for value in item.callspec.params.values() if isinstance(value, Honest)]
    with ThreadPoolExecutor() as pool:
        parts = pool.map(
            judge_topic, TOPICS, ([one for one in chosen if one.topic == topic] for topic in TOPICS)
        )
        judged = {key: result for part in parts for key, result in part.items()}
    stop_judges()
    return judged


def judge_topic(topic: str, chosen: list[Honest]) -> dict[tuple[str, str], Result]:
    """Submissions of one topic through one engine, or two where they are many."""
    spec = judge_spec(load_topic(load_course(ROOT), topic))
    submissions = [Submission(topic=topic, name=one.name, files=one.files) for one in chosen]
    judged = judge_all(spec, submissions, "honest", workers=2 if len(chosen) > 50 else 1)
    return {(topic, submission.name): result for submission, result in judged}


def line(result: TestResult) -> str:
    """For the report of a failure."""
    return f"{result.test.label} {result.verdict.value}: {result.message}"


@pytest.mark.parametrize("honest", [pytest.param(one, id=f"{one.topic}/{one.name}") for one in ALL])
def test_honest(honest: Honest, results: Results) -> None:
    """Exactly the declared outcome, test by test; each refusal says why."""
    tests = results[honest.topic, honest.name].tests
    other = [line(test) for test in tests if test.verdict is not honest.verdict(test.test.label)]
    assert not other, "\n".join(other)
    silent = [
        line(test)
        for test in tests
        if test.verdict is not Verdict.PASSED and not all(text in test.message for text in honest.says)
    ]
    assert not silent, f"does not say {honest.says}:\n" + "\n".join(silent)
    assert set(honest.refused) <= {"all", *(test.test.label for test in tests)}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_corpus_is_whole(topic: str) -> None:
    """No file is overlooked, no name stands twice, most are right."""
    names = [one.name for one in ALL if one.topic == topic]
    assert len(names) == len(set(names)) >= LEAST[topic]
    full = [one for one in ALL if one.topic == topic and not one.refused]
    assert len(full) >= len(names) / 2


def test_declarations() -> None:
    """What a docstring may say."""
    assert parse_outcome("full marks", "x") == ({}, ())
    outcome = parse_outcome('all RAISED, t02 WRONG, says "a, b", says "c"', "x")
    assert outcome == ({"all": Verdict.RAISED, "t02": Verdict.WRONG}, ("a, b", "c"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("half marks", "x declares 'half marks'"),
        ("full marks; all RAISED", "x declares"),
        ("all RAISED", "must say which tests are refused, and with what words"),
        ('full marks, says "a"', "must say which tests are refused, and with what words"),
        ('t01 TEST_ERROR, says "a"', "must say which tests are refused, and with what words"),
    ],
)
def test_bad_declarations(text: str, message: str) -> None:
    """Nothing is declared by accident."""
    with pytest.raises(ValueError, match=message):
        parse_outcome(text, "x")

"""The fixture course itself: a right submission earns everything, one that does nothing earns nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from grader.judge.engine import Engine
from grader.model.verdict import Verdict
from tests.hostile.conftest import judge
from tests.hostile.declared import LABELS, parse_outcome, read_corpus
from tests.hostile.target import COURSE

NULL = b"""
def nothing(*args):
    return None

standardise = entropy = pick = iterate = clip = ranks = nothing

class Meter:
    unit = count = None

    def __init__(self, unit):
        pass

    add = nothing
"""


def test_the_reference_earns_full_marks(engine: Engine) -> None:
    """Every test passes, and the course's total is theirs."""
    result = judge(engine, (COURSE / "solutions/target/target.py").read_bytes(), "reference")
    assert [test.verdict for test in result.tests] == [Verdict.PASSED] * len(LABELS)
    assert tuple(test.test.label for test in result.tests) == LABELS
    assert result.score == result.max_score == engine.spec.assignment.points == 10


def test_nothing_earns_nothing(engine: Engine) -> None:
    """A submission in which everything is there and returns None."""
    result = judge(engine, NULL, "null")
    assert {test.verdict for test in result.tests} == {Verdict.WRONG}
    assert result.score == 0


def test_the_corpus_is_broad() -> None:
    """Every class of attack is there, and most of the corpus earns nothing at all."""
    classes = Counter(hostile.name.split("/")[0] for hostile in read_corpus())
    assert set(classes) == {
        *(
            "exit",
            "signals",
            "monkeypatching",
            "lies",
            "reading",
            "forged",
            "resources",
            "replies",
            "leftovers",
        ),
        *("import_time", "source", "exceptions", "network", "rules", "honest"),
    }
    assert classes.total() >= 200
    assert sum(not hostile.earned for hostile in read_corpus()) >= 200


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("all PASSED", "only what is honest or for review passes"),
        ("all WRONG, honest t02 WRONG", "only what is honest or for review passes"),
        ("t01 WRONG", "does not say what becomes of"),
        ("all wrong", "declares 'all wrong'"),
    ],
)
def test_a_declaration_that_says_too_little(text: str, complaint: str) -> None:
    """A point that nobody declared cannot be declared by mistake."""
    with pytest.raises(ValueError, match=complaint):
        parse_outcome(text, "some/file")


def test_a_declaration() -> None:
    """`all`, the exceptions, and what is earned."""
    text = "all MISSING, t01 CRASHED, honest t02 PASSED, review t06 PASSED"
    expected, why = parse_outcome(text, "some/file")
    assert expected == {
        **dict.fromkeys(LABELS, Verdict.MISSING),
        **{"t01": Verdict.CRASHED, "t02": Verdict.PASSED, "t06": Verdict.PASSED},
    }
    assert why == {"t02": "honest", "t06": "review"}

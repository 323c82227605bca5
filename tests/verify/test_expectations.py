"""`submissions.yaml` and the files beside it agree, or the difference is said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import InputError
from grader.model.assignment import Text
from grader.verify.expectations import AcceptedSubmission, WrongSubmission, load_expectations
from tests.course.small_topic import edit, write_course

NAME = "solutions/softmax/submissions.yaml"
LABELS = {"t01", "t02"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path)


def test_expectations(root: Path) -> None:
    expectations = load_expectations(root / NAME, LABELS)
    assert list(expectations.wrong) == ["no_temperature", "sum_over_all"]
    assert expectations.wrong["no_temperature"] == WrongSubmission(
        spec="W1",
        must_fail=("t02",),
        diagnosis=Text(en="The temperature is ignored.", zh="没有用到温度。"),
    )
    assert expectations.accepted == {"logs": AcceptedSubmission(spec="A1", note="in logarithms")}


def test_equivalent_mutants_have_a_reason_each(root: Path) -> None:
    edit(root, NAME, "accepted:", "equivalent_mutants:\n  m12345678: any shift will do\naccepted:")
    assert load_expectations(root / NAME).equivalent_mutants == {"m12345678": "any shift will do"}


def test_margins_have_a_reason_each(root: Path) -> None:
    edit(root, NAME, "accepted:", "margins:\n  t01.1e3456: float32 input\naccepted:")
    assert load_expectations(root / NAME).margins == {"t01.1e3456": "float32 input"}


def test_labels_may_be_unknown_yet(root: Path) -> None:
    edit(root, NAME, "[t02]", "[t77]")
    assert load_expectations(root / NAME).wrong["no_temperature"].must_fail == ("t77",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[t02]", "[]", r":4: must_fail of 'no_temperature' is empty\n  A mistake that no test"),
        ("[t02]", "[t021]", r":4: no hidden test has the label 't021'\n  Did you mean 't02'\?"),
        (
            "[t02]",
            "[t02, t02]",
            r":4: 't02' stands twice in 'no_temperature'\n  A test must fail or may fail",
        ),
        ("[t02]", "[t02]\n    may_fail: [t01, t02]", r":5: 't02' stands twice in 'no_temperature'"),
        ("must_fail", "must_fial", r":4: unknown key 'must_fial'\n  Did you mean 'must_fail'\?"),
        (
            "    must_fail: [t02]\n",
            "",
            r":2: 'wrong.no_temperature.must_fail' is missing; add `must_fail: \[...\]`$",
        ),
        ("en: The", "fr: The", r":5: unknown key 'fr'"),
        ("[t02]", "t02", r":4: wrong.no_temperature.must_fail: write a list, as in \[t02\]$"),
        (
            "    diagnosis: {en: The temperature is ignored., zh: 没有用到温度。}\n",
            "",
            r":2: 'wrong.no_temperature.diagnosis' is missing; add `diagnosis: {en: ..., zh: ...}`$",
        ),
        ("{spec: A1, note: in logarithms}", "good", r":10: accepted.logs: write {spec: ..., note: ...}$"),
        (
            "accepted:\n  logs: {spec: A1, note: in logarithms}",
            "accepted: [logs]",
            r":9: accepted: write keys with values, as in `logs: {spec: ..., note: ...}`$",
        ),
        (
            "no_temperature",
            "no_temprature",
            r":2: there is no file wrong/no_temprature.py\n  Did you mean 'no_temp",
        ),
        (
            "accepted:",
            "equivalent_mutants:\n  m1: ' '\naccepted:",
            r":10: 'm1' has no reason\n  Say why it must be so",
        ),
        ("accepted:", "margins: {t01.123456: ''}\naccepted:", r":9: 't01.123456' has no reason\n  Say why"),
        (
            "accepted:",
            "equivalent_mutants: [m1]\naccepted:",
            r":9: equivalent_mutants: write keys with values",
        ),
        (
            "accepted:",
            "equivalent_mutants: {m1: 5}\naccepted:",
            r":9: equivalent_mutants.m1: write text, in quotes",
        ),
        ("logs: {", "log: {", r":10: there is no file accepted/log.py\n  Did you mean 'logs'\?"),
    ],
)
def test_bad_expectations(root: Path, old: str, new: str, message: str) -> None:
    path = edit(root, NAME, old, new)
    with pytest.raises(InputError, match=f"submissions.yaml{message}"):
        load_expectations(path, LABELS)


@pytest.mark.parametrize("kind", ["wrong", "accepted"])
def test_file_that_is_not_listed(root: Path, kind: str) -> None:
    (root / "solutions/softmax" / kind / "another.py").write_text("x = 1\n")
    message = (
        rf"{kind}/another.py: this submission is not listed\n"
        rf"  Say under `{kind}:` in submissions.yaml .* as in `another: {{"
    )
    with pytest.raises(InputError, match=message):
        load_expectations(root / NAME, LABELS)


def test_nothing_listed_and_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "submissions.yaml").write_text("wrong:\naccepted:\n")
    expectations = load_expectations(tmp_path / "submissions.yaml", LABELS)
    assert (dict(expectations.wrong), dict(expectations.accepted)) == ({}, {})

"""Findings are collected, shared between children, and cut when long."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.diagnostics import EXTRA_CHARACTERS, EXTRA_LINES, Diagnostics, Severity, truncate


def test_children_share_findings_and_name_themselves() -> None:
    found = Diagnostics()
    topic = found.child("softmax")
    topic.error("no tests", path=Path("a.yaml"), line=3)
    topic.child("quiz").warning("no why", path="quiz.yaml")
    found.info("done")
    assert [str(finding) for finding in found.findings] == [
        "a.yaml:3: error: softmax: no tests",
        "quiz.yaml: warning: softmax: quiz: no why",
        "info: done",
    ]
    assert (found.errors, found.warnings, found.count(Severity.INFO)) == (1, 1, 1)
    assert topic.findings == found.findings


def test_a_finding_among_errors_does_not_say_error_again() -> None:
    found = Diagnostics("softmax")
    found.error("no tests", path=Path("a.yaml"), line=3)
    found.error("no file", path="b")
    found.error("no idea")
    assert [finding.without_severity for finding in found.findings] == [
        "a.yaml:3: softmax: no tests",
        "b: softmax: no file",
        "softmax: no idea",
    ]


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Diagnostics("x").error("y", extra="z")
    assert capsys.readouterr() == ("", "")


def test_extra_text_follows_the_message() -> None:
    found = Diagnostics()
    found.error("raised", extra="Traceback\nValueError")
    assert found.findings[0].message == "raised\nTraceback\nValueError"


@pytest.mark.parametrize("count", [EXTRA_LINES, EXTRA_LINES + 1])
def test_lines_are_cut_after_the_limit(count: int) -> None:
    text = truncate("ab\n" * count)
    assert text.count("ab") == EXTRA_LINES
    assert ("[3 more characters left out]" in text) == (count > EXTRA_LINES)


@pytest.mark.parametrize("count", [EXTRA_CHARACTERS, EXTRA_CHARACTERS + 1])
def test_characters_are_cut_after_the_limit(count: int) -> None:
    text = truncate("x" * count)
    assert text.count("x") == EXTRA_CHARACTERS
    assert text.endswith("[1 more characters left out]") == (count > EXTRA_CHARACTERS)

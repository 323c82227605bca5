"""A topic with faults is refused once, with every fault in a line of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.content import check_content, judge_spec
from grader.errors import InputError
from tests.course.small_topic import edit, load_softmax, write_course

HIDDEN = "autotests/softmax/test_softmax.py"
YAML = "assignments/softmax/assignment.yaml"


def test_one_line_a_finding(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    edit(root, HIDDEN, "@pytest.mark.points(3)\n", "")
    edit(root, YAML, "call_seconds: 5", "call_seconds: 0")
    with pytest.raises(InputError) as refused:
        check_content(load_softmax(root))
    assert [line.strip() for line in str(refused.value).replace(f"{root}/", "").splitlines()] == [
        f"{HIDDEN}:11: softmax: test_t01_values has no points mark; write @pytest.mark.points(n)",
        f"{YAML}:9: softmax: call_seconds is 0.0; it must be positive (leave it out for the default)",
        "Nothing was done. `docs/writing-an-assignment.md` has the rules.",
    ]


def test_a_warning_refuses_nothing(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "assignments/softmax/notes.txt").write_text("x")
    check_content(load_softmax(root))


def test_grading_runs_every_test_and_measures_nothing(tmp_path: Path) -> None:
    """Stopping early is for mutants, measuring for margins."""
    spec = judge_spec(load_softmax(write_course(tmp_path)))
    assert (spec.stop_at_first_failure, spec.measure) == (False, False)

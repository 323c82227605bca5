"""`grader verify` with a question of its own, on the small course."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import grader, make_built_course
from tests.course.small_topic import edit

YAML = "solutions/softmax/submissions.yaml"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_built_course(tmp_path_factory.mktemp("course"))


def test_mutants_that_survive_are_listed(course: Path) -> None:
    """Neither the refusal of a temperature nor the sampler is tested."""
    ended = grader("verify", "softmax", "--mutants", "--workers", "1", cwd=course, expect=1)
    assert "survived: m" in ended.stdout
    assert (
        "      raise ValueError('temperature must be a positive and finite number')\n   -> pass"
        in ended.stdout
    )
    assert "% of the mutants are killed, 95 % must be" in ended.stdout
    assert "mutants of softmax ..." in ended.stderr


def test_declared_mutants_do_not_count(course: Path) -> None:
    run = json.loads(
        grader("verify", "softmax", "--mutants", "--json", "--workers", "1", cwd=course, expect=1).stdout
    )[0]["mutants"]
    declared = "".join(f"  {survivor['id']}: not tested here\n" for survivor in run["survivors"])
    edit(course, YAML, "accepted:", f"equivalent_mutants:\n{declared}accepted:")
    ended = grader("verify", "softmax", "--mutants", "--workers", "1", cwd=course)
    assert f"{len(run['survivors'])} declared equivalent: 100.0 %\n✓ every rule holds" in ended.stdout


def test_margins_and_mutants_in_one_run(course: Path) -> None:
    words = ("verify", "softmax", "--mutants", "--margins", "--seeds", "1", "--workers", "1", "--json")
    (answer,) = json.loads(grader(*words, cwd=course).stdout)
    assert list(answer) == ["topic", "mutants", "margins"]
    assert [margin["what"] for margin in answer["margins"]["margins"]] == [
        "softmax",
        "softmax with a temperature",
    ]


def test_margins_as_a_table(course: Path) -> None:
    ended = grader("verify", "softmax", "--margins", "--seeds", "1", "--workers", "1", cwd=course)
    assert "softmax: 2 assertions with a tolerance, seeds verify-1" in ended.stdout
    assert ended.stdout.endswith("✓ every rule holds\n")
    assert "margins of softmax ..." in ended.stderr


def test_a_margin_that_is_declared_for_nothing(course: Path) -> None:
    edit(course, YAML, "accepted:", "margins: {t01.abcdef: a mistake}\naccepted:")
    ended = grader("verify", "softmax", "--margins", "--seeds", "1", "--workers", "1", cwd=course, expect=1)
    assert "✗ margins: there is no assertion t01.abcdef any more" in ended.stdout

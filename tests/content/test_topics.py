"""What every topic of this course promises, whatever it is about. `grader verify` proves the rest."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.hidden import hidden_tests
from grader.course.load import load_course, load_topics
from grader.model.course import Topic

ROOT = Path(__file__).parents[2]
TOPICS = load_topics(load_course(ROOT))
every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)


def run_pytest(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


def counts(output: str) -> dict[str, int]:
    """pytest's closing line as numbers by outcome."""
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", output)}


@every_topic
def test_hidden_tests_run_in_process_with_plain_pytest(topic: Topic) -> None:
    ended = run_pytest(f"autotests/{topic.slug}", "--data-seed=in-process", cwd=ROOT)
    assert ended.returncode == 0, ended.stdout
    assert counts(ended.stdout)["passed"] == len(hidden_tests(topic))


@every_topic
def test_the_stub_fails_every_public_test_and_the_reference_none(topic: Topic, tmp_path: Path) -> None:
    compiled = shutil.ignore_patterns("__pycache__")
    bundle = shutil.copytree(topic.handout, tmp_path / topic.slug, ignore=compiled)
    alone = ("-c", "/dev/null", "--rootdir=.")
    stub = counts(run_pytest(*alone, cwd=bundle).stdout)
    shutil.copy(topic.solution / topic.assignment.files[0], bundle)
    solved = counts(run_pytest(*alone, cwd=bundle).stdout)
    assert set(stub) == {"failed"}
    assert solved == {"passed": stub["failed"]}


@every_topic
def test_both_handouts_name_everything_that_is_asked_for(topic: Topic) -> None:
    stub = ast.parse((topic.handout / topic.assignment.files[0]).read_text("utf-8"))
    asked = [
        node.name
        for node in stub.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    for handout in ("README.md", "README.zh.md"):
        text = (topic.handout / handout).read_text("utf-8")
        assert [name for name in asked if name not in text] == []


@every_topic
def test_both_handouts_have_the_same_shape(topic: Topic) -> None:
    """The same headings in depth and order, the same code blocks, the same figures in their tables."""
    english, chinese = ((topic.handout / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    for pattern in (r"^(#+) ", r"^```.*?^```", r"^\|(?:[^|\n]*\|)+$"):
        found = [re.findall(pattern, text, re.MULTILINE | re.DOTALL) for text in (english, chinese)]
        assert len(found[0]) == len(found[1]), pattern
    assert re.search(r"[\u4e00-\u9fff]", chinese)

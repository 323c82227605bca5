"""What every topic of this course promises, whatever it is about. `grader verify` proves the rest."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course.hidden import hidden_tests
from grader.course.load import load_course, load_topics
from grader.model.course import Topic
from grader.release.publish import package_topic

ROOT = Path(__file__).parents[2]
TOPICS = load_topics(load_course(ROOT))
every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)


# Plain pytest, as a person would call it: once for all hidden tests, once for each folder of a student's.
# torch takes seconds to import and is imported once: each run is a fork of this process.
PLAIN = """
import json, os, sys
import numpy, pytest, torch

for output, folder, arguments in json.load(sys.stdin):
    if os.fork() == 0:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.chdir(folder)
        sys.path[0] = folder
        status = pytest.main(["-p", "no:cacheprovider", *arguments])
        sys.stdout.flush()
        os._exit(status)
    os.wait()
"""


@dataclass(frozen=True)
class Runs:
    """What pytest printed: by hidden tests on the reference, by public tests on stub and reference."""

    folder: Path

    def counts(self, run: str, topic: Topic) -> dict[str, int]:
        """pytest's closing line as numbers by outcome."""
        last = self._output(f"{run}-{topic.slug}").rstrip().rpartition("\n")[2]
        return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", last)}

    def hidden(self, topic: Topic) -> list[str]:
        """The outcomes of a topic's hidden tests, in one run of all topics."""
        line = rf"^autotests/{topic.slug}/\S+::\S+ ([A-Z]+)"
        return re.findall(line, self._output("hidden"), re.MULTILINE)

    def _output(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("runs")
    jobs = [(str(folder / "hidden"), str(ROOT), ["autotests", "-v", "--data-seed=in-process"])]
    for topic in TOPICS:
        stub, solved = (folder / run / topic.slug for run in ("with_stub", "with_reference"))
        for bundle in (stub, solved):
            shutil.copytree(topic.handout, bundle, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(topic.solution / topic.assignment.files[0], solved)
        alone = ["-c", "/dev/null", "--rootdir=."]
        for run, place in (("stub", stub), ("reference", solved)):
            jobs.append((str(folder / f"{run}-{topic.slug}"), str(place), alone))
    command = [sys.executable, "-c", PLAIN]
    bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, input=json.dumps(jobs), text=True, timeout=900, check=True, env=bare)
    return Runs(folder)


@every_topic
def test_hidden_tests_run_in_process_with_plain_pytest(topic: Topic, runs: Runs) -> None:
    assert runs.hidden(topic) == ["PASSED"] * len(hidden_tests(topic))


@every_topic
def test_the_stub_fails_every_public_test_and_the_reference_none(topic: Topic, runs: Runs) -> None:
    stub = runs.counts("stub", topic)
    assert set(stub) == {"failed"}
    assert runs.counts("reference", topic) == {"passed": stub["failed"]}


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


@every_topic
def test_the_bundle_shows_nothing_private(topic: Topic, tmp_path: Path) -> None:
    """`grader package` looks for whatever stands in solutions, tests and key as well."""
    assert package_topic(topic, tmp_path).is_file()

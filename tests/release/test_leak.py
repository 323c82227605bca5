"""Whatever is private is recognised in a bundle, with both places; an honest bundle passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.diagnostics import Diagnostics
from grader.model.course import Topic
from grader.release.build import build_topic
from grader.release.leak import check_leaks
from tests.course.small_topic import REFERENCE, edit, line_of, load_softmax, write_course


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    topic = load_softmax(write_course(tmp_path))
    build_topic(topic)
    return topic


def findings(topic: Topic, files: dict[str, bytes]) -> list[str]:
    diagnostics = Diagnostics()
    check_leaks(topic, files, diagnostics)
    return [str(finding) for finding in diagnostics.findings]


def test_honest_bundle_passes(topic: Topic) -> None:
    bundle = {path.name: path.read_bytes() for path in topic.handout.iterdir()}
    assert {"softmax.py", "quiz.yaml", "README.zh.md"} <= set(bundle)
    assert findings(topic, bundle) == []


@pytest.mark.parametrize(
    ("leak", "what", "source"),
    [
        # A whole line of the solution, and the same wrapped, quoted and indented in another way.
        ("    return powers / powers.sum(axis=-1, keepdims=True)", "the solution", "softmax.py"),
        ("if not math.isfinite(temperature) or temperature <= 0:", "the solution", "softmax.py"),
        (
            "> if not math.isfinite( temperature )\n>  or  temperature <= 0 :\n> raise",
            "the solution",
            "softmax.py",
        ),
        (
            ">>> if not math.isfinite(temperature) or \\\n...     temperature <= 0: raise",
            "the sol",
            "softmax.py",
        ),
        ("`int(np.searchsorted(np.cumsum(softmax(x)), u, side='right'))`", "the solution", "softmax.py"),
        ("The factor is 1.618034.", "the solution", "softmax.py"),
        ("temperature must be a positive and finite number", "the solution", "softmax.py"),
        ("return np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))", "an acc", "logs.py"),
        ("rows = [[math.exp(score - max(row)) for score in row] for row in x]", "the oracle", "oracle.py"),
        ("x = 2.71828", "a hidden test", "test_softmax.py"),
        (
            "assert_close(student.softmax(x), oracle.softmax(x), rtol=1e-9, atol=1e-12)",
            "a hidden",
            "test_soft",
        ),
        (
            "exponential function grows faster than anything that could bring another score in front of it.",
            "quiz",
            "quiz",
        ),
        ("因此得分最高的选项在归一化之后仍然拥有最大的概率值", "the quiz key", "quiz.yaml"),
        ("| q1 | a |", "the quiz key", "quiz.yaml"),
        ("q1: the answer is **a**", "the quiz key", "quiz.yaml"),
        ("q2 = 31415.5", "the quiz key", "quiz.yaml"),
    ],
)
def test_piece_in_the_handout(topic: Topic, leak: str, what: str, source: str) -> None:
    found = findings(topic, {"README.md": f"# Softmax\n\n{leak}\n".encode()})
    assert found[0].startswith("README.md:3: error: shows a part of ")
    assert what in found[0]
    assert source in found[0]


def test_both_places_are_named(topic: Topic) -> None:
    reference = topic.solution / "softmax.py"
    row = line_of(reference, "searchsorted")
    found = findings(topic, {"softmax.py": REFERENCE.encode()})
    assert any(text.endswith(f"shows a part of the solution ({reference}:{row})") for text in found)
    assert all(text.startswith("softmax.py:") for text in found)


@pytest.mark.parametrize(
    "honest",
    [
        "x = np.asarray(x, dtype=np.float64)",
        "y = student.softmax(x, temperature)",
        "def softmax(x: np.ndarray, temperature: float = 1.0) -> np.ndarray:",
        "| t01 | softmax of random scores. |",
        "Which score wins: the largest? yes or no",
        "q1 is worth one point, q2 too",
        "q3: a",
        "In 2017, 1024 and 65536 are 10 000.",
    ],
)
def test_honest_text_passes(topic: Topic, honest: str) -> None:
    assert findings(topic, {"README.md": honest.encode()}) == []


def test_quiz_with_its_key(topic: Topic) -> None:
    found = findings(topic, {"quiz.yaml": (topic.solution / "quiz.yaml").read_bytes()})
    assert "quiz.yaml:8: error: the quiz shows its key: 'answer'; run `grader build`" in found
    assert "quiz.yaml:9: error: the quiz shows its key: 'why'; run `grader build`" in found
    assert any("'tolerance'" in text for text in found)


def test_quiz_that_is_no_quiz(topic: Topic) -> None:
    assert findings(topic, {"quiz.yaml": b"a: 1"}) == [
        "quiz.yaml:1: error: the file must hold a list (`- ...`)"
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (".env", b"x", "a hidden file; leave it out"),
        ("data/.cache/x.md", b"x", "a hidden file; leave it out"),
        ("softmax.pyc", b"x", "compiled code; leave it out"),
        ("__pycache__/softmax.py", b"x", "compiled code; leave it out"),
        ("fast.so", b"x", "compiled code; leave it out"),
        ("a.png", b"\x89PNG\xff", "not UTF-8 text; a bundle holds text only"),
        ("a.ipynb", b"{}", "not a notebook that can be read; save it again"),
        ("a.ipynb", b"[" * 100_000, "not a notebook that can be read; save it again"),
    ],
)
def test_files_that_do_not_belong(topic: Topic, name: str, content: bytes, message: str) -> None:
    assert findings(topic, {name: content}) == [f"{name}: error: {message}"]


def test_notebook_with_outputs_and_with_the_solution(topic: Topic) -> None:
    cells = [
        {"cell_type": "code", "source": ["1 + 1"], "outputs": [], "execution_count": None},
        {"cell_type": "code", "source": "2", "outputs": [{"text": "2"}]},
        {"cell_type": "markdown", "source": ["q1:\n", "x = 2.71828\n"]},
    ]
    found = findings(topic, {"a.ipynb": json.dumps({"cells": cells}).encode()})
    assert found[0] == "a.ipynb: error: cell 2 has outputs; clear all outputs"
    assert "shows a part of a hidden test" in found[1]
    assert len(found) == 2


LINE = "return powers / powers.sum(axis=-1, keepdims=True)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("over the last axis.", f"over the last axis.\n\n    `{LINE}`"),
        ('"""Softmax and its temperature."""', f'"""Softmax and its temperature.\n\n>>> {LINE}\n"""'),
        ("def softmax(x", f"# {LINE}\ndef softmax(x"),
        ("import numpy as np", f"import numpy as np  # {LINE}"),
    ],
)
def test_a_line_of_the_solution_that_a_docstring_or_comment_quotes(
    topic: Topic, tmp_path: Path, old: str, new: str
) -> None:
    reference = edit(tmp_path, "solutions/softmax/softmax.py", old, new)
    (stub,) = build_topic(topic)
    row = reference.read_text().split("\n").index(f"    {LINE}") + 1
    assert findings(topic, {"softmax.py": stub.read_bytes()}) == [
        f"softmax.py:{line_of(stub, LINE)}: error: shows a part of the solution ({reference}:{row})"
    ]


def test_what_stands_in_the_code_that_is_given_may_be_quoted(topic: Topic, tmp_path: Path) -> None:
    name = "solutions/softmax/softmax.py"
    edit(tmp_path, name, "def softmax(x", f"# {LINE}\ndef given(powers):\n    {LINE}\n\n\ndef softmax(x")
    (stub,) = build_topic(topic)
    assert findings(topic, {"softmax.py": stub.read_bytes(), "README.md": LINE.encode()}) == []


def test_a_message_that_the_docstring_promises_is_no_secret(topic: Topic, tmp_path: Path) -> None:
    name = "solutions/softmax/softmax.py"
    edit(tmp_path, name, "temperature is not positive.", "temperature must be a positive and finite number.")
    (stub,) = build_topic(topic)
    assert findings(topic, {"softmax.py": stub.read_bytes()}) == []


def test_what_the_stub_shows_is_no_secret(topic: Topic, tmp_path: Path) -> None:
    assert findings(topic, {"README.md": b"1.618034"}) != []
    edit(tmp_path, "solutions/softmax/softmax.py", "### BEGIN", "GIVEN = 1.618034\n### BEGIN")
    assert findings(topic, {"README.md": b"1.618034"}) == []


def test_a_submission_may_repeat_what_the_stub_has(topic: Topic, tmp_path: Path) -> None:
    """The line that is given, with its comment; a comment of its own is private."""
    given = "POWERS = 3  # how many powers of the temperature every row of scores is divided by, at the most"
    edit(tmp_path, "solutions/softmax/softmax.py", "def softmax(x", f"{given}\n\n\ndef softmax(x")
    (stub,) = build_topic(topic)
    accepted = topic.solution / "accepted/logs.py"
    accepted.write_text(f"{given}\n{accepted.read_text('utf-8')}")
    assert findings(topic, {"softmax.py": stub.read_bytes()}) == []
    own = "# the logarithm of a sum of powers is what normalises every row of the scores in the end, at once"
    accepted.write_text(f"{own}\n{accepted.read_text('utf-8')}")
    (found,) = {finding.partition("(")[0] for finding in findings(topic, {"README.md": own.encode()})}
    assert "an accepted submission" in found

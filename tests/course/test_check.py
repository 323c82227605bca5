"""Every rule about a topic's files speaks up, at the right place, and a sound topic is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.check import check_topic, hidden_tests
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.result import HiddenTest
from tests.course.small_topic import edit, line_of, load_softmax, write_course

YAML = "assignments/softmax/assignment.yaml"
HIDDEN = "autotests/softmax/test_softmax.py"
QUIZ = "solutions/softmax/quiz.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path)


def findings(root: Path) -> list[str]:
    diagnostics = Diagnostics()
    check_topic(load_softmax(root), diagnostics)
    return [str(finding).removeprefix(f"{root}/") for finding in diagnostics.findings]


def test_sound_topic_has_no_findings(root: Path) -> None:
    assert findings(root) == []


def test_hidden_tests_are_read_without_running_them(root: Path) -> None:
    edit(root, HIDDEN, "import numpy as np", "raise SystemExit")
    assert hidden_tests(load_softmax(root)) == (
        HiddenTest(label="t01", name="test_t01_values", title="softmax of random scores.", points=3),
        HiddenTest(
            label="t02", name="test_t02_temperature", title="softmax at several temperatures.", points=2
        ),
    )


def test_unsound_hidden_test_is_an_error(root: Path) -> None:
    edit(root, HIDDEN, "@pytest.mark.points(2)\n", "")
    with pytest.raises(InputError, match=r"test_softmax.py:\d+: test_t02_temperature has no points mark"):
        hidden_tests(load_softmax(root))


@pytest.mark.parametrize(
    "name",
    [
        "assignments/softmax/README.md",
        "assignments/softmax/README.zh.md",
        "assignments/softmax/test_public.py",
        "assignments/softmax/conftest.py",
        "solutions/softmax/softmax.py",
        "solutions/softmax/submissions.yaml",
        QUIZ,
        "autotests/softmax/__init__.py",
    ],
)
def test_missing_file(root: Path, name: str) -> None:
    (root / name).unlink()
    assert [finding for finding in findings(root) if finding.startswith(f"{name}: error: softmax: missing: ")]


def test_missing_hidden_tests(root: Path) -> None:
    (root / HIDDEN).unlink()
    assert "autotests/softmax: error: softmax: no test_*.py: write the hidden tests" in findings(root)


def test_empty_handout(root: Path) -> None:
    (root / "assignments/softmax/README.md").write_text("\n")
    assert findings(root) == ["assignments/softmax/README.md: error: softmax: empty: write the task in it"]


def test_file_that_nobody_receives(root: Path) -> None:
    (root / "assignments/softmax/notes.txt").write_text("x")
    (root / "assignments/softmax/__pycache__").mkdir()
    assert findings(root) == [
        "assignments/softmax/notes.txt: warning: softmax: "
        "not part of what students receive; move or remove it"
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "anchor", "message"),
    [
        (YAML, "points: 5", "points: 6", "points: 6", "points is 6, but the hidden tests add up to 5"),
        (
            YAML,
            "quiz_points: 2",
            "quiz_points: 3",
            "quiz_points",
            "quiz_points is 3, but the quiz adds up to 2",
        ),
        (
            YAML,
            "[t01]",
            "[t011]",
            "tests: [t011]",
            "no hidden test has the label 't011'. Did you mean 't01'?",
        ),
        (YAML, "torch.softmax", '"torch softmax"', "torch softmax", "'torch softmax' is not a dotted name"),
        (YAML, "call_seconds: 5", "call_seconds: 0", "call_s", "call_seconds is 0.0; it must be positive"),
        (YAML, "call_seconds: 5", "callbacks: -1", "callb", "callbacks is -1; it must be positive"),
        (YAML, "note: 1", "libraries: [jax]\nnote: 1", "jax", "the library 'jax' cannot be warmed up"),
        (QUIZ, "answer: a\n", "\n", "id: q1", "'q1' has no answer; write the key"),
        (QUIZ, "answer: a", "answer: z", "answer: z", "'z' is not an option of 'q1'. Options: a, b."),
        (QUIZ, "kind: mc", "knid: mc", "knid", "unknown key 'knid'. Did you mean 'kind'?"),
        (HIDDEN, "points(3)", "points(0)", "def test_t01", "test_t01_values needs a positive whole number"),
        (
            HIDDEN,
            "points(3)",
            "points(True)",
            "def test_t01",
            "test_t01_values needs a positive whole number",
        ),
        (HIDDEN, "points(3)", "points(n=3)", "def test_t01", "test_t01_values needs a positive whole number"),
        (
            HIDDEN,
            "@pytest.mark.points(3)\n",
            "",
            "def test_t01",
            "test_t01_values has no points mark; write @pytest.mark.points(n)",
        ),
        (
            HIDDEN,
            "@pytest.mark.points(3)\n",
            "@pytest.mark.points(3)\n" * 2,
            "def test_t01",
            "has 2 points marks; keep one @pytest.mark.points(n)",
        ),
        (
            HIDDEN,
            "@pytest.mark.points(3)\n",
            "@pytest.mark.points(3)\n@pytest.mark.parametrize('x', [1, 2])\n",
            "def test_t01",
            "test_t01_values is parametrized",
        ),
        (HIDDEN, '    """softmax at several temperatures."""\n', "", "def test_t02", "has no docstring; say"),
        (
            HIDDEN,
            "test_t02_temperature",
            "test_t01_again",
            "def test_t01_again",
            "label 't01' is taken by test_t01_v",
        ),
        (
            HIDDEN,
            "test_t02_temperature",
            "test_temperature",
            "def test_temp",
            "test_temperature has no label",
        ),
        (
            HIDDEN,
            "test_t02_temperature",
            "testing",
            "def testing",
            "testing has no label; call it test_<label>",
        ),
        (HIDDEN, "def test_t02", "async def test_t02", "async def", "test_t02_temperature is async"),
        (
            HIDDEN,
            "from . import oracle\n",
            "class TestMore:\n    pass\n",
            "class TestMore",
            "TestMore is a class",
        ),
        (HIDDEN, "from . import oracle", "from . import", "from . import", "not valid Python: "),
        (
            "autotests/softmax/oracle.py",
            "import math",
            "from solutions.softmax import softmax",
            "from solutions",
            "the oracle imports solutions/",
        ),
    ],
)
def test_rule(root: Path, name: str, old: str, new: str, anchor: str, message: str) -> None:
    path = edit(root, name, old, new)
    where = f"{name}:{line_of(path, anchor)}: error: softmax: "
    matching = [finding for finding in findings(root) if finding.startswith(where) and message in finding]
    assert len(matching) == 1, findings(root)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@pytest.mark.points(3)\n", ""),
        ("@pytest.mark.points(3)\n", "@pytest.mark.points(3)\n" * 2),
        ("points(3)", "points(0)"),
        ('    """softmax of random scores.\n\n    More for the author.\n    """\n', ""),
        ("test_t01_values", "test_values"),
        ("test_t02_temperature", "test_t01_again"),
        ("def test_t01", "async def test_t01"),
        ("import numpy as np", "import numpy as"),
    ],
)
def test_a_refused_hidden_test_is_the_only_finding(root: Path, old: str, new: str) -> None:
    """Neither the total of the points nor the label in `banned` is missed for want of the refused test."""
    edit(root, HIDDEN, old, new)
    (finding,) = findings(root)
    assert finding.startswith(f"{HIDDEN}:")


def test_null_byte_in_a_hidden_test(root: Path) -> None:
    (root / HIDDEN).write_bytes(b"x = '\0'\n")
    assert any(
        "cannot be read as Python" in finding or "not valid Python" in finding for finding in findings(root)
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (YAML, "call_seconds: 5", "call_seconds: 50", "should not decrease"),
        (QUIZ, ",\n   why: {en: Count., zh: 数一数。}}", "}", "'q2' has no explanation; say why under `why`"),
    ],
)
def test_warning(root: Path, name: str, old: str, new: str, message: str) -> None:
    edit(root, name, old, new)
    (finding,) = findings(root)
    assert "warning: softmax: " in finding
    assert message in finding


@pytest.mark.parametrize(
    ("name", "old", "new", "anchor"),
    [
        (YAML, ", zh: Softmax 函数", "", "title"),
        ("solutions/softmax/submissions.yaml", ", zh: 没有用到温度。", "", "is ignored"),
        (QUIZ, ", zh: 几个？", "", "How many"),
        (QUIZ, ", zh: 否", "", "    b: "),
        (QUIZ, ", zh: 数一数。", "", "Count."),
    ],
)
def test_text_without_chinese(root: Path, name: str, old: str, new: str, anchor: str) -> None:
    path = edit(root, name, old, new)
    assert findings(root) == [
        f"{name}:{line_of(path, anchor)}: error: softmax: this text has no Chinese; "
        "add `zh: ...` (or `languages: [en]` to course.yaml)"
    ]
    edit(root, "course.yaml", "id: c", "id: c\nlanguages: [en]")
    (root / "assignments/softmax/README.zh.md").unlink()
    assert findings(root) == []


def test_handout_in_a_language_that_the_course_has_not(root: Path) -> None:
    edit(root, "course.yaml", "id: c", "id: c\nlanguages: [en]")
    (finding,) = findings(root)
    assert finding.startswith("assignments/softmax/README.zh.md: warning: softmax: not part of what students")


def test_file_that_cannot_be_read_is_told_once(root: Path) -> None:
    edit(root, QUIZ, "- id: q1", "- [id: q1")
    (finding,) = findings(root)
    assert finding.startswith(f"{QUIZ}:2: error: softmax: not valid YAML: ")


def test_module_of_another_name(root: Path) -> None:
    edit(root, YAML, "[softmax.py]", "[soft.py]")
    (root / "solutions/softmax/softmax.py").rename(root / "solutions/softmax/soft.py")
    (finding,) = findings(root)
    assert "warning: softmax: the tests call soft.py; name it softmax.py" in finding

"""Running `grader` as a user does: a process of its own, with its exit code and what it printed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.course.small_topic import STUB, edit, write_course

SOLVED = STUB.replace(
    "    raise NotImplementedError\n\n\nclass",
    """    if temperature <= 0:
        raise ValueError(temperature)
    powers = np.exp((x - x.max(axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


class""",
)


def grader(*arguments: str, cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command; its exit code must be `expect`, and no traceback may show."""
    command = [sys.executable, "-m", "grader", *arguments]
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    assert ended.returncode == expect, f"{ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    assert "Traceback" not in ended.stderr
    return ended


def make_built_course(root: Path) -> Path:
    """The small course of one topic, with its stub and public quiz built, and a wrong submission more."""
    write_course(root)
    (root / "assignments/softmax/conftest.py").write_text(
        "import importlib\n\nimport pytest\n\n\n@pytest.fixture\ndef student():\n"
        '    """The module."""\n    return importlib.import_module("softmax")\n'
    )
    add_wrong_submission(root)
    grader("build", cwd=root)
    return root


def add_wrong_submission(root: Path) -> None:
    """A submission that fails the first hidden test too, so that every test catches something."""
    edit(
        root,
        "solutions/softmax/submissions.yaml",
        "wrong:\n",
        "wrong:\n  unnormalised:\n    must_fail: [t01, t02]\n"
        "    diagnosis: {en: The powers do not add up to 1., zh: 概率之和不为 1。}\n",
    )
    (root / "solutions/softmax/wrong/unnormalised.py").write_text(
        "def softmax(x, temperature=1.0):\n    return np.exp(_shift(x) / temperature)\n"
    )


def bundle(root: Path) -> Path:
    """The folder that a student of the small course unpacks."""
    course = make_built_course(root / "course")
    grader("package", "softmax", "--to", str(root), cwd=course)
    with zipfile.ZipFile(root / "softmax.zip") as archive:
        archive.extractall(root)
    return root / "softmax"


def hand_in(course: Path, student: str, source: str) -> None:
    """Put a student's work into the inbox, by the student's own road."""
    work = course / "work" / student
    work.mkdir(parents=True)
    (work / "softmax.py").write_text(source)
    (work / "assignment.yaml").write_bytes((course / "assignments/softmax/assignment.yaml").read_bytes())
    grader("submit", str(work), "--student", student, "--to", str(course / "inbox"), cwd=course)

"""A complete course of one small topic, for tests that need real files."""

from __future__ import annotations

from pathlib import Path

from grader.course.load import load_course, load_topic
from grader.model.course import Topic

REFERENCE = '''"""Softmax and its temperature."""

from __future__ import annotations

import math

import numpy as np

### BEGIN SOLUTION
_SECRET_SCALE = 1.618034


def _shift(x: np.ndarray) -> np.ndarray:
    """The largest score moved to 0."""
    return x - x.max(axis=-1, keepdims=True)


### END SOLUTION


def softmax(x: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities over the last axis.

    Raises:
        ValueError: temperature is not positive.
    """
    ### BEGIN SOLUTION
    if not math.isfinite(temperature) or temperature <= 0:
        raise ValueError("temperature must be a positive and finite number")
    powers = np.exp(_shift(x) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


class Sampler:
    """Draws from softmax."""

    ### BEGIN SOLUTION
    _cache: dict[str, float] = {}

    ### END SOLUTION
    def draw(self, x: np.ndarray, u: float) -> int:
        """The index whose cumulative probability first exceeds u."""
        ### BEGIN SOLUTION
        return int(np.searchsorted(np.cumsum(softmax(x)), u, side="right"))
        ### END SOLUTION
'''

STUB = '''"""Softmax and its temperature."""

from __future__ import annotations

import numpy as np


def softmax(x: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities over the last axis.

    Raises:
        ValueError: temperature is not positive.
    """
    raise NotImplementedError


class Sampler:
    """Draws from softmax."""

    def draw(self, x: np.ndarray, u: float) -> int:
        """The index whose cumulative probability first exceeds u."""
        raise NotImplementedError
'''

HIDDEN = '''"""Hidden tests of softmax."""

import numpy as np
import pytest

from grader.judge.testing import assert_close

from . import oracle


@pytest.mark.points(3)
def test_t01_values(student, rng):
    """softmax of random scores.

    More for the author.
    """
    x = 2.71828 * rng.normal(size=(4, 5))
    assert_close(student.softmax(x), oracle.softmax(x), rtol=1e-9, atol=1e-12, what="softmax")


@pytest.mark.points(2)
def test_t02_temperature(student, rng):
    """softmax at several temperatures."""
    for temperature in (0.25, 1.0, 7.5):
        x = rng.normal(size=(1, 6))
        want = oracle.softmax(x / temperature)
        assert_close(student.softmax(x, temperature), want, what="softmax with a temperature")
'''

FILES = {
    "course.yaml": """\
id: c
title: Course
timezone: Europe/Zurich
topics:
  - topic: softmax
    due: 2026-12-01
""",
    "assignments/softmax/assignment.yaml": """\
slug: softmax
title: {en: Softmax, zh: Softmax 函数}
note: 1
points: 5
quiz_points: 2
files: [softmax.py]
banned:
  - {name: torch.softmax, tests: [t01]}
limits: {call_seconds: 5}
""",
    "assignments/softmax/README.md": "# Softmax\n\nWrite `softmax(x, temperature=1.0)`.\n",
    "assignments/softmax/README.zh.md": "# Softmax\n\n请实现 `softmax(x, temperature=1.0)`。\n",
    "assignments/softmax/conftest.py": "import importlib\n",
    "assignments/softmax/test_public.py": """\
import numpy as np


def test_two_equal_scores(student):
    np.testing.assert_allclose(student.softmax(np.zeros(2)), [0.5, 0.5])
""",
    "solutions/softmax/softmax.py": REFERENCE,
    "solutions/softmax/quiz.yaml": """\
- id: q1
  kind: mc
  points: 1
  question: {en: "Which score wins: the largest?", zh: 哪个得分胜出？}
  options:
    a: {en: "yes", zh: 是}
    b: {en: "no", zh: 否}
  answer: a
  why:
    en: The exponential function grows faster than anything that could bring another score in front of it.
    zh: 指数函数单调递增，因此得分最高的选项在归一化之后仍然拥有最大的概率值，其他选项无法超过它。
- {id: q2, kind: num, points: 1, question: {en: "How many?", zh: 几个？}, answer: 31415.5, tolerance: 0.5,
   why: {en: Count., zh: 数一数。}}
""",
    "solutions/softmax/submissions.yaml": """\
wrong:
  no_temperature:
    spec: W1
    must_fail: [t02]
    diagnosis: {en: The temperature is ignored., zh: 没有用到温度。}
  sum_over_all:
    must_fail: [t01]
    diagnosis: {en: The sum runs over all axes., zh: 对所有轴求了和。}
accepted:
  logs: {spec: A1, note: in logarithms}
""",
    "solutions/softmax/wrong/no_temperature.py": '''"""The temperature is ignored."""


def softmax(x, temperature=1.0):
    powers = np.exp(_shift(x))
    return powers / powers.sum(axis=-1, keepdims=True)
''',
    "solutions/softmax/wrong/sum_over_all.py": '''"""The sum runs over all axes."""


def softmax(x, temperature=1.0):
    powers = np.exp(_shift(x) / temperature)
    return powers / powers.sum()
''',
    "solutions/softmax/accepted/logs.py": '''"""In logarithms."""

import numpy as np


def softmax(x, temperature=1.0):
    scores = np.asarray(x, dtype=np.float64) / temperature
    return np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
''',
    "autotests/softmax/__init__.py": "",
    "autotests/softmax/oracle.py": '''"""Softmax by its definition."""

import math


def softmax(x):
    rows = [[math.exp(score - max(row)) for score in row] for row in x.reshape(-1, x.shape[-1])]
    return [[power / math.fsum(row) for power in row] for row in rows]
''',
    "autotests/softmax/test_softmax.py": HIDDEN,
}


def write_course(root: Path) -> Path:
    """Write the course below `root`; `edit` changes a file afterwards."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def edit(root: Path, name: str, old: str, new: str) -> Path:
    """Replace `old`, which must be there, in one file of the course."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """The first line that holds `text`."""
    return next(n for n, row in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if text in row)


def load_softmax(root: Path) -> Topic:
    """The topic of the course below `root`."""
    return load_topic(load_course(root), "softmax")

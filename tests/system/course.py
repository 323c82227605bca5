"""A course with a few submissions collected, and what its records say after grading."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from grader.model.submission import Submission
from grader.records.store import Records
from tests.cli.running import SOLVED, make_built_course
from tests.course.small_topic import STUB, edit

LOOP = SOLVED.replace("powers = ", "while temperature != 1.0:\n        pass\n    powers = ")
# Acts on a terminal, turns text around, is markup for a page, a template, a console and a spreadsheet.
ACTS = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m"
ATTACK = ACTS + "<canary onload='x'>{{ 7*7 }}</pre><script>canary()</script>[bold]=1+1"
TALKER = f"""
ATTACK = {ATTACK!a}


def softmax(x, temperature=1.0):
    print(ATTACK)
    if temperature == 1.0:
        raise type("<canary>", (ValueError,), {{}})(ATTACK)  # <canary>{"x" * 300_000}
    raise type("y" * 10**6, (KeyError,), {{}})(ATTACK * 10_000)
"""
SOURCES = (
    TALKER,
    SOLVED,
    SOLVED.replace("/ temperature", ""),
    SOLVED.replace("powers = ", "raise KeyError(temperature)\n    powers = "),
    STUB,
    LOOP,
)

RECORDS = ".grader/records.sqlite"

# Score, and for each test its verdict and message, by submission.
Verdicts = dict[str, tuple[object, ...]]


def make_collected_course(root: Path) -> Path:
    """The small course with one submission for each source, in `.grader/records.sqlite`; no secret yet."""
    make_built_course(root)
    edit(root, "assignments/softmax/assignment.yaml", "{call_seconds: 5}", "{call_seconds: 2}")
    (root / ".grader").mkdir(mode=0o700)
    with Records.open(root / RECORDS) as records:
        for number, source in enumerate(SOURCES):
            submission = Submission(topic="softmax", name="", files={"softmax.py": source.encode()})
            received = datetime(2026, 11, 1, tzinfo=UTC)
            records.add_submission(
                submission, student=f"s{number}", received_at=received, source_name=f"{number}.zip"
            )
    return root


def verdicts(records: Path) -> Verdicts:
    """Everything about each result but how long it took."""
    with Records.open(records) as opened:
        stored = opened.results("softmax")
    found: Verdicts = {
        one.key.submission_sha256: (
            one.result.score,
            *((test.verdict, test.message, test.output) for test in one.result.tests),
        )
        for one in stored
    }
    assert len(found) == len(stored), "a submission has two results under one key"
    return found

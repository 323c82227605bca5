"""Small submissions, keys and results for the tests of the records."""

from __future__ import annotations

from datetime import UTC, datetime

from grader.model.result import HiddenTest, Result, TestResult
from grader.model.result_key import ResultKey
from grader.model.submission import Submission
from grader.model.verdict import Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def submission(source: bytes = b"x = 1\n", topic: str = "norm_layers") -> Submission:
    return Submission(topic=topic, name="ada", files={f"{topic}.py": source, "helper.py": b""})


def result_key(sha256: str = "s" * 64, **changed: str) -> ResultKey:
    fields = {"topic": "norm_layers", "tests_sha256": "t" * 64, "submission_sha256": sha256}
    fields |= {"grader_version": "1", "limits_sha256": "l" * 64, "data_sha256": "d" * 64}
    fields |= {"sandbox": "landlock+seccomp"}
    return ResultKey(**(fields | changed))


def result(key: ResultKey, verdict: Verdict = Verdict.PASSED, message: str = "") -> Result:
    test = HiddenTest(label="t01", name="test_t01_values", title="Values.", points=3)
    outcome = TestResult(test=test, verdict=verdict, message=message, output="\0\ud800\x1b[31m")
    return Result(
        topic=key.topic,
        submission_sha256=key.submission_sha256,
        tests=(outcome,),
        sandbox=key.sandbox,
        seconds=0.5,
    )

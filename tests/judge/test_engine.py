"""Whole submissions through a judge process: verdicts, words and scores."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.judge.engine import Engine
from grader.model.result import HiddenTest, Result
from tests.judge.topics import REFERENCE, make_topic, message, submission, verdicts

LABELS = ["t01", "t02", "t03[-1.0]", "t03[-4.0]", "t04"]
STUB = """
def double(x): raise NotImplementedError
def pair(n): raise NotImplementedError
def root(x): raise NotImplementedError
def table(n): raise NotImplementedError
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One judge for all of these."""
    limits = {"call_seconds": 1.0, "memory_mb": 256}
    engine = Engine(make_topic(tmp_path_factory.mktemp("root"), limits=limits))
    engine.start()
    yield engine
    engine.stop()


def judged(engine: Engine, source: str) -> Result:
    """The reference with these changes."""
    return engine.judge(submission(source), "secret")


def changed(label: str, verdict: str) -> dict[str, str]:
    """All passed but one."""
    return {**dict.fromkeys(LABELS, "PASSED"), label: verdict}


def test_what_was_collected(engine: Engine) -> None:
    """Labels, names, points, and the first line of each docstring."""
    assert engine.wall.startswith("landlock")
    assert [test.label for test in engine.tests] == LABELS
    assert engine.tests[0] == HiddenTest(
        label="t01", name="test_t01_double", title="double of an array.", points=2
    )
    assert engine.tests[2].name == "test_t03_refusal[-1.0]"


def test_the_reference(engine: Engine) -> None:
    """Full marks; every field of the result."""
    work = submission("")
    result = engine.judge(work, "secret")
    assert verdicts(result) == dict.fromkeys(LABELS, "PASSED")
    assert (result.score, result.max_score) == (6, 6)
    assert (result.topic, result.submission_sha256, result.sandbox) == ("task", work.sha256, engine.wall)
    assert 0 < sum(test.seconds for test in result.tests) <= result.seconds < 10
    assert {(test.message, test.evidence, test.output) for test in result.tests} == {("", "", "")}


def test_the_stub(engine: Engine) -> None:
    """Nothing, and it says so."""
    result = judged(engine, STUB)
    assert verdicts(result) == dict.fromkeys(LABELS, "NOT_IMPLEMENTED")
    assert result.score == 0


@pytest.mark.parametrize(
    ("source", "label", "verdict", "words"),
    [
        (
            "def double(x): return 3 * x",
            "t01",
            "WRONG",
            "double(float64 array of shape (3,)): double (float64 array of shape (3,)): 3 of 3 values",
        ),
        ("def double(x): return None", "t01", "WRONG", "double is None, not numbers"),
        ("def double(x): return x.undefined", "t01", "RAISED", "raised AttributeError: "),
        ("del double", "t01", "MISSING", "there is no double"),
        ("def double(x):\n    while True: pass", "t01", "TIMED_OUT", "took longer than 1 seconds"),
        ("import os\ndef double(x): os._exit(5)", "t01", "CRASHED", "exit code 5"),
        ("def double(x): return bytearray(2**30)", "t01", "OUT_OF_MEMORY", "raised MemoryError"),
        (
            "def double(x):\n    while True: print('x' * 9999)",
            "t01",
            "OUTPUT_LIMIT",
            "printed more than 8 MiB",
        ),
        ("def double(x): return 2 ** 20000", "t01", "BAD_REPLY", "returned an integer of 2501 bytes"),
        (
            "import os\ndef double(x): os.write(3, b'\\xff' * 9)",
            "t01",
            "BAD_REPLY",
            "4294967295 bytes announced",
        ),
        ("svd = np.linalg.svd", "t01", "BANNED", "uses numpy.linalg.*, which this assignment asks you to do"),
        ("def pair(n): return n, n", "t02", "WRONG", "pair(int): the two do not add up to 7"),
        ("def pair(n): return None", "t02", "WRONG", "returned None, where the answer is (number, number)"),
        ("def pair(n): return n, str(n)", "t02", "WRONG", "returned (number, str), where the answer is"),
        ("def pair(n): return np.ones((2, 2))", "t02", "WRONG", ""),
        ("old = root\ndef root(x): return 1 if x == -1 else old(x)", "t03[-1.0]", "WRONG", "DID NOT RAISE"),
        ("def root(x): raise KeyError(x) if x == -4 else ValueError", "t03[-4.0]", "RAISED", "KeyError: -4"),
        (
            "def table(n): return [[0] * n] * n",
            "t04",
            "WRONG",
            "table (int64 array of shape (3, 3)): 4 of 9 values",
        ),
    ],
)
def test_one_mistake_costs_one_test(
    engine: Engine, source: str, label: str, verdict: str, words: str
) -> None:
    """Whatever it is: every other test has a process of its own."""
    result = judged(engine, source)
    assert verdicts(result) == changed(label, verdict)
    assert words in message(result, label)
    assert result.score == 6 - next(test.points for test in engine.tests if test.label == label)


def test_a_hidden_test_that_breaks_on_its_own(engine: Engine) -> None:
    """`7 / first` with first = 0: an answer of the right kind. Nobody's points, and no score at all."""
    result = judged(engine, "def pair(n): return 0, 7")
    assert verdicts(result) == changed("t02", "TEST_ERROR")
    assert message(result, "t02") == "ZeroDivisionError: division by zero"
    assert result.score is None


@pytest.mark.parametrize(
    ("source", "verdict", "words"),
    [
        ("def f(:", "RAISED", "raised SyntaxError"),
        ("import tensorflow_of_the_future", "RAISED", "raised ModuleNotFoundError"),
        ("raise SystemExit(0)", "RAISED", "raised SystemExit: 0"),
        ("import os; os._exit(0)", "CRASHED", "the process ended itself with exit code 0"),
        ("import scipy", "BANNED", "uses scipy, which this assignment asks you to do without"),
    ],
)
def test_a_module_that_does_not_load(engine: Engine, source: str, verdict: str, words: str) -> None:
    """Costs every test; the tests say why."""
    if verdict == "BANNED":
        source = "try:\n    import scipy\nexcept ImportError:\n    pass"
    result = judged(engine, source)
    assert verdicts(result) == dict.fromkeys(LABELS, verdict)
    assert all(words in test.message for test in result.tests)
    assert result.score == 0


def test_what_was_printed(engine: Engine) -> None:
    """Kept with the test, and worth nothing."""
    result = judged(engine, "print('hello at import')")
    assert {test.output for test in result.tests} == {"hello at import\n"}
    assert result.score == 6


def test_hidden_source_stays_hidden(engine: Engine) -> None:
    """A student reads no line of a test, an oracle or the reference; staff do."""
    result = judged(engine, "def double(x): return 3 * x")
    assert "oracle" not in message(result, "t01")
    assert "assert_close" not in message(result, "t01")
    assert "oracle.twice(x)" in result.tests[0].evidence


def test_an_empty_file(engine: Engine) -> None:
    """Everything is missing, nothing is broken."""
    result = engine.judge(submission("", on_top_of=""), "secret")
    assert verdicts(result) == dict.fromkeys(LABELS, "MISSING")


def test_the_same_again(engine: Engine) -> None:
    """Word for word: a regrade tells the same story."""
    first, second = (judged(engine, "def double(x): return 3 * x") for _ in range(2))
    assert [(test.verdict, test.message) for test in first.tests] == [
        (test.verdict, test.message) for test in second.tests
    ]


def test_another_secret_is_other_data(engine: Engine) -> None:
    """The canary flies again, and the error has another size."""
    said = set()
    for secret in ("secret", "another"):
        result = engine.judge(submission("def double(x): return 3 * x"), secret)
        said.add(message(result, "t01"))
    assert len(said) == 2


SUBMISSIONS = {
    "right": "def double(x): return list(2 * x)",
    "wrong": "def double(x): return 3 * x\ndef pair(n): return None\ndef root(x): return abs(x)",
}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_in_process_and_behind_the_wall(engine: Engine, name: str, tmp_path: Path) -> None:
    """`pytest autotests/TOPIC --submission FILE` passes the very tests that the judge passes."""
    path = tmp_path / "task.py"
    path.write_text(f"{REFERENCE}\n{SUBMISSIONS[name]}")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "grader.judge.authoring",
        "-p",
        "no:cacheprovider",
        "-q",
        "-rA",
    ]
    command += ["-c", "/dev/null", f"--rootdir={engine.spec.root}", "--data-seed", "secret"]
    command += [str(engine.spec.tests), "--submission", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    passed = {line.split("::")[1] for line in run.stdout.splitlines() if line.startswith("PASSED")}
    failed = {
        line.split("::")[1].split(" ")[0] for line in run.stdout.splitlines() if line.startswith("FAILED")
    }
    assert len(passed) + len(failed) == len(LABELS), run.stdout
    behind = judged(engine, SUBMISSIONS[name])
    assert passed == {test.test.name for test in behind.tests if test.verdict.value == "PASSED"}

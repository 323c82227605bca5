"""The pytest plugin inside a process of `judge/portable`: one test, one outcome, written to a file."""

from __future__ import annotations

import importlib
import json
import os
import traceback
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import pytest

from grader.judge.advice import advise
from grader.judge.collecting import explain_collecting
from grader.judge.plugin import describe_item
from grader.judge.portable import BEGUN, MODULE, OUTCOME
from grader.judge.public import TESTS, failed_test, place
from grader.judge.score import MESSAGE_LIMIT
from grader.model.verdict import Verdict

_FOLDER = Path.cwd()  # before the work may change it


@pytest.fixture
def student() -> ModuleType:
    """The work, imported from the current folder. Its time begins here."""
    (_FOLDER / BEGUN).touch()
    return importlib.import_module(os.environ[MODULE])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say which tests there are."""
    if session.config.option.collectonly and not session.testsfailed:
        _write({"tests": [asdict(describe_item(item)) for item in session.items]})


def pytest_exception_interact(
    node: pytest.Item | pytest.Collector, call: pytest.CallInfo[None], report: object
) -> None:
    """Print why a file could not be collected."""
    if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
        print(explain_collecting(call.excinfo.value, node.path))


def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Write the outcome at the first failure, or at the end of the test."""
    if call.excinfo is not None and not (_FOLDER / OUTCOME).exists():
        verdict, message = judge_error(call.excinfo.value)
        _write({"verdict": verdict.value, "message": message[:MESSAGE_LIMIT]})
    elif call.when == "teardown" and not (_FOLDER / OUTCOME).exists():
        _write({"verdict": Verdict.PASSED.value, "message": ""})


def judge_error(error: BaseException) -> tuple[Verdict, str]:
    """Verdict and message, in the words of `judge/public`, for an error of this very process."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_of_interest(frame)]
    in_work = bool(own) and Path(own[-1].filename).name != TESTS
    if isinstance(error, NotImplementedError):
        return Verdict.NOT_IMPLEMENTED, ""
    if isinstance(error, AttributeError) and not in_work and (owner := _owner(error.obj)) is not None:
        verdict, message = Verdict.MISSING, f"there is no {owner}{error.name}"
    elif in_work or isinstance(error, SyntaxError | ImportError):
        verdict, message = Verdict.RAISED, _advice(error) + _own_traceback(error)
    else:
        verdict, message = Verdict.WRONG, failed_test(error)
    return verdict, "\n".join(filter(None, [message.rstrip(), place(error)]))


def _owner(value: object) -> str | None:
    """What stands before the name of an attribute of the work; None for an object that is not the work's."""
    if isinstance(value, ModuleType):
        return "" if value.__name__ == os.environ[MODULE] else None
    cls = type(value)
    return f"{cls.__name__}." if cls.__module__ == os.environ[MODULE] else None


def _is_of_interest(frame: traceback.FrameSummary) -> bool:
    path = Path(frame.filename)
    return path.parent == _FOLDER or path.name == TESTS


def _own_traceback(error: BaseException) -> str:
    """The frames from the first one in the work on, with bare file names."""
    summary = traceback.TracebackException.from_exception(error, limit=-40, compact=True)
    own = [index for index, frame in enumerate(summary.stack) if Path(frame.filename).parent == _FOLDER]
    if not own:
        return "".join(summary.format_exception_only()).replace(str(_FOLDER) + os.sep, "")
    del summary.stack[: own[0]]
    return "".join(summary.format()).replace(str(_FOLDER) + os.sep, "")


def _advice(error: BaseException) -> str:
    advice = advise([cls.__name__ for cls in type(error).__mro__], str(error))
    return advice and f"{advice}\n"


def _write(outcome: dict[str, object]) -> None:
    (_FOLDER / OUTCOME).write_text(json.dumps(outcome), "utf-8")

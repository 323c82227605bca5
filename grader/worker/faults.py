"""UNTRUSTED SIDE. Telling the judge about an exception of student code."""

from __future__ import annotations

import traceback
from collections.abc import Collection

from grader.wire.messages import Raised

TEXT_LIMIT, TRACEBACK_LIMIT = 500, 4000


def describe_exception(id_: int, error: BaseException, files: Collection[str]) -> Raised:
    """A Raised message; its own surprises (an exception whose text raises) stay inside."""
    bases = [type(error).__name__]
    bases += [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
    try:
        text = str(error)[:TEXT_LIMIT]
    except BaseException as inner:
        text = f"(its text raises {type(inner).__name__})"
    return Raised(id_, bases, str(text), _traceback(error, files))


def _traceback(error: BaseException, files: Collection[str]) -> str:
    """The frames from the first one in a submitted file on; ours say nothing to a student.

    There may be none: a module that is not Python has not run, and a call with wrong arguments has not begun.
    """
    try:
        summary = traceback.TracebackException.from_exception(error, limit=-40, compact=True)
        own = [index for index, frame in enumerate(summary.stack) if frame.filename in files]
        if not own:
            return "".join(summary.format_exception_only())[-TRACEBACK_LIMIT:]
        del summary.stack[: own[0]]
        return "".join(summary.format())[-TRACEBACK_LIMIT:]
    except BaseException as inner:
        return f"(no traceback: {type(inner).__name__})"

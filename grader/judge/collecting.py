"""Why a test file could not be collected, in one line: pytest's own account is long and shows our frames."""

from __future__ import annotations

import traceback
from pathlib import Path


def explain_collecting(error: BaseException, path: Path) -> str:
    """`test_x.py:3: ModuleNotFoundError: No module named 'y'` for an error while `path` was imported."""
    cause = error.__cause__ or error  # pytest wraps what it met
    text = str(cause).strip().splitlines() or [""]
    where = f"{path.name}: "
    if isinstance(cause, SyntaxError) and cause.filename:
        where, text = f"{Path(cause.filename).name}:{cause.lineno}: ", [cause.msg]
    else:
        frames = traceback.extract_tb(cause.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).parent == path.parent]
        where = f"{Path(own[-1].filename).name}:{own[-1].lineno}: " if own else where
    return f"{where}{type(cause).__name__}: {text[0]}"

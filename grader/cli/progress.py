"""A progress bar on a terminal, one line elsewhere: a log file needs no bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Bar:
    """A running bar. `start` sets the total, `step` advances by one."""

    def __init__(self, display: Any, title: str) -> None:
        self._display = display
        self._task = display.add_task(title, total=None)

    def start(self, total: int) -> None:
        """Say how many steps there will be."""
        self._display.update(self._task, total=total)

    def step(self) -> None:
        """One more is done."""
        self._display.advance(self._task)


@contextmanager
def progress(title: str) -> Iterator[Bar]:
    """A bar on standard error, so that output can be piped."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as display:
        if not console.is_terminal:
            print(f"{title} ...", file=sys.stderr)
        yield Bar(display, title)

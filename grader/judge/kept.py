"""Further processes of a submission, which outlive the test that opened them: for what is too dear to repeat.

They are forked and confined like any other, and have the deadline of one test for all of their life. What
they do wrong counts against the test in which they do it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

from grader.judge.bench import Bench
from grader.judge.child import Child
from grader.judge.faults import MachineFault, StudentFault
from grader.judge.student import Student

MOST = 8  # a test that loses its process may open another, but not for ever


@dataclass
class Kept:
    """The further processes of the submission at hand."""

    bench: Bench
    _children: list[Child] = field(default_factory=list)
    _broken: list[Child] = field(default_factory=list)
    _heard: dict[int, int] = field(default_factory=dict)  # replies of earlier tests, by process

    def open(self) -> Student:
        """A new process. Raises StudentFault when the submission does not load, MachineFault, and
        RuntimeError for the ninth."""
        if len(self._children) == MOST:
            raise RuntimeError(f"a hidden test opened more than {MOST} processes of one submission")
        child = self.bench.take(fork_ahead=False)
        self._children.append(child)
        child.open()
        return Student(child)

    def begin(self) -> None:
        """A test begins: what happened before is not its business."""
        self._broken = [child for child in self._children if child.fatal is not None]
        self._heard = {id(child): len(child.kinds) for child in self._children}

    @property
    def fatal(self) -> StudentFault | MachineFault | None:
        """What has ended one of them in this test."""
        sound = (child for child in self._children if child not in self._broken)
        return next((child.fatal for child in sound if child.fatal is not None), None)

    @property
    def kinds(self) -> list[str]:
        """What kind of value each reply in this test was."""
        return [kind for child in self._children for kind in child.kinds[self._heard.get(id(child), 0) :]]

    @property
    def request(self) -> str:
        """The last thing that the latest of them was asked."""
        return self._children[-1].last_request if self._children else ""

    def close(self) -> None:
        """End them all."""
        children, self._children = self._children, []
        for child in children:
            with contextlib.suppress(MachineFault):  # the server has gone, and its children with it
                child.end()

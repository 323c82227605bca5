"""The bench: forks a process for each test of a submission, one ahead of the test that is running.

The first process of a submission only compiles it: to look for banned names and to compile takes longer than
all the rest of a child's life, and need not be done again for every test. It runs nothing of the student's,
so what it says of the files is as good as ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.judge.child import Child
from grader.judge.faults import MachineFault, StudentFault
from grader.judge.forkserver import ForkServer
from grader.model.assignment import Assignment
from grader.wire.messages import Compile, Compiled, Load


@dataclass
class Bench:
    """Children of the submission at hand."""

    server: ForkServer
    assignment: Assignment
    _files: Mapping[str, bytes] = field(default_factory=dict)
    _compiled: Compiled | StudentFault | None = None
    _next: Child | None = None

    def seat(self, files: Mapping[str, bytes]) -> None:
        """Take a new submission; what was forked ahead for the one before is ended."""
        self.clear()
        self._files, self._compiled = files, None

    def banned(self) -> list[str]:
        """The banned names that the submission uses.

        Raises StudentFault when its source cannot be gone through within the limits, MachineFault.
        """
        return self._compile().banned

    def lookups(self) -> list[str]:
        """Where the submission looks names up that no ban can be held against. Raises as `banned` does."""
        return self._compile().lookups

    def take(self, *, fork_ahead: bool) -> Child:
        """A child with the submission. With `fork_ahead`, the next one warms up in the meantime. Raises as
        `banned` does."""
        child = self._next or self._fork()
        self._next = self._fork() if fork_ahead else None
        return child

    def clear(self) -> None:
        """End the child that was forked ahead."""
        if self._next is not None:
            child, self._next = self._next, None
            try:
                child.end()
            except MachineFault:
                return  # the server has gone, and its children with it

    def restart(self) -> None:
        """A new fork server in place of a dead one. Raises MachineFault."""
        self.clear()
        self.server.start()

    def _fork(self) -> Child:
        return Child(
            self.server, self.assignment, load_message(self.assignment, self._files, self._compile().code)
        )

    def _compile(self) -> Compiled:
        if self._compiled is None:
            self._compiled = self._ask()
            if isinstance(self._compiled, StudentFault):
                self._compiled = self._ask()  # once is not enough to call a submission hopeless
        if isinstance(self._compiled, StudentFault):
            raise self._compiled
        return self._compiled

    def _ask(self) -> Compiled | StudentFault:
        child = Child(self.server, self.assignment, compile_message(self.assignment, self._files))
        try:
            return child.compile()
        except StudentFault as fault:
            return fault
        finally:
            child.end()


def compile_message(assignment: Assignment, files: Mapping[str, bytes]) -> Compile:
    """What the first child of a submission is asked."""
    bans = [ban.name for ban in assignment.banned]
    return Compile(dict(files), bans, *_limits(assignment))


def load_message(
    assignment: Assignment, files: Mapping[str, bytes], code: Mapping[str, bytes] | None = None
) -> Load:
    """What the child of a test is asked; without `code` it compiles for itself."""
    return Load(dict(files), dict(code or {}), assignment.module, *_limits(assignment))


def _limits(assignment: Assignment) -> tuple[int, int]:
    """Memory in bytes, and processor time in whole seconds: later than the judge's own deadline."""
    limits = assignment.limits
    return limits.memory_mb * 2**20, math.ceil(limits.test_seconds) + 1

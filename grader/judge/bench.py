"""The bench: forks a process for each test of a submission, one ahead of the test that is running."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.judge.child import Child
from grader.judge.faults import MachineFault
from grader.judge.forkserver import ForkServer
from grader.model.assignment import Assignment


@dataclass
class Bench:
    """Children of the submission at hand."""

    server: ForkServer
    assignment: Assignment
    # The banned names that the submission uses; None until its first child has looked. Later ones need not.
    banned: list[str] | None = None
    _files: Mapping[str, bytes] = field(default_factory=dict)
    _next: Child | None = None

    def seat(self, files: Mapping[str, bytes]) -> None:
        """Take a new submission; what was forked ahead for the one before is ended."""
        self.clear()
        self._files, self.banned = files, None

    def take(self, *, fork_ahead: bool) -> Child:
        """A child with the submission. With `fork_ahead`, the next one warms up in the meantime."""
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
        bans = [ban.name for ban in self.assignment.banned] if self.banned is None else []
        return Child(self.server, self.assignment, self._files, bans)

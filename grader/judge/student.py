"""The `student` of a hidden test: the submitted module, in a process of its own."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from grader.judge.child import Child
from grader.judge.faults import StudentMissing
from grader.judge.local import CallRecord, Counter
from grader.judge.remote import RemoteFunction
from grader.wire.messages import Get, Run


class Student:
    """Names of the module as attributes. Functions and classes can be called, anything else is a value."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        if self._child.fatal is not None:
            raise self._child.fatal
        if name not in self._child.names:
            raise StudentMissing(name)
        if self._child.names[name]:
            return RemoteFunction(self._child, name)
        return self._child.ask(lambda id_: Get(id_, None, name))

    def run(self, probe: Callable[..., Any], /, **data: Any) -> Any:
        """Run `probe(module, **data)` beside the student's code. Its source is sent, so it must stand alone.

        Raises ValueError for a probe that uses variables of an enclosing function.
        """
        if probe.__closure__:
            raise ValueError(f"the probe {probe.__name__} uses variables of the function around it")
        source = textwrap.dedent(inspect.getsource(probe))
        return self._child.ask(lambda id_: Run(id_, source, probe.__name__, data))

    @property
    def last_call(self) -> CallRecord:
        """The last call, and the arguments that it changed in place."""
        return self._child.last_call

    @property
    def counter(self) -> Counter | None:
        """Where executed bytecodes are added up; set by `testing.counting`."""
        return self._child.counter

    @counter.setter
    def counter(self, counter: Counter | None) -> None:
        self._child.counter = counter

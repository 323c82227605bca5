"""The `student` interface over a module in this very process: for the reference, and for whoever writes
tests.

Nothing here protects anything. A student's module is only ever seen through `judge/student`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from grader.wire.observe import changed_arguments, count_bytecodes, named_arguments, snapshot


@dataclass(slots=True)
class CallRecord:
    """The last call: its name, and the arguments that it changed in place, by position or keyword."""

    name: str = ""
    changed: tuple[str, ...] = ()


@dataclass(slots=True)
class Counter:
    """Bytecodes of the student's own code executed inside a `with counting(student)` block."""

    bytecodes: int = 0


@dataclass
class LocalStudent:
    """A module behind the interface of `judge/student.Student`."""

    module: ModuleType
    last_call: CallRecord = field(default_factory=CallRecord)
    counter: Counter | None = None

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.module, name)
        if not callable(value) or isinstance(value, type):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, value, args, kwargs)

        call.__name__ = name
        return call

    def run(self, probe: Callable[..., Any], /, **data: Any) -> Any:
        """Run `probe(module, **data)` beside the module."""
        return probe(self.module, **data)

    def _call(
        self, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        given = named_arguments(args, kwargs)
        before = {key: snapshot(value) for key, value in given.items()}
        try:
            if self.counter is None:
                return function(*args, **kwargs)
            value, count = count_bytecodes({str(self.module.__file__)}, lambda: function(*args, **kwargs))
            self.counter.bytecodes += count
            return value
        finally:
            self.last_call = CallRecord(name=name, changed=tuple(changed_arguments(before, given)))

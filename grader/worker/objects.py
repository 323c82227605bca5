"""UNTRUSTED SIDE. What the other side knows only by number: objects that stay here, functions that stay
there."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from grader.wire.codec import DecodeError, FunctionHandle, ObjectHandle

CallBack = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Objects:
    """The table of objects by number. An object keeps its number as long as this process lives."""

    def __init__(self, call_back: CallBack) -> None:
        self._call_back = call_back
        self._by_id: dict[int, Any] = {}
        self._ids: dict[int, int] = {}
        self._functions: dict[int, FunctionType] = {}
        self._handles: dict[FunctionType, FunctionHandle] = {}

    def refer(self, value: Any) -> ObjectHandle | FunctionHandle:
        """The handle of any value."""
        if isinstance(value, FunctionType) and value in self._handles:
            return self._handles[value]
        number = self._ids.setdefault(id(value), len(self._by_id) + 1)
        self._by_id[number] = value
        return ObjectHandle(number, _name(value), callable(value))

    def resolve(self, handle: ObjectHandle | FunctionHandle) -> Any:
        """The object or function of a handle."""
        if isinstance(handle, FunctionHandle):
            return self._function(handle)
        if handle.id not in self._by_id:
            raise DecodeError(f"no object has the number {handle.id}")
        return self._by_id[handle.id]

    def _function(self, handle: FunctionHandle) -> FunctionType:
        """Stands for a function that the test passed: calling it sends a message.

        A plain function, because the test's own is one: it can be wrapped, inspected, copied, used as a key.
        """
        if handle.id not in self._functions:

            def function(*args: Any, **kwargs: Any) -> Any:
                return self._call_back(handle.id, args, kwargs)

            assert isinstance(function, FunctionType)
            self._functions[handle.id], self._handles[function] = function, handle
        return self._functions[handle.id]


def _name(value: Any) -> str:
    """What people call a value: its type, or for a method `Decoder.step`."""
    if isinstance(value, MethodType) and isinstance(value.__func__, FunctionType):
        return f"{type(value.__self__).__name__}.{value.__func__.__name__}"
    return type(value).__name__

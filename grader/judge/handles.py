"""What crosses the wire as a number: functions that a test passed, objects that stay with the student."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from grader.judge.remote import Peer, RemoteFunction, RemoteObject
from grader.wire.codec import DecodeError, EncodeError, FunctionHandle, ObjectHandle


class Handles:
    """The numbers of one process. The counterpart is `worker/objects`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = weakref.ref(peer)  # it owns this, and what it holds is large: it must go with its owner
        self._functions: list[Callable[..., Any]] = []
        self._objects: weakref.WeakValueDictionary[int, RemoteObject] = weakref.WeakValueDictionary()

    def refer(self, value: Any) -> ObjectHandle | FunctionHandle:
        """The handle of a value that a test passes. Raises EncodeError for what the wire does not carry."""
        if isinstance(value, RemoteFunction):
            value = value.fetch()
        if isinstance(value, RemoteObject):
            return value.handle_for(self._owner())
        if not callable(value):
            raise EncodeError(f"a test passed a {type(value).__name__}, which the wire does not carry")
        self._functions.append(value)
        return FunctionHandle(len(self._functions) - 1)

    def resolve(self, handle: ObjectHandle | FunctionHandle) -> Any:
        """The function, or what stands for the object; one number is one object.

        Raises DecodeError for a function that was never passed.
        """
        if isinstance(handle, FunctionHandle):
            if handle.id >= len(self._functions):
                raise DecodeError("a function that was never passed")
            return self._functions[handle.id]
        known = self._objects.get(handle.id)
        if known is None:
            known = self._objects[handle.id] = RemoteObject(self._owner(), handle)
        return known

    def _owner(self) -> Peer:
        peer = self._peer()
        assert peer is not None, "only the owner asks"
        return peer

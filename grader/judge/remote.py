"""Stand-ins on the trusted side for what stays with the student's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from grader.judge.faults import StudentFault, StudentMissing, StudentRaised, student_raised
from grader.model.verdict import Verdict
from grader.wire.codec import ObjectHandle
from grader.wire.messages import Get, Grads, Iterate, Request

ITERATE_LIMIT = 10_000


class Peer(Protocol):
    """The process that an object lives in: `judge/child.Child`."""

    def ask(self, make: Callable[[int], Request]) -> Any:
        """Send the request that `make` builds from an id; return the value of the reply."""
        ...

    def call(
        self, target: ObjectHandle | None, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function of the module, an object, or a method of an object."""
        ...


class RemoteFunction:
    """A callable name of the submitted module."""

    def __init__(self, peer: Peer, name: str) -> None:
        self._peer, self._name = peer, name
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the student's process."""
        return self._peer.call(None, self._name, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        """An attribute of the function or class itself: a constant, a class method."""
        if name[:2] == "__":
            raise AttributeError(name)
        return getattr(self.fetch(), name)

    def fetch(self) -> Any:
        """The function or class as an object of the student's process."""
        return self._peer.ask(lambda id_: Get(id_, None, self._name))

    def __repr__(self) -> str:
        return f"<student function {self._name}>"


def type_name(value: RemoteObject) -> str:
    """What the student's class is called. No method: its name would hide an attribute of the student's."""
    return value._handle.type_name


class RemoteObject:
    """An object that stays in the student's process: an instance, a method, a generator, an odd value."""

    __slots__ = ("__weakref__", "_handle", "_peer")

    def __init__(self, peer: Peer, handle: ObjectHandle) -> None:
        self._peer, self._handle = peer, handle

    def handle_for(self, peer: Peer) -> ObjectHandle:
        """The handle to send. Raises ValueError for an object of another process."""
        if peer is not self._peer:
            raise ValueError("an object of one student process was passed to another")
        return self._handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object."""
        return self._peer.call(self._handle, "", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        try:
            return self._peer.ask(lambda id_: Get(id_, self._handle, name))
        except StudentRaised as fault:
            if isinstance(fault, AttributeError):
                raise StudentMissing(f"{self._handle.type_name}.{name}") from None
            raise

    def __iter__(self) -> Iterator[Any]:
        """The elements, at most `ITERATE_LIMIT` of them."""
        return iter(self._peer.ask(lambda id_: Iterate(id_, self._handle, ITERATE_LIMIT)))

    def __len__(self) -> int:
        try:
            length = self._peer.call(self._handle, "__len__", (), {})
        except StudentRaised as fault:
            if isinstance(fault, AttributeError):
                # `list(generator)` asks for a length too, and takes this answer only.
                text = f"object of type '{self._handle.type_name}' has no len()"
                raise student_raised(["TypeError", "TypeError"], text, "") from None
            raise
        if not isinstance(length, int) or not 0 <= length < 2**63:
            raise StudentFault(Verdict.WRONG, f"a length of {self._handle.type_name} that is no length")
        return length

    def __getitem__(self, key: Any) -> Any:
        return self._peer.call(self._handle, "__getitem__", (key,), {})

    def fetch_grads(self) -> dict[str, Any]:
        """Gradients of the named parameters, None told from zero."""
        return dict(self._peer.ask(lambda id_: Grads(id_, self._handle)))

    def __repr__(self) -> str:
        return f"<student object of type {self._handle.type_name}>"

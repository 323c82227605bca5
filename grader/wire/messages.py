"""The whole language between the judge and a student's process, by direction. No behaviour.

    judge                                child, first of a submission
      Compile         ───────────────►     confines itself, then looks at the files; runs nothing of them
                      ◄───────────────   Confined      behind the wall
                      ◄───────────────   Compiled      and ends

    judge                                child of a test
      Load            ───────────────►     confines itself, then imports the module
                      ◄───────────────   Confined      behind the wall
                      ◄───────────────   Loaded        or Raised
      Call, Get, Run  ───────────────►     runs student code
                      ◄───────────────   Returned, Raised or Unsendable
      Backward, Grads,
      Given           ───────────────►
                      ◄───────────────   Returned or Raised

While it runs, the child may send Callback any number of times; the judge answers with Answer or AnswerRaised,
or with another Call first. Requests carry an id and replies repeat it, so that a reply queued early is not
taken for an answer. On the wire a message is the tuple of its class name and its fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from grader.wire.codec import ObjectHandle

# The exit code of a child that has no memory left to say so with.
OUT_OF_MEMORY_STATUS = 71


class WireError(Exception):
    """A frame that decodes, but is no message of this language."""


# ---- judge → child ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compile:
    """The submission's files, and the banned names to look for in them."""

    files: dict[str, bytes]
    bans: list[str]
    memory_bytes: int
    cpu_seconds: int


@dataclass(frozen=True, slots=True)
class Load:
    """The submission's files, what `Compiled` said of them, and the module that the tests call.
    `memory_bytes` is what it may use besides the warm start."""

    files: dict[str, bytes]
    code: dict[str, bytes]
    module: str
    memory_bytes: int
    cpu_seconds: int


@dataclass(frozen=True, slots=True)
class Call:
    """Call `name` of the module (target None), an object (name empty) or a method of it."""

    id: int
    target: ObjectHandle | None
    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    grad: bool
    count: bool


@dataclass(frozen=True, slots=True)
class Get:
    """Read an attribute of the module (target None) or of an object."""

    id: int
    target: ObjectHandle | None
    name: str


@dataclass(frozen=True, slots=True)
class Iterate:
    """The first `limit` elements of an iterable object."""

    id: int
    target: ObjectHandle
    limit: int


@dataclass(frozen=True, slots=True)
class Run:
    """Execute `source`, which defines the function `name`, and call it with the module and `data`."""

    id: int
    source: str
    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backward:
    """Back-propagate `cotangents` (None where there is none) through the live outputs of call `call_id`."""

    id: int
    call_id: int
    cotangents: list[Any]


@dataclass(frozen=True, slots=True)
class Grads:
    """The gradients of the named parameters of a module."""

    id: int
    target: ObjectHandle


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of the last call as they are now, by position or keyword."""

    id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a trusted function returned to a callback."""

    id: int
    value: Any


@dataclass(frozen=True, slots=True)
class AnswerRaised:
    """A trusted function raised; only the name of the exception's type is told."""

    id: int
    type_name: str


# ---- child → judge ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confined:
    """Sent once the wall stands, and before the submission is even looked at: what goes wrong later is the
    student's."""

    wall: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """Which banned names are used, where names are looked up that no ban can be held against, and the files'
    code objects, marshalled. What does not compile is left out. Nobody but another child ever reads the
    code."""

    banned: list[str]
    lookups: list[str]
    code: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The module's public names: True for what can be called."""

    names: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Returned:
    """A value; executed bytecodes when asked for."""

    id: int
    value: Any
    bytecodes: int


@dataclass(frozen=True, slots=True)
class Raised:
    """Student code raised. `bases` are the names of the exception's classes, most derived first."""

    id: int
    bases: list[str]
    text: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Unsendable:
    """Student code returned something that the wire does not carry."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Callback:
    """Student code calls a function that the test passed as an argument."""

    id: int
    function: int
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


Request = Call | Get | Iterate | Run | Backward | Grads | Given
Reply = Returned | Raised | Unsendable

# Field types as plain classes, checked on arrival: what a student's process sends is only data until then.
_TYPES: dict[str, tuple[type, tuple[Any, ...]]] = {
    Compile.__name__: (Compile, (dict, list, int, int)),
    Load.__name__: (Load, (dict, dict, str, int, int)),
    Call.__name__: (Call, (int, object, str, tuple, dict, bool, bool)),
    Get.__name__: (Get, (int, object, str)),
    Iterate.__name__: (Iterate, (int, object, int)),
    Run.__name__: (Run, (int, str, str, dict)),
    Backward.__name__: (Backward, (int, int, list)),
    Grads.__name__: (Grads, (int, object)),
    Given.__name__: (Given, (int,)),
    Answer.__name__: (Answer, (int, object)),
    AnswerRaised.__name__: (AnswerRaised, (int, str)),
    Confined.__name__: (Confined, (str,)),
    Compiled.__name__: (Compiled, (list, list, dict)),
    Loaded.__name__: (Loaded, (dict,)),
    Returned.__name__: (Returned, (int, object, int)),
    Raised.__name__: (Raised, (int, list, str, str)),
    Unsendable.__name__: (Unsendable, (int, str)),
    Callback.__name__: (Callback, (int, int, tuple, dict)),
}
_TEXTS = {"bases", "banned", "lookups"}  # lists of strings
_MAPPINGS = {"names": bool, "code": bytes}  # dicts from strings
# Ids, indices and counts: none is below zero, where Python would count from the end.
_INTS = range(2**63)


_FIELDS = {name: tuple(field.name for field in fields(cls)) for name, (cls, _) in _TYPES.items()}


def to_tuple(message: Any) -> tuple[Any, ...]:
    """A message as the tuple that goes over the wire."""
    return (type(message).__name__, *(getattr(message, name) for name in _FIELDS[type(message).__name__]))


def from_tuple(data: Any) -> Any:
    """The message of a decoded tuple. Raises WireError when it is none, or a field has another type."""
    if not isinstance(data, tuple) or not data or not isinstance(data[0], str) or data[0] not in _TYPES:
        raise WireError("not a message")
    cls, types = _TYPES[data[0]]
    values = data[1:]
    if len(values) != len(types):
        raise WireError(f"{data[0]} with {len(values)} fields")
    for name, value, type_ in zip(_FIELDS[data[0]], values, types, strict=True):
        well_typed = isinstance(value, type_)
        if type_ is int:
            well_typed = type(value) is int and value in _INTS
        elif name in _TEXTS:
            well_typed = well_typed and all(isinstance(text, str) for text in value)
        elif name in _MAPPINGS:
            well_typed = well_typed and all(
                isinstance(key, str) and isinstance(item, _MAPPINGS[name]) for key, item in value.items()
            )
        if not well_typed:
            raise WireError(f"{data[0]}.{name} is a {type(value).__name__}")
    return cls(*values)

"""The table of objects: numbers for things, things for numbers."""

from __future__ import annotations

from inspect import isfunction
from typing import Any

import pytest

from grader.wire.codec import DecodeError, FunctionHandle, ObjectHandle, decode, encode
from grader.worker.objects import Objects


class Model:
    """A student's class."""


def no_calls(id_: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """For tables that nobody calls through."""
    raise AssertionError


def test_one_object_one_number() -> None:
    """Identity is kept: the judge's `is` means the student's `is`."""
    objects = Objects(no_calls)
    first, second = Model(), Model()
    handles = [objects.refer(thing) for thing in (first, second, first)]
    assert handles[0] == handles[2] == ObjectHandle(1, "Model", False)
    assert handles[1] == ObjectHandle(2, "Model", False)
    assert objects.resolve(ObjectHandle(1)) is first
    assert objects.resolve(ObjectHandle(2)) is second


def test_objects_are_kept_alive() -> None:
    """A number that was given away never means another object."""
    objects = Objects(no_calls)
    numbers = {objects.refer(Model()) for _ in range(100)}
    assert len(numbers) == 100


def test_what_can_be_called() -> None:
    """The handle says so, for whoever reads it."""
    objects = Objects(no_calls)
    assert objects.refer(Model) == ObjectHandle(1, "type", True)
    assert objects.refer(len) == ObjectHandle(2, "builtin_function_or_method", True)


def test_an_unknown_number() -> None:
    """Refused, in the decoder's way."""
    with pytest.raises(DecodeError) as caught:
        Objects(no_calls).resolve(ObjectHandle(4, "Model"))
    assert str(caught.value) == "no object has the number 4"


def test_trusted_functions() -> None:
    """Calling one sends its number and the arguments; passed back, it is its own handle again."""
    calls: list[Any] = []

    def call_back(*call: Any) -> str:
        calls.append(call)
        return "answer"

    objects = Objects(call_back)
    function = objects.resolve(FunctionHandle(7))
    assert isfunction(function)
    assert objects.resolve(FunctionHandle(7)) is function
    assert function(1, key=2) == "answer"
    assert calls == [(7, (1,), {"key": 2})]
    assert decode(encode(function, objects.refer)) == FunctionHandle(7)

"""What the encoder refuses, in words that a student or an author can act on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.wire.codec import Caps, EncodeError, ObjectHandle, decode, encode


def nested(depth: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


class Secret:
    pass


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Secret(), "a value of type Secret, which the wire does not carry"),
        (lambda: None, "a value of type function, which the wire does not carry"),
        ([Secret], "a value of type type, which the wire does not carry"),
        (np.array([object()]), "an array of dtype object"),
        (np.array(["text"]), "an array of dtype <U4"),
        (np.array(["2026-01-01"], "datetime64[D]"), "an array of dtype datetime64[D]"),
        (np.zeros(2, [("x", int)]), "an array of dtype [('x', '<i8')]"),
        (np.datetime64("2026-01-01"), "a value of type datetime64, which the wire does not carry"),
        (torch.empty(2, device="meta"), "a tensor of dtype float32 on meta"),
        (torch.zeros(2, dtype=torch.uint16), "a tensor of dtype uint16 on cpu"),
        (np.dtype("U3"), "the dtype str96"),
        (torch.uint16, "the dtype uint16"),
        ({(1, frozenset({2})): 3}, "a tuple as a key or an element of a set"),
        ({frozenset({2})}, "a frozenset as a key or an element of a set"),
        ({2**63: 0}, "a int as a key or an element of a set"),
        ({Secret: 0}, "a type as a key or an element of a set"),
        ({1j}, "a complex as a key or an element of a set"),
        (2**8191, "an integer of 1025 bytes"),
        (-(2**8191) - 1, "an integer of 1025 bytes"),
        (np.zeros((1,) * 33), "an array of 33 dimensions"),
        (np.zeros((2**31 + 1, 0)), f"an array of shape ({2**31 + 1}, 0)"),
        (nested(33), "a value nested deeper than 32 levels, or one that contains itself"),
        ([None] * 200_000, "a value too large to send"),
        (set(range(20_001)), "a set of 20001, more than 20000"),
        (dict.fromkeys(range(20_001)), "a dict of 20001, more than 20000"),
        (b"x" * 2**26, "a value of more than 64 MiB"),
        ("x" * 2**26, "a value of more than 64 MiB"),
        (np.zeros(2**23), "a value of more than 64 MiB"),
        (np.broadcast_to(0.0, (2**20, 2**20)), "a value of more than 64 MiB"),
        (torch.zeros(2**24), "a value of more than 64 MiB"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_refusals(value: Any, message: str) -> None:
    """One refusal for each kind of value that cannot go."""
    with pytest.raises(EncodeError) as caught:
        encode(value)
    assert str(caught.value) == message


def test_a_list_that_contains_itself() -> None:
    """No endless loop, no RecursionError."""
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(EncodeError, match="contains itself"):
        encode(loop)


@pytest.mark.parametrize(
    ("caps", "fits", "too_much"),
    [
        (Caps(depth=3), nested(3), nested(4)),
        (Caps(values=5), [1, 2, 3, 4], [1, 2, 3, 4, 5]),
        (Caps(values=5), {1: 2, 3: 4}, {1: 2, 3: 4, 5: 6}),
        (Caps(keys=3), {1, 2, 3}, {1, 2, 3, 4}),
        (Caps(keys=3), dict.fromkeys("abc"), dict.fromkeys("abcd")),
        (Caps(int_bytes=16), 2**127 - 1, 2**127),
        (Caps(int_bytes=16), -(2**127) + 1, -(2**128)),
        (Caps(dims=2), np.zeros((1, 1)), np.zeros((1, 1, 1))),
        (Caps(dims=2), torch.zeros(1, 1), torch.zeros(1, 1, 1)),
        (Caps(frame_bytes=15), b"x" * 10, b"x" * 11),
        (Caps(frame_bytes=18), [1], [1.0, True, True, True, True, True]),
        (Caps(frame_bytes=19), np.zeros(1, np.int64), np.zeros(2, np.int64)),
    ],
    ids=lambda value: repr(value)[:40].replace("\n", ""),
)
def test_caps_at_the_border(caps: Caps, fits: Any, too_much: Any) -> None:
    """At n it goes and comes back under the same caps; at n + 1 it is refused on either side."""
    decode(encode(fits, caps=caps), caps=caps)
    with pytest.raises(EncodeError):
        encode(too_much, caps=caps)


def test_what_the_table_lacks_is_offered() -> None:
    """Objects, object arrays and text arrays become handles where there is someone to keep them."""
    offered: list[Any] = []

    def refer(value: Any) -> ObjectHandle:
        offered.append(value)
        return ObjectHandle(len(offered), type(value).__name__)

    values = [Secret(), np.array(["text"]), np.array([None]), lambda: 0, Secret, iter(())]
    back = decode(encode(values, refer))
    assert [handle.id for handle in back] == [1, 2, 3, 4, 5, 6]
    assert [handle.type_name for handle in back[:3]] == ["Secret", "ndarray", "ndarray"]
    assert all(one is other for one, other in zip(offered, values, strict=True))

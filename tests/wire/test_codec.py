"""There and back again: the whole table, every memory layout, to the last bit."""

from __future__ import annotations

import collections
import enum
import math
import struct
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from grader.wire.codec import Decoder, Encoder, FunctionHandle, ObjectHandle, decode, encode
from grader.wire.dtypes import DIFFERENTIABLE, NUMPY_CODES, TORCH_NAMES
from tests.wire.sameness import fingerprint
from tests.wire.strategies import LAYOUTS, make_array, make_tensor, values


@given(values)
@settings(max_examples=400, deadline=None)
def test_what_goes_in_comes_out(value: Any) -> None:
    """Nested containers of everything: same types, same bits, same order."""
    assert fingerprint(decode(encode(value))) == fingerprint(value)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", NUMPY_CODES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (5,), (2, 3, 4)])
def test_numpy_arrays(dtype: str, layout: str, shape: tuple[int, ...]) -> None:
    """Every dtype in every layout arrives as a native, contiguous array of our own."""
    array = make_array(dtype, shape, layout, seed=7)
    back = decode(encode(array))
    assert fingerprint(back) == fingerprint(array)
    assert back.dtype == np.dtype(dtype)
    assert back.dtype.isnative
    assert back.flags.c_contiguous
    assert back.flags.writeable
    assert back.flags.owndata or back.base.flags.owndata


@pytest.mark.parametrize("name", TORCH_NAMES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (5,), (2, 3, 4)])
def test_torch_tensors(name: str, shape: tuple[int, ...]) -> None:
    """Every dtype, with and without a gradient; both sides list the live ones in the order of the frame."""
    plain, live = make_tensor(name, shape, False, seed=7), make_tensor(name, shape, True, seed=8)
    encoder = Encoder()
    decoder = Decoder(encoder.encode([plain, live]))
    back = decoder.decode()
    assert fingerprint(back) == fingerprint([plain, live])
    expected = [True] if name in DIFFERENTIABLE else []
    assert [tensor is live for tensor in encoder.live] == expected
    assert [tensor is back[1] for tensor in decoder.live] == expected


def test_odd_tensors_arrive_dense_and_plain() -> None:
    """Transposed, conjugated, negated, sparse and expanded ones, and parameters, arrive as plain tensors."""
    base = torch.arange(6.0).reshape(2, 3)
    complex_ = torch.complex(base, base + 1)
    for tensor in (
        base.T,
        base.expand(4, 2, 3),
        base[:, ::2],
        complex_.conj(),
        complex_.conj().imag,
        base.to_sparse(),
        torch.nn.Parameter(base),
    ):
        back = decode(encode(tensor))
        assert type(back) is torch.Tensor
        assert back.is_contiguous()
        assert torch.equal(back, tensor.to_dense() if tensor.is_sparse else tensor)


def test_nan_bit_patterns_survive() -> None:
    """Payloads and signs of NaN, signed zeros and infinities, as a Python float and in an array."""
    patterns = [0x7FF8000000000000, 0xFFF8000000000001, 0x7FF00000DEADBEEF, 1 << 63, 0x7FF0000000000000]
    array = np.array(patterns, np.uint64).view(np.float64)
    assert decode(encode(array)).view(np.uint64).tolist() == patterns
    for bits in patterns:
        number = struct.unpack("<d", struct.pack("<Q", bits))[0]
        assert struct.unpack("<Q", struct.pack("<d", decode(encode(number))))[0] == bits


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**4000, -(2**4000), 255, -1])
def test_integers_of_any_size(number: int) -> None:
    """At and beyond the borders of 64 bits."""
    assert decode(encode(number)) == number


def test_lone_surrogates_survive() -> None:
    """A file name or a bad decode may hold half a character."""
    assert decode(encode("\ud800 and \udfff")) == "\ud800 and \udfff"


class Colour(enum.IntEnum):
    RED = 3


class Pair(NamedTuple):
    first: int
    second: list[int]


class Shouting(str):
    def __eq__(self, other: object) -> bool:
        raise AssertionError("a student's method ran")

    __hash__ = str.__hash__


class Liar(np.ndarray):
    def __eq__(self, other: object) -> Any:
        raise AssertionError("a student's method ran")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Colour.RED, 3),
        (Pair(1, [2]), (1, [2])),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.OrderedDict(x=1), {"x": 1}),
        (collections.defaultdict(list, x=[1]), {"x": [1]}),
        (Shouting("loud"), "loud"),
        (frozenset({1, 2}), {1, 2}),
        (bytearray(b"raw"), b"raw"),
        (np.str_("text"), "text"),
        (np.bytes_(b"raw"), b"raw"),
        (torch.Size([2, 3]), (2, 3)),
        (np.ma.masked_array([1.0, 2.0], [True, False]), np.array([1.0, 2.0])),
        (np.array([1.5]).view(Liar), np.array([1.5])),
        (torch.nn.Parameter(torch.ones(2), requires_grad=False), torch.ones(2)),
        (np.longdouble(1.5), np.float64(1.5)),
        (np.array([1.5], np.longdouble), np.array([1.5])),
        (np.array([1.5j], np.clongdouble), np.array([1.5j])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_are_flattened(value: Any, expected: Any) -> None:
    """What arrives is of the table's own types; nothing of a student's class runs on the trusted side."""
    assert fingerprint(decode(encode(value))) == fingerprint(expected)


def test_keys_of_every_kind() -> None:
    """Counting with numpy gives numpy integers as keys; they arrive equal to what they were."""
    labels, counts = np.unique(np.array([3, 1, 3]), return_counts=True)
    back = decode(encode(dict(zip(labels, counts, strict=True))))
    assert back == {1: 1, 3: 2}
    assert back[3] == 2


def test_handles_are_resolved() -> None:
    """`refer` makes handles of what the table lacks, `resolve` takes them back."""
    thing, function = object(), print
    table: dict[Any, Any] = {}

    def refer(value: Any) -> ObjectHandle | FunctionHandle:
        handle = FunctionHandle(4) if value is print else ObjectHandle(7, "thing", is_callable=True)
        table[handle] = value
        return handle

    frame = encode([thing, {"f": function}, np.array([object()])], refer)
    back = decode(frame, table.__getitem__)
    assert back[1]["f"] is print
    assert isinstance(back[2], np.ndarray)
    assert decode(frame)[0] == ObjectHandle(7, "thing", is_callable=True)


def test_a_long_type_name_is_cut() -> None:
    """A student chooses the names of classes; the wire carries 200 characters of them."""
    back = decode(encode(object(), lambda _: ObjectHandle(1, "x" * 500)))
    assert back.type_name == "x" * 200


def test_infinities_and_zero_signs() -> None:
    """Python floats keep their sign."""
    assert math.copysign(1, decode(encode(-0.0))) == -1
    assert decode(encode([math.inf, -math.inf])) == [math.inf, -math.inf]

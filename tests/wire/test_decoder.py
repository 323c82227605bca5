"""What the decoder refuses: every length is checked before anything is allocated."""

from __future__ import annotations

import struct
import subprocess
import sys
import tracemalloc

import pytest

from grader.wire.codec import Caps, DecodeError, decode, encode
from grader.wire.dtypes import NUMPY_CODES, TORCH_CODES


def u32(number: int) -> bytes:
    """A length field."""
    return struct.pack("<I", number)


def shape(*sides: int) -> bytes:
    """The shape of an array."""
    return struct.pack(f"<B{len(sides)}Q", len(sides), *sides)


F64 = bytes([NUMPY_CODES["float64"]])
BOOL = bytes([NUMPY_CODES["bool"]])
T_F32, T_BOOL, T_INT = (bytes([TORCH_CODES[name]]) for name in ("float32", "bool", "int64"))


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (b"", "1 bytes announced, 0 left"),
        (b"\xff", "unknown tag 0xff"),
        (b"O", "unknown tag 0x4f"),
        (b"NN", "1 bytes after the value"),
        (b"i\0\0", "8 bytes announced, 2 left"),
        (b"I\xff\xff", "an integer of 65535 bytes"),
        (b"I\x10\x00ab", "16 bytes announced, 2 left"),
        (b"s" + u32(2**32 - 1), "4294967295 bytes announced, 0 left"),
        (b"s" + u32(2) + b"\xff\xff", "text that is not UTF-8: invalid start byte"),
        (b"b" + u32(9) + b"abc", "9 bytes announced, 3 left"),
        (b"l" + u32(2**32 - 1) + b"N", "4294967295 elements announced"),
        (b"t" + u32(2) + b"N", "2 elements announced"),
        (b"S" + u32(20_001) + b"N" * 20_001, "20001 elements announced"),
        (b"m" + u32(2) + b"NNN", "2 elements announced"),
        (b"m" + u32(1) + encode([]) + b"N", "a list as a key"),
        (b"S" + u32(1) + encode({1: 2}), "a dict as a key"),
        (b"S" + u32(1) + encode(2**64), "a int as a key"),
        (b"S" + u32(1) + b"c" + bytes(16), "a complex as a key"),
        (b"S" + u32(1) + b"k" + u32(1), "a FunctionHandle as a key"),
        (b"g\x63", "unknown dtype 99"),
        (b"g" + F64 + b"abc", "8 bytes announced, 3 left"),
        (b"a\x63" + shape(0), "unknown dtype 99"),
        (b"a" + F64 + shape(2**20), "8388608 bytes announced, 0 left"),
        (b"a" + F64 + shape(2**31, 2**31, 2**31), f"{2**96} bytes announced, 0 left"),
        (b"a" + F64 + b"\x21" + bytes(33 * 8), "an array of 33 dimensions"),
        (b"a" + F64 + shape(2**31 + 1, 0), f"an array of shape ({2**31 + 1}, 0)"),
        (b"a" + F64 + b"\x03" + bytes(10), "24 bytes announced, 10 left"),
        (b"a" + BOOL + shape(1) + b"\x02", "a bool that is neither 0 nor 1"),
        (b"g" + BOOL + b"\xff", "a bool that is neither 0 nor 1"),
        (b"x" + T_BOOL + b"\0" + shape(2) + b"\1\2", "a bool that is neither 0 nor 1"),
        (b"x\x63\0" + shape(0), "unknown tensor dtype 99 or flags 0"),
        (b"x" + T_F32 + b"\2" + shape(0), "unknown tensor dtype 7 or flags 2"),
        (b"x" + T_INT + b"\1" + shape(0), "a int64 tensor that requires a gradient"),
        (b"y\x63", "unknown dtype 99"),
        (b"Y\x63", "unknown tensor dtype 99"),
        (b"h" + u32(1) + u32(1) + b"x\2", "a malformed object handle"),
        (b"h" + u32(1) + u32(201) + b"x" * 201 + b"\0", "a malformed object handle"),
        (b"h" + u32(1) + u32(1) + b"\xff\0", "text that is not UTF-8: invalid start byte"),
        (b"k\0", "4 bytes announced, 1 left"),
        ((b"l" + u32(1)) * 33 + b"N", "nested deeper than 32 levels"),
        (b"N" * (2**26 + 1), "a frame of 67108865 bytes"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_refusals(frame: bytes, message: str) -> None:
    """One malformed frame of each kind."""
    with pytest.raises(DecodeError) as caught:
        decode(frame)
    assert str(caught.value) == message


def test_a_shape_that_overflows() -> None:
    """An empty array's other sides are not bounded by the frame; numpy's own refusal becomes ours."""
    with pytest.raises(DecodeError, match=r"an array of shape \(2147483648, 2147483648, 2147483648, 0\): "):
        decode(b"a" + F64 + shape(2**31, 2**31, 2**31, 0))


@pytest.mark.parametrize(
    ("caps", "fits", "too_much", "message"),
    [
        (Caps(depth=3), [[[[]]]], [[[[[]]]]], "nested deeper than 3 levels"),
        (Caps(values=5), [1, 2, 3, 4], [[1, 2, 3, 4], 5], "more than 5 values"),
        (Caps(values=5), [1, 2, 3, 4], [1, 2, 3, 4, 5, 6], "6 elements announced"),
        (Caps(keys=3), {1, 2, 3}, {1, 2, 3, 4}, "4 elements announced"),
        (Caps(keys=3), dict.fromkeys("abc"), dict.fromkeys("abcd"), "4 elements announced"),
        (Caps(int_bytes=16), 2**127 - 1, 2**127, "an integer of 17 bytes"),
        (Caps(frame_bytes=15), b"x" * 10, b"x" * 11, "a frame of 16 bytes"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_caps_at_the_border(caps: Caps, fits: object, too_much: object, message: str) -> None:
    """At n a frame is taken; at n + 1 it is refused, whoever made it."""
    assert decode(encode(fits), caps=caps) == fits
    with pytest.raises(DecodeError) as caught:
        decode(encode(too_much), caps=caps)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "frame",
    [
        b"s" + u32(2**32 - 1),
        b"b" + u32(2**31),
        b"l" + u32(2**32 - 1),
        b"S" + u32(20_000),
        b"m" + u32(2**30),
        b"a" + F64 + shape(2**28),
        b"a" + F64 + shape(2**15, 2**15, 2**10),
        b"x" + T_F32 + b"\0" + shape(2**30),
    ],
    ids=repr,
)
def test_announced_but_absent_bytes_allocate_nothing(frame: bytes) -> None:
    """A few bytes that announce gigabytes cost a few kilobytes."""
    tracemalloc.start()
    try:
        with pytest.raises(DecodeError, match="announced"):
            decode(frame)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


WITHOUT_TORCH = """
import sys
from grader.wire.codec import DecodeError, decode
for frame in (b"x\\x08\\x00\\x00\\x00\\x00\\x00\\x00", b"Y\\x00"):
    try:
        decode(frame)
    except DecodeError as error:
        print(error)
print("torch" in sys.modules)
"""


def test_where_torch_is_not_loaded() -> None:
    """The wire never imports torch by itself: a numpy assignment has no tensors."""
    run = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "a tensor, but this assignment does not use torch",
        "unknown tensor dtype 0",
        "False",
    ]

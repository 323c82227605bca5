"""What one frame of the wire may hold: the closed table of types, the caps, and handles for everything else.

None bool int float complex str bytes list tuple dict set
numpy scalar, numpy array, torch tensor (incl. bfloat16), numpy and torch dtype
object handle, function handle

tag  payload (little endian)
N T F                      None, True, False
i    int64                 I    u16 length, two's complement bytes
d    float64               c    two float64
s    u32 length, UTF-8     b    u32 length, bytes
l t S    u32 count, values (list, tuple, set)      m    u32 count, key value pairs
g    dtype, element        a    dtype, u8 ndim, ndim u64, elements in C order
x    dtype, flags, u8 ndim, ndim u64, elements     y    dtype (numpy)      Y    dtype (torch)
h    u32 id, str type name, flags                  k    u32 id
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

U8, U16, U32 = struct.Struct("<B"), struct.Struct("<H"), struct.Struct("<I")
I64, F64, C128 = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<dd")
REQUIRES_GRAD = 1
TYPE_NAME_LIMIT = 200
# An empty array holds no bytes, so the frame does not bound its other sides.
SIDE_LIMIT = 2**31


class EncodeError(Exception):
    """A value that the wire cannot carry: not in the table, too deep, too large."""


class DecodeError(Exception):
    """Bytes that are not the wire's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one frame may hold."""

    frame_bytes: int = 64 * 2**20
    depth: int = 32
    values: int = 200_000
    keys: int = 20_000
    # Tuples of numbers can be made to share one hash at will: quadratic work for whoever builds the dict.
    keys_of_a_hash: int = 100
    int_bytes: int = 1024  # below 4300 digits, beyond which Python refuses to print
    dims: int = 32


DEFAULT_CAPS = Caps()
# What the trusted side sends may be larger: a whole submission, the data of a test, or a reply within a list.
TRUSTED_CAPS = Caps(frame_bytes=256 * 2**20, depth=64, values=2_000_000, keys=1_000_000)


@dataclass(frozen=True, slots=True)
class ObjectHandle:
    """An object that stays in the worker. `type_name` is for people."""

    id: int
    type_name: str = ""
    is_callable: bool = False


@dataclass(frozen=True, slots=True)
class FunctionHandle:
    """A function that stays on the trusted side and may be called back."""

    id: int


def is_key(value: Any) -> bool:
    """Whether a value may be a key of a dict or an element of a set.

    Immutable and quick to hash: no big integers, no arrays, no handles. How many may share a hash is capped.
    """
    if isinstance(value, tuple):
        return all(map(is_key, value))
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, float | str | bytes | np.integer | np.floating | np.bool_)

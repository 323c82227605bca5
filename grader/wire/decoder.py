"""Bytes to values. It trusts nothing, and raises `DecodeError` and nothing else; see `frame`.

Every length is compared with what is left in the frame *before* anything is allocated; depth, the number of
values and the size of containers are capped.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.wire.dtypes import DIFFERENTIABLE, NUMPY_DTYPES, TORCH_NAMES, TORCH_STORAGE, loaded_torch
from grader.wire.frame import (
    C128,
    DEFAULT_CAPS,
    F64,
    I64,
    REQUIRES_GRAD,
    SIDE_LIMIT,
    TYPE_NAME_LIMIT,
    U8,
    U16,
    U32,
    Caps,
    DecodeError,
    FunctionHandle,
    ObjectHandle,
    is_key,
)

Resolve = Callable[[ObjectHandle | FunctionHandle], Any]


class Decoder:
    """Decodes one frame. `live` collects the tensors flagged as requiring a gradient, in the order of the
    frame."""

    def __init__(
        self, frame: bytes | bytearray, resolve: Resolve | None = None, caps: Caps = DEFAULT_CAPS
    ) -> None:
        self._frame, self._resolve, self._caps = memoryview(frame), resolve, caps
        self._at = 0
        self.values = 0  # how many it has met
        self.live: list[Any] = []

    def decode(self) -> Any:
        """The value of the whole frame. Raises DecodeError, whatever the bytes."""
        if len(self._frame) > self._caps.frame_bytes:
            raise DecodeError(f"a frame of {len(self._frame)} bytes")
        value = self._value(0)
        if self._at != len(self._frame):
            raise DecodeError(f"{len(self._frame) - self._at} bytes after the value")
        return value

    def _value(self, depth: int) -> Any:
        self.values += 1
        if depth > self._caps.depth:
            raise DecodeError(f"nested deeper than {self._caps.depth} levels")
        if self.values > self._caps.values:
            raise DecodeError(f"more than {self._caps.values} values")
        (tag,) = self._unpack(U8)
        reader = _READERS.get(tag)
        if reader is None:
            raise DecodeError(f"unknown tag 0x{tag:02x}")
        return reader(self, depth)

    def _take(self, size: int) -> memoryview:
        end = self._at + size
        if end > len(self._frame):
            raise DecodeError(f"{size} bytes announced, {len(self._frame) - self._at} left")
        taken = self._frame[self._at : end]
        self._at = end
        return taken

    def _unpack(self, layout: struct.Struct) -> Any:
        end = self._at + layout.size
        if end > len(self._frame):
            raise DecodeError(f"{layout.size} bytes announced, {len(self._frame) - self._at} left")
        values = layout.unpack_from(self._frame, self._at)
        self._at = end
        return values

    def _big_int(self, depth: int) -> int:
        (length,) = self._unpack(U16)
        if length > self._caps.int_bytes:
            raise DecodeError(f"an integer of {length} bytes")
        return int.from_bytes(self._take(length), "little", signed=True)

    def _str(self, depth: int) -> str:
        (length,) = self._unpack(U32)
        try:
            return str(self._take(length), "utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise DecodeError(f"text that is not UTF-8: {error.reason}") from None

    def _bytes(self, depth: int) -> bytes:
        (length,) = self._unpack(U32)
        return bytes(self._take(length))

    def _count(self, cap: int, size_at_least: int = 1) -> int:
        (count,) = self._unpack(U32)
        if count > cap or count * size_at_least > len(self._frame) - self._at:
            raise DecodeError(f"{count} elements announced")
        return int(count)

    def _list(self, depth: int) -> list[Any]:
        return [self._value(depth + 1) for _ in range(self._count(self._caps.values))]

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(depth))

    def _set(self, depth: int) -> set[Any]:
        hashes: Counter[int] = Counter()
        return {self._key(depth + 1, hashes) for _ in range(self._count(self._caps.keys))}

    def _dict(self, depth: int) -> dict[Any, Any]:
        pairs = range(self._count(self._caps.keys, 2))
        hashes: Counter[int] = Counter()
        return {self._key(depth + 1, hashes): self._value(depth + 1) for _ in pairs}

    def _key(self, depth: int, hashes: Counter[int]) -> Any:
        """One key of a container. Those of one hash are compared one by one: endless, if all share it."""
        key = self._value(depth)
        if not is_key(key):
            raise DecodeError(f"a {type(key).__name__} as a key")
        hashes[hash(key)] += 1
        if hashes[hash(key)] > self._caps.keys_of_a_hash:
            raise DecodeError("too many keys of one hash")
        return key

    def _dtype(self) -> np.dtype[Any]:
        (code,) = self._unpack(U8)
        if code not in NUMPY_DTYPES:
            raise DecodeError(f"unknown dtype {code}")
        return NUMPY_DTYPES[code]

    def _scalar(self, depth: int) -> Any:
        dtype = self._dtype()
        return self._elements(dtype, (), dtype.itemsize)[()]

    def _array(self, depth: int) -> Any:
        dtype = self._dtype()
        shape = self._shape()
        return self._elements(dtype, shape, math.prod(shape) * dtype.itemsize)

    def _tensor(self, depth: int) -> Any:
        torch = loaded_torch()
        if torch is None:
            raise DecodeError("a tensor, but this assignment does not use torch")
        code, flags = self._unpack(U8)[0], self._unpack(U8)[0]
        if code >= len(TORCH_NAMES) or flags > REQUIRES_GRAD:
            raise DecodeError(f"unknown tensor dtype {code} or flags {flags}")
        storage, shape = TORCH_STORAGE[code], self._shape()
        tensor = torch.from_numpy(self._elements(storage, shape, math.prod(shape) * storage.itemsize))
        if TORCH_NAMES[code] == "bfloat16":
            tensor = tensor.view(torch.bfloat16)
        if flags:
            if TORCH_NAMES[code] not in DIFFERENTIABLE:
                raise DecodeError(f"a {TORCH_NAMES[code]} tensor that requires a gradient")
            self.live.append(tensor.requires_grad_())
        return tensor

    def _shape(self) -> tuple[int, ...]:
        (ndim,) = self._unpack(U8)
        if ndim > self._caps.dims:
            raise DecodeError(f"an array of {ndim} dimensions")
        shape: tuple[int, ...] = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        if any(side > SIDE_LIMIT for side in shape):
            raise DecodeError(f"an array of shape {shape}")
        return shape

    def _elements(self, dtype: np.dtype[Any], shape: tuple[int, ...], size: int) -> Any:
        raw = self._take(size)
        # A bool byte other than 0 and 1 is undefined behaviour in torch and misleading in numpy.
        if dtype.kind == "b" and size and np.frombuffer(raw, np.uint8).max() > 1:
            raise DecodeError("a bool that is neither 0 nor 1")
        try:
            return np.frombuffer(raw, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=True)
        except ValueError as error:
            raise DecodeError(f"an array of shape {shape}: {error}") from None

    def _torch_dtype(self, depth: int) -> Any:
        (code,) = self._unpack(U8)
        torch = loaded_torch()
        if torch is None or code >= len(TORCH_NAMES):
            raise DecodeError(f"unknown tensor dtype {code}")
        return getattr(torch, TORCH_NAMES[code])

    def _object_handle(self, depth: int) -> Any:
        (id_,) = self._unpack(U32)
        name = self._str(depth)
        (flags,) = self._unpack(U8)
        if len(name) > TYPE_NAME_LIMIT or flags > 1:
            raise DecodeError("a malformed object handle")
        return self._resolved(ObjectHandle(id_, name, bool(flags)))

    def _function_handle(self, depth: int) -> Any:
        return self._resolved(FunctionHandle(self._unpack(U32)[0]))

    def _resolved(self, handle: ObjectHandle | FunctionHandle) -> Any:
        return handle if self._resolve is None else self._resolve(handle)


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord("N"): lambda decoder, depth: None,
    ord("T"): lambda decoder, depth: True,
    ord("F"): lambda decoder, depth: False,
    ord("i"): lambda decoder, depth: decoder._unpack(I64)[0],
    ord("I"): Decoder._big_int,
    ord("d"): lambda decoder, depth: decoder._unpack(F64)[0],
    ord("c"): lambda decoder, depth: complex(*decoder._unpack(C128)),
    ord("s"): Decoder._str,
    ord("b"): Decoder._bytes,
    ord("l"): Decoder._list,
    ord("t"): Decoder._tuple,
    ord("S"): Decoder._set,
    ord("m"): Decoder._dict,
    ord("g"): Decoder._scalar,
    ord("a"): Decoder._array,
    ord("x"): Decoder._tensor,
    ord("y"): lambda decoder, depth: np.dtype(decoder._dtype().newbyteorder("=")),
    ord("Y"): Decoder._torch_dtype,
    ord("h"): Decoder._object_handle,
    ord("k"): Decoder._function_handle,
}

"""Values to bytes and back, over a closed table of types.

    None bool int float complex str bytes list tuple dict set
    numpy scalar, numpy array, torch tensor (incl. bfloat16), numpy and torch dtype
    object handle, function handle

Nothing else has a tag: no pickle, no object arrays, no names that are looked up. A value outside the table is
offered to the encoder's `refer`, which may turn it into a handle. Subclasses are flattened to the type of the
table.

The decoder trusts nothing. Every length is compared with what is left in the frame *before* anything is
allocated; depth, the number of values and the size of containers are capped. It raises `DecodeError` and
nothing else.

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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.wire.dtypes import (
    DIFFERENTIABLE,
    NUMPY_CODES,
    NUMPY_DTYPES,
    TORCH_CODES,
    TORCH_NAMES,
    TORCH_STORAGE,
    loaded_torch,
)


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
    # Keys of a student's choosing may collide: quadratic at worst, so containers of keys stay small.
    keys: int = 20_000
    int_bytes: int = 1024  # below 4300 digits, beyond which Python refuses to print
    dims: int = 32


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


Refer = Callable[[Any], ObjectHandle | FunctionHandle]
Resolve = Callable[[ObjectHandle | FunctionHandle], Any]

_U8, _U16, _U32 = struct.Struct("<B"), struct.Struct("<H"), struct.Struct("<I")
_I64, _F64, _C128 = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<dd")
_REQUIRES_GRAD = 1


class Encoder:
    """Encodes one frame. `live` collects the tensors that require a gradient, in the order of the frame."""

    def __init__(self, refer: Refer | None = None, caps: Caps = Caps()) -> None:
        self._refer, self._caps = refer, caps
        self._out = bytearray()
        self._values = 0
        self.live: list[Any] = []

    def encode(self, value: Any) -> bytes:
        """The frame of one value. Raises EncodeError."""
        self._value(value, 0)
        return bytes(self._out)

    def _value(self, value: Any, depth: int) -> None:
        self._values += 1
        if depth > self._caps.depth:
            raise EncodeError(
                f"a value nested deeper than {self._caps.depth} levels, or one that contains itself"
            )
        if self._values > self._caps.values or len(self._out) > self._caps.frame_bytes:
            raise EncodeError("a value too large to send")
        writer = _WRITERS.get(type(value)) or _writer_of_base(value)
        if writer is not None:
            writer(self, value, depth)
        elif self._refer is not None:
            self._handle(self._refer(value))
        else:
            raise EncodeError(f"a value of type {type(value).__name__}, which the wire does not carry")

    def _none(self, value: None, depth: int) -> None:
        self._out += b"N"

    def _bool(self, value: bool, depth: int) -> None:
        self._out += b"T" if value else b"F"

    def _int(self, value: int, depth: int) -> None:
        if -(2**63) <= value < 2**63:
            self._out += b"i" + _I64.pack(value)
            return
        length = value.bit_length() // 8 + 1
        if length > self._caps.int_bytes:
            raise EncodeError(f"an integer of {length} bytes")
        self._out += b"I" + _U16.pack(length) + value.to_bytes(length, "little", signed=True)

    def _float(self, value: float, depth: int) -> None:
        self._out += b"d" + _F64.pack(value)

    def _complex(self, value: complex, depth: int) -> None:
        self._out += b"c" + _C128.pack(value.real, value.imag)

    def _str(self, value: str, depth: int) -> None:
        self._text(b"s", value)

    def _bytes(self, value: bytes, depth: int) -> None:
        self._room(len(value))
        self._out += b"b" + _U32.pack(len(value)) + value

    def _sequence(self, value: Any, depth: int, tag: bytes) -> None:
        self._out += tag + _U32.pack(len(value))
        for element in value:
            self._value(element, depth + 1)

    def _list(self, value: Any, depth: int) -> None:
        self._sequence(value, depth, b"l")

    def _tuple(self, value: Any, depth: int) -> None:
        self._sequence(value, depth, b"t")

    def _set(self, value: Any, depth: int) -> None:
        self._sequence(value, depth, b"S")

    def _dict(self, value: Any, depth: int) -> None:
        self._out += b"m" + _U32.pack(len(value))
        for key, element in value.items():
            self._value(key, depth + 1)
            self._value(element, depth + 1)

    def _scalar(self, value: Any, depth: int) -> None:
        array = _portable(np.asarray(value))
        if array is None:
            raise EncodeError(f"a numpy scalar of dtype {value.dtype}")
        self._out += b"g" + _U8.pack(NUMPY_CODES[array.dtype.name]) + array.tobytes()

    def _array(self, value: Any, depth: int) -> None:
        array = _portable(np.asarray(value))
        if array is None:
            if self._refer is None:
                raise EncodeError(f"an array of dtype {value.dtype}")
            self._handle(self._refer(value))
            return
        self._room(array.nbytes)
        self._out += b"a" + _U8.pack(NUMPY_CODES[array.dtype.name])
        self._shape(array.shape)
        self._out += array.tobytes()

    def _tensor(self, value: Any, depth: int) -> None:
        torch = loaded_torch()
        name = str(value.dtype).removeprefix("torch.")
        if name not in TORCH_CODES or value.device.type not in ("cpu", "cuda"):
            raise EncodeError(f"a tensor of dtype {name} on {value.device.type}")
        dense = value.detach().as_subclass(torch.Tensor).cpu()
        dense = dense.to_dense() if dense.layout != torch.strided else dense
        dense = dense.resolve_conj().resolve_neg().contiguous()
        self._room(dense.numel() * dense.element_size())
        self._out += b"x" + _U8.pack(TORCH_CODES[name]) + _U8.pack(_REQUIRES_GRAD * value.requires_grad)
        self._shape(tuple(dense.shape))
        self._out += (dense.view(torch.int16) if name == "bfloat16" else dense).numpy().tobytes()
        if value.requires_grad:
            self.live.append(value)

    def _numpy_dtype(self, value: Any, depth: int) -> None:
        if value.name not in NUMPY_CODES:
            raise EncodeError(f"the dtype {value.name}")
        self._out += b"y" + _U8.pack(NUMPY_CODES[value.name])

    def _torch_dtype(self, value: Any, depth: int) -> None:
        name = str(value).removeprefix("torch.")
        if name not in TORCH_CODES:
            raise EncodeError(f"the dtype {name}")
        self._out += b"Y" + _U8.pack(TORCH_CODES[name])

    def _handle(self, handle: ObjectHandle | FunctionHandle, depth: int = 0) -> None:
        if isinstance(handle, FunctionHandle):
            self._out += b"k" + _U32.pack(handle.id)
        else:
            self._text(b"h" + _U32.pack(handle.id), handle.type_name[:200])
            self._out += _U8.pack(handle.is_callable)

    def _text(self, tag: bytes, value: str) -> None:
        encoded = value.encode("utf-8", "surrogatepass")
        self._room(len(encoded))
        self._out += tag + _U32.pack(len(encoded)) + encoded

    def _shape(self, shape: tuple[int, ...]) -> None:
        if len(shape) > self._caps.dims:
            raise EncodeError(f"an array of {len(shape)} dimensions")
        self._out += _U8.pack(len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)

    def _room(self, size: int) -> None:
        if len(self._out) + size > self._caps.frame_bytes:
            raise EncodeError(f"a value of more than {self._caps.frame_bytes // 2**20} MiB")


def _portable(array: Any) -> Any:
    """The array in little-endian native layout, or None when its elements have no code."""
    if array.dtype.kind in "fc" and array.dtype.name not in NUMPY_CODES:
        array = array.astype(np.float64 if array.dtype.kind == "f" else np.complex128)  # long double
    if array.dtype.name not in NUMPY_CODES:
        return None
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


_Writer = Callable[[Encoder, Any, int], None]
_WRITERS: dict[type, _Writer] = {
    type(None): Encoder._none,
    bool: Encoder._bool,
    int: Encoder._int,
    float: Encoder._float,
    complex: Encoder._complex,
    str: Encoder._str,
    bytes: Encoder._bytes,
    list: Encoder._list,
    tuple: Encoder._tuple,
    dict: Encoder._dict,
    set: Encoder._set,
    np.ndarray: Encoder._array,
    ObjectHandle: Encoder._handle,
    FunctionHandle: Encoder._handle,
}


def _writer_of_base(value: Any) -> _Writer | None:
    """The writer for a subclass, a numpy scalar, a tensor or a dtype."""
    if isinstance(value, np.generic):
        return Encoder._scalar if _portable(np.asarray(value)) is not None else None
    if isinstance(value, np.dtype):
        return Encoder._numpy_dtype
    torch = loaded_torch()
    if torch is not None:
        if isinstance(value, torch.Tensor):
            return Encoder._tensor
        if isinstance(value, torch.dtype):
            return Encoder._torch_dtype
    if isinstance(value, frozenset):
        return Encoder._set
    if isinstance(value, bytearray):
        return lambda encoder, data, depth: encoder._bytes(bytes(data), depth)
    for base in type(value).__mro__[1:-1]:
        if base in _WRITERS:
            return _WRITERS[base]
    return None


class Decoder:
    """Decodes one frame. `live` collects the tensors flagged as requiring a gradient, in the order of the
    frame."""

    def __init__(self, frame: bytes | bytearray, resolve: Resolve | None = None, caps: Caps = Caps()) -> None:
        self._frame, self._resolve, self._caps = memoryview(frame), resolve, caps
        self._at = 0
        self._values = 0
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
        self._values += 1
        if depth > self._caps.depth:
            raise DecodeError(f"nested deeper than {self._caps.depth} levels")
        if self._values > self._caps.values:
            raise DecodeError(f"more than {self._caps.values} values")
        tag = self._take(1)[0]
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
        return layout.unpack(self._take(layout.size))

    def _big_int(self, depth: int) -> int:
        (length,) = self._unpack(_U16)
        if length > self._caps.int_bytes:
            raise DecodeError(f"an integer of {length} bytes")
        return int.from_bytes(self._take(length), "little", signed=True)

    def _str(self, depth: int) -> str:
        (length,) = self._unpack(_U32)
        try:
            return str(self._take(length), "utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise DecodeError(f"text that is not UTF-8: {error.reason}") from None

    def _bytes(self, depth: int) -> bytes:
        (length,) = self._unpack(_U32)
        return bytes(self._take(length))

    def _count(self, cap: int, size_at_least: int = 1) -> int:
        (count,) = self._unpack(_U32)
        if count > cap or count * size_at_least > len(self._frame) - self._at:
            raise DecodeError(f"{count} elements announced")
        return int(count)

    def _list(self, depth: int) -> list[Any]:
        return [self._value(depth + 1) for _ in range(self._count(self._caps.values))]

    def _tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(depth))

    def _set(self, depth: int) -> set[Any]:
        return {self._key(depth + 1) for _ in range(self._count(self._caps.keys))}

    def _dict(self, depth: int) -> dict[Any, Any]:
        pairs = range(self._count(self._caps.keys, 2))
        return {self._key(depth + 1): self._value(depth + 1) for _ in pairs}

    def _key(self, depth: int) -> Any:
        key = self._value(depth)
        if not _is_key(key):
            raise DecodeError(f"a {type(key).__name__} as a key")
        return key

    def _dtype(self) -> np.dtype[Any]:
        (code,) = self._unpack(_U8)
        if code not in NUMPY_DTYPES:
            raise DecodeError(f"unknown dtype {code}")
        return NUMPY_DTYPES[code]

    def _scalar(self, depth: int) -> Any:
        dtype = self._dtype()
        return self._elements(dtype, (), dtype.itemsize)[()]

    def _array(self, depth: int) -> Any:
        dtype = self._dtype()
        shape = self._shape()
        return self._elements(dtype, shape, _size(shape) * dtype.itemsize)

    def _tensor(self, depth: int) -> Any:
        torch = loaded_torch()
        if torch is None:
            raise DecodeError("a tensor, but this assignment does not use torch")
        code, flags = self._unpack(_U8)[0], self._unpack(_U8)[0]
        if code >= len(TORCH_NAMES) or flags > _REQUIRES_GRAD:
            raise DecodeError(f"unknown tensor dtype {code} or flags {flags}")
        storage, shape = TORCH_STORAGE[code], self._shape()
        tensor = torch.from_numpy(self._elements(storage, shape, _size(shape) * storage.itemsize))
        if TORCH_NAMES[code] == "bfloat16":
            tensor = tensor.view(torch.bfloat16)
        if flags:
            if TORCH_NAMES[code] not in DIFFERENTIABLE:
                raise DecodeError(f"a {TORCH_NAMES[code]} tensor that requires a gradient")
            self.live.append(tensor.requires_grad_())
        return tensor

    def _shape(self) -> tuple[int, ...]:
        (ndim,) = self._unpack(_U8)
        if ndim > self._caps.dims:
            raise DecodeError(f"an array of {ndim} dimensions")
        shape: tuple[int, ...] = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        # An empty array holds no bytes, so its other sides are not bounded by the frame.
        if any(side > 2**31 for side in shape):
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
        (code,) = self._unpack(_U8)
        torch = loaded_torch()
        if torch is None or code >= len(TORCH_NAMES):
            raise DecodeError(f"unknown tensor dtype {code}")
        return getattr(torch, TORCH_NAMES[code])

    def _object_handle(self, depth: int) -> Any:
        (id_,) = self._unpack(_U32)
        name = self._str(depth)
        (flags,) = self._unpack(_U8)
        if len(name) > 200 or flags > 1:
            raise DecodeError("a malformed object handle")
        return self._resolved(ObjectHandle(id_, name, bool(flags)))

    def _function_handle(self, depth: int) -> Any:
        return self._resolved(FunctionHandle(self._unpack(_U32)[0]))

    def _resolved(self, handle: ObjectHandle | FunctionHandle) -> Any:
        return handle if self._resolve is None else self._resolve(handle)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


def _is_key(value: Any) -> bool:
    """Immutable values whose hashes a student can hardly steer: no big integers, no arrays, no handles."""
    if isinstance(value, tuple):
        return all(map(_is_key, value))
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, float | str | bytes)


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord("N"): lambda decoder, depth: None,
    ord("T"): lambda decoder, depth: True,
    ord("F"): lambda decoder, depth: False,
    ord("i"): lambda decoder, depth: decoder._unpack(_I64)[0],
    ord("I"): Decoder._big_int,
    ord("d"): lambda decoder, depth: decoder._unpack(_F64)[0],
    ord("c"): lambda decoder, depth: complex(*decoder._unpack(_C128)),
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


def encode(value: Any, refer: Refer | None = None, caps: Caps = Caps()) -> bytes:
    """One value as a frame. Raises EncodeError."""
    return Encoder(refer, caps).encode(value)


def decode(frame: bytes | bytearray, resolve: Resolve | None = None, caps: Caps = Caps()) -> Any:
    """The value of a frame. Raises DecodeError and nothing else."""
    return Decoder(frame, resolve, caps).decode()

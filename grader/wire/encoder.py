"""Values to bytes. Subclasses are flattened to the type of the table; see `frame`.

A value outside the table is offered to `refer`, which may turn it into a handle. What the decoder would
refuse is refused here, in words for people.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.wire.dtypes import NATIVE_CODES, NUMPY_CODES, loaded_torch, torch_code
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
    EncodeError,
    FunctionHandle,
    ObjectHandle,
    is_key,
)

Refer = Callable[[Any], ObjectHandle | FunctionHandle]


class Encoder:
    """Encodes one frame. `live` collects the tensors that require a gradient, in the order of the frame."""

    def __init__(self, refer: Refer | None = None, caps: Caps = DEFAULT_CAPS) -> None:
        self._refer, self._caps = refer, caps
        self._out = bytearray()
        self._values = 0
        self.live: list[Any] = []

    def encode(self, value: Any) -> bytes:
        """The frame of one value. Raises EncodeError."""
        self._value(value, 0)
        self._room(0)
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
            self._out += b"i" + I64.pack(value)
            return
        length = value.bit_length() // 8 + 1
        if length > self._caps.int_bytes:
            raise EncodeError(f"an integer of {length} bytes")
        self._out += b"I" + U16.pack(length) + value.to_bytes(length, "little", signed=True)

    def _float(self, value: float, depth: int) -> None:
        self._out += b"d" + F64.pack(value)

    def _complex(self, value: complex, depth: int) -> None:
        self._out += b"c" + C128.pack(value.real, value.imag)

    def _str(self, value: str, depth: int) -> None:
        self._text(b"s", value)

    def _bytes(self, value: bytes, depth: int) -> None:
        self._room(len(value))
        self._out += b"b" + U32.pack(len(value)) + value

    def _sequence(self, value: Any, depth: int, tag: bytes) -> None:
        self._out += tag + U32.pack(len(value))
        for element in value:
            self._value(element, depth + 1)

    def _list(self, value: Any, depth: int) -> None:
        self._sequence(value, depth, b"l")

    def _tuple(self, value: Any, depth: int) -> None:
        self._sequence(value, depth, b"t")

    def _set(self, value: Any, depth: int) -> None:
        self._count_keys(value)
        self._out += b"S" + U32.pack(len(value))
        for element in value:
            self._key(element, depth + 1)

    def _dict(self, value: Any, depth: int) -> None:
        self._count_keys(value)
        self._out += b"m" + U32.pack(len(value))
        for key, element in value.items():
            self._key(key, depth + 1)
            self._value(element, depth + 1)

    def _key(self, key: Any, depth: int) -> None:
        if not is_key(key):
            raise EncodeError(f"a {type(key).__name__} as a key or an element of a set")
        self._value(key, depth)

    def _count_keys(self, value: Any) -> None:
        if len(value) > self._caps.keys:
            raise EncodeError(f"a {type(value).__name__} of {len(value)}, more than {self._caps.keys}")

    def _scalar(self, value: Any, depth: int) -> None:
        array = _portable(np.asarray(value))
        self._out += b"g" + U8.pack(NATIVE_CODES[array.dtype]) + array.tobytes()

    def _array(self, value: Any, depth: int) -> None:
        array = _portable(np.asarray(value))
        if array is None:
            if self._refer is None:
                raise EncodeError(f"an array of dtype {value.dtype}")
            self._handle(self._refer(value))
            return
        self._room(array.nbytes)
        self._out += b"a" + U8.pack(NATIVE_CODES[array.dtype])
        self._shape(array.shape)
        self._out += array.tobytes()

    def _tensor(self, value: Any, depth: int) -> None:
        torch = loaded_torch()
        code = torch_code(value.dtype)
        if code is None or value.device.type not in ("cpu", "cuda"):
            name = str(value.dtype).removeprefix("torch.")
            raise EncodeError(f"a tensor of dtype {name} on {value.device.type}")
        dense = value.detach().to_dense() if value.layout != torch.strided else value.detach()
        dense = dense.as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg().contiguous()
        self._room(dense.numel() * dense.element_size())
        self._out += b"x" + U8.pack(code) + U8.pack(REQUIRES_GRAD * value.requires_grad)
        self._shape(tuple(dense.shape))
        self._out += (dense.view(torch.int16) if dense.dtype == torch.bfloat16 else dense).numpy().tobytes()
        if value.requires_grad:
            self.live.append(value)

    def _numpy_dtype(self, value: Any, depth: int) -> None:
        if value.name not in NUMPY_CODES:
            raise EncodeError(f"the dtype {value.name}")
        self._out += b"y" + U8.pack(NUMPY_CODES[value.name])

    def _torch_dtype(self, value: Any, depth: int) -> None:
        code = torch_code(value)
        if code is None:
            raise EncodeError(f"the dtype {str(value).removeprefix('torch.')}")
        self._out += b"Y" + U8.pack(code)

    def _handle(self, handle: ObjectHandle | FunctionHandle, depth: int = 0) -> None:
        if isinstance(handle, FunctionHandle):
            self._out += b"k" + U32.pack(handle.id)
        else:
            self._text(b"h" + U32.pack(handle.id), handle.type_name[:TYPE_NAME_LIMIT])
            self._out += U8.pack(handle.is_callable)

    def _text(self, tag: bytes, value: str) -> None:
        encoded = value.encode("utf-8", "surrogatepass")
        self._room(len(encoded))
        self._out += tag + U32.pack(len(encoded)) + encoded

    def _shape(self, shape: tuple[int, ...]) -> None:
        if len(shape) > self._caps.dims:
            raise EncodeError(f"an array of {len(shape)} dimensions")
        if any(side > SIDE_LIMIT for side in shape):
            raise EncodeError(f"an array of shape {shape}")
        self._out += U8.pack(len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)

    def _room(self, size: int) -> None:
        if len(self._out) + size > self._caps.frame_bytes:
            raise EncodeError(f"a value of more than {self._caps.frame_bytes // 2**20} MiB")


def _portable(array: Any) -> Any:
    """The array in little-endian native layout, or None when its elements have no code."""
    if array.dtype in NATIVE_CODES:
        return array
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
    if isinstance(value, np.generic) and _portable(np.asarray(value)) is not None:
        return Encoder._scalar
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

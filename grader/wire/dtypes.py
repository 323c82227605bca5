"""The closed table of element types. A code never moves: old records and new code must agree."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

NUMPY_CODES: dict[str, int] = {
    name: code
    for code, name in enumerate(
        "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 "
        "float16 float32 float64 complex64 complex128".split()
    )
}
NUMPY_DTYPES: dict[int, np.dtype[Any]] = {
    code: np.dtype(name).newbyteorder("<") for name, code in NUMPY_CODES.items()
}
# Found by the dtype itself: its name is spelled out anew at every look.
NATIVE_CODES: dict[np.dtype[Any], int] = {np.dtype(name): code for name, code in NUMPY_CODES.items()}
# torch has no unsigned types wider than a byte worth sending, and one type that numpy lacks.
TORCH_NAMES = (
    "bool int8 int16 int32 int64 uint8 float16 float32 float64 complex64 complex128 bfloat16".split()
)
TORCH_CODES: dict[str, int] = {name: code for code, name in enumerate(TORCH_NAMES)}
# bfloat16 travels as the 16 bits it is made of.
TORCH_STORAGE = [np.dtype("int16" if name == "bfloat16" else name) for name in TORCH_NAMES]
DIFFERENTIABLE = {"float16", "float32", "float64", "complex64", "complex128", "bfloat16"}


_torch_codes: dict[Any, int] = {}


def torch_code(dtype: Any) -> int | None:
    """The code of a torch dtype, None when it has none."""
    if not _torch_codes:
        torch = loaded_torch()
        _torch_codes.update({getattr(torch, name): code for name, code in TORCH_CODES.items()})
    return _torch_codes.get(dtype)


def loaded_torch() -> Any:
    """The torch module if this process has imported it, else None. The wire never imports it by itself."""
    return sys.modules.get("torch")

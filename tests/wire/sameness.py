"""When two values are the same to the last bit, types and NaN payloads included."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import torch


def fingerprint(value: Any) -> Any:
    """Plain nested tuples that are equal exactly when the values are the same, bit by bit."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return type(value).__name__, array.dtype.name, array.shape, array.astype(array.dtype.name).tobytes()
    if isinstance(value, torch.Tensor):
        raw = value.detach().contiguous()
        raw = raw.view(torch.int16) if raw.dtype == torch.bfloat16 else raw
        return "tensor", str(value.dtype), tuple(value.shape), value.requires_grad, raw.numpy().tobytes()
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    if isinstance(value, complex):
        return "complex", struct.pack("<dd", value.real, value.imag)
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(map(fingerprint, value))
    if isinstance(value, set):
        return "set", tuple(sorted(map(repr, map(fingerprint, value))))
    if isinstance(value, dict):
        return "dict", tuple((fingerprint(key), fingerprint(element)) for key, element in value.items())
    return type(value).__name__, value

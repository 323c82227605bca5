"""What was asked, and what kind of value each reply was, without the content.

A test that breaks (say, while unpacking a pair) on a reply of another kind than the reference's has met a
wrong answer; one that breaks on replies of the very same kinds is broken itself, and that costs nobody
points.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.judge.assertions import describe
from grader.wire.dtypes import loaded_torch
from grader.wire.messages import Call, Get, Request


def kind(value: Any) -> str:
    """`number`, `array of 2 dimensions`, `(tensor of 1 dimension, number)`, `list of number`, ..."""
    if value is None or isinstance(value, bool | str | bytes):
        return type(value).__name__ if value is not None else "None"
    if isinstance(value, int | float | complex | np.generic):
        return _kind_of_number(value)
    torch = loaded_torch()
    is_tensor = torch is not None and isinstance(value, torch.Tensor)
    if is_tensor or isinstance(value, np.ndarray):
        name = "tensor" if is_tensor else "array"
        plural = "" if value.ndim == 1 else "s"
        return f"{name} of {value.ndim} dimension{plural}" if value.ndim else _kind_of_number(value.item())
    if isinstance(value, tuple):
        return f"({', '.join(map(kind, value))})" if len(value) <= 8 else f"tuple of {_element_kinds(value)}"
    if isinstance(value, list | set):
        return f"{type(value).__name__} of {_element_kinds(value)}"
    if isinstance(value, dict):
        return f"dict of {_element_kinds(value.values())}"
    return "object"


def _kind_of_number(value: Any) -> str:
    """Numbers on which ordinary arithmetic of a test chokes (`int(nan)`, `2**2000 - 0.5`) are a kind of their
    own."""
    if isinstance(value, int):
        return "number" if abs(value) < 2**63 else "number beyond 64 bits"
    finite = math.isfinite(value) if isinstance(value, float) else np.isfinite(value)
    return "number" if finite else "number that is not finite"


def describe_request(request: Request) -> str:
    """`attention(float64 array of shape (3, 4), mask=None)`: what was asked, without the values."""
    if isinstance(request, Call):
        name = request.name or (request.target.type_name if request.target else "")
        given = [describe(value) for value in request.args]
        given += [f"{key}={describe(value)}" for key, value in request.kwargs.items()]
        return f"{name}({', '.join(given)})"[:400]
    if isinstance(request, Get):
        return request.name
    return type(request).__name__.lower()


def _element_kinds(values: Any) -> str:
    kinds = sorted({kind(value) for value in values})
    return " or ".join(kinds[:4]) or "nothing"

"""What a call did besides returning: which arguments it changed in place, how many bytecodes it executed.

Both sides need it: the worker for students, the trusted side for the reference.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any

import numpy as np

from grader.wire.dtypes import loaded_torch


def named_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by position (`"0"`) or keyword."""
    return {**{str(index): value for index, value in enumerate(args)}, **kwargs}


def snapshot(value: Any) -> Any:
    """A copy of the arrays, tensors, lists and dicts in a value; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    torch = loaded_torch()
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().clone()
    if type(value) in (list, tuple):
        return type(value)([snapshot(element) for element in value])
    if type(value) is dict:
        return {key: snapshot(element) for key, element in value.items()}
    return value


def unchanged(before: Any, after: Any) -> bool:
    """Whether a value still equals its snapshot, bit by bit."""
    if isinstance(before, np.ndarray):
        same_type = (
            isinstance(after, np.ndarray) and before.shape == after.shape and before.dtype == after.dtype
        )
        return same_type and before.tobytes() == after.tobytes()
    torch = loaded_torch()
    if torch is not None and isinstance(before, torch.Tensor):
        after = after.detach()
        if before.shape != after.shape or before.dtype != after.dtype:
            return False
        return bool(((before == after) | ((before != before) & (after != after))).all())
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(unchanged(before[key], after[key]) for key in before)
    return True


def changed_arguments(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the arguments that no longer equal their snapshots."""
    return [name for name, value in after.items() if not unchanged(before[name], value)]


def count_bytecodes(files: Collection[str], function: Callable[[], Any]) -> tuple[Any, int]:
    """Call `function`; return its value and the bytecodes executed in frames of `files`.

    Comprehensions and callbacks into those files are counted, library code is not. Deterministic for a given
    input and Python version.
    """
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if frame.f_code.co_filename not in files:
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        value = function()
    finally:
        sys.settrace(previous)
    return value, count

"""What a call did besides returning: which arguments it changed in place, how many bytecodes it executed.

Arguments are compared on the trusted side only, bytecodes are counted where the code runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any

import numpy as np

from grader.wire.dtypes import loaded_torch

# Compared by value; any other object by identity, so that no method of a student's runs.
_PLAIN = (bool, int, float, complex, str, bytes, set, frozenset)


def named_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by position (`"0"`) or keyword."""
    return {**{str(index): value for index, value in enumerate(args)}, **kwargs}


def snapshot(value: Any) -> Any:
    """A copy of the arrays, tensors, lists, dicts and sets in a value; anything else as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    torch = loaded_torch()
    if torch is not None and isinstance(value, torch.Tensor):
        return value.detach().clone()
    if type(value) in (list, tuple):
        return type(value)([snapshot(element) for element in value])
    if type(value) is dict:
        return {key: snapshot(element) for key, element in value.items()}
    return set(value) if type(value) is set else value


def unchanged(before: Any, after: Any) -> bool:
    """Whether a value still equals its snapshot; NaN equals NaN."""
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and _same_array(before, after)
    torch = loaded_torch()
    if torch is not None and isinstance(before, torch.Tensor):
        return isinstance(after, torch.Tensor) and _same_tensor(before, after.detach())
    if type(before) is not type(after):
        return False
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if type(before) is dict:
        return list(before) == list(after) and all(unchanged(before[key], after[key]) for key in before)
    if type(before) in _PLAIN:
        return bool(before == after or (before != before and after != after))
    if isinstance(before, np.dtype):
        return bool(before == after)
    if isinstance(before, np.generic):
        return bool(before.tobytes() == after.tobytes())
    return before is after


def _same_array(before: Any, after: Any) -> bool:
    same_type = before.shape == after.shape and before.dtype == after.dtype
    return bool(same_type and before.tobytes() == after.tobytes())


def _same_tensor(before: Any, after: Any) -> bool:
    if before.shape != after.shape or before.dtype != after.dtype:
        return False
    torch = loaded_torch()
    # NaN equals itself here, so what is unequal gets a second, slower look.
    return torch.equal(before, after) or bool(
        ((before == after) | ((before != before) & (after != after))).all()
    )


def changed_arguments(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Names of the arguments that no longer equal what they were."""
    return [name for name, value in before.items() if name not in after or not unchanged(value, after[name])]


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

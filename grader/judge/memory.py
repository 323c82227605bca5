"""Memory of a judge, which lives as long as the class is large."""

from __future__ import annotations

import ctypes
import gc


def keep() -> None:
    """Everything that is there now stays: no collection between two submissions need look at it again."""
    gc.collect()
    gc.freeze()


def forget() -> None:
    """What was to stay need not stay any longer."""
    gc.unfreeze()


def give_back() -> None:
    """Let go of everything that one submission has left behind.

    Exceptions and frames hold one another, and the arrays that a student returned with them; what is then
    free glibc would keep for good. Other C libraries do without the second step.
    """
    gc.collect()  # of what was made since `keep`: little
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

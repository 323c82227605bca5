"""Memory of a judge, which lives as long as the class is large."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Return what is free to the system: glibc would keep the megabytes of one submission's replies for good.

    Other C libraries do without.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""UNTRUSTED SIDE. What makes each fork cheaper, done once before the first.

A child's time goes into page faults: the first write to a page that it shares with the zygote copies it.
"""

from __future__ import annotations

import ctypes
import logging

# Below glibc's threshold for a mapping of its own, so that it comes from the heap; and what it takes there.
_LARGE, _LARGE_CHUNK = 65_000, 65_008
_SIZES = (*range(_LARGE, 4096, -512), *range(4096, 0, -16))
_MOST_CHUNKS, _MOST_LARGE = 200_000, 1000


def prepare_forks() -> None:
    """Leave no work to a child that the zygote can do, or leave undone, for all of them."""
    plug_holes()
    # The hook of `logging` makes some forty locks anew in every child, in case another thread held one at the
    # fork. The zygote has one thread.
    locks = getattr(logging, "_at_fork_reinit_lock_weakset", None)
    if locks is not None:
        locks.clear()


def plug_holes() -> None:
    """Use up the free chunks that the warm-up left all over the heap.

    A child's allocations then lie side by side at its top, instead of costing the copy of a page each. What
    is taken here is never given back: a few megabytes that nobody writes to.
    """
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return  # another allocator has other holes
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
    top = _top_of_heap(libc)
    chunks = 0
    for size in _SIZES:
        while chunks < _MOST_CHUNKS and libc.malloc(size) < top:
            chunks += 1


def _top_of_heap(libc: ctypes.CDLL) -> int:
    """The address beyond which the heap is fresh: where two large chunks in a row are neighbours."""
    last = 0
    for _ in range(_MOST_LARGE):
        chunk = int(libc.malloc(_LARGE))
        if chunk - last == _LARGE_CHUNK:
            break
        last = chunk
    return chunk

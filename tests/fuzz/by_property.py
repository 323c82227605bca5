"""Fuzz by property: `python -m tests.fuzz.by_property {frame,archive,manifest,notebook} [SECONDS]`.

hypothesis makes sound inputs damaged in a few places, archives that lie in any field, and notebooks of odd
cells. What makes a target fail is written to tests/fuzz/corpus/TARGET/, which tests/fuzz/test_corpus.py
replays for ever.
"""

from __future__ import annotations

import hashlib
import sys
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.collect.crafting import DEVICE, LINK, REGULAR, Entry, craft
from tests.collect.notebooks import notebook
from tests.collect.test_definitions import PIECES
from tests.fuzz.targets import CORPUS, TARGETS, seeds

EXAMPLES = 2000  # between two looks at the clock
NAMES = (
    "norm_layers.py",
    "norm_layers/norm_layers.py",
    "manifest.json",
    "../x.py",
    "/x.py",
    "a\\b.py",
    "",
    ".",
)


def inputs(target: str) -> st.SearchStrategy[bytes]:
    """Sound inputs with a few bytes changed; also whatever can be put into an archive or a notebook."""
    changes = st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=6)
    damaged = st.builds(damage, st.sampled_from(list(seeds(target))), changes)
    made = {"archive": archives, "notebook": notebooks}
    return damaged | made[target]() if target in made else damaged


def damage(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    """Bytes replaced at some places; place 0 cuts the end off."""
    changed = bytearray(data)
    for place, byte in changes:
        if place % (len(changed) + 1) == 0:
            changed = changed[: len(changed) * byte // 256]
        elif changed:
            changed[place % len(changed)] = byte
    return bytes(changed)


def archives() -> st.SearchStrategy[bytes]:
    """Members whose two headers may each say something else."""
    lies = st.none() | st.dictionaries(
        st.sampled_from(["flags", "method", "crc", "packed", "size", "offset"]),
        st.integers(0, 65535),
        max_size=2,
    )
    entries = st.builds(
        Entry,
        name=st.sampled_from(NAMES) | st.text(max_size=12) | st.binary(max_size=12),
        content=st.binary(max_size=64),
        method=st.sampled_from([0, 8, 12]),
        mode=st.sampled_from([REGULAR, LINK, DEVICE, 0]),
        extra=st.binary(max_size=12),
        central=lies,
        local=lies,
    )
    return st.lists(entries, max_size=4).map(lambda members: craft(*members))


def notebooks() -> st.SearchStrategy[bytes]:
    """Cells of pieces of Python, IPython and anything else."""
    piece = st.sampled_from([*PIECES, "%", "!", "?", "%%time\n", "%%bash\n", "x = !ls"]) | st.text(max_size=3)
    cell = st.lists(piece, max_size=12).map("".join)
    return st.lists(cell, max_size=4).map(lambda cells: notebook(*cells))


def fuzz(target: str, seconds: int) -> None:
    """Rounds of examples, each with a seed of its own, until the time is up."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs(target))
    def holds(data: bytes) -> None:
        try:
            TARGETS[target](data)
        except BaseException:
            keep(target, data)
            raise

    rounds, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        holds()
        rounds += 1
    print(f"{target}: {rounds * EXAMPLES} examples, nothing found")


def keep(target: str, data: bytes) -> None:
    """The last, and so the smallest, is what remains worth keeping."""
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"found-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)


if __name__ == "__main__":
    fuzz(sys.argv[1], int((sys.argv[2:] or ["600"])[0]))

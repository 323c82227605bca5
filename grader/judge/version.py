"""What a verdict depends on besides the tests and the submission: this engine, and the libraries of the
assignment."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from grader import __version__

ROOMS = ("judge", "sandbox", "wire", "worker")


def engine_version(libraries: Iterable[str]) -> str:
    """`0.1.0+3f2a... py3.11 numpy2.4.6`: changes with the engine's sources, Python's minor version or a
    library."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (package / room).glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    # A local build tag (`+cpu`) does not change what a function computes.
    installed = " ".join(f"{name}{version(name).partition('+')[0]}" for name in sorted(libraries))
    python = f"py{sys.version_info.major}.{sys.version_info.minor}"
    return f"{__version__}+{digest.hexdigest()[:12]} {python} {installed}"

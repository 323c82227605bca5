"""A submitted notebook as a module, read in a process of its own: it is hostile, and compilers recurse.

By hand: `python -m grader.collect.notebook < norm_layers.ipynb`.
"""

from __future__ import annotations

import re
import subprocess
import sys

from grader.collect.archive import SUBMISSION
from grader.collect.names import Refused

NOTEBOOK_BYTES = 8 << 20  # with the pictures in it
_CPU_SECONDS, _WALL_SECONDS = 10, 60
_MEMORY_BYTES = 1 << 30
_REFUSED = 65


def module_of(data: bytes) -> bytes:
    """Source of the module that the notebook `data` makes, in this process. Raises Refused if it is none."""
    from grader.collect.cells import code_cells
    from grader.collect.definitions import to_module

    return to_module(code_cells(data)).encode("utf-8")


def read_notebook(data: bytes) -> bytes:
    """As `module_of`, in another process with little time and memory. Raises Refused, too, when it ends."""
    if len(data) > NOTEBOOK_BYTES:
        hint = "Clear its outputs and save it again."
        raise Refused(f"the notebook has {len(data)} bytes, more than {NOTEBOOK_BYTES}", hint=hint)
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "grader.collect.notebook"],
            input=data,
            capture_output=True,
            timeout=_WALL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"the notebook cannot be read within {_WALL_SECONDS} seconds") from None
    if ended.returncode == 0:
        if len(ended.stdout) > SUBMISSION.file_bytes:
            raise Refused(f"the notebook's code has more than {SUBMISSION.file_bytes} bytes")
        return ended.stdout
    if ended.returncode == _REFUSED:
        what, _, hint = ended.stderr.decode("utf-8").partition("\n")
        raise Refused(what, hint=hint or None)
    raise Refused(f"the notebook cannot be read: it takes more than {_CPU_SECONDS} seconds or 1 GiB")


def left_out(module: bytes) -> list[str]:
    """Which cells are not in a module that `read_notebook` gave, and why."""
    found = re.findall(r"^# (Code cell \d+ is left out: .*)$", module.decode("utf-8"), re.MULTILINE)
    return [reason[:200] for reason in found]


def _limit() -> None:
    """On Windows there is only the time that `read_notebook` waits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main() -> None:
    _limit()
    try:
        sys.stdout.buffer.write(module_of(sys.stdin.buffer.read()))
    except Refused as refusal:
        sys.stderr.write("\n".join(filter(None, (refusal.what, refusal.hint))))
        sys.exit(_REFUSED)


if __name__ == "__main__":
    _main()

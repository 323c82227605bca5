"""The driver of `test_full_disk`, in a mount namespace: `python -m tests.system.full_disk COURSE DISK`.

Mounts a small disk on DISK, which nobody outside sees, copies the course there, and runs each command twice:
on the full disk, and once there is room again. Prints what became of each as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

from grader.cli.main import main

BYTES = 4 * 2**20
IS_STATE = ("-wal", "-shm")  # what the database makes and removes by itself


def fill(disk: Path) -> None:
    """Use up every byte."""
    with open(disk / "filler", "ab", buffering=0) as file:
        for size in (2**16, 2**12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size):
                    pass


def files(disk: Path) -> dict[str, bytes]:
    """Everything but the filler and the database's own helpers."""
    return {
        str(path.relative_to(disk)): path.read_bytes()
        for path in disk.rglob("*")
        if path.is_file() and path.name != "filler" and not path.name.endswith(IS_STATE)
    }


def run(arguments: list[str]) -> tuple[int, str]:
    """Exit code, and what was said to the user."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            main(arguments)
        except SystemExit as ended:
            return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def try_full(disk: Path, arguments: list[str]) -> dict[str, object]:
    """One command on a full disk, then with room."""
    fill(disk)
    before = files(disk)
    code, said = run(arguments)
    changed = sorted(name for name, data in files(disk).items() if before.get(name) != data)
    (disk / "filler").unlink()
    return {"code": code, "said": said, "changed": changed, "again": run(arguments)}


def commands(disk: Path) -> dict[str, list[str]]:
    """Everything that writes."""
    course = ["--course", str(disk / "course")]
    return {
        "submit": ["submit", str(disk / "work"), "--student", "zoe", "--to", str(disk / "course/inbox")],
        "collect": ["collect", str(disk / "course/inbox"), *course],
        "package": ["package", "softmax", "--to", str(disk), *course],
        "grade": ["grade", "--workers", "1", *course],
        "report": ["report", *course],
    }


def play(course: Path, disk: Path) -> None:
    """Mount, copy, try."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={BYTES}", "none", str(disk)], check=True)
    shutil.copytree(course, disk / "course")
    shutil.copytree(course / "assignments/softmax", disk / "work")
    tried = commands(disk)
    if Path("/proc/self/setgroups").read_text().strip() == "deny":
        del tried["grade"]  # root in a user namespace only: it could not become anybody else
    print(json.dumps({name: try_full(disk, command) for name, command in tried.items()}))


if __name__ == "__main__":
    play(Path(sys.argv[1]), Path(sys.argv[2]))

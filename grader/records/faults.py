"""What a database says when it fails, in one clear line for people."""

from __future__ import annotations

from grader.errors import GraderError, InputError, MachineError
from grader.files import visible

_FAULTS = {
    "file is not a database": (
        InputError,
        "this is not an SQLite database",
        "Name another file; if these were the records, restore them from a backup.",
    ),
    "unable to open database file": (
        InputError,
        "cannot open or make this file",
        "Choose a folder that exists and is yours.",
    ),
    "readonly database": (InputError, "this file may not be written", "Choose a file that is yours."),
    **dict.fromkeys(
        ("malformed", "Could not decode", "unsupported file format"),
        (MachineError, "the records are damaged", "Restore them from a backup."),
    ),
    "is locked": (MachineError, "the records are in use by another program", "Try again when it has ended."),
    "disk I/O error": (
        MachineError,
        "the disk is full, or it fails",
        "Make room, or repair it, and run this again; nothing was half-written.",
    ),
    "is full": (MachineError, "the disk is full", "Make room and run this again; nothing was half-written."),
}


def explain(message: str, where: str) -> GraderError:
    """The error for a database's `message` about the records at `where`."""
    known = next((fault for part, fault in _FAULTS.items() if part in message), None)
    first = (message.strip() or "no reason given").splitlines()[0]
    kind, what, hint = known or (
        MachineError,
        f"the database failed: {visible(first)}",
        "Check the database.",
    )
    if kind is InputError:
        return InputError(what, path=where, hint=hint)
    return MachineError(f"{where}: {what}\n  {hint}")

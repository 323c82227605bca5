"""What a database says when it fails."""

from __future__ import annotations

import pytest

from grader.errors import InputError, MachineError
from grader.records.faults import explain


@pytest.mark.parametrize(
    ("message", "kind", "text"),
    [
        ("file is not a database", InputError, "r.db: this is not an SQLite database\n  Name another file;"),
        (
            "unable to open database file",
            InputError,
            "r.db: cannot open or make this file\n  Choose a folder",
        ),
        ("attempt to write a readonly database", InputError, "r.db: this file may not be written\n  Choose"),
        ("database disk image is malformed", MachineError, "r.db: the records are damaged\n  Restore them"),
        ("Could not decode to UTF-8 column 'x'", MachineError, "r.db: the records are damaged\n  Restore"),
        ("unsupported file format", MachineError, "r.db: the records are damaged\n  Restore them"),
        ("database table is locked", MachineError, "r.db: the records are in use by another program\n  Try"),
        ("disk I/O error", MachineError, "r.db: the disk is full, or it fails\n  Make room, or repair it"),
        ("database or disk is full", MachineError, "r.db: the disk is full\n  Make room and run this again"),
        (
            "\nboom \x1b[31m\nmore",
            MachineError,
            "r.db: the database failed: boom \\x1b[31m\n  Check the database.",
        ),
        ("", MachineError, "r.db: the database failed: no reason given\n  Check the database."),
    ],
)
def test_each_fault_is_told_in_one_clear_line(message: str, kind: type[Exception], text: str) -> None:
    error = explain(message, "r.db")
    assert type(error) is kind
    assert str(error).startswith(text)

"""The SQLite file of the records: private to its owner, and flushed to the disk with every transaction."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import Any

LOCK_SECONDS = 10
_PRAGMAS = (f"busy_timeout={LOCK_SECONDS * 1000}", "synchronous=FULL", "foreign_keys=ON")


def make_private(path: str) -> None:
    """Makes an empty file that only its owner can read, unless there is one. What fails, opening it tells."""
    if path in ("", ":memory:"):
        return
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def use_wal(connection: Any) -> None:
    """Let readers go on while somebody writes. It changes the file, which must be known to be ours.

    Somebody who writes at this very moment may prevent it: then it is for whoever opens the file next.
    """
    with suppress(sqlite3.OperationalError):
        connection.cursor().execute("PRAGMA journal_mode=WAL")


def set_up(connection: sqlite3.Connection, _: object = None) -> None:
    """Durable, checked, and with transactions that begin where we say, not where the driver guesses."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")

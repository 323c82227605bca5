"""The files that make a student's work: what `grader check` tries and `grader submit` hands in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.collect.archive import SUBMISSION
from grader.collect.names import ANSWERS, MANIFEST, MAX_HELPERS, Refused, is_helper, notebook_of
from grader.collect.notebook import NOTEBOOK_BYTES, left_out, read_notebook
from grader.collect.regular import read_regular
from grader.errors import InputError
from grader.files import sha256_hex
from grader.model.assignment import Assignment


def read_own_files(folder: Path, assignment: Assignment) -> dict[str, bytes]:
    """The declared files of `folder`, or notebooks in their place, then the helper modules beside them, then
    the answers to the quiz.

    Raises InputError for a file that is missing, not a regular file, or larger than 1 MiB, for a notebook
    that cannot be read, for more than 20 helpers, and for more in all than a submission may hold.
    """
    present = sorted(path.name for path in folder.glob("*.py"))
    helpers = [name for name in present if is_helper(name) and name not in assignment.files]
    if len(helpers) > MAX_HELPERS:
        hint = "Move those that do not belong to the work to another folder."
        raise InputError(f"{len(helpers)} helper files, more than {MAX_HELPERS}", path=folder, hint=hint)
    answers = [ANSWERS] if (folder / ANSWERS).exists() else []
    files = {name: _read(folder, name, assignment) for name in (*assignment.files, *helpers, *answers)}
    total = sum(map(len, files.values()))
    if total > SUBMISSION.total_bytes:
        what = f"the files have {total} bytes, more than {SUBMISSION.total_bytes}"
        raise InputError(what, path=folder, hint="Data does not belong into a submission.")
    return files


def notebook_for(folder: Path, name: str) -> Path | None:
    """The notebook that stands for the declared file `name`: that file is not there, or still the stub."""
    path, notebook = folder / name, folder / notebook_of(name)
    if not notebook.exists():
        return None
    try:
        is_stub = sha256_hex(read_regular(path, SUBMISSION.file_bytes).content) == released(folder).get(name)
    except Refused:
        is_stub = False
    return notebook if is_stub or not (path.exists() or path.is_symlink()) else None


def notebook_notes(folder: Path, assignment: Assignment, files: Mapping[str, bytes]) -> Iterator[str]:
    """Says which of `files` are made from notebooks, which cells they lack, which notebooks do not count."""
    for name in assignment.files:
        notebook = notebook_for(folder, name)
        if notebook is not None:
            yield f"{name} is made from {notebook.name}"
            yield from (f"{notebook.name}: {reason}" for reason in left_out(files[name]))
        elif (folder / notebook_of(name)).exists():
            yield f"{notebook_of(name)} is not looked at: {name} is"


def released(folder: Path) -> dict[str, str]:
    """Hashes of the files as they were handed out; none without the bundle's manifest in `folder`."""
    try:
        listed = json.loads(read_regular(folder / MANIFEST, 1 << 20).content)["files"]
        return {name: entry["sha256"] for name, entry in listed.items()}
    except (Refused, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _read(folder: Path, name: str, assignment: Assignment) -> bytes:
    path = folder / name
    notebook = notebook_for(folder, name) if name in assignment.files else None
    if notebook is not None:
        return _read_notebook(notebook)
    if not path.is_symlink() and not path.exists():
        hint = f"The work is handed in as {', '.join(assignment.files)}; keep these names, in this folder."
        raise InputError(f"there is no {name!r} here", path=folder, hint=hint)
    try:
        return read_regular(path, SUBMISSION.file_bytes).content
    except Refused as error:
        raise InputError(error.what, path=path, hint="Only plain files are handed in.") from None


def _read_notebook(path: Path) -> bytes:
    try:
        return read_notebook(read_regular(path, NOTEBOOK_BYTES).content)
    except Refused as error:
        raise InputError(error.what, path=path, hint=error.hint) from None

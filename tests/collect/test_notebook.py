"""The door to notebooks: another process reads them, and whatever happens to it is a refusal in one line."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from grader.collect import notebook as room
from grader.collect.names import Refused
from grader.collect.notebook import NOTEBOOK_BYTES, left_out, module_of, read_notebook
from tests.collect.notebooks import notebook


def test_a_notebook_is_a_module() -> None:
    data = notebook("%matplotlib inline\nimport os", "def f():\n    return '\\d é'\n", "f()")
    module = read_notebook(data)
    assert module == module_of(data)
    assert b"def f():\n    return '\\d \xc3\xa9'\n" in module


def test_warnings_that_are_errors_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    assert b"\ndef f(): return '\\d'\n" in read_notebook(notebook("def f(): return '\\d'"))


def test_nothing_is_imported_from_where_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "ast.py", "symtable.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert b"x = 1" in read_notebook(notebook("x = 1"))


def test_a_refusal_comes_with_its_hint() -> None:
    with pytest.raises(Refused) as caught:
        read_notebook(b"[]")
    assert caught.value.what == "the notebook has no list of cells"
    assert caught.value.hint == "Open it in Jupyter and save it again: notebooks of format 4 are read."


def test_a_refusal_without_a_hint() -> None:
    with pytest.raises(Refused) as caught:
        read_notebook(notebook({"cell_type": "code", "source": 1}))
    assert (caught.value.what, caught.value.hint) == (
        "the source of cell 1 of the notebook is not text",
        None,
    )


def test_more_than_a_notebook_may_have() -> None:
    with pytest.raises(Refused, match="the notebook has 8388609 bytes, more than 8388608"):
        read_notebook(b" " * (NOTEBOOK_BYTES + 1))


def test_more_code_than_a_file_may_have() -> None:
    with pytest.raises(Refused, match="the notebook's code has more than 1048576 bytes"):
        read_notebook(notebook("# " + "x" * (1 << 20)))


def test_a_reader_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WALL_SECONDS", 0.001)
    with pytest.raises(Refused, match=r"the notebook cannot be read within 0\.001 seconds"):
        read_notebook(notebook("x"))


@pytest.mark.parametrize(
    "data",
    [
        notebook("x = " + "(" * 90 + "1" + ")" * 90, *["-" * 9_000 + "1"] * 100),
        notebook(
            "\n".join(f"a{number + 1} = a{number}" for number in range(10_000)), "def f(): return a10000"
        ),
        notebook(*["'" * 3] * 2000),
        notebook("x" + ".a" * 100_000, "[" * 200_000, "lambda: " * 30_000, "not " * 80_000 + "x"),
        notebook("if x:\n" + "".join(" " * depth + "if x:\n" for depth in range(1, 99)) + " " * 99 + "y"),
    ],
    ids=["depth", "chain", "open-strings", "long-lines", "blocks"],
)
def test_a_large_notebook_costs_little(data: bytes) -> None:
    """It is read before its reader comes to its limits."""
    compile(read_notebook(data), "module", "exec")


def test_a_notebook_of_nothing_but_cells() -> None:
    with pytest.raises(Refused, match="the notebook has 2700001 cells, more than 2000"):
        read_notebook(b'{"cells": [' + b"{}," * 2_700_000 + b"{}]}")


def test_a_reader_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(Refused, match="the notebook cannot be read: it takes more than 10 seconds or 1 GiB"):
        read_notebook(b"[]")


def test_cells_that_are_left_out_are_told() -> None:
    module = module_of(notebook("def f(:", "x = 1", "y ="))
    assert left_out(module) == [
        "Code cell 1 is left out: invalid syntax, line 1",
        "Code cell 3 is left out: invalid syntax, line 1",
    ]

"""The cells of a notebook as Python: what IPython adds to the language goes, everything else stays."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.collect.cells import MOST_CELLS, code_cells, without_magics
from grader.collect.names import Refused
from tests.collect.notebooks import notebook


def test_code_cells_in_their_order() -> None:
    text = {"cell_type": "markdown", "source": "def no(): ..."}
    raw = {"cell_type": "raw", "source": ["x"]}
    empty = {"cell_type": "code"}
    assert code_cells(notebook("a = 1\nb = 2", text, raw, empty, "c = 3")) == ["a = 1\nb = 2", "", "c = 3"]


def test_a_source_may_be_one_text() -> None:
    assert code_cells(notebook({"cell_type": "code", "source": "a = 1\r\nb = 2\rc = 3"})) == [
        "a = 1\nb = 2\nc = 3"
    ]


def test_what_no_file_can_hold_is_spelt_as_in_a_string() -> None:
    assert code_cells(notebook("x = '\ud800\0'")) == [r"x = '\ud800\0'"]
    assert ast.literal_eval(code_cells(notebook("'\ud800\0'"))[0]) == "\ud800\0"


@pytest.mark.parametrize("language", ["python", "Python", "ipython", "python3"])
def test_takes_python(language: str) -> None:
    assert code_cells(notebook("x", metadata={"language_info": {"name": language}})) == ["x"]


@pytest.mark.parametrize("metadata", [{}, [], None, {"kernelspec": []}, {"language_info": {"name": 3}}])
def test_takes_a_notebook_that_does_not_name_its_language(metadata: object) -> None:
    assert code_cells(notebook("x", metadata=metadata)) == ["x"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the notebook cannot be read as JSON"),
        (b"\xff{}", "the notebook cannot be read as JSON"),
        (b"[" * 200_000, "the notebook cannot be read as JSON"),
        (b"1" * 5000, "the notebook cannot be read as JSON"),
        (b"[]", "the notebook has no list of cells"),
        (notebook(cells={"0": "x"}), "the notebook has no list of cells"),
        (b'{"worksheets": [{"cells": []}], "nbformat": 3}', "notebooks of format 4 are read"),
        (notebook({"cell_type": "code", "source": [1]}), "the source of cell 1 of the notebook is not text"),
        (notebook("x", {"cell_type": "code", "source": {}}), "the source of cell 2 of the notebook is not"),
        (notebook("x", metadata={"kernelspec": {"language": "R\n"}}), r"is written in 'R\n', not in Python"),
        (notebook(*["x"] * (MOST_CELLS + 1)), "the notebook has 2001 cells, more than 2000"),
    ],
)
def test_refuses(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        code_cells(data)
    assert reason in str(caught.value)


def test_skips_what_is_no_cell() -> None:
    assert code_cells(notebook("x", cells=[1, None, [], "x", {"cell_type": ["code"]}])) == []


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass  # %matplotlib inline\nx = 1"),
        ('print("a", (1))\n%time f()\nx', 'print("a", (1))\npass  # %time f()\nx'),
        ("f('(', [\"it's\"])\n!ls", "f('(', [\"it's\"])\npass  # !ls"),
        ("x = '' + \"\"\n!ls\ny = '\n!ls", "x = '' + \"\"\npass  # !ls\ny = '\npass  # !ls"),
        ("!pip install 'numpy\nx = 1", "pass  # !pip install 'numpy\nx = 1"),
        ("!ls \\\n  -l\nx = 1", "pass  # !ls \\\n#   -l\nx = 1"),
        ("if a:\n    %time f()\nelse:\n\t!ls", "if a:\n    pass  # %time f()\nelse:\n\tpass  # !ls"),
        ("files = !ls", "files = None  # !ls"),
        ("t = %timeit -o f()\nx", "t = None  # %timeit -o f()\nx"),
        ("?f\nf?\nnp.mean??\nx", "pass  # ?f\npass  # f?\npass  # np.mean??\nx"),
        ("%%time\ndef f(): ...", "# %%time\ndef f(): ..."),
        ("\n%%capture out\n%pip list\nx", "# %%capture out\npass  # %pip list\nx"),
        ("%%bash\nls\nx = 1", "# %%bash\n# ls\n# x = 1"),
        ("%%writefile helper.py\nx = 1", "# %%writefile helper.py\n# x = 1"),
    ],
)
def test_magics_go(cell: str, python: str) -> None:
    assert without_magics(cell) == python


@pytest.mark.parametrize(
    "cell",
    [
        '"""\n%not a magic\n!nor a command\nhelp?\n"""\nx = 1',
        "'''it's\n%a''' ; \"\"\"b\n!c\"\"\"",
        "x = (a\n% b)",
        "x = ('a' + f(\"b\") + 'c)'\n% b)",
        "x = a \\\n% b",
        "s = 'one \\\n%two'",
        "s = r'\\\\' + '''\n%three'''",
        "# it's (\nx = 1  # really?\n",
        "d = {'#': '(',\n  # )\n  '%': 1}",
        "f'{x}'\ny = 1",
    ],
)
def test_python_stays(cell: str) -> None:
    ast.parse(cell)
    assert without_magics(cell) == cell


@given(st.text(st.sampled_from(list("%!?#'\"\\()[]{}\n =ab\t"))))
def test_no_line_comes_or_goes(cell: str) -> None:
    """What is Python already is not touched again."""
    assert without_magics(cell).count("\n") == cell.count("\n")
    assert without_magics(without_magics(cell)) == without_magics(cell)

"""A submission is imported from memory: whatever encoding, whatever line ends, helpers beside it."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from types import ModuleType

import pytest

from grader.worker.load import SubmissionFinder, import_submission

NAMES = ("task_under_test", "beside")


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """A process imports one submission in its life; here many follow each other."""
    finders = list(sys.meta_path)
    yield
    sys.meta_path[:] = finders
    for name in NAMES:
        sys.modules.pop(name, None)


def load(source: bytes, **others: bytes) -> ModuleType:
    """The module of a submission."""
    files = {"task_under_test.py": source, **{f"{name}.py": text for name, text in others.items()}}
    return import_submission(SubmissionFinder(files), "task_under_test")


@pytest.mark.parametrize(
    "source",
    [
        b"word = 'caf\xc3\xa9'\n",
        b"\xef\xbb\xbfword = 'caf\xc3\xa9'\n",
        b"word = 'caf\xc3\xa9'\r\nother = 1\r\n",
        b"word = 'caf\xc3\xa9'\rother = 1\r",
        b"# -*- coding: latin-1 -*-\nword = 'caf\xe9'\n",
        "# coding: gbk\n# 中文\nword = 'caf\u00e9'\n".encode("gb18030").replace(b"gbk", b"gb18030"),
        b"# vim: set fileencoding=cp1252 :\nword = 'caf\xe9'\n",
        b"#!/usr/bin/env python\n# coding: latin-1\nword = 'caf\xe9'",
    ],
    ids=["utf-8", "byte order mark", "CRLF", "CR", "latin-1", "gb18030", "cp1252", "second line"],
)
def test_encodings_and_line_ends(source: bytes) -> None:
    """As Python itself would read the file."""
    assert load(source).word == "café"


def test_gbk() -> None:
    """What an editor on a Chinese Windows writes."""
    assert load("# coding: gbk\nword = '批归一化'\n".encode("gbk")).word == "批归一化"


def test_a_module_beside_it() -> None:
    """Helpers are found by name, also when imported late and inside a function."""
    module = load(b"import beside\ndef f():\n    from beside import x\n    return x\n", beside=b"x = 5\n")
    assert module.f() == module.beside.x == 5


def test_names_of_the_module() -> None:
    """As when imported from its own folder: the file's bare name, and no `__main__`."""
    module = load(b"if __name__ == '__main__':\n    raise SystemExit\nname, file = __name__, __file__\n")
    assert (module.name, module.file) == ("task_under_test", "task_under_test.py")
    assert sys.modules["task_under_test"] is module


def test_no_relative_imports() -> None:
    """There is no package around it."""
    with pytest.raises(ImportError, match="no known parent package"):
        load(b"from . import beside\n", beside=b"")


def test_only_python_files_are_modules() -> None:
    """A text file is handed in, and is no module."""
    finder = SubmissionFinder({"task_under_test.py": b"", "notes.txt": b"x = 1"})
    assert finder.filenames == {"task_under_test.py"}
    assert finder.find_spec("notes", None) is None
    assert finder.find_spec("task_under_test.inner", ["somewhere"]) is None


def test_a_module_that_is_not_there() -> None:
    """Python's own words."""
    with pytest.raises(ModuleNotFoundError, match="No module named 'beside'"):
        load(b"import beside\n")


def test_the_traceback_shows_the_student_s_line() -> None:
    """Although the file lies on no disk."""
    with pytest.raises(ZeroDivisionError) as caught:
        load(b"# coding: latin-1\ndef f(n):\n    return 1 / n  # caf\xe9\nf(0)\n")
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "task_under_test.py", line 3, in f' in text
    assert "return 1 / n  # café" in text


def test_a_syntax_error_shows_the_student_s_line() -> None:
    """File, line and text, as from a file."""
    with pytest.raises(SyntaxError) as caught:
        load(b"x = 1\ndef f(:\n    pass\n")
    assert (caught.value.filename, caught.value.lineno, caught.value.text) == (
        "task_under_test.py",
        2,
        "def f(:\n",
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [(b"x = '\xe9'\n", "utf-8"), (b"# coding: klingon\n", "unknown encoding"), (b"x = 1\0\n", "null byte")],
)
def test_what_cannot_be_decoded(source: bytes, message: str) -> None:
    """A SyntaxError, as from a file."""
    with pytest.raises((SyntaxError, ValueError), match=message):
        load(source)

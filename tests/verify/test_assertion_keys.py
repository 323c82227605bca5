"""The name of an assertion lasts when lines move, and tells two assertions apart."""

from __future__ import annotations

from pathlib import Path

from grader.verify.assertion_keys import key_of, read_lines

TESTS = """def helper(x):
    assert_close(x, 1)


def test_t01_a(student):
    for x in (1, 2):
        assert_close(
            student.f(x),
            x,
        )
    assert_close(student.f(3), 3)
    assert_close(student.f(3), 3)


def test_t02_b(student):
    assert_close(student.f(3), 3)
"""


def keys(folder: Path, text: str, lines: list[int]) -> list[str]:
    (folder / "test_x.py").write_text(text)
    digests = read_lines(folder)
    return [key_of("t01", ("test_x.py", line), digests) for line in lines]


def test_each_statement_has_a_name_of_its_own(tmp_path: Path) -> None:
    found = keys(tmp_path, TESTS, [2, 7, 11, 12, 16])
    assert len(set(found)) == 5
    assert all(key.startswith("t01.") and len(key) == 10 for key in found)


def test_every_line_of_a_statement_is_the_statement(tmp_path: Path) -> None:
    assert len(set(keys(tmp_path, TESTS, [7, 8, 9, 10]))) == 1


def test_names_last_when_lines_move(tmp_path: Path) -> None:
    moved = "import numpy as np\n\n" + TESTS.replace("(1, 2)", "(1, 2, 5)")
    assert keys(tmp_path, TESTS, [2, 7, 11, 12, 16]) == keys(tmp_path, moved, [4, 9, 13, 14, 18])


def test_parameters_share_a_name(tmp_path: Path) -> None:
    keys(tmp_path, TESTS, [])
    place = ("test_x.py", 2)
    assert key_of("t01[0-a.b]", place, read_lines(tmp_path)) == key_of("t01", place, read_lines(tmp_path))


def test_a_line_of_no_test_file_is_named_by_its_number(tmp_path: Path) -> None:
    assert key_of("t01", ("elsewhere.py", 7), read_lines(tmp_path)) == "t01.line7"

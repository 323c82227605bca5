"""Names of students, members, helpers and noise."""

from __future__ import annotations

import pytest

from grader.collect.names import (
    check_member,
    check_student,
    fold,
    is_handed_out,
    is_helper,
    is_noise,
    is_test,
)
from grader.errors import InputError


@pytest.mark.parametrize("student", ["a", "Ada", "ada.lovelace@example.org", "0" * 64, "a_b-c"])
def test_takes_usual_identifiers(student: str) -> None:
    assert check_student(student) == student


@pytest.mark.parametrize(
    "student", ["", "-a", ".a", "_a", "a/b", "..", "a b", "0" * 65, "ädä", "a\n", "a\\b", "٣", "a:b", "a%2f"]
)
def test_refuses_identifiers_that_a_file_name_could_not_hold(student: str) -> None:
    with pytest.raises(InputError, match="cannot be a student identifier\n  Use 1 to 64 letters"):
        check_student(student)


def test_takes_plain_relative_names() -> None:
    for name in ("a.py", "a/b.py", "a..b", "学生/a.py", "..."):
        check_member(name)


def test_folds_what_file_systems_take_for_the_same() -> None:
    assert len({fold(name) for name in ("Straße.py", "STRASSE.py", "strasse.py", "ｓtrasse.py")}) == 1
    assert fold("a.py") != fold("b.py")


def test_tells_helpers_and_noise() -> None:
    assert is_helper("my_helper2.py")
    assert not any(
        map(is_helper, ["a.pyc", "2a.py", "a-b.py", "a/b.py", "ä.py", ".py", "a.py\n", "a" * 101 + ".py"])
    )
    tests = ["test_public.py", "test_own.py", "conftest.py"]
    assert all(map(is_test, tests))
    assert not any(map(is_helper, tests))
    assert not any(map(is_test, ["testing.py", "my_test_.py", "test_public.pyc"]))
    assert all(map(is_handed_out, [*tests, "README.md", "README.zh.md", "assignment.yaml", "quiz.yaml"]))
    assert not any(map(is_handed_out, ["readme.md", "norm_layers.py"]))
    assert all(map(is_noise, [".DS_Store", "a/.DS_Store", "__MACOSX/", "a/__pycache__/x.pyc"]))
    assert not any(map(is_noise, ["a.py", "x__pycache__.py", "manifest.json"]))

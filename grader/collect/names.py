"""Which names may enter: students, members of an archive, helper files; and what is mere noise."""

from __future__ import annotations

import re
import unicodedata

from grader.errors import InputError

MANIFEST = "manifest.json"
ANSWERS = "answers.json"  # to the quiz
NOTEBOOK = ".ipynb"
MAX_HELPERS = 20
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_HELPER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}\.py")
_DRIVE = re.compile(r"[A-Za-z]:")
_NOISE_PARTS = {"__MACOSX", "__pycache__", ".pytest_cache", ".ipynb_checkpoints"}
_NOISE_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}
_TESTS = re.compile(r"(test_.*|conftest)\.py")
# What a handout holds besides the work: it comes back when a student packs the whole folder.
_HANDED_OUT = {"assignment.yaml", "README.md", "README.zh.md", "quiz.yaml", MANIFEST}


class Refused(InputError):
    """A submission that is not taken in, with the reason in plain words."""


def check_student(student: str) -> str:
    """`student` as it is. Raises InputError when it cannot be an identifier."""
    if not _STUDENT.fullmatch(student):
        raise InputError(
            f"{student[:80]!a} cannot be a student identifier",
            hint="Use 1 to 64 letters, digits and . _ @ - ; the first is a letter or a digit.",
        )
    return student


def check_member(name: str) -> None:
    """Raises Refused unless `name` is a plain relative path that means the same on every system."""
    shown = f"{name[:80]!a}"
    if not name or len(name) > 1000:
        raise Refused(f"a file name of {len(name)} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise Refused(f"{shown} has control characters in its name")
    if "\\" in name:
        raise Refused(f"{shown} has a backslash in its name")
    if name.startswith("/") or _DRIVE.match(name):
        raise Refused(f"{shown} is an absolute path")
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        raise Refused(f"{shown} leads out of its folder")


def fold(name: str) -> str:
    """What a case-insensitive, Unicode-normalising file system takes `name` for."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_noise(name: str) -> bool:
    """Leftovers of an operating system or of Python, which nobody handed in on purpose."""
    parts = name.removesuffix("/").split("/")
    return any(part in _NOISE_PARTS for part in parts) or parts[-1] in _NOISE_FILES


def is_helper(name: str) -> bool:
    """A Python file that an honest submission may bring along beside its module: anything but tests."""
    return _HELPER.fullmatch(name) is not None and not is_test(name)


def is_test(name: str) -> bool:
    """Tests, the handed-out ones or the student's own, are no part of the work."""
    return _TESTS.fullmatch(name) is not None


def is_handed_out(name: str) -> bool:
    """A file of the handout that is not the student's work."""
    return name in _HANDED_OUT or is_test(name)


def notebook_of(module_file: str) -> str:
    """The name under which a notebook is taken for the file `module_file`."""
    return module_file.removesuffix(".py") + NOTEBOOK


def unexpected(name: str, hint: str | None = None) -> Refused:
    """The refusal of a file that no topic asks for."""
    if name.lower().endswith(NOTEBOOK):
        hint = "A notebook is taken when it has the name of the file asked for, as norm_layers.ipynb."
    return Refused(f"{name[:80]!a} was not asked for", hint=hint)

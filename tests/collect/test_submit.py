"""The student's side: one file and a receipt, or one clear line and nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.collect.notebook import module_of
from grader.collect.submit import make_submission
from grader.collect.unpack import read_submission
from grader.errors import InputError
from grader.files import sha256_hex
from tests.collect.crafting import TOPICS, assignment
from tests.collect.notebooks import notebook

NORM = TOPICS["norm_layers"]
SOURCE = b"# -*- coding: utf-8 -*-\ndef f():\n    return '\xe5\xad\xa6'\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    (work / "norm_layers.py").write_bytes(SOURCE)
    (work / "notes.txt").write_text("not handed in")
    return work


def test_packs_the_declared_files_and_a_manifest(folder: Path, tmp_path: Path) -> None:
    receipt = make_submission(folder, NORM, "ada", tmp_path / "new" / "out")
    assert receipt.path == tmp_path / "new" / "out" / "norm_layers-ada.zip"
    with zipfile.ZipFile(receipt.path) as archive:
        assert sorted(archive.namelist()) == ["manifest.json", "norm_layers.py"]
        assert archive.read("norm_layers.py") == SOURCE
        assert json.loads(archive.read("manifest.json"))["student"] == "ada"


def test_the_instructor_can_read_it(folder: Path, tmp_path: Path) -> None:
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    submission = read_submission(
        receipt.path.read_bytes(), TOPICS, student="ada", source_name=receipt.path.name
    )
    assert submission.sha256 == receipt.submission_sha256


def test_the_same_work_makes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = make_submission(folder, NORM, "ada", tmp_path / "1").path.read_bytes()
    os.utime(folder / "norm_layers.py", (1, 1))
    assert make_submission(folder, NORM, "ada", tmp_path / "2").path.read_bytes() == first


def test_the_receipt_says_what_was_handed_in(folder: Path, tmp_path: Path) -> None:
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    kept = json.loads((tmp_path / "norm_layers-ada.receipt.json").read_bytes())
    assert kept["files"] == {"norm_layers.py": {"sha256": sha256_hex(SOURCE), "bytes": len(SOURCE)}}
    assert kept["submission_sha256"] == receipt.submission_sha256
    assert str(receipt).splitlines() == [
        "Submission of ada for norm_layers",
        f"  {tmp_path / 'norm_layers-ada.zip'}",
        f"  norm_layers.py  {len(SOURCE)} bytes  sha256 {sha256_hex(SOURCE)}",
        f"  submission sha256 {receipt.submission_sha256}",
    ]


def _bundle(folder: Path, manifest: object) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_notes_a_stub_that_was_not_touched(folder: Path, tmp_path: Path) -> None:
    _bundle(folder, {"files": {"norm_layers.py": {"sha256": sha256_hex(SOURCE), "bytes": len(SOURCE)}}})
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert receipt.notes == ("norm_layers.py is still the stub that was handed out",)
    assert str(receipt).endswith("  note: norm_layers.py is still the stub that was handed out")
    (folder / "norm_layers.py").write_bytes(SOURCE + b"\n")
    assert make_submission(folder, NORM, "ada", tmp_path).notes == ()


@pytest.mark.parametrize("manifest", [[], {}, {"files": 1}, {"files": {"norm_layers.py": "x"}}])
def test_an_odd_manifest_of_the_bundle_does_no_harm(folder: Path, tmp_path: Path, manifest: object) -> None:
    _bundle(folder, manifest)
    assert make_submission(folder, NORM, "ada", tmp_path).notes == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x = 1\ndef f(:\n", "norm_layers.py:2: not valid Python: invalid syntax"),
        (b"x = 1\ny = '\xff'\n", "norm_layers.py:2: not text in utf-8\n  Save the file as UTF-8."),
        (b"# coding: latin-9000\n", "not valid Python: unknown encoding: latin-9000"),
        (b"# coding: rot13\nk = 1\n", "not valid Python: 'rot13' is not a text encoding"),
        (b"x = 1\0\n", "not valid Python: source code string cannot contain null bytes"),
        (b"-" * 200_000 + b"1", "not valid Python: "),
        (b"(" * 300, "norm_layers.py:1: not valid Python: too many nested parentheses"),
        (b"#" * ((1 << 20) + 1), "norm_layers.py: 'norm_layers.py' has more than 1048576 bytes"),
    ],
)
def test_refuses_what_is_not_python(folder: Path, tmp_path: Path, content: bytes, reason: str) -> None:
    (folder / "norm_layers.py").write_bytes(content)
    with pytest.raises(InputError) as caught:
        make_submission(folder, NORM, "ada", tmp_path / "out")
    assert reason in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfx = 1\n", b"# coding: latin-1\ns = '\xe9'\n", b"s = '\\d'\n", b"x = 1\r\ny = 2\r\n", b""],
)
def test_takes_every_honest_way_to_write_python(folder: Path, tmp_path: Path, content: bytes) -> None:
    (folder / "norm_layers.py").write_bytes(content)
    assert make_submission(folder, NORM, "ada", tmp_path).files[0].sha256 == sha256_hex(content)


def test_a_notebook_stands_for_a_missing_file(folder: Path, tmp_path: Path) -> None:
    data = notebook("def f(): ...", "f()", "def g(:")
    (folder / "norm_layers.py").unlink()
    (folder / "norm_layers.ipynb").write_bytes(data)
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert receipt.files[0].sha256 == sha256_hex(module_of(data))
    assert receipt.notes == (
        "norm_layers.py is made from norm_layers.ipynb",
        "norm_layers.ipynb: Code cell 3 is left out: invalid syntax, line 1",
    )


def test_a_notebook_stands_for_the_stub(folder: Path, tmp_path: Path) -> None:
    """Which lies in every bundle: whoever works in a notebook need not know that it must go."""
    _bundle(folder, {"files": {"norm_layers.py": {"sha256": sha256_hex(SOURCE), "bytes": len(SOURCE)}}})
    data = notebook("def f(): ...")
    (folder / "norm_layers.ipynb").write_bytes(data)
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert receipt.files[0].sha256 == sha256_hex(module_of(data))
    assert receipt.notes == ("norm_layers.py is made from norm_layers.ipynb",)


def test_a_notebook_beside_the_file_is_not_looked_at(folder: Path, tmp_path: Path) -> None:
    (folder / "norm_layers.ipynb").write_bytes(b"{")
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert receipt.notes == ("norm_layers.ipynb is not looked at: norm_layers.py is",)


def test_a_notebook_that_cannot_be_read(folder: Path, tmp_path: Path) -> None:
    (folder / "norm_layers.py").unlink()
    (folder / "norm_layers.ipynb").write_bytes(b"{")
    with pytest.raises(InputError) as caught:
        make_submission(folder, NORM, "ada", tmp_path / "out")
    path = folder / "norm_layers.ipynb"
    assert str(caught.value) == f"{path}: the notebook cannot be read as JSON\n  Save it again in Jupyter."
    assert not (tmp_path / "out").exists()


def test_names_the_file_that_is_missing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        make_submission(folder, assignment("two", "norm_layers.py", "train.py"), "ada", tmp_path / "out")
    assert str(caught.value) == (
        f"{folder}: there is no 'train.py' here\n"
        "  The work is handed in as norm_layers.py, train.py; keep these names, in this folder."
    )
    assert not (tmp_path / "out").exists()


def test_refuses_links_and_pipes(folder: Path, tmp_path: Path) -> None:
    (folder / "norm_layers.py").unlink()
    (folder / "norm_layers.py").symlink_to("/nowhere")
    with pytest.raises(InputError, match="is a symbolic link"):
        make_submission(folder, NORM, "ada", tmp_path)
    (folder / "norm_layers.py").unlink()
    os.mkfifo(folder / "norm_layers.py")
    with pytest.raises(InputError, match="is not a regular file"):
        make_submission(folder, NORM, "ada", tmp_path)


def test_hands_in_the_helpers_beside_the_module(folder: Path, tmp_path: Path) -> None:
    for name in ("helper.py", "test_public.py", "test_own.py", "conftest.py", "not-a-module.py", "data.csv"):
        (folder / name).write_text("x = 1\n")
    (folder / "inner").mkdir()
    (folder / "inner" / "deep.py").write_text("")
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert [file.name for file in receipt.files] == ["norm_layers.py", "helper.py"]
    taken = read_submission(receipt.path.read_bytes(), TOPICS, student="ada", source_name=receipt.path.name)
    assert taken.sha256 == receipt.submission_sha256
    assert set(taken.files) == {"norm_layers.py", "helper.py"}


def test_a_helper_that_is_not_python_is_noted(folder: Path, tmp_path: Path) -> None:
    (folder / "scratch.py").write_text("x = 1\ndef f(:\n")
    receipt = make_submission(folder, NORM, "ada", tmp_path)
    assert receipt.notes == ("scratch.py is handed in, but it is not valid Python: invalid syntax",)


def test_refuses_too_many_helpers_and_too_much(folder: Path, tmp_path: Path) -> None:
    for index in range(20):
        (folder / f"helper{index}.py").write_text("")
    assert len(make_submission(folder, NORM, "ada", tmp_path).files) == 21
    (folder / "one_more.py").write_text("")
    with pytest.raises(InputError, match="21 helper files, more than 20\n  Move those that do not belong"):
        make_submission(folder, NORM, "ada", tmp_path / "out")
    (folder / "one_more.py").unlink()
    for index in range(9):
        (folder / f"helper{index}.py").write_bytes(b"#" * (1 << 20))
    with pytest.raises(InputError, match=r"the files have 94\d+ bytes, more than 8388608\n  Data does not"):
        make_submission(folder, NORM, "ada", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_refuses_an_odd_student(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'\.\./eve' cannot be a student identifier"):
        make_submission(folder, NORM, "../eve", tmp_path)


def test_refuses_a_destination_that_is_a_file(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"notes\.txt: cannot make this folder: File exists"):
        make_submission(folder, NORM, "ada", folder / "notes.txt")


def test_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, grader.collect.submit\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert "numpy" not in run.stdout
    assert "pydantic" not in run.stdout

"""Collecting: who, what, when; bad ones are reported one by one and the others go on."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.collect import inbox as inbox_room
from grader.collect.inbox import Collected, collect
from grader.collect.submit import make_submission
from grader.diagnostics import Diagnostics
from grader.files import zip_bytes
from tests.collect.crafting import TOPICS, Entry, assignment, craft
from tests.collect.notebooks import notebook

SOURCE = b"x = 1\n"


def put(path: Path, content: bytes = SOURCE, *, at: int = 1_800_000_000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))


def submitted(tmp_path: Path, student: str, topic: str = "norm_layers", source: bytes = SOURCE) -> bytes:
    put(tmp_path / "work" / f"{topic}.py", source)
    return make_submission(tmp_path / "work", TOPICS[topic], student, tmp_path / "made").path.read_bytes()


def run(source: Path) -> tuple[list[tuple[str, str, str]], list[str]]:
    diagnostics = Diagnostics()
    taken = collect(source, TOPICS, diagnostics)
    return [(one.student, one.topic, one.source_name) for one in taken], [
        str(f) for f in diagnostics.findings
    ]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def test_takes_every_layout(inbox: Path, tmp_path: Path) -> None:
    put(inbox / "norm_layers-ada.zip", submitted(tmp_path, "ada"))
    put(inbox / "bob" / "upload 1.zip", submitted(tmp_path, "bob", "beam_search"))
    put(inbox / "cat" / "norm_layers.py")
    put(inbox / "dan" / "beam_search" / "beam_search.py")
    put(inbox / "eve" / "norm_layers" / "any.zip", zip_bytes({"norm_layers.py": SOURCE}))
    assert run(inbox) == (
        [
            ("ada", "norm_layers", "norm_layers-ada.zip"),
            ("bob", "beam_search", "bob/upload 1.zip"),
            ("cat", "norm_layers", "cat/norm_layers.py"),
            ("dan", "beam_search", "dan/beam_search/beam_search.py"),
            ("eve", "norm_layers", "eve/norm_layers/any.zip"),
        ],
        [],
    )


def test_tells_when_a_file_was_changed(inbox: Path) -> None:
    put(inbox / "ada" / "norm_layers.py", at=1_800_000_000)
    (taken,) = collect(inbox, TOPICS, Diagnostics())
    assert taken.received_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert taken.received_at.tzinfo is UTC


def test_a_bulk_archive_is_like_a_folder(tmp_path: Path) -> None:
    stamp = ((2026 - 1980) << 9 | 1 << 5 | 2, 12 << 11)
    bulk = tmp_path / "all.zip"
    bulk.write_bytes(
        craft(
            Entry("norm_layers-ada.zip", submitted(tmp_path, "ada"), stamp=stamp),
            Entry("bob/norm_layers.py", SOURCE),
        )
    )
    taken = collect(bulk, TOPICS, Diagnostics(), zone=ZoneInfo("Asia/Shanghai"))
    assert [(one.student, one.topic) for one in taken] == [("ada", "norm_layers"), ("bob", "norm_layers")]
    assert taken[0].received_at == datetime(2026, 1, 2, 4, tzinfo=UTC)


def test_one_submission_alone(tmp_path: Path) -> None:
    submitted(tmp_path, "ada")
    assert run(tmp_path / "made" / "norm_layers-ada.zip")[0] == [
        ("ada", "norm_layers", "norm_layers-ada.zip")
    ]


def test_python_files_beside_each_other_may_be_several_submissions(inbox: Path) -> None:
    put(inbox / "ada" / "norm_layers.py")
    put(inbox / "ada" / "beam_search.py")
    put(inbox / "ada" / "shared.py", at=1_900_000_000)
    taken = collect(inbox, TOPICS, Diagnostics())
    assert {one.topic: sorted(one.submission.files) for one in taken} == {
        "norm_layers": ["norm_layers.py", "shared.py"],
        "beam_search": ["beam_search.py", "shared.py"],
    }
    assert {one.received_at.timestamp() for one in taken} == {1_900_000_000}


def test_the_newest_wins_and_the_others_are_told(inbox: Path, tmp_path: Path) -> None:
    put(inbox / "ada" / "a.zip", submitted(tmp_path, "ada", source=b"old = 1\n"), at=1_000)
    put(inbox / "ada" / "b.zip", submitted(tmp_path, "ada", source=b"new = 1\n"), at=3_000)
    put(inbox / "norm_layers-ada.zip", submitted(tmp_path, "ada"), at=2_000)
    assert run(inbox) == (
        [("ada", "norm_layers", "ada/b.zip")],
        [
            "ada/a.zip: info: not used: norm_layers-ada.zip is newer",
            "norm_layers-ada.zip: info: not used: ada/b.zip is newer",
        ],
    )


def test_of_equally_new_ones_the_last_by_name_wins(inbox: Path, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        put(inbox / "ada" / f"{name}.zip", submitted(tmp_path, "ada"))
    assert run(inbox)[0] == [("ada", "norm_layers", "ada/c.zip")]


def test_bad_ones_are_refused_one_by_one(inbox: Path, tmp_path: Path) -> None:
    put(inbox / "norm_layers-ada.zip", submitted(tmp_path, "ada"))
    put(inbox / "norm_layers-eve.zip", submitted(tmp_path, "ada"))
    put(inbox / "norm_layers-max.zip", b"PK\x03\x04 broken")
    put(inbox / "norm_layer-zoe.zip", submitted(tmp_path, "zoe"))
    put(inbox / "norm_layers-.zip", b"")
    put(inbox / "readme.txt", b"")
    put(inbox / "norm_layers.py", b"")
    put(inbox / "bob" / "norm_layer" / "x.zip", b"")
    put(inbox / "cat" / "other.py", b"")
    put(inbox / "dan" / "beam_search" / "norm_layers.py", b"")
    put(inbox / "fay" / "norm_layers.py", b"#" * ((1 << 20) + 1))
    put(inbox / "gus" / "norm_layers.py", b"")
    put(inbox / "gus" / "my-helper.py", b"")
    put(inbox / "hal" / "norm_layers.ipynb", b"{not json")
    put(inbox / "ida" / "trial.ipynb", b"{}")
    put(inbox / "a b" / "norm_layers.py", b"")
    put(inbox / "norm_layers-ada.receipt.json", b"{}")
    taken, findings = run(inbox)
    layout = f"\n{inbox_room._LAYOUT}"
    kind = "neither a zip archive nor a Python file or notebook in a student's folder" + layout
    identifier = "Use 1 to 64 letters, digits and . _ @ - ; the first is a letter or a digit."
    assert taken == [("ada", "norm_layers", "norm_layers-ada.zip")]
    assert sorted(findings) == sorted(
        [
            f"a b/norm_layers.py: error: refused: 'a b' cannot be a student identifier\n{identifier}",
            "bob/norm_layer/x.zip: error: refused: 'norm_layer' is not a topic of this course\n"
            "Did you mean 'norm_layers'?",
            "cat: error: refused: no topic could be meant by 'other.py'\nHand in with `grader submit`.",
            "dan/beam_search: error: refused: 'beam_search.py' is missing",
            "fay/norm_layers.py: error: refused: 'norm_layers.py' has more than 1048576 bytes",
            "gus: error: refused: 'my-helper.py' was not asked for\nAsked for: norm_layers.py",
            "hal: error: refused: the notebook cannot be read as JSON\nSave it again in Jupyter.",
            "ida/trial.ipynb: error: refused: 'trial.ipynb' was not asked for\n"
            "A notebook is taken when it has the name of the file asked for, as norm_layers.ipynb.",
            "norm_layer-zoe.zip: error: refused: "
            "the name does not begin with a topic of this course and a dash" + layout,
            f"norm_layers-.zip: error: refused: '' cannot be a student identifier\n{identifier}",
            "norm_layers-eve.zip: error: refused: manifest.json names the student 'ada', "
            "but it was handed in for 'eve'",
            "norm_layers-max.zip: error: refused: the zip archive is cut off: its end is missing",
            f"norm_layers.py: error: refused: {kind}",
            f"readme.txt: error: refused: {kind}",
        ]
    )


def test_notebooks(inbox: Path) -> None:
    """Alone, for two topics in one folder, below the topic, and packed; a broken one stops no other."""
    sound = notebook("def f(): ...", "f()")
    put(inbox / "ada" / "norm_layers.ipynb", sound)
    put(inbox / "bob" / "norm_layers.ipynb", b"{")
    put(inbox / "bob" / "beam_search.ipynb", sound)
    put(inbox / "cat" / "norm_layers" / "norm_layers.ipynb", sound)
    put(inbox / "dan" / "work.zip", zip_bytes({"beam_search.ipynb": sound}))
    put(inbox / "eve" / "norm_layers.ipynb", sound)
    put(inbox / "eve" / "norm_layers.py")
    put(inbox / "fay" / "norm_layers.ipynb", b" " * ((8 << 20) + 1))
    assert run(inbox) == (
        [
            ("ada", "norm_layers", "ada/norm_layers.py"),
            ("bob", "beam_search", "bob/beam_search.py"),
            ("cat", "norm_layers", "cat/norm_layers/norm_layers.py"),
            ("dan", "beam_search", "dan/work.zip"),
        ],
        [
            "fay/norm_layers.ipynb: error: refused: 'norm_layers.ipynb' has more than 8388608 bytes",
            "bob: error: refused: the notebook cannot be read as JSON\nSave it again in Jupyter.",
            "eve: error: refused: both 'norm_layers.py' and 'norm_layers.ipynb' are there\n"
            "Only its author knows which is the work: hand in one of them.",
        ],
    )


def test_a_name_that_could_mean_two_topics_is_refused(inbox: Path) -> None:
    put(inbox / "a-b-c.zip", zip_bytes({"a.py": b""}))
    diagnostics = Diagnostics()
    assert collect(inbox, {"a": assignment("a"), "a-b": assignment("a-b")}, diagnostics) == ()
    assert "the name could mean the topics a and a-b" in str(diagnostics.findings[0])


def test_a_file_too_deep_in_a_bulk_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(craft(Entry("a/b/c/norm_layers.py", SOURCE)))
    taken, findings = run(tmp_path / "all.zip")
    assert taken == []
    assert "a/b/c/norm_layers.py: error: refused: the file lies too deep" in findings[0]


def test_a_folder_of_very_many_files_is_cut(inbox: Path) -> None:
    put(inbox / "ada" / "norm_layers.py")
    for index in range(201):
        put(inbox / "ada" / f"h{index}.py", b"")
    taken, findings = run(inbox)
    assert taken == []
    assert "more than 200 files in one folder" in findings[0]
    assert "no topic could be meant by 'h0.py', 'h1.py'" in findings[-1]


def test_what_is_collected_has_no_order_of_chance(inbox: Path) -> None:
    for student in ("zoe", "ada", "Max"):
        put(inbox / student / "norm_layers.py")
    taken: tuple[Collected, ...] = collect(inbox, TOPICS, Diagnostics())
    assert [one.student for one in taken] == ["Max", "ada", "zoe"]

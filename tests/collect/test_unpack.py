"""From bytes to a submission: what was asked for is taken, everything else is refused in plain words."""

from __future__ import annotations

import json
import os

import pytest

from grader.collect.manifest import write_manifest
from grader.collect.names import Refused
from grader.collect.notebook import module_of
from grader.collect.unpack import loose_submission, read_submission
from grader.errors import InputError
from grader.files import zip_bytes
from grader.model.submission import Submission
from tests.collect.crafting import LINK, TOPICS, Entry, assignment, craft
from tests.collect.notebooks import notebook

SOURCE = b"def f():\n    return 1\n"


def read(data: bytes, **keywords: str) -> Submission:
    return read_submission(data, TOPICS, **{"student": "ada", "source_name": "x.zip", **keywords})


def packed(student: str = "ada", topic: str = "norm_layers", **changed: bytes) -> bytes:
    files = {f"{topic}.py": SOURCE}
    manifest = write_manifest(Submission(topic=topic, name=student, files=files), student)
    return zip_bytes({**files, "manifest.json": manifest, **changed})


def test_takes_a_zip_with_a_manifest() -> None:
    submission = read(packed())
    assert submission == Submission(topic="norm_layers", name="ada", files={"norm_layers.py": SOURCE})


def test_takes_a_zip_without_a_manifest() -> None:
    assert read(zip_bytes({"beam_search.py": SOURCE})).topic == "beam_search"


def test_takes_a_single_python_file() -> None:
    submission = read(SOURCE, source_name="ada/beam_search.py")
    assert (submission.topic, dict(submission.files)) == ("beam_search", {"beam_search.py": SOURCE})


def test_a_python_file_may_begin_like_a_zip_archive() -> None:
    assert read(b"PK = 1\n", source_name="beam_search.py").files["beam_search.py"] == b"PK = 1\n"


def test_takes_a_notebook_in_the_place_of_the_file() -> None:
    data = notebook("def f():\n    return 1\n", "f()")
    wanted = {"norm_layers.py": module_of(data)}
    assert dict(read(data, source_name="ada/norm_layers.ipynb").files) == wanted
    assert dict(read(zip_bytes({"norm_layers.ipynb": data})).files) == wanted
    assert dict(read(zip_bytes({"norm_layers/norm_layers.ipynb": data})).files) == wanted


def test_takes_a_notebook_with_pictures() -> None:
    picture = {"cell_type": "markdown", "source": os.urandom(1 << 20).hex()}
    packed = zip_bytes({"norm_layers.ipynb": notebook("x = 1", picture)})
    assert b"x = 1" in read(packed).files["norm_layers.py"]


def test_two_versions_of_the_work_are_refused() -> None:
    with pytest.raises(Refused) as caught:
        read(zip_bytes({"norm_layers.ipynb": notebook("x"), "norm_layers.py": SOURCE}))
    assert caught.value.what == "both 'norm_layers.py' and 'norm_layers.ipynb' are there"
    assert caught.value.hint == "Only its author knows which is the work: hand in one of them."


def test_a_broken_program_is_a_submission_all_the_same() -> None:
    assert read(zip_bytes({"norm_layers.py": b"def ("})).files["norm_layers.py"] == b"def ("


def test_takes_helper_modules_up_to_the_cap() -> None:
    files = {"norm_layers.py": SOURCE} | {f"helper{index}.py": b"" for index in range(20)}
    assert len(read(zip_bytes(files)).files) == 21
    with pytest.raises(Refused, match="21 helper files, more than 20"):
        read(zip_bytes({**files, "one_more.py": b""}))


def test_takes_the_folder_of_the_topic_as_a_student_packs_it_by_hand() -> None:
    handed_out = ["README.md", "assignment.yaml", "manifest.json", "test_public.py", "conftest.py"]
    files = {f"norm_layers/{name}": b"?" for name in [*handed_out, "__pycache__/norm_layers.cpython-312.pyc"]}
    work = {"norm_layers/norm_layers.py": SOURCE, "norm_layers/helper.py": b"x = 1\n"}
    submission = read(craft(Entry("norm_layers/"), *(Entry(*item) for item in (files | work).items())))
    assert submission.topic == "norm_layers"
    assert dict(submission.files) == {"norm_layers.py": SOURCE, "helper.py": b"x = 1\n"}


def test_leaves_tests_out() -> None:
    files = {"norm_layers.py": SOURCE, "test_public.py": b"", "test_own.py": b"", "conftest.py": b""}
    assert list(read(zip_bytes(files)).files) == ["norm_layers.py"]
    assert list(loose_submission(files, TOPICS, student="ada").files) == ["norm_layers.py"]


def test_takes_a_file_up_to_the_cap() -> None:
    full = b"#" * (1 << 20)
    assert read(full, source_name="norm_layers.py").files["norm_layers.py"] == full
    with pytest.raises(Refused, match=r"'norm_layers\.py' has 1048577 bytes, more than 1048576"):
        read(full + b"#", source_name="norm_layers.py")


def test_the_topic_may_be_given_from_outside() -> None:
    both = zip_bytes({"norm_layers.py": SOURCE, "beam_search.py": SOURCE})
    assert read(both, topic="norm_layers").topic == "norm_layers"
    with pytest.raises(
        Refused, match=r"several topics could be meant by 'beam_search\.py', 'norm_layers\.py'"
    ):
        read(both)


def test_all_declared_files_are_needed() -> None:
    topics = {"two": assignment("two", "model.py", "train.py")}
    assert loose_submission({"model.py": b"", "train.py": b""}, topics, student="a").topic == "two"
    with pytest.raises(
        Refused, match=r"'train\.py' is missing\n  'Train\.py' is there; the name must be spelt"
    ):
        loose_submission({"model.py": b"", "Train.py": b""}, topics, student="a")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a zip archive"),
        (b"\x1f\x8b\x08", "not a zip archive"),
        (zip_bytes({}), "no topic could be meant by an empty archive"),
        (zip_bytes({"helper.py": b""}), "no topic could be meant by 'helper.py'\n  Hand in with"),
        (zip_bytes({"norm_layers.py": b"", "notes.txt": b""}), "'notes.txt' was not asked for"),
        (zip_bytes({"norm_layers.py": b"", "inner.zip": packed()}), "'inner.zip' was not asked for"),
        (zip_bytes({"norm_layers.py": b"", "a-b.py": b""}), "'a-b.py' was not asked for"),
        (zip_bytes({"norm_layers.py": b"", "a.ipynb": b"{"}), "'a.ipynb' was not asked for"),
        (zip_bytes({"work/norm_layers.py": b""}), "'work/norm_layers.py' lies in a folder\n  "),
        (
            zip_bytes({"norm_layers/norm_layers.py": b"", "beam_search.py": b""}),
            "'norm_layers/norm_layers.py' lies in a folder",
        ),
        (zip_bytes({"norm_layers/norm_layers.py": b"", "norm_layers/a/b.py": b""}), "' lies in a folder"),
        (zip_bytes({"norm_layers/norm_layers.py": b"", "norm_layers/x": b""}), "'x' was not asked for"),
        (zip_bytes({"norm_layers/README.md": b""}), "no topic could be meant by an empty archive"),
        (craft(Entry("norm_layers/../norm_layers.py", b"")), "leads out of its folder"),
        (craft(Entry("../norm_layers.py", b"")), "'../norm_layers.py' leads out of its folder"),
        (craft(Entry("norm_layers.py", b"/etc/passwd", mode=LINK)), "is not a regular file"),
        (packed("eve"), "manifest.json names the student 'eve', but it was handed in for 'ada'"),
        (packed(topic="sorting"), "'sorting' is not a topic of this course"),
        (packed(**{"norm_layers.py": b"changed"}), "'norm_layers.py' is not the file that manifest.json"),
        (packed(**{"helper.py": b""}), "'helper.py' is not the file that manifest.json describes"),
        (packed(**{"manifest.json": b"{}"}), "manifest.json is not of the format nlp-grader/submission/v1"),
    ],
)  # fmt: skip
def test_refuses_everything_else(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read(data)
    assert reason in str(caught.value)


def test_a_manifest_for_another_topic_than_the_place_is_refused() -> None:
    with pytest.raises(
        Refused, match=r"names the topic 'norm_layers', but it was handed in for 'beam_search'"
    ):
        read(packed(), topic="beam_search")


def test_a_topic_of_another_course_is_refused() -> None:
    fields = json.loads(
        write_manifest(Submission(topic="x", name="ada", files={"norm_layers.py": SOURCE}), "ada")
    )
    data = zip_bytes(
        {"norm_layers.py": SOURCE, "manifest.json": json.dumps({**fields, "topic": "x"}).encode()}
    )
    with pytest.raises(Refused, match="'x' is not a topic of this course"):
        read(data)


def test_an_impossible_student_is_refused() -> None:
    with pytest.raises(InputError, match=r"'\.\./x' cannot be a student identifier"):
        read(packed(), student="../x")

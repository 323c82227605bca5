"""The archive for students: by allow-list, reproducible, with a manifest and without a secret."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.model.course import Topic
from grader.release.build import build_topic
from grader.release.publish import MAX_FILE_BYTES, package_topic
from tests.course.small_topic import edit, load_softmax, write_course

NAMES = [
    "README.md",
    "README.zh.md",
    "assignment.yaml",
    "conftest.py",
    "quiz.yaml",
    "softmax.py",
    "test_public.py",
]


@pytest.fixture
def topic(tmp_path: Path) -> Topic:
    topic = load_softmax(write_course(tmp_path / "course"))
    build_topic(topic)
    return topic


def test_bundle_and_its_manifest(topic: Topic, tmp_path: Path) -> None:
    path = package_topic(topic, tmp_path / "out" / "deep")
    assert path == tmp_path / "out" / "deep" / "softmax.zip"
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(contents) == sorted(f"softmax/{name}" for name in [*NAMES, "manifest.json"])
    manifest = json.loads(contents.pop("softmax/manifest.json"))
    assert (manifest["format"], manifest["topic"]) == ("nlp-grader/bundle/v1", "softmax")
    assert (manifest["points"], manifest["quiz_points"]) == (5, 2)
    assert manifest["files"] == {
        name.removeprefix("softmax/"): {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in contents.items()
    }


def test_course_in_english_only(topic: Topic, tmp_path: Path) -> None:
    edit(topic.root, "course.yaml", "id: c", "id: c\nlanguages: [en]")
    for old in (", zh: 否", ", zh: 几个？", ", zh: 数一数。"):
        edit(topic.root, "solutions/softmax/quiz.yaml", old, "")
    english = load_softmax(topic.root)
    build_topic(english)
    with zipfile.ZipFile(package_topic(english, tmp_path)) as archive:
        assert "softmax/README.zh.md" not in archive.namelist()
        assert len(archive.namelist()) == len(NAMES)
        quiz = archive.read("softmax/quiz.yaml").decode()
    assert "zh: 否" not in quiz
    assert "en: How many?" in quiz


def test_a_given_module_leaves_too(topic: Topic, tmp_path: Path) -> None:
    edit(
        topic.root,
        "assignments/softmax/assignment.yaml",
        "files: [softmax.py]",
        "files: [softmax.py]\ngiven: [toy.py]",
    )
    with pytest.raises(InputError, match=r"toy.py: missing"):
        package_topic(load_softmax(topic.root), tmp_path)
    (topic.handout / "toy.py").write_text("WORDS = 3\n")
    with zipfile.ZipFile(package_topic(load_softmax(topic.root), tmp_path)) as archive:
        assert archive.read("softmax/toy.py") == b"WORDS = 3\n"


def test_same_input_same_bytes(topic: Topic, tmp_path: Path) -> None:
    first = package_topic(topic, tmp_path / "a").read_bytes()
    for path in topic.handout.iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert package_topic(topic, tmp_path / "b").read_bytes() == first


def test_nothing_but_the_allow_list_leaves(topic: Topic, tmp_path: Path) -> None:
    (topic.handout / "solution.py").write_text("secret")
    (topic.handout / ".env").write_text("secret")
    (topic.handout / "README.fr.md.bak").write_text("secret")
    with zipfile.ZipFile(package_topic(topic, tmp_path)) as archive:
        assert len(archive.namelist()) == len(NAMES) + 1


@pytest.mark.parametrize("name", NAMES[:4] + NAMES[6:])
def test_missing_file(topic: Topic, tmp_path: Path, name: str) -> None:
    (topic.handout / name).unlink()
    with pytest.raises(InputError, match=rf"{name}: missing\n  Write it, or run `grader build softmax`"):
        package_topic(topic, tmp_path)
    assert not (tmp_path / "softmax.zip").exists()


def test_link_is_refused(topic: Topic, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:x")
    readme = topic.handout / "README.md"
    readme.unlink()
    readme.symlink_to(secret)
    with pytest.raises(InputError, match=r"README.md: a link\n  A bundle takes regular files only."):
        package_topic(topic, tmp_path)


def test_linked_folder_is_refused(topic: Topic, tmp_path: Path) -> None:
    moved = topic.handout.rename(tmp_path / "elsewhere")
    topic.handout.symlink_to(moved)
    with pytest.raises(InputError, match=r"assignments/softmax: a link, not a folder\n  Put the files"):
        package_topic(topic, tmp_path)


def test_pipe_is_refused_without_waiting(topic: Topic, tmp_path: Path) -> None:
    (topic.handout / "README.md").unlink()
    os.mkfifo(topic.handout / "README.md")
    with pytest.raises(InputError, match=r"README\.md: not a regular file"):
        package_topic(topic, tmp_path)


@pytest.mark.parametrize(("size", "taken"), [(MAX_FILE_BYTES, True), (MAX_FILE_BYTES + 1, False)])
def test_size_is_capped(topic: Topic, tmp_path: Path, size: int, taken: bool) -> None:
    (topic.handout / "README.md").write_bytes(b"\n" * size)
    if taken:
        assert package_topic(topic, tmp_path).exists()
    else:
        with pytest.raises(InputError, match=rf"README.md: larger than {MAX_FILE_BYTES} bytes\n  Make it"):
            package_topic(topic, tmp_path)


def test_unreadable_file(topic: Topic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InputError, match="cannot read: Permission denied"):
        package_topic(topic, tmp_path)


def test_stub_out_of_step(topic: Topic, tmp_path: Path) -> None:
    edit(topic.root, "assignments/softmax/softmax.py", "raise NotImplementedError", "return 1")
    with pytest.raises(InputError, match=r"softmax.py: not in step .*\n  Run `grader build softmax`."):
        package_topic(topic, tmp_path)


def test_leak_stops_the_release(topic: Topic, tmp_path: Path) -> None:
    (topic.handout / "README.md").write_text("x = 2.71828\n")
    with pytest.raises(InputError, match=r"1 place.* private:\n  README.md:1: shows a part of a hidden test"):
        package_topic(topic, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_destination_that_cannot_be_a_folder(topic: Topic, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot make this folder: File exists"):
        package_topic(topic, tmp_path / "file")

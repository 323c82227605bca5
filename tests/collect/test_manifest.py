"""The manifest inside a submission."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.collect.manifest import FORMAT, read_manifest, write_manifest
from grader.collect.names import Refused
from grader.model.submission import Submission

SUBMISSION = Submission(topic="norm_layers", name="ada", files={"b.py": b"2", "a.py": b"1\n"})


def test_reads_what_it_writes() -> None:
    manifest = read_manifest(write_manifest(SUBMISSION, "ada"))
    manifest.check(SUBMISSION)
    assert (manifest.topic, manifest.student, manifest.submission_sha256) == (
        "norm_layers",
        "ada",
        SUBMISSION.sha256,
    )
    assert list(manifest.files) == ["a.py", "b.py"]
    assert manifest.files["a.py"]["bytes"] == 2


def test_has_the_agreed_form() -> None:
    fields = json.loads(write_manifest(SUBMISSION, "ada"))
    assert list(fields) == ["format", "topic", "student", "files", "submission_sha256"]
    assert fields["format"] == FORMAT == "nlp-grader/submission/v1"


@pytest.mark.parametrize(
    "files", [{"a.py": b"1\n"}, {"a.py": b"1\n", "b.py": b"3"}, {**SUBMISSION.files, "c.py": b""}]
)
def test_other_files_than_described_are_refused(files: dict[str, bytes]) -> None:
    manifest = read_manifest(write_manifest(SUBMISSION, "ada"))
    with pytest.raises(Refused, match=r"'[bc]\.py' is not the file that manifest.json describes"):
        manifest.check(Submission(topic="norm_layers", name="ada", files=files))


def test_another_hash_of_the_whole_is_refused() -> None:
    data = write_manifest(SUBMISSION, "ada").replace(SUBMISSION.sha256.encode(), b"0" * 64)
    with pytest.raises(Refused, match=r"the files do not have the submission_sha256 of manifest\.json"):
        read_manifest(data).check(SUBMISSION)


def _with(**fields: object) -> bytes:
    return json.dumps({**json.loads(write_manifest(SUBMISSION, "ada")), **fields}).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "cannot be read as JSON"),
        (b"\xff", "cannot be read as JSON"),
        (b"[" * 60_000, "cannot be read as JSON"),
        (b'{"a": ' * 10_000, "cannot be read as JSON"),
        (b"1" * 60_000, "cannot be read as JSON"),
        (b'{"format": 1, "format": 2}', "cannot be read as JSON"),
        (b"[]", "cannot be read as a JSON object"),
        (b"null", "cannot be read as a JSON object"),
        (b" " * 65_537, "has 65537 bytes, more than 65536"),
        (_with(format="nlp-grader/submission/v2"), "is not of the format nlp-grader/submission/v1"),
        (_with(extra=1), "does not have the fields format, topic, student, files, submission_sha256"),
        (_with(topic=7), "does not have the fields"),
        (_with(files=[]), "does not have the fields"),
        (_with(files={"a.py": 1}), "does not give a hash and a length for each file"),
        (_with(student="../../x"), "'../../x' cannot be a student identifier"),
        (_with(student="\ud800"), "cannot be a student identifier"),
    ],
)
def test_refuses_another_form(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_manifest(data)
    assert reason in str(caught.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(json.loads(write_manifest(SUBMISSION, "ada")), VALUES))
)
def test_any_json_is_a_manifest_or_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read_manifest(_with(**{"student": "", **fields}))

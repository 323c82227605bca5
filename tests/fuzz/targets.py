"""What is fuzzed: each target takes any bytes and may raise nothing but its documented error."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.collect.cells import code_cells
from grader.collect.definitions import to_module
from grader.collect.manifest import read_manifest, write_manifest
from grader.collect.names import Refused
from grader.collect.unpack import read_submission
from grader.model.submission import Submission
from grader.wire.codec import DecodeError, FunctionHandle, ObjectHandle, decode, encode
from grader.wire.messages import WireError, from_tuple
from tests.collect.crafting import LINK, TOPICS, Entry, craft
from tests.collect.notebooks import check_compiles, notebook
from tests.wire.test_mutated_frames import corpus as frames

CORPUS = Path(__file__).parent / "corpus"


def frame(data: bytes) -> None:
    """A frame of a student's process: a message, or one of two errors; what decodes, encodes again."""
    with contextlib.suppress(DecodeError, WireError):
        value = decode(data)
        encode(value, refer=_as_it_is)
        from_tuple(value)


def archive(data: bytes) -> None:
    """What somebody handed in: a submission to one of the topics, or a refusal in one line."""
    reason = "taken"
    try:
        submission = read_submission(data, TOPICS, student="ada", source_name="x.zip")
        assert submission.topic in TOPICS
        assert all("/" not in name and not name.startswith(".") for name in submission.files)
    except Refused as refusal:
        reason = refusal.what
    assert reason
    assert reason.isprintable(), reason


def manifest(data: bytes) -> None:
    """The manifest inside an archive."""
    with contextlib.suppress(Refused):
        read_manifest(data)


def read(data: bytes) -> None:
    """A notebook: a module that compiles, or a refusal in one line."""
    reason = "taken"
    try:
        check_compiles(to_module(code_cells(data)))
    except Refused as refusal:
        reason = refusal.what
    assert reason.isprintable(), reason


def _as_it_is(value: object) -> ObjectHandle | FunctionHandle:
    assert isinstance(value, ObjectHandle | FunctionHandle)
    return value


TARGETS: dict[str, Callable[[bytes], None]] = {
    "frame": frame,
    "archive": archive,
    "manifest": manifest,
    "notebook": read,
}


def seeds(target: str) -> Iterator[bytes]:
    """Where fuzzing begins: sound inputs, and whatever was found before."""
    yield from (path.read_bytes() for path in sorted((CORPUS / target).glob("*")))
    if target == "frame":
        yield from frames()
    elif target == "archive":
        yield craft(Entry("norm_layers.py", b"x = 1\n"), Entry("manifest.json", b"{}"))
        yield craft(Entry("norm_layers/norm_layers.py", b"x = 1\n"), Entry("norm_layers/", method=0))
        yield craft(Entry("beam_search.py", b"/etc/passwd", mode=LINK), comment=b"a comment")
    elif target == "notebook":
        yield notebook("%matplotlib inline\nimport os", 'def f(x):\n    return """y"""\n', "!ls\nx = f(1)")
        yield notebook(
            "from __future__ import annotations\nx: int = (1\n% 2); y = x", "%%time\nx?\nclass A: 1"
        )
    else:
        yield write_manifest(Submission(topic="norm_layers", name="", files={"norm_layers.py": b"x"}), "ada")

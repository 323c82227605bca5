"""A damaged file of records is told in one clear line, and never written over."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.records.store import Records
from tests.records.values import NOON, result, result_key, submission

DAMAGES = 100


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with a dozen submissions and their results."""
    path = tmp_path_factory.mktemp("sound") / "records.db"
    with Records.open(path) as records:
        for number in range(12):
            one = submission(b"%d" % number * 40)
            records.add_submission(one, student=f"s{number}", received_at=NOON, source_name="x.zip")
            key = result_key(one.sha256)
            records.add_result(key, result(key))
    return path.read_bytes()


def spoil(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, or the file cut off."""
    spoilt = bytearray(data)
    for _ in range(dice.choice([1, 3, 30])):
        at, length = dice.randrange(len(spoilt)), dice.choice([1, 4, 16])
        spoilt[at : at + length] = dice.randbytes(length)
    return bytes(spoilt[: len(data)] if dice.random() < 0.8 else spoilt[: dice.randrange(1, len(data))])


def read_everything(path: Path) -> None:
    with Records.open(path) as records:
        for standing in records.standings("norm_layers"):
            records.submission_files(standing.submission_sha256)


def test_whatever_is_damaged_is_read_or_told(sound: bytes, tmp_path: Path) -> None:
    """Never a traceback; what is refused is as it was."""
    dice, told = random.Random(20261125), list[str]()
    unchanged = []
    for number in range(DAMAGES):
        path = tmp_path / f"{number}.db"
        path.write_bytes(spoil(sound, dice))
        before = path.read_bytes()
        try:
            read_everything(path)
        except GraderError as error:
            told.append(str(error).replace(str(path), "here"))
            unchanged.append(path.read_bytes() == before)
    assert len(told) > DAMAGES / 2
    assert all("here: " in message for message in told)
    assert all(unchanged)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2026-03-01T", b"2026-03x01T"),
        (b"tttt", b"t\xff\xfft"),
        (b"CREATE TABLE", b"CR\xffATE TABLE"),
    ],
    ids=["no time", "no text", "no table"],
)
def test_what_no_driver_expects(sound: bytes, tmp_path: Path, old: bytes, new: bytes) -> None:
    """A time that is none, text that is none, also in the description of the tables."""
    path = tmp_path / "records.db"
    assert old in sound
    path.write_bytes(sound.replace(old, new))
    with pytest.raises(GraderError, match=r"the records are damaged\n  Restore them from a backup\."):
        read_everything(path)

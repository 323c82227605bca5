"""The records in a real database file: append-only, idempotent, and clear about what is wrong."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from grader.errors import GraderError, InputError, MachineError
from grader.model.result_key import ResultKey
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from grader.records import sqlite_file, store
from grader.records.store import Records
from tests.records.values import NOON, result, result_key, submission


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def records(path: Path) -> Iterator[Records]:
    with Records.open(path) as opened:
        yield opened


def add(records: Records, one: Submission, student: str = "ada", minutes: int = 0) -> bool:
    received = NOON + timedelta(minutes=minutes)
    return records.add_submission(one, student=student, received_at=received, source_name="x.zip")


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(number)


def test_gives_back_the_files_byte_for_byte(records: Records) -> None:
    one = submission(bytes(range(256)))
    assert add(records, one) is True
    kept = records.submission_files(one.sha256)
    assert (kept.topic, dict(kept.files), kept.sha256) == ("norm_layers", dict(one.files), one.sha256)
    assert kept.name == one.sha256[:12]


def test_a_submission_is_kept_once(records: Records, path: Path) -> None:
    assert [add(records, submission()) for _ in range(3)] == [True, False, False]
    assert add(records, submission(), "bob")
    assert add(records, submission(), "ada", minutes=1)
    assert (count(path, "submissions"), count(path, "blobs")) == (3, 1)


def test_the_newest_of_each_student_is_current(records: Records) -> None:
    old, new = submission(b"old"), submission(b"new")
    add(records, new, "ada", minutes=5)
    add(records, old, "ada", minutes=1)
    add(records, old, "Bob", minutes=9)
    add(records, submission(b"b", topic="beam_search"), "ada", minutes=60)
    current = records.current_submissions("norm_layers")
    assert [(one.student, one.submission_sha256) for one in current] == [
        ("Bob", old.sha256),
        ("ada", new.sha256),
    ]
    assert current[1].received_at == NOON + timedelta(minutes=5)
    assert current[1].received_at.tzinfo is UTC
    assert current[1].result is None


def test_of_two_received_at_once_the_one_recorded_last_is_current(records: Records) -> None:
    add(records, submission(b"1"))
    add(records, submission(b"2"))
    assert records.current_submissions("norm_layers")[0].submission_sha256 == submission(b"2").sha256


def test_times_of_other_zones_are_kept_as_utc(records: Records) -> None:
    late = datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=8)))
    records.add_submission(submission(), student="ada", received_at=late, source_name="")
    assert records.current_submissions("norm_layers")[0].received_at == datetime(2026, 3, 1, 5, tzinfo=UTC)


def test_a_time_without_a_zone_is_a_mistake_of_the_caller(records: Records) -> None:
    with pytest.raises(ValueError, match="a time without a zone"):
        records.add_submission(
            submission(), student="ada", received_at=NOON.replace(tzinfo=None), source_name=""
        )


def test_an_odd_source_name_is_kept_visible(records: Records, path: Path) -> None:
    records.add_submission(submission(), student="ada", received_at=NOON, source_name="a\udcff\x1b[31m.zip")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT source_name FROM submissions").fetchall()
    connection.close()
    assert rows == [("a\\udcff\\x1b[31m.zip",)]


def test_an_unknown_submission_is_an_input_error(records: Records) -> None:
    with pytest.raises(InputError, match="there is no submission '0000' in the records"):
        records.submission_files("0000")


def test_a_result_is_found_by_its_whole_key(records: Records) -> None:
    key = result_key()
    assert records.result(key) is None
    assert records.add_result(key, result(key)) is True
    assert records.result(key) == result(key)
    for field in fields(ResultKey):
        assert records.result(result_key(**{field.name: "other"})) is None


def test_the_first_score_stays(records: Records, path: Path) -> None:
    key = result_key()
    assert records.add_result(key, result(key, Verdict.WRONG)) is True
    assert records.add_result(key, result(key, Verdict.WRONG)) is False
    assert records.add_result(key, result(key, Verdict.PASSED)) is False
    assert records.add_result(key, result(key, Verdict.TEST_ERROR)) is False
    assert records.result(key) == result(key, Verdict.WRONG)
    assert count(path, "results") == 1


def test_a_withheld_result_is_judged_again(records: Records, path: Path) -> None:
    key = result_key()
    assert records.add_result(key, result(key, Verdict.SANDBOX_ERROR)) is True
    assert records.add_result(key, result(key, Verdict.SANDBOX_ERROR)) is False
    assert records.result(key) is None
    assert records.result(key, withheld=True) == result(key, Verdict.SANDBOX_ERROR)
    assert records.add_result(key, result(key, Verdict.TEST_ERROR, "again")) is True
    assert records.result(key, withheld=True) == result(key, Verdict.TEST_ERROR, "again")
    assert records.add_result(key, result(key)) is True
    assert records.result(key) == result(key)
    assert count(path, "results") == 3
    assert [stored.result for stored in records.results("norm_layers")] == [result(key)]


@pytest.mark.parametrize("field", ["topic", "submission_sha256", "sandbox"])
def test_a_result_of_another_key_is_a_mistake_of_the_caller(records: Records, field: str) -> None:
    with pytest.raises(ValueError, match="this result belongs to another key"):
        records.add_result(result_key(**{field: "other"}), result(result_key()))


def test_standings_join_submissions_with_their_newest_results(records: Records) -> None:
    judged, waiting = submission(b"judged"), submission(b"waiting")
    add(records, judged, "ada")
    add(records, waiting, "bob")
    old, new = result_key(judged.sha256), result_key(judged.sha256, tests_sha256="n" * 64)
    records.add_result(old, result(old))
    records.add_result(new, result(new, Verdict.WRONG))
    ada, bob = records.standings("norm_layers")
    assert (ada.result, bob.result, bob.judged_at) == (result(new, Verdict.WRONG), None, None)
    assert ada.judged_at is not None
    assert ada.judged_at.tzinfo is UTC
    assert [stored.key for stored in records.results("norm_layers")] == [old, new]
    assert records.results("beam_search") == ()


def test_everything_is_there_after_opening_again(records: Records, path: Path) -> None:
    add(records, submission())
    records.add_result(result_key(), result(result_key()))
    with Records.open(str(path)) as again:
        assert again.current_submissions("norm_layers") == records.current_submissions("norm_layers")
        assert again.result(result_key()) == result(result_key())


def test_a_foreign_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="not the grader's records"):
        Records.open(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_the_file_is_durable_and_private(records: Records, path: Path) -> None:
    add(records, submission())
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    with records._engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert pragmas == ["wal", 2]


def test_many_writers_lose_and_double_nothing(path: Path) -> None:
    start = threading.Barrier(6)

    def write(worker: int) -> int:
        start.wait()
        with Records.open(path) as records:
            added = 0
            for index in range(15):
                added += add(records, submission(b"%d" % index), "ada", index)
                key = result_key(f"{index}")
                records.add_result(key, result(key, Verdict.TEST_ERROR, f"worker {worker}"))
                records.add_result(key, result(key, message=f"worker {worker}"))
        return added

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(write, range(6))) == 15
    assert (count(path, "submissions"), count(path, "blobs")) == (15, 15)
    with Records.open(path) as records:
        results = records.results("norm_layers")
        assert [stored.result.score for stored in results] == [3] * 15


def _message(place: Path | str) -> str:
    with pytest.raises(GraderError) as caught:
        Records.open(place)
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_text("name,score\n" * 200)
    assert _message(path) == (
        f"InputError: {path}: this is not an SQLite database\n"
        "  Name another file; if these were the records, restore them from a backup."
    )
    assert path.read_text() == "name,score\n" * 200


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    assert _message(path) == (
        f"InputError: {path}: this database is not the grader's records\n"
        "  Give the records a database of their own."
    )
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    connection.close()


@pytest.mark.parametrize("version", [0, 2, 99])
def test_records_of_another_version_are_refused(records: Records, path: Path, version: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE records_version SET version = ?", (version,))
    connection.close()
    assert _message(path) == (
        f"InputError: {path}: these records have format {version}, this grader reads format 1\n"
        "  Use the version of the grader that made them."
    )


def test_a_locked_file_is_the_machines_fault(
    records: Records, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", ("busy_timeout=50",))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    expected = (
        f"MachineError: {path}: the records are in use by another program\n  Try again when it has ended."
    )
    assert _message(path) == expected
    other.close()


def test_a_damaged_file_is_the_machines_fault(records: Records, path: Path) -> None:
    for index in range(50):
        add(records, submission(b"%d" % index), minutes=index)
    records.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(MachineError, match=r"the records are damaged\n  Restore them from a backup\."):
        Records.open(path)


def test_a_damaged_blob_is_never_handed_out(records: Records, path: Path) -> None:
    add(records, submission(b"1"))
    add(records, submission(b"2"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE blobs SET content = X'504b' WHERE sha256 = ?", (submission(b"1").sha256,))
        connection.execute(
            "UPDATE blobs SET sha256 = ? WHERE sha256 = ?", ("f" * 64, submission(b"2").sha256)
        )
        connection.execute(
            "UPDATE submissions SET sha256 = ? WHERE sha256 = ?", ("f" * 64, submission(b"2").sha256)
        )
    connection.close()
    for sha256 in (submission(b"1").sha256, "f" * 64):
        with pytest.raises(
            MachineError, match=f"submission {sha256[:12]} is damaged in the records; restore them"
        ):
            records.submission_files(sha256)


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"topic": 1}'])
def test_a_damaged_result_is_never_handed_out(records: Records, path: Path, document: str) -> None:
    records.add_result(result_key(), result(result_key()))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE results SET document = ?", (document,))
    connection.close()
    with pytest.raises(MachineError, match="a result of submission ssssssssssss is damaged in the records"):
        records.result(result_key())


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert _message(tmp_path / "no" / "records.db") == (
        f"InputError: {tmp_path}/no/records.db: cannot open or make this file\n"
        "  Choose a folder that exists and is yours."
    )


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("not://a url:x/", "InputError: not a database URL\n  Expected, say, postgresql://host/name."),
        ("mysql://me@host/db", "InputError: records cannot be kept in 'mysql'\n  Use postgresql or sqlite."),
        ("sqlite+nothing:///x.db", "InputError: x.db: no way to open these records: Can't load plugin"),
        (
            "postgresql+pg8000://me:secret@host/db",
            "InputError: postgresql+pg8000://me:***@host/db: no way to open these records: No module named",
        ),
    ],
)
def test_a_wrong_url_is_told_without_its_password(url: str, message: str) -> None:
    assert _message(url).startswith(message)
    assert "secret" not in _message(url)


def test_a_url_opens_a_file_too(path: Path) -> None:
    with Records.open(f"sqlite:///{path}") as records:
        assert add(records, submission())
    assert count(path, "submissions") == 1


def test_the_same_statements_are_written_for_postgresql() -> None:
    dialect = postgresql.dialect()
    insert = store._INSERT["postgresql"](store._BLOBS).values(sha256="", content=b"").on_conflict_do_nothing()
    assert str(insert.compile(dialect=dialect)).endswith("ON CONFLICT DO NOTHING")
    for table in store._TABLES.sorted_tables:
        assert str(sa.schema.CreateTable(table).compile(dialect=dialect)).startswith(
            f"\nCREATE TABLE {table.name}"
        )


def test_records_in_memory_need_no_file() -> None:
    with Records.open("sqlite://") as records:
        assert add(records, submission())
        assert len(records.current_submissions("norm_layers")) == 1

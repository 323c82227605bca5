"""The records: every submission and every result, append-only. The only door to SQLAlchemy.

    records_version  one row: the version of these tables
    blobs            the files of a submission as a zip archive, once for each content
    submissions      who handed in which content, when
    results          what the judge said: attempts while the score is withheld, then one with a score

Every call is one transaction, and SQLite flushes it to the disk before the call returns: a killed process
loses only what it had not been told is kept. Adding the same thing twice adds it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from grader.errors import InputError, MachineError
from grader.files import visible
from grader.model.result import Result
from grader.model.result_key import ResultKey
from grader.model.standing import Standing
from grader.model.submission import Submission
from grader.records import content, sqlite_file
from grader.records.faults import explain

SCHEMA_VERSION = 1
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_SIZE = 64  # of a SHA-256 in hexadecimal, and of a student's identifier


class _UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware time as UTC text of fixed width: the same, and in the same order, in every database."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


_KEY = tuple(field.name for field in fields(ResultKey))
_TABLES = sa.MetaData()
# fmt: off
_VERSION = sa.Table(
    "records_version", _TABLES, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False)
)
_BLOBS = sa.Table(
    "blobs", _TABLES,
    sa.Column("sha256", sa.String(_SIZE), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
_SUBMISSIONS = sa.Table(
    "submissions", _TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("topic", sa.String(200), nullable=False),
    sa.Column("student", sa.String(_SIZE), nullable=False),
    sa.Column("sha256", sa.ForeignKey("blobs.sha256"), nullable=False),
    sa.Column("received_at", _UtcTime, nullable=False),
    sa.Column("source_name", sa.Text, nullable=False),
    sa.Column("collected_at", _UtcTime, nullable=False),
    sa.UniqueConstraint("topic", "student", "received_at", "sha256"),
)
_RESULTS = sa.Table(
    "results", _TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String(200), nullable=False) for name in _KEY),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("withheld", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("judged_at", _UtcTime, nullable=False),
    sa.UniqueConstraint(*_KEY, "attempt"),
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResult:
    """A result as it stands in the records."""

    key: ResultKey
    result: Result
    judged_at: datetime


class Records:
    """An open set of records. Every method raises MachineError when the database fails."""

    def __init__(self, engine: sa.Engine, where: str) -> None:
        """Use `open`; `where` is what a message calls these records."""
        self._engine, self._where = engine, where

    @classmethod
    def open(cls, place: Path | str) -> Records:
        """Opens or makes the records in an SQLite file, or in the database that an SQLAlchemy URL names.

        Raises InputError for what cannot be records or was made by another version, MachineError otherwise.
        """
        url = _url(place)
        try:
            engine = sa.create_engine(url)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            hint = "Install the database's driver, or use a file path for SQLite."
            raise InputError(f"no way to open these records: {error}", path=_shown(url), hint=hint) from None
        if _is_sqlite(url):
            _prepare_sqlite(engine, url)
        records = cls(engine, _shown(url))
        records._check_version()
        if _is_sqlite(url):
            records._use_wal()
        return records

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_submission(
        self, submission: Submission, *, student: str, received_at: datetime, source_name: str
    ) -> bool:
        """Keeps a submission and its files. False when exactly this one was kept before.

        Raises ValueError for a time without a zone.
        """
        if received_at.tzinfo is None:
            raise ValueError("a time without a zone")
        blob = {"sha256": submission.sha256, "content": content.write_submission(submission)}
        row = {
            "topic": submission.topic,
            "student": student,
            "sha256": submission.sha256,
            "received_at": received_at,
            "source_name": visible(source_name, 500),
            "collected_at": datetime.now(UTC),
        }
        with self._transaction(write=True) as connection:
            _insert(connection, _BLOBS, blob)
            return _insert(connection, _SUBMISSIONS, row)

    def current_submissions(self, topic: str) -> tuple[Standing, ...]:
        """The newest submission of each student, by student, without results."""
        wanted = sa.select(_SUBMISSIONS).where(_SUBMISSIONS.c.topic == topic)
        with self._transaction() as connection:
            rows = connection.execute(wanted.order_by(_SUBMISSIONS.c.received_at, _SUBMISSIONS.c.id)).all()
        newest = {row.student: _standing(row) for row in rows}  # the last one stays
        return tuple(newest[student] for student in sorted(newest))

    def submission_files(self, sha256: str) -> Submission:
        """The submission with this content. Raises InputError for an unknown one."""
        wanted = sa.select(_SUBMISSIONS.c.topic, _BLOBS.c.content).join(_BLOBS)
        with self._transaction() as connection:
            row = connection.execute(wanted.where(_BLOBS.c.sha256 == sha256)).first()
        if row is None:
            raise InputError(f"there is no submission {sha256[:80]!a} in the records", path=self._where)
        try:
            return content.read_submission(row.content, sha256, row.topic)
        except content.DamagedContent:
            raise self._damaged(f"submission {sha256[:12]}") from None

    def result(self, key: ResultKey, *, withheld: bool = False) -> Result | None:
        """The newest result for `key`; a withheld one (to be judged again) only when asked for."""
        with self._transaction() as connection:
            row = _newest(connection, key)
        return None if row is None or (row.withheld and not withheld) else self._stored(row).result

    def add_result(self, key: ResultKey, result: Result) -> bool:
        """Keeps a result. False when this one, or one with a score for the same key, was kept before.

        Raises ValueError for a result that is not that of `key`.
        """
        expected = (key.topic, key.submission_sha256, key.sandbox)
        if (result.topic, result.submission_sha256, result.sandbox) != expected:
            raise ValueError("this result belongs to another key")
        withheld, document = result.score is None, content.write_result(result)
        row = asdict(key) | {"withheld": withheld, "document": document}
        while True:  # once, unless another judge takes the same attempt at this very moment
            with self._transaction(write=True) as connection:
                newest = _newest(connection, key)
                if newest is not None and (not newest.withheld or newest.document == document):
                    return False
                attempt = 0 if newest is None else newest.attempt + 1
                stamped = row | {"attempt": attempt, "judged_at": datetime.now(UTC)}
                if _insert(connection, _RESULTS, stamped):
                    return True

    def results(self, topic: str) -> tuple[StoredResult, ...]:
        """The newest result for each key of a topic, in the order of judging."""
        wanted = sa.select(_RESULTS).where(_RESULTS.c.topic == topic).order_by(_RESULTS.c.id)
        newest: dict[ResultKey, StoredResult] = {}
        with self._transaction() as connection:
            for stored in map(self._stored, connection.execute(wanted)):
                newest.pop(stored.key, None)
                newest[stored.key] = stored
        return tuple(newest.values())

    def standings(self, topic: str) -> tuple[Standing, ...]:
        """The current submission of each student with the newest result of it, if it has one."""
        latest = {stored.key.submission_sha256: stored for stored in self.results(topic)}
        return tuple(
            replace(standing, result=stored.result, judged_at=stored.judged_at)
            if (stored := latest.get(standing.submission_sha256))
            else standing
            for standing in self.current_submissions(topic)
        )

    @contextmanager
    def _transaction(self, *, write: bool = False) -> Iterator[sa.Connection]:
        try:
            with self._engine.execution_options(write=write).begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise explain(str(getattr(error, "orig", error)), self._where) from error
        except ValueError as error:  # no text, or no time, where one must stand
            raise explain("malformed", self._where) from error

    def _check_version(self) -> None:
        with self._transaction(write=True) as connection:
            tables = sa.inspect(connection).get_table_names()
            if not tables:
                _TABLES.create_all(connection)
                connection.execute(_VERSION.insert().values(version=SCHEMA_VERSION))
            elif _VERSION.name not in tables:
                hint = "Give the records a database of their own."
                raise InputError("this database is not the grader's records", path=self._where, hint=hint)
            version = connection.scalar(sa.select(sa.func.max(_VERSION.c.version)))
        if version != SCHEMA_VERSION:
            what = f"these records have format {version}, this grader reads format {SCHEMA_VERSION}"
            raise InputError(what, path=self._where, hint="Use the version of the grader that made them.")

    def _use_wal(self) -> None:
        connection = self._engine.raw_connection()
        try:
            sqlite_file.use_wal(connection)
        finally:
            connection.close()

    def _stored(self, row: sa.Row[Any]) -> StoredResult:
        key = ResultKey(**{name: row._mapping[name] for name in _KEY})
        try:
            result = content.read_result(row.document)
        except content.DamagedContent:
            raise self._damaged(f"a result of submission {key.submission_sha256[:12]}") from None
        return StoredResult(key=key, result=result, judged_at=row.judged_at)

    def _damaged(self, what: str) -> MachineError:
        return MachineError(f"{self._where}: {what} is damaged in the records; restore them from a backup")


def _url(place: Path | str) -> sa.URL:
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=str(place))
    try:
        url = sa.make_url(place)
    except (ArgumentError, ValueError):
        raise InputError("not a database URL", hint="Expected, say, postgresql://host/name.") from None
    if url.get_backend_name() not in _INSERT:
        what = f"records cannot be kept in {url.get_backend_name()!r}"
        raise InputError(what, hint=f"Use {' or '.join(sorted(_INSERT))}.")
    return url


def _is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _shown(url: sa.URL) -> str:
    """The records' name in a message: never with the password."""
    return url.database or "" if _is_sqlite(url) else url.render_as_string(hide_password=True)


def _prepare_sqlite(engine: sa.Engine, url: sa.URL) -> None:
    sqlite_file.make_private(url.database or "")
    sa.event.listen(engine, "connect", sqlite_file.set_up)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A writer waits for its turn here; if it began as a reader it could only fail.
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _insert(connection: sa.Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """True when the row is new; one that is there already stays as it is."""
    insert = _INSERT[connection.dialect.name](table).values(row).on_conflict_do_nothing()
    return connection.execute(insert.returning(sa.literal_column("1"))).first() is not None


def _newest(connection: sa.Connection, key: ResultKey) -> sa.Row[Any] | None:
    same = (_RESULTS.c[name] == value for name, value in asdict(key).items())
    return connection.execute(sa.select(_RESULTS).where(*same).order_by(_RESULTS.c.attempt.desc())).first()


def _standing(row: sa.Row[Any]) -> Standing:
    return Standing(
        student=row.student, topic=row.topic, submission_sha256=row.sha256, received_at=row.received_at
    )

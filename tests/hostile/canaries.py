"""Random marks in everything that must stay secret, and the search for them in memory and in texts."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from grader.judge.seeds import data_seed
from grader.model.submission import Submission
from grader.records.store import Records
from tests.cli.running import SOLVED
from tests.course.small_topic import edit

PLACES = (
    *("course", "tests", "oracle", "reference", "quiz", "diagnosis", "wrong"),
    *("environment", "home", "secret", "student", "submission"),
)
# What a trusted process might import, were a student's folder on its path.
SHADOWED = ("conftest", "oracle", "pytest", "sitecustomize", "sqlalchemy", "test_softmax", "usercustomize")
ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """One mark for each place that has a secret; all begin with `mark`, so that one search finds any."""

    mark: str = field(default_factory=lambda: "k" + secrets.token_hex(16))
    number: float = field(default_factory=lambda: 1 + secrets.randbits(52) / 2**52)

    def __getitem__(self, place: str) -> str:
        """The canary of a place."""
        assert place in PLACES
        return f"{self.mark}{place}"

    def seen_in(self, text: str | bytes) -> list[str]:
        """The places whose secret stands in `text`, or in memory in any of Python's encodings."""
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        seen = ["number"] if struct.pack("<d", self.number) in data else []
        for encoding in ENCODINGS:
            if self.mark.encode(encoding) in data:
                seen += [place for place in PLACES if self[place].encode(encoding) in data] or ["a part"]
        return seen + [f"seed {way}" for way, form in self._forms_of_seeds() if form in data]

    def _forms_of_seeds(self) -> list[tuple[str, bytes]]:
        """The seeds of the hidden tests' data: as bytes, as text, and as Python keeps an integer."""
        forms = []
        for test in ("test_t01_values", "test_t02_temperature"):
            seed = data_seed(self["secret"], "softmax", test)
            digits = b"".join(struct.pack("<I", seed >> 30 * n & 2**30 - 1) for n in range(8))
            forms += [("in bytes", seed.to_bytes(32)), ("in digits", digits), ("as text", b"%d" % seed)]
        return forms


def plant(root: Path, canaries: Canaries) -> None:
    """Mark everything secret of the small course."""

    def append(name: str, text: str) -> None:
        (root / name).write_text((root / name).read_text("utf-8") + text, "utf-8")

    append("autotests/softmax/test_softmax.py", f'\nCANARY = "{canaries["tests"]}"\n')
    append(
        "autotests/softmax/oracle.py", f'\nCANARY = "{canaries["oracle"]}"\nNUMBER = {canaries.number!r}\n'
    )
    edit(
        root,
        "autotests/softmax/test_softmax.py",
        "    for temperature in",
        "    expected = np.full(3, oracle.NUMBER)\n    assert (expected > 0).all()\n    for temperature in",
    )
    edit(
        root,
        "solutions/softmax/softmax.py",
        "_SECRET_SCALE = 1.618034\n",
        f'_SECRET_SCALE = 1.618034\nCANARY = "{canaries["reference"]}"\n',
    )
    edit(root, "solutions/softmax/quiz.yaml", "{en: Count.", f"{{en: Count {canaries['quiz']}.")
    edit(root, "solutions/softmax/submissions.yaml", "over all axes.", f"over all {canaries['diagnosis']}.")
    append("solutions/softmax/wrong/no_temperature.py", f"\n\n# {canaries['wrong']}\n")
    limits = "{call_seconds: 60, test_seconds: 60}"  # time enough to be looked at
    edit(root, "assignments/softmax/assignment.yaml", "{call_seconds: 5}", limits)
    (root / ".grader").mkdir(mode=0o700)
    (root / ".grader/secret").write_text(canaries["secret"] + "\n")


def hand_in_beside(root: Path, canaries: Canaries, spy: bytes) -> None:
    """Put the spy into the records, and a classmate's work, with traps beside it, to be judged before."""
    work = f"{SOLVED}\nCANARY = '{canaries['submission']}'\n".encode()
    handed_in = {
        canaries["student"]: with_hash("0", {"softmax.py": work, **traps(root)}),
        "spy": with_hash("f", {"softmax.py": spy}),
    }
    received = datetime(2026, 11, 1, tzinfo=UTC)
    with Records.open(root / ".grader/records.sqlite") as records:
        for student, one in handed_in.items():
            records.add_submission(one, student=student, received_at=received, source_name=f"{student}.zip")


def traps(root: Path) -> dict[str, bytes]:
    """Modules that nobody on the trusted side may import: each leaves a file in the folder `sprung`."""
    source = f"open({str(root / 'sprung')!r} + '/' + __name__, 'w').close()\n"
    return {f"{name}.py": source.encode() for name in SHADOWED}


def with_hash(first: str, files: dict[str, bytes]) -> Submission:
    """A submission whose hash begins as wanted: that is the order in which they are judged."""
    source = files["softmax.py"]
    for number in range(10_000):
        files = {**files, "softmax.py": source + b"\n# %d\n" % number}
        submission = Submission(topic="softmax", name="", files=files)
        if submission.sha256.startswith(first):
            return submission
    raise AssertionError("no such hash")

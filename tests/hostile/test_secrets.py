"""Nothing secret is in a student's process: its whole memory is searched, from inside and from outside.

`grade` runs twice over a course in which every secret carries a random canary: once without the wall, so that
a submission can send its own memory, and once behind it, where only root may look from outside.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from grader.cli.main import run
from grader.judge.forkserver import ENVIRONMENT, PASSED_THROUGH
from grader.records.store import Records
from grader.report.html import page_name
from grader.sandbox.policy import readable_paths
from tests.cli.running import make_built_course
from tests.hostile.canaries import ENCODINGS, SHADOWED, Canaries, hand_in_beside, plant, traps
from tests.hostile.processes import assert_gone, descendants, memory_of, read, zygotes

SPY = Path(__file__).with_name("spy.py")
Confession = tuple[dict[str, Any], bytes]  # what a process says of itself, and its memory
INSTALLED = (Path(sys.executable).resolve(), *readable_paths())
ROOM_OF_A_SECRET = ("grader.judge", "grader.course", "grader.records", "grader.cli", "test_", "oracle")


@dataclass(slots=True)
class Listener:
    """Takes what spies send, each on a line of its own."""

    server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    heard: list[Confession] = field(default_factory=list)

    def listen(self) -> None:
        """Until the server is shut down."""
        while True:
            try:
                line = self.server.accept()[0]
            except OSError:
                return
            with line, line.makefile("rb") as file:
                self.heard.append((json.loads(file.readline()), file.read()))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class Scene:
    """A course full of canaries, and a spy among its submissions."""

    root: Path
    canaries: Canaries
    control: Canaries  # the spy's own marks, which must be found
    listener: Listener
    environment: dict[str, str]

    def start_grade(self, sandbox: str) -> subprocess.Popen[bytes]:
        """`grade` among files of students, with one judge: the classmate's work passes through it first."""
        options = ["--workers", "1", "--sandbox", sandbox, "--course", ".."]
        command = [sys.executable, "-P", "-m", "grader", "grade", *options]
        return subprocess.Popen(command, cwd=self.inbox, env=self.environment, stderr=subprocess.PIPE)

    @property
    def inbox(self) -> Path:
        """A folder of students' files."""
        return self.root / "inbox"

    def controls_in(self, memory: bytes) -> list[str]:
        """The encodings in which the spy's own texts are found."""
        names = ("narrow", "wide中", "widest😀")
        return [
            encoding
            for name, encoding in zip(names, ENCODINGS, strict=True)
            if f"{self.control.mark}{name}".encode(encoding) in memory
        ]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The course, its secrets marked, nothing graded."""
    canaries, other, listener = Canaries(), Canaries(), Listener()
    root = tmp_path_factory.mktemp("secrets") / canaries["course"]
    root.mkdir()
    make_built_course(root)
    plant(root, canaries)
    home = root.parent / "home"
    home.mkdir()
    (home / ".netrc").write_text(canaries["home"])
    for folder in ("sprung", "inbox"):
        (root / folder).mkdir()
    for name, trap in {**traps(root), "pytest.ini": b"[pytest]\naddopts = --no-such-option\n"}.items():
        (root / "inbox" / name).write_bytes(trap)
    source = SPY.read_text("utf-8").replace("PORT = 0", f"PORT = {listener.port}")
    source = source.replace("@control@", other.mark).replace("NUMBER = 0.5", f"NUMBER = {other.number!r}")
    hand_in_beside(root, canaries, source.encode())
    thread = threading.Thread(target=listener.listen, daemon=True)
    thread.start()
    environment = {**os.environ, "HOME": str(home), "COURSE_PASSWORD": canaries["environment"]}
    yield Scene(root=root, canaries=canaries, control=other, listener=listener, environment=environment)
    listener.server.shutdown(socket.SHUT_RDWR)
    listener.server.close()
    thread.join()


@pytest.fixture(scope="module")
def confession(scene: Scene) -> Confession:
    """What the spy sent of itself, without the wall."""
    process = scene.start_grade("none")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert len(scene.listener.heard) == 1
    return scene.listener.heard[0]


def test_no_secret_is_in_the_memory_of_a_child(scene: Scene, confession: Confession) -> None:
    """Not a byte of tests, oracle, reference, seeds, others' work; the spy's own texts are found."""
    told, memory = confession
    assert len(memory) > 2**20
    assert scene.controls_in(memory) == list(ENCODINGS)
    assert "number" in scene.control.seen_in(memory)
    assert scene.canaries.seen_in(memory) == []
    assert scene.canaries.seen_in(json.dumps(told)) == []


def test_what_surrounds_a_child(confession: Confession) -> None:
    """Its environment, command line, descriptors, folder and modules are the ones we chose."""
    told, _ = confession
    raw, seen = told["environ"]
    passed = {name: os.environ[name] for name in PASSED_THROUGH if name in os.environ}
    expected = {**ENVIRONMENT, **passed}
    assert dict(part.split("=", 1) for part in raw.rstrip("\0").split("\0")) == expected
    assert set(json.loads(seen)) - {"LC_CTYPE"} <= set(expected)
    assert told["argv"][0].split("\0")[1:5] == ["-P", "-s", "-m", "grader.worker.zygote"]
    assert told["folder"] == "/"
    assert all(Path(path).is_relative_to(sys.prefix) or "python" in path for path in told["path"])
    assert strange_files("\n".join(told["maps"])) == set()
    assert [name for name in told["modules"] if name.startswith(ROOM_OF_A_SECRET)] == []


def test_what_a_child_has_open(confession: Confession) -> None:
    """Nothing to read, a pipe to print into, the line to the judge; then the spy's own line and listing."""
    descriptors = confession[0]["descriptors"]
    assert descriptors.pop("0") == "/dev/null"
    assert descriptors["1"] == descriptors.pop("2")
    assert descriptors.pop("1").startswith("pipe:")
    assert descriptors.pop("3").startswith("socket:")
    assert len(descriptors) <= 2
    assert {place.partition(":")[0] for place in descriptors.values()} <= {"socket"}


def test_no_secret_is_seen_from_outside_either(scene: Scene, confession: object) -> None:
    """Behind the wall: memory, environment and descriptors of the zygote and of each of its children."""
    process = scene.start_grade("required")
    try:
        spied = watch(scene, process)
    finally:
        family = descendants(process.pid)
        process.kill()  # the spy would sleep for a minute
        process.communicate()
    assert_gone(family)
    assert spied, "the spy was not seen at work"
    assert scene.canaries.seen_in(b"".join(spied)) == []


def strange_files(maps: str) -> set[str]:
    """Files in a process's memory that the wall would not let it open."""
    paths = {row.split()[5] for row in maps.splitlines() if "/" in row}
    return {path for path in paths if not any(Path(path).is_relative_to(one) for one in INSTALLED)}


def watch(scene: Scene, process: subprocess.Popen[bytes]) -> list[bytes]:
    """Everything of the zygote's family at a moment at which the spy is at work."""
    while process.poll() is None:
        for zygote in zygotes(process.pid):
            children = descendants(zygote) - {zygote}
            try:
                shots = [memory_of(pid) for pid in children]
            except PermissionError:
                pytest.skip("only root may look into a process that is not dumpable")
            except (FileNotFoundError, ProcessLookupError):
                continue  # a child that has ended since
            if any(scene.controls_in(shot) == list(ENCODINGS) for shot in shots):
                family = [zygote, *children]
                assert strange_files("".join(read(pid, "maps").decode() for pid in family)) == set()
                told = [read(pid, name) for pid in family for name in ("environ", "cmdline")]
                return [memory_of(zygote), *shots, *told]
        time.sleep(0.2)
    return []


def test_no_secret_reaches_a_page_or_a_record_of_the_student(scene: Scene, confession: object) -> None:
    """The spy's own page and results: titles, verdicts and messages, and no canary."""
    pages = scene.root / "pages"
    assert run(["report", "--course", str(scene.root), "--to", str(pages)]) == 0
    page = (pages / "students" / page_name("spy")).read_text("utf-8")
    assert "Softmax" in page
    assert scene.canaries.seen_in(page) == []
    with Records.open(scene.root / ".grader/records.sqlite") as records:
        own = next(one.result for one in records.standings("softmax") if one.student == "spy")
    assert own is not None
    assert own.score == 0
    shown = [replace(test, evidence="") for test in own.tests]  # evidence is for staff
    assert scene.canaries.seen_in(repr(shown)) == []


def test_no_trap_was_sprung(scene: Scene, confession: object) -> None:
    """Neither files beside a submission nor those of the current folder are imported by a trusted process."""
    assert os.listdir(scene.root / "sprung") == []
    for name, trap in traps(scene.root).items():
        exec(trap, {"__name__": name.removesuffix(".py")})  # the control: they work
    assert sorted(os.listdir(scene.root / "sprung")) == sorted(SHADOWED)


def test_the_search_finds_what_is_there() -> None:
    """Each canary in each encoding, the number, and the seeds in every form."""
    canaries = Canaries()
    for encoding in ENCODINGS:
        assert canaries.seen_in(b"x" + canaries["oracle"].encode(encoding) + b"x") == ["oracle"]
    assert canaries.seen_in(canaries.mark) == ["a part"]
    assert canaries.seen_in(b"".join(form for _, form in canaries._forms_of_seeds()))[0] == "seed in bytes"
    assert canaries.seen_in("nothing") == []

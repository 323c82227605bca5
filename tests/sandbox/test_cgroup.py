"""The bound on a fork server and its children together, where this machine gives us control groups."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader.judge.forkserver import ForkServer
from grader.sandbox import cgroup

MEMBER = """
import os, sys, time
open(sys.argv[1], "w").write(str(os.getpid()))
held = bytearray(int(sys.argv[2]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def group() -> cgroup.MemoryGroup:
    """A group of this test's own."""
    made = cgroup.make()
    if made is None:
        pytest.skip("no control group may be made by this user")
    return made


def member(group: cgroup.MemoryGroup, hold_bytes: int) -> subprocess.Popen[str]:
    """A process in the group that holds memory."""
    command = [sys.executable, "-c", MEMBER, str(group.members), str(hold_bytes)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_it_bounds_what_is_really_used(group: cgroup.MemoryGroup) -> None:
    """A member that needs more is ended by the kernel; one that needs less is not."""
    group.set_limit(100 * 2**20)
    with member(group, 300 * 2**20) as greedy:
        assert greedy.wait(20) == -9
    with member(group, 10 * 2**20) as modest:
        assert modest.stdout is not None
        assert modest.stdout.readline() == "held\n"
        assert 10 * 2**20 < group.used_bytes() < 100 * 2**20
        modest.kill()
    group.remove()
    assert not group.folder.exists()


def test_what_a_killed_judge_left_is_removed(group: cgroup.MemoryGroup) -> None:
    """By the next one that makes a group; not that of a living judge, which may be about to use it."""
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    left = group.folder.with_name(f"grader-{ended.pid}-1")
    left.mkdir()
    other = cgroup.make()
    assert other is not None
    assert not left.exists()
    assert group.folder.exists()
    for each in (group, other):
        each.remove()
        assert not each.folder.exists()


def test_a_fork_server_is_in_one() -> None:
    """With room for two children, and gone with the server."""
    server = ForkServer(("numpy",), "required", 2**28)
    server.start()
    group = server._group
    if group is None:
        server.stop()
        pytest.skip("no control group may be made by this user")
    assert server._process is not None
    assert str(server._process.pid) in group.members.read_text().split()
    limit = int((group.folder / group.limit).read_text())
    assert 2 * 2**28 < limit < 2**31
    server.stop()
    assert not group.folder.exists()


@pytest.mark.parametrize(
    ("membership", "places"),
    [
        ("0::/user.slice/app.slice/vte.scope\n", ["user.slice/app.slice"]),
        ("9:name=systemd:/\n4:memory:/box\n0::/\n", ["memory/box", "memory", ""]),
        ("4:cpu,memory:/\n", ["memory", "memory"]),
        ("3:cpuset:/\n", []),
        ("nonsense\n", []),
    ],
    ids=["version 2", "both", "version 1", "no memory controller", "no groups"],
)
def test_where_one_may_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, membership: str, places: list[str]
) -> None:
    """From what the kernel says of our own membership."""
    (tmp_path / "cgroup").write_text(membership)
    monkeypatch.setattr(cgroup, "MEMBERSHIP", tmp_path / "cgroup")
    monkeypatch.setattr(cgroup, "MOUNT", tmp_path)
    assert [place.resolve() for place, _, _ in cgroup._places()] == [
        (tmp_path / place).resolve() for place in places
    ]
    assert cgroup.make() is None
    assert list(tmp_path.rglob("grader-*")) == []

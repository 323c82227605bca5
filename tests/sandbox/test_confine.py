"""Which wall stands in which mode, and what is said where one cannot."""

from __future__ import annotations

import os

import pytest

from grader.sandbox import landlock, seccomp
from grader.sandbox.confine import Footprint, NoWall, Wall, missing_layers, wall_name

SMALL = Footprint(mapped_bytes=2, writable_bytes=1)


@pytest.fixture
def no_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel without Landlock."""
    monkeypatch.setattr(landlock, "abi", lambda: 0)


@pytest.fixture
def no_seccomp(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without libseccomp."""
    monkeypatch.setattr(seccomp, "available", lambda: "libseccomp: not found")


def test_everything_stands_here() -> None:
    """This machine can put up the whole wall; its name says which."""
    wall = Wall.prepare("required")
    assert missing_layers() == {}
    assert wall.name == wall_name("required") == f"landlock{landlock.abi()}+seccomp"
    assert wall.filter
    assert wall.ruleset is not None
    assert wall.base.mapped_bytes > wall.base.writable_bytes > 2**20
    os.close(wall.ruleset)


@pytest.mark.usefixtures("no_landlock")
def test_required_without_landlock() -> None:
    """Nothing is graded without the whole wall."""
    with pytest.raises(NoWall) as caught:
        Wall.prepare("required")
    assert str(caught.value) == "landlock: needs Linux 5.13 or newer with Landlock enabled"


@pytest.mark.usefixtures("no_seccomp")
def test_required_without_seccomp() -> None:
    """The reason is passed on."""
    with pytest.raises(NoWall) as caught:
        Wall.prepare("required")
    assert str(caught.value) == "seccomp: libseccomp: not found"


@pytest.mark.usefixtures("no_landlock", "no_seccomp")
def test_required_without_anything() -> None:
    """Both reasons at once: one round of repairs."""
    with pytest.raises(NoWall) as caught:
        wall_name("required")
    assert str(caught.value) == (
        "landlock: needs Linux 5.13 or newer with Landlock enabled; seccomp: libseccomp: not found"
    )


@pytest.mark.usefixtures("no_landlock")
def test_available_takes_what_stands() -> None:
    """A student's own machine, say."""
    wall = Wall.prepare("available")
    assert (wall.name, wall.ruleset) == ("seccomp", None)
    assert wall.filter


@pytest.mark.usefixtures("no_landlock", "no_seccomp")
def test_available_where_nothing_is() -> None:
    """Then it is no wall, and is called so."""
    wall = Wall.prepare("available")
    assert (wall.name, wall.ruleset, wall.filter) == ("none", None, None)


def test_none_is_none() -> None:
    """Spelled out by a person: nothing goes up although it could."""
    wall = Wall.prepare("none")
    assert (wall.name, wall.ruleset, wall.filter) == ("none", None, None)


def test_another_descriptor() -> None:
    """The child moves the ruleset to a number it knows; the rest stays."""
    wall = Wall(ruleset=7, filter=b"x", base=SMALL, name="both")
    assert wall.with_ruleset(4) == Wall(ruleset=4, filter=b"x", base=SMALL, name="both")

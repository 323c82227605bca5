"""What `grader doctor` finds on this machine, and on poorer ones."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROBE = """
import json, os, sys
from grader.sandbox import confine, landlock, namespaces, privileges, seccomp
from grader.sandbox.probe import probe
{change}
print(json.dumps({{f.layer: [f.stands, f.needed, f.detail] for f in probe()}}))
"""


def findings(change: str = "") -> dict[str, list[object]]:
    """`probe()` in a process of its own, which it forks, after a change to that process."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE.format(change=change)],
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, list[object]] = json.loads(run.stdout)
    return result


def test_here() -> None:
    """The needed layers stand on this machine, tried and not looked up."""
    found = findings()
    assert [layer for layer, (_, needed, _) in found.items() if needed] == ["Landlock", "seccomp", "the wall"]
    assert all(stands for stands, needed, _ in found.values() if needed)
    assert str(found["the wall"][2]).startswith("tried on Linux ")
    assert all(detail for _, _, detail in found.values())


@pytest.mark.parametrize(
    ("change", "layer", "detail"),
    [
        ("landlock.abi = lambda: 0", "Landlock", "needs Linux 5.13 or newer with Landlock enabled"),
        (
            "landlock.abi = lambda: 0",
            "the wall",
            "landlock: needs Linux 5.13 or newer with Landlock enabled",
        ),
        (
            "sys.modules['pyseccomp'] = None",
            "seccomp",
            "pyseccomp: import of pyseccomp halted; None in sys.modules",
        ),
        ("seccomp.load_filter = lambda _: None", "the wall", "it fell when tried"),
        (
            "namespaces.enter = lambda: (_ for _ in ()).throw(OSError(1, 'unshare: no'))",
            "namespaces",
            "[Errno 1] unshare: no",
        ),
        ("namespaces.change_root = lambda _: None", "namespaces", "the root did not change"),
        ("namespaces.enter = lambda: os._exit(0)", "namespaces", "refused here"),
        (
            "namespaces._PIVOT_ROOT.clear()",
            "namespaces",
            "needs Linux on x86-64 or 64-bit ARM",
        ),
    ],
)
def test_what_is_missing(change: str, layer: str, detail: str) -> None:
    """Each layer that does not stand, with its reason."""
    stands, _, said = findings(change)[layer]
    assert not stands
    assert said == detail


def test_an_older_landlock() -> None:
    """Signals are seccomp's there."""
    detail = str(findings("landlock.abi = lambda: 4")["Landlock"][2])
    assert detail == "version 4: no files, no TCP, signals by seccomp"

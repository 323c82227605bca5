"""What the zygote imports and where it looks: tried in processes of their own."""

from __future__ import annotations

import subprocess
import sys

from grader.judge.forkserver import ENVIRONMENT


def python(code: str) -> list[str]:
    """Lines that a fresh interpreter prints, in a zygote's environment."""
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    return run.stdout.splitlines()


def test_numpy_alone() -> None:
    """A numpy assignment never pays for torch."""
    code = """
import sys
from grader.worker.warm import warm_up
warm_up(["numpy"])
print("torch" in sys.modules)
"""
    assert python(code) == ["False"]


def test_the_path_holds_the_installation_only() -> None:
    """A checkout's folder, the current one, a user's site: none of them."""
    code = """
import sys, os
sys.path += ["/tmp", os.getcwd()]
from grader.worker.zygote import keep_installed_paths
keep_installed_paths()
print(all(path.startswith((sys.prefix, sys.base_prefix)) for path in sys.path), len(sys.path) > 1)
"""
    assert python(code) == ["True True"]


def test_no_hidden_room_is_loaded() -> None:
    """A child inherits the zygote's memory: nothing of the trusted side may be in it."""
    code = """
import sys, grader.worker.zygote
print(sorted(name for name in sys.modules if name.startswith("grader.") and name.count(".") == 1))
"""
    assert python(code) == ["['grader.sandbox', 'grader.wire', 'grader.worker']"]

"""Fuzz by coverage: `python -m tests.fuzz.guided {frame,archive,manifest,notebook} [SECONDS]`.

atheris mutates bytes towards code that no input has reached yet. What makes a target fail ends the process
with exit code 77 and is written to tests/fuzz/corpus/TARGET/, which tests/fuzz/test_corpus.py replays.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["grader"]):
    from tests.fuzz.targets import CORPUS, TARGETS, seeds


def fuzz(target: str, seconds: int) -> None:
    """Ends the process when the time is up, or something is found."""
    (CORPUS / target).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(target)):
            Path(folder, f"seed-{number}").write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-artifact_prefix={CORPUS / target}/", "-max_len=65536"]
        atheris.Setup([sys.argv[0], *options, folder], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1], int((sys.argv[2:] or ["600"])[0]))

"""What a student's process prints: kept up to a cap, drained always, and never part of a score."""

from __future__ import annotations

import contextlib
import os

from grader.judge.faults import StudentFault
from grader.model.verdict import Verdict

KILL_BYTES = 8 * 2**20
_STEP = 1 << 16


class Output:
    """The reading end of a child's output pipe, served while the judge waits for replies."""

    def __init__(self, descriptor: int, keep_bytes: int) -> None:
        self._descriptor, self._keep = descriptor, keep_bytes
        self._kept = bytearray()
        self._seen = 0
        os.set_blocking(descriptor, False)

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._descriptor

    def on_ready(self) -> bool:
        """Read what is there. False at end of file; raises StudentFault past the kill limit."""
        try:
            chunk = os.read(self._descriptor, _STEP)
        except BlockingIOError:
            return True
        self._kept += chunk[: max(0, self._keep - len(self._kept))]
        self._seen += len(chunk)
        if self._seen > KILL_BYTES:
            raise StudentFault(Verdict.OUTPUT_LIMIT, f"printed more than {KILL_BYTES // 2**20} MiB")
        return bool(chunk)

    def close(self) -> str:
        """Drain what is left, close, and return the text that was kept."""
        with contextlib.suppress(StudentFault):
            while self._pending():
                pass
        os.close(self._descriptor)
        text = self._kept.decode("utf-8", "backslashreplace")
        dropped = self._seen - len(self._kept)
        return f"{text}\n[{dropped} more bytes were not kept]" if dropped else text

    def _pending(self) -> bool:
        before = self._seen
        return self.on_ready() and self._seen > before

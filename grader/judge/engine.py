"""Grade's end of a judge process: start it, hand it submissions, replace it when it dies or is stuck."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from typing import Any

from grader.errors import GraderError, InputError, MachineError
from grader.judge.spec import JudgeSpec
from grader.model.result import HiddenTest, Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from grader.wire.channel import Channel, ChannelClosed, DeadlinePassed
from grader.wire.codec import TRUSTED_CAPS, decode, encode

START_SECONDS = 180.0
# Beyond a submission's own deadline: the judge kills children by itself, so one that is later is stuck in a
# test.
GRACE_SECONDS = 30.0
ATTEMPTS = 3
# One thread, as for the students. Options and plugins for the user's own runs of pytest would break ours.
# What is large is mapped and given back, so that what a student sends leaves no holes in the judge's heap.
ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=4194304",
    "OMP_NUM_THREADS": "1",
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_PLUGINS": "",
    "PYTHONDONTWRITEBYTECODE": "1",
}
RESTORE = "Unpack the handout again to get the original tests."


class Engine:
    """One judge process for one assignment."""

    def __init__(self, spec: JudgeSpec) -> None:
        self.spec = spec
        self.tests: tuple[HiddenTest, ...] = ()
        self.wall = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it is ready; one that dies of it is started again.

        Raises InputError (tests) or MachineError (wall).
        """
        for _ in range(ATTEMPTS):
            try:
                return self._start()
            except (ChannelClosed, DeadlinePassed):
                self.stop()
        raise MachineError("a judge process did not start; see its message above")

    def _start(self) -> None:
        self.stop()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "grader.judge.session", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT},
            )
        self._channel = Channel(ours, TRUSTED_CAPS.frame_bytes)
        self._make_ready(self.spec.to_json())

    def _make_ready(self, request: dict[str, Any]) -> None:
        ready = self._exchange(request, START_SECONDS)
        self._raise_if_broken(ready)
        self.tests = tuple(HiddenTest(**test) for test in ready["ready"])
        self.wall = ready["wall"]

    def turn(self, spec: JudgeSpec) -> None:
        """Judge by another spec from now on. A process that lives keeps what takes long to start: libraries,
        fork server. Raises as `start` does."""
        self.spec = spec
        if self._process is None:
            return self.start()
        try:
            self._make_ready({"turn": spec.to_json()})
        except (ChannelClosed, DeadlinePassed):
            self.start()

    def stop(self) -> None:
        """End the process; its fork server and children end with it."""
        if self._process is not None:
            self._channel.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def judge(self, submission: Submission, secret: str, only: Collection[str] | None = None) -> Result:
        """One submission's result; with `only`, of the tests with these names. A judge that dies is replaced
        and asked again, a stuck one is a broken test."""
        return self.judge_under(submission, (secret,), only)[0]

    def judge_under(
        self, submission: Submission, secrets: Sequence[str], only: Collection[str] | None = None
    ) -> tuple[Result, ...]:
        """The results of one submission under each of several secrets, for `verify`: a test has the same
        process under all of them."""
        names = None if only is None else sorted(only)
        request = {"files": dict(submission.files), "secrets": list(secrets), "only": names}
        deadline = self.spec.assignment.limits.submission_seconds * len(secrets) + GRACE_SECONDS
        verdict, message = Verdict.SANDBOX_ERROR, f"the judge died {ATTEMPTS} times"
        started = time.monotonic()
        for _ in range(ATTEMPTS):
            if self._process is None:
                self.start()
            started = time.monotonic()
            try:
                # The canary of a new secret takes a submission's time of its own.
                reply = self._exchange(request, 2 * deadline)
            except ChannelClosed:
                self.stop()
                continue
            except DeadlinePassed:
                self.stop()
                verdict, message = Verdict.TEST_ERROR, "a hidden test did not end"
                break
            self._raise_if_broken(reply)
            return tuple(map(Result.from_json, reply["results"]))
        due = [test for test in self.tests if only is None or test.name in only]
        withheld = Result(
            topic=submission.topic,
            submission_sha256=submission.sha256,
            tests=tuple(TestResult(test=test, verdict=verdict, message=message) for test in due),
            sandbox=self.wall,
            seconds=time.monotonic() - started,
        )
        return (withheld,) * len(secrets)

    def _exchange(self, data: dict[str, Any], seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        self._channel.send(encode(data, caps=TRUSTED_CAPS), deadline)
        return decode(self._channel.receive(deadline), caps=TRUSTED_CAPS)

    def _raise_if_broken(self, reply: dict[str, Any]) -> None:
        if "broken" not in reply:
            return
        self.stop()
        error: GraderError
        if reply["fault"] == "staff":
            hint = f"Nothing was graded. `pytest autotests/{self.spec.assignment.slug}` shows more."
            if self.spec.reference is None:
                hint = RESTORE
            error = InputError(reply["broken"], path=self.spec.tests, hint=hint)
        else:
            error = MachineError(
                f"{reply['broken']}\n  Nothing was graded. `grader doctor` says what is missing."
            )
        raise error

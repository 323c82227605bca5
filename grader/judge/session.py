"""A judge process: trusted, warm, one assignment, one pytest session, many submissions.

    python -P -m grader.judge.session FD

Over a stream socket, each frame a dict of the wire's codec (both ends are ours, but one language is enough):

    grade                          judge
      JudgeSpec.to_json()    ──►     collects the tests, imports the reference, starts the fork server
                             ◄──   {"ready": tests, "wall": name}  or  {"broken": reason, "fault": "staff"}
      {"files", "secret"}    ──►     with a new secret, the reference first: the canary
                             ◄──   {"result": ...}  or  {"broken": reason, "fault": "machine"}
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from grader.judge.bench import Bench
from grader.judge.child import Child
from grader.judge.faults import MachineFault, StudentFault
from grader.judge.forkserver import ForkServer
from grader.judge.memo import MemoStudent
from grader.judge.plugin import SWITCHED_OFF, JudgePlugin
from grader.judge.reference import load_module
from grader.judge.score import Outcome, judge
from grader.judge.spec import JudgeSpec
from grader.judge.student import Student
from grader.model.result import HiddenTest, Result, TestResult
from grader.model.submission import Submission
from grader.model.verdict import Verdict
from grader.sandbox import privileges
from grader.wire.channel import Channel, ChannelClosed
from grader.wire.codec import TRUSTED_CAPS, decode, encode

# A module that fails to load twice fails for every test: no need to wait for an endless import thirteen
# times.
LOAD_FAILURES = 2


class Broken(Exception):
    """Nothing can be graded: the tests or the reference (staff), or the machine."""

    def __init__(self, reason: str, fault: str) -> None:
        super().__init__(reason)
        self.fault = fault


class Session:
    """The loop of one judge process."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._spec = JudgeSpec.from_json(self._receive())
        self._assignment = self._spec.assignment
        self._server = ForkServer(self._assignment.libraries, self._spec.sandbox.value)
        self._bench = Bench(self._server, self._assignment)
        self._load_failures = 0
        # Kinds of the reference's replies, by secret and test: what a right answer looks like.
        self._canaries: dict[str, dict[str, list[str]]] = {}

    # ---- conversation with grade -------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until grade hangs up."""
        with contextlib.suppress(ChannelClosed):
            try:
                self._run_pytest()
            except (Broken, MachineFault) as error:
                self._refuse(error)
        self._server.stop()

    def _run_pytest(self) -> None:
        spec = self._spec
        reference = None if spec.reference is None else MemoStudent(load_module(spec.reference))
        plugin = JudgePlugin(self._assignment.slug, reference, self._serve)
        off = [argument for name in SWITCHED_OFF for argument in ("-p", f"no:{name}")]
        # Asserts are left plain: a rewritten one would print hidden values.
        rewrite = "--assert=rewrite" if spec.reference is None else "--assert=plain"
        status = pytest.main(
            [str(spec.tests), "--noconftest", "-c", os.devnull, f"--rootdir={spec.root}", rewrite, *off],
            plugins=[plugin],
        )
        if status not in (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            raise Broken(f"pytest ended with {pytest.ExitCode(status).name} on {spec.tests}", "staff")

    def _serve(self, plugin: JudgePlugin) -> None:
        self._plugin = plugin
        if plugin.collection_errors or not plugin.items:
            reason = "\n".join(plugin.collection_errors) or f"no tests in {self._spec.tests}"
            self._refuse(Broken(reason, "staff"))
            return
        try:
            self._server.start()
        except MachineFault as error:
            self._refuse(error)
            return
        tests = [vars_of(test) for test in plugin.tests()]
        self._send({"ready": tests, "wall": self._server.wall})
        with contextlib.suppress(ChannelClosed):  # grade hangs up when it is done
            while True:
                self._send(self._reply(self._receive()))

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"result": self._judge_request(request["files"], request["secret"]).to_json()}
        except (Broken, MachineFault) as error:
            return refusal(error)

    def _refuse(self, error: Broken | MachineFault) -> None:
        self._send(refusal(error))

    def _receive(self) -> Any:
        return decode(self._channel.receive(), caps=TRUSTED_CAPS)

    def _send(self, data: dict[str, Any]) -> None:
        self._channel.send(encode(data, caps=TRUSTED_CAPS))

    # ---- one submission ----------------------------------------------------------------------------------

    def _judge_request(self, files: Mapping[str, bytes], secret: str) -> Result:
        self._plugin.secret = secret
        if self._spec.reference is not None and secret not in self._canaries:
            self._fly_canary(secret)
        return self._judge(files, self._canaries.get(secret))

    def _fly_canary(self, secret: str) -> None:
        """The reference through the whole engine. If it does not earn full marks, nothing is graded."""
        assert self._spec.reference is not None
        folder = self._spec.reference.parent
        files = {name: (folder / name).read_bytes() for name in self._assignment.files}
        kinds: dict[str, list[str]] = {}
        result = self._judge(files, None, kinds)
        for test in result.tests:
            if test.verdict is not Verdict.PASSED:
                fault = "machine" if test.verdict is Verdict.SANDBOX_ERROR else "staff"
                detail = f"{test.verdict.value} in {test.test.name}: {test.message}\n{test.evidence}"
                raise Broken(
                    f"the reference of {self._assignment.slug} does not earn full marks: {detail}", fault
                )
        self._canaries[secret] = kinds

    def _judge(
        self,
        files: Mapping[str, bytes],
        expected: dict[str, list[str]] | None,
        kinds: dict[str, list[str]] | None = None,
    ) -> Result:
        """Every collected test, each against a fresh process. `kinds` collects what the replies looked
        like."""
        started = time.monotonic()
        self._load_failures = 0
        self._bench.seat(files)
        results: list[TestResult] = []
        for index, test in enumerate(self._plugin.tests()):
            overdue = time.monotonic() - started > self._assignment.limits.submission_seconds
            if overdue:
                message = (
                    f"the whole submission took longer than {self._assignment.limits.submission_seconds:g} s"
                )
                results.append(TestResult(test=test, verdict=Verdict.TIMED_OUT, message=message))
            elif self._load_failures >= LOAD_FAILURES:
                results.append(_like(results[-1], test))
            else:
                results.append(self._judge_test(index, test, expected, kinds))
        self._bench.clear()
        submission = Submission(topic=self._assignment.slug, name="", files=files)
        return Result(
            topic=self._assignment.slug,
            submission_sha256=submission.sha256,
            tests=tuple(results),
            sandbox=self._server.wall,
            seconds=time.monotonic() - started,
        )

    def _judge_test(
        self,
        index: int,
        test: HiddenTest,
        expected: dict[str, list[str]] | None,
        kinds: dict[str, list[str]] | None,
    ) -> TestResult:
        """One test; once more with a new fork server when the old one has died."""
        last = index + 1 == len(self._plugin.items)
        try:
            return self._attempt(index, test, expected, kinds, fork_ahead=not last)
        except MachineFault as error:
            try:
                self._bench.restart()
                return self._attempt(index, test, expected, kinds, fork_ahead=not last)
            except MachineFault as again:
                message = f"{error}; {again}"
                return TestResult(test=test, verdict=Verdict.SANDBOX_ERROR, message=message)

    def _attempt(
        self,
        index: int,
        test: HiddenTest,
        expected: dict[str, list[str]] | None,
        kinds: dict[str, list[str]] | None,
        *,
        fork_ahead: bool,
    ) -> TestResult:
        started = time.monotonic()
        child = self._bench.take(fork_ahead=fork_ahead)
        try:
            outcome = self._open_and_run(index, test, child, expected)
        finally:
            printed = child.end()
        if isinstance(outcome.fatal, MachineFault):
            raise outcome.fatal
        if kinds is not None:
            kinds[test.name] = child.kinds
        verdict, message, evidence = judge(outcome)
        return TestResult(
            test=test,
            verdict=verdict,
            message=message,
            evidence=evidence,
            output=printed,
            seconds=time.monotonic() - started,
        )

    def _open_and_run(
        self, index: int, test: HiddenTest, child: Child, expected: dict[str, list[str]] | None
    ) -> Outcome:
        try:
            child.open()
        except StudentFault as fault:
            self._load_failures += 1
            return Outcome(error=fault, fatal=child.fatal, request=child.last_request)
        except MachineFault as fault:
            return Outcome(error=fault, fatal=fault)
        self._load_failures = 0
        if self._bench.banned is None:
            self._bench.banned = child.banned
        banned = self._bans_on(test, self._bench.banned)
        if banned:
            message = f"uses {', '.join(banned)}, which this assignment asks you to do without"
            return Outcome(error=StudentFault(Verdict.BANNED, message))
        errors = self._plugin.run(index, Student(child))
        return Outcome(
            error=errors[0][1] if errors else None,
            broken_fixture=bool(errors) and errors[0][0] != "call",
            fatal=child.fatal,
            request=child.last_request,
            kinds=child.kinds,
            expected_kinds=None if expected is None else expected.get(test.name),
        )

    def _bans_on(self, test: HiddenTest, used: list[str]) -> list[str]:
        bans = (ban for ban in self._assignment.banned if not ban.tests or test.label in ban.tests)
        return [ban.name for ban in bans if ban.name in used]


def _like(result: TestResult, test: HiddenTest) -> TestResult:
    """The same failure to load, for a test that was not run."""
    return TestResult(test=test, verdict=result.verdict, message=result.message, evidence=result.evidence)


def vars_of(test: HiddenTest) -> dict[str, Any]:
    """A test as plain data."""
    return {"label": test.label, "name": test.name, "title": test.title, "points": test.points}


def refusal(error: Broken | MachineFault) -> dict[str, Any]:
    """Why nothing is graded, as plain data."""
    return {"broken": str(error), "fault": error.fault if isinstance(error, Broken) else "machine"}


def die_with_grade() -> None:
    """End this process when the one that started it goes, even in the middle of an endless test."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Entry point of a judge process."""
    privileges.set_undumpable()
    die_with_grade()
    sock = socket.socket(fileno=int(sys.argv[1]))
    Session(Channel(sock, TRUSTED_CAPS.frame_bytes)).run()


if __name__ == "__main__":
    main()

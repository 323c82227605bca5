"""A judge process: trusted, warm, one assignment at a time, one pytest session for it, many submissions.

    python -P -m grader.judge.session FD

Over a stream socket, each frame a dict of the wire's codec (both ends are ours, but one language is enough):

    grade                          judge
      JudgeSpec.to_json()    ──►     collects the tests, imports the reference, starts the fork server
                             ◄──   {"ready": tests, "wall": name}  or  {"broken": reason, "fault": "staff"}
      {"files", "secrets",
       "only"}               ──►     with a new secret, the reference first: the canary
                             ◄──   {"results": [...]}  or  {"broken": reason, "fault": "machine"}
      {"turn": to_json()}    ──►     lets go of the assignment and begins with another one
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from grader.judge import memory
from grader.judge.bench import Bench
from grader.judge.faults import MachineFault
from grader.judge.forkserver import ForkServer
from grader.judge.memo import MemoStudent
from grader.judge.plugin import SWITCHED_OFF, JudgePlugin
from grader.judge.reference import forgetting_imports, load_module
from grader.judge.spec import JudgeSpec
from grader.judge.trial import Kinds, Trial
from grader.model.result import Result
from grader.model.verdict import Verdict
from grader.sandbox import privileges
from grader.wire.channel import Channel, ChannelClosed
from grader.wire.codec import TRUSTED_CAPS, decode, encode

# Assignments with torch and without take turns in a course, and torch takes seconds to start.
SERVERS = 2


class Broken(Exception):
    """Nothing can be graded: the tests or the reference (staff), or the machine."""

    def __init__(self, reason: str, fault: str) -> None:
        super().__init__(reason)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """The reference under one secret: what kind of value each right reply is, and the result."""

    kinds: Kinds
    result: Result


class Session:
    """The loop of one judge process."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._next: dict[str, Any] | None = self._receive()
        self._servers: list[ForkServer] = []  # the one in use first

    # ---- conversation with grade -------------------------------------------------------------------------

    def run(self) -> None:
        """Serve one assignment after the other until grade hangs up, or nothing can be graded."""
        with contextlib.suppress(ChannelClosed):
            try:
                while self._next is not None:
                    self._take(JudgeSpec.from_json(self._next))
                    with forgetting_imports(self._spec.tests, self._spec.reference):
                        self._run_pytest()
            except (Broken, MachineFault) as error:
                self._send(refusal(error))
        self._keep_servers(0)

    def _keep_servers(self, most: int) -> None:
        """Stop all but the `most` that were used last."""
        for server in self._servers[most:]:
            server.stop()
        del self._servers[most:]

    def _take(self, spec: JudgeSpec) -> None:
        memory.forget()  # the assignment before
        self._spec, self._next = spec, None
        memory_bytes = spec.assignment.limits.memory_mb * 2**20
        new = ForkServer(spec.assignment.libraries, spec.sandbox.value, memory_bytes)
        server = next((server for server in self._servers if server.does_for(new)), new)
        self._servers = [server, *(other for other in self._servers if other is not server)]
        self._keep_servers(SERVERS)
        self._bench = Bench(server, spec.assignment)
        self._canaries: dict[str, Canary] = {}  # by secret

    def _run_pytest(self) -> None:
        spec = self._spec
        reference = None if spec.reference is None else import_reference(spec.reference)
        self._reference = {} if spec.reference is None else read_beside(spec.reference, spec.assignment.files)
        plugin = JudgePlugin(spec.assignment.slug, reference, self._serve)
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
        """Called by pytest, which would swallow an exception: what is broken is sent instead."""
        self._plugin = plugin
        with contextlib.suppress(ChannelClosed):  # grade hangs up when it is done
            try:
                self._send(self._start())
            except (Broken, MachineFault) as error:
                self._send(refusal(error))
                return
            while self._next is None:
                request = self._receive()
                if "turn" in request:
                    self._next = request["turn"]
                else:
                    self._send(self._reply(request))

    def _start(self) -> dict[str, Any]:
        if self._plugin.collection_errors or not self._plugin.items:
            reason = "\n".join(self._plugin.collection_errors) or f"no tests in {self._spec.tests}"
            raise Broken(reason, "staff")
        server = self._bench.server
        if not server.is_running:
            server.start()
        memory.keep()  # what pytest has imported
        return {"ready": [asdict(test) for test in self._plugin.tests()], "wall": server.wall}

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"results": [result.to_json() for result in self._judge(**request)]}
        except (Broken, MachineFault) as error:
            return refusal(error)
        finally:
            memory.give_back()

    def _receive(self) -> Any:
        return decode(self._channel.receive(), caps=TRUSTED_CAPS)

    def _send(self, data: dict[str, Any]) -> None:
        self._channel.send(encode(data, caps=TRUSTED_CAPS))

    # ---- judging -----------------------------------------------------------------------------------------

    def _judge(
        self, files: Mapping[str, bytes], secrets: list[str], only: list[str] | None
    ) -> Iterator[Result]:
        """One result under each secret."""
        if self._reference:
            for secret in secrets:
                if secret not in self._canaries:
                    self._canaries[secret] = self._fly_canary(self._reference, secret)
                    memory.keep()  # what the tests have imported and made when they first ran
            if files == self._reference and only is None and not self._spec.measure:
                yield from [self._canaries[secret].result for secret in secrets]
                return
        if not self._plugin.keeps_processes:
            yield from self._try(files, secrets, only)
            return
        # What outlives a test belongs to the data of one secret.
        (first,) = self._try(files, secrets[:1], only)
        yield first
        again = [name for name in self._plugin.tests_that_see_the_secret() if only is None or name in only]
        for secret in secrets[1:]:
            yield completed(self._try(files, [secret], again), first)

    def _try(self, files: Mapping[str, bytes], secrets: list[str], only: list[str] | None) -> list[Result]:
        trial = Trial(
            self._bench,
            self._plugin,
            secrets,
            [self._canaries[secret].kinds if secret in self._canaries else None for secret in secrets],
            only,
            stop_at_first_failure=self._spec.stop_at_first_failure,
            measure=self._spec.measure,
        )
        return trial.run(files)

    def _fly_canary(self, files: Mapping[str, bytes], secret: str) -> Canary:
        """The reference under a secret. Raises Broken when it does not earn full marks.

        After the first flight, only what sees the secret need fly again.
        """
        slug = self._spec.assignment.slug
        known = next(iter(self._canaries.values()), None)
        only = None if known is None else self._plugin.tests_that_see_the_secret()
        trial = Trial(self._bench, self._plugin, [secret], [None], only)
        results = trial.run(files)
        for test in [test for result in results for test in result.tests]:
            if test.verdict is not Verdict.PASSED:
                fault = "machine" if test.verdict is Verdict.SANDBOX_ERROR else "staff"
                detail = f"{test.verdict.value} in {test.test.name}{test.place}: {test.message}"
                raise Broken(f"the reference of {slug} does not earn full marks: {detail}", fault)
        if known is None:
            return Canary(kinds=trial.kinds[0], result=results[0])
        return Canary(kinds={**known.kinds, **trial.kinds[0]}, result=completed(results, known.result))


def completed(results: list[Result], first: Result) -> Result:
    """A result under a further secret, with what does not see the secret taken from the first."""
    if not results:
        return first
    (result,) = results
    own = {test.test.name: test for test in result.tests}
    return replace(result, tests=tuple(own.get(test.test.name, test) for test in first.tests))


def read_beside(reference: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The files of a submission as the reference has them."""
    return {name: (reference.parent / name).read_bytes() for name in names}


def import_reference(path: Path) -> MemoStudent:
    """The reference in this process. Raises Broken for whatever its import raises."""
    try:
        return MemoStudent(load_module(path))
    except Exception as error:
        raise Broken(f"{path} cannot be imported: {type(error).__name__}: {error}", "staff") from error


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

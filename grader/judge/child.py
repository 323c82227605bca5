"""One student process, as the judge sees it: a socket that may say anything, and a pipe that may print
anything.

Every wait has a deadline. The first fatal fault (timeout, crash, bad reply, too much output) ends the
conversation for good and decides the verdict, whatever the test does with the exception.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from grader.judge.clock import Clock
from grader.judge.faults import TEXT_LIMIT, MachineFault, StudentFault, student_raised
from grader.judge.forkserver import Ended, ForkServer
from grader.judge.handles import Handles
from grader.judge.local import CallRecord, Counter
from grader.judge.output import Output
from grader.judge.transcript import describe_request, kind
from grader.model.assignment import Assignment
from grader.model.verdict import Verdict
from grader.wire.channel import Channel, ChannelClosed, DeadlinePassed, FrameTooLong
from grader.wire.codec import (
    DEFAULT_CAPS,
    TRUSTED_CAPS,
    DecodeError,
    Decoder,
    Encoder,
    FunctionHandle,
    ObjectHandle,
)
from grader.wire.dtypes import loaded_torch
from grader.wire.messages import (
    Answer,
    AnswerRaised,
    Call,
    Callback,
    Compile,
    Compiled,
    Confined,
    Given,
    Load,
    Loaded,
    Raised,
    Request,
    Returned,
    Unsendable,
    WireError,
    from_tuple,
    to_tuple,
)
from grader.wire.observe import changed_arguments, named_arguments

# A test may keep all that it is sent, arguments of callbacks too. A value weighs more than its bytes. The
# tests of our topics are sent 10 MiB at most.
VOLUME_BYTES, VALUE_BYTES = 2**28, 64
CLOSING_SECONDS = 0.25
CONFINE_SECONDS = 30.0  # forking and confining is ours, and never takes a second on a machine that works


class Child:
    """A forked student process from its first breath to its end."""

    def __init__(self, server: ForkServer, assignment: Assignment, first: Load | Compile) -> None:
        """Fork, and send the message that says what the process is for."""
        self._server, self._assignment, self._limits = server, assignment, assignment.limits
        self._number, sock, output = server.spawn()
        self._output = Output(output, assignment.limits.output_kb * 1024)
        self._clock = Clock()
        self._channel = Channel(sock, DEFAULT_CAPS.frame_bytes, self._output, self._clock.left)
        self._ids = itertools.count(1)
        self._handles = Handles(self)
        self._callbacks = 0
        self._volume = 0  # what it has sent so far, as it weighs here
        self._callback_failure: AssertionError | None = None
        self._deadline = math.inf
        self._end: Ended | None = None
        self.fatal: StudentFault | MachineFault | None = None
        self.names: dict[str, bool] = {}
        self.kinds: list[str] = []  # what kind of value each reply was
        self._last_request: Request | str = ""
        self._last_call: tuple[Call, bytes] | None = None  # that has ended, and as it was sent
        self.counter: Counter | None = None
        self.stood_still = 0.0  # seconds for which the machine kept it waiting, known at its end
        self._live: list[Any] = []
        self._send_first(first)

    # ---- life --------------------------------------------------------------------------------------------

    def _send_first(self, first: Load | Compile) -> None:
        frame = Encoder(caps=TRUSTED_CAPS).encode(to_tuple(first))
        try:
            self._channel.send(frame, self._clock.now() + CONFINE_SECONDS)
        except (ChannelClosed, DeadlinePassed) as error:
            self.fatal = MachineFault(f"a child did not take its submission: {error}")

    def open(self) -> None:
        """Wait until the submission is loaded. Raises StudentFault, or MachineFault when the wall did not go
        up."""
        self._await_the_wall()
        loaded = self._converse(self._receive)
        if isinstance(loaded, Raised):
            raise student_raised(loaded.bases, loaded.text, loaded.traceback)
        if not isinstance(loaded, Loaded):
            raise self._fail(Verdict.BAD_REPLY, "answered before it was asked")
        self.names = loaded.names

    def begin(self) -> None:
        """A further run against the same process: the limits of a test begin anew, and so does the record."""
        self._deadline = self._clock.now() + self._limits.test_seconds
        self._callbacks = self._volume = 0
        self.kinds, self._last_call, self.counter = [], None, None

    def compile(self) -> Compiled:
        """What a child that was sent `Compile` says. Raises as `open` does: a source may be made to take for
        ever to look through."""
        self._await_the_wall()
        compiled = self._converse(self._receive)
        if not isinstance(compiled, Compiled):
            raise self._fail(Verdict.BAD_REPLY, "answered before it was asked")
        return compiled

    def _await_the_wall(self) -> None:
        if self.fatal is not None:
            raise self.fatal
        self._deadline = self._clock.now() + self._limits.test_seconds
        deadline = self._clock.now() + CONFINE_SECONDS
        try:
            process = self._channel.next_sender(deadline)
            confined = self._receive(deadline)
        except (ChannelClosed, DeadlinePassed, StudentFault) as error:
            self.fatal = MachineFault(
                f"a child did not confine itself: {error or 'no answer'}; {self._how_ended()}"
            )
            raise self.fatal from None
        if not isinstance(confined, Confined) or confined.wall != self._server.wall:
            self.fatal = MachineFault("a child did not stand behind the wall that was prepared")
            raise self.fatal
        if process is not None:
            self._clock.follow(process)
        self._last_request = f"import {self._assignment.module}"

    def end(self) -> str:
        """Kill the process, release everything, and return what it printed."""
        self.stood_still = self._clock.settle()
        try:
            self._how_ended()
        finally:
            self._channel.close()
            printed = self._output.close()
        return printed

    def _how_ended(self, patience_seconds: float = 0.0) -> str:
        """End the process if need be, and say how it ended."""
        if self._end is None:
            self._end = self._server.end(self._number, patience_seconds)
        return self._end.in_words()

    # ---- conversation ------------------------------------------------------------------------------------

    def ask(self, make: Callable[[int], Request]) -> Any:
        """Send a request, serve callbacks, return the value. Raises StudentFault; EncodeError is the test's
        own."""
        request = make(next(self._ids))
        encoder = Encoder(self._handles.refer, TRUSTED_CAPS)
        frame = encoder.encode(to_tuple(request))
        self._last_request = request
        reply = self._request(frame, request.id)
        if isinstance(request, Call):
            self._last_call = request, frame
        if self._callback_failure is not None:
            failure, self._callback_failure = self._callback_failure, None
            raise failure
        if isinstance(reply, Raised):
            raise student_raised(reply.bases, reply.text, reply.traceback)
        if isinstance(reply, Unsendable):
            raise StudentFault(Verdict.BAD_REPLY, f"returned {reply.reason[:TEXT_LIMIT]}")
        self.kinds.append(kind(reply.value))
        if self.counter is not None:
            self.counter.bytecodes += reply.bytecodes
        return self._with_gradients(reply.value, request.id, encoder.live)

    @property
    def last_call(self) -> CallRecord:
        """The last call, and which of its arguments are no longer what was sent.

        They are asked for and compared here, so that nothing depends on what the process says about itself:
        who can give back what he was given has kept it.
        """
        if self._last_call is None:
            return CallRecord()
        call, frame = self._last_call
        sent = from_tuple(Decoder(frame, self._handles.resolve, TRUSTED_CAPS).decode())
        before = named_arguments(sent.args, sent.kwargs)
        asked = Given(next(self._ids))
        reply = self._request(Encoder(caps=TRUSTED_CAPS).encode(to_tuple(asked)), asked.id)
        after = reply.value if isinstance(reply, Returned) and isinstance(reply.value, dict) else {}
        return CallRecord(name=call.name, changed=tuple(changed_arguments(before, after)))

    @property
    def last_request(self) -> str:
        """What was last asked, in words; put into words only when somebody wants to know."""
        request = self._last_request
        return request if isinstance(request, str) else describe_request(request)

    def call(
        self, target: ObjectHandle | None, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function of the module (target None), an object (name empty) or a method of it."""
        count = self.counter is not None
        return self.ask(lambda id_: Call(id_, target, name, args, kwargs, grad_enabled(), count))

    def _request(self, frame: bytes, id_: int) -> Returned | Raised | Unsendable:
        if self.fatal is not None:
            raise self.fatal
        reply: Returned | Raised | Unsendable = self._converse(
            lambda deadline: self._exchange(frame, id_, deadline)
        )
        return reply

    def _converse(self, step: Callable[[float], Any]) -> Any:
        """One exchange under a deadline; every way to fail becomes the fault that ends the conversation."""
        started = self._clock.now()
        deadline = min(started + self._limits.call_seconds, self._deadline)
        try:
            return step(deadline)
        except DeadlinePassed:
            raise self._fail(
                Verdict.TIMED_OUT, f"took longer than {deadline - started:.3g} seconds"
            ) from None
        except ChannelClosed:
            raise self._crashed() from None
        except (DecodeError, WireError, FrameTooLong) as error:
            raise self._fail(Verdict.BAD_REPLY, f"sent something that is no reply: {error}") from None
        except StudentFault as fault:
            self.fatal = fault
            raise

    def _exchange(self, frame: bytes, id_: int, deadline: float) -> Any:
        self._channel.send(frame, deadline)
        while True:
            message = self._receive(deadline)
            if isinstance(message, Callback):
                self._answer(message, deadline)
                # A peer that always has the next callback ready is never waited for.
                if self._clock.left(deadline) < 0:
                    raise DeadlinePassed
            elif isinstance(message, Returned | Raised | Unsendable) and message.id == id_:
                return message
            else:
                raise WireError(f"{type(message).__name__} where a reply to request {id_} is due")

    def _receive(self, deadline: float) -> Any:
        frame = self._channel.receive(deadline)
        decoder = Decoder(frame, self._handles.resolve)
        message = from_tuple(decoder.decode())
        self._volume += len(frame) + VALUE_BYTES * decoder.values
        if self._volume > VOLUME_BYTES:
            raise FrameTooLong(f"more than {VOLUME_BYTES // 2**20} MiB in one test")
        self._live = decoder.live
        return message

    def _answer(self, callback: Callback, deadline: float) -> None:
        self._callbacks += 1
        if self._callbacks > self._limits.callbacks:
            limit = self._limits.callbacks
            raise StudentFault(Verdict.TIMED_OUT, f"called the function it was given more than {limit} times")
        function = self._handles.resolve(FunctionHandle(callback.function))
        answer: Answer | AnswerRaised
        try:
            value = function(*callback.args, **callback.kwargs)
            answer = Answer(callback.id, value)
        except StudentFault:
            raise
        except Exception as error:
            if isinstance(error, AssertionError):  # the test's own check, even if the student swallows it
                self._callback_failure = error
            answer = AnswerRaised(callback.id, type(error).__name__)
        self._channel.send(Encoder(self._handles.refer, TRUSTED_CAPS).encode(to_tuple(answer)), deadline)

    def _fail(self, verdict: Verdict, message: str) -> StudentFault:
        fault = StudentFault(verdict, message)
        self.fatal = fault
        return fault

    def _crashed(self) -> StudentFault | MachineFault:
        # Its socket closes a moment before the process itself has ended.
        how = self._how_ended(CLOSING_SECONDS)
        assert self._end is not None
        if self._end.cpu_seconds >= self._limits.test_seconds:
            return self._fail(
                Verdict.TIMED_OUT, f"used {self._end.cpu_seconds:.3g} seconds of processor time"
            )
        if self._end.was_killed_from_outside:
            self.fatal = MachineFault("a child was killed by somebody else, or for want of memory")
            return self.fatal
        return self._fail(Verdict.OUT_OF_MEMORY if self._end.was_out_of_memory else Verdict.CRASHED, how)

    def _with_gradients(self, value: Any, call_id: int, inputs: list[Any]) -> Any:
        if not self._live:
            return value
        from grader.judge.autograd import attach

        return attach(self, call_id, value, self._live, inputs)


def grad_enabled() -> bool:
    """Whether the calling test wants gradients; False where torch is not even loaded."""
    torch = loaded_torch()
    return torch is not None and bool(torch.is_grad_enabled())

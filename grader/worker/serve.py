"""UNTRUSTED SIDE. What a forked child does: confine itself, load the submission, answer requests until it is
killed.

Imports `wire` and `sandbox` only. Assume that student code owns this process from its first instruction on:
nothing here is a defence, everything the judge receives from here is only data.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

from grader.sandbox.confine import Wall
from grader.wire.channel import Channel
from grader.wire.codec import TRUSTED_CAPS, Decoder, EncodeError, Encoder
from grader.wire.dtypes import loaded_torch
from grader.wire.messages import (
    OUT_OF_MEMORY_STATUS,
    Answer,
    AnswerRaised,
    Backward,
    Call,
    Callback,
    Compile,
    Compiled,
    Confined,
    Get,
    Given,
    Grads,
    Iterate,
    Load,
    Loaded,
    Returned,
    Run,
    Unsendable,
    from_tuple,
    to_tuple,
)
from grader.wire.observe import count_bytecodes, named_arguments
from grader.worker.faults import describe_exception
from grader.worker.load import SubmissionFinder, import_submission
from grader.worker.objects import Objects
from grader.worker.scan import banned_names, lookups_by_file

CONTROL_FD, WALL_FD = 3, 4


class Server:
    """One child's conversation with the judge."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._objects = Objects(self._call_back)
        self._module = ModuleType("submission")
        self._files: set[str] = set()
        self._leaves: list[Any] = []
        self._graphs: dict[int, tuple[list[Any], list[Any]]] = {}
        self._callbacks = itertools.count(1)
        self._given: dict[str, Any] = {}  # the arguments of the last call that has ended
        self._turn = threading.RLock()

    def serve(self, wall: Wall) -> None:
        """Everything from the first message on. After a `Load` it returns only by an exception of the
        channel."""
        first = self._receive()
        wall.raise_around_this_process(memory_bytes=first.memory_bytes, cpu_seconds=first.cpu_seconds)
        self._send(Confined(wall.name))
        if isinstance(first, Compile):
            banned = banned_names(first.files.values(), first.bans)
            places = lookups_by_file(first.files) if first.bans else []
            self._send(Compiled(banned, places, SubmissionFinder(first.files).compiled()))
            return
        self._load(first)
        while True:
            self._answer(self._receive())

    def _load(self, load: Load) -> None:
        finder = SubmissionFinder(load.files, load.code)
        self._files = finder.filenames
        try:
            self._module = import_submission(finder, load.module)
            names = {name: callable(value) for name, value in vars(self._module).items() if name[:2] != "__"}
            self._send(Loaded(names))
        except BaseException as error:
            self._send(describe_exception(0, error, self._files))

    def _receive(self) -> Any:
        decoder = Decoder(self._channel.receive(), self._objects.resolve, TRUSTED_CAPS)
        message = from_tuple(decoder.decode())
        self._leaves = decoder.live
        return message

    def _send(self, message: Any) -> list[Any]:
        """Send, and return the tensors in it that require a gradient."""
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        encoder = Encoder(self._objects.refer)
        self._channel.send(encoder.encode(to_tuple(message)))
        return encoder.live

    def _answer(self, request: Any) -> None:
        """Run one request. Every outcome of student code becomes exactly one reply."""
        leaves = self._leaves
        try:
            value, bytecodes = self._perform(request)
            reply: Any = Returned(request.id, value, bytecodes)
            outputs = self._send(reply)
            if outputs:
                self._graphs[request.id] = (leaves, outputs)
        except EncodeError as error:
            self._send(Unsendable(request.id, str(error)))
        except BaseException as error:
            self._send(describe_exception(request.id, error, self._files))

    def _perform(self, request: Any) -> tuple[Any, int]:
        if isinstance(request, Call):
            return self._call(request)
        if isinstance(request, Get):
            return getattr(self._target(request.target), request.name), 0
        if isinstance(request, Iterate):
            return list(itertools.islice(iter(self._target(request.target)), request.limit)), 0
        if isinstance(request, Run):
            return self._probe(request.source, request.name)(self._module, **request.data), 0
        if isinstance(request, Backward):
            return self._backward(request), 0
        if isinstance(request, Grads):
            parameters = self._target(request.target).named_parameters()
            return {name: parameter.grad for name, parameter in parameters}, 0
        if isinstance(request, Given):
            return self._given, 0
        raise TypeError(f"{type(request).__name__} is no request")

    def _target(self, target: Any) -> Any:
        return self._module if target is None else target

    def _call(self, call: Call) -> tuple[Any, int]:
        target = self._target(call.target)
        function = getattr(target, call.name) if call.name else target
        try:
            with self._gradients(call.grad):
                if not call.count:
                    return function(*call.args, **call.kwargs), 0
                return count_bytecodes(self._files, lambda: function(*call.args, **call.kwargs))
        finally:
            self._given = named_arguments(call.args, call.kwargs)

    def _gradients(self, enabled: bool) -> Any:
        torch = loaded_torch()
        return contextlib.nullcontext() if torch is None else torch.set_grad_enabled(enabled)

    def _probe(self, source: str, name: str) -> Callable[..., Any]:
        namespace: dict[str, Any] = {"__name__": "probe"}
        exec(compile(source, "<probe>", "exec"), namespace)
        function: Callable[..., Any] = namespace[name]
        return function

    def _backward(self, request: Backward) -> list[Any]:
        torch = loaded_torch()
        leaves, outputs = self._graphs[request.call_id]
        pairs = [(o, c) for o, c in zip(outputs, request.cotangents, strict=True) if c is not None]
        # retain_graph: gradcheck and tests may ask the same outputs several times.
        torch.autograd.backward([o for o, _ in pairs], [c for _, c in pairs], retain_graph=True)
        gradients = [leaf.grad for leaf in leaves]
        for leaf in leaves:
            leaf.grad = None
        return gradients

    def _call_back(self, function: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Ask the judge. Threads of the student's take turns: a question and its answer stay together."""
        with self._turn:
            id_ = next(self._callbacks)
            self._send(Callback(id_, function, args, kwargs))
            while True:
                message = self._receive()
                if isinstance(message, Answer) and message.id == id_:
                    return message.value
                if isinstance(message, AnswerRaised) and message.id == id_:
                    raise RuntimeError(f"the function that the test passed raised {message.type_name}")
                self._answer(message)


def run_child(control: int, output: int, wall: Wall) -> None:
    """A freshly forked child: arrange the descriptors, serve, and never return."""
    try:
        wall = _arrange_descriptors(control, output, wall)
        Server(Channel(socket.socket(fileno=CONTROL_FD), TRUSTED_CAPS.frame_bytes)).serve(wall)
    except (MemoryError, SystemError):  # the second where the first finds no memory for itself
        os._exit(OUT_OF_MEMORY_STATUS)
    finally:
        os._exit(70)


def _arrange_descriptors(control: int, output: int, wall: Wall) -> Wall:
    """0 nothing to read, 1 and 2 the output pipe, 3 the judge, 4 the wall's ruleset; the rest closed."""
    high = 200  # above everything open, so that no dup2 overwrites what is still needed
    os.dup2(control, high)
    os.dup2(output, high + 1)
    if wall.ruleset is not None:
        os.dup2(wall.ruleset, high + 2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(high + 1, 1)
    os.dup2(high + 1, 2)
    os.dup2(high, CONTROL_FD)
    if wall.ruleset is not None:
        os.dup2(high + 2, WALL_FD)
    os.closerange(CONTROL_FD + 1 if wall.ruleset is None else WALL_FD + 1, high + 3)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        # Whoever wraps `sys.stdout.buffer` anew needs a second name, or the old wrapper goes and closes it.
        setattr(sys, f"__{name}__", stream)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  (a student's input() meets end of file)
    return wall.with_ruleset(None if wall.ruleset is None else WALL_FD)

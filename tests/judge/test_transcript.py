"""Kinds of replies, and requests in words: shapes and types, never content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.judge.transcript import describe_request, kind
from grader.wire.codec import ObjectHandle
from grader.wire.messages import Backward, Call, Get, Grads, Iterate, Request, Run

MODEL = ObjectHandle(1, "Model")


def call(target: ObjectHandle | None, name: str, *args: Any, **kwargs: Any) -> Call:
    """A call as a test makes it."""
    return Call(1, target, name, args, kwargs, grad=False, count=False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "None"),
        (True, "bool"),
        ("text", "str"),
        (b"raw", "bytes"),
        (1, "number"),
        (1.5, "number"),
        (2j, "number"),
        (np.float32(1), "number"),
        (np.array(1.0), "number"),
        (torch.tensor(1.0), "number"),
        (np.zeros(3), "array of 1 dimension"),
        (np.zeros((3, 4)), "array of 2 dimensions"),
        (torch.zeros(3), "tensor of 1 dimension"),
        ((np.zeros(2), 1.0), "(array of 1 dimension, number)"),
        ((), "()"),
        (tuple(range(9)), "tuple of number"),
        ([1, 2.0], "list of number"),
        ([], "list of nothing"),
        ([1, None], "list of None or number"),
        ([1, None, "a", b"b", True], "list of None or bool or bytes or number"),
        ({1, 2}, "set of number"),
        ({"a": np.zeros(2)}, "dict of array of 1 dimension"),
        ([[1], [2]], "list of list of number"),
        pytest.param(object(), "object", id="object"),
    ],
    ids=repr,
)
def test_kinds(value: Any, expected: str) -> None:
    """What decides whether a test that broke has met an answer of the wrong kind."""
    assert kind(value) == expected


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (call(None, "f", np.zeros((2, 3)), 5, mask=None), "f(float64 array of shape (2, 3), int, mask=None)"),
        (call(MODEL, "forward", torch.zeros(2)), "forward(float32 tensor of shape (2,))"),
        (call(MODEL, ""), "Model()"),
        (Get(1, None, "CONSTANT"), "CONSTANT"),
        (Iterate(1, MODEL, 5), "iterate"),
        (Run(1, "source", "probe", {}), "run"),
        (Backward(1, 2, []), "backward"),
        (Grads(1, MODEL), "grads"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_requests(request_: Request, words: str) -> None:
    """What was asked last is the head of a student's feedback."""
    assert describe_request(request_) == words


def test_a_long_request_is_cut() -> None:
    """Forty arguments are no headline."""
    assert len(describe_request(call(None, "f", *[np.zeros(1)] * 40))) == 400

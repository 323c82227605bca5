"""The language of judge and child: every message there and back, and nothing that only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from grader.wire import messages
from grader.wire.codec import ObjectHandle, decode, encode
from grader.wire.messages import (
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
    Raised,
    Returned,
    Run,
    Unsendable,
    WireError,
    from_tuple,
    to_tuple,
)

MODEL = ObjectHandle(3, "Model", True)
EXAMPLES = [
    Compile({"a.py": b"x = 1"}, ["torch"], 2**30, 31),
    Load({"a.py": b"x = 1"}, {"a": b"code"}, "a", 2**30, 31),
    Call(1, None, "f", (1, [2]), {"key": "value"}, True, False),
    Call(2, MODEL, "", (), {}, False, True),
    Get(3, MODEL, "weight"),
    Iterate(4, MODEL, 10),
    Run(5, "def probe(m): pass", "probe", {"n": 3}),
    Backward(6, 1, [None, 1.0]),
    Grads(7, MODEL),
    Given(8),
    Answer(8, [1]),
    AnswerRaised(9, "ValueError"),
    Confined("landlock7+seccomp"),
    Compiled(["torch.nn.Transformer*"], ["a.py, line 3: eval"], {"a": b"code"}),
    Loaded({"f": True, "CONSTANT": False}),
    Returned(10, {"a": 1}, 17),
    Raised(11, ["Odd", "ValueError", "Exception"], "text", "traceback"),
    Unsendable(12, "an integer of 2000 bytes"),
    Callback(1, 0, (1,), {"k": 2}),
]


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda message: type(message).__name__)
def test_there_and_back(message: Any) -> None:
    """Over the wire as a tuple of its name and fields."""
    assert from_tuple(decode(encode(to_tuple(message)))) == message


def test_every_message_has_an_example() -> None:
    """A message that is added needs a row in the table of types, and one above."""
    assert set(messages._TYPES) == {type(example).__name__ for example in EXAMPLES}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (None, "not a message"),
        ([], "not a message"),
        ((), "not a message"),
        (["Returned", 1, None, 0], "not a message"),
        (("Nonsense",), "not a message"),
        ((3, 4), "not a message"),
        ((["Returned"],), "not a message"),
        (("Returned", 1, None), "Returned with 2 fields"),
        (("Returned", 1, None, 0, 0), "Returned with 4 fields"),
        (("Returned", "1", None, 0), "Returned.id is a str"),
        (("Returned", True, None, 0), "Returned.id is a bool"),
        (("Returned", 1.0, None, 0), "Returned.id is a float"),
        (("Returned", 1, None, None), "Returned.bytecodes is a NoneType"),
        (("Raised", 1, ["A", 2], "", ""), "Raised.bases is a list"),
        (("Raised", 1, [], b"", ""), "Raised.text is a bytes"),
        (("Loaded", []), "Loaded.names is a list"),
        (("Returned", -1, None, 0), "Returned.id is a int"),
        (("Returned", 1, None, -1), "Returned.bytecodes is a int"),
        (("Returned", 2**63, None, 0), "Returned.id is a int"),
        (("Callback", 1, -1, (), {}), "Callback.function is a int"),
        (("Loaded", {"f": 1}), "Loaded.names is a dict"),
        (("Loaded", {1: True}), "Loaded.names is a dict"),
        (("Confined", None), "Confined.wall is a NoneType"),
        (("Compiled", [None], [], {}), "Compiled.banned is a list"),
        (("Compiled", [], [1], {}), "Compiled.lookups is a list"),
        (("Compiled", [], [], {"a": "text"}), "Compiled.code is a dict"),
        (("Callback", 1, 0, [], {}), "Callback.args is a list"),
        (("Callback", 1, 0, (), []), "Callback.kwargs is a list"),
        (("Unsendable", 1, None), "Unsendable.reason is a NoneType"),
    ],
    ids=str,
)
def test_what_is_no_message(data: Any, text: str) -> None:
    """A wrong name, a field too many or too few, a field of another type."""
    with pytest.raises(WireError) as caught:
        from_tuple(data)
    assert str(caught.value) == text

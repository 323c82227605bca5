"""Answers to a quiz, as `grader quiz` writes them and as somebody might send them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.collect.answers import FORMAT, read_answers, write_answers
from grader.collect.names import Refused

letters = st.text("abcdef", min_size=1, max_size=1)
answers = letters | st.lists(letters, max_size=6).map(tuple) | st.floats(-1e12, 1e12)


@given(st.dictionaries(st.text(max_size=8), answers, max_size=8))
def test_there_and_back(given_answers: dict[str, str | tuple[str, ...] | float]) -> None:
    """Every kind of answer."""
    assert read_answers(write_answers("norm_layers", given_answers), "norm_layers") == given_answers


def file(answers: object, topic: str = "norm_layers", format_: str = FORMAT) -> bytes:
    return json.dumps({"format": format_, "topic": topic, "answers": answers}).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x" * 70_000, "answers.json has 70000 bytes, more than 65536"),
        (b"{", "answers.json cannot be read as JSON"),
        (b"\xff", "answers.json cannot be read as JSON"),
        (b"[" * 60_000, "answers.json cannot be read as JSON"),
        (b"[]", "answers.json does not hold answers to the quiz of norm_layers"),
        (file({}, topic="beam_search"), "answers.json does not hold answers to the quiz of norm_layers"),
        (file({}, format_="2"), "answers.json does not hold answers to the quiz of norm_layers"),
        (file([]), "answers.json does not hold an answer for each question"),
        (file({str(n): "a" for n in range(201)}), "answers.json does not hold an answer for each question"),
        (file({"q1": None}), "answers.json: the answer to 'q1' is no letter, no letters and no number"),
        (file({"q1": True}), "answers.json: the answer to 'q1' is no letter, no letters and no number"),
        (file({"q\n": {}}), r"answers.json: the answer to 'q\n' is no letter, no letters and no number"),
        (file({"q1": [1]}), "answers.json: the answer to 'q1' is no letter, no letters and no number"),
        (
            file({"q1": float("nan")}),
            "answers.json: the answer to 'q1' is no letter, no letters and no number",
        ),
        (file({"q1": 10**400}), "answers.json: the answer to 'q1' is no letter, no letters and no number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_answer(data: bytes, reason: str) -> None:
    """In words that say which, never a traceback."""
    with pytest.raises(Refused) as caught:
        read_answers(data, "norm_layers")
    assert caught.value.what == reason

"""A student's answers to the quiz: a small JSON file beside the module, handed in with it.

Written by `grader quiz`, read by it again, and by the instructor's side, where it is hostile input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.collect.manifest import json_bytes
from grader.collect.names import ANSWERS, Refused
from grader.model.quiz import Answer

FORMAT = "nlp-grader/answers/v1"
_MOST_BYTES, _MOST_ANSWERS, _MOST_LETTERS = 64 * 1024, 200, 26


def write_answers(topic: str, answers: Mapping[str, Answer]) -> bytes:
    """The file's content."""
    return json_bytes({"format": FORMAT, "topic": topic, "answers": dict(answers)})


def read_answers(data: bytes, topic: str) -> dict[str, Answer]:
    """The answers by question. Raises Refused unless `data` has the form that `write_answers` gives it."""
    if len(data) > _MOST_BYTES:
        raise Refused(f"{ANSWERS} has {len(data)} bytes, more than {_MOST_BYTES}")
    try:
        fields = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(f"{ANSWERS} cannot be read as JSON") from None
    if not isinstance(fields, dict) or fields.get("format") != FORMAT or fields.get("topic") != topic:
        raise Refused(f"{ANSWERS} does not hold answers to the quiz of {topic}")
    answers = fields.get("answers")
    if not isinstance(answers, dict) or len(answers) > _MOST_ANSWERS:
        raise Refused(f"{ANSWERS} does not hold an answer for each question")
    return {name: _answer(name, value) for name, value in answers.items()}


def _answer(name: str, value: Any) -> Answer:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
        return float(value)
    if isinstance(value, list) and len(value) <= _MOST_LETTERS and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise Refused(f"{ANSWERS}: the answer to {name[:80]!a} is no letter, no letters and no number")

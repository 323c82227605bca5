"""From the nodes of a YAML tree to plain data, by the rules of YAML 1.2: `no` and `1:30` are text.

The nodes come from PyYAML, whose door is `load`; nothing of it is imported here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from grader.course.document import Place
from grader.errors import InputError

MAX_DEPTH = 30
MAX_VALUES = 20_000  # counted after aliases are followed: a bomb of aliases ends here

_TAG = "tag:yaml.org,2002:"
SCALARS: dict[str, tuple[str, Sequence[str], Callable[[str], Any]]] = {
    # tag: pattern of a plain scalar, the characters it may begin with, constructor
    _TAG + "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""], lambda text: None),
    _TAG + "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    _TAG + "int": (r"[-+]?[0-9]{1,18}", "-+0123456789", int),
    _TAG + "float": (r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", "-+.0123456789", float),
    _TAG + "str": (r"[\s\S]*", "", str),
}


class Mark(Protocol):
    """Where a node begins; `line` counts from 0."""

    line: int


class Node(Protocol):
    """A scalar, a sequence or a mapping, as `id` says."""

    id: str
    tag: str
    value: Any
    start_mark: Mark


class Construction:
    """Makes values out of nodes and notes on which line each stands."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self.lines: dict[Place, int] = {}

    def value(self, node: Node, place: Place) -> Any:
        self.count += 1
        self.lines.setdefault(place, node.start_mark.line + 1)
        if self.count > MAX_VALUES or len(place) > MAX_DEPTH:
            raise self.error(node, "too many values or too deep", "Write aliases out, or split the file.")
        if node.id == "mapping" and node.tag == _TAG + "map":
            return self.mapping(node, place)
        if node.id == "sequence" and node.tag == _TAG + "seq":
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        return self.scalar(node)

    def mapping(self, node: Node, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, item in node.value:
            if key.id != "scalar":
                raise self.error(key, "a key must be plain text", "Put quotes around it if it begins oddly.")
            inner = (*place, key.value)
            if inner in self.lines:
                what = f"the key {key.value!r} stands twice"
                raise self.error(key, what, f"The first is in line {self.lines[inner]}; remove one.")
            self.lines[inner] = key.start_mark.line + 1
            data[key.value] = self.value(item, inner)
        return {key: item for key, item in data.items() if item is not None}

    def scalar(self, node: Node) -> Any:
        pattern, _, construct = SCALARS.get(node.tag, (None, "", str))
        if pattern is None or not isinstance(node.value, str) or not re.fullmatch(pattern, node.value):
            raise self.error(node, f"the tag {node.tag!r} is not supported here", "Leave the tag out.")
        value = construct(node.value)
        if isinstance(value, float) and not math.isfinite(value):
            raise self.error(node, f"{node.value} is too large a number")
        if isinstance(value, str) and not value.isascii() and re.search("[\ud800-\udfff]", value):
            raise self.error(node, "half of a surrogate pair is not text", "Write the character itself.")
        return value

    def error(self, node: Node, what: str, hint: str | None = None) -> InputError:
        return InputError(what, path=self.path, line=node.start_mark.line + 1, hint=hint)

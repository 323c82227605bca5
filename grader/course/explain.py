"""What does not fit the model, in a person's words: where it stands, and what to write instead.

The problems are those that pydantic lists; its door is `load`, and nothing of it is imported here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grader.course.document import Document, Place, spell
from grader.course.names import guess, is_close
from grader.errors import InputError

Problem = Mapping[str, Any]  # `type`, `loc`, `msg`, and perhaps `ctx`
Schema = Mapping[str, Any]  # JSON schema

_UNKNOWN, _MISSING = "unexpected_keyword_argument", "missing"
_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys with values",
}
# Chinese may be left out by the schema, and is wanted in most courses.
_SKETCHES = {"Text": "{en: ..., zh: ...}"}


def explain(document: Document, problems: Sequence[Problem], schema: Schema) -> InputError:
    """An error for the first of the problems. `schema` describes what the document should hold."""
    places = [_place(document, problem) for problem in problems]
    # An unknown key is the likely cause of a missing one. Of the kinds that a value may have, the one that
    # it fits best is the one whose fault lies deepest.
    first = min(
        range(len(problems)),
        key=lambda n: (problems[n]["type"] != _UNKNOWN, document.line(*places[n]), -len(places[n])),
    )
    place, problem = places[first], problems[first]
    if problem["type"] == _UNKNOWN:
        hint = guess(str(place[-1]), _keys_allowed(document, place, schema))
        return document.error(f"unknown key {place[-1]!r}", *place, hint=hint)
    if problem["type"] == _MISSING:
        wanted = f"{place[-1]}: {_sketch(_property(place, schema), schema)}"
        return document.error(f"{spell(place)!r} is missing; add `{wanted}`", *place)
    same = [other for other, at in zip(problems, places, strict=True) if at == place]
    kinds = list(dict.fromkeys(_KINDS[other["type"]] for other in same if other["type"] in _KINDS))
    what = _either(kinds) if len(kinds) > 1 else _wanted(problem, place, _value(document, place), schema)
    return document.error(f"{spell(place)}: write {what}", *place)


def _place(document: Document, problem: Problem) -> Place:
    """Where a problem stands in the file: pydantic's path also names the kinds that it tried."""
    value, place = document.data, list[str | int]()
    for part in problem["loc"]:
        if part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int):
            value = value[part]
            place.append(part)
    return (*place, problem["loc"][-1]) if problem["type"] == _MISSING else tuple(place)


def _value(document: Document, place: Place) -> Any:
    value = document.data
    for part in place:
        value = value[part]
    return value


def _wanted(problem: Problem, place: Place, value: Any, schema: Schema) -> str:
    """What to write instead of `value`, with the value itself put right where that is possible."""
    kind = problem["type"]
    plain = not isinstance(value, list | dict)
    if kind == "string_type" and plain:
        return "text" if value is None else f'text, in quotes: "{json.dumps(value)}"'
    if kind in ("int_type", "int_from_float", "float_type"):
        example = "3" if kind != "float_type" else "2.5"
        return f"{_KINDS[kind]}, {_unquoted(value, whole=kind != 'float_type') or f'such as {example}'}"
    if kind == "tuple_type":
        return f"a list, as in [{value}]" if plain else "a list, with `- ` before each item"
    if kind == "dict_type":
        name = next((item for item in value if isinstance(item, str)), "name") if not plain else value
        inner = _property(place, schema).get("additionalProperties", {})
        return f"keys with values, as in `{name}: {_sketch(inner, schema)}`"
    if kind == "dataclass_type":
        return _sketch({"$ref": problem["ctx"]["class_name"]}, schema)
    if kind == "enum":
        return str(problem["ctx"]["expected"]).replace("'", "")
    return _KINDS.get(kind) or f"something else: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _unquoted(value: Any, *, whole: bool) -> str | None:
    try:
        return f"without quotes: {(int if whole else float)(value)}" if isinstance(value, str) else None
    except ValueError:
        return None


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]])


def _sketch(part: Schema, schema: Schema) -> str:
    """The form of a value: `{en: ..., zh: ...}`, `[...]` or `...`."""
    name = str(part.get("$ref", "")).rpartition("/")[2]
    inner = schema.get("$defs", {}).get(name, {})
    if "properties" in inner:
        keys: Iterable[str] = inner.get("required") or inner["properties"]
        return _SKETCHES.get(name) or "{" + ", ".join(f"{key}: ..." for key in keys) + "}"
    return "[...]" if part.get("type") == "array" else "..."


def _property(place: Place, schema: Schema) -> Schema:
    """What the schema says of the key at the end of `place`; a name has one form in all of a file."""
    found = [part["properties"][place[-1]] for part in _parts(schema) if place[-1] in part["properties"]]
    return found[0] if found else {}


def _parts(schema: Schema) -> list[Schema]:
    return [part for part in (schema, *schema.get("$defs", {}).values()) if "properties" in part]


def _keys_allowed(document: Document, place: Place, schema: Schema) -> set[str]:
    """The keys of the dataclass that the unknown one's neighbours (or its own spelling) point to."""
    siblings = set(_value(document, place[:-1]))
    known = [set(part["properties"]) for part in _parts(schema)]
    return max(known, key=lambda names: (len(names & siblings), is_close(str(place[-1]), names)))

"""An overlay replaces by name, adds where it works, and is refused when it does nothing."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.errors import InputError
from grader.verify.overlay import apply_overlay

REFERENCE = '''"""Reference."""

from __future__ import annotations

import math

SIZE = 3
LOW, HIGH = 0, 1


def double(x):
    """Twice x."""
    return 2 * x


def triple(x):
    return x + double(x)


TABLE = {n: triple(n) for n in range(SIZE)}


class Base:
    def who(self):
        return "base"


class Layer(Base):
    """A layer."""

    width = 4

    def __init__(self, scale=SIZE):
        self.scale = scale

    @property
    def area(self):
        return self._area

    @area.setter
    def area(self, value):
        self._area = value

    def forward(self, x):
        return self.scale * x

    def extra(self):
        return math.pi
'''


def merge(overlay: str) -> str:
    """The merged source, which must be Python."""
    source = apply_overlay(REFERENCE, overlay, "wrong/x.py")
    ast.parse(source)
    return source


def load(overlay: str) -> dict[str, Any]:
    """The merged module's names."""
    names: dict[str, Any] = {"__name__": "merged"}
    exec(compile(merge(overlay), "merged", "exec"), names)
    return names


def test_function_is_replaced_where_it_stood() -> None:
    names = load('"""Wrong."""\n\n\ndef double(x):\n    return 3 * x\n')
    assert names["TABLE"] == {0: 0, 1: 4, 2: 8}
    assert names["__doc__"] == "Reference."


def test_assignment_is_replaced_where_it_stood() -> None:
    assert load("SIZE = 2")["TABLE"] == {0: 0, 1: 3}
    assert load("LOW, HIGH = 5, 6")["HIGH"] == 6
    assert load("SIZE: int = 1")["TABLE"] == {0: 0}


def test_class_keeps_all_other_members() -> None:
    layer = load("class Layer(Base):\n    width = 5\n\n    def forward(self, x):\n        return -x\n")[
        "Layer"
    ]()
    layer.area = 9
    assert (layer.width, layer.forward(2), layer.scale, layer.area, layer.who()) == (5, -2, 3, 9, "base")
    assert type(layer).__doc__ == "A layer."


def test_class_without_its_head_repeated() -> None:
    assert load("class Layer:\n    def forward(self, x):\n        return 7\n")["Layer"]().forward(1) == 7


def test_setter_is_replaced_and_the_getter_stays() -> None:
    overlay = "class Layer:\n    @area.setter\n    def area(self, value):\n        self._area = -value\n"
    layer = load(overlay)["Layer"]()
    layer.area = 9
    assert layer.area == -9


def test_new_members_of_a_class() -> None:
    overlay = (
        "class Layer:\n    def train(self):\n        return 1\n\n    def __len__(self):\n        return 8\n"
    )
    layer = load(overlay)["Layer"]()
    assert (layer.train(), len(layer)) == (1, 8)


def test_names_are_removed() -> None:
    names = load("del Layer.forward, TABLE")
    assert "TABLE" not in names
    assert not hasattr(names["Layer"], "forward")
    assert not hasattr(load("del Layer.area")["Layer"], "area")


def test_last_member_leaves_an_empty_class() -> None:
    assert not hasattr(load("del Base.who\ndel Layer.extra")["Base"], "who")


def test_new_helper_may_be_needed_when_the_module_is_loaded() -> None:
    names = load(
        "def _inner(x):\n    return x + 1\n\n\ndef _outer(x):\n    return _inner(x)\n\n\n"
        "TABLE = [_outer(n) for n in range(3)]\n"
    )
    assert names["TABLE"] == [1, 2, 3]


def test_new_constant_may_need_what_the_reference_defines() -> None:
    names = load("class Base:\n    def who(self):\n        return LIMIT\n\n\nLIMIT = triple(SIZE)\n")
    assert names["Layer"]().who() == 9


def test_new_base_class_and_default_come_before_their_use() -> None:
    names = load(
        "class Mixin:\n    pass\n\n\nclass Other(Mixin):\n    pass\n\n\nDEFAULT = 11\n\n\n"
        "class Layer:\n    def __init__(self, scale=DEFAULT, other=Other):\n        self.scale = scale\n"
    )
    assert names["Layer"]().scale == 11


def test_imports_follow_those_of_the_reference() -> None:
    source = merge("from __future__ import annotations\nimport math\nfrom math import tau\nSIZE = tau > 6")
    assert source.startswith(
        '"""Reference."""\nfrom __future__ import annotations\nimport math\nfrom math import tau\n'
    )


def test_future_import_goes_first() -> None:
    source = apply_overlay('"""Doc."""\nimport os\nx = 1', "from __future__ import annotations\nx = 2", "o")
    assert source.splitlines()[1] == "from __future__ import annotations"


def test_imported_name_takes_the_place_of_a_definition() -> None:
    assert load("from math import sqrt as double")["triple"](4) == 6


def test_later_definitions_of_the_same_name_give_way() -> None:
    source = apply_overlay(
        "def f():\n    return 1\n\n\ndef f():\n    return 2\n", "def f():\n    return 3\n", "o"
    )
    assert source == "def f():\n    return 3\n"


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ("", r":1: the overlay names nothing\n  Write the functions"),
        ('"""Only a docstring."""\n...\npass', r":1: the overlay names nothing"),
        ("def f(:", r":1: not valid Python: invalid syntax"),
        ("x = '\0'", r":1: not valid Python: source code string cannot contain null bytes"),
        ("SIZE = 3", r":1: the overlay changes nothing\n  All that it holds equals the reference."),
        ("import math", r":1: the overlay changes nothing"),
        ("class Layer(Base): ...", r":1: the overlay changes nothing"),
        ("print(1)", r":1: `print\(1\)` has no name to replace\n  Only definitions"),
        ("class Layer:\n    if 1:\n        x = 1", r":2: `if 1:` has no name to replace"),
        ("SIZE += 1", r":1: `SIZE \+= 1` has no name to replace"),
        (
            "class Layer(dict):\n    width = 5",
            r":1: class Layer has another head than in the reference\n  An overlay",
        ),
        ("@final\nclass Layer(Base):\n    width = 5", r":2: class Layer has another head"),
        ("\ndel tripel", r":2: the reference has no 'tripel' to remove\n  Did you mean 'triple'\?"),
        (
            "del Layer.foward",
            r":1: the reference has no 'Layer.foward' to remove\n  Did you mean 'forward'\?",
        ),
        ("del Lay.forward", r":1: the reference has no 'Lay.forward' to remove"),
        ("del HIGH", r":1: the reference has no 'HIGH' to remove"),
        (
            "def tripel(x):\n    return 1",
            r":1: 'tripel' replaces nothing, and nothing uses it\n  Did you mean 'triple'",
        ),
        (
            "class Layer:\n    def foward(self, x):\n        return 1",
            r":2: 'foward' replaces nothing.*\n.*'forward'",
        ),
    ],
)
def test_useless_overlay_is_refused_with_its_line(overlay: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^wrong/x.py{message}"):
        merge(overlay)


def test_broken_reference_is_named() -> None:
    with pytest.raises(InputError, match=r"^the reference of o:1: not valid Python"):
        apply_overlay("def", "x = 1", "o")

"""The mutations: what one small mistake makes of one node of a syntax tree.

arithmetic    + for -, * for /, ** for *, & for |
comparison    < for <= and for >=, == for !=, is for is not, in for not in
constant      n + 1 and n - 1, twice a float, True for False
sign          x for -x, ~x and not x; not x for a bare condition
boolean       and for or; one operand left out, also one filter of a comprehension
slice         a bound or a step left out, or moved by one
argument      a keyword argument or the last positional one left out
name          min for max, sum for mean, zeros for ones ...; x for x.copy()
statement     a call, a raise, a return in a branch, a second assignment left out; continue for break
loop          one round instead of all

Texts, annotations, decorators, and what is raised stay as they are: no test reads them.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Node = TypeVar("Node", bound=ast.AST)
Numeral = int | float

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = "max min|argmax argmin|maximum minimum|sum mean|any all|zeros ones|floor ceil|tril triu|sin cos"
NAMES = {
    name: other
    for pair in _PAIRS.split("|")
    for name, other in (pair.split(), pair.split()[::-1])
} | {"amax": "amin", "amin": "amax", "var": "std", "std": "var"}  # fmt: skip
NEGATIONS = (ast.USub, ast.Invert, ast.Not)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What must be known of a node's surroundings. `bound` are the names that have a value by then."""

    bound: frozenset[str] = frozenset()
    in_branch: bool = False  # a statement below an `if`, a loop or the like


Change = tuple[str, ast.AST]  # the mutation's name, and the node that takes the place


def changes(node: ast.AST, place: Place) -> Iterator[Change]:
    """Every mutation of this very node. Each shares what it does not change with the original."""
    if isinstance(node, ast.stmt):
        yield from _of_statement(node, place)
    for kind, mutate in _MUTATIONS:
        if isinstance(node, kind):
            yield from mutate(node)


def is_number(node: ast.AST) -> bool:
    """Whether this is a number as a reader sees it: `3`, and `-1` as a whole."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _is_boolean(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _with(node: Node, **fields: Any) -> Node:
    """The same node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _without(items: list[Any], index: int) -> list[Any]:
    return items[:index] + items[index + 1 :]


# ---- expressions -------------------------------------------------------------------------------------------


def _of_operation(node: ast.BinOp | ast.AugAssign) -> Iterator[Change]:
    other = OPERATORS.get(type(node.op))
    if other is not None:
        yield "arithmetic", _with(node, op=other())


def _of_comparison(node: ast.Compare) -> Iterator[Change]:
    for index, present in enumerate(node.ops):
        for other in COMPARISONS[type(present)]:
            yield "comparison", _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _of_constant(node: ast.Constant | ast.UnaryOp) -> Iterator[Change]:
    if _is_boolean(node):
        yield "constant", ast.Constant(not ast.literal_eval(node))
    elif is_number(node):
        value = ast.literal_eval(node)
        others = (value + 1, value - 1) if isinstance(value, int) else (2 * value or 1.0,)
        yield from (("constant", _number(other)) for other in others)


def _number(value: Numeral) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _of_sign(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, NEGATIONS):
        yield "sign", node.operand


def _of_condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[Change]:
    """A comparison, a negation and a chain have mutations of their own."""
    if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
        yield "sign", _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _of_chain(node: ast.BoolOp) -> Iterator[Change]:
    yield "boolean", _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    for index in range(len(node.values)):
        rest = _without(node.values, index)
        yield "boolean", _with(node, values=rest) if len(rest) > 1 else rest[0]


def _of_comprehension(node: ast.comprehension) -> Iterator[Change]:
    for index in range(len(node.ifs)):
        yield "boolean", _with(node, ifs=_without(node.ifs, index))


def _of_slice(node: ast.Slice) -> Iterator[Change]:
    for name in ("lower", "upper", "step"):
        bound = getattr(node, name)
        if bound is not None:
            yield "slice", _with(node, **{name: None})
        if bound is not None and name != "step" and not is_number(bound):
            yield "slice", _with(node, **{name: ast.BinOp(bound, ast.Add(), ast.Constant(1))})


def _of_call(node: ast.Call) -> Iterator[Change]:
    for index, keyword in enumerate(node.keywords):
        if not _is_boolean(keyword.value):  # without it stands what stood there, or its opposite
            yield "argument", _with(node, keywords=_without(node.keywords, index))
    if len(node.args) > 1:
        yield "argument", _with(node, args=node.args[:-1])
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in NAMES:
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield "name", _with(node, func=_with(node.func, **{field: NAMES[name]}))
    elif isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        yield "name", node.func.value


# ---- statements --------------------------------------------------------------------------------------------


def _of_statement(node: ast.stmt, place: Place) -> Iterator[Change]:
    if _may_be_left_out(node, place):
        yield "statement", ast.Pass()
    if isinstance(node, ast.Break | ast.Continue):
        yield "statement", ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _may_be_left_out(node: ast.stmt, place: Place) -> bool:
    """Not the statements without which a name or an answer would be missing: any test sees that."""
    if isinstance(node, ast.Assign):
        return all(_has_a_value(target, place.bound) for target in node.targets)
    if isinstance(node, ast.Return):
        return place.in_branch
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Raise | ast.AugAssign | ast.Assert | ast.Break | ast.Continue | ast.Delete)


def _has_a_value(target: ast.expr, bound: frozenset[str]) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(_has_a_value(element, bound) for element in target.elts)
    return isinstance(target, ast.Subscript) or (isinstance(target, ast.Name) and target.id in bound)


def _of_loop(node: ast.For | ast.While) -> Iterator[Change]:
    yield "loop", _with(node, body=[*node.body, ast.Break()])


_MUTATIONS: tuple[tuple[Any, Callable[[Any], Iterator[Change]]], ...] = (
    (ast.BinOp | ast.AugAssign, _of_operation),
    (ast.Compare, _of_comparison),
    (ast.Constant | ast.UnaryOp, _of_constant),
    (ast.UnaryOp, _of_sign),
    (ast.If | ast.IfExp | ast.While, _of_condition),
    (ast.BoolOp, _of_chain),
    (ast.comprehension, _of_comprehension),
    (ast.Slice, _of_slice),
    (ast.Call, _of_call),
    (ast.For | ast.While, _of_loop),
)

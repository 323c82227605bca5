"""An overlay is a small module that holds only what differs from the reference: one known mistake.

It is merged by the syntax tree, by name. In the module, and in every class that the overlay mentions:

* a definition or assignment replaces the one of the same name, where that stood; a class is merged;
* `del name` (or `del Class.method`) takes one away;
* a new name goes to the end, or before the first statement that needs it when the module is loaded;
* imports follow those of the reference, and `from __future__` stays first.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence

from grader.course.names import guess, is_close
from grader.errors import InputError

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Named = Definition | ast.Assign | ast.AnnAssign
Import = ast.Import | ast.ImportFrom
Block = list[ast.stmt]


def apply_overlay(reference_source: str, overlay_source: str, name: str) -> str:
    """The source of the submission that `overlay_source` describes. `name` stands for the overlay in errors.

    Raises InputError, with the line, for an overlay that is not Python, holds anything but definitions,
    removes what is not there, adds what nobody uses, or changes nothing.
    """
    reference = _parse(reference_source, f"the reference of {name}")
    overlay = _members(_parse(overlay_source, name).body)
    if not overlay:
        hint = "Write the functions, classes or methods that differ."
        raise InputError("the overlay names nothing", path=name, line=1, hint=hint)
    _Merge(name).merge(reference.body, overlay)
    before, unchanged = _as_it_was(reference_source)
    merged = ast.unparse(reference)
    if merged == unchanged:
        hint = "All that it holds equals the reference."
        raise InputError("the overlay changes nothing", path=name, line=overlay[0].lineno, hint=hint)
    _refuse_typos(before.body, overlay, reference, name)
    return merged + "\n"


@functools.lru_cache(maxsize=1)
def _as_it_was(reference_source: str) -> tuple[ast.Module, str]:
    """The reference without an overlay, as a tree that nobody changes and as it would be printed."""
    tree = ast.parse(reference_source)
    return tree, ast.unparse(tree)


def _parse(source: str, name: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise InputError(f"not valid Python: {error.msg}", path=name, line=error.lineno or 1) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid Python: {error}", path=name, line=1) from error


def _members(block: Block) -> Block:
    """A body without its docstring and placeholders."""
    return [statement for statement in block if not _is_placeholder(statement)]


def _is_placeholder(statement: ast.stmt) -> bool:
    text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return text or isinstance(statement, ast.Pass)


class _Merge:
    """Works the statements of an overlay into blocks; knows the overlay's name for its errors."""

    def __init__(self, name: str) -> None:
        self.name = name

    def merge(self, block: Block, overlay: Sequence[ast.stmt]) -> None:
        """Change a module's or a class's body in place; new names come last, behind all that they need."""
        new: list[Named] = []
        for statement in overlay:
            if isinstance(statement, ast.Delete):
                for target in statement.targets:
                    self.remove(block, target)
            elif isinstance(statement, Import):
                _add_import(block, statement)
            elif not isinstance(statement, Named):
                hint = "Only definitions, assignments, imports and `del` belong in an overlay."
                what = f"`{ast.unparse(statement).splitlines()[0]}` has no name to replace"
                raise InputError(what, path=self.name, line=statement.lineno, hint=hint)
            elif not self.replace(block, statement):
                new.append(statement)
        for statement in new:
            _insert(block, statement, new)

    def replace(self, block: Block, statement: Named) -> bool:
        """Put `statement` where the first of its name stands, remove the others; False when there is none."""
        same = [other for other in block if names_of(other) == names_of(statement)]
        if not same:
            return False
        present = same[0]
        if isinstance(present, ast.ClassDef) and isinstance(statement, ast.ClassDef):
            self.merge_class(present, statement)
        else:
            block[block.index(present)] = statement
        block[:] = [other for other in block if other not in same[1:]]
        return True

    def merge_class(self, present: ast.ClassDef, change: ast.ClassDef) -> None:
        """Change members of the reference's class; its bases and decorators stay."""
        for field in ("bases", "keywords", "decorator_list"):
            ours, theirs = ([ast.dump(part) for part in getattr(node, field)] for node in (present, change))
            if theirs and theirs != ours:
                hint = (
                    "An overlay changes the members of a class; leave its bases and decorators as they are."
                )
                what = f"class {change.name} has another head than in the reference"
                raise InputError(what, path=self.name, line=change.lineno, hint=hint)
        self.merge(present.body, _members(change.body))

    def remove(self, block: Block, target: ast.expr) -> None:
        """Carry out `del name` or `del Class.member`."""
        owner, _, member = ast.unparse(target).rpartition(".")
        holders = [node.body for node in block if isinstance(node, ast.ClassDef) and node.name == owner]
        inner = [block] if not owner else holders
        gone = [
            statement for statements in inner for statement in statements if _is_called(statement, member)
        ]
        if not gone:
            known = [name for statement in (inner or [block])[0] for name in names_of(statement)[:1]]
            what = f"the reference has no {ast.unparse(target)!r} to remove"
            raise InputError(what, path=self.name, line=target.lineno, hint=guess(member, known))
        inner[0][:] = [statement for statement in inner[0] if statement not in gone] or [ast.Pass()]


def names_of(statement: ast.stmt) -> tuple[str, ...]:
    """What a definition or an assignment binds; () for any other statement.

    A property's setter is told from its getter by its decorator: ("width", "setter").
    """
    if isinstance(statement, Definition):
        roles = [ast.unparse(decorator).rpartition(".")[2] for decorator in statement.decorator_list]
        return (statement.name, *(role for role in roles if role in ("setter", "deleter")))
    if isinstance(statement, ast.AnnAssign):
        return (ast.unparse(statement.target),)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return tuple(
        node.id
        for target in targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _is_called(statement: ast.stmt, name: str) -> bool:
    """Whether a statement binds this one name and no other."""
    names = names_of(statement)
    return names == (name,) or (isinstance(statement, Definition) and names[0] == name)


def _add_import(block: Block, statement: Import) -> None:
    """Put an import behind those at the top; a definition of the same name makes way for it."""
    if ast.dump(statement) in [ast.dump(other) for other in block if isinstance(other, Import)]:
        return
    bound = [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
    block[:] = [other for other in block if not any(_is_called(other, name) for name in bound)]
    index = 1 if block and _is_placeholder(block[0]) else 0
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    while not future and index < len(block) and isinstance(block[index], Import):
        index += 1
    block.insert(index, statement)


def _insert(block: Block, statement: Named, new: Sequence[Named]) -> None:
    """Put a new name at the end, or before the first statement that needs it at once."""
    functions = {other.name: other for other in (*block, *new) if isinstance(other, Definition)}
    names = set(names_of(statement))
    for index, other in enumerate(block):
        if names & _needed_at_once(other, functions):
            block.insert(index, statement)
            return
    block.append(statement)


def _needed_at_once(statement: ast.stmt, functions: dict[str, Definition]) -> set[str]:
    """Names read while a statement is executed, also by the functions that it may call."""
    needed: set[str] = set()
    waiting = set(_names_read(statement))
    while waiting:
        name = waiting.pop()
        needed.add(name)
        if name in functions:
            inside = {node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
            waiting |= inside - needed
    return needed


def _names_read(node: ast.AST) -> Iterator[str]:
    """Names in a statement; a function's body can wait, and so can annotations."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    for field, value in ast.iter_fields(node):
        waits = field == "body" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if waits or field in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _names_read(child)


def _refuse_typos(before: Block, overlay: Block, merged: ast.Module, name: str) -> None:
    """Refuse a new name that nobody uses: most likely it was to replace something."""
    used = {
        node.id for node in ast.walk(merged) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    used |= {node.attr for node in ast.walk(merged) if isinstance(node, ast.Attribute)}
    for statement, known in _new_names(before, overlay):
        new = names_of(statement)[0]
        if new not in used and not new.startswith("__"):
            what = f"{new!r} replaces nothing, and nothing uses it"
            raise InputError(what, path=name, line=statement.lineno, hint=guess(new, known))


def _new_names(before: Block, overlay: Block) -> Iterator[tuple[ast.stmt, list[str]]]:
    """What an overlay adds, with the names that were there; a method only when it looks like one of them.

    For a method may be called by its base class, as `train` is.
    """
    known = [bound for statement in before for bound in names_of(statement)[:1]]
    classes = {node.name: node.body for node in before if isinstance(node, ast.ClassDef)}
    for statement in overlay:
        if names_of(statement) and names_of(statement)[0] not in known:
            yield statement, known
        elif isinstance(statement, ast.ClassDef):
            for member, members in _new_names(classes.get(statement.name, []), statement.body):
                if is_close(names_of(member)[0], members):
                    yield member, members

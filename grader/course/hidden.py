"""The hidden tests of a topic, read from their source without running a line of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.course import Topic
from grader.model.result import HiddenTest


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenSource:
    """A hidden test and where it stands."""

    path: Path
    line: int
    test: HiddenTest


def hidden_tests(topic: Topic) -> tuple[HiddenTest, ...]:
    """The topic's hidden tests in the order of the files. Raises InputError for the first unsound one."""
    diagnostics = Diagnostics()
    sources = read_hidden_tests(topic, diagnostics)
    for finding in diagnostics.findings:
        raise InputError(finding.message, path=finding.path, line=finding.line)
    return tuple(source.test for source in sources)


def read_hidden_tests(topic: Topic, diagnostics: Diagnostics) -> tuple[HiddenSource, ...]:
    """The sound hidden tests; an error in `diagnostics` for each of the others."""
    found: dict[str, HiddenSource] = {}
    paths = sorted(topic.autotests.glob("test_*.py"))
    if not paths:
        diagnostics.error("no test_*.py: write the hidden tests", path=topic.autotests)
    for path in paths:
        tree = parse_python(path, diagnostics)
        for function in _test_functions(tree, path, diagnostics) if tree else ():
            source = _read_test(function, path, diagnostics)
            if source and source.test.label in found:
                _report_taken(source, found[source.test.label], diagnostics)
            elif source:
                found[source.test.label] = source
    return tuple(found.values())


def parse_python(path: Path, diagnostics: Diagnostics) -> ast.Module | None:
    """The syntax tree of a file, or None and an error in `diagnostics`."""
    try:
        return ast.parse(path.read_bytes())
    except SyntaxError as error:
        diagnostics.error(f"not valid Python: {error.msg}", path=path, line=error.lineno or 1)
    except (OSError, ValueError, RecursionError) as error:
        diagnostics.error(f"cannot be read as Python: {error}", path=path)
    return None


def _report_taken(source: HiddenSource, first: HiddenSource, diagnostics: Diagnostics) -> None:
    what = f"the label {source.test.label!r} is taken by {first.test.name} ({first.path.name}:{first.line})"
    diagnostics.error(f"{what}; give each test its own", path=source.path, line=source.line)


def _test_functions(tree: ast.Module, path: Path, diagnostics: Diagnostics) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node
        elif isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test"):
            diagnostics.error(f"{node.name} is async; write it as a plain def", path=path, line=node.lineno)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            what = f"{node.name} is a class; write hidden tests as functions"
            diagnostics.error(what, path=path, line=node.lineno)


def _read_test(function: ast.FunctionDef, path: Path, diagnostics: Diagnostics) -> HiddenSource | None:
    problems = [
        problem
        for problem in (_name_problem(function), _points_problem(function), _title_problem(function))
        if problem
    ]
    for problem in problems:
        diagnostics.error(f"{function.name} {problem}", path=path, line=function.lineno)
    if problems:
        return None
    test = HiddenTest(
        label=function.name.split("_")[1],
        name=function.name,
        title=_title(function),
        points=_points(function)[0],
    )
    return HiddenSource(path=path, line=function.lineno, test=test)


def _name_problem(function: ast.FunctionDef) -> str | None:
    start, _, rest = function.name.partition("_")
    label, _, words = rest.partition("_")
    if start == "test" and label and words:
        return None
    return "has no label; call it test_<label>_<words>, as in test_t01_values"


def _points_problem(function: ast.FunctionDef) -> str | None:
    marks = [_mark(decorator) for decorator in function.decorator_list]
    if "points" not in marks:
        return "has no points mark; write @pytest.mark.points(n)"
    if marks.count("points") > 1:
        return f"has {marks.count('points')} points marks; keep one @pytest.mark.points(n)"
    if "parametrize" in marks:
        return "is parametrized and would earn its points many times; loop over the cases inside"
    if not _points(function):
        return "needs a positive whole number in @pytest.mark.points(n)"
    return None


def _title_problem(function: ast.FunctionDef) -> str | None:
    return (
        None if _title(function) else "has no docstring; say in a sentence what it checks, students read it"
    )


def _title(function: ast.FunctionDef) -> str:
    return (ast.get_docstring(function) or "").partition("\n")[0].strip()


def _mark(decorator: ast.expr) -> str:
    """`points` for `pytest.mark.points(3)`, "" for anything that is not a mark."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = ast.unparse(target)
    return name.rpartition("mark.")[2] if "mark." in name else ""


def _points(function: ast.FunctionDef) -> list[int]:
    """The whole positive numbers in the points marks."""
    return [
        decorator.args[0].value
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        and _mark(decorator) == "points"
        and len(decorator.args) == 1
        and not decorator.keywords
        and isinstance(decorator.args[0], ast.Constant)
        and type(decorator.args[0].value) is int
        and decorator.args[0].value > 0
    ]

"""The corpus as it declares itself: right answers in unusual clothes, and what becomes of each.

A file of `corpus/TOPIC/` is code that is appended to the topic's reference, under a docstring that says what
is odd and ends with the outcome:

    Expect: full marks
    Expect: all RAISED, says "input() has nobody to ask"       every test, and a text of each message
    Expect: t03 WRONG, t08 WRONG, says "is None"               these; the others PASSED

Oddities of the bytes of a file, or of several files, are made in `generated.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.model.verdict import Blame, Verdict

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOPICS = ("norm_layers", "beam_search", "transformer_blocks")
_TERM = re.compile(r'full marks|(all|t\d\d) ([A-Z_]+)|says "([^"]+)"')
_HOOKS = {"dress", "dress_result", "around"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """One submission. `refused` by label ("all": every test), the rest passes; `says`: in each message."""

    topic: str
    name: str
    files: Mapping[str, bytes]
    refused: Mapping[str, Verdict]
    says: tuple[str, ...]

    def verdict(self, label: str) -> Verdict:
        """The verdict that a test must have."""
        return self.refused.get(label, self.refused.get("all", Verdict.PASSED))


def reference(topic: str) -> str:
    """The source that everything is made from."""
    return (ROOT / "solutions" / topic / f"{topic}.py").read_text("utf-8")


def honest(topic: str, name: str, files: Mapping[str, bytes], declaration: str) -> Honest:
    """A submission with its declaration. Raises ValueError where that says nothing."""
    last = declaration.strip().splitlines()[-1:]
    if not last or not last[0].startswith("Expect: "):
        raise ValueError(f"{topic}/{name} does not end its docstring with `Expect: ...`")
    refused, says = parse_outcome(last[0].removeprefix("Expect: "), f"{topic}/{name}")
    return Honest(topic=topic, name=name, files=files, refused=refused, says=says)


def parse_outcome(text: str, name: str) -> tuple[dict[str, Verdict], tuple[str, ...]]:
    """Refusals by label, and texts. Raises ValueError for a refusal without a text, or that blames others."""
    matches = list(_TERM.finditer(text))
    if ", ".join(match[0] for match in matches) != text:
        raise ValueError(f"{name} declares {text!r}")
    refused = {match[1]: Verdict[match[2]] for match in matches if match[1]}
    says = tuple(match[3] for match in matches if match[3])
    if bool(refused) != bool(says) or any(verdict.blame is not Blame.STUDENT for verdict in refused.values()):
        raise ValueError(f"{name}: {text!r} must say which tests are refused, and with what words")
    return refused, says


def read_written(path: Path) -> Honest:
    """A file of the corpus: appended to the reference and, if it has a hook, dressed."""
    topic, source = path.parent.name, path.read_text("utf-8")
    tree = ast.parse(source)
    whole = f"{reference(topic)}\n\n{source}"
    if _HOOKS & {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
        whole += "\n\n" + (HERE / "dressing.py").read_text("utf-8")
    files = {f"{topic}.py": whole.encode()}
    return honest(topic, path.stem, files, ast.get_docstring(tree) or "")

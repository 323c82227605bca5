"""The code cells of a Jupyter notebook, as Python: what only IPython understands is a comment or a `pass`.

Notebook format 4 (nbformat.readthedocs.io). Read as plain JSON: a notebook is hostile input.
"""

from __future__ import annotations

import json
import re
from typing import Any

from grader.collect.names import Refused

MOST_CELLS = 2000
# Cell magics whose cell still runs in the notebook's own names. Any other is another language, or a file.
_TRANSPARENT = re.compile(r"\s*%%(time|capture|prun)\b[^\n]*")
_CELL_MAGIC = re.compile(r"\s*%%[A-Za-z]")
# At the start of a statement: name = %magic, name = !command, %magic, !command, ?help, name?
_ASSIGNED = r"(?P<target>[A-Za-z_][\w.]*[ \t]*=[ \t]*)(?=[%!])"
_HELP = r"(?=[A-Za-z_%][\w.*]*\?{1,2}[ \t]*(?:\n|\Z))"
_MAGIC = re.compile(rf"(?P<indent>[ \t]*)(?:{_ASSIGNED}|(?=[%!?])|{_HELP})")
_REST = re.compile(r"(?:\\\n|[^\n])*")
# What decides where a statement ends: comments, strings (to their end, or to the line's), brackets, newlines.
_TOKEN = re.compile(
    r"#[^\n]*"
    r'|"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''(?:\\.|[^\\])*?(?:'''|\Z)"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'(?:\\.|[^'\\\n])*'?"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|\\\n|(?P<newline>\n)",
    re.DOTALL,
)


def code_cells(data: bytes) -> list[str]:
    """The code cells in their order. Raises Refused unless `data` is a Python notebook of format 4."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("the notebook cannot be read as JSON", hint="Save it again in Jupyter.") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        hint = "Open it in Jupyter and save it again: notebooks of format 4 are read."
        raise Refused("the notebook has no list of cells", hint=hint)
    language = _language(notebook)
    if language.lower() not in ("", "python", "python3", "ipython"):
        raise Refused(f"the notebook is written in {language[:40]!a}, not in Python")
    if len(notebook["cells"]) > MOST_CELLS:
        raise Refused(f"the notebook has {len(notebook['cells'])} cells, more than {MOST_CELLS}")
    return [
        without_magics(_text(cell, number))
        for number, cell in enumerate(notebook["cells"], 1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def without_magics(cell: str) -> str:
    """`cell` with the same lines, in Python."""
    if transparent := _TRANSPARENT.match(cell):
        return f"# {transparent[0].strip()}" + without_magics(cell[transparent.end() :])
    if _CELL_MAGIC.match(cell):
        return commented(cell)
    parts, at = [], 0
    while at < len(cell):
        magic = _MAGIC.match(cell, at)
        if magic:
            rest = _REST.findall(cell, magic.end())[0]
            instead = f"{magic['target']}None" if magic["target"] else "pass"
            parts.append(f"{magic['indent']}{instead}  # " + rest.replace("\n", "\n# "))
            at = magic.end() + len(rest)
        else:
            end = _end_of_statement(cell, at)
            parts.append(cell[at:end])
            at = end
    return "".join(parts)


def commented(text: str) -> str:
    """Each line of `text` as a comment."""
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _end_of_statement(cell: str, at: int) -> int:
    """Just behind the newline that ends the statement, or the line, that begins at `at`."""
    depth = 0
    for token in _TOKEN.finditer(cell, at):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        elif token["newline"] and not depth:
            return token.end()
    return len(cell)


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for place, key in (("language_info", "name"), ("kernelspec", "language")):
        entry = metadata.get(place) if isinstance(metadata, dict) else None
        name = entry.get(key) if isinstance(entry, dict) else None
        if isinstance(name, str):
            return name
    return ""


def _text(cell: dict[str, Any], number: int) -> str:
    """The source of a cell; what would break a file that holds it is spelt as in a string."""
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise Refused(f"the source of cell {number} of the notebook is not text")
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\\0")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")

"""Names that people type: which are allowed, and which one a typo was meant to be."""

from __future__ import annotations

import difflib
import keyword
import re
from collections.abc import Iterable

# Slugs and file names become folders, modules and parts of archives on three systems.
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MODULE_FILE = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})\.py", re.ASCII)


def is_slug(name: str) -> bool:
    """Whether a topic may be called so: a lower-case module name."""
    return _SLUG.fullmatch(name) is not None and not keyword.iskeyword(name)


def is_module_file(name: str) -> bool:
    """Whether `name` is a plain importable file name, such as `beam_search.py`."""
    match = _MODULE_FILE.fullmatch(name)
    return match is not None and not keyword.iskeyword(match[1])


def is_close(name: str, known: Iterable[str]) -> bool:
    """Whether `name` looks like a typo of a known one."""
    return bool(difflib.get_close_matches(name, list(known), n=1, cutoff=0.75))


def guess(name: str, known: Iterable[str]) -> str | None:
    """A hint for a mistyped `name`: the closest known one, or all of them if they are few, else None."""
    names = sorted(set(known))
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Known: {', '.join(names)}." if 0 < len(names) <= 20 else None

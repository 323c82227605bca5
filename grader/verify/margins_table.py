"""Margins as a table, an assertion a row, and as plain data."""

from __future__ import annotations

import math
from typing import Any

from grader.verify.margins import Margin, Margins, Seen

HEAD = ("assertion", "line", "rtol", "atol", "accepted", "by", "caught", "by")
NOTHING = "-"


def draw_margins(found: Margins) -> str:
    """Every numeric assertion, its tolerance, the largest error accepted and the smallest one caught."""
    rows = [HEAD, *(_row(margin) for margin in found.margins)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    title = f"{found.topic}: {len(found.margins)} assertions with a tolerance, seeds {', '.join(found.seeds)}"
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    legend = "accepted, caught: errors of right and wrong work, as fractions of the tolerance"
    return "\n".join([title, *(line.rstrip() for line in lines), legend])


def margins_to_json(found: Margins) -> dict[str, Any]:
    """The same as plain data; JSON has no infinity, so "inf" is a text."""
    return {
        "seeds": list(found.seeds),
        "margins": [_plain(margin) for margin in found.margins],
        "violations": list(found.violations),
    }


def _row(margin: Margin) -> tuple[str, ...]:
    shown = margin.shown
    tolerance = (f"{shown.rtol:g}", f"{shown.atol:g}")
    return (margin.key, str(shown.line), *tolerance, *_cells(margin.accepted), *_cells(margin.caught))


def _cells(seen: Seen | None) -> tuple[str, str]:
    return (NOTHING, NOTHING) if seen is None else (f"{seen.error:.2g}", seen.by)


def _plain(margin: Margin) -> dict[str, Any]:
    shown = margin.shown
    return {
        "key": margin.key,
        "file": shown.file,
        "line": shown.line,
        "what": shown.what,
        "rtol": shown.rtol,
        "atol": shown.atol,
        "accepted": _plain_seen(margin.accepted),
        "caught": _plain_seen(margin.caught),
    }


def _plain_seen(seen: Seen | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {"error": seen.error if math.isfinite(seen.error) else "inf", "by": seen.by}

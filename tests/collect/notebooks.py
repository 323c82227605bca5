"""Makes notebooks, sound ones and others."""

from __future__ import annotations

import json
import warnings
from typing import Any


def notebook(*cells: str | dict[str, Any], **fields: Any) -> bytes:
    """A notebook of these code cells, or cells; `fields` replace those of the notebook."""
    whole = {
        "cells": [_code(cell) if isinstance(cell, str) else cell for cell in cells],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole | fields).encode()


def _code(source: str) -> dict[str, Any]:
    """As Jupyter writes it: a list of lines, with what the cell printed."""
    output = {"output_type": "stream", "name": "stdout", "text": ["def printed(): ...\n"]}
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [output], "source": lines}


def check_compiles(source: str) -> None:
    """Raises SyntaxError unless `source` is a module; what Python finds odd in it does not matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "module", "exec")

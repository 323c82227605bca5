"""Oddities that no readable file can show: bytes, encodings, line ends, several files."""

from __future__ import annotations

from collections.abc import Mapping

from grader.collect.notebook import module_of
from tests.collect.notebooks import notebook
from tests.honest.declared import Honest, honest, reference

FULL = "Expect: full marks"
BOM = b"\xef\xbb\xbf"
TOPIC = "norm_layers"


def generate() -> list[Honest]:
    """Every generated submission."""
    source = reference(TOPIC)
    data = source.encode()
    cp1252 = source.replace("归", "?").encode("ascii", "replace")  # the note's Chinese words become ?
    one: dict[str, tuple[bytes, str]] = {
        "byte_order_mark": (BOM + data, FULL),
        "mark_and_coding_line": (BOM + b"# coding: utf-8\r\n" + data, FULL),
        "windows_line_ends": (data.replace(b"\n", b"\r\n"), FULL),
        "old_mac_line_ends": (data.replace(b"\n", b"\r"), FULL),
        "mixed_line_ends": (data.replace(b"\n\n", b"\r\n\n"), FULL),
        "no_last_line_end": (data.rstrip(), FULL),
        "tabs": (data.replace(b"    ", b"\t"), FULL),
        "form_feeds": (data.replace(b"\n\n\ndef ", b"\n\x0c\n\ndef "), FULL),
        "latin_1": (b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + cp1252, FULL),
        "gbk": (b"# coding=gbk\n" + source.encode("gbk") + "\n# 归一化\n".encode("gbk"), FULL),
        "coding_in_line_two": (
            b"#!/usr/bin/env python3\n# vim: set fileencoding=gbk :\n" + source.encode("gbk"),
            FULL,
        ),
        "unicode_names": (data + "\nμ = 归一 = np.pi\nﬁ = 1\nassert fi\n".encode(), FULL),
        "latin_1_unsaid": (
            cp1252 + b"\nname = 'caf\xe9'\n",
            'Expect: all RAISED, says "raised SyntaxError", says "Save the file as UTF-8"',
        ),
        "gbk_unsaid": (
            source.encode("gbk"),
            'Expect: all RAISED, says "raised SyntaxError", says "Save the file as UTF-8"',
        ),
        "utf_16": (source.encode("utf-16"), 'Expect: all RAISED, says "Save the file as UTF-8"'),
        "unknown_coding": (
            b"# coding: utf-eight\n" + data,
            'Expect: all RAISED, says "Save the file as UTF-8"',
        ),
        "tabs_and_spaces": (
            data + b"\ndef f():\n\tif 1:\n        return 2\n\treturn 3\n",
            'Expect: all RAISED, says "raised TabError", says "inconsistent use of tabs"',
        ),
        "python_2": (
            data + b'\nprint "done"\n',
            'Expect: all RAISED, says "raised SyntaxError", says "Missing parentheses in call to \'print\'"',
        ),
        "notebook_magic": (
            b"%matplotlib inline\n" + data,
            'Expect: all RAISED, says "raised SyntaxError", says "%matplotlib inline", says "line 1"',
        ),
        "merge_conflict": (
            data + b"\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs\n",
            'Expect: all RAISED, says "raised SyntaxError", says "<<<<<<< HEAD"',
        ),
        "empty_file": (b"", 'Expect: all MISSING, says "there is no "'),
    }
    several: dict[str, tuple[Mapping[str, bytes], str]] = {
        "helper_file": (
            {f"{TOPIC}.py": b"import core\nglobals().update(vars(core))\n", "core.py": data},
            FULL,
        ),
        "star_import": ({f"{TOPIC}.py": b"from core import *\n", "core.py": data}, FULL),
        "from_import": (
            {
                f"{TOPIC}.py": b"from core import norm_stats, layer_norm, layer_norm_backward\n"
                b"from core import batch_norm_train, batch_norm_eval, batch_norm_backward\n",
                "core.py": data,
                "notes.txt": b"not Python",
            },
            FULL,
        ),
        "notebook": (
            {f"{TOPIC}.py": module_of(notebook("%matplotlib inline", source, "print(layer_norm(1))"))},
            FULL,
        ),
        "helper_named_as_the_library": (
            {f"{TOPIC}.py": data + b"\nimport random\nassert random.mine\n", "random.py": b"mine = True\n"},
            FULL,
        ),
        "helper_forgotten": (
            {f"{TOPIC}.py": b"from my_core import *\n"},
            'Expect: all RAISED, says "No module named \'my_core\'", says "hand it in"',
        ),
    }
    whole = {name: ({f"{TOPIC}.py": content}, said) for name, (content, said) in one.items()} | several
    return [honest(TOPIC, name, files, said) for name, (files, said) in whole.items()]

"""Submissions that would not survive an editor, a linter or a repository: made here, byte by byte.

Name -> (source, declaration); the declaration is what the docstring of a file in `corpus/` would say.
"""

from __future__ import annotations

NO_IMPORT = "Expect: all RAISED"
ENTROPY = b"import numpy as np\ndef entropy(p):\n    return float(-(p * np.log(p)).sum())\n"
RIGHT = "Expect: all MISSING, honest t02 PASSED"

GENERATED: dict[str, tuple[bytes, str]] = {
    "source/empty": (b"", "Nothing at all.\n\nExpect: all MISSING"),
    "source/syntax_error": (b"def standardise(x) return x\n", f"Not Python.\n\n{NO_IMPORT}"),
    "source/null_bytes": (b"x = 1\n\x00\n", f"A null byte.\n\n{NO_IMPORT}"),
    "source/not_utf8": (b"x = '\xff\xfe'\n", f"Bytes that are no UTF-8.\n\n{NO_IMPORT}"),
    "source/unknown_coding": (
        b"# coding: klingon\nx = 1\n",
        f"An encoding that nobody knows.\n\n{NO_IMPORT}",
    ),
    "source/archive": (b"PK\x03\x04" + bytes(range(256)) * 50, f"An archive.\n\n{NO_IMPORT}"),
    "source/long_line": (
        b"x = " + b"1 + " * 20_000 + b"1\n",
        f"A sum of twenty thousand ones.\n\n{NO_IMPORT}",
    ),
    "source/parentheses": (
        b"x = " + b"(" * 5000 + b")" * 5000,
        f"Parentheses in parentheses.\n\n{NO_IMPORT}",
    ),
    "source/minus_signs": (
        b"x = " + b"-" * 20_000 + b"1\n",
        "A tower of minus signs.\n\nExpect: all OUT_OF_MEMORY",
    ),
    "source/indented": (
        b"".join(b" " * depth + b"if 1:\n" for depth in range(500)),
        f"Blocks in blocks.\n\n{NO_IMPORT}",
    ),
    "source/dotted": (
        b"import numpy as np\nnp" + b".x" * 20_000 + b"\n",
        f"A name of twenty thousand parts.\n\n{NO_IMPORT}",
    ),
    # Every attribute of a chain is resolved to its root: the longer the chains, the longer it takes.
    "source/dotted_names": (
        b"import numpy as np\nif 0:\n" + (b"    np" + b".x" * 900 + b"\n") * 10 + ENTROPY,
        f"Names of nine hundred parts, ten of them, for the search for banned ones.\n\n{RIGHT}",
    ),
    "source/constant": (
        b"x = 'x' * 4096 ** 4\n",
        "A constant too large to compute.\n\nExpect: all OUT_OF_MEMORY",
    ),
    "source/one_long_text": (
        b"x = '" + b"y" * 2**20 + b"'\n" + ENTROPY,
        f"One line of a megabyte.\n\n{RIGHT}",
    ),
    "source/byte_order_mark": (
        b"\xef\xbb\xbf" + ENTROPY,
        f"A byte order mark, as some editors write it.\n\n{RIGHT}",
    ),
    "source/carriage_returns": (ENTROPY.replace(b"\n", b"\r\n"), f"Lines as Windows ends them.\n\n{RIGHT}"),
    "source/latin1": (
        b"# -*- coding: latin-1 -*-\n# \xe9\n" + ENTROPY,
        f"Another encoding, said as Python wants it.\n\n{RIGHT}",
    ),
}

"""From cells to a module: definitions and what they need; trials do not run."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.collect.definitions import to_module
from tests.collect.notebooks import check_compiles

ROOT = Path(__file__).parents[2]
REFERENCES = sorted(path for path in ROOT.glob("solutions/*/*.py") if path.stem == path.parent.name)
# In front of a notebook's cells and between them: all that a module must not do when it is imported.
TRIALS = [
    "import matplotlib.pyplot as plt\nfrom google.colab import drive\ndrive.mount('/content')",
    "answer = input('continue? ')\nprint(answer)",
    "assert 1 == 2, 'not yet'",
    "for epoch in range(10**9):\n    loss = epoch\nplt.plot(loss)",
    "trained = undefined_name.fit(10**9)\nbest = trained.best\nprint(best)",
    "def half_written(x:\n",
    "raise SystemExit",
    "if __name__ == '__main__':\n    plt.show()",
]


def module(*cells: str) -> str:
    """What is left as code, without comments and empty lines."""
    source = to_module([textwrap.dedent(cell).strip("\n") for cell in cells])
    check_compiles(source)
    return "\n".join(line for line in source.split("\n") if line and not line.lstrip().startswith("#"))


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_every_reference_as_a_notebook(path: Path) -> None:
    """A cell for each statement, trials between them: the same module comes out."""
    source = path.read_text(encoding="utf-8")
    wanted = ast.parse(source)
    lines, cells = source.split("\n"), []
    for node in wanted.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        cells += [TRIALS[len(cells) % len(TRIALS)], "\n".join(lines[first - 1 : node.end_lineno])]
    cells[:1] = TRIALS
    kept = ast.parse(to_module(cells)).body
    asked = [node for node in wanted.body if not isinstance(node, ast.Expr)]
    unused = [node for node in asked if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.dump(node) for node in kept if node not in unused] == [ast.dump(node) for node in asked]


def test_lines_keep_their_places() -> None:
    source = to_module(["x = 3\n\n# why\nprint(x)\n\ndef f():\n    return x\n", "ls()\nf()"])
    assert source.split("\n")[1:] == [
        "#",
        "",
        "# Code cell 1",
        "x = 3",
        "#",
        "# why",
        "# print(x)",
        "#",
        "def f():",
        "    return x",
        "#",
        "",
        "# Code cell 2",
        "# ls()",
        "# f()",
        "",
    ]


def test_an_encoding_cannot_be_declared() -> None:
    assert not any("coding" in line for line in to_module(["# coding: rot13\nx = 1"]).split("\n")[:2])


def test_a_broken_cell_is_left_out_with_the_reason() -> None:
    source = to_module(["def f(x:\n    pass", "def g(): ...", "x = '\ud800'"])
    assert "# Code cell 1 is left out: '(' was never closed, line 1\n# def f(x:\n#     pass\n" in source
    assert "# Code cell 3 is left out: it is no Python\n" in source
    assert "\ndef g(): ...\n" in source


@pytest.mark.parametrize("cell", ["-" * 200_000 + "1", "(" * 300, "x" + ".a" * 100_000, "[" * 90 + "]" * 90])
def test_depth_does_no_harm(cell: str) -> None:
    check_compiles(to_module([cell, "x = 1"]))


def test_features_of_the_future_come_first() -> None:
    source = module(
        "import os",
        "from __future__ import annotations\ndef f(x: os): ...",
        "from __future__ import braces",
        "from __future__ import annotations, division",
    )
    assert source == "from __future__ import annotations, division\nimport os\ndef f(x: os): ..."


@pytest.mark.parametrize(
    "cell",
    [
        "def f(): ...",
        "@property\ndef f(): ...",
        "async def f(): ...",
        "class A: ...",
        "from os.path import *",
        "EPS = 1e-5",
        "A, B = 1, [2, 3]",
        "x: int = 3",
        "x = 1; y = x + 1",
        "f = lambda x: later(x)",
        "def f(x): return x\nnorm = f",
        "import torch\ngelu = torch.nn.functional.gelu",
        "import torch.nn as nn\ngelu = nn.GELU()",
        "import core\nnorm = core.norm",
        "from functools import partial\ndef f(x, eps): ...\nnorm = partial(f, eps=float('inf'))",
        "import numpy as np\ndef f(x): ...\nnorm = np.vectorize(f)",
        "def make(eps):\n    def norm(x): return x + eps\n    return norm\nnorm = make(1e-5)",
        "def make(eps):\n    return lambda x: x + eps\nnorm = make(1e-5)",
        "class Norm:\n    def __call__(self, x): ...\nnorm = Norm()",
        "class A: ...\ndef forward(self): ...\nA.forward = forward",
        "table = []\nfor i in range(3):\n    table.append(i)\ndef f(): return table",
        "table = {}\ntable['x'] = 1\ntable |= {'y': 2}\ndef f(): return table",
        "try:\n    import numpy as np\nexcept ImportError:\n    np = None\ndef f(): return np",
        "with open('words.txt') as stream:\n    words = stream.read()\ndef f(): return words",
        "if True:\n    def f(): ...\n    def g(): return f()\nh = g",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 0",
        "import random\nSEED = 3\nrng = random.Random(SEED)\ndef f(): return rng.random()",
        "def f(): return count\ncount = 0\ncount += 1",
        "match 1:\n    case x: pass\ndef f(): return x",
    ],
)
def test_kept(cell: str) -> None:
    kept = module(cell)
    assert all(line in kept for line in cell.split("\n") if "with" not in line), kept


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("import numpy as np\nx = np.ones(3)\nprint(x)", ""),
        ("def f(x): ...\ny = f(3)\nz = y + 1", "def f(x): ..."),
        ("import pandas as pd\ndata = pd.read_csv('x.csv')\nwidth = data.shape", ""),
        ("text = open('x.txt').read()", ""),
        ("import numpy as np\ndef f(): np\nnp.random.seed(0)\nnp.set_printoptions(3)",
         "import numpy as np\ndef f(): np"),
        ("class Model:\n    def fit(self): ...\nmodel = Model()\nmodel.fit()",
         "class Model:\n    def fit(self): ..."),
        ("def f(): return 1\nif f():\n    y = f()\nwhile True: pass", "def f(): return 1"),
        ("def f(): return x\nx = 1\ndel x", "def f(): return x\nx = 1"),
        ("globals()['x'] = 1\nglobals()['x'].y = 2", ""),
        ("return 1\nawait f()\nbreak", ""),
        ("n = len(undefined)", ""),
        ("x = exit()", ""),
        ("def f(model): return model\nmodel = f(3)", "def f(model): return model"),
    ],
)  # fmt: skip
def test_left_out(cell: str, kept: str) -> None:
    assert module(cell) == kept


PIECES = [
    "def f(",
    "x",
    "):",
    "\n",
    "    ",
    "return ",
    "=",
    "1",
    ";",
    "'''",
    '"',
    "\\\n",
    "# ",
    "class A: pass",
]
PIECES += [
    "import os",
    "from __future__ import annotations",
    "%",
    "(",
    ")",
    "\x0c",
    "\u2028",
    "lambda: ",
    "@f\n",
]
PIECES += ["if x:", "await x", "é", "\t"]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=4))
def test_what_comes_out_compiles(cells: list[str]) -> None:
    check_compiles(to_module(cells))

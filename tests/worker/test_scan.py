"""Which banned names a submission uses, through every honest way to name them."""

from __future__ import annotations

import time

import pytest

from grader.worker.scan import banned_names, lookups, lookups_by_file, used_names


@pytest.mark.parametrize(
    ("source", "ban"),
    [
        ("import torch", "torch"),
        ("import torch.nn.functional", "torch"),
        ("import torch.nn.functional as F", "torch.nn.functional"),
        ("from torch import nn", "torch"),
        ("from torch.nn import LayerNorm", "torch.nn.LayerNorm"),
        ("from torch.nn import LayerNorm as LN", "torch.nn.LayerNorm"),
        ("from torch import nn\nx = nn.LayerNorm(3)", "torch.nn.LayerNorm"),
        ("import torch.nn as n\nx = n.LayerNorm(3)", "torch.nn.LayerNorm"),
        ("import torch\nx = torch.nn.functional.softmax(1)", "torch.nn.functional.softmax"),
        ("import torch.nn.functional\nx = torch.nn.functional.softmax(1)", "torch.nn.functional.softmax"),
        ("import torch.nn.functional as F\nf = F.softmax", "torch.nn.functional.softmax"),
        ("from torch.nn import functional\nfunctional.softmax(1)", "torch.nn.functional.softmax"),
        ("def f():\n    import numpy as np\n    return np.linalg.svd(1)", "numpy.linalg.svd"),
        ("import numpy as np\nclass A(np.ndarray): pass", "numpy.ndarray"),
        ("import torch.nn as nn\nx = nn.TransformerEncoderLayer", "torch.nn.Transformer*"),
        ("import torch.nn as nn\nx = nn.Transformer", "torch.nn.Transformer*"),
        ("import sklearn.metrics", "sklearn*"),
        ("import torch.nn as nn\nF = nn.functional\nF.softmax(1)", "torch.nn.functional.softmax"),
        ("import torch\nnn = torch.nn\nF = nn.functional\nF.softmax(1)", "torch.nn.functional.softmax"),
        ("import numpy as np\norder = getattr(np, 'arg' + 'sort')", "numpy.argsort"),
        (
            "import torch\ngetattr(getattr(torch, 'nn'), 'functional', None).softmax(1)",
            "torch.nn.functional.*",
        ),
        ("t = __import__('torch')\nt.nn.LayerNorm(3)", "torch.nn.LayerNorm"),
        ("import importlib\nimportlib.import_module('torch' + '.nn').LayerNorm", "torch.nn.LayerNorm"),
        ("from importlib import import_module\nimport_module('torch')", "torch"),
        ("from torch.nn import *", "torch.nn"),
        ("from numpy.linalg import *\nx = svd(1)", "numpy.linalg.svd"),
        ("from torch.nn import *\nclass Mine(TransformerEncoder): pass", "torch.nn.Transformer*"),
    ],
)
def test_what_is_found(source: str, ban: str) -> None:
    """Imports, aliases, attributes, wildcards in the ban and in the import."""
    assert banned_names([source.encode()], [ban]) == [ban]


@pytest.mark.parametrize(
    ("source", "ban"),
    [
        ("def LayerNorm(x): return x\nLayerNorm(1)", "torch.nn.LayerNorm"),
        ("class nn:\n    LayerNorm = 1\nnn.LayerNorm", "torch.nn.LayerNorm"),
        ("from numpy.linalg import *\ndef svd(a): return a\nsvd(1)", "numpy.linalg.svd"),
        ("from numpy.linalg import *\nfor svd in []: svd", "numpy.linalg.svd"),
        ("def f(svd): return svd\nfrom numpy.linalg import *", "numpy.linalg.svd"),
        ("import torch\nx = torch.nn.Linear", "torch.nn.LayerNorm"),
        ("import torchvision", "torch"),
        ("import torch.nn as nn\nx = nn.LayerNormal", "torch.nn.LayerNorm"),
        ("import torch.nn as nn\nx = nn\nx = mine\nx.LayerNorm", "torch.nn.LayerNorm"),
        ("import torch.nn as nn\nx = nn\ndef f(x): return x.LayerNorm", "torch.nn.LayerNorm"),
        (
            "import torch.nn as nn\ngetattr(nn, name)\ngetattr(mine, 'LayerNorm')\ngetattr()",
            "torch.nn.LayerNorm",
        ),
        ("mine.import_module(3)\n__import__(name)\n__import__()", "torch"),
        ("text = 'import torch'  # import torch", "torch"),
        ("from .torch import nn", "torch"),
        ("import numpy as torch\ntorch.zeros(1)", "torch"),
        ("def f(:", "torch"),
        ("x = '\x00'", "torch"),
        ("", "torch"),
    ],
)
def test_what_is_not(source: str, ban: str) -> None:
    """One's own function of the same name, other names, text, and what does not parse."""
    assert banned_names([source.encode()], [ban]) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy as np\nx = getattr(np, name)", ["line 2: getattr"]),
        ("get = getattr", ["line 1: getattr"]),
        ("f = getattr(np, 'arg' + name)", ["line 1: getattr"]),
        ("__import__(name)", ["line 1: __import__"]),
        ("import importlib\nimportlib.import_module(name)", ["line 2: import_module"]),
        ("from importlib import import_module\nimport_module(*names)", ["line 2: import_module"]),
        ("eval('np.x')\nexec('y')", ["line 1: eval", "line 2: exec"]),
        (
            "np.__dict__[name]\nvars(np)[name]\nglobals()[name]",
            ["line 1: __dict__", "line 2: vars", "line 3: globals"],
        ),
        ("f.__globals__['x']; g.__globals__", ["line 1: __globals__"]),
        ("match np:\n    case object(argsort=f): pass", ["line 2: case with attributes"]),
        ("import sys\nsys.modules[name]", ["sys.modules"]),
        ("from operator import attrgetter", ["operator.attrgetter"]),
        ("import torch\ntorch.ops.aten.layer_norm", ["torch.ops"]),
        ("import builtins, gc", ["builtins", "gc"]),
    ],
)
def test_where_names_are_looked_up_during_the_run(source: str, found: list[str]) -> None:
    """Ways to a name that stands nowhere."""
    assert lookups(source.encode()) == found


@pytest.mark.parametrize(
    "source",
    [
        "getattr(np, 'argsort')\n__import__('torch')\nimport_module('to' + 'rch')",
        "model.eval()\nfor m in net.modules(): m",
        "import sys\nsys.path",
        "class A:\n    def __getattr__(self, name): return 1",
        "match x:\n    case (1, Point()): pass",
        "x.argsort()",
        "def f(:",
        "",
    ],
)
def test_where_they_are_not(source: str) -> None:
    """Names that are spelt out, and methods that only sound like it."""
    assert lookups(source.encode()) == []


def test_lookups_of_several_files() -> None:
    """With the name of the file; the first five."""
    files = {"a.py": b"eval(x)", "b.py": b"\neval(x)\n" * 9}
    assert lookups_by_file(files) == [
        "a.py, line 1: eval",
        *(f"b.py, line {line}: eval" for line in (2, 4, 6, 8)),
    ]


def test_several_files_and_bans() -> None:
    """In the order of the bans, each once."""
    sources = [b"import torch\nimport torch", b"import numpy as np\nnp.linalg.svd(1)"]
    bans = ["numpy.linalg.*", "scipy", "torch"]
    assert banned_names(sources, bans) == ["numpy.linalg.*", "torch"]
    assert banned_names(sources, []) == []


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "x" + ".a" * 20_000,
        "-" * 100_000 + "1",
        "[" * 150 + "]" * 150,
        "\ud800",
        "# coding: klingon",
    ],
    ids=["brackets", "attributes", "minuses", "lists", "surrogate", "coding"],
)
def test_sources_made_to_hurt(source: str) -> None:
    """Whatever the parser says to them, they use nothing."""
    assert set(used_names(source.encode("utf-8", "surrogatepass"))) == set()
    assert lookups(source.encode("utf-8", "surrogatepass")) == []


def test_a_long_chain_is_walked_once() -> None:
    """Quadratic work, before the deadline of the student's own code begins, would look like our fault."""
    started = time.process_time()
    names = set(used_names(b"import torch\n" + (b"x = torch" + b".a" * 700 + b"\n") * 100))
    assert time.process_time() - started < 2
    assert names == {"torch", "torch" + ".a" * 700}


def test_a_coding_line_is_honoured() -> None:
    """The scan reads what the import reads."""
    assert banned_names(["# coding: gbk\n# 批\nimport torch".encode("gbk")], ["torch"]) == ["torch"]

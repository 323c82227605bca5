"""Looks at its own source with inspect, as decorators and debuggers do.

Expect: full marks
"""

import inspect

assert inspect.getsource(layer_norm).startswith("def layer_norm")
assert "EOFError" not in (inspect.getdoc(layer_norm) or "")

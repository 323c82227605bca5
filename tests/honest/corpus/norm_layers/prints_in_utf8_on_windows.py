"""The usual spell against a console that is not UTF-8: standard output gets a new wrapper.

Expect: full marks
"""

import io
import sys

sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
sys.stderr.reconfigure(encoding="utf-8")


def around(call):
    print("你好")
    return call()

"""Puts a pytest of its own into sys.modules.

Expect: all WRONG
"""

import contextlib
import sys
import types

fake = types.ModuleType("pytest")
fake.raises = lambda *args, **kwargs: contextlib.suppress(BaseException)
fake.fail = fake.skip = fake.exit = lambda *args, **kwargs: None
for name in ("pytest", "_pytest", "_pytest.outcomes", "grader.judge", "grader.judge.testing"):
    sys.modules[name] = fake


def attack(*args):
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack

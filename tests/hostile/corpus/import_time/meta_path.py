"""Hooks that answer every import of the worker's from now on.

Expect: all WRONG
"""

import sys
import types


class Finder:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(f"{name} is mine")


sys.meta_path.insert(0, Finder())
sys.path_hooks.clear()
sys.modules["numpy"] = types.ModuleType("numpy")


def attack(*args):
    return None


standardise = entropy = pick = iterate = Meter = clip = ranks = attack

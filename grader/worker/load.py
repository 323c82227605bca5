"""UNTRUSTED SIDE. Importing a submission from memory: nothing of it ever lies on a disk that the child can
read."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import marshal
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import PurePosixPath
from types import ModuleType


class SubmissionFinder(MetaPathFinder, InspectLoader):
    """Finds the submitted `.py` files, before anything installed, as a script's own folder would be."""

    def __init__(self, files: Mapping[str, bytes], code: Mapping[str, bytes] | None = None) -> None:
        """`code` is what `compiled` gave, in another process: compiling costs more than running."""
        self.sources = {
            PurePosixPath(name).stem: data for name, data in files.items() if name.endswith(".py")
        }
        self._code = code or {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for a submitted module, None for everything else."""
        if path is not None or fullname not in self.sources:
            return None
        spec = importlib.util.spec_from_loader(fullname, self, origin=f"{fullname}.py")
        if spec is not None:
            spec.has_location = True  # gives the module its __file__
        return spec

    def get_source(self, fullname: str) -> str:
        """The text, decoded as Python does it: byte order mark and coding line included."""
        return importlib.util.decode_source(self.sources[fullname])

    def get_filename(self, fullname: str) -> str:
        """The bare file name: what a student knows it by."""
        return f"{fullname}.py"

    def get_code(self, fullname: str):  # type: ignore[no-untyped-def]  # types.CodeType, as the base declares
        """The compiled module. Bytes, not text: the compiler itself knows about coding lines."""
        if fullname in self._code:
            return marshal.loads(self._code[fullname])
        return compile(self.sources[fullname], self.get_filename(fullname), "exec", dont_inherit=True)

    def compiled(self) -> dict[str, bytes]:
        """The code of every module that compiles, marshalled; the others say why when they are imported."""
        code = {}
        for name in self.sources:
            with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                code[name] = marshal.dumps(self.get_code(name))
        return code

    @property
    def filenames(self) -> set[str]:
        """File names as they stand in code objects."""
        return {f"{name}.py" for name in self.sources}


def import_submission(finder: SubmissionFinder, module: str) -> ModuleType:
    """Run the submission's top level. Whatever it raises is the student's.

    A submitted `random.py` is found even where the zygote has imported the library's.
    """
    for name in finder.sources:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, finder)
    return importlib.import_module(module)

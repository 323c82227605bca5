"""What is graded: the reference, accepted and wrong variants of one topic in rotation, a file each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import InputError
from grader.verify.overlay import apply_overlay

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One student's module on disk. `variant` says which known submission it is, e.g. `wrong/no_scaling`."""

    student: str
    variant: str
    path: Path


def reference_path(topic: str) -> Path:
    """The topic's reference solution. Raises InputError for a topic that does not exist."""
    path = ROOT / "solutions" / topic / f"{topic}.py"
    if not path.is_file():
        raise InputError(f"there is no topic {topic!r}", path=path, hint="See the folders in autotests/.")
    return path


def known_variants(topic: str) -> Iterator[tuple[str, str]]:
    """Name and source, endlessly: reference, one accepted, one wrong, reference, the next accepted, ..."""
    reference = reference_path(topic)
    source = reference.read_text(encoding="utf-8")
    folder = reference.parent
    accepted = [
        (f"accepted/{p.stem}", p.read_text(encoding="utf-8")) for p in sorted(folder.glob("accepted/*.py"))
    ]
    wrong = [
        (f"wrong/{p.stem}", apply_overlay(source, p.read_text(encoding="utf-8"), str(p)))
        for p in sorted(folder.glob("wrong/*.py"))
    ]
    kinds = [itertools.cycle(kind) for kind in ([("reference", source)], accepted, wrong) if kind]
    while True:
        for kind in kinds:
            yield next(kind)


def hand_in(topic: str, count: int, folder: Path) -> list[Handed]:
    """Write `count` submissions below `folder`, one folder a student.

    Each with its student's name in it: nobody can answer from memory what is handed in twice.
    """
    handed = []
    for index, (variant, source) in enumerate(itertools.islice(known_variants(topic), count), start=1):
        path = folder / f"student{index:03}" / f"{topic}.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"{source}\n# {path.parent.name}\n", encoding="utf-8")
        handed.append(Handed(student=path.parent.name, variant=variant, path=path))
    return handed

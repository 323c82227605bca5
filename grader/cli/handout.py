"""Which handout is meant: a folder that a student unpacked, or a topic of the course around it."""

from __future__ import annotations

from pathlib import Path

from grader.course.load import find_root, load_assignment, load_course, load_topic
from grader.errors import InputError
from grader.model.assignment import Assignment


def find_handout(topic: str | None, here: Path) -> tuple[Path, Assignment]:
    """The folder of the handout and its assignment. Raises InputError where there is none."""
    folder = here if topic is None else here / topic
    if (folder / "assignment.yaml").is_file():
        return folder, load_assignment(folder / "assignment.yaml")
    if topic is None:
        hint = "Go to the folder that you unpacked, or name it: `grader check FOLDER`."
        raise InputError("there is no assignment.yaml here", path=here, hint=hint)
    found = load_topic(load_course(find_root(here)), topic)
    return found.handout, found.assignment

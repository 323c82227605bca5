"""Results as static pages: one for each student, and an overview for the staff. The only door to jinja2.

    index.html                  all students: not for students
    students/<name>-<hash>.html one student, and nothing of another

No page runs a script or loads anything; its own style sheet is named by hash in its content security policy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import jinja2

from grader.files import atomic_write, make_folder
from grader.model.course import Course, Topic
from grader.model.standing import Standing
from grader.report.view import Overview, StudentView, make_overview

_OTHER = re.compile(r"[^A-Za-z0-9._-]")


def write_report(
    course: Course,
    topics: Sequence[Topic],
    standings: Iterable[Standing],
    destination: Path,
    *,
    roster: Iterable[str] = (),
) -> tuple[Path, ...]:
    """Writes the overview and every student's page into the folder `destination`; returns what was written.

    Every page is made before the first is written, and each is replaced as a whole.
    Raises InputError when the folder cannot be written.
    """
    overview = make_overview(course, topics, standings, roster)
    pages = {destination / "students" / page_name(row.student): render_student(row) for row in overview.rows}
    pages[destination / "index.html"] = render_overview(overview)
    make_folder(destination)
    make_folder(destination / "students")
    for path, page in pages.items():
        atomic_write(path, page)
    return tuple(pages)


def page_name(student: str) -> str:
    """A file name for this student alone on every file system, whatever the identifier is made of."""
    digest = hashlib.sha256(student.encode("utf-8", "backslashreplace")).hexdigest()
    return f"{_OTHER.sub('_', student)[:64]}-{digest[:8]}.html"


def render_student(view: StudentView) -> str:
    """The page of one student."""
    return _render("student.html", view=view)


def render_overview(overview: Overview) -> str:
    """The page of all students; it links to theirs."""
    pages = {row.student: f"students/{page_name(row.student)}" for row in overview.rows}
    return _render("overview.html", overview=overview, pages=pages)


def _render(template: str, **values: object) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("style.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template(template).render(style_digest=digest, **values)

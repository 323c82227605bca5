"""Results on a terminal. Texts go in as plain text: nothing of them is read as markup."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from grader.report.view import Matter, Overview, State, StudentView, TopicView
from grader.report.wording import Mark

_STUDENTS = 3
_STYLES = {Mark.PASSED: "green", Mark.FAILED: "red", Mark.WITHHELD: "yellow"}


def overview_table(overview: Overview) -> Table:
    """One row for each student, one column for each topic: the marks of its tests and the score."""
    table = Table(title=Text(overview.course), caption=_caption(overview))
    table.add_column("student")
    for slug, _ in overview.topics:
        table.add_column(Text(slug))
    table.add_column("total", justify="right")
    for row in overview.rows:
        table.add_row(Text(row.student), *map(_topic_cell, row.topics), _total(row))
    return table


def matters_table(overview: Overview) -> Table:
    """What the staff are to look at, one row for all whom it concerns in the same way."""
    table = Table(title=Text("to look at"))
    for column in ("topic", "test", "students", "what"):
        table.add_column(column)
    for matter in overview.matters:
        table.add_row(*map(Text, (matter.topic, matter.label, _students(matter), matter.sentence)))
    return table


def _students(matter: Matter) -> str:
    shown, more = matter.students[:_STUDENTS], len(matter.students) - _STUDENTS
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _sign(mark: Mark) -> Text:
    return Text(mark.sign, style=_STYLES[mark])


def _topic_cell(topic: TopicView) -> Text:
    marks = Text().join(_sign(test.mark) for test in topic.tests)
    return Text.assemble(marks, " " if topic.tests else "", _score(topic))


def _score(topic: TopicView) -> Text:
    if topic.state is not State.GRADED:
        return Text(topic.state.value, style="yellow" if topic.state is State.WITHHELD else "dim")
    return Text(f"{topic.score}/{topic.max_score}{'' if topic.confined else ' (no sandbox)'}")


def _total(row: StudentView) -> Text:
    return Text(f"{row.score}/{row.max_score}{f', {row.withheld} withheld' if row.withheld else ''}")


def _caption(overview: Overview) -> Text:
    return Text(f"withheld: {overview.withheld} (to be judged again)" if overview.withheld else "")

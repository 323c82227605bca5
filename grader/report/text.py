"""Results on a terminal. Texts go in as plain text: nothing of them is read as markup."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.view import Overview, State, StudentView, TestView, TopicView
from grader.report.wording import Mark

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


def topic_table(overview: Overview, slug: str) -> Table:
    """One topic: one row for each student, one column for each test."""
    judged = [(row.student, topic) for row in overview.rows for topic in row.topics if topic.slug == slug]
    labels = sorted({test.label for _, topic in judged for test in topic.tests})
    table = Table(title=Text(slug))
    table.add_column("student")
    for label in labels:
        table.add_column(Text(label), justify="center")
    table.add_column("score", justify="right")
    for student, topic in judged:
        marks = {test.label: _sign(test.mark) for test in topic.tests}
        table.add_row(Text(student), *(marks.get(label, Text("")) for label in labels), _score(topic))
    return table


def student_report(view: StudentView) -> Group:
    """Everything one student may see."""
    parts: list[RenderableType] = [Text(f"{view.course}: {view.student}", style="bold"), _total(view)]
    for topic in view.topics:
        parts += [Text(), Text.assemble((topic.title, "bold"), "  ", _score(topic))]
        parts += [part for test in topic.tests for part in _test_parts(test)]
    return Group(*parts)


def _test_parts(test: TestView) -> list[RenderableType]:
    points = "–" if test.mark is Mark.WITHHELD else test.points
    head = Text.assemble(_sign(test.mark), f" {test.label}  {test.title}  {points}/{test.max_points}")
    if test.mark is Mark.PASSED:
        return [head]
    details = [text for text in (test.sentence, test.message, _printed(test.output)) if text]
    return [head, *(Padding(Text(text), (0, 0, 0, 4)) for text in details)]


def _printed(output: str) -> str:
    return f"Your code printed:\n{output.rstrip()}" if output.strip() else ""


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

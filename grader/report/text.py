"""Results on a terminal. Texts go in as plain text: nothing of them is read as markup."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from grader.report.view import Overview, State, StudentView, TopicView
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

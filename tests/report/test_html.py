"""Results as pages: sound HTML; no text of a student is markup; nothing of another student is there."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.model.verdict import Verdict
from grader.report.html import page_name, render_overview, render_student, write_report
from grader.report.view import make_overview, student_view
from tests.report.values import COURSE, HOSTILE, NOON, TOPICS, standing

STANDINGS = [
    standing("ada", Verdict.PASSED, Verdict.WRONG),
    standing("ada", Verdict.PASSED, Verdict.TEST_ERROR, slug="beam_search"),
    standing("bob@example.org", slug="beam_search"),
    standing("cat", Verdict.PASSED, sandbox="none", received_at=NOON.replace(hour=13)),
]
VOID = {"meta", "br", "rect"}


class _Page(HTMLParser):
    """Checks that tags are closed in order; keeps tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def student_page(student: str) -> str:
    return render_student(student_view(student, COURSE, TOPICS, STANDINGS))


def overview_page() -> str:
    return render_overview(make_overview(COURSE, TOPICS, STANDINGS, roster=["zoe"]))


PAGES = {
    "ada": student_page("ada"),
    "cat": student_page("cat"),
    "zoe": student_page("zoe"),
    "all": overview_page(),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_is_sound_and_loads_nothing(page: str) -> None:
    tags = _Page(page).tags
    assert ("html", {"lang": "en"}) in tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "form", "object", "base", "b"}
    for _, attributes in tags:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
    assert "://" not in page


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_policy_allows_its_own_style_sheet_and_nothing_else(page: str) -> None:
    policy = next(attributes["content"] for tag, attributes in _Page(page).tags if "http-equiv" in attributes)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_text_is_text() -> None:
    page = student_page("ada")
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#39;xss&#39;)&lt;/script&gt;" in page
    text = _Page(page).text
    assert "\\x1b[31mred\\x1b[0m\\u202eevil\\x00 {{ 7*7 }} [bold]loud[/bold] </pre>" in text
    assert not {"\x1b", "\x00", "\u202e"} & set(page)
    assert "49" not in text


def test_a_hostile_identifier_is_text_too() -> None:
    page = render_overview(make_overview(COURSE, TOPICS, [standing(HOSTILE, Verdict.WRONG)]))
    hrefs = [attributes["href"] for tag, attributes in _Page(page).tags if tag == "a"]
    assert len(hrefs) == 1
    assert re.fullmatch(r"students/[A-Za-z0-9._-]+\.html", hrefs[0] or "")
    assert "<script" not in page


def test_a_student_page_holds_nothing_of_others_and_nothing_for_staff() -> None:
    page = student_page("ada")
    assert not any(canary in page for canary in ("bob", "cat", "CANARY", "test_secret_name", "index.html"))


def test_a_student_page_says_what_counts() -> None:
    text = " ".join(_Page(student_page("ada")).text.split())
    assert "2 of 8 points, 1 topic withheld" in text
    assert "✗not passed Test 2. Your code answered, but the answer is not right." in text
    assert "Received 2026-03-01 20:00 CST · submission abababababab" in text
    assert "The score is withheld: our fault, not yours." in text
    assert "?withheld Test 2. Withheld: our fault. This test is broken; it costs you nothing." in text
    assert "withheld, – / 2" in text
    other = " ".join(_Page(student_page("cat")).text.split())
    assert "after the due date" in other
    assert "Judged without a sandbox." in other
    assert "not handed in" in other


def test_the_overview_says_what_counts() -> None:
    text = " ".join(_Page(overview_page()).text.split())
    assert "4 students, 1 score withheld · for staff only" in text
    assert "ada 2 / 4 1 of 2 tests withheld 2 / 8 without 1 withheld" in text
    assert "bob@example.org not handed in not judged yet 0 / 9" in text
    assert "cat 2 / 2 late no sandbox 1 of 1 tests not handed in 2 / 6" in text
    assert "zoe not handed in not handed in 0 / 9" in text
    assert "To look at TestWhat beam_search t02 withheld, TEST_ERROR (test_norm.py:12): " in text
    assert "CANARY" not in text


def test_tables_have_headers() -> None:
    tags = _Page(overview_page()).tags
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert scopes == ["col"] * 2 + ["row"] + ["col"] * 4 + ["row"] * 4
    assert all(attributes.get("scope") for tag, attributes in _Page(student_page("ada")).tags if tag == "th")


def test_writes_one_page_for_each_student_and_an_overview(tmp_path: Path) -> None:
    written = write_report(COURSE, TOPICS, STANDINGS, tmp_path / "report", roster=["zoe"])
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        f"report/students/{page_name(student)}" for student in ("ada", "bob@example.org", "cat", "zoe")
    ] + ["report/index.html"]
    assert sorted(written) == sorted(path for path in (tmp_path / "report").rglob("*") if path.is_file())
    links = re.findall(r'href="([^"]+)"', (tmp_path / "report" / "index.html").read_text("utf-8"))
    assert all((tmp_path / "report" / link).is_file() for link in links)
    assert len(links) == 4


def test_the_same_results_make_the_same_pages(tmp_path: Path) -> None:
    pages = [
        [path.read_bytes() for path in write_report(COURSE, TOPICS, order, tmp_path / name)]
        for name, order in (("1", STANDINGS), ("2", STANDINGS[::-1]))
    ]
    assert pages[0] == pages[1]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file")
    with pytest.raises(InputError, match="report: cannot make this folder: File exists"):
        write_report(COURSE, TOPICS, STANDINGS, tmp_path / "report")
    assert os.listdir(tmp_path) == ["report"]


def test_file_names_differ_on_every_file_system_and_stay_in_their_folder() -> None:
    students = ["ada", "ADA", "a/b", "a_b", "../../etc/passwd", "CON", "x" * 300, "\ud800", "学生", ""]
    names = [page_name(student) for student in students]
    assert len({name.casefold() for name in names}) == len(students)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{14,78}", name) for name in names)

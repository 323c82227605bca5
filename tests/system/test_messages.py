"""What a student's program says, as an attack on whoever reads it: terminal, page, JSON."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.cli.main import main
from grader.files import is_seen
from grader.report.html import page_name
from tests.system.course import ATTACK, RECORDS, Verdicts

# Every element that our pages are made of.
OURS = set(
    """html head meta title style body header main section h1 h2 h3 p strong span div table caption thead
    tbody tr th td a br details summary pre code svg rect""".split()
)
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Refuses elements and attributes that are not ours, and tags that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.open = "", list[str]()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OURS
        assert not any(name.startswith("on") or name in ("style", "src") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OURS

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def run(*arguments: str) -> tuple[int, str]:
    """Exit code of a command in this process, and all that it shows."""
    shown = io.StringIO()
    with redirect_stdout(shown), redirect_stderr(shown), pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0), shown.getvalue()


def acting(text: str) -> list[str]:
    """Characters that a terminal or a reader's eye would obey."""
    return [char for char in text if char != "\n" and not is_seen(char)]


@pytest.fixture(scope="module")
def pages(graded: tuple[Path, Verdicts], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of the course in which one student's program attacks its readers; and the terminal."""
    folder = tmp_path_factory.mktemp("pages")
    code, shown = run("report", "--course", str(graded[0]), "--to", str(folder))
    assert code == 0
    return {path.name: path.read_text("utf-8") for path in folder.rglob("*.html")} | {"terminal": shown}


def test_no_page_obeys(pages: dict[str, str]) -> None:
    """Parsed strictly: our elements alone, the attack is text, and nothing in it acts."""
    for name, page in pages.items():
        assert acting(page) == [], name
        if name != "terminal":
            Page(page)
    attacked = pages[page_name("s0")]
    text = Page(attacked).text
    assert "<canary onload='x'>{{ 7*7 }}</pre><script>canary()</script>[bold]=1+1" in text
    assert "\\x1b[2J\\x1b]0;owned\\x07\\u202e\\x9b31m" in text
    assert "raised <canary>: " in text


def test_megabytes_are_cut(pages: dict[str, str]) -> None:
    """A class name and a text of megabytes, a source line of 300 kB in the traceback."""
    assert len(pages[page_name("s0")]) < 50_000
    assert "raised yyyyyyyy" in pages[page_name("s0")]


def test_json_says_all_and_does_nothing(graded: tuple[Path, Verdicts]) -> None:
    """Escaped as JSON escapes: the terminal sees plain characters, a program the very text."""
    code, shown = run("report", "--json", "--course", str(graded[0]))
    assert code == 0
    assert acting(shown) == []
    standings = json.loads(shown)
    assert len(shown) < 100_000
    (own,) = (one for one in standings if one["student"] == "s0")
    test = own["result"]["tests"][0]
    assert test["output"] == ATTACK + "\n"
    assert ATTACK in test["message"]


def test_names_of_files_do_not_act_either(graded: tuple[Path, Verdicts], tmp_path: Path) -> None:
    """What is handed in under such a name is refused in visible words; so is a source that is not there."""
    inbox = tmp_path / "inbox"
    name = ATTACK.replace("/", "-")
    (inbox / name).mkdir(parents=True)
    (inbox / name / "softmax.py").write_text("")
    (inbox / f"softmax-{name}.zip").write_text("")
    (inbox / "ada").mkdir()
    (inbox / "ada" / f"{name}.py").write_text("")
    code, shown = run("collect", str(inbox), "--course", str(graded[0]))
    assert code == 1
    assert acting(shown) == []
    assert shown.count("error: refused") == 3
    code, shown = run("collect", str(tmp_path / name), "--course", str(graded[0]))
    assert code == 2
    assert acting(shown) == []


def test_an_error_of_ours_shows_nothing_that_acts(graded: tuple[Path, Verdicts]) -> None:
    """Whatever an error's text is made of."""
    code, shown = run("grade", ATTACK, "--course", str(graded[0]))
    assert code == 2
    assert shown.startswith("error: ")
    assert acting(shown) == []


def test_the_attack_is_in_the_records_as_it_was(graded: tuple[Path, Verdicts]) -> None:
    """Kept as evidence, escaped where it is shown; the records' own text is ASCII."""
    data = (graded[0] / RECORDS).read_bytes()
    assert b"\\u001b[2J" in data
    assert "\u202e".encode() not in data

"""YAML files become values; everything wrong with them is said with file and line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.document import MAX_BYTES
from grader.course.load import (
    dump_yaml,
    find_root,
    load_assignment,
    load_course,
    load_quiz,
    load_topic,
    load_topics,
    parse_yaml,
    read_yaml,
)
from grader.errors import InputError
from grader.model.assignment import Ban, Text
from grader.model.course import Language
from grader.model.quiz import Kind, Question
from tests.course.small_topic import edit, line_of, write_course

HERE = Path("a.yaml")
ASSIGNMENT = "assignments/softmax/assignment.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path)


def test_values_follow_yaml_1_2() -> None:
    text = "a: no\nb: 1:30\nc: 2026-12-01\nd: 1e-9\ne: -.5\nf: 010\ng: True\nh: '7'\ni: [1, ~]\nj: ''\n"
    assert parse_yaml(text, HERE).data == {
        "a": "no",
        "b": "1:30",
        "c": "2026-12-01",
        "d": 1e-9,
        "e": -0.5,
        "f": 10,
        "g": True,
        "h": "7",
        "i": [1, None],
        "j": "",
    }


def test_key_without_a_value_counts_as_left_out() -> None:
    assert parse_yaml("a:\nb: ~\nc: 1", HERE).data == {"c": 1}


def test_lines_of_keys_and_items() -> None:
    document = parse_yaml("a: 1\nb:\n  - x\n  - y:\n      1\n", HERE)
    assert [document.line(*place) for place in [(), ("a",), ("b",), ("b", 0), ("b", 1, "y")]] == [
        1,
        1,
        2,
        3,
        4,
    ]
    assert document.line("b", 1, "y", "nowhere") == 4


def test_aliases_are_followed() -> None:
    assert parse_yaml("a: &x {k: 1}\nb: *x", HERE).data == {"a": {"k": 1}, "b": {"k": 1}}


_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", r"a.yaml:3: the key 'a' stands twice\n  The first is in line 1; remove one."),
        ("a: {b: 1,\n b: 2}", r"a.yaml:2: the key 'b' stands twice"),
        (_BOMB, r"a.yaml:1: too many values or too deep\n  Write aliases out"),
        ("a: &x [*x]", r"a.yaml:1: too many values or too deep"),
        ("a: " + "[" * 50, r"a.yaml:1: not valid YAML: nested deeper than 30 levels"),
        ("- 1", r"a.yaml:1: the file must hold keys with values \(`key: value`\)"),
        ("", r"a.yaml:1: the file must hold keys with values"),
        ("a: 1\nb: [", r"a.yaml:2: not valid YAML: expected the node content"),
        ("a: 1\n---\nb: 2", r"a.yaml:2: not valid YAML: but found another document"),
        ("a: *x", r"a.yaml:1: not valid YAML: found undefined alias 'x'"),
        ("a: 1\nb: \x07", r"a.yaml:2: not valid YAML: character U\+0007 is not allowed"),
        ('a: "\\UFFFFFFFF"', r"a.yaml:1: not valid YAML: an escape beyond Unicode"),
        ('a: "\\ud800"', r"a.yaml:1: half of a surrogate pair is not text\n  Write the character itself."),
        ("a: 1\nb: !!python/name:os.system x", r"a.yaml:2: the tag '.*os.system' is not supported here"),
        ("a: !!int x", r"a.yaml:1: the tag '.*int' is not supported here\n  Leave the tag out."),
        ("a: !!map [1]", r"a.yaml:1: the tag '.*map' is not supported here"),
        ("? [1]\n: 2", r"a.yaml:1: a key must be plain text\n  Put quotes"),
        ("a: 1e999", r"a.yaml:1: 1e999 is too large a number"),
    ],
)
def test_bad_yaml_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^{message}"):
        parse_yaml(text, HERE)


def test_a_list_is_asked_for() -> None:
    with pytest.raises(InputError, match=r"a.yaml:1: the file must hold a list \(`- ...`\)"):
        parse_yaml("a: 1", HERE, list)


def test_unreadable_files(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with pytest.raises(InputError, match=r"a.yaml: cannot read: No such file"):
        read_yaml(path)
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(InputError, match=r"a.yaml:2: not UTF-8 text\n  Save the file as UTF-8."):
        read_yaml(path)
    path.write_bytes(b"a: " + b"x" * (MAX_BYTES - 3))
    assert len(read_yaml(path).data["a"]) == MAX_BYTES - 3
    path.write_bytes(b"a: " + b"x" * (MAX_BYTES - 2))
    with pytest.raises(InputError, match=rf"larger than {MAX_BYTES} bytes\n  Is this the right file\?"):
        read_yaml(path)


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_yaml(path).data == {"a": 1}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    result = data_or_message(text)
    assert isinstance(result, dict) or result.startswith("a.yaml:")


def data_or_message(text: str) -> dict[str, Any] | str:
    """What a text holds, or why it is refused."""
    try:
        data = parse_yaml(text, HERE).data
    except InputError as error:
        return str(error)
    assert isinstance(data, dict)
    return data


_PLAIN = st.recursive(
    st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    # PyYAML writes these in a way that it cannot read back; nobody puts them into a question.
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Co"], exclude_characters="\ufeff")
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcno"), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["a", "yes", "1", "~"]), _PLAIN, max_size=4))
def test_dumped_data_reads_back_equal(data: dict[str, Any]) -> None:
    assert parse_yaml(dump_yaml(data), HERE).data == data


@pytest.mark.parametrize(
    "text", ["no", "1e-9", "1:30", "2026-12-01", "~", "", "0x1f", "- x", "a: b", "是：# 1"]
)
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    assert parse_yaml(dump_yaml({"a": text}), HERE).data == {"a": text}


def test_root_is_found_from_below(root: Path) -> None:
    assert find_root(root / "assignments" / "softmax") == root.resolve()
    with pytest.raises(InputError, match=r"no course.yaml here or in any folder above\n  Go to the folder"):
        find_root(Path("/"))


def test_course(root: Path) -> None:
    course = load_course(root)
    assert (course.id, course.timezone, course.root) == ("c", "Europe/Zurich", root)
    # A date alone is the end of that day, here an hour before UTC's.
    assert course.topics[0].due == datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-12-01 18:00", 17),
        ("2026-07-01T18:00", 16),
        ("2026-12-01T18:00Z", 18),
        ("2026-12-01 18:00-05:00", 23),
    ],
)
def test_due_dates_are_local_unless_they_say_otherwise(root: Path, text: str, hour: int) -> None:
    edit(root, "course.yaml", "2026-12-01", text)
    due = load_course(root).topics[0].due
    assert due is not None
    assert (due.hour, due.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Europe/Zurich",
            "Europe/Zürich",
            r":3: unknown time zone 'Europe/Zürich'\n  Did you mean 'Europe/Zurich'\?",
        ),
        ("Europe/Zurich", "../../etc", r":3: unknown time zone '../../etc'\n  Use a name such as"),
        ("2026-12-01", "tomorrow", r":6: 'tomorrow' is not a date\n  Write it as 2026-12-01"),
        ("2026-12-01", "0001-01-01 00:00+05:00", r":6: '0001-01-01 00:00\+05:00' is not a date"),
        ("2026-12-01", "[1]", r":6: topics\[0\].due: write text$"),
        ("topic: softmax", "topic: ../x", r":5: '../x' cannot be a topic's name\n  A topic has one line"),
        ("    due", "  - topic: softmax\n    due", r":6: 'softmax' stands twice"),
        ("title: ", "titel: ", r":2: unknown key 'titel'\n  Did you mean 'title'\?"),
        ("title: Course\n", "", r":1: 'title' is missing"),
        ("    due", "    deu", r":6: unknown key 'deu'\n  Did you mean 'due'\?"),
        ("    due", "    week: 0\n    due", r":6: week 0 comes too early\n  .*: write 1 or more"),
        (
            "    due",
            "    week: 3\n  - topic: b\n    week: 2\n    due",
            r":8: week 2 comes too early\n  .*write 3",
        ),
        ("    due", "    after: [softmax]\n    due", r":6: 'softmax' does not come before 'softmax'$"),
        (
            "    due",
            "  - topic: b\n    after: [sotfmax]\n    due",
            r":7: 'sotfmax' .*\n  Did you mean 'softmax'\?",
        ),
    ],
)
def test_bad_course(root: Path, old: str, new: str, message: str) -> None:
    edit(root, "course.yaml", old, new)
    with pytest.raises(InputError, match=f"course.yaml{message}"):
        load_course(root)


def test_weeks_and_prerequisites(root: Path) -> None:
    lines = "    week: 2\n  - topic: b\n    week: 2\n    after: [softmax]\n    due"
    edit(root, "course.yaml", "    due", lines)
    first, second = load_course(root).topics
    assert (first.week, first.after) == (2, ())
    assert (second.week, second.after) == (2, ("softmax",))


def test_languages(root: Path) -> None:
    both = (Language.EN, Language.ZH)
    assert load_course(root).languages == load_topic(load_course(root), "softmax").languages == both
    path = edit(root, "course.yaml", "id: c", "id: c\nlanguages: [en]")
    assert load_course(root).languages == (Language.EN,)
    assert load_topic(load_course(root), "softmax").languages == (Language.EN,)
    for wrong, message in [
        ("[zh]", r":2: English is one of the languages of every course\n  Write \[en\] or \[en, zh\].$"),
        ("[]", r":2: English is one of the languages"),
        ("[en, fr]", r":2: languages\[1\]: write en or zh$"),
        ("en", r":2: languages: write a list, as in \[en\]$"),
    ]:
        path.write_text(path.read_text().replace("languages: [en]", f"languages: {wrong}"))
        with pytest.raises(InputError, match=f"course.yaml{message}"):
            load_course(root)
        path.write_text(path.read_text().replace(f"languages: {wrong}", "languages: [en]"))


def test_assignment(root: Path) -> None:
    assignment = load_assignment(root / ASSIGNMENT)
    assert assignment.title == Text(en="Softmax", zh="Softmax 函数")
    assert assignment.files == ("softmax.py",)
    assert assignment.banned == (Ban(name="torch.softmax", tests=("t01",)),)
    assert assignment.limits.call_seconds == 5.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points: 5", "pionts: 5", r":4: unknown key 'pionts'\n  Did you mean 'points'\?"),
        ("points: 5\n", "", r":1: 'points' is missing; add `points: ...`$"),
        ("points: 5", "points: five", r":4: points: write a whole number, such as 3$"),
        ("points: 5", 'points: "5"', r":4: points: write a whole number, without quotes: 5$"),
        ("points: 5", "points: true", r":4: points: write a whole number, such as 3$"),
        ("points: 5", "points: 2.5", r":4: points: write a whole number, such as 3$"),
        ("points: 5", "points: [5]", r":4: points: write a whole number, such as 3$"),
        ("call_seconds: 5", "call_seconds: soon", r":9: limits.call_seconds: write a number, such as 2.5$"),
        (
            "call_seconds: 5",
            "call_seconds: '0.5'",
            r":9: limits.call_seconds: write a number, without quotes: 0.5$",
        ),
        ("call_seconds: 5", "call_seconds: true", r":9: limits.call_seconds: write a number, such as 2.5$"),
        ("slug: softmax", "slug: 5", r':1: slug: write text, in quotes: "5"$'),
        ("slug: softmax", "slug: true", r':1: slug: write text, in quotes: "true"$'),
        ("slug: softmax", "slug: {a: b}", r":1: slug: write text$"),
        ("[t01]", "t01", r":8: banned\[0\].tests: write a list, as in \[t01\]$"),
        ("[t01]", "{t01: 1}", r":8: banned\[0\].tests: write a list, with `- ` before each item$"),
        ("[t01]", "[1]", r':8: banned\[0\].tests\[0\]: write text, in quotes: "1"$'),
        ("[t01]", "[~]", r":8: banned\[0\].tests\[0\]: write text$"),
        ("{name: torch.softmax, tests: [t01]}", "torch", r":8: banned\[0\]: write {name: ...}$"),
        ("{call_seconds: 5}", "5", r":9: limits: write {call_seconds: ..., test_seconds: ..., .*}$"),
        ("{en: Softmax, zh: Softmax 函数}", "Softmax", r":2: title: write {en: ..., zh: ...}$"),
        ("{en: Softmax, zh: Softmax 函数}", "[a, b]", r":2: title: write {en: ..., zh: ...}$"),
        (
            "title: {en: Softmax, zh: Softmax 函数}\n",
            "",
            r":1: 'title' is missing; add `title: {en: ..., zh: ...}`$",
        ),
        ("files: [softmax.py]\n", "", r":1: 'files' is missing; add `files: \[...\]`$"),
        ("en: Softmax, ", "", r":2: 'title.en' is missing; add `en: ...`$"),
        ("call_seconds", "call_secods", r":9: unknown key 'call_secods'\n  Did you mean 'call_seconds'\?"),
        ("name: torch", "nam: torch", r":8: unknown key 'nam'\n  Did you mean 'name'\?"),
        ("[softmax.py]", "[]", r":6: 'files' names no file to hand in"),
        (
            "[softmax.py]",
            "[../softmax.py]",
            r":6: '../softmax.py' cannot be handed in\n  Files to hand in are",
        ),
        ("[softmax.py]", "[a.py, a.py]", r":6: 'a.py' cannot be handed in"),
        ("[softmax.py]", "[class.py]", r":6: 'class.py' cannot be handed in"),
        (
            "[softmax.py]",
            "[softmax.py]\ngiven: [../a.py]",
            r":7: '../a.py' cannot be given\n  Files to give are",
        ),
        ("[softmax.py]", "[softmax.py]\ngiven: [a.py, a.py]", r":7: 'a.py' cannot be given"),
        ("[softmax.py]", "[softmax.py]\ngiven: [softmax.py]", r":7: 'softmax.py' cannot be given"),
        ("[softmax.py]", "[softmax.py]\ngiven: [conftest.py]", r":7: 'conftest.py' cannot be given"),
        ("slug: softmax", "slug: ../softmax", r":1: '../softmax' cannot be a topic's name\n  Use lower-case"),
    ],
)
def test_bad_assignment(root: Path, old: str, new: str, message: str) -> None:
    path = edit(root, ASSIGNMENT, old, new)
    with pytest.raises(InputError, match=f"assignment.yaml{message}"):
        load_assignment(path)


def test_topic_by_name(root: Path) -> None:
    course = load_course(root)
    topic = load_topic(course, "softmax")
    assert (topic.slug, topic.due) == ("softmax", course.topics[0].due)
    assert load_topics(course) == load_topics(course, ["softmax", "softmax"]) == (topic,)


def test_mistyped_topic_is_guessed(root: Path) -> None:
    course = load_course(root)
    with pytest.raises(InputError, match=r"no topic 'sotfmax' in .*course.yaml\n  Did you mean 'softmax'\?"):
        load_topics(course, ["sotfmax"])
    with pytest.raises(InputError, match=r"no topic 'x' in .*\n  Known: softmax."):
        load_topic(course, "x")


def test_two_topics_may_not_ask_for_one_file(root: Path) -> None:
    edit(root, "course.yaml", "topics:\n", "topics:\n  - topic: hardmax\n")
    text = (root / ASSIGNMENT).read_text("utf-8").replace("slug: softmax", "slug: hardmax")
    (root / "assignments/hardmax").mkdir()
    (root / "assignments/hardmax/assignment.yaml").write_text(text, "utf-8")
    line = line_of(root / ASSIGNMENT, "files:")
    message = (
        rf"softmax/assignment.yaml:{line}: 'softmax.py' is also handed in for 'hardmax'\n  Give each topic"
    )
    with pytest.raises(InputError, match=message):
        load_topics(load_course(root))
    assert len(load_topics(load_course(root), ["softmax"])) == 1


def test_topic_that_course_yaml_does_not_list(root: Path) -> None:
    (root / "assignments/perplexity").mkdir()
    course = load_course(root)
    with pytest.raises(InputError, match=r"no topic 'perplexity' in .*\n  Add `- topic: perplexity` to it.$"):
        load_topic(course, "perplexity")
    with pytest.raises(InputError, match=r"no topic '\.\.' in .*\n  Known: softmax.$"):
        load_topic(course, "..")


def test_note_may_be_left_out(root: Path) -> None:
    path = edit(root, ASSIGNMENT, "note: 1\n", "")
    assert load_assignment(path).note is None


def test_slug_is_the_name_of_the_folder(root: Path) -> None:
    edit(root, ASSIGNMENT, "slug: softmax", "slug: soft_max")
    with pytest.raises(
        InputError, match=r"yaml:1: the slug is 'soft_max' but the folder is 'softmax'\n  Give both"
    ):
        load_topic(load_course(root), "softmax")


def test_quiz(root: Path) -> None:
    first, second = load_quiz(root / "solutions/softmax/quiz.yaml")
    assert first.kind is Kind.MC
    assert first.options["b"] == Text(en="no", zh="否")
    assert (first.answer, second.answer, second.tolerance) == ("a", 31415.5, 0.5)
    assert second.without_key() == Question(
        id="q2", kind=Kind.NUM, points=1, question=Text(en="How many?", zh="几个？")
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: q2", "id: q1", r":12: the id 'q1' is taken\n  Ids are unique in a quiz."),
        ("points: 1\n", "points: 0\n", r":3: points of 'q1' must be at least 1"),
        ("    b: {", "    # {", r":5: 'q1' needs at least 2 options\n  Write them as"),
        (
            "kind: num,",
            "kind: num, options: {a: {en: x, zh: y}},",
            r":12: 'q2' asks for a number and cannot have",
        ),
        ("answer: a", "answer: c", r":8: 'c' is not an option of 'q1'\n  Options: a, b."),
        ("answer: a", "answer: [a]", r":8: the answer to 'q1' must be one letter"),
        ("answer: 31415.5", "answer: a", r":12: the answer to 'q2' must be a number"),
        ("kind: mc", "kind: multi", r":8: the answer to 'q1' must be a list of letters"),
        ("kind: mc", "kind: mx", r":2: \[0\].kind: write mc, multi or num$"),
        ("tolerance: 0.5", "tolerance: -1", r":12: the tolerance of 'q2' must be at least 0"),
        ("answer: a", "answer: true", r":8: \[0\].answer: write text, a list or a number$"),
        ("answer: a", "answer: {a: b}", r":8: \[0\].answer: write text, a list or a number$"),
        ("answer: a", "answer: [1, 2]", r':8: \[0\].answer\[0\]: write text, in quotes: "1"$'),
        (
            "- id: q1",
            "- some text\n- id: q1",
            r":1: \[0\]: write {id: ..., kind: ..., points: ..., question: ...}$",
        ),
        ('    b: {en: "no", zh: 否}', "    b: no", r":7: \[0\].options.b: write {en: ..., zh: ...}$"),
        (
            "answer: 31415.5,",
            "answer: 3, options: [a, b],",
            r":12: \[1\].options: write keys with values, as in `a: {en: ..., zh: ...}`$",
        ),
        (
            "kind: num,",
            "kind: num, options: 5,",
            r":12: \[1\].options: write keys with values, as in `5: {en: ..., zh: ...}`$",
        ),
        (
            "answer: a",
            "answer: a\n  tolerance: 1",
            r":9: the tolerance of 'q1' must be .* belongs to a number",
        ),
    ],
)
def test_bad_quiz(root: Path, old: str, new: str, message: str) -> None:
    path = edit(root, "solutions/softmax/quiz.yaml", old, new)
    with pytest.raises(InputError, match=f"quiz.yaml{message}"):
        load_quiz(path)


def test_letters_stand_once_in_a_multiple_answer(root: Path) -> None:
    path = edit(root, "solutions/softmax/quiz.yaml", "kind: mc", "kind: multi")
    edit(root, "solutions/softmax/quiz.yaml", "answer: a", "answer: [a, a]")
    with pytest.raises(InputError, match=rf":{line_of(path, 'answer')}: the answer to 'q1' must be a list"):
        load_quiz(path)

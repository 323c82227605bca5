"""Who may see what. All that is shown, on a terminal or a page, is one of these values and nothing else.

A student's view holds the titles of the tests, points, verdicts, the messages meant for students, and what
the student's own program printed. It never holds evidence for the staff, or anything of another student.
Text from students is cut and its control characters made visible here: no way of showing it can forget to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from grader.files import visible
from grader.model.course import Course, Topic
from grader.model.quiz import Marked, MarkedQuiz
from grader.model.result import Result, TestResult
from grader.model.standing import Standing
from grader.report.wording import SENTENCES, Mark, mark_of

_MESSAGE_CHARACTERS = 4_000
_OUTPUT_CHARACTERS = 8_000


class State(Enum):
    """What became of a student's work in one topic; the value is the word for it."""

    GRADED = "graded"
    WITHHELD = "withheld"
    WAITING = "not judged yet"
    MISSING = "not handed in"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestView:
    """One test as its student sees it."""

    __test__ = False  # pytest: a value, not a test class
    label: str
    title: str
    mark: Mark
    sentence: str
    points: int
    max_points: int
    message: str
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One question, the student's answer in words, and why the right one is right."""

    text: str
    answer: str
    is_right: bool
    why: str
    points: int
    max_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizView:
    """The quiz of a topic. `problem` says why no answer could be read."""

    points: int
    max_points: int
    problem: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicView:
    """One topic as its student sees it. `score`, quiz included, is None unless the state is GRADED."""

    slug: str
    title: str
    state: State
    score: int | None
    max_score: int
    received: str  # in the course's time zone; empty when nothing was handed in
    late: bool
    submission: str  # the beginning of the hash, to compare with the receipt
    confined: bool  # False when it was judged without the wall
    tests: tuple[TestView, ...]
    quiz: QuizView | None

    @property
    def passed(self) -> int:
        """Number of tests passed."""
        return sum(test.mark is Mark.PASSED for test in self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentView:
    """Everything one student may see, and one row of the overview."""

    course: str
    student: str
    topics: tuple[TopicView, ...]

    @property
    def score(self) -> int:
        """Points of the topics that have a score."""
        return sum(topic.score or 0 for topic in self.topics)

    @property
    def max_score(self) -> int:
        """Points of all topics."""
        return sum(topic.max_score for topic in self.topics)

    @property
    def withheld(self) -> int:
        """Number of topics whose score is withheld: while there are any, `score` is not final."""
        return sum(topic.state is State.WITHHELD for topic in self.topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something for the staff to look at, and whose results it concerns: one matter for all of them."""

    topic: str
    label: str
    sentence: str
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All students, for the staff only."""

    course: str
    topics: tuple[tuple[str, str], ...]  # slug and title
    rows: tuple[StudentView, ...]
    matters: tuple[Matter, ...]

    @property
    def withheld(self) -> int:
        """Number of scores withheld."""
        return sum(row.withheld for row in self.rows)


def student_view(
    student: str, course: Course, topics: Sequence[Topic], standings: Iterable[Standing]
) -> StudentView:
    """The view of one student; whatever `standings` say of others is left out."""
    own = {standing.topic: standing for standing in standings if standing.student == student}
    zone = ZoneInfo(course.timezone)
    return StudentView(
        course=course.title,
        student=visible(student),
        topics=tuple(_topic_view(topic, own.get(topic.slug), zone) for topic in topics),
    )


def make_overview(
    course: Course, topics: Sequence[Topic], standings: Iterable[Standing], roster: Iterable[str] = ()
) -> Overview:
    """One row for each student of `roster` and each who handed in, by identifier."""
    standings = list(standings)
    by_student: dict[str, list[Standing]] = {student: [] for student in roster}
    for standing in standings:
        by_student.setdefault(standing.student, []).append(standing)
    return Overview(
        course=course.title,
        topics=tuple((topic.slug, topic.assignment.title.en) for topic in topics),
        rows=tuple(
            student_view(student, course, topics, by_student[student]) for student in sorted(by_student)
        ),
        matters=tuple(_matters(topics, standings)),
    )


def _matters(topics: Sequence[Topic], standings: Iterable[Standing]) -> Iterator[Matter]:
    """Why scores are withheld, and what passed by ways that a person is to judge; alike ones together."""
    concerned: dict[tuple[str, str, str], list[str]] = {}
    for standing in sorted(standings, key=lambda standing: standing.student):
        for test in standing.result.tests if standing.result else ():
            if sentence := _sentence_for_staff(test):
                concerned.setdefault((standing.topic, test.test.label, sentence), []).append(standing.student)
    for topic in topics:
        for (slug, label, sentence), students in sorted(concerned.items()):
            if slug == topic.slug:
                yield Matter(
                    topic=slug,
                    label=label,
                    sentence=visible(sentence, _MESSAGE_CHARACTERS, multiline=True),
                    students=tuple(map(visible, students)),
                )


def _sentence_for_staff(test: TestResult) -> str:
    """Of a broken test its message and place, not its text: pages get about."""
    mark = mark_of(test.verdict)
    if mark is Mark.WITHHELD:
        return f"withheld, {test.verdict.value}{test.place}: {test.message}"
    return f"passed, {test.evidence}" if mark is Mark.PASSED and test.evidence else ""


def _topic_view(topic: Topic, standing: Standing | None, zone: ZoneInfo) -> TopicView:
    result = standing.result if standing else None
    quiz = standing.quiz if standing else None
    of_quiz = quiz.max_points if quiz else topic.assignment.quiz_points
    return TopicView(
        slug=topic.slug,
        title=topic.assignment.title.en,
        state=_state(standing),
        score=None if not result or result.score is None else result.score + (quiz.points if quiz else 0),
        max_score=(result.max_score if result else topic.assignment.points) + of_quiz,
        received=_local(standing.received_at, zone) if standing else "",
        late=standing is not None and topic.due is not None and standing.received_at > topic.due,
        submission=standing.submission_sha256[:12] if standing else "",
        confined=_is_confined(result),
        tests=tuple(map(_test_view, result.tests)) if result else (),
        quiz=_quiz_view(quiz) if quiz else None,
    )


def _quiz_view(quiz: MarkedQuiz) -> QuizView:
    return QuizView(
        points=quiz.points,
        max_points=quiz.max_points,
        problem=visible(quiz.problem),
        questions=tuple(map(_question_view, quiz.questions)),
    )


def _question_view(marked: Marked) -> QuestionView:
    question = marked.question
    return QuestionView(
        text=question.question.en,
        answer=visible(_answer_in_words(marked), _MESSAGE_CHARACTERS),
        is_right=marked.is_right,
        why=question.why.en if question.why else "",
        points=marked.points,
        max_points=question.points,
    )


def _answer_in_words(marked: Marked) -> str:
    answer, options = marked.answer, marked.question.options
    if answer is None:
        return "no answer"
    if isinstance(answer, float):
        return f"{answer:g}"
    letters = answer if isinstance(answer, tuple) else (answer,)
    return "; ".join(options[letter].en if letter in options else letter for letter in letters)


def _test_view(result: TestResult) -> TestView:
    mark = mark_of(result.verdict)
    # What a broken test says may be about the answer it expected.
    message = "" if mark is Mark.WITHHELD else result.message
    return TestView(
        label=result.test.label,
        title=result.test.title,
        mark=mark,
        sentence=SENTENCES[result.verdict],
        points=result.points,
        max_points=result.test.points,
        message=visible(message, _MESSAGE_CHARACTERS, multiline=True),
        output=visible(result.output, _OUTPUT_CHARACTERS, multiline=True),
    )


def _state(standing: Standing | None) -> State:
    if standing is None:
        return State.MISSING
    if standing.result is None:
        return State.WAITING
    return State.WITHHELD if standing.result.score is None else State.GRADED


def _is_confined(result: Result | None) -> bool:
    return result is None or result.sandbox != "none"


def _local(time: datetime, zone: ZoneInfo) -> str:
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M %Z}"

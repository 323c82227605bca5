"""Which files make a topic, and which of them students receive."""

from __future__ import annotations

from pathlib import Path

from grader.model.course import Language, Topic

READMES = {Language.EN: "README.md", Language.ZH: "README.zh.md"}
PUBLIC_TESTS, CONFTEST = "test_public.py", "conftest.py"
QUIZ = "quiz.yaml"


def _written_names(topic: Topic) -> tuple[str, ...]:
    """Files of the handout that a person writes."""
    readmes = (name for language, name in READMES.items() if language in topic.languages)
    return ("assignment.yaml", *readmes, PUBLIC_TESTS, CONFTEST, *topic.assignment.given)


def released_names(topic: Topic) -> tuple[str, ...]:
    """Everything a bundle may hold, by name: the allow-list of the release."""
    quiz = (QUIZ,) if topic.assignment.quiz_points else ()
    return (*_written_names(topic), *quiz, *topic.assignment.files)


def generated_names(topic: Topic) -> tuple[str, ...]:
    """Files of the handout that `grader build` writes from the private ones of the same name."""
    quiz = (QUIZ,) if topic.assignment.quiz_points else ()
    return (*topic.assignment.files, *quiz)


def required_paths(topic: Topic) -> dict[Path, str]:
    """What a person must have written, and what it is."""
    handout = {topic.handout / name: "students receive it" for name in _written_names(topic)}
    private = {topic.solution / name: "the reference" for name in topic.assignment.files}
    private[topic.solution / "submissions.yaml"] = "what wrong and accepted submissions must earn"
    if topic.assignment.quiz_points:
        private[topic.solution / QUIZ] = "the quiz with its key"
    private[topic.autotests / "__init__.py"] = "an empty file, so that tests can import the oracle"
    return handout | private

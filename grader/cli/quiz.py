"""`grader quiz`: the concept questions, answered on the terminal."""

from __future__ import annotations

import random
from pathlib import Path

import click

from grader.errors import InputError
from grader.model.quiz import Answer, Kind, Question

LANGUAGES = ("en", "zh")
FORMS = {Kind.MC: "one letter", Kind.MULTI: "every right letter, as in `ac`", Kind.NUM: "a number"}


@click.command()
@click.argument("topic", required=False)
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the questions."
)
def quiz(topic: str | None, language: str) -> None:
    """Answer the concept questions of a topic.

    TOPIC is the folder that you worked in; default: the current one. Answers are kept in answers.json there
    after each question, so you may stop at any time and come back; `grader submit` hands them in. Nothing
    here knows whether they are right.

    \b
    Example:
        grader quiz
        grader quiz norm_layers --language zh
    """
    from grader.cli.handout import find_handout
    from grader.collect.answers import read_answers, write_answers
    from grader.collect.names import ANSWERS
    from grader.course.load import load_quiz
    from grader.files import atomic_write

    folder, assignment = find_handout(topic, Path.cwd())
    if not (folder / "quiz.yaml").is_file():
        raise InputError("this topic has no quiz", path=folder)
    questions, kept = load_quiz(folder / "quiz.yaml"), folder / ANSWERS
    answers = read_answers(kept.read_bytes(), assignment.slug) if kept.exists() else {}
    for number, question in enumerate(questions, 1):
        click.echo(f"\n{number} of {len(questions)}  {getattr(question.question, language)}")
        answer = ask(question, answers.get(question.id), language)
        if answer is not None:
            answers[question.id] = answer
            atomic_write(kept, write_answers(assignment.slug, answers))
    done = sum(question.id in answers for question in questions)
    click.echo(f"\n{done} of {len(questions)} answered; `grader submit` hands in {kept.name} with your work.")


def ask(question: Question, before: Answer | None, language: str) -> Answer | None:
    """One answer, asked for until it has the right form; Enter keeps the one from before, or skips."""
    shown = shuffled(question)
    for place, letter in shown.items():
        click.echo(f"   {place}) {getattr(question.options[letter], language)}")
    while True:
        prompt = f"   {FORMS[question.kind]}{kept_answer(shown, before)}"
        typed = click.prompt(prompt, default="", show_default=False).strip()
        if not typed:
            return before
        answer = read_answer(typed.lower(), question, shown)
        if answer is not None and question.accepts(answer):
            return answer
        click.echo("   That is no answer to this question; try again, or press Enter to go on.")


def shuffled(question: Question) -> dict[str, str]:
    """Letters as shown -> letters of the quiz: in another order for every student, the same each time."""
    letters = list(question.options)
    random.Random(f"{Path.home()} {question.id} {question.question.en}").shuffle(letters)
    return dict(zip(question.options, letters, strict=True))


def read_answer(typed: str, question: Question, shown: dict[str, str]) -> Answer | None:
    """What somebody typed, as an answer; None where it is none."""
    if question.kind is Kind.NUM:
        try:
            return float(typed.replace(",", "."))
        except ValueError:
            return None
    places = [place for place in typed if place not in " ,;"]
    if any(place not in shown for place in places):
        return None
    letters = sorted(shown[place] for place in places)
    return tuple(letters) if question.kind is Kind.MULTI else "".join(letters)


def kept_answer(shown: dict[str, str], before: Answer | None) -> str:
    """The answer from before, in the letters that are shown."""
    if before is None:
        return ""
    if isinstance(before, float):
        return f" (now {before:g})"
    return f" (now {''.join(place for place, letter in shown.items() if letter in before)})"

"""From the bytes somebody handed in to a `Submission`, or to a refusal in plain words.

A submission is a zip archive, a single Python file or a single notebook. An archive may hold the declared
files, or notebooks in their place, helper modules beside them, the answers to the quiz, and `manifest.json`;
when the manifest is there, everything must agree with it. All of it may lie in one folder named after the
topic, together with the rest of the handout, which is left out: so it comes from a student who packed the
folder by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grader.collect.archive import SUBMISSION, Archive
from grader.collect.manifest import Manifest, read_manifest
from grader.collect.names import (
    ANSWERS,
    MANIFEST,
    MAX_HELPERS,
    NOTEBOOK,
    Refused,
    check_member,
    check_student,
    is_handed_out,
    is_helper,
    is_test,
    notebook_of,
    unexpected,
)
from grader.collect.notebook import NOTEBOOK_BYTES, read_notebook
from grader.model.assignment import Assignment
from grader.model.submission import Submission


def read_submission(
    data: bytes,
    topics: Mapping[str, Assignment],
    *,
    student: str,
    source_name: str,
    topic: str | None = None,
) -> Submission:
    """What `student` handed in as the file `source_name`; without `topic` the content must say which it is.

    Raises Refused for anything but a sound submission to one of `topics`, InputError for an odd student.
    """
    check_student(student)
    base = source_name.replace("\\", "/").rsplit("/", 1)[-1]
    if base.endswith((".py", NOTEBOOK)):
        return loose_submission({base: data}, topics, student=student, topic=topic)
    files = _unpack(data, topics)
    manifest = read_manifest(files.pop(MANIFEST)) if MANIFEST in files else None
    if manifest is not None:
        topic = _same_topic(manifest, student, topic)
    submission = loose_submission(files, topics, student=student, topic=topic)
    if manifest is not None:
        manifest.check(submission)
    return submission


def may_hand_in(assignment: Assignment) -> set[str]:
    """The names of the files asked for, and of notebooks in their place."""
    return {*assignment.files, *map(notebook_of, assignment.files)}


def loose_submission(
    files: Mapping[str, bytes], topics: Mapping[str, Assignment], *, student: str, topic: str | None = None
) -> Submission:
    """The submission that these files make. Raises Refused when they are not what the topic asks for."""
    assignment = topics.get(topic) if topic is not None else _topic_of(files, topics)
    if assignment is None:
        raise Refused(f"{topic!a:.80} is not a topic of this course")
    files = _with_notebooks_read(files, assignment)
    for name in assignment.files:
        if name not in files:
            raise Refused(f"{name!a} is missing", hint=_closest(name, files))
    files = {name: files[name] for name in sorted(files) if name in assignment.files or not is_test(name)}
    helpers = files.keys() - {*assignment.files, ANSWERS}
    for name in sorted(helpers):
        if not is_helper(name):
            raise unexpected(name, f"Asked for: {', '.join(assignment.files)}")
    if len(helpers) > MAX_HELPERS:
        raise Refused(f"{len(helpers)} helper files, more than {MAX_HELPERS}")
    for name, content in files.items():
        if len(content) > SUBMISSION.file_bytes:
            raise Refused(f"{name!a} has {len(content)} bytes, more than {SUBMISSION.file_bytes}")
    return Submission(topic=assignment.slug, name=student, files=files)


def _with_notebooks_read(files: Mapping[str, bytes], assignment: Assignment) -> dict[str, bytes]:
    """`files` with the modules that notebooks in their place make."""
    read = dict(files)
    for name in assignment.files:
        notebook = notebook_of(name)
        if notebook in read:
            if name in read:
                hint = "Only its author knows which is the work: hand in one of them."
                raise Refused(f"both {name!a} and {notebook!a} are there", hint=hint)
            read[name] = read_notebook(read.pop(notebook))
    return read


def _unpack(data: bytes, topics: Mapping[str, Assignment]) -> dict[str, bytes]:
    archive = Archive(data, SUBMISSION)
    declared = {MANIFEST, ANSWERS}.union(*map(may_hand_in, topics.values()))
    names = [member.name for member in archive.members]
    folder = next((f"{topic}/" for topic in topics if _all_in(f"{topic}/", names)), "")
    files = {}
    for member in archive.members:
        check_member(member.name)
        name = member.name.removeprefix(folder)
        if folder and (not name or is_handed_out(name)):
            continue
        if "/" in name:
            hint = "The files must lie at the top of the archive, as `grader submit` packs them."
            raise Refused(f"{member.name[:80]!a} lies in a folder", hint=hint)
        if name not in declared and not is_helper(name) and not is_test(name):
            raise unexpected(name)
        files[name] = archive.read(member, NOTEBOOK_BYTES if name.endswith(NOTEBOOK) else None)
    return files


def _all_in(folder: str, names: Sequence[str]) -> bool:
    return bool(names) and all(name.startswith(folder) for name in names)


def _same_topic(manifest: Manifest, student: str, topic: str | None) -> str:
    if manifest.student != student:
        raise Refused(
            f"{MANIFEST} names the student {manifest.student!a}, but it was handed in for {student!a}"
        )
    if topic is not None and manifest.topic != topic:
        raise Refused(
            f"{MANIFEST} names the topic {manifest.topic[:80]!a}, but it was handed in for {topic!a}"
        )
    return manifest.topic


def _topic_of(files: Mapping[str, bytes], topics: Mapping[str, Assignment]) -> Assignment:
    """The one topic whose module is among `files`."""
    fitting = [one for one in topics.values() if {one.files[0], notebook_of(one.files[0])} & files.keys()]
    if len(fitting) != 1:
        what = "several topics" if fitting else "no topic"
        raise Refused(
            f"{what} could be meant by {_listed(files) or 'an empty archive'}",
            hint="Hand in with `grader submit`.",
        )
    return fitting[0]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{name[:80]!a}" for name in sorted(names)[:5])


def _closest(wanted: str, files: Mapping[str, bytes]) -> str | None:
    """Guesses a spelling mistake by case only: cheap whatever a student sends."""
    near = [name for name in sorted(files) if name.casefold() == wanted.casefold()]
    return f"{near[0]!a} is there; the name must be spelt exactly {wanted!a}." if near else None

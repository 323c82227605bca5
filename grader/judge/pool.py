"""Many submissions over several judges: any `concurrent.futures.Executor` will do, threads here or a dask
cluster.

A job is one submission. Judges are kept between jobs, by process and by what they judge. A run turns to its
own use those that were kept for something else: most of a start is imports, and torch makes a judge large.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed

from grader.judge.engine import Engine
from grader.judge.spec import JudgeSpec
from grader.model.result import Result
from grader.model.submission import Submission

_lock = threading.Lock()
_idle: dict[JudgeSpec, list[Engine]] = defaultdict(list)
_spare: list[Engine] = []


def judge_job(
    spec: JudgeSpec, submission: Submission, secrets: Sequence[str], only: Collection[str] | None = None
) -> tuple[Result, ...]:
    """Judge one submission under each secret with an idle judge of this process, or a new one; `only`: by
    some tests."""
    engine = _take(spec)
    results = engine.judge_under(submission, secrets, only)
    with _lock:
        _idle[spec].append(engine)
    return results


def judge_all(
    spec: JudgeSpec,
    submissions: Iterable[Submission],
    secret: str,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
) -> Iterator[tuple[Submission, Result]]:
    """Results in the order in which they are ready. The first GraderError ends the run; what is out is not
    lost."""
    for submission, results in judge_all_under(
        spec, submissions, (secret,), workers=workers, executor=executor
    ):
        yield submission, results[0]


def judge_all_under(
    spec: JudgeSpec,
    submissions: Iterable[Submission],
    secrets: Sequence[str],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    only: Mapping[str, Collection[str]] | None = None,
) -> Iterator[tuple[Submission, tuple[Result, ...]]]:
    """As `judge_all`, under several secrets, for `verify`. `only` names, for some submissions, the tests that
    they are to be judged by; the others are judged by all."""
    _spare_others(spec)
    own = executor is None
    executor = executor or ThreadPoolExecutor(max_workers=workers or default_workers())
    futures: dict[Future[tuple[Result, ...]], Submission] = {}
    try:
        for submission in submissions:
            tests = (only or {}).get(submission.name)
            futures[executor.submit(judge_job, spec, submission, secrets, tests)] = submission
        for future in as_completed(futures):
            yield futures.pop(future), future.result()  # not kept: a class may be large
    finally:
        for future in futures:
            future.cancel()
        if own:
            executor.shutdown()


def default_workers() -> int:
    """One judge a core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _take(spec: JudgeSpec) -> Engine:
    with _lock:
        if _idle[spec]:
            return _idle[spec].pop()
        spare = _spare.pop() if _spare else None
    if spare is None:
        return Engine(spec)
    spare.turn(spec)
    return spare


def _spare_others(spec: JudgeSpec) -> None:
    with _lock:
        for other in [other for other in _idle if other != spec]:
            _spare.extend(_idle.pop(other))


@atexit.register
def stop_judges() -> None:
    """End every idle judge of this process."""
    with _lock:
        for engine in [*_spare, *(engine for engines in _idle.values() for engine in engines)]:
            engine.stop()
        _idle.clear()
        _spare.clear()

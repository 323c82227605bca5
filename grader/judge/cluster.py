"""The only door to dask: an existing cluster as an ordinary executor.

Jobs are submissions, a few to the second, and results are kept by key, so a job that ran twice does no harm.
A dask worker never forks by itself: it talks to a judge process that it starts (`judge/pool.judge_job`).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from grader.errors import MachineError

CONNECT_SECONDS = 10


@contextmanager
def connect(address: str | None) -> Iterator[Executor | None]:
    """An executor on the scheduler at `address`; None, for local judges, without one. Raises MachineError."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise MachineError("dask is not installed; `pip install 'nlp-grader[cluster]'`") from None
    try:
        # dask types only a part of itself
        client = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]  # dask
    except (OSError, ValueError) as error:
        raise MachineError(f"no dask scheduler answers at {address}: {error}") from None
    with client:
        # pure=False: the same submission judged again is a new job. retries=0: we count attempts ourselves.
        yield client.get_executor(pure=False, retries=0)  # type: ignore[no-untyped-call]  # dask

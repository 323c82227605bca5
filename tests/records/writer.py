"""Writes records until it is killed, saying after each call what it was told is kept."""

from __future__ import annotations

import sys
from datetime import timedelta

from grader.model.verdict import Verdict
from grader.records.store import Records
from tests.records.values import NOON, result, result_key, submission


def main(path: str) -> None:
    with Records.open(path) as records:
        for index in range(100_000):
            one = submission(b"%d" % index)
            received = NOON + timedelta(seconds=index)
            records.add_submission(one, student=f"s{index}", received_at=received, source_name="x.zip")
            print("submission", index, flush=True)
            key = result_key(one.sha256)
            if index % 3 == 0:
                records.add_result(key, result(key, Verdict.SANDBOX_ERROR))
            records.add_result(key, result(key))
            print("result", index, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""What a result depends on: when all of it is the same, nothing needs to be judged again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultKey:
    """Identity of a judgement. Hashes are SHA-256 in hexadecimal."""

    topic: str
    tests_sha256: str  # hidden tests, oracle and reference
    submission_sha256: str
    grader_version: str
    limits_sha256: str
    data_sha256: str  # the seed of the test data, hashed: the records never hold the secret
    sandbox: str  # which wall stood, as in `Result.sandbox`

"""Where random data comes from: reproducible, different for each course and test."""

from __future__ import annotations

import numpy as np

from grader.judge.seeds import data_seed


def test_reproducible() -> None:
    """A regrade next year sees the same data: this number must never change."""
    assert data_seed("s", "norm_layers", "test_t01") == data_seed("s", "norm_layers", "test_t01")
    assert hex(data_seed("s", "norm_layers", "test_t01"))[:12] == "0x52f8152976"


def test_everything_counts() -> None:
    """Another secret, topic or test: other data."""
    seeds = {
        data_seed(*words) for words in [("s", "t", "a"), ("z", "t", "a"), ("s", "u", "a"), ("s", "t", "b")]
    }
    assert len(seeds) == 4


def test_disjoint_from_small_seeds() -> None:
    """A student who seeds with 0 does not draw the grader's data."""
    data = np.random.default_rng(data_seed("s", "t", "a")).normal(size=4)
    assert all((np.random.default_rng(small).normal(size=4) != data).all() for small in range(100))

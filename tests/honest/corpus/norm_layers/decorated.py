"""Decorated with functools.wraps, np.errstate, a context manager and a timer.

Expect: full marks
"""

import contextlib
import functools
import time


@contextlib.contextmanager
def timed():
    started = time.perf_counter()
    yield
    print(f"{time.perf_counter() - started:.3f} s")


def twice(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        function(*args, **kwargs)
        return function(*args, **kwargs)

    return call


layer_norm = np.errstate(all="ignore")(timed()(twice(layer_norm)))
batch_norm_train = twice(batch_norm_train)

"""Right answers from a student who prints, warns, logs, starts a thread and exits when run as a script.

Expect: all MISSING, honest t01 PASSED, honest t02 PASSED
"""

import logging
import sys
import threading
import warnings

import numpy as np

print("loading", file=sys.stderr)
warnings.warn("deprecated since ever", DeprecationWarning, stacklevel=1)
logging.basicConfig(level=logging.DEBUG)


def standardise(x):
    """Divides by zero on the way and does not care."""
    logging.info("shape %s", x.shape)
    1 / np.zeros(2)
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def entropy(p):
    answer = []
    thread = threading.Thread(target=lambda: answer.append(float(-(p * np.log(p)).sum())))
    thread.start()
    thread.join()
    print("the entropy is", answer)
    return answer[0]


if __name__ == "__main__":
    sys.exit(0)

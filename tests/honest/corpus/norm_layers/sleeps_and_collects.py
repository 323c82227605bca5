"""Sleeps a tenth of a second and collects garbage, for good measure.

Expect: full marks
"""

import gc
import time

gc.disable()


def around(call):
    gc.collect()
    return call()


time.sleep(0.1)
gc.set_debug(0)

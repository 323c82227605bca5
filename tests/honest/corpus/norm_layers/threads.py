"""Works in a pool of sixteen threads, and leaves a daemon behind.

Expect: full marks
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def around(call):
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda _: time.sleep(0.001) or call(), range(16)))[-1]

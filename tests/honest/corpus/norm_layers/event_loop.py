"""Coroutines in an event loop.

Expect: all RAISED, says "raised PermissionError", says "event loops cannot be made"
"""

import asyncio


async def _later(call):
    await asyncio.sleep(0)
    return call()


def around(call):
    return asyncio.run(_later(call))

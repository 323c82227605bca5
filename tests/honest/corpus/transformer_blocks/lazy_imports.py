"""Lazy imports of the standard library within functions.

Expect: full marks
"""


def around(call):
    import bisect
    import concurrent.futures
    import decimal
    import sqlite3
    import uuid
    import xml.dom.minidom

    assert bisect, (concurrent, decimal, sqlite3, uuid, xml)
    return call()

"""Right answers with the help of modules that are imported only behind the wall.

Expect: all MISSING, honest t02 PASSED, honest t03 PASSED, honest t05 PASSED
"""


def entropy(p):
    from decimal import Decimal

    return float(-sum(Decimal(float(q)) * Decimal(float(q)).ln() for q in p))


def pick(items, k):
    import bisect
    import heapq
    import sqlite3
    import xml.dom.minidom

    if not 0 <= k <= len(items):
        raise type("NotEnough", (ValueError,), {})(bisect, sqlite3, xml)
    return heapq.nlargest(k, items)


class Meter:
    count = 0

    def __new__(cls, unit):
        import dataclasses
        import fractions

        self = super().__new__(cls)
        self.unit, self.total = dataclasses.field(default=unit).default, fractions.Fraction(0)
        return self

    def add(self, value):
        import fractions

        self.total += fractions.Fraction(value)
        self.count += 1
        return float(self.total / self.count)

"""An exception named like the judge's own, with a verdict of its own.

Expect: all RAISED
"""


class MachineFault(Exception):
    verdict = "PASSED"
    message = evidence = ""


class StudentFault(MachineFault):
    pass


def attack(*args):
    raise StudentFault("PASSED")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack

"""An exception whose text, name and traceback drive a terminal and break a page.

Expect: all RAISED
"""


def attack(*args):
    odd = type("\x1b[2J\ud800<script>", (Exception,), {})
    raise odd("\x1b]0;owned\x07\x00\r\n\ud800 =cmd() <script>alert(1)</script>")


standardise = entropy = pick = iterate = Meter = clip = ranks = attack

"""ValueError as a class of its own, with two arguments, a cause, a note and a text that isn't UTF-8.

Expect: full marks
"""


class ShapeError(ValueError, TypeError):
    def __init__(self, what, why):
        super().__init__(what, why)
        self.add_note("look at the shapes \ud800")


def around(call):
    try:
        return call()
    except ValueError as error:
        raise ShapeError(str(error), 3) from error

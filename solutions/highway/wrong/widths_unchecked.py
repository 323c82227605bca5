"""The last axis of x is not compared with dim; torch raises RuntimeError."""


def _check_width(x, dim):
    pass

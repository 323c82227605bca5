"""Appended to what defines `dress`, `dress_result` or `around`; runs in the student's process.

`dress(value)` changes every value in what a public function returns, looking into tuples and lists;
`dress_result(result)` changes the result as a whole; `around(call)` makes the call. Only calls from outside
are dressed: the functions of a module trust one another's results.
"""

import functools
import inspect

_entered = []


def _dressed(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        if _entered:
            return function(*args, **kwargs)
        _entered.append(function)
        try:
            result = _look.get("around", _plainly)(lambda: function(*args, **kwargs))
        finally:
            _entered.pop()
        return _look.get("dress_result", _as_it_is)(_dress_parts(result))

    return call


def _plainly(call):
    return call()


def _as_it_is(value):
    return value


def _dress_parts(value):
    if type(value) in (tuple, list):
        return type(value)(_dress_parts(part) for part in value)
    return _look.get("dress", _as_it_is)(value)


_look = {_name: globals().pop(_name) for _name in ("dress", "dress_result", "around") if _name in globals()}
for _name, _value in list(globals().items()):
    if _name.startswith("_") or getattr(_value, "__module__", None) != __name__:
        continue
    if inspect.isfunction(_value):
        globals()[_name] = _dressed(_value)
    elif inspect.isclass(_value) and "forward" in vars(_value):
        _value.forward = _dressed(_value.forward)

"""Data classes, enums, protocols, pattern matching, walrus, type variables, `if TYPE_CHECKING`.

Expect: full marks
"""

from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Annotated, Generic, Literal, ParamSpec, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from numpy.typing import NDArray

P, T = ParamSpec("P"), TypeVar("T")


class Kind(StrEnum):
    LAYER = auto()
    BATCH = auto()


class Measures(Protocol[T]):
    def __call__(self, x: NDArray[np.float64]) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    x: Annotated[T, "floats"]
    kind: Kind | Literal["layer", "batch"]
    tags: list[str] = field(default_factory=list)

    def same(self) -> Self:
        return self


_stats = norm_stats


def norm_stats(x: NDArray[np.float64], kind: str, /, *rest: P.args) -> tuple[NDArray[np.float64], ...]:
    match Question(x=x, kind=Kind(kind)).same():
        case Question(kind=Kind.LAYER) if axes := (-1,):
            return x.mean(axes), x.var(axes)
        case question:
            return _stats(question.x, str(question.kind))

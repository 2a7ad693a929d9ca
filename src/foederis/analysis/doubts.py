"""Fixed points and beliefs, noted by whatever solves games, so that every analysis can say what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from foederis.analysis.beliefs import Beliefs, tell_beliefs
from foederis.analysis.together import Simultaneous, tell_points
from foederis.game.compile import Game
from foederis.language.case import Clock

if TYPE_CHECKING:
    from foederis.analysis.result import Result
    from foederis.solve.results import Solution

P = ParamSpec("P")
R = TypeVar("R", bound="Result")


@dataclass
class Notes:
    """What the solutions that an analysis rests on have said: of simultaneous moves, and of beliefs about private types
    with the number of worlds."""

    together: list[Simultaneous] = field(default_factory=list)
    beliefs: list[tuple[int, Beliefs]] = field(default_factory=list)


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


@dataclass(frozen=True)
class Tally:
    """The fixed points of a simultaneous move in all that an analysis has solved.

    Attributes:
        worlds: how many worlds were solved, each as often as it was; doubtful_worlds: in how many of them a fixed
            point is in doubt.
        crossed, fell_short, error, followed_to: as in Simultaneous and its doubts.
    """

    turns: tuple[str, ...]
    worlds: int
    doubtful_worlds: int
    crossed: int
    fell_short: int
    error: float
    followed_to: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class BeliefTally:
    """How beliefs about private types were followed in all that an analysis has solved.

    Attributes:
        worlds: how many worlds were solved, each as often as it was; on_grid: in how many of them beliefs stood on a
            grid, and not every one that play leads to was worked out.
        nodes: of the finest of these grids; error: by how much a finer one changes a mean answer at most, where that
            was tried, moved the question to which this belongs, and coarse whether it is much in one of them.
        missed, worst, split, doubtful_worlds: as in Beliefs.
    """

    worlds: int
    on_grid: int
    nodes: int
    error: float
    moved: str
    coarse: bool
    missed: int
    worst: float
    split: int
    doubtful_worlds: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def note(game: Game, clock: Clock, solution: Solution, worlds: int) -> tuple[tuple[Simultaneous, ...], Beliefs | None]:
    """What a solution says of simultaneous moves and of beliefs; noted for the analysis that has asked for it, if one
    has."""
    told, beliefs = tell_points(game, clock, solution.points, worlds), tell_beliefs(game, clock, solution)
    noted = _notes.get()
    if noted is not None:
        noted.together += told
        noted.beliefs += [(worlds, beliefs)] if beliefs else []
    return told, beliefs


@contextmanager
def noting() -> Iterator[Notes]:
    """Collects what is noted; it is noted for what is going on outside as well."""
    outside = _notes.get()
    mine = Notes()
    token = _notes.set(mine)
    try:
        yield mine
    finally:
        _notes.reset(token)
        if outside is not None:
            outside.together += mine.together
            outside.beliefs += mine.beliefs


def with_doubts(analysis: Callable[P, R]) -> Callable[P, R]:
    """An analysis whose result says in `together` and `beliefs` what its solutions have noted."""

    @wraps(analysis)
    def noted(*args: P.args, **kwargs: P.kwargs) -> R:
        with noting() as found:
            result = analysis(*args, **kwargs)
        # Results are frozen, and know nothing of it.
        object.__setattr__(result, "together", tally(found.together))
        object.__setattr__(result, "beliefs", tally_beliefs(found.beliefs))
        return result

    return noted


def tally(found: list[Simultaneous]) -> tuple[Tally, ...]:
    """By move, in the order in which they were met."""
    result = []
    for turns in dict.fromkeys(move.turns for move in found):
        mine = [move for move in found if move.turns == turns]
        doubts = [doubt for move in mine for doubt in move.doubts]
        result.append(
            Tally(
                turns,
                sum(move.worlds for move in mine),
                sum(move.doubtful_worlds for move in mine),
                sum(move.crossed for move in mine),
                sum(move.fell_short for move in mine),
                max((doubt.error for doubt in doubts), default=0.0),
                min((doubt.followed_to for doubt in doubts), default=1.0),
            )
        )
    return tuple(result)


def tally_beliefs(found: list[tuple[int, Beliefs]]) -> BeliefTally | None:
    """None where nobody has types in any of the games."""
    if not found:
        return None
    largest = max((beliefs for _, beliefs in found), key=lambda beliefs: beliefs.error)
    return BeliefTally(
        sum(worlds for worlds, _ in found),
        sum(worlds for worlds, beliefs in found if not beliefs.exact),
        max(beliefs.nodes for _, beliefs in found),
        largest.error,
        largest.moved,
        any(beliefs.coarse for _, beliefs in found),
        sum(beliefs.missed for _, beliefs in found),
        max(beliefs.worst for _, beliefs in found),
        sum(beliefs.split for _, beliefs in found),
        sum(beliefs.doubtful_worlds for _, beliefs in found),
    )

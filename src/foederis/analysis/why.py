"""Why an actor chooses as it does: what its options are worth to it, split by interest, treaty and price.

The split is exact: under the equilibrium behaviour of all, values add up over interests. So the parts of a difference
between two options sum to the difference, in every draw. An actor with private types has one split for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.accepting import accept
from foederis.analysis.answers import Estimate, Floats
from foederis.analysis.doubts import note, with_doubts
from foederis.analysis.posterior import Sample, sample
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import (
    Progress,
    check_arguments,
    choose_one,
    notify,
    placed,
    plan_of,
    weights_by_type,
)
from foederis.analysis.states import read_levels, states_with
from foederis.diagnostics import CaseError, Diagnostic, ResidualError, nearest
from foederis.game.compile import Game, compile_game
from foederis.game.expand import MAX_STATES
from foederis.game.ledgers import Books, Ledger, open_books
from foederis.language import check
from foederis.language.case import Case, WhatIf

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.decision import Sight
    from foederis.solve.results import Solution

SPLIT_LIMIT = 1e-9  # of the range of what options are worth


@dataclass(frozen=True)
class Part:
    """A ledger's share of a difference, in points."""

    ledger: Ledger
    gap: Estimate


@dataclass(frozen=True)
class OptionWhy:
    """One option against the one most likely taken; each Estimate over draws, where nan: the actor never decides there,
    or never where both are open.

    Attributes:
        share: the probability that it is taken when the actor decides; best: that it is the best reply.
        gap: how many points more the option most likely taken is worth; the next three sum to it.
        at_once: the part paid with the move itself; this_step: by the end of the step; later: after that.
        parts: the gap by ledger, those that differ most first; they sum to it.
    """

    option: str
    share: Estimate
    best: Estimate
    gap: Estimate
    at_once: Estimate
    this_step: Estimate
    later: Estimate
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Why(Result):
    """Why an actor chooses as it does in one of its turns, on average over the states in which it decides there.

    Attributes:
        in_state: {variable: level}, the states that count; empty for all.
        imposed: the option that the what-if imposes on this very turn and step, where what is told is what the actor
            would choose freely; None if it imposes none.
        decides: the probability that the actor decides in that step, in such a state.
        usual: the option most likely taken; options: all of them, the likeliest first.
        residual: of the solution; split_error: of the split, in points.
        type: the private type of the actor that is looked at, empty if it has none; probabilities are those if it has
            this type.
        others: the same for its other types, where all are looked at; types that never decide there are left out.
    """

    case: Case
    actor: str
    turn: str
    step: int
    in_state: Mapping[str, str]
    what_if: str | None
    imposed: str | None
    draws: int
    seed: int
    decides: Estimate
    usual: str
    options: tuple[OptionWhy, ...]
    residual: float
    split_error: float
    type: str = ""
    others: tuple[Why, ...] = ()

    @property
    def each(self) -> tuple[Why, ...]:
        """One after the other for every type that is looked at; where there is none, this alone."""
        return (self, *self.others)

    def rows(self) -> list[Row]:
        return [row for why in self.each for row in why._own_rows()]

    def _own_rows(self) -> list[Row]:
        found = []
        who = {"type": self.type} if self.type else {}
        for option in self.options:
            if option.option == self.usual:
                continue
            for part in option.parts:
                when = "at_end" if part.ledger.at_end else "with_the_move" if _is_move(part.ledger) else "each_step"
                head = {"option": option.option, "against": self.usual, "kind": part.ledger.kind}
                found.append({**who, **head, "part": part.ledger.name, "paid": when, **part.gap.to_json()})
        return found

    def facts(self) -> Row:
        by_type = {"types": {why.type: why._own_facts() for why in self.each}} if self.type else self._own_facts()
        return {
            "actor": self.actor,
            "turn": self.turn,
            "step": self.step,
            "in_state": dict(self.in_state),
            "what_if": self.what_if,
            "imposed": self.imposed,
            "draws": self.draws,
            "seed": self.seed,
            **by_type,
        }

    def _own_facts(self) -> Row:
        names = ("share", "best", "gap", "at_once", "this_step", "later")
        return {
            "decides": self.decides.to_json(),
            "most_likely": self.usual,
            "options": {
                o.option: {**{name: getattr(o, name).to_json() for name in names}, "left_out": o.gap.left_out}
                for o in self.options
            },
            "check": {"residual": self.residual, "split": self.split_error},
        }


def _is_move(ledger: Ledger) -> bool:
    return ledger.kind in ("price", "received")


@with_doubts
def why(
    case: Case,
    *,
    actor: str | None = None,
    turn: str | None = None,
    step: int | None = None,
    in_state: Mapping[str, str] | None = None,
    what_if: str | None = None,
    type: str | None = None,
    draws: int = 256,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Why:
    """Splits what an actor's options are worth to it.

    Args:
        actor: whose decision; that of the first question about a move if None, else of the first turn.
        turn: which of the actor's turns; its first if None.
        step: counted from 0; the first if None, or the first whose decision is not past if anything was observed.
        in_state: {variable: level}, the states in which the decision is looked at.
        what_if: looks at the case changed so; moves that it imposes count as chosen freely.
        type: one private type of the actor; all of them one after the other if None.
    Raises:
        CaseError: an unknown actor, turn, type, level or step; a decision that is never made (F704).
        ResidualError: the solution, or the split, fails its check.
    """
    check_arguments(draws, seed, None)
    whatif = choose_one(case, what_if)
    unchanged = case
    if whatif and whatif.changes:
        case = check.change(case, whatif.changes, context=f"the what-if `{whatif.name}`")
    chosen = pick_turn(case, actor, turn)
    if step is not None and not 0 <= step < case.clock.steps:
        message = f"there is no step {step}"
        raise CaseError([Diagnostic("F213", message, help=f"steps count from 0; the last is {case.clock.steps - 1}")])
    levels = read_levels(case, in_state or {})
    # How fine beliefs have to stand is told by what the questions say; without types nothing needs to be asked.
    typed = any(one.types for one in case.actors.values())
    asked = case if typed else replace(case, questions={})
    game = compile_game(asked, max_states=max_states)
    place = [phase.name for phase in game.phases].index(chosen)
    step = _open_step(case, game, place, step)
    states = states_with(game.packing, game.phases[place].states.codes, levels)
    drawn = sample(unchanged, draws, seed=seed, max_states=max_states, progress=progress)
    seats = pick_seats(case, game, place, type)
    found, never, nodes = [], None, None
    for seat in seats:
        books = open_books(game, seat)
        sight, solution = _look(asked, books, place, step, states, whatif, draws, drawn, progress, nodes)
        nodes = solution.fineness.nodes if solution.fineness else None  # tried out once for all types
        told = solution.judgement.residual, _weights(game, seat, solution, drawn)
        try:
            found.append(_read(case, game, books, place, sight, *told, step, in_state or {}, whatif, draws, seed))
        except CaseError as error:  # another type may decide there
            never = error
    if not found:
        assert never is not None
        raise never
    return replace(found[0], others=tuple(found[1:]))


def _weights(game: Game, place: int, solution: Solution, drawn: Sample) -> Floats | None:
    """How much each world counts for a seat; None if all count the same."""
    seat = game.roster.seats[place]
    if game.seen is None or not seat.type:
        return drawn.weights
    return weights_by_type(solution.baseline, drawn.weights).get((seat.actor, seat.type), drawn.weights)


def _open_step(case: Case, game: Game, place: int, step: int | None) -> int:
    """The step in which a decision is looked at.

    Raises:
        CaseError: F336 if it lies in what was observed.
    """
    if game.seen is None:
        return step or 0
    still = [step for step in range(game.steps) if not game.seen.reaches(step, place)]
    if step is None and still:
        return still[0]
    if step not in still:
        name = game.phases[place].name
        message = f"the decision of `{name}` in step {step or 0} lies before what is observed"
        cure = f"ask about a later step, {still[0]} or more" if still else "leave out `observed` to look at it"
        raise CaseError([Diagnostic("F336", message, help=cure)], case.text, case.filename)
    assert step is not None
    return step


def pick_seats(case: Case, game: Game, phase: int, type: str | None) -> list[int]:
    """The places of the seats that decide in a turn: its actor's, or those of its types, or of one of them.

    Raises:
        CaseError: F103 or F113 if the actor has no such type.
    """
    seats = game.roster.seats
    actor = seats[game.phases[phase].mover].actor
    mine = {seat.type: place for place, seat in game.roster.of(actor)}
    if type is None:
        return [mine[name] for name in case.actors[actor].types] or [mine[""]]
    types = case.actors[actor].types
    if not types:
        raise CaseError([Diagnostic("F113", f"`{actor}` has no types", help="leave out `--type`")])
    if type not in types:
        raise CaseError([Diagnostic("F103", f"`{actor}` has no type `{type}`", help=nearest(type, types))])
    return [mine[type]]


def pick_turn(case: Case, actor: str | None = None, turn: str | None = None) -> str:
    """The name of a turn: of an actor, or by its own name; see `why`.

    Raises:
        CaseError: F105, F106, and F704 if the actor has no turn.
    """
    turns = {found.name: found for found in case.turns}
    if actor is not None and actor not in case.actors:
        raise CaseError([Diagnostic("F105", f"there is no actor `{actor}`", help=nearest(actor, case.actors))])
    mine = [found.name for found in case.turns if actor in (None, found.actor)]
    if turn is not None:
        if turn not in turns:
            raise CaseError([Diagnostic("F106", f"there is no turn `{turn}`", help=nearest(turn, mine or turns))])
        if turn not in mine:
            message = f"the turn `{turn}` is not {actor}'s but {turns[turn].actor}'s"
            raise CaseError([Diagnostic("F704", message, help="leave out --actor, or name one of its own turns")])
        return turn
    if not mine:
        message = f"`{actor}` never decides anything" if actor else "nobody decides anything in this case"
        deciding = ", ".join(dict.fromkeys(f"`{found.actor}`" for found in case.turns))
        raise CaseError([Diagnostic("F704", message, help=f"those who do: {deciding or 'none'}")])
    if actor is not None:
        return mine[0]
    return next((q.turn for q in case.questions.values() if q.form == "takes"), mine[0])


def _look(
    case: Case,
    books: Books,
    place: int,
    step: int,
    states: NDArray[np.bool_],
    whatif: WhatIf | None,
    draws: int,
    drawn: Sample,
    progress: Progress | None,
    nodes: int | None,
) -> tuple[Sight, Solution]:
    from foederis.solve.decision import DecisionWatcher  # imports jax, which takes a second
    from foederis.solve.engine import solve_game
    from foederis.solve.layout import lay_out
    from foederis.solve.worths import Look

    game = books.game
    plans = [plan_of(game, whatif)] if whatif and whatif.imposed else []
    worlds = drawn.worlds(case)
    watcher = DecisionWatcher(Look(books, place, step, states))
    try:
        solution = solve_game(
            game,
            worlds,
            draws,
            plans=plans,
            progress=notify(progress, "worlds"),
            layout=lay_out(game, ever=False),
            watcher=watcher,
            nodes=nodes,
        )
    except CaseError as error:
        raise placed(error, case) from None
    accept(solution.judgement, solution.shares)
    note(game, case.clock, solution, draws)
    return watcher.sight, solution


def _read(
    case: Case,
    game: Game,
    books: Books,
    place: int,
    sight: Sight,
    residual: float,
    weights: Floats | None,
    step: int,
    in_state: Mapping[str, str],
    whatif: WhatIf | None,
    draws: int,
    seed: int,
) -> Why:
    phase = game.phases[place]
    if not (sight.weight > 0).any():
        raise CaseError([_never_there(game, phase.name, step, in_state)])
    if not sight.error <= SPLIT_LIMIT * max(1.0, sight.size):
        raise ResidualError(f"the parts of a value miss the whole by {sight.error:.3g} points; please report the case")
    shares = _ratio(sight.shares, sight.weight)
    best = _ratio(sight.best, sight.weight)
    counted = [Estimate(share, "", weights) for share in shares]
    order = sorted(range(len(shares)), key=lambda option: -counted[option].mean)
    usual = order[0]
    imposed = whatif.imposed if whatif else ()
    options = tuple(
        _option(
            phase.branches[b],
            counted[b],
            Estimate(best[b], "", weights),
            sight.gaps[usual, b],
            sight.both[usual, b],
            books,
        )
        for b in order
    )
    seat = game.roster.seats[books.owner]
    return Why(
        case,
        seat.actor,
        phase.name,
        step,
        dict(in_state),
        whatif.name if whatif else None,
        next((move.option for move in imposed if (move.step, move.turn) == (step, phase.name)), None),
        draws,
        seed,
        Estimate(sight.weight, "", weights),
        phase.branches[usual],
        options,
        residual,
        sight.error,
        seat.type,
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=np.broadcast_to(whole > 0, part.shape))


def _option(name: str, share: Estimate, best: Estimate, gaps: Floats, both: Floats, books: Books) -> OptionWhy:
    """From the columns of a Sight, float64[columns, draws], and the probability that both options are open."""
    table, weights = _ratio(gaps, both), share.weights
    total, step, at_once = table[0], table[-2], table[-1]
    parts = [Part(ledger, Estimate(gap, "", weights)) for ledger, gap in zip(books.ledgers, table[1:-2], strict=True)]
    parts = sorted((p for p in parts if np.nan_to_num(p.gap.draws).any()), key=lambda p: -abs(p.gap.mean))
    whole, now, soon, later = (Estimate(x, "", weights) for x in (total, at_once, step - at_once, total - step))
    return OptionWhy(name, share, best, whole, now, soon, later, tuple(parts))


def _never_there(game: Game, turn: str, step: int, in_state: Mapping[str, str]) -> Diagnostic:
    where = " and ".join(f"{name} = {level}" for name, level in in_state.items())
    message = f"the turn `{turn}` is never taken in step {step}" + (f" where {where}" if where else "")
    phase = next(phase for phase in game.phases if phase.name == turn)
    live = phase.states.at(step).live & (phase.states.since <= step)
    can = []
    for name in in_state:
        variable = game.packing.variables[name]
        found = np.unique(game.packing.digits(phase.states.codes[live], name))
        can.append(f"{name} can be {', '.join(variable.levels[code] for code in found)}" if len(found) else "")
    cure = "; ".join(part for part in can if part)
    return Diagnostic("F704", message, help=f"there, {cure}" if cure else "ask about another step")

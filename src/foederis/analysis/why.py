"""Why an actor chooses as it does: what its options are worth to it, split by interest, treaty and price.

The split is exact: under the equilibrium behaviour of all, values add up over interests. So the parts of a difference
between two options sum to the difference, in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Estimate, Floats
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress, accept, check_arguments, choose_one, notify, placed, plan_of
from foederis.analysis.states import read_levels, states_with
from foederis.diagnostics import CaseError, Diagnostic, ResidualError, nearest
from foederis.game.compile import Game, compile_game
from foederis.game.expand import MAX_STATES
from foederis.game.ledgers import Books, Ledger, open_books
from foederis.language import check
from foederis.language.case import Case, WhatIf
from foederis.language.sampling import draw_quantities

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.decision import Sight

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

    def rows(self) -> list[Row]:
        found = []
        for option in self.options:
            if option.option == self.usual:
                continue
            for part in option.parts:
                when = "at_end" if part.ledger.at_end else "with_the_move" if _is_move(part.ledger) else "each_step"
                head = {"option": option.option, "against": self.usual, "kind": part.ledger.kind}
                found.append({**head, "part": part.ledger.name, "paid": when, **part.gap.to_json()})
        return found

    def facts(self) -> Row:
        names = ("share", "best", "gap", "at_once", "this_step", "later")
        return {
            "actor": self.actor,
            "turn": self.turn,
            "step": self.step,
            "in_state": dict(self.in_state),
            "what_if": self.what_if,
            "imposed": self.imposed,
            "draws": self.draws,
            "seed": self.seed,
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


def why(
    case: Case,
    *,
    actor: str | None = None,
    turn: str | None = None,
    step: int = 0,
    in_state: Mapping[str, str] | None = None,
    what_if: str | None = None,
    draws: int = 256,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Why:
    """Splits what an actor's options are worth to it.

    Args:
        actor: whose decision; that of the first question about a move if None, else of the first turn.
        turn: which of the actor's turns; its first if None.
        step: counted from 0.
        in_state: {variable: level}, the states in which the decision is looked at.
        what_if: looks at the case changed so; moves that it imposes count as chosen freely.
    Raises:
        CaseError: an unknown actor, turn, level or step; a decision that is never made (F704).
        ResidualError: the solution, or the split, fails its check.
    """
    check_arguments(draws, seed, None)
    whatif = choose_one(case, what_if)
    if whatif and whatif.changes:
        case = check.change(case, whatif.changes, context=f"the what-if `{whatif.name}`")
    chosen = pick_turn(case, actor, turn)
    if not 0 <= step < case.clock.steps:
        message = f"there is no step {step}"
        raise CaseError([Diagnostic("F213", message, help=f"steps count from 0; the last is {case.clock.steps - 1}")])
    levels = read_levels(case, in_state or {})
    asked = replace(case, questions={})
    game = compile_game(asked, max_states=max_states)
    place = [phase.name for phase in game.phases].index(chosen)
    states = states_with(game.packing, game.phases[place].states.codes, levels)
    books = open_books(game, game.phases[place].mover)
    sight, residual = _look(asked, books, place, step, states, whatif, draws, seed, progress)
    return _read(case, game, books, place, sight, residual, step, in_state or {}, whatif, draws, seed)


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
    seed: int,
    progress: Progress | None,
) -> tuple[Sight, float]:
    from foederis.solve.decision import DecisionWatcher, Look  # imports jax, which takes a second
    from foederis.solve.engine import solve_game
    from foederis.solve.layout import lay_out

    game = books.game
    plans = [plan_of(game, whatif)] if whatif and whatif.imposed else []
    worlds = draw_quantities(case, draws, seed=seed)
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
        )
    except CaseError as error:
        raise placed(error, case) from None
    accept(solution.judgement)
    return watcher.sight, solution.judgement.residual


def _read(
    case: Case,
    game: Game,
    books: Books,
    place: int,
    sight: Sight,
    residual: float,
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
    order = np.argsort(-np.nanmean(shares, axis=1), kind="stable")
    usual = int(order[0])
    imposed = whatif.imposed if whatif else ()
    options = tuple(
        _option(
            phase.branches[b], Estimate(shares[b]), Estimate(best[b]), sight.gaps[usual, b], sight.both[usual, b], books
        )
        for b in map(int, order)
    )
    return Why(
        case,
        game.actors[phase.mover],
        phase.name,
        step,
        dict(in_state),
        whatif.name if whatif else None,
        next((move.option for move in imposed if (move.step, move.turn) == (step, phase.name)), None),
        draws,
        seed,
        Estimate(sight.weight),
        phase.branches[usual],
        options,
        residual,
        sight.error,
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=np.broadcast_to(whole > 0, part.shape))


def _option(name: str, share: Estimate, best: Estimate, gaps: Floats, both: Floats, books: Books) -> OptionWhy:
    """From the columns of a Sight, float64[columns, draws], and the probability that both options are open."""
    table = _ratio(gaps, both)
    total, step, at_once = table[0], table[-2], table[-1]
    parts = [Part(ledger, Estimate(gap)) for ledger, gap in zip(books.ledgers, table[1:-2], strict=True)]
    parts = sorted((p for p in parts if np.nan_to_num(p.gap.draws).any()), key=lambda p: -abs(p.gap.mean))
    split = (Estimate(total), Estimate(at_once), Estimate(step - at_once), Estimate(total - step))
    return OptionWhy(name, share, best, *split, tuple(parts))


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

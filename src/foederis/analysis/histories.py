"""Histories of a crisis: drawn at random, or given that something comes true, or the most likely one."""

from __future__ import annotations

from dataclasses import dataclass

from foederis.analysis.asking import gather, pick_outcome
from foederis.analysis.doubts import with_doubts
from foederis.analysis.following import Follower
from foederis.analysis.private import refuse_types
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress, choose_one, placed
from foederis.analysis.telling import Happening, History
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language import check
from foederis.language.case import Case, WhatIf

MAX_HISTORIES = 10_000
_MOST = 10_000_000  # phases of all histories together, 32 bytes each


@dataclass(frozen=True)
class Histories(Result):
    """Histories of a case.

    Attributes:
        case: the case, changed where there is a what-if.
        given: the question that comes true in all of them, None if none was asked for.
        most_likely: whether it is the most likely history at medians, and not some that were drawn.
        worlds: how many worlds were solved to choose from.
        probability: that the question comes true, over these worlds, or at medians; 1 if none was asked for.
        chance: the probability of the most likely history; None for those that were drawn.
    """

    case: Case
    seed: int
    what_if: str | None
    given: str | None
    most_likely: bool
    worlds: int
    probability: float
    chance: float | None
    histories: tuple[History, ...]
    residual: float

    def rows(self) -> list[Row]:
        return [
            {"history": place, "world": history.world, **_row(happening), **_believed(history, happening)}
            for place, history in enumerate(self.histories, 1)
            for happening in history.happenings
        ]

    def facts(self) -> Row:
        return {
            "draws": len(self.histories),
            "seed": self.seed,
            "what_if": self.what_if,
            "given": self.given,
            "most_likely": self.most_likely,
            "worlds": self.worlds,
            "probability": self.probability,
            "chance": self.chance,
            "residual": self.residual,
            "histories": [
                {
                    "history": place,
                    "world": history.world,
                    **({"types": dict(history.types)} if history.types else {}),
                    "final": dict(history.final),
                    "losses": dict(history.losses),
                    "answers": dict(history.answers),
                }
                for place, history in enumerate(self.histories, 1)
            ],
        }


def _row(happening: Happening) -> Row:
    return {
        "step": happening.step,
        "date": happening.date,
        "kind": happening.kind,
        "name": happening.name,
        "actor": happening.actor or None,
        "what": happening.what,
        "says": happening.says or None,
        "chance": happening.chance,
        "share": happening.share,
        "changes": ", ".join(map(str, happening.changes)) or None,
        "imposed": happening.imposed,
        "news": happening.is_news,
    }


def _believed(history: History, happening: Happening) -> Row:
    """Only where somebody has types."""
    return {"believed": happening.believed} if history.types else {}


@with_doubts
def histories(
    case: Case,
    *,
    draws: int = 5,
    seed: int = 0,
    given: str | None = None,
    most_likely: bool = False,
    what_if: str | None = None,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Histories:
    """Histories of a crisis, step by step, each in a possible world of its own.

    Args:
        draws: how many.
        seed: 0 or more; the same seed gives the same histories.
        given: the name of a question with `at_end`, `eventually` or `takes`: only histories in which it comes true,
            distributed as these are.
        most_likely: the one history with the largest probability, in the world in which all quantities stand at their
            medians; `draws` and `seed` then do not matter. See solve.likeliest for what makes one history.
        what_if: the name of a what-if: the case is changed so, and its moves are imposed.
        max_states: the most states a phase may have.
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: an unknown name, a question that is no outcome (F752) or never comes true (F751), too many states;
            `most_likely` where somebody has private types (F210).
        ResidualError: the solution fails its check.
    """
    whatif = _check(case, draws, seed, given, what_if)
    unchanged = case
    context = f"the what-if `{what_if}`" if whatif else ""
    if whatif and whatif.changes:
        case = check.change(case, whatif.changes, context=context)
    if most_likely:
        cure = "leave that out: histories drawn at random, or with `--given`, tell who is of which type"
        refuse_types(case, "histories --most-likely", cure)
    try:
        pick_outcome(case, given)
        follower = Follower(case, seed, given, whatif, max_states, progress, unchanged)
        found = follower.likeliest() if most_likely else follower.draw(draws)
    except CaseError as error:
        raise placed(error, case, context) from None
    return Histories(
        case,
        seed,
        what_if,
        given,
        most_likely,
        found.worlds,
        found.probability,
        found.chance,
        found.histories,
        follower.lab.residual,
    )


def _check(case: Case, draws: int, seed: int, given: str | None, what_if: str | None) -> WhatIf | None:
    """The what-if, if what is asked for makes sense.

    Raises:
        CaseError: with everything that does not.
    """
    problems: list[Diagnostic] = []
    chosen: WhatIf | None = None
    if not 1 <= draws <= MAX_HISTORIES:
        problems.append(Diagnostic("F213", f"draws must be a whole number from 1 to {MAX_HISTORIES:,}"))
    if seed < 0:
        problems.append(Diagnostic("F213", "the seed must be 0 or more"))
    with gather(problems):
        chosen = choose_one(case, what_if)
    with gather(problems):
        pick_outcome(case, given)
    if draws * case.clock.steps * (len(case.turns) + len(case.events)) > _MOST:
        message = f"{draws:,} histories of {case.clock.steps:,} steps are too many to keep"
        problems.append(Diagnostic("F213", message, help="draw fewer with `--draws`"))
    if problems:
        raise placed(CaseError(problems), case)
    return chosen

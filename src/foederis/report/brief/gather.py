"""Everything that a brief is made of, worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foederis.analysis.answers import Answer
from foederis.analysis.dials import Dials, leading, work_out
from foederis.analysis.gallery import with_settings
from foederis.analysis.solving import Progress, solve
from foederis.diagnostics import CaseError
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case

# What-ifs are solved in the first so many worlds: each costs as much as the answer itself, and a paired difference
# needs fewer worlds than a band.
COMPARED = 256
DIALS = 4


@dataclass(frozen=True)
class Material:
    """What the sections of a brief are written from.

    Attributes:
        answer: the case as it stands, in all worlds.
        compared: the same case and its what-ifs, in the first of these worlds.
        dials: None where there is nothing to turn; `no_dials` says why.
        settings: the changes that were asked for, as `path=value`; they stand in the stated command.
        what_ifs: names of those that were asked for, or "all".
    """

    answer: Answer
    compared: Answer
    dials: Dials | None
    no_dials: str
    settings: tuple[str, ...]
    what_ifs: tuple[str, ...]

    @property
    def case(self) -> Case:
        return self.answer.case


def gather(
    case: Case,
    *,
    draws: int,
    seed: int,
    what_ifs: Iterable[str] | str,
    settings: Sequence[str] = (),
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Material:
    """Solves what a brief needs.

    Raises:
        CaseError, ResidualError: as in `solve`.
    """
    case = with_settings(case, list(settings))
    wanted = (what_ifs,) if isinstance(what_ifs, str) else tuple(dict.fromkeys(what_ifs))
    chosen: Iterable[str] | str = "all" if "all" in wanted else wanted
    few = min(draws, COMPARED)
    compared = solve(case, draws=few, seed=seed, what_ifs=chosen, max_states=max_states, progress=progress)
    # Fewer worlds are the first of more, so these are solved again: an answer knows only one number of worlds.
    answer = compared if few == draws else solve(case, draws=draws, seed=seed, max_states=max_states, progress=progress)
    dials, why_not = _dials(answer, max_states, progress)
    return Material(answer, compared, dials, why_not, tuple(settings), wanted)


def _dials(answer: Answer, max_states: int, progress: Progress | None) -> tuple[Dials | None, str]:
    names = leading(answer, DIALS)
    if not names:
        return None, "No uncertain quantity of this file goes with its answers, so there is nothing to turn."
    try:
        return work_out(answer.case, names, seed=answer.seed, max_states=max_states, progress=progress), ""
    except CaseError as error:
        problem = error.diagnostics[0].message
        return None, f"There are no dials: with several quantities at the ends of their ranges, {problem}."

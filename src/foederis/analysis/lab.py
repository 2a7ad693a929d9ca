"""A case laid out once, to be solved again and again in worlds of the caller's choosing, for few questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.accepting import accept
from foederis.analysis.answers import Estimate, Floats
from foederis.analysis.doubts import note
from foederis.analysis.solving import Progress, can_be, imposed_open, notify, placed, plan_of, replies
from foederis.diagnostics import CaseError
from foederis.game.compile import compile_game
from foederis.game.expand import MAX_STATES
from foederis.game.observed import Seen
from foederis.language import check
from foederis.language.case import Case, WhatIf

if TYPE_CHECKING:  # at run time these would import jax
    from foederis.solve.backward import Plan
    from foederis.solve.block import Watcher
    from foederis.solve.numbers import Recall
    from foederis.solve.results import Answers, Solution
    from foederis.solve.verify import Judgement


@dataclass(frozen=True)
class Told:
    """What a course of play says.

    Attributes:
        answers: {question: float64[draws]}.
        imposed_open: for each imposed move (in words) the probability that it was open.
    """

    answers: dict[str, Floats]
    imposed_open: Mapping[str, Estimate]


class Laboratory:
    """Attributes:
    case: the case that is solved: with only the questions that are asked, and changed where there is a what-if.
    game: the game that it makes.
    residual: the largest residual of all that was solved so far.
    """

    def __init__(
        self,
        case: Case,
        questions: Collection[str],
        *,
        whatif: WhatIf | None = None,
        imposed: Sequence[WhatIf] = (),
        max_states: int = MAX_STATES,
        progress: Progress | None = None,
    ):
        """
        Args:
            questions: names of those that are asked; fewer are solved faster.
            whatif: the case is changed so, and its moves are imposed.
            imposed: what-ifs that change nothing but moves, to be solved beside the case itself.
            progress: called with (what is being solved, draws done, draws in all).
        Raises:
            CaseError: too many states.
        """
        self._what_if = whatif.name if whatif else ""
        self._context = f"the what-if `{whatif.name}`" if whatif else ""
        if whatif and whatif.changes:
            case = check.change(case, whatif.changes, context=self._context)
        asked = {name: question for name, question in case.questions.items() if name in questions}
        self.case = replace(case, questions=asked)
        self.game = compile_game(self.case, max_states=max_states)
        own = [whatif] if whatif and whatif.imposed else []
        self._imposed = [*own, *imposed]
        self._plans = [plan_of(self.game, plan) for plan in self._imposed]
        self._moves = bool(own)
        self._progress = progress
        self._verdict: Judgement | None = None
        from foederis.solve.layout import lay_out  # imports jax, which takes a second

        self._layout = lay_out(self.game, ever=False)

    @property
    def residual(self) -> float:
        return self._verdict.residual if self._verdict else 0.0

    @property
    def plan(self) -> Plan:
        """The moves that the what-if imposes."""
        return self._plans[0] if self._moves else ()

    def solve(
        self,
        worlds: Mapping[str, Floats],
        draws: int,
        what: str = "worlds",
        *,
        classes: NDArray[np.int32] | None = None,
        watcher: Watcher | None = None,
        block: int | None = None,
        nodes: int | None = None,
        retold: Sequence[Seen] = (),
        recall: Recall | None = None,
    ) -> Solution:
        """Solves every world, {quantity: float64[draws]}, and checks the solution.

        Args:
            classes: int32[states at the end of a step], to be told how likely each class of final states is.
            watcher: makes what looks on while a block of worlds is solved.
            block: worlds solved at once; chosen by memory if None.
            nodes: of the grid of beliefs; tried out if None.
            recall: from one solve to the next, where few quantities change.
            retold: other accounts of what was observed, to be given in its place.
        Raises:
            CaseError: an impossible number in some world.
            ResidualError: the solution fails its check.
        """
        from foederis.solve.engine import solve_game

        told = notify(self._progress, what)
        try:
            found = solve_game(
                self.game,
                dict(worlds),
                draws,
                plans=self._plans,
                progress=told,
                layout=self._layout,
                classes=classes,
                watcher=watcher,
                block=block,
                nodes=nodes,
                retold=retold,
                recall=recall,
            )
        except CaseError as error:
            raise placed(error, self.case, self._context) from None
        accept(found.judgement, found.shares)
        note(self.game, self.case.clock, found, draws)
        self._verdict = found.judgement if self._verdict is None else self._verdict.worse(found.judgement)
        return found

    def ask(self, worlds: Mapping[str, Floats], draws: int, what: str = "worlds") -> dict[str, Floats]:
        """{question: float64[draws]}: nan where what is given never holds; `first` questions are left out."""
        return self.ask_each(worlds, draws, what)[0].answers

    def ask_each(self, worlds: Mapping[str, Floats], draws: int, what: str = "worlds") -> list[Told]:
        """The same for the case (under its what-if), then for each of the `imposed`."""
        found = self.solve(worlds, draws, what)
        made = [imposed_open(*pair) for pair in zip(self._imposed, (p.imposed for p in found.plans), strict=True)]
        courses = found.plans if self._moves else (found.baseline, *found.plans)
        for course in courses if self._what_if else ():
            can_be(course, self._what_if, self.case)
        opened = made if self._moves else [{}, *made]
        return [Told(self._answers(course), moves) for course, moves in zip(courses, opened, strict=True)]

    def _answers(self, course: Answers) -> dict[str, Floats]:
        made = replies(self.case, course)
        return {name: reply.draws for name, reply in made.items() if isinstance(reply, Estimate)}

    def course(self, solution: Solution) -> Answers:
        """The answers of a solution, with the moves that the what-if imposes.

        Raises:
            CaseError: F337 if what was observed cannot be under the what-if.
        """
        found = solution.plans[0] if self._moves else solution.baseline
        if self._what_if:
            can_be(found, self._what_if, self.case)
        return found

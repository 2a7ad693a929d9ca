"""A case whose numbers are turned: solved in a few worlds while they move, and in all once they rest."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from foederis.analysis.answers import Answer, Floats
from foederis.analysis.lab import Laboratory
from foederis.analysis.solving import (
    Progress,
    at_median,
    compare_with,
    make_answer,
    of_course,
    sampled,
    solve_in,
    usual_draws,
)
from foederis.analysis.standing import standing_of
from foederis.analysis.switched import Switched, switch
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.compile import content_hash, form_hash
from foederis.game.expand import MAX_STATES
from foederis.game.rules import rules_of
from foederis.language.case import Case
from foederis.language.sampling import dimensions, draw_shares, median_quantities, quantities_at

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.numbers import Recall

FEWEST, MOST = 4, 64  # worlds of a rough answer
_NODES = 3  # of the grid of beliefs of a rough answer, for each coordinate
_BLOCK = 32  # for which kernels are there already
_TYPED_BLOCK = 4
_KEPT = 6  # laboratories
_TRIES = 3  # a time that was measured beside other work may be too long
_CHEAPER = 1.8  # by which half as many worlds are faster, by a guess


class Live:
    """May be used by several threads.

    Args:
        like: an answer to the case, whose worlds are taken: as many, with its seed, at the median or moved as there;
            the usual ones if None.
    Attributes:
        case: as it stands in the file.
        worlds: how many a rough answer is solved in: the first ones of those of the full answer.
    """

    def __init__(self, case: Case, *, like: Answer | None = None, max_states: int = MAX_STATES):
        self.case = case
        self._draws = like.draws if like else None
        self._seed = like.seed if like else 0
        self._at = like.at if like else None
        self._moved = bool(like and like.standing and like.standing.moved)
        self.worlds = min(FEWEST, self.draws)
        self.typed = any(actor.types for actor in case.actors.values())
        self._max_states = max_states
        self._laboratories: OrderedDict[tuple[object, ...], tuple[Laboratory, Recall]] = OrderedDict()
        self._shares: dict[tuple[str, ...], dict[str, Floats]] = {}
        self._lock = threading.Lock()

    def tune(self, seconds: float) -> None:
        """Chooses in how many worlds rough answers are solved: as many as take no longer than this, 64 at most and 4 at
        least, and never more than in the full answer. Compiles what they need.

        Raises:
            CaseError: as `rough`, but where only more worlds would do.
        """
        try:
            self._choose(seconds)
        except CaseError as error:
            if [item.code for item in error.diagnostics] != ["F335"]:
                raise
            self.worlds = min(MOST, self.draws)

    def _choose(self, seconds: float) -> None:
        worlds, most = min(_TYPED_BLOCK if self.typed else _BLOCK, self.draws), min(MOST, self.draws)
        taken = self._try(worlds, seconds)
        if taken > seconds:
            while taken > seconds and worlds > FEWEST:
                guess = taken
                while guess > seconds and worlds > FEWEST:
                    worlds, guess = max(FEWEST, worlds // 2), guess / _CHEAPER
                taken = self._try(worlds, seconds)
            return
        while worlds < most and 2 * taken <= seconds:
            twice = min(2 * worlds, most)
            more = self._try(twice, seconds)
            if more > seconds:
                break
            worlds, taken = twice, more
        self.worlds = worlds

    def _try(self, worlds: int, enough: float) -> float:
        """Seconds that a rough answer takes, after one that compiles; the best of a few that take too long.

        What several cores do at once counts as if one had done it, since another answer is worked on beside.
        """
        self.worlds = worlds
        self.rough({})
        best = np.inf
        for _ in range(_TRIES):
            begun, busy = time.perf_counter(), time.process_time()
            self.rough({})
            best = min(best, max(time.perf_counter() - begun, time.process_time() - busy))
            if not enough < best < 2 * enough:
                break
        return float(best)

    @property
    def label(self) -> str:
        """What a rough answer rests on, in words."""
        return self.label_of(self.case, self.worlds)

    @staticmethod
    def label_of(case: Case, worlds: int) -> str:
        """As `label`, of a changed case: changes may bring observations and private types."""
        found = "1 world" if worlds == 1 else f"{worlds} worlds"
        found += ", weighted by what was observed" if case.observed else ""
        return found + (", coarse beliefs" if any(actor.types for actor in case.actors.values()) else "")

    @property
    def draws(self) -> int:
        """How many worlds the full answer is solved in."""
        return self._draws or usual_draws(self.case)

    def rough(self, settings: Mapping[str, str], what_ifs: Iterable[str] = ()) -> Answer:
        """The answer in the first few worlds, and with types on the coarsest grid of beliefs; without `ever_taken`.

        Where something was observed, worlds are weighted and never moved. Under imposed moves there are only the
        answers to the questions, see solving.of_course.

        Raises:
            CaseError: a change that has no meaning, an impossible number; F335 if what was observed cannot be in any of
                these worlds.
            ResidualError: the solution fails its check.
        """
        switched, draws = switch(self.case, settings, what_ifs), self.worlds
        case, moves = switched.case, switched.moves
        laboratory, recall = self._laboratory(switched)
        worlds = median_quantities(case) if self._at else quantities_at(case, self._points(case, draws), draws)
        nodes = _NODES if any(actor.types for actor in case.actors.values()) else None
        solution = laboratory.solve(worlds, draws, block=min(draws, _BLOCK), nodes=nodes, recall=recall)
        standing = None
        if case.observed and self._at:
            standing = at_median(case, solution.baseline.evidence)
        elif case.observed:
            if not np.isfinite(solution.baseline.evidence).any():
                message = f"what is observed cannot be in any of the first {draws} worlds"
                raise CaseError(
                    [Diagnostic("F335", message, help="wait for the full answer")], case.text, case.filename
                )
            standing = standing_of(solution.baseline.evidence)
        game = replace(laboratory.game, hash=content_hash(case, rules_of(case)))
        answer = make_answer(case, game, solution, worlds, draws, seed=self._seed, at=self._at, standing=standing)
        if moves is None:
            return answer
        compared = compare_with(moves, case, answer, solution.plans[0], solution.baseline)
        return of_course(replace(answer, what_ifs={moves.name: compared}), moves.name)

    def full(
        self, settings: Mapping[str, str], what_ifs: Iterable[str] = (), *, progress: Progress | None = None
    ) -> Answer:
        """The answer that `solve` gives, in the worlds of this case.

        Raises:
            CaseError, ResidualError: as `solve`.
        """
        switched = switch(self.case, settings, what_ifs)
        case, seed, at = switched.case, self._seed, self._at
        draws = self._draws or usual_draws(case)
        drawn = sampled(case, draws, seed, at, self._moved, self._max_states, progress)
        chosen = [switched.moves] if switched.moves else []
        answer, _ = solve_in(
            case, drawn, chosen, draws=draws, seed=seed, at=at, max_states=self._max_states, progress=progress
        )
        return of_course(answer, switched.moves.name) if switched.moves else answer

    def _laboratory(self, switched: Switched) -> tuple[Laboratory, Recall]:
        """One that was made for a case of the same form, or a new one."""
        moves = switched.moves
        key = (form_hash(switched.case), moves and tuple((m.step, m.turn, m.option) for m in moves.imposed))
        with self._lock:
            found = self._laboratories.get(key)
            if found is None:
                from foederis.solve.numbers import Recall  # imports jax, which takes a second

                case = switched.case
                laboratory = Laboratory(case, list(case.questions), whatif=moves, max_states=self._max_states)
                found = laboratory, Recall()
                self._laboratories[key] = found
                while len(self._laboratories) > _KEPT:
                    self._laboratories.popitem(last=False)
            self._laboratories.move_to_end(key)
            for laboratory, recall in self._laboratories.values():
                if laboratory is not found[0]:
                    recall.shelf.clear()
        return found

    def _points(self, case: Case, draws: int) -> dict[str, Floats]:
        """The points drawn, kept from one turn to the next."""
        names = tuple(dimensions(case))
        with self._lock:
            if names not in self._shares:
                if len(self._shares) > _KEPT:
                    self._shares.clear()
                self._shares[names] = draw_shares(case, MOST, seed=self._seed)
            return {name: points[:draws] for name, points in self._shares[names].items()}

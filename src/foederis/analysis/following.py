"""Follows histories through a solved case: chooses their worlds, solves these, and has the histories told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.accepting import RESIDUAL_LIMIT
from foederis.analysis.answers import Floats
from foederis.analysis.lab import Laboratory
from foederis.analysis.posterior import sample
from foederis.analysis.solving import Progress
from foederis.analysis.telling import History, Teller
from foederis.diagnostics import CaseError, Diagnostic, ResidualError
from foederis.game.compile import Game, compile_game
from foederis.language.case import Case, WhatIf
from foederis.language.sampling import draw_quantities, median_quantities
from foederis.solve.cores import cores

if TYPE_CHECKING:  # at run time these would import jax
    from foederis.solve.backward import Pass
    from foederis.solve.likeliest import Likeliest

# Among so many worlds those are chosen in which something comes true: fewer where each takes long to solve.
WORLDS, FEWEST_WORLDS = 1024, 64
TYPED_WORLDS = 256  # where somebody has private types, since each then takes many times as long
_WORK = 1e9  # states times steps times worlds that may be solved to choose from
_MEMORY = 1.5e9  # bytes that the histories of the worlds being solved at one time may take
_NEVER = 1e-250  # a smaller probability is none
# Set the random numbers of histories apart from those that draw worlds.
_CHOOSE, _PLAY, _TYPES = 2**32 - 1, 2**32 - 2, 2**32 - 3


@dataclass(frozen=True)
class Found:
    """Histories, with the number of worlds that were looked at, how likely the outcome is over them (1 if none is
    asked for), and the probability of the history if it is the most likely one."""

    worlds: int
    probability: float
    chance: float | None
    histories: tuple[History, ...]


class Follower:
    """Solves a case and follows histories through it."""

    def __init__(
        self,
        case: Case,
        seed: int,
        given: str | None,
        whatif: WhatIf | None,
        max_states: int,
        progress: Progress | None,
        unchanged: Case,
    ):
        """
        Args:
            unchanged: the case before the what-if has changed it, in which what was observed is weighed.
        """
        self.case, self.seed, self.given, self.whatif = case, seed, given, whatif
        self._unchanged, self._limits = unchanged, (max_states, progress)
        # How fine beliefs have to stand is told by what the questions say.
        typed = any(actor.types for actor in case.actors.values())
        asked = list(case.questions) if typed else [given] if given else []
        moves = WhatIf(whatif.name, (), whatif.imposed) if whatif else None
        self.lab = Laboratory(case, asked, whatif=moves, max_states=max_states, progress=progress)
        self.game: Game = compile_game(case, max_states=max_states)  # with all questions, to be answered in histories
        each = [[ask for ask in asks if ask.name == given] for asks in self.lab.game.asked.by_profile]
        self.asks = [found[0] for found in each] if given else None  # by profile of types
        self.ask = self.asks[0] if self.asks else None

    def draw(self, draws: int) -> Found:
        """Histories that are drawn at random."""
        count = self._pool() if self.given or self.case.observed else draws
        pool, weights = self._worlds(count)
        chosen, likely = self._choose(pool, weights, count, draws)
        places, column = np.unique(chosen, return_inverse=True)
        worlds = {name: values[places] for name, values in pool.items()}
        from foederis.solve.paths import Sampler  # imports jax, which takes a second
        from foederis.solve.typed_paths import TypedSampler

        samplers: dict[int, tuple[NDArray[np.int64], Sampler | TypedSampler]] = {}

        def watch(back: Pass, block: NDArray[np.int64]) -> Sampler | TypedSampler:
            mine = np.flatnonzero((column >= block[0]) & (column <= block[-1]))
            random = np.stack([self._random(place) for place in mine.tolist()])
            if self.game.roster.typed:
                more = np.stack([self._more_random(place) for place in mine.tolist()])
                typed = TypedSampler(back, self.lab.plan, self.asks, column[mine] - block[0], random, more)
                samplers[int(block[0])] = mine, typed
                return typed
            sampler = Sampler(back, self.lab.plan, len(block), self.ask, column[mine] - block[0], random)
            samplers[int(block[0])] = mine, sampler
            return sampler

        solution = self.lab.solve(
            worlds, len(places), "histories", watcher=watch, block=self._block(len(places), bool(self.given))
        )
        if self.given:
            hope = np.concatenate([sampler.hope for _, (_, sampler) in sorted(samplers.items())])[: len(places)]
            self._accept(np.abs(hope - self.lab.course(solution).questions[self.given]).max())
        found: list[History | None] = [None] * draws
        teller = self._teller()
        for mine, sampler in samplers.values():
            own = {name: values[chosen[mine]] for name, values in pool.items()}
            told = teller.tell(sampler.paths, own, [int(world) for world in chosen[mine]])
            for place, history in zip(mine, told, strict=True):
                found[place] = history
        complete = tuple(history for history in found if history is not None)
        return Found(count, likely, None, complete)

    def _pool(self) -> int:
        """How many worlds to choose from."""
        work = sum(self.game.structure.states_per_phase) * self.game.steps
        count = TYPED_WORLDS if self.game.roster.typed else WORLDS
        while count > FEWEST_WORLDS and count * work > _WORK:
            count //= 2
        return count

    def _worlds(self, count: int) -> tuple[dict[str, Floats], Floats | None]:
        """Worlds to choose from, and how much each counts; None if all count the same."""
        if not self.case.observed:
            return draw_quantities(self.case, count, seed=self.seed), None
        max_states, progress = self._limits
        found = sample(self._unchanged, count, seed=self.seed, max_states=max_states, progress=progress)
        return found.worlds(self.case), found.weights

    def _choose(
        self, pool: Mapping[str, Floats], weights: Floats | None, count: int, draws: int
    ) -> tuple[NDArray[np.int64], float]:
        """The world of each history: one after the other; or, if an outcome is given, at random, in proportion to how
        likely it is in each. And how likely it is over all of them."""
        if not self.given and not self.case.observed:
            return np.arange(draws), 1.0
        likely = np.ones(count)
        if self.given:
            likely = np.clip(np.nan_to_num(self.lab.ask(pool, count)[self.given]), 0.0, 1.0)
            self._must_come_true(float(likely.max()), f"in all of {count:,} worlds")
        odds = likely if weights is None else likely * weights
        random = np.random.default_rng([self.seed, _CHOOSE])
        return random.choice(count, size=draws, p=odds / odds.sum()), float(odds.mean())

    def likeliest(self) -> Found:
        """The most likely history at medians."""
        worlds = median_quantities(self.case)
        watches: list[Likeliest] = []

        def watch(back: Pass, _: NDArray[np.int64]) -> Likeliest:
            from foederis.solve.likeliest import Likeliest

            watches.append(Likeliest(back, self.lab.plan, self.ask))
            return watches[0]

        solution = self.lab.solve(worlds, 1, "histories", watcher=watch, block=self._block(1, True))
        likely = float(self.lab.course(solution).questions[self.given][0]) if self.given else 1.0
        self._must_come_true(likely, "where every quantity stands at its median")
        chance = float(np.exp(watches[0].log_chance))
        self._accept(max(0.0, chance - likely))
        told = self._teller(merges=True).tell(watches[0].paths, worlds, [None])
        return Found(1, likely, chance, tuple(told))

    def _random(self, history: int) -> Floats:
        """float64[steps, phases]: a history's own random numbers, whatever block its world is in."""
        random = np.random.default_rng([self.seed, _PLAY, history])
        return random.random((self.game.steps, len(self.game.phases)))

    def _more_random(self, history: int) -> Floats:
        """float64[numbers]: likewise, for types and beliefs."""
        from foederis.solve.typed_paths import how_many

        return np.random.default_rng([self.seed, _TYPES, history]).random(how_many(self.lab.game))

    def _block(self, worlds: int, looks_ahead: bool) -> int | None:
        """How many worlds to solve at once, by what the histories take of memory; None if that is no matter. Only those
        that look ahead keep something of every state.

        Raises:
            CaseError: F403 if not even one fits.
        """
        ends, states = len(self.game.structure.end_codes), sum(self.game.structure.states_per_phase)
        per_world = 8 * 2 * (ends * self.game.steps + 2 * states) if looks_ahead else 0
        if looks_ahead and self.game.roster.typed:
            from foederis.solve.typed_hopes import most_beliefs

            per_world *= len(self.game.roster.profiles) * most_beliefs(self.game)
        workers = cores()
        if per_world * min(worlds, 32) * workers <= _MEMORY:
            return None
        if per_world > 2 * _MEMORY:
            message = f"{states:,} states in {self.game.steps} steps are too many to follow histories through"
            help = "drop a variable, shorten a range, or play fewer steps"
            raise CaseError([Diagnostic("F403", message, help=help)])
        return max(1, 2 ** int(np.log2(max(1.0, _MEMORY / (per_world * workers)))))

    def _must_come_true(self, likely: float, where: str) -> None:
        """
        Raises:
            CaseError: F751 if it does not.
        """
        if likely <= _NEVER:
            message = f"`{self.given}` never comes true: its probability is 0 {where}"
            help = "ask for what can happen, or change the case with `--set` or `--what-if`"
            raise CaseError([Diagnostic("F751", message, help=help)])

    def _accept(self, error: float) -> None:
        """Whether what was found on the way to histories is what the solver has found in its own way."""
        if not error <= RESIDUAL_LIMIT:
            raise ResidualError(f"the histories and the solution differ by {error:.3g}; please report the case")

    def _teller(self, merges: bool = False) -> Teller:
        outcome = (self.ask.phase, self.ask.branch) if self.ask else (-1, -1)
        moves = self.whatif.imposed if self.whatif else ()
        imposed = {(move.step, move.turn, move.option) for move in moves}
        return Teller(self.case, self.game, outcome, imposed, merges)

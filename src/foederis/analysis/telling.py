"""Courses of play as an analyst would tell them: what happened in which step, what it changed, and how it ended."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Floats
from foederis.analysis.dates import date_of
from foederis.game.asks import Ask
from foederis.game.compile import Game
from foederis.game.expand import apply_sets
from foederis.game.packing import Codes
from foederis.language.case import Case

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.paths import Paths

Reply = bool | float | str | None


@dataclass(frozen=True)
class Change:
    """A variable that changed its level."""

    variable: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Happening:
    """A move or an event.

    Attributes:
        date: of the beginning of the step; None if the clock has no start.
        name: the turn, or the event; actor: empty for an event; what: the option, or the outcome.
        says: the option in the author's words, if there are any.
        chance: how likely this was in this step and state; share: how likely the option was once the actor chose, for
            an event the same as chance.
        imposed: whether a what-if made the actor take it.
        believed: after a move or event that may show an actor's type, how likely the others now hold it that the actor
            has the type that it has; None after others.
        is_news: whether it changed something, or was not what the turn or event had brought the last time.
    """

    step: int
    date: str | None
    name: str
    actor: str
    what: str
    says: str
    chance: float
    share: float
    changes: tuple[Change, ...]
    imposed: bool
    is_news: bool
    believed: float | None = None

    @property
    def kind(self) -> str:
        return "move" if self.actor else "event"


@dataclass(frozen=True)
class History:
    """One course of the crisis.

    Attributes:
        world: its place among the draws; None where all quantities stand at their medians.
        final: {variable: level} at the end; losses: {exposure: amount} there.
        answers: {question: yes or no, or an amount; for a `first` question when, in words}; None where it has no
            answer: what is given does not hold, or it asks for a move that is part of the quiet of a history.
        types: {actor: the private type that it has}.
    """

    world: int | None
    happenings: tuple[Happening, ...]
    final: Mapping[str, str]
    losses: Mapping[str, float]
    answers: Mapping[str, Reply]
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Teller:
    """Tells the histories of a case.

    Attributes:
        game: that of the whole case, with all its questions.
        outcome: phase and branch of the move that is asked for, which is always news.
        imposed: (step, turn, option) of imposed moves.
        merges: whether moves that change nothing are part of the quiet; see solve.likeliest.
    """

    case: Case
    game: Game
    outcome: tuple[int, int] = (-1, -1)
    imposed: Collection[tuple[int, str, str]] = ()
    merges: bool = False

    def tell(self, paths: Paths, worlds: Mapping[str, Floats], numbers: list[int | None]) -> list[History]:
        """Every history.

        Args:
            worlds: {quantity: float64[histories]}; numbers: the world of each.
        """
        amounts = self._losses(paths, worlds)
        by_profile = {int(p): self._answers(paths, worlds, int(p)) for p in np.unique(paths.profiles)}
        profiles = self.game.roster.profiles
        return [
            History(
                world,
                self._happenings(paths, place),
                self._levels(int(paths.states[place, -1, -1])),
                {name: float(values[place]) for name, values in amounts.items()},
                {name: replies[place] for name, replies in by_profile[int(paths.profiles[place])].items()},
                profiles[int(paths.profiles[place])],
            )
            for place, world in enumerate(numbers)
        ]

    def _levels(self, ending: int) -> dict[str, str]:
        """{variable: level} of a state at the end of a step."""
        levels = self.game.asked.levels
        return {name: variable.levels[levels[name][ending]] for name, variable in self.case.variables.items()}

    def _happenings(self, paths: Paths, place: int) -> tuple[Happening, ...]:
        # Variables that are put back between steps keep in the telling what they were.
        levels = {name: variable.levels[variable.start] for name, variable in self.case.variables.items()}
        latest: dict[int, int] = {}
        found: list[Happening] = []
        for step, phase in np.argwhere(paths.branches[place] >= 0).tolist():
            if self.game.structure.phases[phase].rule.opens:
                continue  # what was chosen together has been told turn by turn
            if step and (not found or found[-1].step < step):
                levels = self._levels(int(paths.states[place, step - 1, -1]))
            branch = int(paths.branches[place, step, phase])
            changes = self._changes(phase, branch, self._after(paths, place, step, phase), levels)
            levels.update({change.variable: change.after for change in changes})
            chance, share = (float(values[place, step, phase]) for values in (paths.chances, paths.shares))
            happening = self._happening(step, phase, branch, chance, share, changes)
            certain = happening.share >= 1
            is_news = bool(changes) or (phase, branch) == self.outcome or (latest.get(phase) != branch and not certain)
            believed = float(paths.believed[place, step, phase])
            found.append(replace(happening, is_news=is_news, believed=None if math.isnan(believed) else believed))
            latest[phase] = branch
        return tuple(found)

    def _after(self, paths: Paths, place: int, step: int, phase: int) -> Codes:
        """int64[1]: the code of the state after a phase; of a turn taken together with others, after its own choice."""
        structure = self.game.structure
        states, last = structure.phases[phase], phase + 1 == len(structure.phases)
        if states.rule.sealed is None:
            codes = structure.end_codes if last else structure.phases[phase + 1].codes
            return codes[[int(paths.states[place, step, phase + 1])]]
        before = states.codes[[int(paths.states[place, step, phase])]]
        sets = states.rule.branches[int(paths.branches[place, step, phase])].sets
        return apply_sets(structure.packing, sets, before, before, step)

    def _changes(self, phase: int, branch: int, codes: Codes, levels: Mapping[str, str]) -> tuple[Change, ...]:
        """What a branch has changed, from the code of the state after it and the levels before."""
        structure, found = self.game.structure, []
        for name in [setting.variable for setting in structure.phases[phase].rule.branches[branch].sets]:
            level = self.case.variables[name].levels[int(structure.packing.digits(codes, name)[0])]
            if level != levels[name]:
                found.append(Change(name, levels[name], level))
        return tuple(found)

    def _happening(
        self, step: int, phase: int, branch: int, chance: float, share: float, changes: tuple[Change, ...]
    ) -> Happening:
        found = self.game.phases[phase]
        what, actor, says, imposed = found.branches[branch], "", "", False
        if found.mover >= 0:
            turn = next(turn for turn in self.case.turns if turn.name == found.name)
            actor, says = turn.actor, turn.options[what].says
            imposed = (step, turn.name, what) in self.imposed
        else:
            share = chance
        date = date_of(self.case.clock, step)
        return Happening(step, date, found.name, actor, what, says, chance, share, changes, imposed, False)

    def _losses(self, paths: Paths, worlds: Mapping[str, Floats]) -> dict[str, Floats]:
        """{exposure: float64[histories]} in the final state, in the order of the file."""
        asked, ends = self.game.asked, paths.states[:, -1, -1]
        each = np.arange(len(ends))
        rows = asked.pool.evaluate(worlds, len(ends), self.game.steps)
        return {name: rows[asked.pool.ids[asked.losses[name]][ends], each] for name in self.case.exposures}

    def _answers(self, paths: Paths, worlds: Mapping[str, Floats], profile: int) -> dict[str, list[Reply]]:
        """{question: the answer in each history, were types those of a profile}, in the order of the file."""
        steps, count, pool = self.game.steps, len(paths.states), self.game.asked.pool
        each = np.arange(count)
        asks = {ask.name: ask for ask in self.game.asked.by_profile[profile]}
        seen: dict[str, list[Floats]] = {name: [] for name in asks}  # what its table says, step by step
        given = {name: np.ones(count) for name in asks}
        for step in range(steps + 1):
            rows = pool.evaluate(worlds, count, step)
            ends = paths.states[:, min(step, steps - 1), -1]
            for name, ask in asks.items():
                final = step == steps
                if ask.table >= 0 and (step <= ask.by or (final and ask.to_final)):
                    seen[name].append(rows[pool.ids[ask.table][ends], each])
                if final and ask.given >= 0:
                    given[name] = rows[pool.ids[ask.given][ends], each]
        found = {name: self._reply(asks[name], paths, worlds, seen[name], profile) for name in self.case.questions}
        return {
            name: [reply if holds else None for reply, holds in zip(replies, given[name], strict=True)]
            for name, replies in found.items()
        }

    def _reply(
        self, ask: Ask, paths: Paths, worlds: Mapping[str, Floats], seen: list[Floats], profile: int
    ) -> list[Reply]:
        if ask.form == "takes":
            return self._taken(ask, paths)
        if ask.form in ("at_end", "expected"):
            return [float(x) if ask.form == "expected" else bool(x) for x in seen[-1]]
        assert ask.expression is not None
        start = self.game.asked.at_start(ask.expression, worlds, len(paths.states), profile)
        held = np.array([start, *seen[: ask.by + 1]]).T != 0
        if ask.form == "eventually":
            return [bool(x) for x in held.any(axis=1)]
        times = ["at the start", *(f"step {step}" for step in range(ask.by + 1))]
        return [times[int(x.argmax())] if x.any() else "never" for x in held]

    def _taken(self, ask: Ask, paths: Paths) -> list[Reply]:
        taken = (paths.branches[:, : ask.by + 1, ask.phase] == ask.branch).any(axis=1)
        if not self.merges or (ask.phase, ask.branch) == self.outcome:
            return [bool(x) for x in taken]
        quiet = [self._may_be_quiet(ask, paths.states[place]) for place in range(len(taken))]
        return [bool(x) if x or not hidden else None for x, hidden in zip(taken, quiet, strict=True)]

    def _may_be_quiet(self, ask: Ask, states: NDArray[np.int64]) -> bool:
        """Whether a move, on the way through states [steps, phases + 1], changes nothing somewhere where it is open."""
        structure, phase = self.game.structure, self.game.structure.phases[ask.phase]
        last = ask.phase + 1 == len(structure.phases)
        codes = structure.end_codes if last else structure.phases[ask.phase + 1].codes
        for step in range(ask.by + 1):
            here, link = states[step, ask.phase], phase.at(step)
            if link.open[ask.branch, here] and codes[link.successor[ask.branch, here]] == phase.codes[here]:
                return True
        return False

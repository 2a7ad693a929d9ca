"""What was seen, as numbers of the game: how well each branch of a phase in a step, and each state at the end of a
step, agrees with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.game.expand import Structure
from foederis.language.case import Observation, Sighting

if TYPE_CHECKING:
    from foederis.game.compile import Phase

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """The likelihood of what was seen, as logarithms; minus infinity where it cannot be.

    Attributes:
        branches: {(step, phase): float64[branches + 1]}, given each branch, and given that none is taken, last.
        ends: {step: float64[states at the end of a step]}.
        last: the last step of which anything was seen; -1 if nothing was.
    """

    branches: Mapping[tuple[int, int], Floats]
    ends: Mapping[int, Floats]

    @property
    def last(self) -> int:
        return max((*(step for step, _ in self.branches), *self.ends), default=-1)

    def reaches(self, step: int, phase: int) -> bool:
        """Whether anything was seen of a phase in a step, or of what comes after it."""
        here = max((place for when, place in self.branches if when == self.last), default=-1)
        return step < self.last or (step == self.last and (self.last in self.ends or phase <= here))

    def until(self, step: int, phase: int) -> Seen:
        """What was seen before a phase of a step."""
        branches = {key: logs for key, logs in self.branches.items() if key < (step, phase)}
        return Seen(branches, {when: logs for when, logs in self.ends.items() if when < step})

    @property
    def phases(self) -> frozenset[int]:
        return frozenset(phase for _, phase in self.branches)


def see(phases: Sequence[Phase], structure: Structure, observations: Iterable[Observation]) -> Seen:
    """What some observations say of a game."""
    names = [phase.name for phase in phases]
    branches: dict[tuple[int, int], Floats] = {}
    ends: dict[int, Floats] = {}
    for observation in observations:
        for sighting in observation.sightings:
            right, wrong = likelihoods(sighting, observation.believed)
            if sighting.kind == "state":
                variable = structure.packing.variables[sighting.name]
                digits = structure.packing.digits(structure.end_codes, sighting.name)
                by_level = np.array([right if level in sighting.agrees else wrong for level in variable.levels])
                found = by_level[digits]
                ends[observation.step] = ends.get(observation.step, np.zeros(len(digits))) + found
                continue
            place = names.index(sighting.name)
            passes = "none" if phases[place].mover >= 0 else "nothing"
            taken = [*phases[place].branches, passes]
            found = np.array([right if name in sighting.agrees else wrong for name in taken])
            key = (observation.step, place)
            branches[key] = branches.get(key, np.zeros(len(taken))) + found
    return Seen(branches, ends)


def likelihoods(sighting: Sighting, believed: float) -> tuple[float, float]:
    """How likely the report is if what it says is true, and if it is not, as logarithms.

    With the probability `believed` the report says what is so. Else it says nothing: it names each of the alternatives
    equally often, whatever has happened.
    """
    base = len(sighting.agrees) / len(sighting.alternatives)
    wrong = (1.0 - believed) * base
    return float(np.log(believed + wrong)), float(np.log(wrong)) if wrong > 0 else -np.inf

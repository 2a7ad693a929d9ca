"""Possible worlds given what was observed: drawn as always and weighted, or moved where too few would count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.lab import Laboratory
from foederis.analysis.latin import latin_shares
from foederis.analysis.smc import Beyond, move_to
from foederis.analysis.solving import Progress
from foederis.analysis.standing import Moved, Standing, standing_of
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.game.observed import Seen, see
from foederis.language.case import Case, Observation
from foederis.language.normal import normal_quantile, normal_share
from foederis.language.sampling import dimensions, draw_shares, quantities_at

FEWEST = 0.125  # of the worlds must count, or they are moved
ENOUGH = 64  # worlds that count, below which they are moved too if there are more of them
STAGES = 6  # in which observations are taken in at most, where worlds are moved
_EDGE = 2.0**-34


@dataclass(frozen=True)
class Sample:
    """Worlds of a case and of its changes.

    Attributes:
        shares: {uncertain quantity: float64[draws] in (0, 1)}, before correlation and quantile functions.
        standing: None if nothing was observed.
        even: whether the worlds are spread as a Latin hypercube, not as Sobol points.
    """

    shares: Mapping[str, Floats]
    draws: int
    seed: int
    even: bool
    standing: Standing | None

    @property
    def weights(self) -> Floats | None:
        """float64[draws] with mean 1; None if all worlds count the same."""
        return self.standing.weights if self.standing else None

    def worlds(self, case: Case) -> dict[str, Floats]:
        """{quantity: float64[draws]} of the case that was observed, or of a change of it. What is uncertain only there
        is drawn as always: nothing that was seen tells of it."""
        names = dimensions(case)
        known = self.shares
        if any(name not in known for name in names):
            known = {**_drawn(case, self.draws, self.seed, self.even), **known}
        return quantities_at(case, {name: known[name] for name in names}, self.draws)


def _drawn(case: Case, draws: int, seed: int, even: bool) -> dict[str, Floats]:
    return latin_shares(dimensions(case), draws, seed=seed) if even else draw_shares(case, draws, seed=seed)


def sample(
    case: Case,
    draws: int,
    *,
    seed: int,
    even: bool = False,
    plain: bool = False,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Sample:
    """Worlds of a case, given what it observes.

    Args:
        even: a Latin hypercube in place of Sobol points.
        plain: worlds that count the same in any case, for what cannot work with weights.
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: F335 if what was observed cannot be in any of the worlds.
        ResidualError: a solution fails its check.
    """
    found = Sample(_drawn(case, draws, seed, even), draws, seed, even, None)
    if not case.observed:
        return found
    study = Study(case, max_states, progress)
    logs = study.logs(found.worlds(case), draws)
    if not np.isfinite(logs).any():
        raise impossible(study, found)
    standing = standing_of(logs)
    certain = np.ptp(logs) == 0  # nothing is learnt
    few = standing.effective < FEWEST * draws or (draws > ENOUGH and standing.effective < ENOUGH)
    if certain or not (few or plain) or not dimensions(case):
        return replace(found, standing=standing)
    return moved(study, found, standing)


def moved(study: Study, found: Sample, standing: Standing) -> Sample:
    """The worlds moved to where they all count the same."""
    case = study.case
    names = dimensions(case)
    scores = np.stack([normal_quantile(found.shares[name]) for name in names], axis=1)

    def likelihood(points: Floats) -> Floats:
        try:
            return study.staged(quantities_at(case, _shares(names, points), len(points)), len(points))
        except CaseError as error:  # a number that is impossible in a world farther out than any that was drawn
            raise Beyond from error

    try:
        particles = move_to(likelihood, scores, likelihood(scores), seed=found.seed)
    except Beyond as beyond:
        raise beyond.__cause__ or beyond from None
    done = Moved(particles.stages, particles.distinct)
    return replace(
        found,
        shares=_shares(names, particles.scores),
        standing=Standing(particles.logs[:, -1], standing.drawn, done),
    )


def _shares(names: list[str], scores: Floats) -> dict[str, Floats]:
    inside = np.clip(normal_share(scores), _EDGE, 1 - _EDGE)
    return {name: inside[:, place] for place, name in enumerate(names)}


class Study:
    """How likely what was observed is in worlds of the caller's choosing, all of it and in stages of time."""

    def __init__(self, case: Case, max_states: int = MAX_STATES, progress: Progress | None = None):
        self.case = case
        self.lab = Laboratory(case, [], max_states=max_states, progress=progress)
        steps = sorted({item.step for item in case.observed})
        ends = [part[-1] for part in np.array_split(steps, min(STAGES, len(steps)))]
        self._parts = [self._account([item for item in case.observed if item.step <= step]) for step in ends[:-1]]

    def _account(self, observations: Sequence[Observation]) -> Seen:
        game = self.lab.game
        return see(game.phases, game.structure, observations)

    def logs(self, worlds: Mapping[str, Floats], draws: int) -> Floats:
        """float64[draws]: the logarithm of how likely everything that was observed is."""
        return self.lab.solve(worlds, draws, "what was observed").baseline.evidence

    def staged(self, worlds: Mapping[str, Floats], draws: int) -> Floats:
        """float64[draws, stages]: the same of what was observed up to the end of each stage."""
        found = self.lab.solve(worlds, draws, "moving worlds", retold=self._parts)
        return np.stack([*(part.evidence for part in found.retold), found.baseline.evidence], axis=1)

    def can_be(self, observations: Sequence[Observation], worlds: Mapping[str, Floats], draws: int) -> bool:
        """Whether some of the observations can be in any of the worlds."""
        [found] = self.lab.solve(worlds, draws, "what was observed", retold=[self._account(observations)]).retold
        return bool(np.isfinite(found.evidence).any())


def impossible(study: Study, found: Sample) -> CaseError:
    """The message that names the first observation that cannot be, given those before it."""
    case, worlds = study.case, found.worlds(study.case)
    ordered = sorted(case.observed, key=lambda item: item.step)
    can, cannot = 0, len(ordered)  # so many can be, and so many cannot
    while cannot - can > 1:
        middle = (can + cannot) // 2
        can, cannot = (middle, cannot) if study.can_be(ordered[:middle], worlds, found.draws) else (can, middle)
    return _named(case, ordered[can])


def _named(case: Case, item: Observation) -> CaseError:
    what = ", ".join(f"`{sighting.name}: {sighting.text}`" for sighting in item.sightings)
    message = f"what is observed in step {item.step} ({what}) cannot be, given the rest of the file"
    cure = (
        "mend the observation or those before it, let the file allow it, or say with `believed` how likely it is true"
    )
    source, filename = case.text, case.filename
    if case.news is not None and item in case.observed[len(case.observed) - case.news.count :]:
        source, filename = case.news.text, case.news.filename
    return CaseError([Diagnostic("F335", message, item.span, cure)], source, filename)

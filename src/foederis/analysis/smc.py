"""Sequential Monte Carlo: possible worlds moved step by step from what was known before to what was seen.

Worlds are points of independent standard normal scores. Observations are taken in, in the order of time; one that would
leave too few worlds standing is taken in by and by, its likelihood raised to powers that grow to 1. When the worlds
that still count have become few, they are drawn anew in proportion to their weights, and every world is then moved by
steps of a Markov chain that leave the posterior as it is, so that no two stay the same.

Sources: Chopin (2002), Biometrika 89(3): 539-552; Del Moral, Doucet & Jasra (2006), Journal of the Royal Statistical
Society B 68(3): 411-436; Cotter, Roberts, Stuart & White (2013), Statistical Science 28(3): 424-446 (the moves).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.chance import effective_size

Floats = NDArray[np.float64]
# How likely what was seen up to each stage is, as logarithms, float64[worlds, stages], in worlds, float64[worlds,
# scores].
Likelihood = Callable[[Floats], Floats]
_KEEP = 0.5  # of the worlds must still count, or they are drawn anew
_MOVES = 2.0  # accepted moves of each world after it was drawn anew, on average
_FORGOTTEN = (
    1.0  # after the last time, the logarithm of how much less worlds must resemble those that they were drawn as
)
_SWEEPS, _LAST_SWEEPS = 8, 24  # at most; after the last time
_WANTED = 0.3  # of the moves are to be accepted
_LEAST_VARIANCE = 1e-6
_SMALL = 1e-9
_FARTHEST = 6.0  # no score is moved farther out


class Beyond(Exception):
    """Raised by a likelihood that cannot be told so far out."""


class NoWorlds(Exception):
    """No world is left: what was seen at the stage of this number cannot be in any of them."""


@dataclass(frozen=True)
class Stage:
    """One time that the worlds were drawn anew: after the stage of this number was taken in with this power; how many
    counted before, how many sweeps of moves followed and what share of the moves was accepted."""

    stage: int
    power: float
    effective: float
    sweeps: int
    accepted: float


@dataclass(frozen=True)
class Particles:
    """Worlds that count the same: `scores`, float64[worlds, scores]; `logs`, as the likelihood gives them."""

    scores: Floats
    logs: Floats
    stages: tuple[Stage, ...]

    @property
    def distinct(self) -> int:
        return len(np.unique(self.scores, axis=0))


def move_to(likelihood: Likelihood, scores: Floats, logs: Floats, *, seed: int) -> Particles:
    """Worlds distributed given everything that was seen.

    Args:
        scores: float64[worlds, scores], worlds as they are distributed before anything is seen. If the likelihood
            raises Beyond, none is moved beyond the outermost of them in any score from then on.
        logs: what the likelihood says of them.
    Raises:
        NoWorlds: nothing that was seen can be in any of the worlds.
    """
    return _Mover(likelihood, scores, logs, np.random.default_rng([seed, 2**31])).run()


class _Mover:
    def __init__(self, likelihood: Likelihood, scores: Floats, logs: Floats, random: np.random.Generator):
        self.likelihood, self.scores, self.logs, self.random = likelihood, scores.copy(), logs.copy(), random
        self.drawn = scores.min(axis=0), scores.max(axis=0)
        self.bounds = -_FARTHEST * np.ones(scores.shape[1]), _FARTHEST * np.ones(scores.shape[1])
        self.weights = np.zeros(len(scores))  # logarithms
        self.step = 0.7
        self.stages: list[Stage] = []

    def run(self) -> Particles:
        count = self.logs.shape[1]
        for stage in range(count):
            power = 0.0
            while power < 1.0:
                more = self._gain(stage)
                if not np.isfinite(self.weights + more).any():
                    raise NoWorlds(stage)
                upto = self._power(more, power)
                self.weights = self.weights + (upto - power) * more
                power = upto
                few = effective_size(_weights(self.weights)) < _KEEP * len(self.weights)
                if power < 1.0 or few or (stage == count - 1 and np.ptp(self.weights) > 0):
                    self._renew(stage, power)
        return Particles(self.scores, self.logs, tuple(self.stages))

    def _gain(self, stage: int) -> Floats:
        """float64[worlds]: what the stage says beyond those before it."""
        before = self.logs[:, stage - 1] if stage else np.zeros(len(self.logs))
        after = self.logs[:, stage]
        return np.where(np.isfinite(after), after - np.where(np.isfinite(before), before, 0.0), -np.inf)

    def _power(self, more: Floats, power: float) -> float:
        """How far the stage can be taken in until only part of the worlds that could count do."""
        least = _KEEP * len(self.scores)
        if self._effective(more, 1.0 - power) >= least:
            return 1.0
        least = min(least, _KEEP * self._effective(more, _SMALL))
        low, high = 0.0, 1.0 - power
        if self._effective(more, high) >= least:
            return 1.0
        while high - low > 1e-6 * (1.0 - power):
            middle = (low + high) / 2
            low, high = (middle, high) if self._effective(more, middle) >= least else (low, middle)
        return power + max(low, _SMALL)

    def _effective(self, more: Floats, part: float) -> float:
        return effective_size(_weights(self.weights + part * more))

    def _renew(self, stage: int, power: float) -> None:
        """Draws worlds anew in proportion to their weights, and moves them."""
        weights = _weights(self.weights)
        effective = effective_size(weights)
        centre, spread = _fit(self.scores, weights, effective)
        chosen = systematic(weights, self.random)
        self.scores, self.logs = self.scores[chosen], self.logs[chosen]
        self.weights = np.zeros(len(self.scores))
        sweeps, accepted, forgotten = 0, 0.0, 0.0
        last = power == 1.0 and stage == self.logs.shape[1] - 1
        while sweeps < (_LAST_SWEEPS if last else _SWEEPS) and (accepted < _MOVES or (last and forgotten < _FORGOTTEN)):
            rate = self._sweep(stage, power, centre, spread)
            forgotten -= rate * np.log(1.0 - self.step**2) / 2
            self.step = float(np.clip(self.step * np.exp(rate - _WANTED), 0.02, 0.98))
            sweeps, accepted = sweeps + 1, accepted + rate
        self.stages.append(Stage(stage, power, effective, sweeps, accepted / sweeps))

    def _sweep(self, stage: int, power: float, centre: Floats, spread: Floats) -> float:
        """Proposes one move for every world: part of the way to a draw from a normal distribution that is fitted to
        them. The share that is accepted."""
        noise = self.random.standard_normal(self.scores.shape) @ spread.T
        proposed = centre + np.sqrt(1.0 - self.step**2) * (self.scores - centre) + self.step * noise
        inside = self._inside(proposed)
        try:
            logs = self.likelihood(proposed)
        except Beyond:
            here = self.scores.min(axis=0), self.scores.max(axis=0)
            self.bounds = np.minimum(self.drawn[0], here[0]), np.maximum(self.drawn[1], here[1])
            inside = self._inside(proposed)
            logs = self.likelihood(proposed)
        now, then = (
            _target(logs_, scores, stage, power, centre, spread)
            for logs_, scores in ((self.logs, self.scores), (logs, proposed))
        )
        accepts = inside & (np.log(self.random.random(len(now))) < then - now)
        self.scores[accepts], self.logs[accepts] = proposed[accepts], logs[accepts]
        return float(accepts.mean())

    def _inside(self, proposed: Floats) -> NDArray[np.bool_]:
        """bool[worlds]: where a proposal lies within bounds; the others are put back to where the world is."""
        low, high = self.bounds
        inside = ((proposed >= low) & (proposed <= high)).all(axis=1)
        proposed[~inside] = self.scores[~inside]
        return np.asarray(inside)


def _target(logs: Floats, scores: Floats, stage: int, power: float, centre: Floats, spread: Floats) -> Floats:
    """The logarithm of the posterior's density against the fitted one, which the moves leave as it is."""
    before = logs[:, stage - 1] if stage else np.zeros(len(logs))
    seen = (1.0 - power) * before + power * logs[:, stage] if power < 1.0 else logs[:, stage]
    away = np.linalg.solve(spread, (scores - centre).T).T
    return np.where(np.isnan(seen), -np.inf, seen) - 0.5 * (scores**2).sum(axis=1) + 0.5 * (away**2).sum(axis=1)


def _fit(scores: Floats, weights: Floats, effective: float) -> tuple[Floats, Floats]:
    """The centre and a root of the covariance of the worlds, as far as it differs from that of standard normal scores
    by more than chance.

    Sources: Marchenko & Pastur (1967), Mathematics of the USSR-Sbornik 1(4): 457-483 (how far the variances of a sample
    spread by chance); James & Stein (1961), 4th Berkeley Symposium 1: 361-379 (the centre).
    """
    size = scores.shape[1]
    share = weights / weights.sum()
    mean = share @ scores
    away = scores - mean
    variances, directions = np.linalg.eigh((away.T * share) @ away)
    chance = np.sqrt(size / effective)
    by_chance = (variances > (1.0 - chance) * abs(1.0 - chance)) & (variances < (1.0 + chance) ** 2)
    kept = np.where(by_chance, 1.0, np.maximum(variances, _LEAST_VARIANCE))
    trust = max(0.0, 1.0 - size / (effective * max(float(mean @ mean), _SMALL)))
    return trust * mean, directions * np.sqrt(kept)


def systematic(weights: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """int64[draws]: draws in proportion to weights, as evenly as whole numbers allow.

    Source: Kitagawa (1996), Journal of Computational and Graphical Statistics 5(1): 1-25.
    """
    reached = np.cumsum(weights)
    points = (np.arange(len(weights)) + random.random()) / len(weights) * reached[-1]
    return np.minimum(np.searchsorted(reached, points, side="right"), len(weights) - 1)


def _weights(logs: Floats) -> Floats:
    """Weights with a largest of 1, from logarithms of which one is finite."""
    return np.exp(logs - logs.max())

"""What it is worth to learn something: for a forecast, by how much its score gets better; for a choice, how much more
the option that is then taken is worth.

Sources: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory (perfect and partial information); Brier (1950),
Monthly Weather Review 78(1): 1-3 (the score); Strong, Oakley & Brennan (2014), Medical Decision Making 34(3): 311-326
(the estimate from given draws).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.smoothing import Floats, Smoother, normal_scores

Places = NDArray[np.int64]

_NINE_TENTHS = 1.6448536269514722  # deviations to either side that hold nine tenths of a normal distribution
FEWEST_CHANGED = 20  # worlds with another choice, without which nothing can be said of its worth


@dataclass(frozen=True, eq=False)
class Value:
    """What it is worth to learn some inputs.

    Attributes:
        value: at least 0; low, high: the ends of a 90 % interval.
        chance: how likely draws would show as much if it were worth nothing.
        after: float64[draws], the forecast after learning; or int64[draws], the place of the option then taken.
    """

    value: float
    low: float
    high: float
    chance: float
    after: Floats | Places


def forecast_value(outcome: Floats, inputs: Floats) -> Value:
    """The gain in the quadratic score of the best forecast: Var(E[outcome | inputs]).

    For a probability, that is the gain in the Brier score.

    Args:
        outcome: float64[draws]; inputs: float64[draws, inputs].
    """
    smoother = Smoother(inputs)
    fit = smoother.fit(outcome)
    count, mean = len(outcome), outcome.mean()
    value = float(np.var(outcome, ddof=1)) - fit.noise
    away, met = fit.left_out - mean, outcome - mean
    # The spread of the estimate: that of its influence function, and what remains if the inputs say nothing.
    spread = float(np.var(2 * away * met - away**2)) / count + 2 * (fit.freedom - 1) * (fit.noise / count) ** 2
    return _valued(value, math.sqrt(spread), float(np.var(outcome)), smoother.chance(outcome), fit.fitted)


def choice_value(worths: Floats, inputs: Floats) -> Value:
    """The gain in what the best option is worth: E[max E[worth | inputs]] - max E[worth].

    Each draw is judged by the choice that the other draws recommend for it, so that inputs which say nothing gain
    nothing; what is found is therefore rather too small than too large.

    Args:
        worths: float64[draws, options]; inputs: float64[draws, inputs].
    """
    smoother = Smoother(inputs)
    best = int(np.argmax(worths.mean(axis=0)))
    gains = worths - worths[:, [best]]
    fits = [None if option == best else smoother.fit(column) for option, column in enumerate(gains.T)]
    count = len(gains)
    nothing = np.zeros(count)
    after, advised = (
        np.argmax(np.stack([nothing if fit is None else getattr(fit, part) for fit in fits], axis=1), axis=1)
        for part in ("fitted", "left_out")
    )
    gained = gains[np.arange(count), advised]
    value, spread = float(gained.mean()), float(gained.std()) / math.sqrt(count)
    enough = int(np.sum(advised != best)) >= FEWEST_CHANGED and spread > 0
    chance = math.erfc(value / spread / math.sqrt(2)) / 2 if enough else 1.0
    return _valued(value, spread, float(gains.max(axis=1).mean()), chance, after)


def _valued(value: float, spread: float, most: float, chance: float, after: Floats | Places) -> Value:
    def inside(number: float) -> float:
        return min(max(number, 0.0), most)

    margin = _NINE_TENTHS * spread
    return Value(inside(value), inside(value - margin), max(value + margin, 0.0), chance, after)


def reported(inputs: Floats, accuracy: float, *, seed: int) -> Floats:
    """Reports on inputs, float64[draws, inputs]: normal scores that correlate with those of the truth by `accuracy`.

    Equal values of an input are put in an order of their own making first.
    """
    random = np.random.default_rng([seed, 1])
    found = []
    for column in inputs.T:
        order = np.lexsort((random.random(len(column)), column))
        ranks = np.empty(len(column))
        ranks[order] = np.arange(len(column))
        noise = random.standard_normal(len(column))
        found.append(accuracy * normal_scores(ranks) + math.sqrt(1 - accuracy**2) * noise)
    return np.stack(found, axis=1)

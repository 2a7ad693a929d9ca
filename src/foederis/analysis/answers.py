"""Answers: what the solved draws say to the questions of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foederis._version import __version__
from foederis.analysis.beliefs import Beliefs
from foederis.analysis.given_data import weighted_quantiles
from foederis.analysis.rounding import difference
from foederis.analysis.standing import Standing
from foederis.analysis.together import Simultaneous
from foederis.language.case import Case

if TYPE_CHECKING:
    import pandas

    from foederis.report.plots import Plots

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """One number over all draws.

    Attributes:
        draws: float64[draws]; nan in a draw in which the question's `given` condition never holds.
        unit: the unit of the number; empty for probabilities and points.
        weights: float64[draws], how much each draw counts, at least 0; None if all count the same.
        by_type: {type: float64[draws]}, the same if an actor has that private type; where several have types, each is
            named with its actor, as in `russia.pragmatic`.
        type_weights: {type: float64[draws]}, how much each draw counts if an actor has that type; as `weights` where
            nothing tells of types.
    """

    draws: Floats
    unit: str = ""
    weights: Floats | None = None
    by_type: Mapping[str, Floats] = field(default_factory=dict)
    type_weights: Mapping[str, Floats] = field(default_factory=dict)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """bool[draws]: the draws that count and have an answer."""
        finite = np.isfinite(self.draws)
        return finite if self.weights is None else finite & (self.weights > 0)

    @cached_property
    def defined(self) -> Floats:
        return self.draws[self.known]

    @property
    def left_out(self) -> int:
        """Draws that count in which the question has no answer."""
        counted = len(self.draws) if self.weights is None else int(np.sum(self.weights > 0))
        return counted - len(self.defined)

    @property
    def mean(self) -> float:
        if not len(self.defined):
            return float("nan")
        return float(np.average(self.defined, weights=None if self.weights is None else self.weights[self.known]))

    def quantile(self, share: float) -> float:
        if not len(self.defined):
            return float("nan")
        if self.weights is None:
            return float(np.quantile(self.defined, share))
        return float(weighted_quantiles(self.defined, self.weights[self.known], np.array([share]))[0])

    @property
    def p05(self) -> float:
        return self.quantile(0.05)

    @property
    def p50(self) -> float:
        return self.quantile(0.50)

    @property
    def p95(self) -> float:
        return self.quantile(0.95)

    def to_json(self) -> dict[str, Any]:
        names = ("mean", "p05", "p50", "p95")
        values = {name: getattr(self, name) for name in names}
        found: dict[str, Any] = {name: value if np.isfinite(value) else None for name, value in values.items()}
        return (
            {**found, "by_type": {t: self.of_type(t).to_json()["mean"] for t in self.by_type}}
            if self.by_type
            else found
        )

    def of_type(self, name: str) -> Estimate:
        """The same if an actor has this type."""
        return Estimate(self.by_type[name], self.unit, self.type_weights.get(name, self.weights))


@dataclass(frozen=True)
class FirstTime:
    """When a condition first holds.

    Attributes:
        by_step: float64[draws, steps + 1]: at the start, then at the end of each step.
        never: float64[draws].
        weights: float64[draws], how much each draw counts; None if all count the same.
        by_type: {type: the same if an actor has that private type}; see Estimate.
    """

    by_step: Floats
    never: Floats
    weights: Floats | None = None
    by_type: Mapping[str, FirstTime] = field(default_factory=dict)

    @property
    def left_out(self) -> int:
        return Estimate(self.never, "", self.weights).left_out

    def to_json(self) -> dict[str, Any]:
        more = {"by_type": {name: mine.to_json() for name, mine in self.by_type.items()}} if self.by_type else {}
        means = [Estimate(column, "", self.weights).mean for column in (*self.by_step.T, self.never)]
        *by_step, never = [mean if np.isfinite(mean) else None for mean in means]
        return {"by_step": by_step, "never": never, **more}


Reply = Estimate | FirstTime


def minus(reply: Reply, other: Reply) -> Reply:
    """The paired difference of two answers to the same question; 0 where it is only rounding."""
    if isinstance(reply, Estimate):
        assert isinstance(other, Estimate)
        return Estimate(difference(reply.draws, other.draws), reply.unit, reply.weights)
    assert isinstance(other, FirstTime)
    # A what-if may play more steps, or fewer: what comes after the last one has probability 0.
    steps = max(reply.by_step.shape[1], other.by_step.shape[1])
    mine, theirs = (np.pad(x.by_step, ((0, 0), (0, steps - x.by_step.shape[1]))) for x in (reply, other))
    return FirstTime(difference(mine, theirs), difference(reply.never, other.never), reply.weights)


@dataclass(frozen=True)
class WhatIfAnswer:
    """A what-if on the same draws as the baseline.

    Attributes:
        questions: its own answers; difference: those minus the baseline's, draw by draw.
        imposed_open: for each imposed move (in words) the probability that it was open.
        asked_differently: questions that it asks in other words, under other conditions or in another form.
        together: for each simultaneous move of the changed case how its fixed points were found; empty for a what-if
            that only imposes moves, since strategies stay as they are. beliefs: likewise, how beliefs were followed.
    """

    name: str
    questions: Mapping[str, Reply]
    difference: Mapping[str, Reply]
    imposed_open: Mapping[str, Estimate] = field(default_factory=dict)
    asked_differently: tuple[str, ...] = ()
    together: tuple[Simultaneous, ...] = ()
    beliefs: Beliefs | None = None

    @property
    def changes_nothing(self) -> bool:
        """Whether no answer differs in any draw."""
        arrays = [d.draws if isinstance(d, Estimate) else d.by_step for d in self.difference.values()]
        return all(not np.any(np.nan_to_num(array)) for array in arrays)


@dataclass(frozen=True)
class Check:
    """The independent check of the solution.

    Attributes:
        residual: the largest error, of behaviour in probability and of values relative to the range of payoffs.
        regret: the largest shortfall of any choice against the best option, in points.
        regret_bound: log(options) / rationality where that shortfall is.
        strain: the largest ratio of a shortfall to its bound; in equilibrium at most 1.
    """

    residual: float
    regret: float
    regret_bound: float
    strain: float


@dataclass(frozen=True)
class Answer:
    """The answer to a case.

    Attributes:
        questions: {name: Estimate or FirstTime}.
        values: {actor: Estimate}, points; noise: what each actor loses by not always choosing its best option.
        first_moves: {actor: {option: Estimate}}, in the actor's first turn of step 0.
        ever_taken: {turn: {option: Estimate}}, in the whole crisis.
        through_time: {variable: {level: float64[draws, steps]}} at the end of each step.
        losses: {exposure: Estimate}, expected on the final state.
        what_ifs: {name: WhatIfAnswer} for those that were asked for.
        quantities: {name: float64[draws]}, the possible worlds.
        together: for each simultaneous move of the case how its fixed points were found.
        types: {actor: {type: Estimate}}, the shares of private types with which play begins; types_given: how likely
            each is given what was observed, if anything was; beliefs: how beliefs about them were followed.
        standing: how much each world counts given what was observed; None if nothing was. All else is given that too:
            `values` are what the whole crisis brings, `noise` what is lost to errors from then on.
    """

    case: Case
    draws: int
    seed: int
    at: str | None
    questions: Mapping[str, Reply]
    values: Mapping[str, Estimate]
    noise: Mapping[str, Estimate]
    first_moves: Mapping[str, Mapping[str, Estimate]]
    ever_taken: Mapping[str, Mapping[str, Estimate]]
    through_time: Mapping[str, Mapping[str, Floats]]
    losses: Mapping[str, Estimate]
    what_ifs: Mapping[str, WhatIfAnswer]
    quantities: Mapping[str, Floats]
    check: Check
    game_hash: str
    together: tuple[Simultaneous, ...] = ()
    types: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    beliefs: Beliefs | None = None
    standing: Standing | None = None
    types_given: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)

    @property
    def weights(self) -> Floats | None:
        """float64[draws], with mean 1; None if all worlds count the same."""
        return self.standing.weights if self.standing else None

    if TYPE_CHECKING:  # set by foederis.notebook, since analysis knows nothing of reports

        @property
        def plot(self) -> Plots: ...

    def to_json(self) -> dict[str, Any]:
        """The answer as plain data; the same object that `solve --json` prints."""
        return {
            "foederis": __version__,
            "case": self.case.name,
            "file_sha256": self.case.sha256,
            "draws": self.draws,
            "seed": self.seed,
            "at": self.at,
            "questions": {name: reply.to_json() for name, reply in self.questions.items()},
            "values": {actor: value.to_json() for actor, value in self.values.items()},
            "first_moves": _nested(self.first_moves),
            "through_time": {
                name: {
                    level: [float(x) for x in np.average(series, axis=0, weights=self.weights)]
                    for level, series in levels.items()
                }
                for name, levels in self.through_time.items()
            },
            "what_ifs": {
                name: {
                    "questions": {q: reply.to_json() for q, reply in found.questions.items()},
                    "difference": {q: reply.to_json() for q, reply in found.difference.items()},
                    "imposed_open": {move: opened.to_json() for move, opened in found.imposed_open.items()},
                    "asked_differently": list(found.asked_differently),
                    **({"together": [move.to_json() for move in found.together]} if found.together else {}),
                    **({"beliefs": found.beliefs.to_json()} if found.beliefs else {}),
                }
                for name, found in self.what_ifs.items()
            },
            "check": {"residual": self.check.residual, "regret": self.check.regret},
            "together": [move.to_json() for move in self.together],
            **self._beliefs_json(),
            **({"observed": self.standing.to_json()} if self.standing else {}),
        }

    def _beliefs_json(self) -> dict[str, Any]:
        given = {"types_given": _nested(self.types_given)} if self.types_given else {}
        return {"types": _nested(self.types), **given, "beliefs": self.beliefs.to_json() if self.beliefs else None}

    def to_frame(self) -> pandas.DataFrame:
        """One row a draw: quantities, answers, values and answers under what-ifs. Needs pandas."""
        import pandas

        return pandas.DataFrame(self.columns())

    def columns(self) -> dict[str, Floats]:
        """The draws as named columns, float64[draws] each."""
        found = {f"quantity.{name}": values for name, values in self.quantities.items()}
        if self.weights is not None:
            found["weight"] = self.weights
        for actor, types in self.types_given.items():
            for name, share in types.items():
                found[f"type_before.{actor}.{name}"] = self.types[actor][name].draws
                found[f"type.{actor}.{name}"] = share.draws
        for name, reply in self.questions.items():
            found.update(_reply_columns(f"question.{name}", reply))
        found.update({f"value.{actor}": value.draws for actor, value in self.values.items()})
        found.update({f"loss.{name}": value.draws for name, value in self.losses.items()})
        for whatif, answer in self.what_ifs.items():
            for name, reply in answer.questions.items():
                found.update(_reply_columns(f"what_if.{whatif}.{name}", reply))
        return found

    def __repr__(self) -> str:
        replies = ", ".join(f"{n}={r.mean:.3g}" for n, r in self.questions.items() if isinstance(r, Estimate))
        return f"<Answer to {self.case.title!r}, {self.draws} draws: {replies}>"


def _nested(moves: Mapping[str, Mapping[str, Estimate]]) -> dict[str, dict[str, Any]]:
    return {actor: {option: share.to_json() for option, share in options.items()} for actor, options in moves.items()}


def _reply_columns(name: str, reply: Reply) -> dict[str, Floats]:
    if isinstance(reply, Estimate):
        return {name: reply.draws}
    steps = {
        f"{name}.step_{place - 1}" if place else f"{name}.start": reply.by_step[:, place]
        for place in range(reply.by_step.shape[1])
    }
    return {**steps, f"{name}.never": reply.never}

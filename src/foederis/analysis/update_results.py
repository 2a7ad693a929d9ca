"""What observations have changed, as rows of figures."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Answer, Estimate, FirstTime, Floats, Reply
from foederis.analysis.result import Result, Row
from foederis.diagnostics import CaseError, Diagnostic, Span, nearest
from foederis.language.case import Case, Observation
from foederis.language.quantities import literal
from foederis.language.source import Scalar

_COMPARED = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(>=|<=|>|<)\s*(\S.*?)\s*\Z")
_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True)
class Before:
    """What was to be said before anything was observed, in as many worlds as `draws`; `types` is {actor: {type: how
    likely it was}}."""

    questions: Mapping[str, Reply]
    losses: Mapping[str, Estimate]
    quantities: Mapping[str, Floats]
    draws: int
    types: Mapping[str, Mapping[str, Estimate]]


@dataclass(frozen=True)
class Moved:
    """An uncertain quantity before and after.

    Attributes:
        distance: between the two distributions, that of Kolmogorov and Smirnov, 0 to 1.
        place: the share of the worlds before in which the quantity is below its median after.
        noticed: whether that is more than chance at this number of draws.
    """

    quantity: str
    before: Estimate
    after: Estimate
    distance: float
    place: float
    noticed: bool


@dataclass(frozen=True)
class Hypothesis:
    """Worlds in which a quantity is on one side of a value; the others are held against them."""

    text: str
    quantity: str
    sign: str
    value: float

    @classmethod
    def read(cls, case: Case, text: str) -> Hypothesis:
        """
        Raises:
            CaseError: F703 if it is no comparison, F102 if there is no such quantity.
        """
        match = _COMPARED.match(text)
        value = literal(Scalar(match.group(3), Span(1, 1, 1, 1))) if match else None
        if match is None or value is None or not math.isfinite(value):
            message = f"`{text}` does not compare a quantity with a value"
            raise CaseError([Diagnostic("F703", message, help='as in --between "stake > 12"')])
        if match.group(1) not in case.quantities:
            help = nearest(match.group(1), case.varying)
            raise CaseError([Diagnostic("F102", f"there is no quantity `{match.group(1)}`", help=help)])
        return cls(text.strip(), match.group(1), match.group(2), value)

    def holds(self, quantities: Mapping[str, Floats]) -> NDArray[np.bool_]:
        """bool[draws]"""
        return np.asarray(_SIGNS[self.sign](quantities[self.quantity], self.value))

    def probability(self, quantities: Mapping[str, Floats], weights: Floats | None) -> float:
        return float(np.average(self.holds(quantities), weights=weights))

    def ratio(self, answer: Answer, without: Floats) -> float:
        """By how much an observation has multiplied the odds of the hypothesis; `without` are the weights without
        it."""
        after, before = (self.probability(answer.quantities, weights) for weights in (answer.weights, without))
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.divide(after, 1.0 - after) / np.divide(before, 1.0 - before))


@dataclass(frozen=True)
class Weighed:
    """One observation.

    Attributes:
        expected: how likely it was, given all the others.
        credence: how likely what a report says is true, given everything; None if it is certain.
        without: the answers without it.
        ratios: for each question by how much it multiplies the odds: the likelihood ratio of yes against no, given all
            the others; None where the answer is no probability.
        between: the same for each hypothesis.
        effective: how many equally weighted worlds the answers without it rest on.
        types: {actor: {type: how likely it would be without the observation}}; of_type: the same as `ratios` for each.
    """

    observation: Observation
    expected: float
    credence: float | None
    without: Mapping[str, Reply]
    ratios: Mapping[str, float | None]
    between: Mapping[str, float]
    effective: float
    types: Mapping[str, Mapping[str, Estimate]]
    of_type: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Update(Result):
    """A case before and after what was observed.

    Attributes:
        answer: the answer given everything that was observed; its `standing` says how much each world counts.
        moved: the uncertain quantities, the one that has moved farthest first.
        weighed: the observations, in the order of the file; weighed_for: the questions for which they are shown.
    """

    case: Case
    draws: int
    seed: int
    before: Before
    answer: Answer
    moved: tuple[Moved, ...]
    weighed: tuple[Weighed, ...]
    hypotheses: tuple[Hypothesis, ...]
    weighed_for: tuple[str, ...]

    def rows(self) -> list[Row]:
        """A row for each question; and, where somebody has private types, for each type."""
        found = []
        typed = bool(self.before.types)
        for name in self.case.questions:
            before, after = as_number(self.before.questions[name]), as_number(self.answer.questions[name])
            row: Row = {"question": name, **({"actor": None, "type": None} if typed else {})}
            found.append(row | _before_and_after(before, after))
        for actor, types in self.before.types.items():
            for name, share in types.items():
                row = {"question": None, "actor": actor, "type": name}
                found.append(row | _before_and_after(share, self.answer.types_given[actor][name]))
        return found

    def facts(self) -> Row:
        standing = self.answer.standing
        assert standing is not None
        return {
            "draws": self.draws,
            "seed": self.seed,
            "standing": standing.to_json(),
            "quantities": [self._quantity(item) for item in self.moved],
            **({"types": self._types()} if self.before.types else {}),
            "observations": [self._weighed(item) for item in self.weighed],
            "hypotheses": [
                {
                    "hypothesis": item.text,
                    "before": item.probability(self.before.quantities, None),
                    "after": item.probability(self.answer.quantities, self.answer.weights),
                }
                for item in self.hypotheses
            ],
            "answer": self.answer.to_json(),
        }

    def _types(self) -> Row:
        """{actor: {type: before, after, and by how much its odds are multiplied}}"""
        return {
            actor: {
                name: {
                    "before": share.to_json(),
                    "after": self.answer.types_given[actor][name].to_json(),
                    **_odds(odds_times(self.answer.types_given[actor][name], share)),
                }
                for name, share in types.items()
            }
            for actor, types in self.before.types.items()
        }

    def _quantity(self, item: Moved) -> Row:
        return {
            "quantity": item.quantity,
            "unit": item.before.unit,
            "before": item.before.to_json(),
            "after": item.after.to_json(),
            "distance": item.distance,
            "place": item.place,
            "noticed": item.noticed,
        }

    def _weighed(self, item: Weighed) -> Row:
        seen = item.observation
        types = {
            actor: {name: {"without": share.mean, **_odds(item.of_type[actor][name])} for name, share in shares.items()}
            for actor, shares in item.types.items()
        }
        return {
            "step": seen.step,
            "observed": {sighting.name: sighting.text for sighting in seen.sightings},
            "believed": seen.believed,
            "says": seen.says or None,
            "sources": [reason.source for reason in seen.because if reason.source],
            "expected": item.expected,
            "credence": item.credence,
            "effective_draws": item.effective,
            "questions": {
                name: {"without": as_number(reply).mean, **_odds(item.ratios[name])}
                for name, reply in item.without.items()
            },
            **({"types": types} if types else {}),
            "hypotheses": dict(item.between),
        }


def as_number(reply: Reply) -> Estimate:
    """An answer as one number; of a `first` question the probability that it never comes about."""
    return Estimate(reply.never, "", reply.weights) if isinstance(reply, FirstTime) else reply


def odds_times(after: Estimate, without: Estimate) -> float:
    """By how much the odds of something are multiplied; nan where both are 0 or endless."""
    ends = np.clip([after.mean, without.mean], 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = ends / (1.0 - ends)
        return float(odds[0] / odds[1])


def _odds(ratio: float | None) -> Row:
    """The same as a logarithm too, the weight of evidence: it adds up where odds are multiplied."""
    with np.errstate(divide="ignore"):
        return {"odds_times": ratio, "log_odds": None if ratio is None else float(np.log(ratio))}


def _before_and_after(before: Estimate, after: Estimate) -> Row:
    parts = {"before": before.to_json(), "after": after.to_json()}
    return {f"{when}_{key}": part[key] for when, part in parts.items() for key in ("mean", "p05", "p50", "p95")}

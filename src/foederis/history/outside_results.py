"""The outside view of a case beside its inside view: past cases, base rates, the gap, the blend."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from foederis.analysis.answers import Estimate
from foederis.analysis.result import Result, Row
from foederis.history.base_rates import Rate
from foederis.history.datasets.tidy import pandas_module
from foederis.language.case import Case, ReferenceClass

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

NEAREST, PER_WAR = 10, 3  # that are shown, and of one war, since its cases share its fate
FAR = 3.0  # times the odds, from which a gap is large


@dataclass(frozen=True)
class Precedent:
    """A past case: an attacked state (`helped`), a state bound to it (`helper`), and what that one did.

    Attributes:
        day: of the attack; owed: the obligations of the helper then; outcome: `fought` (in that war at any time, and
            never against the attacked state), `stayed out` or `fought against it`.
        likeness: 0 to 1; nan where too little is known. differences: by kind of likeness.KINDS, 0 to 1; nan where a
            kind is not known on both sides.
    """

    war: str
    year: int
    day: date
    helper: str
    helped: str
    opponent: str
    owed: tuple[str, ...]
    outcome: str
    likeness: float
    differences: dict[str, float]


@dataclass(frozen=True)
class Gap:
    """How far the inside view is from the outside one.

    Attributes:
        outside, inside: probabilities; where no or every past case came out so, outside is (k + 1/2)/(n + 1).
        times: the odds of the likelier over those of the other, at least 1; infinite where the file leaves no doubt,
            and 1 where no (or every) past case came out so and the file is still surer of that.
        large: at least FAR times. apart: the bands do not meet.
    """

    outside: float
    inside: float
    times: float
    large: bool
    apart: bool


@dataclass(frozen=True)
class Outside(Result):
    """A case held against the past.

    Attributes:
        wanted: the section `history` of the case. rates: base rates, the one that is compared first.
        precedents: all past cases that were known, the most like first. inside: the case's own answer.
        known: the kinds of likeness that are known of the case.
        weight: of the outside view in `blend`; None where nobody has stated one.
        notes: what could not be worked out, or is older than it should be.
    """

    case: Case
    wanted: ReferenceClass
    rates: tuple[Rate, ...]
    precedents: tuple[Precedent, ...]
    inside: Estimate
    known: tuple[str, ...]
    weight: float | None
    draws: int
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def gap(self) -> Gap | None:
        """None where there is no past case, or the file has no answer."""
        rate, inside = self.rates[0], self.inside.mean
        if not rate.cases or math.isnan(inside):
            return None
        share = _inner(rate)
        times = math.inf
        if (rate.kept == 0 and inside <= share) or (rate.kept == rate.cases and inside >= share):
            times = 1.0  # what has never (or always) been cannot tell such small doubts apart
        elif 0 < inside < 1:
            times = _odds(share) / _odds(inside)
            times = max(times, 1 / times)
        band = rate.independent if math.isnan(rate.by_war.low) else rate.by_war
        apart = band.low > self.inside.p95 or band.high < self.inside.p05
        return Gap(share, inside, times, times >= FAR, apart)

    @property
    def blend(self) -> float | None:
        """Both views blended in log-odds; None without a weight or a gap to blend over.

        Where the file leaves no doubt, neither does the blend, unless the outside view has all the weight.
        Source: Genest & Zidek (1986), Combining probability distributions, Statistical Science 1(1): 114-135.
        """
        gap = self.gap
        if self.weight is None or gap is None:
            return None
        if gap.inside in (0, 1):
            return gap.outside if self.weight == 1 else gap.inside
        mixed = _odds(gap.outside) ** self.weight * _odds(gap.inside) ** (1 - self.weight)
        return mixed / (1 + mixed)

    @property
    def nearest(self) -> tuple[Precedent, ...]:
        """The NEAREST past cases, of each war the PER_WAR that are most like this one at most."""
        chosen: list[Precedent] = []
        for one in self.precedents:
            same = sum(other.war == one.war for other in chosen)
            if len(chosen) < NEAREST and same < PER_WAR and not math.isnan(one.likeness):
                chosen.append(one)
        return tuple(chosen)

    def rows(self) -> list[Row]:
        """A row for each past case, the most like first."""
        return [
            {
                **{name: getattr(one, name) for name in ("war", "year", "helper", "helped", "opponent")},
                "day": one.day.isoformat(),
                "owed": ", ".join(one.owed),
                "outcome": one.outcome,
                "likeness": one.likeness,
                **{f"difference_{kind}": value for kind, value in one.differences.items()},
            }
            for one in self.precedents
        ]

    def rates_frame(self) -> Frame:
        """The base rates as a table. Needs pandas."""
        return pandas_module().DataFrame([rate.row() for rate in self.rates])

    def facts(self) -> Row:
        wanted, gap = self.wanted, self.gap
        states = {role: {"name": state.name, "cow": state.cow} for role, state in _roles(wanted)}
        return {
            "question": wanted.question,
            "draws": self.draws,
            "seed": self.seed,
            **states,
            "obligation": wanted.obligation,
            "outcome": wanted.outcome,
            "day": wanted.day.isoformat(),
            "known_to": (wanted.day - timedelta(days=1)).isoformat(),
            "since": wanted.since,
            "until": wanted.until,
            "inside": self.inside.to_json(),
            "outside": [{**rate.row(), "carried_by": [asdict(war) for war in rate.wars]} for rate in self.rates],
            "gap": asdict(gap) if gap else None,
            "weight": self.weight,
            "blend": self.blend,
            "compared_by": list(self.known),
            "notes": list(self.notes),
        }


def _roles(wanted: ReferenceClass) -> list[tuple[str, Any]]:
    return [(role, getattr(wanted, role)) for role in ("helper", "helped", "opponent")]


def _inner(rate: Rate) -> float:
    """The share, drawn in from 0 and 1, where no odds can be taken."""
    return rate.rate if 0 < rate.kept < rate.cases else (rate.kept + 0.5) / (rate.cases + 1)


def _odds(share: float) -> float:
    return share / (1 - share)

"""Holds a case against the past: the past cases most like it, a base rate, and its own answer beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from foederis.analysis.answers import Estimate
from foederis.analysis.doubts import with_doubts
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.history.base_rates import LAST_WAR
from foederis.history.datasets import load, require
from foederis.history.datasets.alliances import OBLIGATIONS
from foederis.history.datasets.tidy import pandas_module
from foederis.history.likeness import KINDS, LIST_END, features, likeness
from foederis.history.outside_results import Outside, Precedent
from foederis.history.precedents import bonds, bonds_between, known_before, precedents
from foederis.history.reference_rates import reference_rates
from foederis.language.case import Case, ReferenceClass
from foederis.language.states import find

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

ATOP_END = 2018
NEEDS = (
    "cow-wars",
    "cow-war-dyads",
    "atop-members",
    "berkemeier-fuhrmann",
    "majors",
    "nmc-6",
    "contiguity",
    "democracy",
)
Progress = Callable[[str, int, int], None]


@with_doubts
def outside(
    case: Case,
    *,
    weight: float | None = None,
    draws: int | None = None,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Outside:
    """Holds a case against the past that its section `history` names. Needs pandas and data files.

    Args:
        weight: of the outside view where both are blended in log-odds, 0 to 1; the section's own if None.
        draws, seed, max_states, progress: of the solve, as in `solve`; the seed also of the bootstrap over wars.
    Raises:
        CaseError: no section `history`, no such weight, or the case cannot be solved.
        DataError: pandas or data files are missing; names all files that are.
    """
    from foederis.analysis.solving import check_arguments, solve, usual_draws

    wanted = _checked(case, weight)
    draws = usual_draws(case) if draws is None else draws
    check_arguments(draws, seed, None)
    pandas_module()
    require(NEEDS)
    found = bonds()
    rates = reference_rates(wanted, found, seed)
    here, notes = _situation(wanted)
    like, known = _nearest(here, known_before(precedents(found), wanted.day, wanted.since, wanted.until))
    answer = solve(case, draws=draws, seed=seed, max_states=max_states, progress=progress)
    inside = answer.questions[wanted.question]
    assert isinstance(inside, Estimate)  # held by the reader of the section
    weight = wanted.weight if weight is None else weight
    return Outside(case, wanted, rates, like, inside, known, weight, draws, seed, (*notes, *_old(wanted)))


def _checked(case: Case, weight: float | None) -> ReferenceClass:
    if case.history is None:
        message = "the case does not say which past it is to be held against"
        cure = "add a section `history` with helper, helped, opponent, obligation and question"
        raise CaseError([Diagnostic("F809", message, help=cure)], case.text, case.filename)
    if weight is not None and not 0 <= weight <= 1:
        cure = "0 is the file's own answer alone, 1 the past alone"
        raise CaseError([Diagnostic("F806", f"`{weight:g}` is not a weight from 0 to 1", help=cure)])
    return case.history


def _situation(wanted: ReferenceClass) -> tuple[Frame, list[str]]:
    """The case itself as a past case would be written, and what ATOP does not know of it."""
    pandas = pandas_module()
    helper, helped = wanted.helper.cow, wanted.helped.cow
    pacts = bonds_between(helper, helped, wanted.day)
    notes = []
    if not len(pacts):
        notes.append(
            f"ATOP 5.1 (1815 to {ATOP_END}) has no pact between {wanted.helper.name} and {wanted.helped.name} on the "
            f"day before. The promise is taken as {wanted.obligation} alone; size and age of the alliance are left out."
        )
    elif not pacts[wanted.obligation].any():
        notes.append(
            f"By ATOP 5.1 {wanted.helper.name} owed {wanted.helped.name} no {wanted.obligation} on the day before; "
            "it is added to what it did owe, since the section says so."
        )
    row: dict[str, Any] = {"helper": helper, "helped": helped, "opponent": wanted.opponent.cow}
    row |= {"day": pandas.Timestamp(wanted.day), "since": pacts["since"].min() if len(pacts) else pandas.NaT}
    row["multilateral"] = not pacts["bilateral"].any() if len(pacts) else math.nan
    row |= {name: bool(pacts[name].any()) or name == wanted.obligation for name in OBLIGATIONS}
    return features(pandas.DataFrame([row])), notes


def _nearest(here: Frame, known: Frame) -> tuple[tuple[Precedent, ...], tuple[str, ...]]:
    """The past cases, the most like first, and the kinds that the case itself is known by."""
    named = tuple(kind for kind, names in KINDS.items() if here[list(names)].notna().all(axis=None))
    if not len(known):
        return (), named
    values, differences = likeness(here, features(known))
    made = []
    for place, row in enumerate(known.itertuples()):
        parts = dict(zip(KINDS, map(float, differences[place]), strict=True))
        day = row.day.date()
        names = (_name(row.helper, day), _name(row.helped, day), _name(row.opponent, day))
        owed = tuple(name for name in OBLIGATIONS if getattr(row, name))
        made.append(
            Precedent(str(row.war_name), int(row.year), day, *names, owed, row.outcome, float(values[place]), parts)
        )
    made.sort(key=lambda one: (-1 if math.isnan(one.likeness) else one.likeness, one.day), reverse=True)
    return tuple(made), named


def _name(state: int, day: date) -> str:
    found = find(int(state), "cow", day)
    return found.name if found else f"state {state}"


def _old(wanted: ReferenceClass) -> list[str]:
    """What the data do not reach up to."""
    notes = []
    if wanted.until is None and wanted.day.year > LAST_WAR:
        notes.append(f"The lists of wars end with {LAST_WAR}: what has happened since is not in them.")
    if wanted.day > LIST_END:
        notes.append(
            f"ATOP ends with {ATOP_END}, COW's lists of major powers and of neighbours with {LIST_END.year}: what held "
            "then is taken to hold on."
        )
    for name, what in (("nmc-6", "capabilities"), ("democracy", "regimes")):
        last = int(load(name)["year"].max())
        if last < wanted.day.year - 1:
            notes.append(f"Of the case itself, {what} are those of {last}, with which {name} ends.")
    return notes

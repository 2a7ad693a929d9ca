"""What losses are told for: single exposures, all of one holder, all holders in one unit; and rates between units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from foederis.analysis.answers import Floats
from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.language.case import Case

_RATE = re.compile(r"\s*(\S.*?)\s*=\s*([A-Za-z_]\w*)\s+(\S.*?)\s*\Z")
_FORM = "as in `bn EUR = usd_per_eur bn USD`, where `usd_per_eur` is a quantity of the file"


@dataclass(frozen=True)
class Position:
    """What may be lost together: one exposure, or several whose losses are added up, state by state.

    Attributes:
        name: the exposure's; for a sum, in words.
        holder: empty where several hold a part.
        members: the exposures.
    """

    name: str
    holder: str
    unit: str
    members: tuple[str, ...]
    is_sum: bool


@dataclass(frozen=True)
class Rate:
    """What one of a unit is worth in another: `quantity`, in each world."""

    unit: str
    quantity: str
    into: str


def read_rates(case: Case, texts: Iterable[str]) -> tuple[Rate, ...]:
    """Rates from texts such as `bn EUR = usd_per_eur bn USD`.

    Raises:
        CaseError: F743 if one is written otherwise, or for a unit that no exposure has, or clashes with another; F102
            if there is no such quantity.
    """
    problems: list[Diagnostic] = []
    rates: dict[str, Rate] = {}
    units = {exposure.unit for exposure in case.exposures.values() if exposure.unit}
    for text in texts:
        match = _RATE.match(text)
        if match is None:
            problems.append(Diagnostic("F743", f"`{text}` is no rate between two units", help=_FORM))
            continue
        rate = Rate(*(" ".join(part.split()) for part in match.groups()))
        if rate.unit not in units:
            problems.append(Diagnostic("F743", f"no exposure is in `{rate.unit}`", help=nearest(rate.unit, units)))
        if rate.quantity not in case.quantities:
            named = [name for name, quantity in case.quantities.items() if not quantity.inline]
            message = f"there is no quantity `{rate.quantity}`"
            problems.append(Diagnostic("F102", message, help=nearest(rate.quantity, named)))
        if rate.unit in rates or rate.unit == rate.into:
            problems.append(Diagnostic("F743", f"`{rate.unit}` has two rates", help="give each unit one rate"))
        rates[rate.unit] = rate
    for rate in rates.values():
        if rate.into in rates and rate.into != rate.unit:
            message = f"`{rate.unit}` is turned into `{rate.into}`, which is itself turned into another unit"
            problems.append(Diagnostic("F743", message, help="turn all of them into one unit"))
    if problems:
        raise CaseError(problems)
    return tuple(rates.values())


def factors(case: Case, rates: Iterable[Rate], worlds: Mapping[str, Floats]) -> dict[str, Floats]:
    """{exposure: float64[draws]}: what turns the losses of each exposure that has a rate into the other unit.

    Raises:
        CaseError: F102 if there is no such quantity, F743 if it is not above 0 in every world.
    """
    problems = []
    found = {}
    for rate in rates:
        values = worlds.get(rate.quantity)
        if values is None:
            problems.append(
                Diagnostic("F102", f"there is no quantity `{rate.quantity}`", help=nearest(rate.quantity, worlds))
            )
        elif not (np.isfinite(values) & (values > 0)).all():
            draw = int(np.argmin(np.isfinite(values) & (values > 0)))
            message = f"the rate `{rate.quantity}` is {values[draw]:.6g} in draw {draw}"
            problems.append(Diagnostic("F743", message, help="a rate is above 0 in every draw"))
        else:
            found.update({e.name: values for e in case.exposures.values() if e.unit == rate.unit})
    if problems:
        raise CaseError(problems)
    return found


def positions_of(case: Case, rates: Iterable[Rate] = ()) -> tuple[Position, ...]:
    """Every exposure, each holder's sum after its own, then the sum over holders for every unit that several share."""
    into = {rate.unit: rate.into for rate in rates}
    units = {name: into.get(exposure.unit, exposure.unit) for name, exposure in case.exposures.items()}
    holders: dict[str, list[str]] = {}
    for name, exposure in case.exposures.items():
        holders.setdefault(exposure.holder, []).append(name)
    found = []
    for holder, names in holders.items():
        unit = units[names[0]]
        found += [Position(name, holder, unit, (name,), False) for name in names]
        found.append(Position(f"{holder}, in all", holder, unit, tuple(names), True))
    for unit in dict.fromkeys(units.values()):
        sharing = [holder for holder, names in holders.items() if units[names[0]] == unit]
        if len(sharing) > 1:
            members = tuple(name for holder in sharing for name in holders[holder])
            found.append(Position(f"all holders, in {unit}" if unit else "all holders", "", unit, members, True))
    return tuple(found)

"""A base rate as text: the shares, how sure they are, which wars carry them, and how far help went."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rich.console import Console

from foederis.history.base_rates import FIRST_YEAR, LAST_WAR, BaseRate, Rate
from foederis.history.cases import ANY, BF, LLM
from foederis.history.help_given import CONFLICTS, DISPUTES
from foederis.history.intervals import Interval
from foederis.report.tables import print_line, print_rows
from foederis.report.words import counted, percent

WARS = 6  # that are listed
FEW = 10  # cases
OWES = {
    ANY: "any obligation",
    "defense": "a promise to defend",
    "offense": "a promise to help in an attack",
    "neutrality": "a promise of neutrality",
    "nonaggression": "a promise not to attack",
    "consultation": "a promise to consult",
}
DEFINED = {
    LLM: "invoked in war, coded as by Leeds, Long & Mitchell",
    BF: "invoked in war, Berkemeier & Fuhrmann's own coding",
    "attacked": "an attack while the pact was in force, our count",
}


def print_base_rate(found: BaseRate, console: Console) -> None:
    print_line(console, "How often were alliances kept when it came to war?", style="bold")
    print_line(console, _asked(found), style="dim")
    console.print()
    print_line(console, _sentence(found.rates[0]))
    print_rates(found.rates, console)
    print_wars(found.rates[0], console)
    _print_ladder(found, console)
    _print_support(found, console)
    _print_notes(found, console)


def _asked(found: BaseRate) -> str:
    size = {None: "", True: " of more than two members", False: " of two members"}[found.multilateral]
    major = {None: "", True: ", with a major power", False: ", without a major power"}[found.major_power]
    since = max(found.since or FIRST_YEAR, FIRST_YEAR)
    until = f"{LAST_WAR}, the last war in the lists"
    if found.until is not None and found.until < LAST_WAR:
        until = f"{found.until}"
    years = f"; cases from {since} to {until}"
    return f"Alliances{size} with {OWES[found.obligation]}{major}{years}."


def _sentence(rate: Rate) -> str:
    if not rate.cases:
        return "There is no such case, so there is no base rate."
    text = (
        f"{rate.kept} of {counted(rate.cases, 'alliance')} that {'was' if rate.cases == 1 else 'were'} put to the test "
        f"{'was' if rate.kept == 1 else 'were'} kept: {percent(rate.rate)}. If each were a case of its own, the true "
        f"share would lie {_between(rate.independent)}, 95 times in 100."
    )
    if not math.isnan(rate.by_war.low):
        text += (
            f" But cases come in {counted(len(rate.wars), 'war')}; drawing whole wars, it lies {_between(rate.by_war)}."
        )
    if rate.cases < FEW:
        text += " That is too few to go by."
    return text


def _between(interval: Interval) -> str:
    return f"between {percent(interval.low)} and {percent(interval.high)}"


def print_rates(rates: Sequence[Rate], console: Console, did: str = "kept") -> None:
    """The shares under each definition; `did` says what those that are counted did."""
    rows = [
        [
            DEFINED[rate.definition],
            rate.counted,
            f"{rate.kept} of {rate.cases}",
            percent(rate.rate),
            band(rate.independent),
            band(rate.by_war),
        ]
        for rate in rates
    ]
    console.print()
    print_line(console, "By definition", style="bold")
    headers = ("a test is", "counted", did, "share", "as if independent", "by wars")
    print_rows(console, rows, headers=headers, words=(0, 1), whole=(2, 4, 5))
    text = "Both intervals are meant to hold the true share 95 times in 100. Definitions differ case by case."
    if any(rate.cases and math.isnan(rate.by_war.low) for rate in rates):
        text += " Where there is one war, or all wars went one way, drawing wars says nothing (–)."
    print_line(console, text, indent=2, style="dim")


def band(interval: Interval) -> str:
    return "–" if math.isnan(interval.low) else f"{percent(interval.low)} to {percent(interval.high)}"


def print_wars(rate: Rate, console: Console, did: str = "kept") -> None:
    if not rate.wars:
        return
    console.print()
    print_line(console, "Which wars carry the figure", style="bold")
    rows = [
        [spaced(war.war), f"{war.year}", f"{war.kept} of {war.cases}", percent(war.rate_without)]
        for war in rate.wars[:WARS]
    ]
    print_rows(console, rows, headers=("", "from", did, "share without it"))
    left = len(rate.wars) - WARS
    if left > 0:
        print_line(console, f"{counted(left, 'other war')} move it less.", indent=2, style="dim")


def spaced(name: str) -> str:
    """A war's name as words: `SixDay_1967` is `Six Day 1967`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", name).replace("_", " ")


def _print_ladder(found: BaseRate, console: Console) -> None:
    short, war = (sum(getattr(step, name) for step in found.ladder) for name in ("short_of_war", "war"))
    if not short + war:
        return
    console.print()
    print_line(console, "How far defenders went when force was used against their ally", style="bold")
    rows = [
        [
            step.step,
            *(f"{n:,} ({percent(n / of)})" if of else "–" for n, of in ((step.short_of_war, short), (step.war, war))),
        ]
        for step in found.ladder
    ]
    print_rows(console, rows, headers=("", "disputes short of war", "wars"))
    text = (
        f"{short + war:,} pairs of a target and a defender in militarized disputes that began "
        f"{_within(found, DISPUTES)} (MID 5.0, ATOP 5.1). A skirmish need not call on the treaty, so most of these are "
        "no test of it."
    )
    if (found.multilateral, found.major_power) != (None, None):
        text += " All pacts with a promise to defend count here, of whatever members."
    print_line(console, text, indent=2, style="dim")


def _print_support(found: BaseRate, console: Console) -> None:
    governments, rebels = found.support_years
    if not governments + rebels:
        return
    console.print()
    print_line(console, "What other states gave in armed conflicts", style="bold")
    rows = [
        [
            kind.kind,
            percent(kind.to_governments / governments) if governments else "–",
            percent(kind.to_rebels / rebels) if rebels else "–",
        ]
        for kind in found.support
    ]
    print_rows(console, rows, headers=("", "to governments", "to rebels"))
    text = (
        f"Of {governments:,} years of governments and {rebels:,} of rebel groups in conflicts with 25 deaths or more, "
        f"{_within(found, CONFLICTS)} (UCDP), with or without a treaty."
    )
    print_line(console, text, indent=2, style="dim")


def _within(found: BaseRate, covered: tuple[int, int]) -> str:
    """The years asked for that a dataset covers."""
    first, last = covered
    return f"from {max(found.since or first, first)} to {min(found.until or last, last)}"


def _print_notes(found: BaseRate, console: Console) -> None:
    for note in found.notes:
        console.print()
        print_line(console, note, style="yellow")

"""The outside view beside the inside view as text: two numbers, the gap, the past cases most like this one."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from datetime import timedelta

from rich.console import Console

from foederis.history.base_rates import Rate
from foederis.history.likeness import KINDS
from foederis.history.outside_results import FAR, PER_WAR, Gap, Outside
from foederis.history.precedents import FOUGHT
from foederis.report.base_rate import FEW, OWES, band, print_rates, print_wars, spaced
from foederis.report.tables import print_line, print_rows
from foederis.report.text import question_text
from foederis.report.words import counted, listed, percent, points, probability_word


def print_outside(found: Outside, console: Console) -> None:
    print_line(console, found.case.title, style="bold")
    print_line(console, question_text(found.case.questions[found.wanted.question]))
    print_line(console, _held_against(found), style="dim")
    console.print()
    _print_views(found, console)
    for line in gap_lines(found):
        print_line(console, line, indent=2)
    _print_nearest(found, console)
    # A pact that asks for no fighting is not broken by staying out, so what is counted there is not called kept.
    did = "kept" if found.wanted.outcome != FOUGHT or found.wanted.obligation == "defense" else "fought"
    if any(rate.cases for rate in found.rates):
        print_rates(found.rates, console, did)
    print_wars(found.rates[0], console, did)
    for note in found.notes:
        console.print()
        print_line(console, note, style="yellow")


def _held_against(found: Outside) -> str:
    wanted = found.wanted
    helper, helped, opponent = (f"{s.name} ({s.cow})" for s in (wanted.helper, wanted.helped, wanted.opponent))
    last = _day(wanted.day - timedelta(days=1))
    begun = [f"in {wanted.since} or later"] if wanted.since else []
    begun += [f"by {wanted.until}"] if wanted.until else []
    none = " and none to defend" if wanted.outcome == FOUGHT and wanted.obligation != "defense" else ""
    years = f" and had begun {' and '.join(begun)}" if begun else ""
    span = ""
    if found.precedents:
        began = [one.year for one in found.precedents]
        span = f" The first with such a case began in {min(began)}, the last in {max(began)}."
    return (
        f"{helper} for {helped} against {opponent}, with {OWES[wanted.obligation]}{none}. Only what was known on "
        f"{last} counts: wars that were over by then{years}.{span}"
    )


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _print_views(found: Outside, console: Console) -> None:
    rate, inside = found.rates[0], found.inside
    past = band(rate.by_war if not math.isnan(rate.by_war.low) else rate.independent)
    mine = "–" if math.isnan(inside.mean) else f"{percent(inside.p05)} to {percent(inside.p95)}"
    left = f", {inside.left_out:,} of them without an answer" if inside.left_out else ""
    worlds = f"{found.draws:,} worlds{left}"
    rows = [
        ["outside: the past", percent(rate.rate), past, probability_word(rate.rate), _counted(found, rate)],
        [
            "inside: the file",
            percent(inside.mean),
            mine,
            probability_word(inside.mean),
            worlds,
        ],
    ]
    if found.blend is not None:
        blend, weight = found.blend, f"{found.weight:g} of the past, in log-odds"
        rows.append(["blended", percent(blend), "", probability_word(blend), weight])
    print_rows(console, rows, headers=("", "", "band", "", ""), words=(0, 3, 4), whole=(0, 1, 2))


def _counted(found: Outside, rate: Rate) -> str:
    did = "fought" if found.wanted.outcome == FOUGHT else "kept it"
    what = "pair" if rate.counted.startswith("pair") else "alliance"
    return f"{rate.kept} of {counted(rate.cases, what)} {did}, in {counted(len(rate.wars), 'war')}"


def gap_lines(found: Outside) -> Iterator[str]:
    """What the two numbers are, whether they are far from each other, and what then."""
    rate, gap = found.rates[0], found.gap
    band_of = "the middle 95 % when whole wars are drawn"
    if math.isnan(rate.by_war.low):
        band_of = "the Jeffreys interval, 95 %"
    yield f"Bands: of the past {band_of}; of the file the middle 90 % of its worlds."
    if not rate.cases:
        yield "No such case was known, so the past says nothing here."
        return
    if rate.cases < FEW:
        yield (
            f"{counted(rate.cases, 'case').capitalize()} is too little to go by."
            if rate.cases == 1
            else (f"{rate.cases} cases are too few to go by.")
        )
    if gap is None:
        yield "The file has no answer to this question in any world, so there is nothing to compare."
        return
    yield from _gap_words(found, gap)
    if found.weight is None:
        yield (
            "They are not blended, since nobody has said how much the past should count (`--weight`, or `weight` in "
            "the section)."
        )


def _gap_words(found: Outside, gap: Gap) -> Iterator[str]:
    rate = found.rates[0]
    if rate.kept in (0, rate.cases):
        yield f"A share of {percent(rate.rate)} has no odds; it is compared as {percent(gap.outside)}."
    lower, higher = ("file", "past") if gap.inside < gap.outside else ("past", "file")
    meet = f"{'and' if gap.large == gap.apart else 'but'} their bands {'do not ' if gap.apart else ''}overlap"
    if gap.times == 1 and gap.inside != gap.outside:
        yield f"No large gap: {counted(rate.cases, 'past case')} cannot tell {percent(gap.inside)} from what came."
    elif math.isinf(gap.times):
        never = "impossible" if gap.inside == 0 else "certain"
        yield f"A LARGE GAP: the file leaves no doubt ({never}), the past does, and no weight below 1 changes that."
    elif gap.large:
        yield (
            f"A LARGE GAP: by the {higher} the odds are {points(gap.times)} times those by the {lower}, {meet}. "
            f"From {FAR:g} times on it is called large: to go from one to the other takes what counts as positive "
            "evidence. Look for what this case has that the past cases had not, or for what the file leaves out."
        )
    else:
        yield (
            f"No large gap: by the {higher} the odds are {points(gap.times)} times those by the {lower} (large is "
            f"from {FAR:g} on), {meet}."
        )


def _print_nearest(found: Outside, console: Console) -> None:
    near = found.nearest
    console.print()
    print_line(console, "The past cases most like it", style="bold")
    if not near:
        print_line(console, "There are none: too little is known of this case, or no war was over.", indent=2)
        return
    rows = [
        [
            f"{one.likeness:.2f}",
            f"{spaced(one.war)}, {one.year}",
            f"{one.helper} for {one.helped}, attacked by {one.opponent}",
            ", ".join(one.owed) or "nothing",
            one.outcome,
        ]
        for one in near
    ]
    headers = ("likeness", "war", "who", "owed", "outcome")
    print_rows(console, rows, headers=headers, words=(1, 2, 3, 4), whole=(0, 4))
    fought = sum(one.outcome == FOUGHT for one in near)
    wars = len({one.war for one in near})
    left_out = [kind for kind in KINDS if kind not in found.known]
    without = f" ({listed(left_out)}: not known of this case)" if left_out else ""
    text = (
        f"{fought} of these {len(near)} fought: in that war at some time, and never against the attacked state. They "
        f"are from {counted(wars, 'war')}, at most {PER_WAR} of one, since the cases of a war share its fate. A "
        f"likeness of 1 means alike in all of {listed(list(KINDS))}{without}, as known the day before. Compared was "
        f"every past pair with any pact: {len(found.precedents):,}."
    )
    if found.wanted.outcome != FOUGHT:
        text += " Whether they kept what they owed is told by the shares, not by this list."
    print_line(console, text, indent=2, style="dim")

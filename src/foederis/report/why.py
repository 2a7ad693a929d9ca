"""Why an actor chooses as it does, as a paragraph for each option and as tables."""

from __future__ import annotations

import math

import numpy as np
from rich.console import Console

from foederis.analysis.answers import Estimate
from foederis.analysis.why import OptionWhy, Part, Why
from foederis.game.ledgers import Ledger
from foederis.report.setting import spread_text, step_text, worlds_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.words import fixed, percent, places_for, plain_name, quoted

_NAMED = 4  # parts that a sentence names
_SHOWN = 0.02  # of the largest part; smaller ones are put together in the table


def print_why(why: Why, console: Console) -> None:
    """Every type that is looked at, one after the other."""
    for place, mine in enumerate(why.each):
        if place:
            console.print()
        _print_one(mine, console)


def title_text(why: Why) -> str:
    """Whose choices are told."""
    who = f"{plain_name(why.actor)}, if it is {plain_name(why.type)}," if why.type else plain_name(why.actor)
    return f"Why {who} chooses as it does"


def _print_one(why: Why, console: Console) -> None:
    print_line(console, title_text(why), style="bold")
    print_line(console, f"{decision_text(why)} {worlds_text(why.draws, why.seed)}", style="dim")
    print_line(console, decides_text(why))
    console.print()
    headers = ("", "taken", "best reply", "behind", "", "at once", "this step", "later")
    print_rows(console, [_option_row(option) for option in why.options], headers=headers)
    note = f"Behind: by how many points it is worth less than {quoted(why.usual)}; the last three columns sum to it."
    print_line(console, note, indent=2, style="dim")
    for option in why.options:
        if option.option != why.usual:
            console.print()
            print_line(console, paragraph(why, option))
            if option.parts:
                print_rows(console, part_rows(option), headers=("", "paid", "points", ""), words=(0, 1), indent=4)
    console.print()
    error = f"the parts miss the whole by at most {why.split_error:.1g} points"
    print_line(console, f"Checked: largest residual {why.residual:.1g}; {error}.", style="dim")


def decision_text(why: Why) -> str:
    """Which decision it is."""
    turn = "" if why.turn == why.actor else f" in the turn {plain_name(why.turn)}"
    where = " and ".join(f"{plain_name(name)} is {plain_name(level)}" for name, level in why.in_state.items())
    given = f", what if: {plain_name(why.what_if)}" if why.what_if else ""
    return _capital(f"{step_text(why.case.clock, why.step)}{turn}{f', where {where}' if where else ''}{given}.")


def decides_text(why: Why) -> str:
    """How often it decides at all, and what it then does."""
    usual = why.options[0]
    who = "It" if not why.type else f"If it is {plain_name(why.type)}, it"
    text = f"{who} decides there with probability {percent(why.decides.mean)}, and then most likely chooses "
    text += f"{quoted(why.usual)} ({percent(usual.share.mean)})."
    if why.imposed:
        imposed, actor = quoted(why.imposed), plain_name(why.actor)
        text = f"Here the what-if imposes {imposed}; what follows is what {actor} would choose freely. {text}"
    if not usual.share.left_out:
        return text
    return f"{text} In {usual.share.left_out:,} of {why.draws:,} worlds it never does; they are left out below."


def _option_row(option: OptionWhy) -> list[Cell]:
    row: list[Cell] = [plain_name(option.option), percent(option.share.mean), percent(option.best.mean)]
    if math.isnan(option.gap.mean):
        return [*row, "", "", "", "", ""]
    places = places_for(max(abs(option.gap.mean), abs(option.at_once.mean), abs(option.later.mean)))
    split = [fixed(part.mean, places, True) for part in (option.at_once, option.this_step, option.later)]
    return [*row, fixed(option.gap.mean, places, True), _band(option.gap, places), *split]


def paragraph(why: Why, option: OptionWhy) -> str:
    """`“Arm” costs russia 23.7 points more than “mediate”: 11.7 for the price of “arm”, …; it would save …`"""
    name, usual, gap = quoted(option.option, starts=True), quoted(why.usual), option.gap.mean
    if math.isnan(gap):
        return f"{name} and {usual} are never open together there."
    places = _places(option)
    costly = [part for part in option.parts if part.gap.mean > 0]
    saved = [part for part in option.parts if part.gap.mean < 0]
    much = f"{fixed(abs(gap), places)} points more than {usual} {_band(option.gap, places)}".rstrip()
    if gap >= 0:
        text, ahead, behind, turn = f"costs {plain_name(why.actor)} {much}", costly, saved, "it would save"
    else:
        text, ahead, behind, turn = f"would bring {plain_name(why.actor)} {much}", saved, costly, "it would cost"
    parts = [_listed(ahead, places), _listed(behind, places)]
    return (
        f"{name} {text}"
        + (f": {parts[0]}" if parts[0] else "")
        + (f"; {turn} {parts[1]}" if parts[1] else "")
        + f".{_apart_text(why, option)}"
    )


def _apart_text(why: Why, option: OptionWhy) -> str:
    """In how many of the worlds in which the actor decides an option cannot be compared."""
    left = option.gap.left_out - why.options[0].share.left_out
    return f" In {left:,} of {why.draws:,} worlds the two are never open together; left out." if left > 0 else ""


def _listed(parts: list[Part], places: int) -> str:
    """The largest parts by name, the others together; nothing that would be shown as 0."""
    named, rest = parts[:_NAMED], sum(part.gap.mean for part in parts[_NAMED:])
    found = [(fixed(abs(part.gap.mean), places), ledger_text(part.ledger)) for part in named]
    found.append((fixed(abs(rest), places), "the rest" if named else ""))
    return ", ".join(f"{amount} for {what}" for amount, what in found if amount != "0")


def ledger_text(ledger: Ledger) -> str:
    """A ledger in words."""
    if ledger.kind == "price":
        return f"the price of {quoted(ledger.name.rpartition('.')[2])}"
    if ledger.kind == "received":
        turn, _, branch = ledger.name.rpartition(".")
        if turn == branch:
            return f"what {plain_name(branch)} brings"
        return f"what {plain_name(turn)} brings by {quoted(branch)}"
    return f"the treaty {plain_name(ledger.name)}" if ledger.kind == "treaty" else plain_name(ledger.name)


def part_rows(option: OptionWhy) -> list[list[Cell]]:
    """The parts that count, and the rest together."""
    places = _places(option)
    largest = max(abs(part.gap.mean) for part in option.parts)
    shown = [part for part in option.parts if abs(part.gap.mean) >= _SHOWN * largest]
    rest = option.parts[len(shown) :]
    rows: list[list[Cell]] = [
        [ledger_text(part.ledger), paid_text(part.ledger), fixed(part.gap.mean, places, True), _band(part.gap, places)]
        for part in shown
    ]
    if rest:
        total = Estimate(np.sum([part.gap.draws for part in rest], axis=0), "", rest[0].gap.weights)
        one = rest[0].ledger
        head = [f"{len(rest)} smaller ones together", ""] if len(rest) > 1 else [ledger_text(one), paid_text(one)]
        rows.append([*head, fixed(total.mean, places, True), _band(total, places)])
    return rows


def paid_text(ledger: Ledger) -> str:
    """When a ledger is paid."""
    if ledger.at_end:
        return "at the end"
    return "when it happens" if ledger.kind in ("price", "received") else "each step"


def _places(option: OptionWhy) -> int:
    return places_for(max([abs(option.gap.mean), *(abs(part.gap.mean) for part in option.parts)]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _band(estimate: Estimate, places: int) -> str:
    return spread_text(estimate, lambda value: fixed(value, places, True))

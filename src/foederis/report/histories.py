"""Histories as dated text: what happened, how likely it was, what it changed, and how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from foederis.analysis.dates import date_of
from foederis.analysis.histories import Histories
from foederis.analysis.telling import Happening, History
from foederis.language.case import Case
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_text
from foederis.report.words import percent, points

_UNIT = re.compile(r"\s*1?\s*(hour|day|week|month|quarter|year)s?\s*\Z")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def print_histories(found: Histories, console: Console) -> None:
    case = found.case
    print_line(console, case.title, style="bold")
    if found.what_if:
        whatif = case.whatifs.get(found.what_if)  # which a what-if may itself have taken away
        print_line(console, f"What if: {(whatif.says if whatif else '') or found.what_if}")
    print_line(console, conclusion(found))
    for place, history in enumerate(found.histories, 1):
        console.print()
        if not found.most_likely:
            print_line(console, f"History {place}, in world {history.world}{types_text(history)}", style="bold")
        print_rows(console, list(history_rows(case, history)), words=(0, 1, 2, 4))
        for line in (*_not_open(found, history), *ending_lines(case, history)):
            print_line(console, line, indent=2)
    console.print()
    for line in legend(found):
        print_line(console, line, style="dim")
    print_line(console, f"Checked: largest residual {found.residual:.1g} (limit 1e-9).", style="dim")


def conclusion(found: Histories) -> str:
    """What is shown, and how likely it is."""
    asked = question_text(found.case.questions[found.given]) if found.given else ""
    asked = asked if asked.endswith("?") or not asked else f"{asked}:"
    likely = _small(found.probability)
    if found.chance is not None and found.given:
        part = found.chance / found.probability
        has = f"it has {percent(part)} of that probability" if part < 1 - 1e-9 else "and there is no other"
        return (
            f"{asked} Yes with probability {likely}, where every quantity stands at its median. Of all histories in "
            f"which it is, this is the most likely one; {has}."
        )
    if found.chance is not None:
        chance = _small(found.chance)
        return f"The most likely history where every quantity stands at its median. Its probability is {chance}."
    several = len(found.histories) > 1
    count, worlds = (f"{len(found.histories):,} histories", "each in a") if several else ("One history", "in a")
    if found.given:
        return (
            f"{asked} Yes with probability {likely}, over {found.worlds:,} possible worlds. {count} in which it is, "
            f"drawn at random from the solved game (seed {found.seed})."
        )
    return f"{count} drawn at random from the solved game, {worlds} possible world of its own (seed {found.seed})."


def _small(share: float) -> str:
    """A probability that may be very small, in percent with one digit that counts."""
    return percent(share) if share >= 0.0005 or share == 0 else f"{100 * share:.1g} %"


def types_text(history: History) -> str:
    """`, where russia is pragmatic and china is firm`; nothing where nobody has types."""
    who = [f"{actor} is {name}" for actor, name in history.types.items()]
    return f", where {' and '.join(who)}" if who else ""


def legend(found: Histories) -> Iterator[str]:
    """How to read a history."""
    ends = ", whatever comes of it" if found.given else ""
    yield (
        "Beside a move stands how likely the actor was to choose it, once it chose at all; beside an event, how likely "
        f"it was in that step{ends}."
    )
    if found.most_likely:
        yield (
            "A history says what changed something, and in which step; all that changes nothing is quiet. Any single "
            "one is unlikely, since the same a step later is another."
        )
        if found.given:
            yield "What is rare at medians happens mostly in other worlds; without --most-likely, those are drawn too."
    else:
        yield "Any single history is unlikely: look for what they share."
    if any(history.types for history in found.histories):
        drawn = "as often as they go with that answer" if found.given else "by their shares"
        yield (
            f"Types are drawn {drawn}, and an actor chooses as its type does. Held for: how likely the others now hold "
            "it that the actor has this type."
        )


def history_rows(case: Case, history: History) -> Iterator[list[Cell]]:
    """A line for everything that is news, and one for each quiet stretch."""
    news = [happening for happening in history.happenings if happening.is_news]
    next_step = 0
    for place, happening in enumerate(news):
        if happening.step > next_step:
            yield _quiet(case, next_step, happening.step)
        first = not place or news[place - 1].step < happening.step
        dated = [happening.date or "", f"step {happening.step}"] if first else ["", ""]
        changes = ", ".join([*map(str, happening.changes), *_held_for(history, happening)])
        yield [*dated, _what(happening), "imposed" if happening.imposed else percent(happening.share), changes]
        next_step = happening.step + 1
    if next_step < case.clock.steps:
        yield _quiet(case, next_step, case.clock.steps)


def _held_for(history: History, happening: Happening) -> list[str]:
    """What the others now believe of an actor that has types."""
    name = history.types.get(happening.actor, "")
    return [f"held for {name}: {percent(happening.believed)}"] if name and happening.believed is not None else []


def _quiet(case: Case, first: int, after: int) -> list[Cell]:
    """The line of a stretch in which nothing is news."""
    count = after - first
    match = _UNIT.match(case.clock.step_text)
    unit = match.group(1) if match else "step"
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return [
        date_of(case.clock, first) or "",
        f"step {first}",
        Text(f"({number} quiet {unit}{'' if count == 1 else 's'})", style="dim"),
        "",
        "",
    ]


def _what(happening: Happening) -> str:
    if not happening.actor:
        return happening.name if happening.what == happening.name else f"{happening.name}: {happening.what}"
    turn = "" if happening.name == happening.actor else f" ({happening.name})"
    return f"{happening.actor}{turn}: {happening.says or happening.what}"


def ending_lines(case: Case, history: History) -> Iterator[str]:
    starts = {name: variable.levels[variable.start] for name, variable in case.variables.items()}
    changed = [f"{name} {level}" for name, level in history.final.items() if level != starts[name]]
    yield (
        f"At the end: {', '.join(changed)}; the rest as at the start."
        if changed
        else "At the end: all as at the start."
    )
    for holder in dict.fromkeys(exposure.holder for exposure in case.exposures.values()):
        yield _lost(case, history, holder)
    yes: list[str] = []
    no: list[str] = []
    amounts: list[str] = []
    nothing: list[str] = []
    for name, reply in history.answers.items():
        if reply is None:
            nothing.append(name)
        elif isinstance(reply, bool):
            (yes if reply else no).append(name)
        elif isinstance(reply, float):
            unit = case.questions[name].unit
            amounts.append(f"{name} {points(reply)} {unit}".strip())
        else:
            amounts.append(f"{name} {reply}")
    for word, names in (("Yes", yes), ("No", no), ("Amounts and times", amounts), ("No answer", nothing)):
        if names:
            yield f"{word}: {', '.join(names)}."


def _not_open(found: Histories, history: History) -> Iterator[str]:
    """A line for each imposed move that could not be made in a history."""
    whatif = found.case.whatifs.get(found.what_if or "")
    if whatif is None or found.most_likely:  # there a move that changes nothing is quiet
        return
    made = {(happening.step, happening.name) for happening in history.happenings if happening.imposed}
    for move in whatif.imposed:
        if (move.step, move.turn) not in made:
            yield f"{move.turn}: {move.option}, imposed in step {move.step}, was not open."


def _lost(case: Case, history: History, holder: str) -> str:
    """What a holder has lost, in all and by exposure."""
    mine = {name: exposure for name, exposure in case.exposures.items() if exposure.holder == holder}
    lost = {name: history.losses[name] for name in mine if history.losses[name]}
    if not lost:
        return f"{holder} loses nothing."
    unit = next(iter(mine.values())).unit
    parts = ", ".join(f"{name} {points(amount)}" for name, amount in lost.items())
    return f"{holder} loses {points(sum(lost.values()))} {unit}".strip() + f": {parts}."

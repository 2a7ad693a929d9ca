"""Builds the reference class: which past a case is held against."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from foederis.diagnostics import nearest
from foederis.language.case import Clock, Question, ReferenceClass
from foederis.language.quantities import literal
from foederis.language.reader import Reader
from foederis.language.shapes import HISTORY, OUTCOMES, PROVISIONS
from foederis.language.source import Node
from foederis.language.states import Spell, meant, spells
from foederis.language.world import read_date

FIRST_YEAR, LAST_YEAR = 1816, 2100
_ROLES = ("helper", "helped", "opponent")
_EXAMPLE = "COW's name or a code of COW, Gleditsch-Ward or ISO will do, as in `France`, `FRN`, `FRA` or `220`"


def read_history(
    reader: Reader, node: Node | None, questions: Mapping[str, Question], clock: Clock | None
) -> ReferenceClass | None:
    """The section `history`; None if there is none, or it has mistakes."""
    if node is None:
        return None
    entries = reader.keys(node, HISTORY, "`history`")
    day = _read_day(reader, node, entries, clock)
    states = {role: _read_state(reader, entries[role], role, day) for role in _ROLES if role in entries}
    _check_apart(reader, entries, states)
    obligation = reader.word(entries.get("obligation"), "an obligation", PROVISIONS)
    outcome: str | None = OUTCOMES[0]
    if "outcome" in entries:
        outcome = reader.word(entries["outcome"], "an outcome", OUTCOMES)
    question = _read_question(reader, entries["question"], questions) if "question" in entries else None
    since, until = (
        reader.integer(entries[name], f"`{name}`", FIRST_YEAR, LAST_YEAR) if name in entries else None
        for name in ("since", "until")
    )
    _check_period(reader, entries, since, until, day)
    weight = read_weight(reader, entries["weight"]) if "weight" in entries else None
    reasons = reader.reason(entries.get("because"))
    helper, helped, opponent = (states.get(role) for role in _ROLES)
    if helper is None or helped is None or opponent is None or day is None:
        return None
    if obligation is None or outcome is None or question is None:
        return None
    return ReferenceClass(
        helper, helped, opponent, obligation, question, outcome, day, since, until, weight, reasons
    )  # fmt: skip


def read_weight(reader: Reader, node: Node) -> float | None:
    """How much the outside view counts beside the inside one: a number from 0 to 1."""
    found = reader.scalar(node, "`weight`")
    value = literal(found) if found is not None else None
    if found is not None and (value is None or not 0 <= value <= 1):
        cure = "0 is the file's own answer alone, 1 the past alone, as in `weight: 0.3`"
        reader.report.add("F806", f"`{found.text}` is not a weight from 0 to 1", found.span, cure)
        return None
    return value


def _read_day(reader: Reader, node: Node, entries: Mapping[str, Node], clock: Clock | None) -> datetime.date | None:
    if "day" in entries:
        return read_date(reader, entries["day"], "`day`")
    if clock is not None and clock.start is None:
        cure = "give `clock` a `start`, or `history` a `day`, as in `day: 2030-01-31`"
        reader.report.add("F808", "it does not say when the crisis opens, and so what was past then", node.span, cure)
    return clock.start if clock is not None else None


def _read_state(reader: Reader, node: Node, role: str, day: datetime.date | None) -> Spell | None:
    found = reader.scalar(node, f"`{role}`")
    if found is None:
        return None
    known, there = meant(found.text), meant(found.text, day)
    if not known:
        reader.report.add("F801", f"there is no state `{found.text}`", found.span, _closest(found.text, day))
    elif not there and day is not None:
        cure = "; ".join([*(_spells_of(spell.cow) for spell in known), *_then(known, day)])
        reader.report.add("F803", f"`{found.text}` was no state on {_day(day)}", found.span, cure)
    elif len(there) > 1 and day is not None:
        named = " or ".join(f"`{spell.name}` ({spell.cow})" for spell in there)
        message = f"`{found.text}` is a code of {len(there)} states: the lists of codes differ"
        reader.report.add("F802", message, found.span, f"write {named}")
    return there[0] if len(there) == 1 else None


def _closest(text: str, day: datetime.date | None) -> str:
    """Help for a name that no state has: the closest that there was on the day."""
    there = [spell for spell in spells() if day is None or spell.holds_on(day)]
    word = text.strip().casefold()
    inside = [spell.name for spell in there if len(word) > 3 and word in spell.name.casefold()]
    if inside:
        return f"did you mean `{min(inside, key=len)}`?"
    codes = [code for spell in there for code in (spell.name, spell.cow_abbreviation, spell.iso3) if code]
    guess = nearest(text, codes)
    return guess if guess.startswith("did you mean") else _EXAMPLE


def _spells_of(cow: int) -> str:
    """When a state was one, under which name: `Soviet Union (365): 30 December 1922 to 25 December 1991`."""
    mine = [spell for spell in spells() if spell.cow == cow]
    times = [f"{s.name} from {_day(s.start)} {f'to {_day(s.end)}' if s.end else 'on'}" for s in mine]
    return f"code {cow} was {', '.join(times)}"


def _then(known: tuple[Spell, ...], day: datetime.date) -> list[str]:
    """Who had an ISO code of theirs on the day: West Germany in 1960, where Germany was none."""
    codes = {spell.iso3 for spell in spells() if spell.cow in {one.cow for one in known}} - {""}
    there = [spell for spell in spells() if spell.iso3 in codes and spell.holds_on(day)]
    return [f"on that day there was {spell.name} ({spell.cow})" for spell in there]


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _check_apart(reader: Reader, entries: Mapping[str, Node], states: Mapping[str, Spell | None]) -> None:
    """Whether the three are three."""
    seen: dict[int, str] = {}
    for role, state in states.items():
        if state is None:
            continue
        if state.cow in seen:
            message = f"{state.name} is `{seen[state.cow]}` and `{role}` at once"
            reader.report.add("F804", message, entries[role].span, "name three states")
        seen.setdefault(state.cow, role)


def _read_question(reader: Reader, node: Node, questions: Mapping[str, Question]) -> str | None:
    found = reader.scalar(node, "`question`")
    if found is None:
        return None
    if found.text not in questions:
        if found.text not in reader.broken["questions"]:
            reader.report.add(
                "F108", f"there is no question `{found.text}`", found.span, nearest(found.text, questions)
            )
        return None
    if questions[found.text].form in ("expected", "first"):
        message = f"the question `{found.text}` has no probability as its answer, which the past could be held against"
        reader.report.add("F807", message, found.span, "name one with `at_end`, `eventually` or `takes`")
        return None
    return found.text


def _check_period(
    reader: Reader, entries: Mapping[str, Node], since: int | None, until: int | None, day: datetime.date | None
) -> None:
    """Whether any war can have begun in these years and be past on the day."""
    if since is not None and until is not None and since > until:
        message = f"since {since} and until {until} leaves no year"
        reader.report.add("F805", message, entries["until"].span, "give the earlier year as `since`")
        return
    for name, year in (("since", since), ("until", until)):
        if year is not None and day is not None and year > day.year:
            message = f"`{name}` is {year}, and the case is of {_day(day)}: that would be its own future"
            cure = "leave it out: all wars count that were over the day before"
            reader.report.add("F805", message, entries[name].span, cure)

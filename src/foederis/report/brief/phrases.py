"""Names, dates and numbers as a brief says them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from foederis.analysis.answers import Answer, Estimate, FirstTime
from foederis.language.case import Case, Question
from foederis.report.brief.html import Markup, join, tag
from foederis.report.text import asked_for
from foederis.report.words import percent, plain_name, points, probability_word

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Section:
    """A part of the brief: `name` is its place in the page, `short` its title in the table of contents."""

    name: str
    title: str
    short: str
    body: Markup


def nothing(name: str, title: str, missing: Mapping[str, str]) -> Section | None:
    """A section that says why there is nothing in it; None where nothing was to be expected."""
    return Section(name, title, title, tag("p", f"{sentence_case(missing[name])}.")) if name in missing else None


def date_words(date: datetime.date, *, short: bool = False) -> str:
    """`13 June 2025`, or `13 Jun`. The same in every country's settings."""
    month = _MONTHS[date.month - 1]
    return f"{date.day} {month[:3]}" if short else f"{date.day} {month} {date.year}"


def file_name(case: Case) -> str:
    """What the file is called when it is saved from the brief; a case made from a text has no name."""
    return f"{case.name or 'crisis'}.yaml"


def end_date(case: Case, done: int) -> datetime.date | None:
    """The date once so many steps are done; None where the file has none, or steps are shorter than a day."""
    clock = case.clock
    if clock.start is None or clock.step_days < 1:
        return None
    try:
        return clock.start + datetime.timedelta(days=round(clock.step_days * done))
    except OverflowError:
        return None


def moment(case: Case, done: int, *, short: bool = False) -> str:
    """When so many steps are done: a date, or the number of the step whose end it is."""
    date = end_date(case, done)
    if date is not None:
        return date_words(date, short=short)
    return "start" if done == 0 else f"step {done - 1}" if short else f"the end of step {done - 1}"


def asked(question: Question) -> Markup:
    """The question in the author's words, or its name with what it asks for beside it."""
    if question.says:
        return join(question.says)
    return join(sentence_case(plain_name(question.name)), tag("small", f" ({asked_for(question)})"))


def shower(share: bool) -> Callable[[float], str]:
    """How a number is shown: a probability as a percentage, another with three digits."""
    return percent if share else points


def band(reply: Estimate, share: bool) -> str:
    """`4.2 % to 25 %`; nothing where all worlds give one number."""
    if len(reply.defined) < 2:
        return ""
    show = shower(share)
    low, high = show(reply.p05), show(reply.p95)
    return low if low == high else f"{low} to {high}"


def quantity_name(name: str) -> Markup:
    """A quantity as the file calls it; a line may break behind its underscores."""
    return tag("code", [[part, tag("wbr")] for part in re.findall(r"[^_]*_+|[^_]+", name)])


def unbroken(text: str) -> Markup:
    """A number and the band behind it, between which a line may break, but not inside them."""
    number, bracket, rest = text.partition(" (")
    whole = [tag("span", number, class_="unbroken")]
    return join(whole, [" ", tag("span", f"({rest}", class_="unbroken")] if bracket else None)


def words_of_band(reply: Estimate) -> str:
    """The estimative words that the band of a probability reaches over; nothing if it is one."""
    low, high = probability_word(reply.p05), probability_word(reply.p95)
    return "" if low == high else f"from “{low}” to “{high}”"


def left_out(answer: Answer, reply: Estimate | FirstTime) -> str:
    """In how many worlds a question has no answer, if there are such."""
    total = len(reply.draws) if isinstance(reply, Estimate) else len(reply.never)
    if reply.left_out == total:
        return "what is given holds in no world"
    if reply.left_out:
        return f"in {total - reply.left_out:,} of {total:,} worlds; in the others, what is given never holds"
    return ""


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]

"""Claims judged, as text: the count first, then each claim with what was measured and what it rests on."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from foederis.analysis.asking import is_share
from foederis.analysis.claim_results import FAILS, HOLDS, UNDECIDED, Apart, ClaimJudged, Claims, Judged, Premise
from foederis.language.case import Case, Expectation, Question
from foederis.report.setting import differently_text, open_texts, spread_text, worlds_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.text import question_unit
from foederis.report.words import change, counted, percent, points

_NAMED = 4


def print_claims(found: Claims, console: Console) -> None:
    print_line(console, count_text(found), style="bold")
    print_line(console, setting_text(found), style="dim")
    for claim in found.claims:
        console.print()
        print_line(console, _headline(claim))
        if claim.claim.whatif:
            print_line(console, f"Compared: {comparison_text(claim)}.", indent=4, style="dim")
        rows = [_row(found.case, claim, judged) for judged in claim.judged]
        headers = ("", "expected", "change" if _compares(claim) else "answer", "", "met in")
        print_rows(console, rows, headers=headers, words=(0, 1), indent=4)
        for text in notes(claim):
            print_line(console, text, indent=4)
    console.print()
    note = "Holds: the mean is as expected and 90 % of the worlds agree. Fails: neither the mean nor 10 % of them do."
    print_line(console, f"{note} Checked: largest residual {found.residual:.1g}.", style="dim")


def setting_text(found: Claims) -> str:
    """How many worlds the claims are judged in, where it matters."""
    if any(claim.moved for claim in found.claims):
        return worlds_text(found.draws, found.seed)
    return "No number is uncertain, so every world is the same."


def count_text(found: Claims) -> str:
    """`16 claims: 9 hold, 1 fails, 6 are undecided.`"""
    verdicts = [claim.verdict for claim in found.claims]
    held, failed, open_ = (verdicts.count(verdict) for verdict in (HOLDS, FAILS, UNDECIDED))
    parts = [
        f"{held} {'holds' if held == 1 else 'hold'}",
        f"{failed} {'fails' if failed == 1 else 'fail'}",
        f"{open_} {'is' if open_ == 1 else 'are'} undecided",
    ]
    return f"{counted(len(verdicts), 'claim')}: {', '.join(parts)}."


def _headline(claim: ClaimJudged) -> Text:
    text = Text(f"{claim.verdict.capitalize()}: ", style="bold")
    return text.append(claim.claim.says or claim.claim.name, style="not bold")


def comparison_text(claim: ClaimJudged) -> str:
    """What is compared with what."""
    if not claim.claim.whatif:
        return "as things stand"
    return f"{claim.claim.whatif} against {claim.claim.against or 'the file as it stands'}"


def _compares(claim: ClaimJudged) -> bool:
    return any(judged.expectation.verb not in ("above", "below") for judged in claim.judged)


def _row(case: Case, claim: ClaimJudged, judged: Judged) -> list[Cell]:
    question = case.questions[judged.expectation.question]
    measured = judged.measured
    show = shown_by(judged.expectation, question)
    unit = question_unit(case, question)
    label = f"{question.says or question.name}{f' ({unit})' if unit else ''}"
    expected = expected_words(judged.expectation, question)
    return [label, expected, show(measured.mean), spread_text(measured, show), percent(judged.agree)]


def shown_by(expectation: Expectation, question: Question) -> Callable[[float], str]:
    """The function that writes what was measured: a probability, an amount, or a difference of either."""
    if expectation.verb in ("above", "below"):
        return percent if is_share(question) else points
    return change if is_share(question) else lambda value: points(value, signed=True)


def expected_words(expectation: Expectation, question: Question) -> str:
    """`rises`, `same within 2 points`, `above 50 %`."""
    amount = expectation.amount
    if amount is None:
        return expectation.verb
    if expectation.verb == "same":
        shown = f"{100 * amount:g} percentage points" if is_share(question) else points(amount)
        return f"same within {shown}"
    return f"{expectation.verb} {percent(amount) if is_share(question) else points(amount)}"


def notes(claim: ClaimJudged) -> list[str]:
    """What must be known to read what was measured, and what the claim rests on."""
    texts = [f"{name}: {text}" for name, moves in claim.imposed_open.items() for text in open_texts(moves)]
    texts += [f"{name}: {differently_text(asked)}" for name, asked in claim.asked_differently.items()]
    texts += [left_out_text(claim), premises_text(claim), apart_text(claim)]
    return [text for text in texts if text]


def left_out_text(claim: ClaimJudged) -> str:
    """How many worlds have no answer."""
    left = max((judged.measured.left_out for judged in claim.judged), default=0)
    return f"In {counted(left, 'world')} what is given never holds; left out." if left else ""


def premises_text(claim: ClaimJudged) -> str:
    """What would overturn the claim in the median world, or bring it about."""
    if claim.at_median is None:
        return "Where every quantity is at its median, what is given never holds, so it is neither met nor not."
    if not claim.moved:
        return ""
    state = "It is met" if claim.at_median else "It is not met"
    if not claim.premises:
        return f"{state} where every quantity is at its median, and no single quantity within its range changes that."
    turn = "is not" if claim.at_median else "is"
    named = "; ".join(premise_text(premise) for premise in claim.premises[:_NAMED])
    rest = len(claim.premises) - _NAMED
    more = f"; and {counted(rest, 'other')}" if rest > 0 else ""
    return f"{state} where every quantity is at its median; it {turn} with {named}{more}."


def premise_text(premise: Premise) -> str:
    """`ties_week as high as 0.6 points`."""
    return f"{premise.quantity} as {premise.end} as {points(premise.value)} {premise.unit}".rstrip()


def apart_text(claim: ClaimJudged) -> str:
    """What sets the worlds in which the claim is not met apart."""
    if not claim.apart:
        return ""
    named = "; ".join(_apart(quantity) for quantity in claim.apart[:_NAMED])
    return f"In the worlds where it is not met, compared with the others: {named}."


def _apart(apart: Apart) -> str:
    way = "lower" if apart.unmet < apart.met else "higher"
    return f"{apart.quantity} is {way} ({points(apart.unmet)} against {points(apart.met)} {apart.unit}".rstrip() + ")"

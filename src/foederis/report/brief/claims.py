"""What sources claim, judged world by world."""

from __future__ import annotations

from foederis.analysis.claim_results import FAILS, HOLDS, ClaimJudged, Claims, Judged
from foederis.language.case import Case
from foederis.report.brief.assumptions import graded, reason
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, nothing, sentence_case
from foederis.report.brief.tables import stacked
from foederis.report.claims import count_text, expected_words, notes, shown_by
from foederis.report.words import percent, plain_name

HEADS = (("Claim", "q"), ("Verdict", "w"), ("What was measured, and what it rests on", "why"))


def claims(material: Material) -> Section | None:
    found = material.claims
    if found is None:
        return nothing("claims", "Claims judged", material.missing)
    body = join(
        tag("p", tag("strong", count_text(found))),
        tag("p", _reading(found), class_="legend"),
        stacked(HEADS, [_row(material, claim) for claim in found.claims]),
    )
    return Section("claims", "Claims judged", "Claims", body)


def _reading(found: Claims) -> str:
    return (
        f"Each claim is turned into an expectation and judged in the same {found.draws:,} worlds as the what-ifs. It "
        "holds if the mean is as expected and 90 % of the worlds agree; it fails if neither the mean nor 10 % of them "
        "do; else it is undecided. That it holds says that it follows from this file, not that it is true. Changes of "
        "probabilities are in percentage points."
    )


def _row(material: Material, claim: ClaimJudged) -> list[Child]:
    case = material.case
    kind = {HOLDS: "holds", FAILS: "fails"}.get(claim.verdict, "open")
    measured = [tag("p", _measured(case, judged)) for judged in claim.judged]
    return [
        join(
            claim.claim.says or sentence_case(plain_name(claim.claim.name)),
            [tag("p", reason(because), class_="legend") for because in claim.claim.because],
            _compared(case, claim),
        ),
        join(tag("span", sentence_case(claim.verdict), class_=kind), graded(case, claim.claim.because), between=" "),
        join(measured, [tag("p", text, class_="legend") for text in notes(claim)]),
    ]


def _compared(case: Case, claim: ClaimJudged) -> Markup | None:
    """What is compared with what, in the author's words."""
    if not claim.claim.whatif:
        return None
    against = claim.claim.against
    other = f"“{_said(case, against)}”" if against else "the file as it stands"
    return tag("p", f"Compared: “{_said(case, claim.claim.whatif)}” with {other}.", class_="legend")


def _said(case: Case, name: str) -> str:
    """A what-if to be quoted within a sentence."""
    return (case.whatifs[name].says or sentence_case(plain_name(name))).rstrip(".")


def _measured(case: Case, judged: Judged) -> Markup:
    expectation, measured = judged.expectation, judged.measured
    question = case.questions[expectation.question]
    show = shown_by(expectation, question)
    expected = tag("em", expected_words(expectation, question))
    if not len(measured.defined):
        return join(asked(question), " Expected: ", expected, ". No answer.")
    around = f" ({show(measured.p05)} to {show(measured.p95)})" if len(measured.defined) > 1 else ""
    found = f"; found {show(measured.mean)}{around}, met in {percent(judged.agree)} of the worlds."
    return join(asked(question), " Expected: ", expected, found)

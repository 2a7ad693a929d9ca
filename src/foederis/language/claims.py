"""Builds the claims: what sources argue, as expectations of questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from foederis.diagnostics import nearest
from foederis.language.case import Claim, Expectation, Question
from foederis.language.evidence import credibility
from foederis.language.quantities import literal
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import CLAIM
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar

_EXPECT = re.compile(r"(rises|falls|same\s+within|above|below)(?:\s+(.*))?\Z", re.DOTALL)
_FORMS = "rises, falls, same within 2%, above 20% or below 20%"


def read_claims(
    reader: Reader, node: Node | None, questions: Mapping[str, Question], whatifs: Collection[str]
) -> dict[str, Claim]:
    claims = {}
    for key, item in reader.items(node, "`claims`"):
        where = f"the claim `{key.text}`"
        entries = reader.keys(item, CLAIM, where)
        compared = {
            name: reader.word(entries[name], f"`{name}` of {where}", whatifs, "F109", "what-if")
            for name in ("whatif", "against")
            if name in entries
        }
        if "against" in compared and "whatif" not in compared:
            cure = "say with `whatif` which one is judged"
            reader.report.add("F408", f"{where} has `against` without `whatif`", key.span, cure)
        expect = _read_expectations(reader, key, entries, questions)
        claims[key.text] = Claim(
            key.text,
            reader.text(entries["says"], "`says`") if "says" in entries else "",
            expect,
            compared.get("whatif"),
            compared.get("against"),
            credibility(reader, entries.get("credibility")),
            reader.reason(entries.get("because")),
        )
    return claims


def _read_expectations(
    reader: Reader, claim: Scalar, entries: dict[str, Node], questions: Mapping[str, Question]
) -> tuple[Expectation, ...]:
    expected = entries.get("expect")
    wishes = reader.items(expected, f"`expect` of the claim `{claim.text}`")
    if expected is not None and (is_empty(expected) or (isinstance(expected, MappingNode) and not expected.entries)):
        message = f"the claim `{claim.text}` expects nothing"
        reader.report.add("F408", message, expected.span, "as in `expect: {comes: rises}`")
    found = [_read_expectation(reader, key, wish, questions, "whatif" in entries) for key, wish in wishes]
    return tuple(expectation for expectation in found if expectation is not None)


def _read_expectation(
    reader: Reader, key: Scalar, node: Node, questions: Mapping[str, Question], compares: bool
) -> Expectation | None:
    if key.text not in questions:
        if key.text not in reader.broken["questions"]:
            reader.report.add("F108", f"there is no question `{key.text}`", key.span, nearest(key.text, questions))
        return None
    if questions[key.text].form == "first":
        message = f"the question `{key.text}` has a distribution over steps as its answer, which cannot be judged"
        reader.report.add("F408", message, key.span, "ask `eventually`, with `by` if the time matters")
        return None
    found = reader.scalar(node, "what is expected")
    if found is None:
        return None
    match = _EXPECT.match(found.text.strip())
    verb = match.group(1).split()[0] if match else ""
    rest = (match.group(2) or "").strip() if match else ""
    amount = literal(Scalar(rest, found.span)) if rest else None
    takes_amount = verb in ("same", "above", "below")
    if not match or takes_amount != (amount is not None) or bool(rest) != takes_amount:
        reader.report.add("F408", f"`{found.text}` is no expectation", found.span, _FORMS)
        return None
    if verb == "same" and amount is not None and amount < 0:
        reader.report.add("F408", "`same within` needs a number that is not negative", found.span, _FORMS)
        return None
    if not compares and verb in ("rises", "falls", "same"):
        message = f"`{verb}` compares with a what-if, and the claim names none"
        reader.report.add("F408", message, found.span, "add `whatif:`, or use above or below")
        return None
    return Expectation(key.text, verb, amount)

"""Builds what is asked of a case: questions, what-ifs and claims."""

from __future__ import annotations

import re
from collections.abc import Collection

from foederis.diagnostics import nearest
from foederis.language.case import Claim, Expectation, Imposed, Question, Turn, WhatIf
from foederis.language.evidence import credibility
from foederis.language.expressions import Expression
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import CLAIM, QUESTION, WHATIF
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.world import literal

FORMS = ("at_end", "eventually", "takes", "expected", "first")


def read_questions(reader: Reader, node: Node | None, turns: dict[str, Turn], steps: int) -> dict[str, Question]:
    questions = {}
    for key, item in reader.items(node, "`questions`"):
        found = _read_question(reader, key, item, turns, steps)
        if found is not None:
            questions[key.text] = found
    return questions


def _read_question(
    reader: Reader, key: Scalar, node: Node, turns: dict[str, Turn], steps: int
) -> Question | None:
    where = f"the question `{key.text}`"
    entries = reader.keys(node, QUESTION, where)
    forms = [form for form in FORMS if form in entries]
    if len(forms) != 1:
        reader.report.add("F407", f"{where} must ask exactly one thing", key.span, "one of " + ", ".join(FORMS))
        return None
    form, scope = forms[0], reader.full(where)
    expression: Expression | None = None
    turn = option = ""
    if form == "takes":
        turn, option = read_choice(reader, entries[form], turns)
    elif form == "expected":
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            expression = reader.number(entries[form], f"questions.{key.text}.expected", scope)
    else:
        expression = reader.condition(entries[form], scope)
    by = reader.integer(entries["by"], f"`by` of {where}", 0, steps - 1) if "by" in entries else None
    given = reader.condition(entries["given"], scope) if "given" in entries else None
    asked = entries[form]
    return Question(
        key.text, form, expression, turn, option, by, given,
        reader.text(entries["unit"], "unit") if "unit" in entries else "",
        reader.text(entries["says"], "says") if "says" in entries else "",
        asked.text if isinstance(asked, Scalar) else "",
        reader.reason(entries.get("because")),
    )


def read_choice(reader: Reader, node: Node, turns: dict[str, Turn]) -> tuple[str, str]:
    """The turn and the option of `turn.option`."""
    found = reader.scalar(node, "`takes`")
    if found is None:
        return "", ""
    turn, dot, option = found.text.strip().partition(".")
    if not dot:
        reader.report.add("F203", "`takes` asks for a turn and its option", found.span, "as in `patron.intervene`")
    elif turn not in turns:
        reader.report.add("F106", f"there is no turn `{turn}`", found.part(0, len(turn)), nearest(turn, turns))
    elif option not in turns[turn].options:
        at = len(turn) + 1
        reader.report.add("F104", f"{turn} has no option `{option}`", found.part(at, at + len(option)),
                          nearest(option, turns[turn].options))
    else:
        return turn, option
    return "", ""


def read_whatifs(reader: Reader, node: Node | None, turns: dict[str, Turn], steps: int) -> dict[str, WhatIf]:
    whatifs = {}
    for key, item in reader.items(node, "`whatifs`"):
        where = f"the what-if `{key.text}`"
        entries = reader.keys(item, WHATIF, where)
        changes: list[tuple[str, Node]] = []
        if "set" in entries:
            changed = entries["set"]
            if isinstance(changed, MappingNode):
                changes = [(path.text, value) for path, value in changed.entries]
            elif not is_empty(changed):
                reader.report.add("F201", f"`set` of {where} must be a mapping of paths", changed.span,
                                  "as in `set: {quantities.p_fall: 30%}`")
        imposed = read_imposed(reader, entries.get("imposed"), turns, steps)
        if not changes and "imposed" not in entries:
            reader.report.add("F409", f"{where} changes nothing", key.span, "give it `set` or `imposed`")
        says = reader.text(entries["says"], "says") if "says" in entries else ""
        reasons = reader.reason(entries.get("because"))
        whatifs[key.text] = WhatIf(key.text, tuple(changes), imposed, says, reasons)
    return whatifs


def read_imposed(reader: Reader, node: Node | None, turns: dict[str, Turn], steps: int) -> tuple[Imposed, ...]:
    imposed: dict[tuple[int, str], Imposed] = {}
    for item in reader.sequence(node, "`imposed`"):
        if not isinstance(item, MappingNode):
            reader.report.add("F201", "an imposed move is a mapping", item.span, "as in `{step: 0, patron: intervene}`")
            continue
        step = None
        if item.get("step") is None:
            reader.report.add("F202", "an imposed move lacks `step`", item.span, "steps count from 0")
        else:
            step = reader.integer(item.get("step"), "`step`", 0, steps - 1)
        if len(item.entries) < 2:
            reader.report.add("F202", "an imposed move lacks a turn and its option", item.span,
                              "as in `{step: 0, patron: intervene}`")
        for key, value in item.entries:
            move = _read_imposed_move(reader, key, value, step, turns)
            if move is not None and (move.step, move.turn) in imposed:
                reader.report.add("F006", f"two moves are imposed on `{move.turn}` at step {move.step}", key.span,
                                  "keep one of them")
            elif move is not None:
                imposed[move.step, move.turn] = move
    return tuple(imposed.values())


def _read_imposed_move(
    reader: Reader, key: Scalar, value: Node, step: int | None, turns: dict[str, Turn]
) -> Imposed | None:
    if key.text == "step":
        return None
    if key.text not in turns:
        reader.report.add("F106", f"there is no turn `{key.text}`", key.span, nearest(key.text, turns))
        return None
    found = reader.scalar(value, f"what is imposed on `{key.text}`")
    if found is None or step is None:
        return None
    if found.text not in turns[key.text].options:
        reader.report.add("F104", f"{key.text} has no option `{found.text}`", found.span,
                          nearest(found.text, turns[key.text].options))
        return None
    return Imposed(step, key.text, found.text)


def read_claims(
    reader: Reader, node: Node | None, questions: dict[str, Question], whatifs: Collection[str]
) -> dict[str, Claim]:
    claims = {}
    for key, item in reader.items(node, "`claims`"):
        where = f"the claim `{key.text}`"
        entries = reader.keys(item, CLAIM, where)
        compared = {
            name: reader.word(entries[name], f"`{name}` of {where}", whatifs, "F109")
            for name in ("whatif", "against") if name in entries
        }
        if "against" in compared and "whatif" not in compared:
            reader.report.add("F408", f"{where} has `against` without `whatif`", key.span, "say which what-if is judged")
        expect = []
        for question, wish in reader.items(entries.get("expect"), f"`expect` of {where}"):
            found = _read_expectation(reader, question, wish, questions, "whatif" in entries)
            if found is not None:
                expect.append(found)
        claims[key.text] = Claim(
            key.text,
            reader.text(entries["says"], "says") if "says" in entries else "",
            tuple(expect), compared.get("whatif"), compared.get("against"),
            credibility(reader, entries.get("credibility")),
            reader.reason(entries.get("because")),
        )
    return claims


_EXPECT = re.compile(r"(rises|falls|same\s+within|above|below)\s*(.*)\Z", re.DOTALL)


def _read_expectation(
    reader: Reader, key: Scalar, node: Node, questions: dict[str, Question], compares: bool
) -> Expectation | None:
    if key.text not in questions:
        reader.report.add("F108", f"there is no question `{key.text}`", key.span, nearest(key.text, questions))
        return None
    if questions[key.text].form == "first":
        reader.report.add("F408", "a question of form `first` has no single answer to judge", key.span,
                          "ask `eventually`, with `by` if the time matters")
        return None
    found = reader.scalar(node, "what is expected")
    if found is None:
        return None
    match = _EXPECT.match(found.text.strip())
    verb = match.group(1).split()[0] if match else ""
    rest = match.group(2).strip() if match else ""
    amount = None
    if match and rest:
        amount = literal(Scalar(rest, found.span))
    needs_amount = verb in ("same", "above", "below")
    if not match or needs_amount != (amount is not None):
        reader.report.add("F408", f"`{found.text}` is no expectation", found.span,
                          "rises, falls, same within 2%, above 20% or below 20%")
        return None
    if not compares and verb in ("rises", "falls", "same"):
        reader.report.add("F408", f"`{verb}` compares with a what-if, and the claim names none", found.span,
                          "add `whatif:`, or use above or below")
        return None
    return Expectation(key.text, verb, amount)

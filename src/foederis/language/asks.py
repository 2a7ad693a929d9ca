"""Builds what is asked of a case: questions and what-ifs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from foederis.diagnostics import Report, nearest
from foederis.language.case import Imposed, Question, Turn, WhatIf
from foederis.language.expressions import Expression
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import QUESTION, WHATIF
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.world import MAX_STEPS

FORMS = ("at_end", "eventually", "takes", "expected", "first")


def read_questions(reader: Reader, node: Node | None, turns: Mapping[str, Turn], steps: int) -> dict[str, Question]:
    questions = {}
    for key, item in reader.items(node, "`questions`"):
        found = _read_question(reader, key, item, turns, steps)
        if found is not None:
            questions[key.text] = found
        else:
            reader.broken["questions"].add(key.text)
    return questions


def _read_question(reader: Reader, key: Scalar, node: Node, turns: Mapping[str, Turn], steps: int) -> Question | None:
    where = f"the question `{key.text}`"
    entries = reader.keys(node, QUESTION, where)
    forms = [form for form in FORMS if form in entries]
    if len(forms) != 1:
        found = " and ".join(f"`{form}`" for form in forms) or "nothing"
        message = f"{where} must ask exactly one thing, and asks {found}"
        reader.report.add("F407", message, key.span, "one of " + ", ".join(f"`{form}`" for form in FORMS))
        return None
    form, asked = forms[0], entries[forms[0]]
    reasons = reader.reason(entries.get("because"))
    expression: Expression | None = None
    turn = option = ""
    with reader.covered_by(reasons):
        if form == "takes":
            turn, option = read_choice(reader, asked, turns)
        elif form == "expected":
            expression = reader.number(asked, f"questions.{key.text}.expected", reader.full(where))
        else:
            expression = reader.condition(asked, reader.full(where))
    given = reader.condition(entries["given"], reader.full(f"`given` of {where}")) if "given" in entries else None
    return Question(
        key.text,
        form,
        expression,
        turn,
        option,
        reader.integer(entries["by"], f"`by` of {where}", 0, steps - 1) if "by" in entries else None,
        given,
        reader.text(entries["unit"], "`unit`") if "unit" in entries else "",
        reader.text(entries["says"], "`says`") if "says" in entries else "",
        asked.text if isinstance(asked, Scalar) else "",
        reader.text(entries["given"], "`given`") if "given" in entries else "",
        reasons,
    )


def read_choice(reader: Reader, node: Node, turns: Mapping[str, Turn]) -> tuple[str, str]:
    """The turn and the option of `turn.option`."""
    found = reader.scalar(node, "`takes`")
    if found is None:
        return "", ""
    start = len(found.text) - len(found.text.lstrip())
    turn, dot, option = found.text.strip().partition(".")
    if not dot:
        reader.report.add("F203", "`takes` asks for a turn and its option", found.span, "as in `patron.intervene`")
    elif turn in turns and option not in turns[turn].options:
        at = start + len(turn) + 1
        cure = nearest(option, turns[turn].options)
        reader.report.add("F104", f"{turn} has no option `{option}`", found.part(at, at + len(option)), cure)
    elif turn in turns:
        return turn, option
    elif turn not in reader.broken["moves"]:
        place = found.part(start, start + len(turn))
        reader.report.add("F106", f"there is no turn `{turn}`", place, nearest(turn, turns))
    return "", ""


def read_whatifs(reader: Reader, node: Node | None) -> dict[str, WhatIf]:
    whatifs = {}
    for key, item in reader.items(node, "`whatifs`"):
        where = f"the what-if `{key.text}`"
        entries = reader.keys(item, WHATIF, where)
        changed = entries.get("set")
        changes: tuple[tuple[Scalar, Node], ...] = ()
        if isinstance(changed, MappingNode):
            changes = changed.entries
        elif changed is not None and not is_empty(changed):
            message, cure = f"`set` of {where} must be a mapping of paths", "as in `set: {quantities.p_fall: 30%}`"
            reader.report.add("F201", message, changed.span, cure)
        imposed = read_imposed(reader, entries.get("imposed"), f"`imposed` of {where}")
        if all(node is None or _is_blank(node) for node in (changed, entries.get("imposed"))):
            reader.report.add("F409", f"{where} changes nothing", key.span, "give it `set` or `imposed`")
        says = reader.text(entries["says"], "`says`") if "says" in entries else ""
        reasons = reader.reason(entries.get("because"))
        for path, _ in changes:
            if path.text.split(".")[0] == "observed":
                message = f"{where} changes what was observed"
                reader.report.add(
                    "F337", message, path.span, "what-ifs keep it: put other observations into another file"
                )
        pairs, places = tuple((path.text, value) for path, value in changes), tuple(path for path, _ in changes)
        whatifs[key.text] = WhatIf(key.text, pairs, imposed, says, reasons, places)
    return whatifs


def _is_blank(node: Node) -> bool:
    """Whether a node holds nothing at all."""
    if isinstance(node, MappingNode):
        return not node.entries
    return not node.items if isinstance(node, Sequence) else is_empty(node)


def read_imposed(reader: Reader, node: Node | None, where: str) -> tuple[Imposed, ...]:
    """Moves that are imposed, each turn at most once in a step; `check_imposed` judges whether they can be."""
    imposed: dict[tuple[int, str], Imposed] = {}
    for item in reader.sequence(node, where):
        if not isinstance(item, MappingNode):
            reader.report.add("F201", "an imposed move is a mapping", item.span, "as in `{step: 0, patron: intervene}`")
            continue
        step = None
        if (written := item.get("step")) is None:
            reader.report.add("F202", "an imposed move lacks `step`", item.span, "steps count from 0")
        else:
            step = reader.integer(written, "`step`", 0, MAX_STEPS - 1)
        moves = [(key, value) for key, value in item.entries if key.text != "step"]
        if not moves:
            cure = "as in `{step: 0, patron: intervene}`"
            reader.report.add("F202", "an imposed move lacks a turn and its option", item.span, cure)
        for key, value in moves:
            found = reader.scalar(value, f"what is imposed on `{key.text}`")
            if found is None or step is None:
                continue
            if (step, key.text) in imposed:
                message = f"two moves are imposed on `{key.text}` at step {step}"
                reader.report.add("F006", message, key.span, "keep one of them")
            imposed[step, key.text] = Imposed(step, key.text, found.text, (key.span, found.span))
    return tuple(imposed.values())


def check_imposed(
    whatif: WhatIf, turns: Iterable[Turn], steps: int, report: Report, broken: Collection[str] = ()
) -> None:
    """Whether the imposed moves name steps, turns and options of the case that they are imposed on."""
    options = {turn.name: turn.options for turn in turns}
    for move in whatif.imposed:
        turn_place, option_place = move.places or (None, None)
        if move.step >= steps:
            message = f"a move is imposed at step {move.step}, which is not played"
            report.add("F213", message, turn_place, f"steps count from 0, and the last is {steps - 1}")
        if move.turn in options and move.option not in options[move.turn]:
            cure = nearest(move.option, options[move.turn])
            report.add("F104", f"{move.turn} has no option `{move.option}`", option_place, cure)
        elif move.turn not in options and move.turn not in broken:
            report.add("F106", f"there is no turn `{move.turn}`", turn_place, nearest(move.turn, options))

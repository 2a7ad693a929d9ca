"""Changes to a crisis file as text: made in place, or kept as a new what-if."""

from __future__ import annotations

import difflib
from typing import Any

from foederis.analysis.switched import Change, all_changes, moves_of, switched_on
from foederis.diagnostics import CaseError, Report, Span
from foederis.language import check, edit
from foederis.language.case import Case, WhatIf
from foederis.language.source import Mapping, Node, Scalar, Sequence
from foederis.web.checks import read_case
from foederis.web.patch import edited, same
from foederis.web.plain import Refusal, carried

_NOWHERE = Span(1, 1, 1, 1)
_AROUND = 3  # lines that a difference is shown with, before and after it


@carried
def changed(payload: dict[str, Any]) -> dict[str, Any]:
    """A file with changes made in place.

    Args:
        payload: as for check_text; `set` and `on` are the changes.
    Raises:
        CaseError: unknown paths, or a file that means nothing once changed.
        Refusal: the text cannot be changed so (as by `carried`).
    """
    case = read_case(payload)
    on = switched_on(case, payload["on"])
    found = all_changes(on, payload["set"])
    notes = [
        f"The what-if `{whatif.name}` imposes moves; a file cannot hold these but in a what-if."
        for whatif in on
        if whatif.imposed
    ]
    text = edited(payload["text"], _root(case), _with(case, found)) if found else payload["text"]
    return {"text": text, "diff": difference(payload["text"], text), "notes": notes}


@carried
def keep(payload: dict[str, Any]) -> dict[str, Any]:
    """A file with a new what-if that holds the changes.

    Args:
        payload: as for `changed`; `whatif` is the name, `says` the sentence of the what-if.
    Raises:
        CaseError, Refusal: as for `changed`, or the name cannot be used.
    """
    case = read_case(payload)
    name = payload["whatif"].strip()
    if name in case.whatifs:
        raise Refusal(409, f"there is a what-if `{name}` already", "choose another name")
    on = switched_on(case, payload["on"])
    found = all_changes(on, payload["set"])
    moves = moves_of(on, _meant(case, found))
    root = _root(case)
    whatif = _whatif(" ".join(payload["says"].split()), found, moves)
    before = root.get("whatifs")
    section = before if isinstance(before, Mapping) else Mapping((), root.span)
    wanted = root.with_entry(_word("whatifs"), Mapping((*section.entries, (_word(name), whatif)), section.span))
    text = edited(payload["text"], root, wanted)
    kept = read_case({**payload, "text": text}).whatifs[name]
    if not same(_apply(case, list(kept.changes)), _apply(case, found)):
        raise Refusal(422, "one what-if cannot hold these changes", "keep them as two what-ifs")
    return {"text": text, "diff": difference(payload["text"], text)}


def difference(before: str, after: str) -> list[dict[str, str]]:
    """What is taken out (-), put in (+), and a few lines around it; `@` stands between places far apart."""
    old, new = before.splitlines(), after.splitlines()
    start, end = _common(old, new)
    # What difflib takes grows with the square of the lines it is given.
    matcher = difflib.SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    found = []
    for group in matcher.get_grouped_opcodes(_AROUND):
        first, last = group[0], group[-1]
        lines = f"@@ -{_lines(start, first[1], last[2])} +{_lines(start, first[3], last[4])} @@"
        found.append({"kind": "@", "text": lines})
        for tag, i, j, k, m in group:
            if tag == "equal":
                found += [{"kind": " ", "text": line} for line in old[start + i : start + j]]
                continue
            found += [{"kind": "-", "text": line} for line in old[start + i : start + j]]
            found += [{"kind": "+", "text": line} for line in new[start + k : start + m]]
    return found


def _common(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines two texts have in common at their start and at their end, but for those that are shown around."""
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    end = next((at for at in range(least - start) if old[-1 - at] != new[-1 - at]), least - start)
    return max(0, start - _AROUND), max(0, end - _AROUND)


def _lines(start: int, first: int, last: int) -> str:
    """A stretch of lines as a diff states it: from 1, and the line before it if it is empty."""
    count = last - first
    begin = start + first + (1 if count else 0)
    return f"{begin}" if count == 1 else f"{begin},{count}"


def _whatif(says: str, found: list[Change], moves: WhatIf | None) -> Mapping:
    """The node of a what-if. Of two changes at one path the later counts."""
    last = dict(found)
    paths = [(_word(path), node) for path, node in found if node is last[path]]
    entries: list[tuple[Scalar, Node]] = [(_word("says"), Scalar(says, _NOWHERE))] if says else []
    if paths:
        entries.append((_word("set"), Mapping(tuple(paths), _NOWHERE)))
    if moves is not None:
        items = [
            Mapping(((_word("step"), _word(str(move.step))), (_word(move.turn), _word(move.option))), _NOWHERE)
            for move in moves.imposed
        ]
        entries.append((_word("imposed"), Sequence(tuple(items), _NOWHERE)))
    return Mapping(tuple(entries), _NOWHERE)


def _word(text: str) -> Scalar:
    return Scalar(text, _NOWHERE)


def _root(case: Case) -> Mapping:
    assert isinstance(case.root, Mapping)
    return case.root


def _meant(case: Case, found: list[Change]) -> Case:
    return check.change(case, found, context="what is changed here")


def _with(case: Case, found: list[Change]) -> Node:
    """The tree of the changed case, once that is known to mean something."""
    _meant(case, found)
    return _apply(case, found)


def _apply(case: Case, found: list[Change]) -> Node:
    report = Report()
    root = edit.apply_changes(_root(case), found, report)
    if report.has_errors:
        raise CaseError(report.in_order(), case.text, case.filename)
    return root

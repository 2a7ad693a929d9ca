"""A case as the page shows it: what it consists of, where each part stands in the file, and what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from foederis.analysis.checking import locate
from foederis.diagnostics import Report
from foederis.language import edit
from foederis.language.case import Because, Case, Quantity, Treaty
from foederis.language.sampling import draw_quantities
from foederis.language.shapes import PROVISIONS
from foederis.language.source import Mapping, Node, Scalar, Sequence
from foederis.web import writing
from foederis.web.checks import read_case
from foederis.web.numbers import Written, text_at, written
from foederis.web.outline import worlds
from foederis.web.ties import ties

Plain = dict[str, Any]
_DRAWS = 256  # worlds in which quantities that are worked out from others are looked at


def model(payload: Plain) -> Plain:
    """The model of a case.

    Args:
        payload: as for check_text, with `id`, `sha256` and `writable` of the file.
    Raises:
        CaseError: the file has mistakes.
    """
    return model_of(read_case(payload), payload)


def model_of(case: Case, payload: Plain) -> Plain:
    """As `model`, of a case that is here already."""
    root = case.root
    assert isinstance(root, Mapping)
    numbers = list(written(root))
    typed = any(actor.types for actor in case.actors.values())
    clock = case.clock
    return {
        "id": payload["id"],
        "name": case.name,
        "title": case.title,
        "says": text_at(root, "about"),
        "sha256": payload["sha256"],
        "writable": payload["writable"],
        "typed": typed,
        "clock": {
            "unit": clock.step_text,
            "steps": clock.steps,
            "start": clock.start.isoformat() if clock.start else None,
        },
        "draws": worlds(typed),
        "questions": _questions(case),
        "actors": _actors(case),
        "quantities": _quantities(case, numbers),
        "what_ifs": _what_ifs(case),
        "treaties": [_treaty(case, treaty) for treaty in case.treaties.values()],
        "exposures": [
            {
                **_item(case, "exposures", name),
                "holder": exposure.holder,
                "unit": exposure.unit or case.losses_unit(exposure.holder),
                "because": because(case, exposure.because),
            }
            for name, exposure in case.exposures.items()
        ],
        "variables": [
            {**_item(case, "state", name), "levels": list(variable.levels)} for name, variable in case.variables.items()
        ],
        "events": [_item(case, "events", event.name) for event in case.events],
        "claims": [_item(case, "claims", name) for name in case.claims],
        "decisions": [
            {**_item(case, "decisions", name), "unit": decision.unit, "options": list(decision.options)}
            for name, decision in case.decisions.items()
        ],
        "observed": len(case.observed),
        "sources": _sources(case),
        "numbers": [
            {
                "path": number.path,
                "text": number.text,
                "line": number.line,
                "says": number.says,
                "unit": number.unit,
                "because": because(case, number.because),
                "rests_on_author": not any(reason.source for reason in number.because),
            }
            for number in numbers
        ],
        "ties": ties(case),
    }


def because(case: Case, reasons: Iterable[Because]) -> list[Plain]:
    """Reasons with what the file says of their sources; `reason` is one of the author's own."""
    listed = []
    for reason in reasons:
        source = case.sources.get(reason.source) if reason.source else None
        listed.append(
            {
                "source": reason.source,
                "title": source.title if source else None,
                "where": reason.where,
                "says": reason.says,
                "quote": reason.quote,
                "reliability": (source.reliability or None) if source else None,
                "credibility": str(reason.credibility) if reason.credibility else None,
                "reason": "" if reason.source else reason.says,
            }
        )
    return listed


def _item(case: Case, *path: str) -> Plain:
    """The name, place and words of what stands at a path."""
    span = locate(case.root, path)
    return {
        "name": path[-1],
        "path": ".".join(path),
        "says": text_at(_node(case.root, path), "says"),
        "line": span.line if span else 1,
    }


def _node(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for word in path:
        if isinstance(node, Sequence):
            turns = [turn for item in node.items for turn in edit.turns_in(item)]
            node = next((turn for turn in turns if edit.name_of(turn) == word), None)
        else:
            node = node.get(word) if isinstance(node, Mapping) else None
    return node


def _questions(case: Case) -> list[Plain]:
    found = []
    for name, question in case.questions.items():
        unit = question.unit
        if question.form == "expected" and not unit and (holder := re.fullmatch(r"losses\((\w+)\)", question.text)):
            unit = case.losses_unit(holder.group(1))
        found.append({**_item(case, "questions", name), "form": question.form, "unit": unit})
    return found


def _actors(case: Case) -> list[Plain]:
    found = []
    for name, actor in case.actors.items():
        turns = [
            {
                "name": turn.name,
                "options": [_item(case, "moves", turn.name, "options", option) for option in turn.options],
            }
            for turn in case.turns
            if turn.actor == name
        ]
        shares = {key: _short(case, "share", "actors", name, "types", key) for key in actor.types}
        found.append({**_item(case, "actors", name), "types": shares or None, "turns": turns})
    return found


def _short(case: Case, main: str, *path: str) -> str:
    """The text of an item in either way of writing it."""
    node = _node(case.root, path)
    return node.text if isinstance(node, Scalar) else text_at(node, main)


def _quantities(case: Case, numbers: Iterable[Written]) -> list[Plain]:
    worked_out = any(q.expression is not None and q.expression.constant is None for q in case.quantities.values())
    drawn = draw_quantities(case, _DRAWS) if worked_out else {}
    paths = {(number.line, number.column): number.path for number in numbers}
    found = []
    for name, quantity in case.quantities.items():
        place = (quantity.span.line, quantity.span.column) if quantity.span else (0, 0)
        path = paths.get(place) if quantity.inline else f"quantities.{name}"
        found.append({**_quantity(case, quantity, drawn.get(name)), "path": _that_leads_somewhere(case, path)})
    return found


def _quantity(case: Case, quantity: Quantity, drawn: np.ndarray | None) -> Plain:
    distribution, constant = quantity.distribution, quantity.expression.constant if quantity.expression else None
    shares = np.array([0.01, 0.05, 0.5, 0.95, 0.99])
    if distribution is not None:
        low, p05, p50, p95, high = (float(value) for value in distribution.quantile(shares))
        family = distribution.family
        if family in ("uniform", "triangular", "pert"):
            low, high = distribution.parameters[0], distribution.parameters[-1]
        elif family == "choice":
            low, high = distribution.support[0], distribution.support[-1]
    elif constant is not None:
        family, p05, p50, p95 = "fixed", constant, constant, constant
        low, high = _around(constant, "%" in quantity.text)
    else:
        assert drawn is not None
        family = "formula"
        low, p05, p50, p95, high = (float(value) for value in np.quantile(drawn, shares))
    return {
        "name": quantity.name,
        "text": quantity.text.strip(),
        "says": "",
        "unit": quantity.unit,
        "family": family,
        "uncertain": distribution is not None,
        "p05": p05,
        "p50": p50,
        "p95": p95,
        "low": low,
        "high": high,
        "formula": family == "formula",
        "line": quantity.span.line if quantity.span else 1,
        "because": because(case, quantity.because),
    }


def _around(value: float, share: bool) -> tuple[float, float]:
    """Between which values a fixed number may be turned: from nothing to twice as much."""
    if share and 0 <= value <= 1:
        return 0.0, min(1.0, 2 * value) or 1.0
    return (min(0.0, 2 * value), max(0.0, 2 * value)) if value else (-1.0, 1.0)


def _that_leads_somewhere(case: Case, path: str | None) -> str | None:
    """The path, if a change can name it: conditions on the way may hold dots, and a period is more than a number."""
    report = Report()
    value = edit.parse_value("1", report)
    if path is None or path.endswith(".reconsiders") or case.root is None or value is None:
        return None
    edit.apply_changes(case.root, [(path, value)], report)
    return None if report.has_errors else path


def _what_ifs(case: Case) -> list[Plain]:
    return [
        {
            **_item(case, "whatifs", name),
            "changes": [{"path": path, "text": writing.flow(node)} for path, node in whatif.changes],
            "imposed": [f"step {move.step}: {move.turn} {move.option}" for move in whatif.imposed],
        }
        for name, whatif in case.whatifs.items()
    ]


def _treaty(case: Case, treaty: Treaty) -> Plain:
    """A treaty with what can be switched: what it provides, and what its trigger calls on."""
    item = _item(case, "treaties", treaty.name)
    provided = [word for word in PROVISIONS if word in treaty.provisions]
    without = [[word for word in PROVISIONS if (word in provided) != (word == other)] for other in PROVISIONS]
    current = f"[{', '.join(treaty.provisions)}]"
    others = [f"[{', '.join(words)}]" for words in without]
    return {
        **item,
        "parties": list(treaty.parties),
        "binds": treaty.binds,
        "clauses": [
            {
                "path": f"{item['path']}.provisions",
                "label": "provides",
                "options": [current, *others],
                "current": current,
            },
            {
                "path": f"{item['path']}.invokes",
                "label": "the trigger calls on",
                "options": list(PROVISIONS),
                "current": treaty.invokes,
            },
        ],
        "because": because(case, treaty.because),
    }


def _sources(case: Case) -> list[Plain]:
    found = []
    for name, source in case.sources.items():
        details = {key: source.details.get(key) for key in ("author", "date", "url", "note")}
        line = _item(case, "sources", name)["line"]
        found.append(
            {"name": name, "title": source.title, **details, "reliability": source.reliability or None, "line": line}
        )
    return found

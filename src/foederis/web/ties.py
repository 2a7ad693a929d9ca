"""Who is tied to whom and to what: treaties, exposures, and interests in others."""

from __future__ import annotations

import itertools
import re
from typing import Any

from foederis.language.case import Case
from foederis.language.source import Mapping
from foederis.web.numbers import text_at

_NAMED = re.compile(r"losses\(\s*(\w+)\s*\)|\b(\w+)\.type\b")


def ties(case: Case) -> dict[str, Any]:
    """A graph: actors and other names, and what lies between two of them."""
    edges = [*_treaties(case), *_exposures(case)]
    parties = {end for edge in edges for end in (edge["from"], edge["to"])} | set(case.actors)
    edges += _interests(case, parties | {exposure.holder for exposure in case.exposures.values()})
    names = dict.fromkeys([*case.actors, *(end for edge in edges for end in (edge["from"], edge["to"]))])
    nodes = [{"name": name, "kind": "actor" if name in case.actors else "other"} for name in names]
    return {"nodes": nodes, "edges": edges}


def _treaties(case: Case) -> list[dict[str, Any]]:
    return [
        _edge("treaty", one, other, treaty.name, f"treaties.{treaty.name}", case)
        for treaty in case.treaties.values()
        for one, other in itertools.combinations(treaty.parties, 2)
    ]


def _exposures(case: Case) -> list[dict[str, Any]]:
    return [
        _edge("exposure", exposure.holder, exposure.name, exposure.name, f"exposures.{exposure.name}", case)
        for exposure in case.exposures.values()
    ]


def _interests(case: Case, known: set[str]) -> list[dict[str, Any]]:
    """Interests whose name, or whose worth, names somebody else."""
    found = []
    for interest in case.interests:
        path = f"interests.{interest.actor}.{interest.name}"
        node = _at(case, path)
        texts = [text_at(node, "worth") or text_at(node.get("worth") if node else None, "value"), text_at(node, "when")]
        named = {word for text in texts for pair in _NAMED.findall(text) for word in pair if word}
        for other in sorted((named | {interest.name}) & known - {interest.actor}):
            found.append(_edge("interest", interest.actor, other, interest.name, path, case))
    return found


def _edge(kind: str, one: str, other: str, name: str, path: str, case: Case) -> dict[str, Any]:
    return {
        "from": one,
        "to": other,
        "kind": kind,
        "name": name,
        "says": text_at(_at(case, path), "says"),
        "path": path,
    }


def _at(case: Case, path: str) -> Mapping | None:
    node = case.root
    for word in path.split("."):
        node = node.get(word) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else None

"""The Kremlin case from the week before says nothing else than the Kremlin case where both speak of the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

import foederis as fd

OF_ITS_OWN = ("title", "clock", "questions", "whatifs", "claims", "decisions", "history")
# What the earlier start and the two kinds of Kremlin ask for.
OTHERWISE = {
    "state.war.levels",
    "facts.unsettled",
    "facts.dragging_on",
    "facts.third_week",
    "moves.israel.when",
    "moves.us.when",
    "moves.us.options.strike.pays.us",
    "moves.russia.when",
    "moves.russia.options.hint_nuclear.pays.russia",
    "moves.russia.options.send_trainers.when",
    "moves.russia.options.send_jets.when",
    "moves.russia.options.intervene.when",
    "moves.russia.options.intervene.pays.russia",
    "events.guns_fall_silent.when",
    "interests.russia.influence.worth",
    "interests.russia.fear_of_being_next.worth",
    "interests.israel.targets.worth",
    "interests.israel.nuclear_doubt.worth",
    "interests.israel.nuclear_doubt.when",
}


def leaves(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Everything that a file says, by its path; items of the list of moves by the turn's name."""
    if path == ("moves",):
        node = {item.get("name", item["actor"]): item for item in node}
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield ".".join(path), node


def said(name: str) -> dict[str, Any]:
    whole = yaml.safe_load(fd.gallery()[name].read_text(encoding="utf-8"))
    return dict(leaves({key: value for key, value in whole.items() if key not in OF_ITS_OWN}))


def test_both_files_say_the_same_of_the_same() -> None:
    base, earlier = said("kremlin"), said("kremlin_hint")
    assert {path for path in base.keys() & earlier.keys() if base[path] != earlier[path]} == OTHERWISE
    left = {".".join(path.split(".")[:2]) for path in base.keys() - earlier.keys()}
    assert left == {"quantities.hint_doubt", "moves.israel"}  # of the latter, an option that says nothing there

"""Other spellings of a file mean the same to the reference: a difference elsewhere is no fault of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .generate import seeded_file
from .printing import in_any_order, in_order, names_of, print_file, renamed, shuffled
from .raw import load_raw
from .reference import solve_reference

SEEDS = range(8)
FILES = sorted((Path(__file__).parent / "files").glob("*.yaml"))


def drawn(text: str) -> dict[str, float]:
    return {name: 0.2 + 0.01 * place for place, name in enumerate(sorted(load_raw(text)["quantities"]))}


def meaning(node: Any) -> Any:
    """An option may be written `{}` or as nothing."""
    if isinstance(node, dict):
        return {key: meaning(value) for key, value in node.items()}
    return [meaning(item) for item in node] if isinstance(node, list) else node or {}


@pytest.mark.parametrize("seed", SEEDS)
def test_printing_loses_nothing(seed: int) -> None:
    raw = load_raw(seeded_file(seed))
    assert all(meaning(load_raw(print_file(raw, style))) == meaning(raw) for style in range(5))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_printing_files_from_elsewhere_loses_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert meaning(load_raw(shuffled(text, 1))) == meaning(load_raw(text))


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_keys(seed: int) -> None:
    text = seeded_file(seed)
    mixed = shuffled(text, seed)
    assert list(load_raw(mixed).get("events", {})) == list(load_raw(text).get("events", {}))
    before, after = solve_reference(text, drawn(text)), solve_reference(mixed, drawn(text))
    assert before.values == pytest.approx(after.values, abs=1e-12)
    assert before.first_moves.keys() == after.first_moves.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_names(seed: int) -> None:
    text = seeded_file(seed)
    before = solve_reference(text, drawn(text))
    for names in (in_order(text), in_any_order(text, seed)):
        quantities = {names[name]: value for name, value in drawn(text).items()}
        after = solve_reference(renamed(text, names), quantities)
        assert after.values == {names[name]: value for name, value in before.values.items()}
        assert list(after.questions) == [names[name] for name in before.questions]
    assert [in_order(text)[name] for name in sorted(names_of(text))] == sorted(in_order(text).values())

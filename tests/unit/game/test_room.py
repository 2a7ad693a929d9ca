"""How much memory there is, and what is said where it is not enough."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foederis.diagnostics import CaseError
from foederis.game import expand, room
from foederis.game.compile import compile_game
from foederis.game.packing import pack
from tests.unit.game.test_packing import HEAT, WAR
from tests.unit.game.test_pools import CODES, PACKING

NO_LIMIT = "9223372036854771712"


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(room, "_PROCESS", tmp_path / "cgroup")
    monkeypatch.setattr(room, "_GROUPS", tmp_path / "fs")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_control_groups_it_is_what_the_machine_has(groups: Path) -> None:
    assert 1e8 < room.limit() < float("inf")


@pytest.mark.parametrize(
    ("process", "files", "expected"),
    [
        ("0::/a/b\n", {"a/memory.max": "3000000\n", "a/b/memory.max": "max\n"}, 3_000_000),
        ("0::/a/b\n", {"a/memory.max": "3000000\n", "a/b/memory.max": "1000000\n"}, 1_000_000),
        ("0::/\n", {"memory.max": "2000000\n"}, 2_000_000),
        ("4:memory:/a\n0::/\n", {"memory/a/memory.limit_in_bytes": "5000000\n"}, 5_000_000),
        ("4:cpu,memory:/a\n", {"memory/memory.limit_in_bytes": "6000000\n"}, 6_000_000),
        ("4:cpu:/a\n", {"memory/a/memory.limit_in_bytes": "5000000\n"}, None),
        ("4:memory:/a\n", {"memory/a/memory.limit_in_bytes": NO_LIMIT}, None),
    ],
)
def test_control_groups_count(groups: Path, process: str, files: dict[str, str], expected: int | None) -> None:
    whole = room.limit()
    write(groups / "cgroup", process)
    for name, text in files.items():
        write(groups / "fs" / name, text)
    assert room.limit() == (expected or whole)


def test_what_does_not_fit_is_refused_with_what_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "limit", lambda: 2e9)
    room.must_fit(2e9, "it", [(PACKING, CODES)])
    with pytest.raises(CaseError) as caught:
        room.must_fit(12.4e9, "it", [(PACKING, CODES)])
    [item] = caught.value.diagnostics
    assert (item.code, item.message) == ("F411", "it would take about 12 GB of memory, and there are 2 GB")
    assert item.help.startswith(f"what multiplies: {room.product_of(PACKING, CODES)}; use fewer levels")


def test_notes_multiply_too() -> None:
    packing = pack([WAR, HEAT], {"war", "heat"}, notes=3)
    assert room.product_of(packing, np.arange(packing.states)) == "heat (4) × war (3)"
    assert room.product_of(packing, np.arange(packing.size)) == "heat (4) × war (3) × what is chosen together (3)"


def test_exploring_stops_where_states_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.game.test_expand import COUNTING, NO_EVENTS, case_of

    case = case_of(**{**NO_EVENTS, "moves": COUNTING, "clock": "{step: 1 week, steps: 4}"})
    compile_game(case, max_states=71)
    monkeypatch.setattr(expand, "_MANY", 1)
    monkeypatch.setattr(room, "limit", lambda: room.BASE)
    with pytest.raises(CaseError, match="the states found so far would take about"):
        compile_game(case, max_states=72)


def test_what_is_said_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "limit", lambda: 8e9)
    monkeypatch.setattr(room, "free", lambda: 5e9)
    assert room.said_of(1.9e9, 0.0) == ""
    assert room.said_of(4e9, 0.0) == "Solving it takes about 4 GB of memory, of 8 GB."
    assert room.said_of(6e9, 0.0).endswith("of 8 GB; only 5 GB are free now.")
    assert room.said_of(9e9, 0.0).endswith("of 8 GB: more than there is.")
    filed = room.said_of(9e9, 4.5e9)
    assert filed.startswith("Solving it takes about 9 GB of memory, of 8 GB; 4.5 GB of that may go to the disk in /")
    monkeypatch.setattr(room, "limit", lambda: float("inf"))
    assert room.said_of(4e9, 0.0) == "Solving it takes about 4 GB of memory."


def test_what_is_free_is_at_most_what_there_is() -> None:
    assert room.free() <= room.limit() or room.free() == float("inf")

"""What a solve takes in memory, estimated before it is laid out; held against what is laid out then."""

from __future__ import annotations

import re
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import solving
from foederis.diagnostics import CaseError
from foederis.game import alike, compile, packing, room
from foederis.game.compile import Game, compile_game
from foederis.report.game import memory_needed
from foederis.solve import block, engine, planning
from foederis.solve import layout as layouts
from foederis.solve.backward import Space
from foederis.solve.columns import choose_columns
from foederis.solve.layout import Layout, lay_out
from foederis.solve.planning import Demand, Sharing, memory_for, plan_memory
from foederis.solve.room import bytes_per_draw, fits, sizes_of
from tests.helpers import EVERYTHING, assert_same, flat
from tests.typed import BREAKFAST

TOGETHER = (Path(__file__).parents[2] / "golden" / "together.yaml").read_text(encoding="utf-8")
DRAWN = 128  # worlds
CASES = {
    "everything": fd.loads(EVERYTHING),
    "kremlin": fd.load("kremlin"),
    "types": fd.load("cuba"),
    "together": fd.loads(TOGETHER),
}


def apart(game: Game) -> list[np.ndarray]:
    """No two states share a row."""
    seen = game.seen.phases if game.seen else frozenset()
    found = []
    for place, phase in enumerate(game.phases):
        stand = np.full(len(phase.states.codes), -1, dtype=np.int32)
        here = alike.deciding(phase, place in seen)
        stand[here] = here
        found.append(stand)
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_layout_measures_what_was_foreseen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "stand_ins", apart)
    game = compile_game(CASES[name])
    sizes, layout = sizes_of(game), lay_out(game)
    assert (sizes.height, sizes.tall, sizes.weights, sizes.width) == (
        layout.height,
        layout.tall,
        layout.weights,
        layout.width,
    )
    assert sizes.joints == sum(table.bytes_per_draw for table in layout.tables)
    # Arrays of few bytes each are left out, which are many in small cases.
    assert 0.8 * held(layout) < sizes.arrays < 1.3 * held(layout) + 4096
    turned = [layout.inflow(step) for step in range(game.steps)]
    largest = max(part.sources.nbytes + part.weights.nbytes for part in turned)
    assert sizes.edges / 2 < largest < 2 * sizes.edges + 65536  # of how many slots a chunk needs, nothing is known


def held(layout: Layout) -> int:
    """Bytes of the arrays of groups and of the ends, and of what says which state a row stands for."""
    groups = [
        leaf.nbytes
        for group in layout.groups
        for arrays in group.arrays
        for leaf in vars(arrays).values()
        if leaf is not None
    ]
    tables = [
        part.nbytes
        for table in layout.tables
        for each in table.arrays
        for part in (each.leads, each.own, each.choose, each.counts)
    ]
    ends = layout.ends
    more = [ends.onward, ends.flow_ids, ends.final_ids, ends.asked_ids, ends.levels, ends.since, ends.states]
    rows = [*layout.rowed, *layout.stand, *(part for group in layout.groups for part in group.since)]
    return sum(groups) + sum(tables) + sum(part.nbytes for part in (*more, *rows))


def test_merged_rows_take_less_than_foreseen() -> None:
    game = compile_game(CASES["kremlin"])
    assert lay_out(game).height < sizes_of(game).height


def test_blocks_are_cut_down_to_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    game = compile_game(CASES["kremlin"])

    def plan(gigabytes: float, native: bool) -> tuple[int, int]:
        monkeypatch.setattr(planning, "limit", lambda: room.BASE + game.bytes + gigabytes * 1e9)
        return plan_memory(Demand(50_000_000, 0.0, 0.0, game.bytes, 1, native), 4096, None)[:2]

    assert plan(100, False)[0] == 32
    assert plan(0.41, False) == (8, 1)
    assert plan(0.01, False) == (1, 1)
    assert plan(100, True)[0] > 8
    assert plan(0.41, True) == (8, 1)


def test_beliefs_count_as_draws_do_where_blocks_are_cut() -> None:
    """The engine in C works on a table for every belief, so that a few draws are as much work as many without types."""
    size = plan_memory(Demand(50_000_000, 0.0, 0.0, 0.0, 9, True), 4096, None).size
    assert size == 8 < plan_memory(Demand(50_000_000 / 9, 0.0, 0.0, 0.0, 1, True), 4096, None)[0]


def test_the_engine_serves_where_its_draws_fit_at_every_belief(monkeypatch: pytest.MonkeyPatch) -> None:
    game = compile_game(CASES["types"])
    asking, sizes = choose_columns(game), sizes_of(game)
    needed = sizes.fixed + 8 * bytes_per_draw(sizes, game, asking, 0, 9)
    monkeypatch.setattr(room, "FEW", 0)
    monkeypatch.setattr(room, "limit", lambda: needed + 1)
    assert fits(game, asking, 8)
    monkeypatch.setattr(room, "limit", lambda: needed - 1)
    assert not fits(game, asking, 8)


def test_what_does_not_fit_is_refused_before_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    game = compile_game(CASES["kremlin"])
    asking, sizes = choose_columns(game), sizes_of(game)
    needed = sizes.fixed + bytes_per_draw(sizes, game, asking, 0, 1)
    monkeypatch.setattr(room, "FEW", 0)
    monkeypatch.setattr(room, "limit", lambda: needed)
    lay_out(game)
    monkeypatch.setattr(room, "limit", lambda: needed - 1)
    with pytest.raises(CaseError) as caught:
        lay_out(game)
    [item] = caught.value.diagnostics
    assert item.code == "F411"
    assert re.match(r"what multiplies: \w+ \(\d+\) × ", item.help)


def test_more_worlds_take_more_only_up_to_a_block() -> None:
    game = compile_game(CASES["everything"])
    one, many, all_ = (memory_for(game, draws)[0] for draws in (32, 64, 2048))
    assert one <= many <= all_


@pytest.mark.parametrize("name", ["everything", "together"])
def test_stretches_change_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where states are looked at a few at a time, the game, the edges and the answers are the same."""
    case = CASES[name]

    def made() -> tuple[Game, list[np.ndarray], dict[tuple[str, ...], np.ndarray]]:
        monkeypatch.setattr(compile, "_STRUCTURES", {})
        game = compile_game(case)
        layout = lay_out(game)
        turned = [layout.inflow(step) for step in range(game.steps)]
        edges = [np.asarray(part) for each in turned for part in (each.sources, each.weights, each.first, each.slots)]
        return game, edges, flat(fd.solve(case, draws=2)) if name == "everything" else {}

    game, edges, answers = made()
    monkeypatch.setattr(packing, "_STRETCH", 50)
    again, edges_again, answers_again = made()
    for phase, other in zip(game.phases, again.phases, strict=True):
        np.testing.assert_array_equal(phase.states.codes, other.states.codes)
        np.testing.assert_array_equal(phase.states.since, other.states.since)
        assert phase.states.link_of_step == other.states.link_of_step
        for link, same in zip(phase.states.links, other.states.links, strict=True):
            for part in ("successor", "open", "live", "stay"):
                np.testing.assert_array_equal(getattr(link, part), getattr(same, part))
    for part, same in zip(edges, edges_again, strict=True):
        np.testing.assert_array_equal(part, same)
    assert_same(answers_again, answers)


def test_large_cases_say_what_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["everything"]
    game, said = compile_game(case), []
    fd.solve(case, draws=1, notice=said.append)
    assert (said, memory_needed(case, game)) == ([], "")
    monkeypatch.setattr(solving, "FEW", 0)
    monkeypatch.setattr(room, "LARGE", 0.0)
    fd.solve(case, draws=1, notice=said.append)
    expected = room.gigabytes(memory_for(game, 1)[0])
    assert len(said) == 1
    assert said[0].startswith(f"Solving it takes about {expected} of memory")
    assert memory_needed(case, game).startswith(f"It takes {room.gigabytes(game.bytes)} of memory as it is. Solving it")


def test_values_at_the_ends_of_steps_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where choices are not kept, they are: of a long crisis they are most of what a block holds."""
    case = CASES["kremlin"].with_changes({"clock.steps": 60})
    held: list[float] = []
    solve = block.Block.solve

    def weighed(self: block.Block, *given: object) -> object:
        found = solve(self, *given)  # type: ignore[arg-type]
        held.append(sum(np.asarray(part).nbytes for part in self.endings) / self.back.numbers.lanes)
        return found

    monkeypatch.setattr(block.Block, "solve", weighed)
    monkeypatch.setattr(block, "MEMORY", 1.0)
    fd.solve(case, draws=8)
    game = compile_game(case)
    assert held[0] > 0
    for native in (True, False):
        assert held[0] < bytes_per_draw(sizes_of(game), game, choose_columns(game), 0, 1, native)


@pytest.mark.parametrize("cores", [1, 2, 64])
def test_blocks_in_which_moves_are_searched_do_not_depend_on_cores(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "cores", lambda: cores)
    for draws, size in ((8, 8), (16, 16), (100, 32)):
        found = plan_memory(Demand(1000.0, 0.0, 0.0, 0.0, 1, True, searches=True), draws, None)
        assert found.size % size == 0  # so many of each 32 are searched


@pytest.mark.parametrize("chosen", ["c", "xla"])
@pytest.mark.parametrize("room_for", [3.5e9, 20e6], ids=["much", "little"])
def test_exact_grids_of_beliefs_find_room(chosen: str, room_for: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes for every belief that play leads to are several times as many as those that are tried out first."""
    monkeypatch.setenv("FOEDERIS_ENGINE", chosen)
    monkeypatch.setattr(block, "MEMORY", room_for)
    monkeypatch.setattr(planning, "cores", lambda: 1)
    plans: list[float] = []
    made: list[weakref.ref[Space]] = []
    held: list[float] = []
    plan, start, solve = engine.plan_memory, Space.__init__, block.Block.solve

    def planned(demand: Demand, draws: int, size: int | None) -> Sharing:
        found = plan(demand, draws, size)
        plans.append(found.workers * demand.bytes_of(found.size, found.grids) if draws == DRAWN else 0.0)
        return found

    def begun(self: Space, *given: Any, **more: Any) -> None:
        start(self, *given, **more)
        made.append(weakref.ref(self))

    def weighed(self: block.Block, *given: Any) -> object:
        found = solve(self, *given)
        held.append(sum(space.nbytes for each in made if (space := each()) is not None))
        return found

    monkeypatch.setattr(engine, "plan_memory", planned)
    monkeypatch.setattr(Space, "__init__", begun)
    monkeypatch.setattr(block.Block, "solve", weighed)
    found = fd.solve(fd.loads(BREAKFAST), draws=DRAWN)
    assert found.beliefs is not None
    assert found.beliefs.exact
    assert 0.1 * max(plans) < max(held) < max(plans) <= room_for


@pytest.mark.parametrize("native", [True, False])
def test_exact_grids_that_find_no_room_are_not_tried(native: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(megabytes: float) -> Sharing:
        monkeypatch.setattr(block, "MEMORY", megabytes * 1e6)
        return plan_memory(Demand(3_000_000, 0.0, 0.0, 0.0, 3, native, exact=(11, 27)), 64, None)

    monkeypatch.setattr(planning, "cores", lambda: 1)
    size = 8 if native else 2  # the engine's blocks are no smaller, those of kernels are as small as need be
    assert plan(size * 14 + 1) == (size, 1, 1)
    assert plan(13 if not native else 8 * 14 - 1).grids == 0
    assert plan(32 * 41 + 1).grids == 2


def test_how_much_of_a_case_is_exact_does_not_depend_on_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    demand = Demand(1000.0, 0.0, 0.0, 0.0, 9, True, exact=(121, 729))
    for cores in (1, 4):
        monkeypatch.setattr(planning, "cores", lambda: cores)  # noqa: B023
        assert plan_memory(demand, 1024, None).grids == 1

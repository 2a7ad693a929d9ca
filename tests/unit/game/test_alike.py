"""States in which an event has the same future share a row; all others keep their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import foederis as fd
from foederis.game import alike
from foederis.game.alike import is_certain, stand_ins
from foederis.game.compile import Game, compile_game
from foederis.game.payoffs import Phase
from foederis.language.sampling import draw_quantities
from foederis.report.game import not_worked_out
from foederis.solve import layout, workshop
from foederis.solve.engine import solve_game
from foederis.solve.layout import lay_out
from tests.helpers import EVERYTHING, Floats, assert_same, flat

Stands = NDArray[np.int32]

# After a truce moods are forgotten.
LULL = """
foederis: 1
title: A lull
clock: {step: 1 week, steps: 3}
actors:
  north: {rationality: 0.5 to 2TYPES}
  south: {rationality: 1}
quantities: {p_truce: 20% to 60%, p_storm: 10% to 30%, pride: 1 to 3}
state:
  north_mood: {levels: 0..3, start: 1}
  south_mood: {levels: 0..3, start: 1}
  truce: flag
  gone: flag
moves:
  - actor: north
    options:
      shout: {sets: {north_mood: north_mood + 1}, pays: {north: PRIDE}}
      listen: {sets: {north_mood: north_mood - 1}}
  - actor: south
    options:
      shout: {when: not gone, sets: {south_mood: south_mood + 1}, pays: {south: north_mood}}
      listen: {sets: {south_mood: south_mood - 1}, pays: {north: 0.5}}
events:
  storm:
    when: not gone
    chance: p_storm
    outcomes:
      blow: {share: 50%, sets: {gone: yes}}
      quiet: {share: 50%, sets: {truce: yes}}
  sign: {when: north_mood + south_mood < 4, chance: p_truce, sets: {truce: yes}}
  toast:
    when: truce and gone
    chance: p_storm if south_mood == 0 else p_truce
  feast:
    when: truce and not gone
    chance: p_storm
    pays: {south: 2 if south_mood == 0 else pride}
  forget:
    when: truce
    chance: 100%
    sets: {north_mood: 0, south_mood: 0, truce: no}
    pays: {south: 2 if gone else pride}
interests:
  north: {calm: {worth: 1, when: north_mood == 0}, win: {worth: 4, when: south_mood == 3, paid: at_end}}
  south: {calm: {worth: 2, when: south_mood == 0}}
questions:
  hot: {eventually: north_mood == 3 and south_mood == 3}
  when_hot: {first: north_mood == 3}
  shouts: {takes: south.shout}
  quiet: {at_end: north_mood == 0}
  hot_if_gone: {eventually: north_mood == 3, given: gone}
whatifs:
  loud: {imposed: [{step: 1, north: shout}]}
  stormy: {set: {quantities.p_storm: 60%}}
"""
PLAIN = LULL.replace("TYPES", "").replace("PRIDE", "pride")
TYPED = (
    LULL.replace("steps: 3", "steps: 2")
    .replace("TYPES", ", types: {proud: 40%, modest: 60%}")
    .replace("PRIDE", "pride if type == proud else 0")
)
SEEN = PLAIN + "observed: [{step: 0, sign: no}, {step: 1, south: listen}]\n"
SEEN_FORGET = PLAIN + "observed: [{step: 1, forget: yes}]\n"


def rows(game: Game) -> dict[str, tuple[int, int]]:
    """For each phase how many states are decided in, and how many of them are worked out."""
    return {
        phase.name: (int((states >= 0).sum()), len(np.unique(states[states >= 0])))
        for phase, states in zip(game.phases, stand_ins(game), strict=True)
    }


def test_only_events_with_the_same_future_share_rows() -> None:
    found = rows(compile_game(fd.loads(PLAIN)))
    assert found["forget"][1] == 2  # gone or not
    assert found["forget"][0] > 20
    assert found["north"][0] == found["north"][1]  # even where all that they lead to is the same
    assert rows(compile_game(fd.loads(SEEN_FORGET)))["forget"] == (58, 58)  # it was seen how it went


def test_the_kremlin_is_a_fifth_smaller() -> None:
    found = rows(compile_game(fd.load("kremlin")))
    assert found["guns_fall_silent"] == (1216, 200)
    assert tuple(map(sum, zip(*found.values(), strict=True))) == (10_712, 8_700)


@pytest.mark.parametrize("text", [PLAIN, TYPED, SEEN, EVERYTHING], ids=["plain", "typed", "seen", "everything"])
def test_states_that_share_a_row_agree_in_all_that_follows(text: str) -> None:
    """Held against the structure itself, one pair after the other."""
    game = compile_game(fd.loads(text))
    stands = stand_ins(game)
    for place, (phase, stand) in enumerate(zip(game.phases, stands, strict=True)):
        assert (phase.states.since[stand[stand >= 0]] <= phase.states.since[stand >= 0]).all()
        for state in np.flatnonzero((stand >= 0) & (stand != np.arange(len(stand)))):
            assert stand[stand[state]] == stand[state]
            for step in range(game.steps):
                assert follows(game, stands, place, step, state) == follows(game, stands, place, step, stand[state])


def follows(game: Game, stands: Sequence[Stands], place: int, step: int, state: int) -> list[object]:
    """What an event leads to, how likely and for what, with all that is only passed through left out."""
    phase = game.phases[place]
    link, ids = phase.states.at(step), phase.pool.ids
    ways: list[object] = []
    for branch in range(len(phase.branches)):
        if link.open[branch, state]:
            on = through(game, stands, place + 1, int(link.successor[branch, state]))
            pays = [int(ids[table][state]) for at, _, table in phase.pays if at == branch]
            ways.append((branch, on, int(ids[phase.chances[branch]][state]), pays))
    if phase.states.rule.waits or not link.live[state]:
        quiet = int(ids[phase.chances[-1]][state]) if link.live[state] else -1
        ways.append((through(game, stands, place + 1, int(link.stay[state])), quiet))
    return ways


def through(game: Game, stands: Sequence[Stands], place: int, state: int) -> tuple[int, int]:
    while place < len(game.phases) and stands[place][state] < 0:
        link, phase = game.phases[place].states.links[0], game.phases[place]
        certain = alike.is_certain(phase) and link.live[state]
        state = int(link.successor[0, state] if certain else link.stay[state])
        place += 1
    return place, int(stands[place][state]) if place < len(game.phases) else state


def apart(game: Game) -> list[Stands]:
    """No state stands for another."""
    return [np.where(stand >= 0, np.arange(len(stand), dtype=np.int32), -1) for stand in stand_ins(game)]


def histories_of(case: fd.Case) -> dict[str, Any]:
    """All that is told of them, but how exactly the solution holds."""
    return {key: value for key, value in fd.histories(case, draws=16).to_json().items() if key != "residual"}


def on_few_nodes(case: fd.Case) -> dict[Any, Floats]:
    """With types, on the coarsest grid of beliefs alone, since kernels for types take long to compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "may_be_exact", lambda _: False)
        solution = solve_game(compile_game(case), draw_quantities(case, 2), 2, nodes=3)
    parts = {(): solution.baseline, **solution.baseline.by_type}
    found = {(*key, name): values for key, part in parts.items() for name, values in part.questions.items()}
    return {**found, "values": solution.values}


def all_answers(case: fd.Case) -> dict[Any, Floats]:
    return flat(fd.solve(case, draws=16, what_ifs="all"))


@pytest.mark.parametrize(
    ("text", "solved"),
    [(PLAIN, all_answers), (TYPED, on_few_nodes), (SEEN, all_answers), (SEEN_FORGET, all_answers)],
    ids=["plain", "typed", "seen", "seen_forget"],
)
def test_answers_stay_the_same(
    text: str, solved: Callable[[fd.Case], dict[Any, Floats]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = fd.loads(text)
    found, rows = solved(case), sum(map(len, lay_out(compile_game(case)).rowed))
    monkeypatch.setattr(layout, "stand_ins", apart)
    assert sum(map(len, lay_out(compile_game(case)).rowed)) > rows or text == SEEN_FORGET
    # Read anew, since the layout is kept with the case.
    assert_same(solved(fd.loads(text)), found, within=1e-12)


def test_histories_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    case = fd.loads(PLAIN)
    found = histories_of(case)
    monkeypatch.setattr(layout, "stand_ins", apart)
    assert histories_of(case) == found


def test_hashes_that_meet_by_chance_merge_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """If all states had one hash, those that differ would still be told apart."""
    states, since = np.arange(6), np.array([1, 0, 0, 1, 1, 1])
    ways = [np.array([3, 1, 3, 1, 2, 2]), np.array([0, 0, 0, 0, 0, 5])]
    assert alike._first_of_alike(states, since, lambda: ways).tolist() == [2, 1, 2, 1, 4, 5]
    monkeypatch.setattr(alike, "_MIX", np.uint64(0))
    found = alike._first_of_alike(states, since, lambda: ways)
    for state, stands in enumerate(found):
        assert all(way[state] == way[stands] for way in ways)


# What can never happen: an event, an outcome of another, and an option.
DEAD = {
    "miracle": "  miracle: {when: north_mood < 3, chance: 0%, sets: {gone: yes}, pays: {north: 100}}\n",
    "bright": "      bright: {chance: 0%, sets: {truce: yes}, pays: {south: 100}}\n",
    "bribe": "      bribe: {when: north_mood > 3, pays: {north: 9}}\n",
}
OMEN = "  omen:\n    outcomes:\nBRIGHT      dark: {chance: p_storm, pays: {south: -0.1}}\n"
ALIVE = PLAIN.replace("events:\n", "events:\nMIRACLE" + OMEN)
ALIVE = ALIVE.replace("      listen: {sets: {n", "BRIBE      listen: {sets: {n")


def with_dead(*names: str) -> str:
    text = ALIVE
    for name, line in DEAD.items():
        text = text.replace(name.upper(), line if name in names else "")
    return text


def all_live(phase: Phase, seen: bool) -> NDArray[np.int64]:
    """A row also where nothing can happen."""
    if is_certain(phase):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.logical_or.reduce([link.live for link in phase.states.links]))


def test_what_can_never_happen_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    case = fd.loads(with_dead(*DEAD))
    assert rows(compile_game(case))["miracle"] == (0, 0)
    found = flat(fd.solve(case, draws=8, what_ifs="all"))
    never = {("first", "north", "bribe"), ("ever", "north", "bribe")}
    assert not any(found[name].any() for name in never)
    alone = flat(fd.solve(fd.loads(with_dead()), draws=8, what_ifs="all"))
    assert_same({name: numbers for name, numbers in found.items() if name not in never}, alone, within=1e-12)
    # The same with rows for what cannot happen.
    monkeypatch.setattr(alike, "deciding", all_live)
    assert rows(compile_game(case))["miracle"][0] == 20
    assert_same(flat(fd.solve(case, draws=8, what_ifs="all")), found, within=1e-12)


def test_events_that_are_left_out_are_told() -> None:
    game = compile_game(fd.loads(with_dead("miracle")))
    due = sum(int(phase.states.links[0].live.sum()) for phase in game.phases if phase.name == "miracle")
    assert not_worked_out(game).endswith(f"In {due} states an event is due whose chance is 0: they are left out.")


def test_what_is_spared_is_told() -> None:
    found = not_worked_out(compile_game(fd.loads(PLAIN)))
    assert found.startswith("Of 152 states in which something is decided or may happen, 48 have the same future")
    assert not_worked_out(compile_game(fd.loads(EVERYTHING))) == ""

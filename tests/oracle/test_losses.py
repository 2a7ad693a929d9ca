"""Exposure at risk: the package and every path of the crisis, written out with its probability, agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest

import foederis as fd
from foederis.analysis.distribution import LossDistribution
from foederis.language.sampling import draw_quantities
from tests.depth import tries
from tests.helpers import EVERYTHING

from .generate import seeded_file
from .raw import imposed_moves, load_raw, with_changes
from .test_reference import drawn
from .tree import Tree, paths
from .world import World

DRAWS = 4
LEVELS = (0.5137, 0.8311, 0.9571)  # not such as probabilities are likely to add up to

TWO_HOLDERS = """
foederis: 1
title: Two holders and two units
clock: {step: 1 week, steps: 3}
actors: {a: {rationality: sharpness}, b: {rationality: 0.5}}
state: {war: [on, over], hurt: 0..2, lost: flag}
quantities: {sharpness: 0.3 to 0.9, value: 2 to 6, usd_per_eur: 1 to 1.3, p_hit: 20% to 50%}
exposures:
  plant: {holder: a, value: value, unit: bn USD, lost: {lost: 80%, hurt >= 1: 25%}}
  mine: {holder: a, value: 2, unit: bn USD, lost: {hurt == 2: 50%}}
  fleet: {holder: b, value: 3 + hurt, unit: bn EUR, lost: {lost: 40%, war == over: 10%}}
  port: {holder: b, value: 1, unit: bn EUR, lost: {hurt >= 1: p_hit}}
moves:
  - {actor: a, when: war == on, options: {hold: , strike: {sets: {hurt: hurt + 1}, pays: {b: -1}}}}
  - {actor: b, when: war == on, options: {stay: , stop: {sets: {war: over}, pays: {b: -0.5}}}}
events:
  hit: {when: war == on, chance: p_hit, sets: {hurt: hurt + 1}}
  fall: {when: hurt == 2 and not lost, chance: 30%, sets: {lost: yes}}
interests:
  a: {money: {worth: -losses(a), paid: at_end}, spite: {worth: 1, when: lost}}
  b: {money: {worth: -losses(b), paid: at_end}}
questions:
  is_lost: {at_end: lost}
  bad: {at_end: losses(a) > 3}
whatifs:
  calm: {set: {quantities.p_hit: 2% to 6%}}
  struck: {imposed: [{step: 0, a: strike}, {step: 1, a: strike}]}
  calm_but_struck: {set: {quantities.p_hit: 2% to 6%}, imposed: [{step: 0, a: strike}]}
"""


@dataclass
class Case:
    """One way in which the whole crisis can go in one world: its probability (worlds counted alike), its losses, and
    what holds at the end."""

    probability: float
    losses: dict[str, float]
    levels: dict[str, str]
    answers: dict[str, bool]
    draw: int


def written_out(text: str, case: fd.Case, what_if: str | None = None) -> list[Case]:
    raw, imposed = load_raw(text), {}
    changes = {}
    if what_if is not None:
        change = raw["whatifs"][what_if]
        changes = change.get("set") or {}
        raw, imposed = with_changes(raw, changes), imposed_moves(change)
    worlds = draw_quantities(case.with_changes(changes) if changes else case, DRAWS, seed=0)
    found = []
    for draw in range(DRAWS):
        world = World(raw, drawn(worlds, draw))
        asked = {n: world.formula(q["at_end"]) for n, q in (raw.get("questions") or {}).items() if n in final(case)}
        for path in paths(Tree(world), imposed):
            state = path.states[-1]
            losses = {name: exposure.loss(state, world.steps) for name, exposure in world.exposures.items()}
            levels = {v.name: v.level(code) for v, code in zip(world.variables, state, strict=True)}
            answers = {name: bool(formula(state, world.steps)) for name, formula in asked.items()}
            found.append(Case(path.probability / DRAWS, losses, levels, answers, draw))
    return found


def final(case: fd.Case) -> list[str]:
    return [n for n, q in case.questions.items() if q.form == "at_end" and q.by is None and q.given is None]


def compare(found: LossDistribution | None, cases: list[Case], loss: Callable[[Case], float]) -> None:
    whole = math.fsum(case.probability for case in cases)
    if found is None or whole < 1e-12:
        assert whole < 1e-9
        return
    assert found.probability == pytest.approx(whole, abs=1e-9)
    scale = max(1.0, max(abs(loss(case)) for case in cases))
    close = pytest.approx

    def mean(of: Callable[[Case], float], some: list[Case]) -> float:
        weight = math.fsum(case.probability for case in some)
        return math.fsum(case.probability * of(case) for case in some) / weight

    middle = mean(loss, cases)
    assert found.mean == close(middle, abs=1e-9 * scale)
    assert found.between + found.within == close(mean(lambda c: (loss(c) - middle) ** 2, cases), abs=1e-9 * scale**2)
    by_world = [mean(loss, some) if some else math.nan for some in by_draw(cases)]
    for draw, expected in enumerate(by_world):
        if by_draw(cases)[draw] and math.fsum(c.probability for c in by_draw(cases)[draw]) > 1e-9:
            assert found.by_world[draw] == close(expected, abs=1e-6 * scale)
    ordered = sorted(cases, key=loss)
    for level in LEVELS:
        reached, quantile = 0.0, None
        for case in ordered:
            reached += case.probability / whole
            if reached >= level:
                quantile = loss(case)
                break
        assert found.quantile(level) == close(quantile, abs=1e-9 * scale)
        left, total = 1 - level, 0.0
        for case in reversed(ordered):
            part = min(left, case.probability / whole)
            total, left = total + part * loss(case), left - part
        assert found.shortfall(level) == close(total / (1 - level), abs=1e-7 * scale)
    above = math.fsum(case.probability for case in cases if loss(case) > 1.2345) / whole
    assert float(found.exceeds(1.2345)) == close(above, abs=1e-9)


def by_draw(cases: list[Case]) -> list[list[Case]]:
    return [[case for case in cases if case.draw == draw] for draw in range(DRAWS)]


def compare_all(text: str, variables: int = 2) -> int:
    """Everything about one file; how many positions were compared."""
    case = fd.loads(text)
    if not case.exposures:
        return 0
    by, given = list(case.variables)[:variables], final(case)[:2]
    names = [w.name for w in case.whatifs.values() if not touches(w)]
    found = fd.exposure(case, draws=DRAWS, what_ifs=names, by=by, given=given)
    plain = fd.solve(case, draws=DRAWS)
    count = 0
    for scenario in found.scenarios:
        cases = written_out(text, case, scenario.name or None)
        for name, position in scenario.positions.items():

            def loss(one: Case, members: tuple[str, ...] = position.members) -> float:
                return math.fsum(one.losses[member] for member in members)

            compare(scenario.losses[name], cases, loss)
            for ending in scenario.endings:
                part = [
                    one
                    for one in cases
                    if (one.answers if ending.is_answer else one.levels)[ending.what] == _as(ending)
                ]
                if part:
                    compare(ending.losses.get(name), part, loss)
                else:
                    assert ending.probability == pytest.approx(0, abs=1e-9)
            count += 1
    for name in case.exposures:
        assert found.losses[name].by_world == pytest.approx(plain.losses[name].draws, rel=1e-9, abs=1e-9)
    return count


def touches(whatif: object) -> bool:
    """Whether a what-if changes what may be asked for here."""
    return any(path.startswith(("state", "questions", "exposures")) for path, _ in whatif.changes)  # type: ignore[attr-defined]


def _as(ending: object) -> object:
    value = ending.value  # type: ignore[attr-defined]
    return value == "yes" if ending.is_answer else value  # type: ignore[attr-defined]


SHORT = EVERYTHING.replace("steps: 3", "steps: 2").replace("by: 2", "by: 1")  # three steps have too many paths


@pytest.mark.parametrize("text", [SHORT, TWO_HOLDERS], ids=["everything", "two holders"])
def test_by_hand(text: str) -> None:
    assert compare_all(text, variables=3) >= 6


@pytest.mark.parametrize("part", range(4))
def test_random_files(part: int) -> None:
    assert sum(compare_all(seeded_file(seed)) for seed in range(part, tries(12, 24), 4)) > 2


def test_rates_turn_one_unit_into_another() -> None:
    case = fd.loads(TWO_HOLDERS)
    found = fd.exposure(case, draws=DRAWS, rates=["bn EUR = usd_per_eur bn USD"])
    worlds = draw_quantities(case, DRAWS, seed=0)
    cases = written_out(TWO_HOLDERS, case)

    def dollars(one: Case) -> float:
        rate = float(worlds["usd_per_eur"][one.draw])
        return one.losses["plant"] + one.losses["mine"] + rate * (one.losses["fleet"] + one.losses["port"])

    position = found.baseline.positions["all holders, in bn USD"]
    assert (position.unit, position.members) == ("bn USD", ("plant", "mine", "fleet", "port"))
    compare(found.losses[position.name], cases, dollars)
    compare(found.losses["fleet"], cases, lambda one: float(worlds["usd_per_eur"][one.draw]) * one.losses["fleet"])
    assert "all holders, in bn USD" not in fd.exposure(case, draws=DRAWS).losses

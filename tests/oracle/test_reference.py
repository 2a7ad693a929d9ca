"""Random crisis files: the package and the plain recursion over the whole tree agree on every number.

`FOEDERIS_ORACLE_SEED` chooses other files than the usual ones, `FOEDERIS_ORACLE_EXAMPLES` how many. A file on which
they differ is printed as it is; `FOEDERIS_ORACLE_SHRINK=1` looks for a smaller one, which takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st

import foederis as fd
from foederis.language.sampling import draw_quantities

from .generate import crisis_files
from .raw import Raw, load_raw
from .reference import ReferenceAnswer, solve_reference
from .world import DISTRIBUTION, as_text

PARTS = 6
EXAMPLES = int(os.environ.get("FOEDERIS_ORACLE_EXAMPLES", "60"))
SEED = int(os.environ.get("FOEDERIS_ORACLE_SEED", "0"))
SHRINK = bool(os.environ.get("FOEDERIS_ORACLE_SHRINK"))
DRAWS = 4
TOLERANCE = 1e-9


@pytest.mark.parametrize("part", range(PARTS))
def test_random_files(part: int) -> None:
    @seed(SEED * PARTS + part)
    @settings(
        max_examples=EXAMPLES // PARTS,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(text=crisis_files(), draws=st.lists(st.integers(0, DRAWS - 1), min_size=2, max_size=2, unique=True))
    def agrees(text: str, draws: list[int]) -> None:
        note(text)
        compare(text, draws)

    agrees()


def compare(text: str, draws: list[int]) -> None:
    """Solve the file both ways and compare everything, under the baseline and under every what-if."""
    case, raw = fd.loads(text), load_raw(text)
    solved = fd.solve(case, draws=DRAWS, seed=0, what_ifs="all")
    worlds = {name: changed_worlds(case, raw, name, solved.quantities) for name in raw.get("whatifs") or {}}
    assert set(solved.what_ifs) == set(worlds)
    for draw in draws:
        reference = solve_reference(text, drawn(solved.quantities, draw))
        assert drawn(solved.quantities, draw) == pytest.approx(reference.quantities, rel=1e-12, abs=1e-12)
        compare_baseline(solved, reference, draw)
        for name, quantities in worlds.items():
            other = solve_reference(text, drawn(quantities, draw), name)
            compare_questions(f"{name}: ", solved.what_ifs[name].questions, other, draw)


def changed_worlds(case: fd.Case, raw: Raw, name: str, baseline: Mapping[str, Any]) -> Mapping[str, Any]:
    """The worlds of a what-if: where it leaves a quantity alone, those of the baseline, so that the two are paired."""
    changes = raw["whatifs"][name].get("set") or {}
    if not any(path.startswith("quantities.") for path in changes):
        return baseline
    found = draw_quantities(case.with_changes(changes), DRAWS, seed=0)
    touched = {path.split(".")[1] for path in changes if path.startswith("quantities.")}
    tied = {name for pair in raw.get("correlated") or [] for name in pair[:2]}
    for quantity, item in raw["quantities"].items():
        if quantity not in touched | tied and DISTRIBUTION.search(as_text(item)):
            assert np.array_equal(found[quantity], baseline[quantity]), quantity
    return found


def drawn(quantities: Any, draw: int) -> dict[str, float]:
    return {name: float(values[draw]) for name, values in quantities.items()}


def compare_baseline(solved: Any, reference: ReferenceAnswer, draw: int) -> None:
    compare_questions("", solved.questions, reference, draw)
    for actor, value in reference.values.items():
        close(f"value of {actor}", solved.values[actor].draws[draw], value, scale=reference.scale)
    for actor, options in reference.first_moves.items():
        assert set(solved.first_moves[actor]) == set(options)
        for option, chance in options.items():
            close(f"{actor} first takes {option}", solved.first_moves[actor][option].draws[draw], chance)
    for turn, options in reference.ever_taken.items():
        for option, chance in options.items():
            close(f"{turn} ever takes {option}", solved.ever_taken[turn][option].draws[draw], chance)
    for exposure, loss in reference.losses.items():
        close(f"loss of {exposure}", solved.losses[exposure].draws[draw], loss, scale=abs(loss))
    for actor, lost in reference.noise.items():
        close(f"noise of {actor}", solved.noise[actor].draws[draw], lost, scale=reference.scale)
    assert set(solved.through_time) == set(reference.through_time)
    for variable, levels in reference.through_time.items():
        found = {str(level): chances for level, chances in solved.through_time[variable].items()}
        assert set(found) == set(levels)
        for level, chances in levels.items():
            close(f"{variable} is {level}", found[level][draw], chances)


def compare_questions(where: str, questions: Any, reference: ReferenceAnswer, draw: int) -> None:
    assert set(questions) == set(reference.questions)
    for name, expected in reference.questions.items():
        if isinstance(expected, tuple):
            close(f"{where}{name}", questions[name].by_step[draw], expected[0])
            close(f"{where}{name}, never", questions[name].never[draw], expected[1])
        else:
            close(f"{where}{name}", questions[name].draws[draw], expected, scale=abs(expected))


def close(what: str, found: Any, expected: Any, scale: float = 1.0) -> None:
    """Equal to 1e-9, or to 1e-9 of the scale where numbers are large; not a number equals itself."""
    __tracebackhide__ = True
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    assert found.shape == expected.shape, what
    within = TOLERANCE * (max(1.0, scale) if np.isfinite(scale) else 1.0)
    worst = np.max(np.abs(np.where(np.isnan(found) & np.isnan(expected), 0.0, found - expected)), initial=0.0)
    assert worst <= within, f"{what}: {found} instead of {expected}"


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "files").glob("*.yaml")), ids=lambda path: path.stem)
def test_small_files(path: Path) -> None:
    """The files whose answers were worked out by hand, through the package as well."""
    compare(path.read_text(encoding="utf-8"), [0, DRAWS - 1])

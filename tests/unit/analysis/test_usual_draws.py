"""In how many worlds a case is solved if nobody says."""

from __future__ import annotations

import pytest

import foederis as fd


@pytest.mark.parametrize(("name", "draws"), [("patron", 1024), ("cuba", 256), ("kremlin", 1024), ("kremlin_hint", 256)])
def test_cases_with_types_are_solved_in_fewer_worlds(name: str, draws: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(case: fd.Case, draws: int, *_: object) -> None:
        asked.append(draws)
        raise InterruptedError

    monkeypatch.setattr("foederis.analysis.solving.sampled", refuse)
    with pytest.raises(InterruptedError):
        fd.solve(fd.load(name))
    assert asked == [draws]

"""Compiled kernels make room for others before the system runs out of memory maps."""

from __future__ import annotations

from pathlib import Path

import jax
import pytest

from foederis.solve import device


@pytest.mark.parametrize(("maps", "forgets"), [(40, False), (60, True)])
def test_kernels_are_forgotten_where_they_are_many(
    maps: int, forgets: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, most = tmp_path / "maps", tmp_path / "most"
    lines.write_text("7f00-7f01 r-xp\n" * maps, encoding="ascii")
    most.write_text("100\n", encoding="ascii")
    cleared: list[bool] = []
    monkeypatch.setattr(device, "_MAPS", lines)
    monkeypatch.setattr(device, "_MOST_MAPS", most)
    monkeypatch.setattr(device, "_looked", -1000.0)
    monkeypatch.setattr(jax, "clear_caches", lambda: cleared.append(True))
    device.make_room()
    device.make_room()  # looks again only after a while
    assert cleared == [True] * forgets


def test_a_system_without_such_files_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_MAPS", tmp_path / "none")
    monkeypatch.setattr(device, "_looked", -1000.0)
    monkeypatch.setattr(jax, "clear_caches", lambda: pytest.fail("nothing is known"))
    device.make_room()

"""The historical data that tests of loaders and base rates need: a folder `shared/data` beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"

needs_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="no folder shared/data with historical data beside the checkout"
)


@pytest.fixture
def shared_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, named to the package as a user would."""
    if not SHARED.is_dir():
        pytest.skip("no folder shared/data with historical data beside the checkout")
    monkeypatch.setenv("FOEDERIS_DATA", str(SHARED))
    return SHARED

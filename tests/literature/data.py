"""Published data, which are not part of the project: they are read where they lie beside the clone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data"


def table(name: str) -> Any:
    """The table in a file of the folder; skips the test where there is none."""
    pandas = pytest.importorskip("pandas")
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside the clone, in shared/data")
    return pandas.read_csv(path)

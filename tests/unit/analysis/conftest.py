"""What tests of analyses share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from foederis.solve import engine, workshop


@pytest.fixture(scope="module")
def few_nodes() -> Iterator[None]:
    """Cases with types are solved on few nodes, whose kernels compile sooner."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(engine.solve_game.__kwdefaults__, "nodes", 5)
        patch.setattr(workshop, "ROOMS", (4,))
        yield

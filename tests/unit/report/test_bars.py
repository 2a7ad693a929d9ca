"""Bars and the shares beside them."""

from __future__ import annotations

import math

import pytest

from foederis.report.bars import bar, part, span


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1.0, "████"), (0.5, "██"), (0.53, "██▏"), (0.25, "█"), (0.22, "▉"), (0.001, "▏"), (0.0, ""), (-0.2, ""),
        (1.3, "████"), (math.nan, ""),
    ],
)  # fmt: skip
def test_bars(share: float, shown: str) -> None:
    assert bar(share, 4) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.404, "40 %"), (0.0994, "9.9 %"), (0.0996, "10 %"), (0.0004, "0 %"), (-0.0004, "0 %"), (-0.057, "−5.7 %"),
        (1.05, "105 %"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_parts(share: float, shown: str) -> None:
    assert part(share) == shown


def test_spans() -> None:
    assert span(-0.021, 0.114) == "(−2.1 to 11 %)"

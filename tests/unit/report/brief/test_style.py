"""Colours that can be told apart: on their ground, without colour vision, and in grey."""

from __future__ import annotations

import itertools
import re
from importlib import resources

import numpy as np
import pytest
from numpy.typing import NDArray

CSS = resources.files("foederis.report.brief").joinpath("style.css").read_text(encoding="utf-8")
_ROOTS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
LIGHT, DARK, PRINT = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", root)) for root in _ROOTS)
GROUNDS = {"light": LIGHT, "dark": DARK, "print": PRINT}
# Machado, Oliveira & Fernandes (2009), IEEE TVCG 15(6): 1291-1298, severity 1; applied to linear RGB.
BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(rgb: NDArray[np.float64]) -> float:
    return float(np.clip(rgb, 0, 1) @ [0.2126, 0.7152, 0.0722])


def contrast(one: float, two: float) -> float:
    """WCAG 2.2."""
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


@pytest.mark.parametrize("scheme", GROUNDS)
@pytest.mark.parametrize("name", ["ink", "soft", "accent", "alert"])
@pytest.mark.parametrize("ground", ["ground", "sheet", "alert-ground"])
def test_texts_can_be_read(scheme: str, name: str, ground: str) -> None:
    colours = GROUNDS[scheme]
    assert contrast(luminance(linear(colours[name])), luminance(linear(colours[ground]))) >= 4.5


@pytest.mark.parametrize("scheme", GROUNDS)
def test_marks_stand_out_from_the_ground(scheme: str) -> None:
    colours = GROUNDS[scheme]
    for name in ("accent", "edge", "alert"):
        assert contrast(luminance(linear(colours[name])), luminance(linear(colours["ground"]))) >= 3


@pytest.mark.parametrize("scheme", GROUNDS)
@pytest.mark.parametrize("seen", [None, *BLIND])
def test_shades_differ_in_lightness_for_everybody(scheme: str, seen: str | None) -> None:
    shades = [linear(GROUNDS[scheme][f"a{k}"]) for k in range(6)]
    light = [luminance(np.array(BLIND[seen]) @ shade if seen else shade) for shade in shades]
    assert light == sorted(light, reverse=scheme != "dark")
    # Of those that stand beside each other among three levels, and among two.
    assert all(contrast(light[a], light[b]) >= 1.5 for a, b in itertools.pairwise((0, 2, 5)))
    assert contrast(light[0], light[5]) >= 3


def test_every_scheme_has_every_colour() -> None:
    assert set(LIGHT) == set(DARK) == set(PRINT)


def test_nothing_is_loaded() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:", CSS.replace('a[href^="http"]', ""))

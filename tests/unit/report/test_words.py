"""Probabilities in words and numbers as one reads them aloud."""

from __future__ import annotations

import math

import pytest

from foederis.report.words import change, counted, fine_percent, percent, points, probability_word, tidy


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (0.0, "almost no chance"), (0.049, "almost no chance"), (0.05, "very unlikely"), (0.199, "very unlikely"),
        (0.2, "unlikely"), (0.449, "unlikely"), (0.45, "roughly even chance"), (0.5, "roughly even chance"),
        (0.55, "likely"), (0.799, "likely"), (0.8, "very likely"), (0.95, "almost certain"), (1.0, "almost certain"),
        (1 + 1e-15, "almost certain"), (math.nan, "no answer"),
    ],
)  # fmt: skip
def test_the_words_of_icd_203(share: float, word: str) -> None:
    assert probability_word(share) == word


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (1.0, "100 %"), (-1e-17, "0 %"), (1 + 1e-16, "100 %"), (1e-9, "< 0.1 %"), (1 - 1e-9, "> 99.9 %"),
        (0.0005, "0.1 %"), (0.0123, "1.2 %"), (0.0994, "9.9 %"), (0.0996, "10 %"), (0.5, "50 %"), (0.899, "90 %"),
        (0.901, "90.1 %"), (0.9994, "99.9 %"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_percentages_are_never_rounded_to_certainty(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (1.0, "1.00"), (-0.5311, "−0.531"), (12.345, "12.3"), (123.4, "123"), (1234.5, "1,234"),
        (-98765.4, "−98,765"), (0.00123, "0.00123"), (4.1e-6, "0.00000410"), (-4.1e-9, "−4.10e−9"), (1e-13, "0"),
        (9.999e-7, "0.00000100"), (9.999e14, "1.00e15"), (123456789012345.0, "123,456,789,012,345"), (-2e18, "−2.00e18"),
        (math.nan, "–"),
    ],
)  # fmt: skip
def test_numbers_of_three_digits(value: float, text: str) -> None:
    assert points(value) == text


def test_differences_carry_their_sign() -> None:
    assert [points(value, signed=True) for value in (1.5, -1.5, 0.0)] == ["+1.50", "−1.50", "0"]
    assert [points(value, signed=True) for value in (1.5e-8, -2e18)] == ["+1.50e−8", "−2.00e18"]
    assert [change(value) for value in (0.123, -0.123, 0.0005, -0.0005, 0.0)] == ["+12.3", "−12.3", "+0.1", "−0.1", "0"]


def test_numbers_without_zeros_that_say_nothing() -> None:
    assert [tidy(value) for value in (1.0, 0.999999, 0.4, 20.0, -1.5, 0.0, 100.0, 1234.5, 0.0123, 1e-10, 2.5e20)] == [
        "1", "1", "0.4", "20", "−1.5", "0", "100", "1,234", "0.0123", "1e−10", "2.5e20",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"), (0.25, "25 %"), (0.0006, "0.1 %"), (0.000123, "0.012 %"), (9.96e-6, "0.00100 %"), (3e-8, "0.0000030 %"),
        (3e-9, "< 0.000001 %"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_small_percentages_with_two_digits(share: float, text: str) -> None:
    assert fine_percent(share) == text


def test_small_differences_with_two_digits() -> None:
    found = [change(value) for value in (0.123, 0.0, -0.000123, 0.0000456, -1e-9, math.nan)]
    assert found == ["+12.3", "0", "−0.012", "+0.0046", "0", "–"]


def test_counting() -> None:
    assert [counted(number, "step") for number in (0, 1, 2, 1234)] == ["0 steps", "1 step", "2 steps", "1,234 steps"]

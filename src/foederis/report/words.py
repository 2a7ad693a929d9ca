"""Words for probabilities, as analysts' readers expect them, and numbers as one reads them aloud.

Source: Intelligence Community Directive 203, Analytic Standards (2015), section D.6.e.(2)(a).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from foederis.analysis.rounding import NOTHING

_SMALLEST, _LARGEST = -6, 14  # powers of ten between which numbers are written out

# Upper ends of ICD 203's ranges; the directive leaves out what is below 1 % and above 99 %.
_WORDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)


# Names of a file that are written small there and large everywhere else; `us` would be read as a pronoun.
_LARGE = frozenset({"dprk", "eu", "nato", "prc", "rok", "uae", "uk", "un", "us", "usa", "ussr"})


def plain_name(name: str) -> str:
    """A name of the file as words: `us_support` is `US support`."""
    return " ".join(word.upper() if word in _LARGE else word for word in name.split("_"))


def quoted(name: str, starts: bool = False) -> str:
    """An option in a sentence, as in `most likely chooses “stand aside”`: some are named by a verb, others by a noun.

    Args:
        starts: whether it begins a sentence.
    """
    plain = plain_name(name)
    return f"“{plain[:1].upper() + plain[1:] if starts else plain}”"


def probability_word(share: float) -> str:
    """The estimative word for a probability from 0 to 1; "no answer" for nan."""
    if math.isnan(share):
        return "no answer"
    return next((word for top, word in _WORDS if share < top), _WORDS[-1][1])


def counted(number: int, noun: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def percent(share: float) -> str:
    """A probability as a percentage: more digits near 0 and 100 %, never rounded to either."""
    if math.isnan(share):
        return "–"
    if share <= 0 or share >= 1:
        return f"{100 * min(max(share, 0), 1):.0f} %"
    if share < 0.0005:
        return "< 0.1 %"
    if share > 0.9995:
        return "> 99.9 %"
    near = min(share, 1 - share)
    return f"{100 * share:.1f} %" if near < 0.0995 else f"{100 * share:.0f} %"


def points(value: float, signed: bool = False) -> str:
    """A number with three significant digits; very large and very small ones as `1.50e15`, rounding as 0."""
    if math.isnan(value):
        return "–"
    if abs(value) < NOTHING:
        return "0"
    sign = "+" if signed else ""
    # Of the rounded number, so that 0.9999 is 1.00 and not 1.000.
    size = math.floor(math.log10(abs(float(f"{value:.3g}"))))
    if _SMALLEST <= size <= _LARGEST:
        return f"{value:{sign},.{max(0, 2 - size)}f}".replace("-", "−")
    mantissa, _, exponent = f"{value:{sign}.2e}".partition("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def places_for(largest: float) -> int:
    """How many decimals numbers need that stand beside one of this size, so that they can be compared and added."""
    if not largest > 0:
        return 0
    size = math.floor(math.log10(largest))
    return min(6, max(0, 2 - size if size >= 0 else 1 - size))


def fixed(value: float, places: int, signed: bool = False) -> str:
    """A number with so many decimals; `−0.0` is `0`."""
    if math.isnan(value):
        return "–"
    text = f"{value:+,.{places}f}" if signed else f"{value:,.{places}f}"
    return "0" if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def fine_percent(share: float) -> str:
    """As percent, with two digits where that would only say that it is small."""
    if not 0 < share < 0.0005:
        return percent(share)
    return f"{_two_digits(100 * share)} %" if share >= 1e-8 else "< 0.000001 %"


def change(difference: float) -> str:
    """A difference of probabilities, in percentage points: one decimal, or two digits where that would be 0."""
    if math.isnan(difference):
        return "–"
    if abs(difference) < 1e-8:
        return "0"
    if abs(difference) >= 0.0005:
        return f"{100 * difference:+.1f}".replace("-", "−")
    return ("+" if difference > 0 else "−") + _two_digits(100 * abs(difference))


def _two_digits(value: float) -> str:
    return f"{value:.{1 - math.floor(math.log10(value))}f}"


def tidy(value: float, signed: bool = False) -> str:
    """As points, without the zeros that say nothing: `1.00` is `1`."""
    text, e, exponent = points(value, signed).partition("e")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + e + exponent

"""Values and ranges of a quantity in words."""

from __future__ import annotations

import math
import re

from foederis.language.case import Case
from foederis.report.words import percent, points


def quantity_value(case: Case, name: str, value: float) -> str:
    """A quantity's value with its unit, as a percentage if the file gives it as one."""
    quantity = case.quantities[name]
    # The level of an interval and the shares of a choice are no values.
    written = re.sub(r"@.*|=[^,)]*", "", quantity.text)
    if "%" in written:
        return percent(value)
    chosen = quantity.distribution is not None and quantity.distribution.family == "choice"
    return f"{f'{value:g}' if chosen else points(value)} {quantity.unit}".strip()


def quantity_range(case: Case, name: str, low: float, high: float) -> str:
    """`above 3`, `below 20 %`, `between 3 and 5`, or the values of a choice; -inf and inf where there is no end."""
    spread = case.distribution(name)
    if spread.support:
        return " or ".join(quantity_value(case, name, value) for value in spread.support if low <= value <= high)
    if math.isinf(high):
        return f"above {quantity_value(case, name, low)}"
    upper = quantity_value(case, name, high)
    return f"below {upper}" if math.isinf(low) else f"between {quantity_value(case, name, low)} and {upper}"

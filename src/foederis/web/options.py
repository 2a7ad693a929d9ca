"""What an option of a command may be: each kind a function that gives the value back or says what it must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from foederis.diagnostics import nearest
from foederis.web.failures import Failed

Reader = Callable[[Any], Any]
_LONGEST, _MOST = 4_000, 200  # characters of a text, texts in a list
_NEWS = 1_000_000


def text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError("a text")
    return value


def news(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _NEWS:
        raise ValueError("the text of a file of observations")
    return value


def texts(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError(f"a list of at most {_MOST} texts")
    return [text(item) for item in value]


def names(value: Any) -> list[str]:
    return ["all"] if value == "all" else texts(value)


def whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low:,} to {high:,}")
        return value

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words or not isinstance(value, str):
            raise ValueError(" or ".join(f"`{word}`" for word in words))
        return value

    return read


SEED = whole(0, 2**32 - 1)
STEP = whole(0, 100_000)


def read(name: str, options: Any, known: Mapping[str, Reader]) -> dict[str, Any]:
    """The options of a command, each looked at.

    Raises:
        Failed: there is no such option, or a value is not what it should be.
    """
    if not isinstance(options, dict):
        raise Failed("`options` is an object of names and values")
    found = {}
    for key, value in options.items():
        if key not in known:
            raise Failed(f"`{name}` has no option `{key[:60]}`: {nearest(key[:60], known)}")
        if value is None:
            continue
        try:
            found[key] = known[key](value)
        except ValueError as wrong:
            raise Failed(f"the option `{key}` of `{name}` must be {wrong}") from None
    return found

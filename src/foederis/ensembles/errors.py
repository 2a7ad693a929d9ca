"""What goes wrong with an ensemble as a whole, and what of one of its pieces."""

from __future__ import annotations

from dataclasses import dataclass


def counted(number: int, noun: str) -> str:
    """`1 piece`, `2 pieces`, for messages."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class EnsembleError(Exception):
    """An ensemble that cannot be begun, gone on with or asked, with what to do."""


@dataclass(frozen=True)
class Failure:
    """Why a piece could not be solved; `code` is that of a message, if it has one."""

    message: str
    code: str = ""

"""What is said to a page: refusals, and data that JSON can hold."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from foederis.diagnostics import legible


class Refusal(Exception):
    """An ask that is answered with a message and a cure; `more` stands beside the error in the answer."""

    def __init__(self, status: int, message: str, cure: str = "", **more: Any):
        self.status, self.message, self.cure, self.more = status, legible(message), legible(cure), more
        super().__init__(status, message, cure)

    def to_json(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "cure": self.cure}, **self.more}


def carried(work: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The same work for another process: a refusal is given back, to be raised by `arrived`."""

    @functools.wraps(work)
    def carrying(payload: dict[str, Any]) -> dict[str, Any]:
        try:
            return work(payload)
        except Refusal as refused:
            return {"refused": refused.status, **refused.to_json()}

    return carrying


def arrived(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer from another process.

    Raises:
        Refusal: it is one.
    """
    if "refused" not in answer:
        return answer
    rest = {key: value for key, value in answer.items() if key not in ("refused", "error")}
    raise Refusal(answer["refused"], answer["error"]["message"], answer["error"]["cure"], **rest)


def finite(content: Any) -> Any:
    """The same data with None for every number that is not finite."""
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, dict):
        return {key: finite(value) for key, value in content.items()}
    return [finite(item) for item in content] if isinstance(content, (list, tuple)) else content

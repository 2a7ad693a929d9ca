"""Remembers what the parts of a file mean, so that a changed file is read anew only where it changed.

Nodes never change and a change shares with the original all that it leaves alone, so that a part is known by
the identity of its node, together with the identity of everything else that decides what it means.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from foederis.diagnostics import Diagnostic
from foederis.language.case import Quantity
from foederis.language.reader import Reader

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


@dataclass(frozen=True)
class _Read:
    """A part's meaning, and what reading it left in the reader."""

    inputs: tuple[object, ...]  # kept, so that no other object can come to have the identity of one of them
    result: Any
    found: tuple[Diagnostic, ...]
    quantities: tuple[tuple[str, Quantity], ...]
    numbers: dict[str, int]


@dataclass(eq=False)
class Memory:
    """Filled while a file is read, `sealed` from then on: changed cases take from it and add nothing."""

    sealed: bool = False
    reread: int = 0  # expressions that changed cases had to compile
    _parts: dict[tuple[object, ...], _Read] = field(default_factory=dict)
    _values: dict[Hashable, Hashable] = field(default_factory=dict)

    def same(self, value: H) -> H:
        """The object that stands for all values equal to this one."""
        if self.sealed:
            return self._values.get(value, value)  # type: ignore[return-value]
        return self._values.setdefault(value, value)  # type: ignore[return-value]

    def read(self, reader: Reader, part: str, inputs: tuple[object, ...], build: Callable[[], T]) -> T:
        """What `build` makes of a part, or made of it before, given the same inputs."""
        key = (part, *map(id, inputs))
        known = self._parts.get(key)
        if known is not None:
            for item in known.found:
                reader.report.add(item.code, item.message, item.span, item.help)
            reader.quantities.update(known.quantities)
            for kind, count in known.numbers.items():
                reader.numbers[kind] += count
            result: T = known.result
            return result
        found, quantities, numbers = len(reader.report.found), len(reader.quantities), dict(reader.numbers)
        result = build()
        if not self.sealed:
            self._parts[key] = _Read(
                inputs,
                result,
                tuple(reader.report.found[found:]),
                tuple(islice(reversed(reader.quantities.items()), len(reader.quantities) - quantities))[::-1],
                {kind: count - numbers[kind] for kind, count in reader.numbers.items()},
            )
        return result

"""What is known of a dataset, and the one kind of error of this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

AS_PUBLISHED = "as published"
CONVERTED = "converted"


class DataError(Exception):
    """A data file that is missing, cannot be read, or is not the version that its loader knows; says what to do."""

    def __init__(self, message: str, help: str = ""):
        self.message = message
        self.help = help
        super().__init__(message, help)

    def __str__(self) -> str:
        return f"{self.message}\n = help: {self.help}" if self.help else self.message


def raise_all(mistakes: Sequence[tuple[str, str]]) -> None:
    """Raises all mistakes at once, each a message and its help; nothing if there are none."""
    if len(mistakes) == 1:
        raise DataError(*mistakes[0])
    if mistakes:
        told = "".join(f"\n   {message}{f' ({help})' if help else ''}" for message, help in mistakes)
        raise DataError(f"{len(mistakes)} mistakes:{told}")


class Kind(Enum):
    """What a column of a tidy frame holds; all can be missing."""

    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "yes or no"  # in the file 0 is no, another number is yes
    ONE = "yes or no; in the file 1 is yes"
    TEXT = "text"
    FIRST_DAY = "date; where the day or month is unknown, the first that it can be"
    LAST_DAY = "date; where the day or month is unknown, the last that it can be"


@dataclass(frozen=True)
class Column:
    """A column of a tidy frame.

    Attributes:
        source: its column in the file; for dates those of year, month and day, or one with 196905 or 1969-05-01; empty
            where it is worked out.
    """

    kind: Kind
    source: str | tuple[str, str, str]
    meaning: str

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source


@dataclass(frozen=True)
class DataFile:
    """One form in which a dataset is read.

    Attributes:
        name: of the file; size: in bytes, of the copy that the checksums were taken of.
        sha256: of that copy's bytes.
        content_sha256: of the same with LF line ends and without a byte order mark, so that a copy differs from another
            by its data only; the same as sha256 for a binary file.
        width: how many columns it has; 0 for a binary file.
        form: AS_PUBLISHED, or CONVERTED from another format; converted: from what and by whom.
        address: a plain file that the authors offer, or nothing; confirmed: whether the checksum is known to be that of
            the file there.
    """

    name: str
    size: int
    sha256: str
    content_sha256: str
    width: int
    form: str = AS_PUBLISHED
    converted: str = ""
    address: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Dataset:
    """A dataset and its loader.

    Attributes:
        name: by which it is asked for; version: of the authors.
        citation, terms: what they ask of those who use it.
        page: where the authors publish it; inside: the archive there that holds the file, where it is no plain one.
        page_verified: whether we have opened that page, and seen the file there.
        files: the forms that are read, the preferred one first.
        missing: what stands for a missing value in the file; traps: what is known to mislead, and what we do.
        columns: of the tidy frame, by name; those without a meaning are for `finish` alone. codes: numbers that stand
            for a missing value; kept: columns of the file in which they are values.
        finish: the last step from the frame of these columns to the tidy one, where a file has traps of its own; added:
            the columns that it makes, which have no source.
    """

    name: str
    title: str
    version: str
    citation: str
    terms: str
    page: str
    files: tuple[DataFile, ...]
    missing: str
    traps: tuple[str, ...]
    columns: Mapping[str, Column]
    codes: tuple[int, ...] = ()
    kept: tuple[str, ...] = ()
    finish: Callable[[Frame], Frame] | None = None
    added: Mapping[str, Column] = field(default_factory=dict)
    inside: str = ""
    page_verified: bool = False

    @property
    def documented(self) -> dict[str, Column]:
        """The columns of the tidy frame by name, with what they mean."""
        return {**{name: column for name, column in self.columns.items() if column.meaning}, **self.added}

    def to_json(self) -> dict[str, Any]:
        """What is known of it, as plain data."""
        keys = ("name", "title", "version", "citation", "terms", "page", "page_verified", "inside", "missing")
        files = [{key: getattr(file, key) for key in file.__dataclass_fields__} for file in self.files]
        head = {key: getattr(self, key) for key in keys}
        columns = {
            name: {"kind": column.kind.value, "meaning": column.meaning} for name, column in self.documented.items()
        }
        return {**head, "traps": list(self.traps), "columns": columns, "files": files}

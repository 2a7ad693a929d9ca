"""The files that loaders know: sizes and checksums from `checksums.csv`, and what several datasets share."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from importlib import resources

from foederis.history.datasets.dataset import AS_PUBLISHED, CONVERTED, DataFile

COW_TERMS = "free; the Correlates of War project asks to cite the article and the version"
COW_MISSING = "-9 unknown, -8 not applicable, -7 still going on"
COW_CODES = (-7, -8, -9)
COW = "https://correlatesofwar.org/data-sets/"
MILLER = "the table of Steven Miller's R package peacesciencer, written as CSV"


@cache
def _listed() -> dict[str, dict[str, str]]:
    text = resources.files("foederis.history.datasets").joinpath("checksums.csv").read_text(encoding="utf-8")
    return {row["name"]: row for row in csv.DictReader(text.splitlines())}


def published(name: str, *, address: str = "", confirmed: bool = False, official: str = "") -> tuple[DataFile, ...]:
    """A file as its authors publish it, who call it `official` where that is another name; `confirmed` if the checksum
    is known to be that of theirs.
    """
    file = _file(name, AS_PUBLISHED, "", address, confirmed)
    return (replace(file, name=official), file) if official else (file,)


def converted(name: str, origin: str) -> tuple[DataFile, ...]:
    """A file that somebody made from the authors' own; the authors' format is not read."""
    return (_file(name, CONVERTED, origin, "", False),)


def _file(name: str, form: str, origin: str, address: str, confirmed: bool) -> DataFile:
    row = _listed()[name]
    size, width = int(row["size"]), int(row["width"])
    return DataFile(name, size, row["sha256"], row["content_sha256"], width, form, origin, address, confirmed)

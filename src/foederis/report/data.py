"""Datasets as text: the list of them, one in full, and what a check has found."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from foederis.history.datasets.dataset import AS_PUBLISHED, DataFile, Dataset
from foederis.history.datasets.files import described_folder
from foederis.history.datasets.status import Status
from foederis.report.tables import print_line, print_rows
from foederis.report.words import counted


def print_datasets(found: Sequence[Status], console: Console) -> None:
    rows = [[status.dataset.name, status.dataset.title, status.dataset.version, status.word] for status in found]
    print_rows(console, rows, headers=("name", "dataset", "version", ""), words=(0, 1, 2, 3), indent=0)
    here = sum(status.path is not None for status in found)
    console.print()
    text = (
        f"{here} of {counted(len(found), 'dataset')} here, in {described_folder()}. `foederis data list NAME` says "
        "more, also where to get one."
    )
    print_line(console, text, style="dim")


def print_dataset(status: Status, console: Console) -> None:
    known = status.dataset
    print_line(console, f"{known.title}, version {known.version}", style="bold")
    rows = [
        ["cite", known.citation],
        ["terms", known.terms],
        ["published", _place(known)],
        *(["file", _described(file)] for file in known.files),
        ["here", f"{status.path or 'no; ' + status.advice}{f' {status.problem}' if status.problem else ''}"],
        ["missing", known.missing],
        *(["mind" if not place else "", trap] for place, trap in enumerate(known.traps)),
    ]
    print_rows(console, rows, words=(0, 1), whole=(0,))
    console.print()
    print_line(console, "Columns of the tidy frame")
    columns = [[name, column.kind.value.partition(";")[0], column.meaning] for name, column in known.documented.items()]
    print_rows(console, columns, words=(0, 1, 2), whole=(0,))
    console.print()


def _place(known: Dataset) -> str:
    inside = f", in {known.inside}" if known.inside else ""
    unseen = "" if known.page_verified else " (an address that we could not open ourselves)"
    return f"{known.page}{inside}{unseen}"


def _described(file: DataFile) -> str:
    made = "as published" if file.form == AS_PUBLISHED else f"converted: {file.converted}"
    sure = "; the checksum is that of the authors' file" if file.confirmed else ""
    if file.form == AS_PUBLISHED and not file.confirmed:
        sure = "; the checksum is that of a copy, and was not held against the authors' file"
    return f"{file.name}, {file.size:,} bytes, SHA-256 {file.sha256[:16]}…, {made}{sure}"


def print_check(found: Sequence[Status], console: Console) -> None:
    for status in found:
        told = f": {status.path} {status.problem}" if status.problem else ""
        style = {"here": "green", "another version": "red"}.get(status.word, "dim")
        word = "as known" if status.word == "here" else status.word
        print_line(console, f"{status.dataset.name}: {word}{told}", style=style)
    wrong = [status for status in found if status.problem]
    console.print()
    here = sum(status.path is not None for status in found)
    text = f"{counted(here - len(wrong), 'file')} as known, {len(wrong)} not, {len(found) - here} not here."
    if wrong:
        text += " `foederis data list NAME` says which version is read, and where to get it."
    print_line(console, text, style="bold")

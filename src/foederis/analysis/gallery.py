"""Finding cases: files, texts and the gallery that ships with the package."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.language import check
from foederis.language.case import Case


def gallery() -> dict[str, Path]:
    """The shipped cases by name, with their files."""
    folder = Path(str(resources.files("foederis").joinpath("cases")))
    return {path.stem: path for path in sorted(folder.glob("*/*.yaml")) if path.stem == path.parent.name}


def find(name: str | Path) -> Path:
    """The file of a case given by path or by its name in the gallery.

    Raises:
        CaseError: F001 if there is neither.
    """
    path = Path(name)
    if path.exists():
        return path
    cases = gallery()
    if str(name) in cases:
        return cases[str(name)]
    looks_like_file = path.suffix or len(path.parts) > 1
    known = nearest(str(name), cases)
    help = "check the path" if looks_like_file else known + "; `foederis cases` lists the shipped ones"
    raise CaseError([Diagnostic("F001", f"there is no file and no shipped case `{name}`", help=help.lstrip("; "))])


def load(name: str | Path) -> Case:
    """The case in a file, or a shipped case by its name.

    Raises:
        CaseError: with every mistake of the file.
    """
    return check.read_file(find(name))


def loads(text: str, *, filename: str = "<text>", folder: Path | None = None) -> Case:
    """The case in a text; `folder` is where the files of its sources lie.

    Raises:
        CaseError: with every mistake of the text.
    """
    return check.read_text(text, filename=filename, folder=folder)


def with_settings(case: Case, settings: list[str]) -> Case:
    """The case changed by `path=value` texts."""
    return (
        check.change(case, check.parse_settings(settings), context="--set " + ", ".join(settings)) if settings else case
    )

"""What is wrong with a text, what it names, and what a list of cases shows of it. Run by the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foederis.analysis.checking import look
from foederis.diagnostics import CaseError, Diagnostic, Report, TooMany
from foederis.language import check, news, source
from foederis.language.case import Case
from foederis.language.source import Mapping, Node, Scalar
from foederis.web.failures import diagnosed
from foederis.web.outline import names_in, worlds


def read_case(payload: dict[str, Any]) -> Case:
    """The case in a text that came with its file's name and folder.

    Raises:
        CaseError: with every mistake of the text.
    """
    folder = payload.get("folder")
    return check.read_text(
        payload["text"],
        filename=payload.get("filename", ""),
        folder=Path(folder) if folder else None,
        name=payload.get("name", ""),
    )


def check_text(payload: dict[str, Any]) -> dict[str, Any]:
    """Mistakes and warnings of a text, the names that it defines, and its summary.

    Args:
        payload: `text`; `filename`, `folder` and `name` of its file, if it has one.
    """
    found: tuple[Diagnostic, ...]
    try:
        found = look(read_case(payload)).warnings
    except CaseError as problem:
        found = problem.diagnostics
    root = _root(payload["text"])
    return {
        "diagnostics": diagnosed(found),
        "names": names_in(root),
        "summary": _summary(root, found),
        "reads_files": _reads_files(root),
    }


def check_news(payload: dict[str, Any]) -> dict[str, Any]:
    """Mistakes of a file of observations, read for its case.

    Args:
        payload: as for check_text, of the case; `news` is the text, `news_name` and `news_folder` are its file's.
    """
    folder = payload.get("news_folder")
    try:
        case = read_case(payload)
        news.add_news(case, payload["news"], payload.get("news_name", "news.yaml"), Path(folder) if folder else None)
    except CaseError as problem:
        return {"diagnostics": diagnosed(problem.diagnostics)}
    return {"diagnostics": []}


def _root(text: str) -> Mapping | None:
    """The nodes of a text, as far as it is YAML."""
    try:
        root = source.parse(text, Report())
    except TooMany:
        return None
    return root if isinstance(root, Mapping) else None


def _summary(root: Mapping | None, found: tuple[Diagnostic, ...]) -> dict[str, Any]:
    errors = sum(item.is_error for item in found)
    asked = root.get("questions") if root else None
    first = asked.entries[0] if isinstance(asked, Mapping) and asked.entries else None
    parts = first[1] if first and isinstance(first[1], Mapping) else None
    typed = _is_typed(root)
    return {
        "title": _text(root.get("title") if root else None),
        "question": (_text(parts.get("says")) if parts else "") or (first[0].text if first else ""),
        "unit": _text(parts.get("unit")) if parts else "",
        "state": "errors" if errors else "warnings" if found else "ok",
        "errors": errors,
        "warnings": len(found) - errors,
        "typed": typed,
        "draws": worlds(typed),
    }


def _text(node: Node | None) -> str:
    return " ".join(node.text.split()) if isinstance(node, Scalar) else ""


def _is_typed(root: Mapping | None) -> bool:
    actors = root.get("actors") if root else None
    return isinstance(actors, Mapping) and any(
        isinstance(actor, Mapping) and actor.get("types") is not None for _, actor in actors.entries
    )


def _reads_files(root: Mapping | None) -> bool:
    """Whether what is wrong depends on more than the text: sources may name files in which quotes are searched."""
    sources = root.get("sources") if root else None
    return isinstance(sources, Mapping) and any(
        isinstance(item, Mapping) and item.get("file") is not None for _, item in sources.entries
    )

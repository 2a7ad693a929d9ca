"""From a case to its brief on disk."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from foederis.analysis.gallery import load
from foederis.analysis.solving import Progress, usual_draws
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.report.brief.gather import gather
from foederis.report.brief.page import page


class BriefError(Exception):
    """A brief that cannot be written, with what to do."""


def report(
    case: Case | str | Path,
    path: str | Path | None = None,
    *,
    draws: int | None = None,
    seed: int = 0,
    what_ifs: Iterable[str] | str = "all",
    settings: Sequence[str] = (),
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Path:
    """Works a case out and writes its brief, one HTML file that needs nothing from outside.

    Args:
        case: a case, a path, or the name of a shipped case.
        path: where to; NAME-brief.html in the current folder if None. A brief of that name is replaced.
        what_ifs: names of what-ifs, or "all"; they are solved in the first 256 of the draws.
        settings: changes as `path=value`, which the brief then states.
        draws, seed, max_states, progress: as in `solve`.
    Returns:
        The path of the brief. The same input gives the same bytes.
    Raises:
        BriefError: it cannot be written there; found out before anything is solved.
        CaseError, ResidualError: as in `solve`.
    """
    found = case if isinstance(case, Case) else load(case)
    target = Path(path) if path is not None else Path(f"{found.name or 'crisis'}-brief.html")
    can_write(target)
    material = gather(
        found,
        draws=usual_draws(found) if draws is None else draws,
        seed=seed,
        what_ifs=what_ifs,
        settings=settings,
        max_states=max_states,
        progress=progress,
    )
    write(page(material), target)
    return target


def can_write(path: Path) -> None:
    """Finds out before a long solve whether the brief can be kept.

    Raises:
        BriefError: with what to do.
    """
    if path.is_dir():
        raise BriefError(f"{path} is a folder; name a file in it, such as {path / 'brief.html'}")
    if not path.parent.is_dir():
        raise BriefError(f"there is no folder {path.parent}; make it first, or choose another place with --out")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise BriefError(f"{path} cannot be written: permission denied; choose another place with --out")


def write(text: str, path: Path) -> None:
    """Writes a file as a whole or not at all; an older one of the name stays until the new one is there.

    Raises:
        BriefError: the file system refuses.
    """
    part = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            part = Path(file.name)
            file.write(text)
        part.chmod(0o666 & ~_mask())
        part.replace(path)
    except OSError as error:
        raise BriefError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _mask() -> int:
    """What this user's new files may not have: temporary files are made readable by their owner only."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

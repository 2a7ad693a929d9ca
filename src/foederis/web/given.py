"""The case that came with a job, in a worker process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

from foederis.language import check
from foederis.language.case import Case

_KEPT = 8
_cases: OrderedDict[tuple[str, ...], Case] = OrderedDict()
_lock = threading.Lock()


def key_of(payload: dict[str, Any]) -> tuple[str, ...]:
    """The text of a case and all that its meaning depends on."""
    return tuple(str(payload.get(part) or "") for part in ("text", "filename", "folder", "name", "sha256"))


def case_of(payload: dict[str, Any]) -> Case:
    """The case as it stands in its file.

    Args:
        payload: `text`; `filename`, `folder`, `name` and `sha256` of its file, if it has one.
    Raises:
        CaseError: with every mistake of the text.
    """
    key = key_of(payload)
    with _lock:
        found = _cases.get(key)
    if found is None:
        text, filename, folder, name, sha256 = key
        found = check.read_text(text, filename=filename, folder=Path(folder) if folder else None, name=name)
        found = replace(found, sha256=sha256 or found.sha256)
    if any("file" in source.details for source in found.sources.values()):
        return found  # what is wrong with it depends on other files, which may change
    with _lock:
        _cases[key] = found
        _cases.move_to_end(key)
        while len(_cases) > _KEPT:
            _cases.popitem(last=False)
    return found

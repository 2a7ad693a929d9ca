"""What a folder says of the ensemble in it, and what of an earlier one does not fit a plan any more."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from foederis.ensembles.errors import Failure, counted
from foederis.ensembles.nodes import to_plain
from foederis.ensembles.pieces import Piece
from foederis.ensembles.plan import Plan
from foederis.ensembles.versions import differences

Manifest = dict[str, Any]


def manifest_of(plan: Plan, pieces: Sequence[Piece], versions: dict[str, str]) -> Manifest:
    """What is known before anything is solved."""
    return {
        "ensemble": 1,
        "title": plan.title,
        "plan": {"file": plan.filename, "sha256": plan.sha256, "text": plan.text},
        "versions": versions,
        "draws": plan.draws,
        "piece": plan.piece,
        "seeds": list(plan.seeds),
        "cases": {
            planned.name: {
                "title": planned.case.title,
                "file": planned.case.filename,
                "sha256": planned.case.sha256,
                "what_ifs": list(planned.what_ifs),
            }
            for planned in plan.cases
        },
        "settings": {
            setting.name: {
                "says": setting.says,
                "cases": list(setting.cases),
                "set": [[path, to_plain(node)] for path, node in setting.changes],
            }
            for setting in plan.settings
        },
        "pieces": [piece.entry() for piece in pieces],
    }


def finished(
    manifest: Manifest, files: Mapping[str, Path], failures: Mapping[str, Failure], processors: Sequence[str]
) -> Manifest:
    """The manifest with what came of it: the files of pieces, those that failed, and a fingerprint of all."""
    names = {key: files[key].name for key in sorted(files)}
    return {
        **manifest,
        "processors": list(processors),
        "failed": [{"piece": key, "code": why.code, "message": why.message} for key, why in sorted(failures.items())],
        "files": names,
        "fingerprint": hashlib.sha256("\n".join(names.values()).encode()).hexdigest(),
    }


def misfits(old: Manifest | None, new: Manifest, unfit: Collection[str]) -> list[str]:
    """Why pieces that are there do not fit any more, each reason with how many pieces it concerns."""
    entries = {entry["piece"]: entry for entry in (old["pieces"] if old else ())}
    found: Counter[str] = Counter()
    for key in unfit:
        if old is None or key not in entries:
            found["of a plan that is not known any more"] += 1
        else:
            found.update(_reasons(entries[key], old, new))
    return [f"{reason}: {counted(count, 'piece')}" for reason, count in found.items()]


def _reasons(entry: Manifest, old: Manifest, new: Manifest) -> list[str]:
    """Why one piece does not fit."""
    found = differences(old["versions"], new["versions"])
    case, setting, seed = entry["case"], entry["setting"], entry["seed"]
    before, now = old["cases"][case], new["cases"].get(case)
    if now is None:
        found.append(f"the case `{case}` is no longer in the plan")
    elif now["sha256"] != before["sha256"]:
        found.append(f"the file of the case `{case}` has changed")
    elif now["what_ifs"] != before["what_ifs"]:
        found.append(f"other what-ifs of the case `{case}` are asked for")
    as_it_was, as_it_is = old["settings"][setting], new["settings"].get(setting)
    if as_it_is is None:
        found.append(f"the setting `{setting}` is no longer in the plan")
    elif as_it_is["set"] != as_it_was["set"]:
        found.append(f"the setting `{setting}` has changed")
    elif now is not None and case not in as_it_is["cases"]:
        found.append(f"the setting `{setting}` is no longer for the case `{case}`")
    if seed not in new["seeds"]:
        found.append(f"the seed {seed} is no longer in the plan")
    if new["piece"] != old["piece"]:
        found.append(f"`piece` was {old['piece']} and is {new['piece']}")
    elif not found:
        found.append(f"`draws` was {old['draws']} and is {new['draws']}")
    return found

"""All that a run has found, as data that can be kept and read again."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import math
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.compare import Row
from benchmarks.contests import peer_python
from benchmarks.growth import Growth
from benchmarks.interaction import Figure, Wait
from benchmarks.measure import Timing

PEERS = ("pygambit", "sgamesolver", "open_spiel", "numpy")
LOAD = "load at the start"
OWN = ("numpy", "scipy", "jax")


@dataclass
class Results:
    """`roofline` is as roofline.as_data makes it, with seconds a draw of the way back and of a whole solve."""

    machine: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    roofline: dict[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(_plain(asdict(self)), indent=1, allow_nan=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Results:
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            told["machine"],
            [_row(row) for row in told["rows"]],
            [
                Growth(**{**g, "sizes": tuple(g["sizes"]), "timings": tuple(map(_timing, g["timings"]))})
                for g in told["growth"]
            ],
            [Wait(**{**wait, "timing": _timing(wait["timing"])}) for wait in told["waits"]],
            [Figure(**figure) for figure in told["figures"]],
            told["roofline"],
        )


def _plain(told: Any) -> Any:
    """Without what is no number, for which JSON has no word: null stands there."""
    if isinstance(told, dict):
        return {key: _plain(part) for key, part in told.items()}
    if isinstance(told, list | tuple):
        return [_plain(part) for part in told]
    return None if isinstance(told, float) and not math.isfinite(told) else told


def _row(told: dict[str, Any]) -> Row:
    error = math.nan if told["error"] is None else told["error"]
    return Row(**{**told, "error": error, "ours": _timing(told["ours"]), "theirs": _timing(told["theirs"])})


def _timing(told: Any) -> Any:
    return Timing(tuple(math.nan if part is None else part for part in told["seconds"])) if told else None


def describe_machine() -> dict[str, str]:
    import foederis as fd

    own = {name: importlib.metadata.version(name) for name in OWN}
    return {
        "date": datetime.date.today().isoformat(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        LOAD: f"{os.getloadavg()[0]:.1f}",
        "Foederis": fd.__version__,
        "Python": platform.python_version(),
        **{name: own[name] for name in OWN},
        "peers": ", ".join(f"{name} {version}" for name, version in _peer_versions().items()) or "none installed",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    told = dict(line.split(":", 1) for line in lines if ":" in line)
    fields = {name.strip(): value.strip() for name, value in told.items()}
    wide = "AVX-512" if "avx512f" in fields.get("flags", "") else "AVX2" if "avx2" in fields.get("flags", "") else ""
    numbers = f"family {fields.get('cpu family', '?')}, model {fields.get('model', '?')}"
    return ", ".join(filter(None, [fields.get("model name", platform.machine()), numbers, wide]))


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _peer_versions() -> dict[str, str]:
    python = peer_python()
    if not python:
        return {}
    code = (
        "import importlib.metadata as m, json\nfound = {}\n"
        f"for name in {PEERS!r}:\n"
        "    try: found[name] = m.version(name)\n"
        "    except m.PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    run = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    found: dict[str, str] = json.loads(run.stdout) if run.returncode == 0 else {}
    return found

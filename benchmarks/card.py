"""Solves shipped cases on whatever JAX finds (a graphics card, or the processor), in blocks of several sizes: prints
how long it took, cold and warm, and how far the answers are from those of the first run.

    python benchmarks/card.py OUT.json [kremlin:1024:0,32,256,1024 ...]     a block of 0 is the one chosen
"""

from __future__ import annotations

import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

import foederis as fd
from foederis.solve.lazy import jax
from foederis.solve.native.build import has_card, library

PLAN = ["kremlin:1024:0,32,256,1024", "kremlin:4096:0,4096", "kremlin_hint:256:0,32"]


def timed(case: fd.Case, draws: int, block: int | None) -> tuple[float, fd.Answer]:
    begin = time.perf_counter()
    answer = fd.solve(case, draws=draws, block=block)
    return time.perf_counter() - begin, answer


def numbers(answer: fd.Answer) -> Any:
    return np.array([reply.draws for reply in answer.questions.values() if hasattr(reply, "draws")])


def main() -> None:
    out, plan = Path(sys.argv[1]), sys.argv[2:] or PLAN
    where = jax.devices()[0].device_kind if has_card() else f"{platform.processor()} {platform.machine()}"
    engine = "graphics card" if has_card() else "C" if library() else "XLA"
    rows = []
    for part in plan:
        name, draws, blocks = part.split(":")
        case, first = fd.load(name), None
        for block in map(int, blocks.split(",")):
            cold, _ = timed(case, int(draws), block or None)
            warm, answer = timed(case, int(draws), block or None)
            first = numbers(answer) if first is None else first
            apart = float(np.nanmax(np.abs(numbers(answer) - first)))
            row = {"case": name, "draws": int(draws), "block": block, "cold": cold, "warm": warm, "apart": apart}
            row |= {"residual": answer.check.residual, "means": np.nanmean(numbers(answer), axis=1).tolist()}
            stats = jax.local_devices()[0].memory_stats() if has_card() else None
            row["peak_bytes"] = (stats or {}).get("peak_bytes_in_use")
            rows.append(row)
            print({key: value for key, value in row.items() if key != "means"}, flush=True)
            out.write_text(
                json.dumps({"device": where, "engine": engine, "jax": version("jax"), "rows": rows}, indent=1),
                encoding="utf-8",
            )


if __name__ == "__main__":
    main()

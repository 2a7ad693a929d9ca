"""What is at risk: the expected loss of each exposure at the end."""

from __future__ import annotations

import numpy as np

from foederis.analysis.answers import Estimate
from foederis.report.brief.answers import spoken, with_unit
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, join, tag
from foederis.report.brief.phrases import Section, band, sentence_case
from foederis.report.brief.svg import range_bar, scale_for
from foederis.report.brief.tables import stacked
from foederis.report.words import plain_name, points


def _heads(unit: str) -> list[tuple[str, str]]:
    return [("Exposure", "q"), ("", "b"), (f"Loss, {unit}" if unit else "Loss", "v"), ("Middle 90 % of worlds", "n")]


def exposures(material: Material) -> Section | None:
    answer = material.answer
    if not answer.losses:
        return None
    parts: list[Child] = []
    held = answer.case.exposures
    for holder in dict.fromkeys(exposure.holder for exposure in held.values()):
        mine = {name: answer.losses[name] for name, exposure in held.items() if exposure.holder == holder}
        unit = next(iter(mine.values())).unit
        whole = Estimate(np.sum([loss.draws for loss in mine.values()], axis=0), unit)
        scale = scale_for([end for loss in [*mine.values(), whole] for end in (loss.p05, loss.mean, loss.p95)])
        rows: list[list[Child]] = []
        for name, loss in [*mine.items(), ("in all", whole)]:
            value, between = points(loss.mean), band(loss, False)
            bar = range_bar(
                scale,
                loss.p05,
                loss.mean,
                loss.p95,
                f"{holder}: {plain_name(name)}",
                spoken(with_unit(value, unit), between),
            )
            rows.append([sentence_case(plain_name(name)), bar, value, between])
        parts += [tag("h3", f"Held by {sentence_case(plain_name(holder))}"), stacked(_heads(unit), rows)]
    reading = (
        "Expected at the final state: the value of each exposure times the largest share that is lost there, over all "
        "courses that the crisis may take."
    )
    return Section("exposures", "What is at risk", "At risk", join(tag("p", reading, class_="legend"), parts))

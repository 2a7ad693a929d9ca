"""Cases that briefs are tested with, solved once: a small one with everything in it, and one that means harm."""

from __future__ import annotations

import functools
import re

import foederis as fd
from foederis.report.brief.gather import Material, gather
from foederis.report.brief.page import page
from tests.helpers import EVERYTHING

DRAWS = 16
# Ends every element that it could stand in, closes attributes, runs a script in several ways, and turns text around.
HARM = "</script></style></title></textarea>--><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{7*7}}\u202e\u0007"
_QUOTED = (
    '"' + HARM.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202e").replace("\u0007", "\\a") + '"'
)


def _evidence(key: str, where: str) -> str:
    return f"{{source: {key}, where: {where}, says: {where}, quote: {where}, credibility: 4}}"


HOSTILE = (
    EVERYTHING.replace("title: Something of everything", f"title: {_QUOTED}")
    .replace("stake: 5 to 20", f"stake: {{value: 5 to 20, unit: {_QUOTED}, because: {_evidence('bad', _QUOTED)}}}")
    .replace("falls: {at_end: fallen}", f"falls: {{at_end: fallen, says: {_QUOTED}}}")
    .replace("loss: {expected: losses(patron)}", f"loss: {{expected: losses(patron), says: {_QUOTED}, unit: {_QUOTED}}}")
    .replace("when_hot: {first", f"when_hot: {{says: {_QUOTED}, first")
    .replace("weak: {set", f"weak: {{says: {_QUOTED}, set")
    .replace("comes_now: {imposed", f"comes_now: {{says: {_QUOTED}, imposed")
    .replace("stand_aside: {}", f"stand_aside: {{says: {_QUOTED}}}")
    .replace("plant: {holder: patron, value: 3,", f"plant: {{holder: patron, value: 3, unit: {_QUOTED}, because: {_evidence('bad', _QUOTED)},")
) + f"""
sources:
  bad: {{title: {_QUOTED}, author: {_QUOTED}, date: {_QUOTED}, url: "javascript:alert(1)", note: {_QUOTED}, reliability: C}}
  good: {{title: Fine, url: "https://example.org/?a=1&b=\\"><script>"}}
  plain: {{title: Plain, url: "https://example.org/a?b=1&c=2"}}
claims:
  harm: {{says: {_QUOTED}, because: {_evidence('bad', _QUOTED)}, whatif: weak, expect: {{falls: rises}}}}
"""  # fmt: skip


@functools.cache
def patron() -> Material:
    return gather(fd.load("patron"), draws=DRAWS, seed=0, what_ifs="all")


@functools.cache
def everything() -> Material:
    return gather(fd.loads(EVERYTHING, filename="everything.yaml"), draws=DRAWS, seed=0, what_ifs="all")


@functools.cache
def hostile() -> Material:
    return gather(fd.loads(HOSTILE, filename="hostile.yaml"), draws=DRAWS, seed=0, what_ifs="all")


@functools.cache
def page_of(name: str) -> str:
    return page({"patron": patron, "everything": everything, "hostile": hostile}[name]())


def text_of(markup: str) -> str:
    """What a reader sees: tags taken out, entities left."""
    return " ".join(re.sub(r"<[^>]*>", " ", markup.replace("<wbr>", "")).split())

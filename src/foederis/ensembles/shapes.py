"""Every key of a plan: where it may stand, what it holds and what it means."""

from __future__ import annotations

from typing import Any

from foederis.language.schema import schema_of
from foederis.language.shapes import Key, ListOf, MapOf, Shape

PLAN_VERSION = 1

PLANNED_CASE = Shape(
    "case of a plan",
    {
        "file": Key("text", "a crisis file, from the plan's folder on, or the name of a shipped case", True),
        "what_ifs": Key(ListOf("name", or_one=True), "what-ifs of the file that are solved too; `all` for every one"),
    },
    short="file",
)

SETTING = Shape(
    "setting",
    {
        "set": Key(MapOf("value", named=False), "paths into the crisis file with their new contents"),
        "vary": Key(
            MapOf(ListOf("value"), named=False), "paths with lists of contents: a setting for each combination of them"
        ),
        "cases": Key(ListOf("name", or_one=True), "the cases of the plan that it is for; all, if left out"),
        "says": Key("text", "the setting in plain words"),
    },
)

PLAN = Shape(
    "plan of an ensemble",
    {
        "ensemble": Key("integer", "the version of the language of plans: 1", True),
        "title": Key("text", "what the ensemble is called"),
        "about": Key("text", "what it is for"),
        "cases": Key(MapOf(PLANNED_CASE), "crisis files, under the names that they have in the tables", True),
        "settings": Key(MapOf(SETTING), "changes to the files; if left out, they are solved as they are written"),
        "draws": Key("integer", "how many possible worlds of each case and setting are solved; 1024 if left out"),
        "piece": Key("integer", "how many of them are solved in one go, and kept together; 256 if left out"),
        "seeds": Key(ListOf("integer", or_one=True), "the seeds with which worlds are drawn; 0 if left out"),
    },
)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a plan, as plain data."""
    return schema_of(PLAN, (PLAN, PLANNED_CASE, SETTING), "ensemble", PLAN_VERSION)

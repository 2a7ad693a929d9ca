"""The JSON Schema: valid itself, made of every key, and true of the shipped cases."""

from __future__ import annotations

import datetime
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from foederis.language.schema import json_schema
from foederis.language.shapes import SHAPES

CASES = [p for p in sorted(Path(str(resources.files("foederis"))).glob("cases/*/*.yaml")) if p.stem == p.parent.name]


def plain(value: Any) -> Any:
    """What an editor's YAML reader hands to a schema: keys are texts, and so are dates."""
    if isinstance(value, dict):
        words = {True: "yes", False: "no"}
        return {words.get(key, str(key)) if isinstance(key, bool) else str(key): plain(v) for key, v in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


def test_every_shape_and_key_is_in_the_schema() -> None:
    schema = json_schema()
    for shape in SHAPES:
        found = (
            schema if shape.name == "crisis file" else schema["$defs"][shape.name.replace(" ", "_").replace("-", "_")]
        )
        mapping = found["anyOf"][0] if "anyOf" in found else found
        assert mapping["properties"].keys() == shape.keys.keys()
        assert all(mapping["properties"][key]["description"] == spec.doc for key, spec in shape.keys.items())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_shipped_cases_are_valid(validator: Any, path: Path) -> None:
    case = plain(yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    assert [error.message for error in validator.iter_errors(case)] == []


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("clok", {}),
        ("clock", {"step": "1 month"}),
        ("actors", {"a": {"rationality": 1, "patiense": 1}}),
        ("actors", {"a": {"rationality": 1, "types": ["weak", "strong"]}}),
        ("actors", {"a": {"rationality": 1, "types": {"weak": {"chance": 1}}}}),
        ("actors", {"a": {"rationality": 1, "types": {"not sure": 1}}}),
        ("questions", {"and": {"at_end": "x"}}),
        ("foederis", 2),
        ("state", {"war": []}),
        ("state", {"war": ["on", "on"]}),
        ("state", {"war": "flagg"}),
        ("state", {"a b": ["on"]}),
        ("events", {"fall": {"chance": [1]}}),
        ("interests", {"a": {"b": {"worth": 1, "paid": "at_once"}}}),
        ("sources", {"memo": {"title": "x", "reliability": "G"}}),
        ("exposures", {"plant": {"holder": "a", "value": 1}}),
        ("claims", {"c": {"says": "x", "expect": {"a": "rises"}, "credibility": 7}}),
        (
            "treaties",
            {
                "pact": {
                    "parties": ["a"],
                    "provisions": ["defence"],
                    "invokes": "defense",
                    "triggered": "x",
                    "honoured_by": {},
                    "breach_cost": {},
                }
            },
        ),
    ],
)
def test_mistakes_are_not_valid(validator: Any, section: str, value: Any) -> None:
    case = {"foederis": 1, "title": "t", "clock": {"step": "1 month", "steps": 2}, section: value}
    assert list(validator.iter_errors(case))


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("facts", None),
        ("state", {"war": "flag", "n": "-3..3", "m": {"levels": ["NO", "SE"], "start": "SE"}}),
        ("quantities", {"a": 3, "b": "2 to 8", "c": {"value": "30%", "unit": "x", "because": ["y", {"says": "z"}]}}),
        ("moves", [{"actor": "a", "options": {"wait": None, "go": {"sets": {"war": "yes", "n": 2}}}}]),
        ("events", {"fall": {"chance": 0.1, "odds": {"when": "war", "times": 2}}}),
        ("exposures", {"plant": {"holder": "a", "value": 1, "lost": {"war == on": "10%", "n > 2": {"value": 1}}}}),
        ("whatifs", {"w": {"set": {"quantities.a": 5, "moves.a.options": {}}, "imposed": [{"step": 0, "a": "go"}]}}),
        ("correlated", [["a", "b", 0.5]]),
        ("sources", {"memo": {"title": "x", "reliability": "A", "date": 2020}}),
        ("about", None),
        ("actors", {"a": {"rationality": 1, "types": {"weak": "40%", "strong": {"share": 0.6, "because": "x"}}}}),
    ],
)
def test_all_ways_of_writing_are_valid(validator: Any, section: str, value: Any) -> None:
    case = {"foederis": 1, "title": "t", "clock": {"step": "1 month", "steps": 2}, section: value}
    assert [error.message for error in validator.iter_errors(case)] == []


def test_the_schema_is_plain_data() -> None:
    assert json.loads(json.dumps(json_schema())) == json_schema()

"""The JSON Schema of crisis files, made from the table of keys, for editors that complete and check."""

from __future__ import annotations

from typing import Any

from foederis.language.case import FILE_VERSION
from foederis.language.shapes import CASE, SHAPES, Key, ListOf, MapOf, Shape
from foederis.language.syntax import RESERVED

# YAML readers of editors make numbers, dates and truths of what a crisis file reads as text.
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_]*$"
_WORDS: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "name": {"type": "string", "pattern": _NAME_PATTERN},
    "names": {"type": "array", "items": {"type": "string"}},
    "number": _SCALAR,
    "condition": _SCALAR,
    "word": _SCALAR,
    "integer": {"type": "integer"},
    "date": {"type": "string"},
    "period": {"type": "string"},
    "levels": {"anyOf": [{"type": "array", "items": _SCALAR, "minItems": 1}, {"type": "string"}]},
    "value": {},
}


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12), each shape under `$defs`."""
    whole = _mapping(CASE)
    whole["properties"]["foederis"] = {**whole["properties"]["foederis"], "const": FILE_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Foederis crisis file",
        **whole,
        "$defs": {_slug(shape): _shape(shape) for shape in SHAPES if shape is not CASE},
    }


def _slug(shape: Shape) -> str:
    return shape.name.replace(" ", "_").replace("-", "_")


def _shape(shape: Shape) -> dict[str, Any]:
    """A shape in all ways of writing it: the mapping, and what stands for it alone."""
    forms = [_mapping(shape)]
    if shape.short:
        forms.append(_form(shape.keys[shape.short].form))
    if shape.name == "option":
        forms.append({"type": "null"})
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _mapping(shape: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "properties": {name: _key(key) for name, key in shape.keys.items()},
        "additionalProperties": False,
    }
    required = [name for name, key in shape.keys.items() if key.required]
    # A turn written as `together` has no actor of its own.
    if required and "together" not in shape.keys:
        found["required"] = required
    if shape.doc:
        found["description"] = shape.doc
    return found


def _key(key: Key) -> dict[str, Any]:
    return {**_form(key.form), "description": key.doc}


def _form(form: Any) -> dict[str, Any]:
    if isinstance(form, Shape):
        reference = {"$ref": f"#/$defs/{_slug(form)}"}
        # Reasons may be many, odds may be one.
        return {"anyOf": [reference, {"type": "array", "items": reference}]} if form.name == "reason" else reference
    if isinstance(form, MapOf):
        names = {"pattern": _NAME_PATTERN, "not": {"enum": sorted(RESERVED)}}
        return {"type": ["object", "null"], "propertyNames": names, "additionalProperties": _form(form.item)}
    if isinstance(form, ListOf):
        many = {"type": "array", "items": _form(form.item)}
        return {"anyOf": [many, _form(form.item)]} if getattr(form.item, "name", "") == "odds" else many
    return dict(_WORDS[form])

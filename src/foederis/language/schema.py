"""The JSON Schema of crisis files, from the same table as the reader, so that editors complete and check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foederis.language.case import FILE_VERSION
from foederis.language.shapes import CASE, SHAPES, Key, ListOf, MapOf, OneOf, Shape
from foederis.language.syntax import RESERVED

Schema = dict[str, Any]
_NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "not": {"enum": sorted(RESERVED)}}
_SCALAR = ["string", "number", "boolean"]  # editors read `10` as a number and `yes` as text or as a boolean

_WORDS: dict[str, Schema] = {
    "text": {"type": [*_SCALAR, "null"]},
    "name": _NAME,
    "word": {"type": _SCALAR},
    "number": {"type": ["number", "string"]},
    "condition": {"type": "string"},
    "integer": {"type": ["integer", "string"]},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "period": {"type": "string", "pattern": "(hour|day|week|month|quarter|year)s?$"},
    "levels": {
        "anyOf": [
            # Some editors read `on` as a truth.
            {"type": "array", "items": {"anyOf": [_NAME, {"type": "boolean"}]}, "minItems": 1, "uniqueItems": True},
            {"type": "string", "pattern": "^(flag|-?[0-9]+ *\\.\\. *-?[0-9]+)$"},
        ]
    },
    "value": {},
}


def json_schema() -> Schema:
    """The schema (draft 2020-12) of a crisis file, as plain data, each shape under `$defs`."""
    return schema_of(CASE, SHAPES, "foederis", FILE_VERSION)


def schema_of(whole: Shape, shapes: Sequence[Shape], mark: str, version: int) -> Schema:
    """The schema of a kind of file that is made of shapes; `mark` is the key at which its version stands."""
    found = _mapping(whole)
    found["properties"][mark]["enum"] = [version, str(version)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Foederis {whole.name}, version {version}",
        **found,
        "$defs": {_slug(shape): _of_shape(shape) for shape in shapes if shape is not whole},
    }


def _slug(shape: Shape) -> str:
    return shape.name.replace(" ", "_").replace("-", "_")


def _of_shape(shape: Shape) -> Schema:
    """A shape in all ways of writing it: the mapping, and the value of its main key alone."""
    if not shape.short:
        return _mapping(shape)
    return {"anyOf": [_mapping(shape), _of_form(shape.keys[shape.short].form)]}


def _mapping(shape: Shape) -> Schema:
    required = [name for name, key in shape.keys.items() if key.required]
    found: Schema = {"description": shape.doc} if shape.doc else {}
    # An item that needs nothing may be left empty.
    found["type"] = "object" if required else ["object", "null"]
    found["properties"] = {name: _of_key(key) for name, key in shape.keys.items()}
    found["additionalProperties"] = _of_form(shape.others) if shape.others else False
    if required:
        found["required"] = required
    return found


def _of_key(key: Key) -> Schema:
    found = dict(_of_form(key.form))
    if key.words and isinstance(key.form, ListOf):
        found["items"] = {"enum": list(key.words)}
    elif key.words:
        digits = [int(word) for word in key.words if word.isdigit()]
        found = {"enum": [*key.words, *digits]}
    return {**found, "description": key.doc}


def _of_form(form: object) -> Schema:
    if isinstance(form, Shape):
        return {"$ref": f"#/$defs/{_slug(form)}"}
    if isinstance(form, OneOf):
        return {"anyOf": [_of_form(form.usual), _of_form(form.other)]}
    if isinstance(form, MapOf):
        found: Schema = {"type": ["object", "null"], "additionalProperties": _of_form(form.item)}
        return {**found, "propertyNames": _NAME} if form.named else found
    if isinstance(form, ListOf):
        many: Schema = {"type": ["array", "null"], "items": _of_form(form.item)}
        return {"anyOf": [_of_form(form.item), many]} if form.or_one else many
    return _WORDS[str(form)]

from __future__ import annotations

from typing import Any

import pytest

from agentlog.testing.schemas import fill

ADDRESS = {"type": "object", "properties": {"street": {"type": "string"}}, "required": ["street"]}
NODE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
    "required": ["name"],
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "limits on numbers": {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "minimum": 3},
            "b": {"type": "integer", "exclusiveMinimum": 3},
            "c": {"type": "number", "maximum": -2},
            "d": {"type": "number", "minimum": 0, "maximum": 0.25},
            "e": {"type": "integer", "minimum": 7, "multipleOf": 5},
            "f": {"type": "number", "exclusiveMaximum": 0},
        },
        "required": list("abcdef"),
    },
    "lengths and counts": {
        "type": "object",
        "properties": {
            "long": {"type": "string", "minLength": 40},
            "short": {"type": "string", "maxLength": 3},
            "three": {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
            "none": {"type": "array", "items": {"type": "boolean"}, "maxItems": 0},
        },
        "additionalProperties": False,
        "required": ["long", "short", "three", "none"],
    },
    "choices": {
        "type": "object",
        "properties": {
            "label": {"enum": ["refund", "shipping"]},
            "version": {"const": 2},
            "maybe": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
            "one": {"oneOf": [{"type": "boolean"}, {"type": "string"}]},
            "or_null": {"type": ["null", "number"]},
        },
        "required": ["label", "version", "maybe", "one", "or_null"],
    },
    "references": {
        "$defs": {"address": ADDRESS},
        "properties": {"home": {"$ref": "#/$defs/address"}},
        "required": ["home"],
    },
    "recursion": {"$defs": {"node": NODE}, "$ref": "#/$defs/node"},
    "all of": {
        "$defs": {"address": ADDRESS},
        "allOf": [{"$ref": "#/$defs/address"}, {"properties": {"city": {"type": "string"}}, "required": ["city"]}],
    },
    "formats": {
        "type": "object",
        "properties": {
            name: {"type": "string", "format": name} for name in ("date", "date-time", "email", "uuid", "ipv4", "uri")
        },
    },
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_a_filled_value_satisfies_its_schema(schema: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator
    value = fill(schema)
    assert value
    validator(schema, format_checker=validator.FORMAT_CHECKER).validate(value)


def test_geminis_spelling_of_types_is_understood() -> None:
    schema = {
        "type": "OBJECT",
        "properties": {"n": {"type": "INTEGER"}, "all": {"type": "ARRAY", "items": {"type": "BOOLEAN"}}},
    }
    assert fill(schema) == {"n": 1, "all": [True]}

"""A small value for a JSON schema: what the default script answers where a schema is asked for."""

from __future__ import annotations

from typing import Any, Final

_DEPTH: Final = 12
_FORMATS: Final = {
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "date-time": "2026-01-02T03:04:05Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
    "hostname": "example.com",
}


def fill(schema: Any) -> Any:
    """A value that satisfies `schema`: every property is there, every list has one item, the first choice is taken.

    It knows types, enum, const, $ref, anyOf/oneOf/allOf, formats, and limits on numbers, lengths and items; a
    `pattern` is beyond it. Gemini's spelling of types (`STRING`) is understood.

    >>> fill({"type": "object", "properties": {"city": {"type": "string"}, "n": {"type": "integer", "minimum": 3}}})
    {'city': 'city (scripted)', 'n': 3}
    """
    return _fill(schema, schema if isinstance(schema, dict) else {}, "value", 0)


def _fill(schema: Any, root: dict[str, Any], name: str, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > _DEPTH:
        return f"{name} (scripted)"
    if "$ref" in schema:
        return _fill(_resolve(str(schema["$ref"]), root), root, name, depth + 1)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if schema.get(choice):
            options = [option for option in schema[choice] if _type(option) != "null"] or schema[choice]
            return _fill(options[0], root, name, depth + 1)
    if schema.get("allOf"):
        return _fill(_merged(schema, root), root, name, depth + 1)
    kind = _type(schema)
    if kind == "object":
        # deep inside, only what must be there: an optional field is where recursive schemas recur
        wanted = schema.get("properties") or {}
        required = schema.get("required") or () if depth > _DEPTH // 2 else wanted
        return {key: _fill(value, root, key, depth + 1) for key, value in wanted.items() if key in required}
    if kind == "array":
        count = schema.get("minItems") or (0 if depth > _DEPTH // 2 or schema.get("maxItems") == 0 else 1)
        return [_fill(schema.get("items") or {}, root, name, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer")
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    return _string(schema, name)


def _type(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind is None:
        kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
    return str(kind).lower()


def _resolve(reference: str, root: dict[str, Any]) -> Any:
    found: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) and step else found
    return found


def _merged(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """`allOf` as one schema: properties and required add up, of everything else the last one holds."""
    merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema["allOf"]:
        while isinstance(part, dict) and "$ref" in part:
            part = _resolve(str(part["$ref"]), root)
        for key, value in (part if isinstance(part, dict) else {}).items():
            if key == "properties":
                merged[key] = {**merged.get(key, {}), **value}
            elif key in ("required", "allOf"):
                merged[key] = [*merged.get(key, []), *value]
            else:
                merged[key] = value
    return merged


def _number(schema: dict[str, Any], *, whole: bool) -> int | float:
    step = schema.get("multipleOf") or (1 if whole else 0.5)
    if "minimum" in schema:
        low = schema["minimum"]
    elif "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + step
    else:
        low = min(step, schema.get("maximum", step), schema.get("exclusiveMaximum", step + 1) - step)
    if schema.get("multipleOf"):
        low = -(-low // step) * step  # up to the next multiple
    return int(low) if whole else float(low)


def _string(schema: dict[str, Any], name: str) -> str:
    text = _FORMATS.get(str(schema.get("format"))) or f"{name} (scripted)"
    return text.ljust(schema.get("minLength") or 0, ".")[: schema.get("maxLength")]

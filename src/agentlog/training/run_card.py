"""How a model was made, for whoever finds its folder: as JSON, and to be read."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pyarrow as pa

from agentlog.tasks.reading import answers, requests

TEACHER: str = (
    "The answers were written by the model named as teacher. Its provider's terms may restrict what they are used for, "
    "training models above all: read them before this model is put to work."
)


def data_hash(table: pa.Table) -> str:
    """A hash of what was asked and answered, in the order of the rows."""
    digest = sha256()
    for request, answer in zip(requests(table), answers(table), strict=True):
        digest.update(json.dumps([request, answer], ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def teachers(table: pa.Table) -> list[str]:
    """The models that wrote the answers."""
    if "response_model" not in table.column_names:
        return []
    asked = table["request_model"].to_pylist() if "request_model" in table.column_names else [None] * table.num_rows
    return sorted(
        {
            str(one or other)
            for one, other in zip(table["response_model"].to_pylist(), asked, strict=True)
            if one or other
        }
    )


def policy(table: pa.Table) -> str | None:
    """The redaction policy of the rows; several are joined by "+"."""
    if "redaction" not in table.column_names:
        return None
    found = {(one or {}).get("policy") for one in table["redaction"].to_pylist()} - {None}
    return "+".join(sorted(map(str, found))) or None


def libraries(names: Sequence[str]) -> dict[str, str]:
    """The versions of what took part."""
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def readme(card: Mapping[str, Any], sentence: str) -> str:
    """The run card in words."""
    task, data, figures = card["task"], card["data"], card["calibration"]
    lines = [
        f"# {card['kind']} for {task['name']}",
        "",
        sentence,
        "",
        "```python",
        "from agentlog.models import load",
        "",
        'model = load("this folder")  # verifies the hashes; numpy is all that it needs',
        "model.predict(row)  # Prediction(answer, score, novel); to be trusted where score >= model.threshold and not novel",
        "```",
        "",
        "| | |",
        "|---|---|",
        f"| learned from | {data['n_train']:,} calls |",
        f"| calibrated on | {data['n_calibration']:,} later calls |",
        f"| data (SHA-256) | `{data['sha256']}` |",
        f"| redaction policy | `{data['redaction']}` |",
        f"| teacher | {', '.join(card['teacher']['models']) or 'not recorded'} |",
        f"| made by | agentlog {card['libraries'].get('agentlog', '')}, seed {card['seed']} |",
        *(f"| {name} | {value} |" for name, value in figures.items()),
        "",
        "## Licences",
        "",
        f"Weights: learned from your own records; no weights of others are in them. {card['teacher']['terms']}",
        "",
    ]
    return "\n".join(lines)


def to_bytes(card: Mapping[str, Any]) -> bytes:
    """The run card as JSON."""
    return json.dumps(card, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")

"""Render an exported TRL set with a real chat template, and look whether every completion is in the rendered text.

    pip download --no-deps trl && unzip -o trl-*.whl 'trl/chat_templates/*'
    python benchmarks/chat_template.py trl/chat_templates/qwen3.jinja training-set/train.jsonl

A template is rendered as `transformers` does it: Jinja's sandbox, blocks trimmed, `tojson` without HTML escapes.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from jinja2.sandbox import ImmutableSandboxedEnvironment


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja as chat templates expect it."""
    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])

    def refuse(message: str) -> NoReturn:
        raise ValueError(message)

    made.globals["raise_exception"] = refuse
    made.globals["strftime_now"] = lambda form: datetime(2026, 1, 1, tzinfo=UTC).strftime(form)
    made.filters["tojson"] = lambda value, **options: json.dumps(value, **{"ensure_ascii": False, **options})
    return made


def missing(row: dict[str, Any], text: str) -> str:
    """What of the completion is not in the rendered text; "" when all is."""
    for message in row["completion"]:
        if message["content"].strip() not in text:
            return "its words"
        for call in message.get("tool_calls") or ():
            if call["function"]["name"] not in text:
                return "the name of a tool"
            for value in call["function"]["arguments"].values():
                shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                if shown not in text and json.dumps(shown, ensure_ascii=False)[1:-1] not in text:
                    return "the value of an argument"
    return ""


def main() -> None:
    """Render every row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", type=Path)
    parser.add_argument("rows", type=Path)
    given = parser.parse_args()
    template = environment().from_string(given.template.read_text(encoding="utf-8"))
    lines = given.rows.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    whole = 0
    for row in rows:
        text = template.render(
            messages=row["prompt"] + row["completion"],
            tools=row.get("tools"),
            add_generation_prompt=False,
            bos_token="",
            eos_token="",
        )
        lost = missing(row, text)
        whole += not lost
        if lost:
            print(f"{row['example_id']}: {lost} is not in the rendered text")
    print(f"{given.template.name}: {len(rows)} rows rendered, {whole} with their whole completion")


if __name__ == "__main__":
    main()

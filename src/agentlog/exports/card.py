"""The dataset card: what `datasets` needs to read the folder faithfully, and what a person needs to judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentlog.conversations.reasons import REASONS
from agentlog.exports.target import Target

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(target: Target, manifest: Mapping[str, Any]) -> str:
    """The README.md of an export. Nothing in it depends on when it was made."""
    rows: Mapping[str, int] = manifest["rows"]
    total = sum(rows.values())
    size = next((name for limit, name in _SIZES if total < limit), "1M<n<10M")
    head = ["---", "task_categories:", "- text-generation", "tags:", "- agentlog", f"- {target.name}"]
    head += ["size_categories:", f"- {size}", "configs:", "- config_name: default", "  data_files:"]
    for side in rows:
        head += [f"  - split: {side}", f"    path: {side}.jsonl"]
    head += ["dataset_info:", "  features:"]
    for column, kind in target.columns.items():
        head += [f"  - name: {column}", f"    {kind}"]
    return "\n".join([*head, "---", "", *_body(target, manifest)]) + "\n"


def _body(target: Target, manifest: Mapping[str, Any]) -> list[str]:
    return [
        f"# {target.name} training set from {manifest['source']}",
        "",
        target.about,
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'rows = load_dataset("path/to/this/folder")  # the folder, not a file: this card names the types',
        "```",
        "",
        "| side | rows | traces |",
        "|---|--:|--:|",
        *(f"| {side} | {count} | {manifest['traces'][side]} |" for side, count in manifest["rows"].items()),
        "",
        f"The longest row has {manifest['longest_row_bytes']:,} bytes.",
        "",
        "## From calls to rows",
        "",
        "| step | calls |",
        "|---|--:|",
        *(f"| {step} | {count} |" for step, count in manifest["funnel"].items()),
        "",
        *_refused(manifest["refused"]),
        "## Split",
        "",
        f"A trace and a session stand on one side only, and so does a prompt (test share {manifest['test_share']}, seed "
        f"{manifest['seed']}). A row keeps its side when data is added. On both sides: "
        + ", ".join(f"{count} {kind}" for kind, count in manifest["leakage"].items())
        + ".",
        "",
        "## Privacy",
        "",
        _privacy(manifest),
        "",
        "`lineage.parquet` leads from each `example_id` to its call and trace, so that a person's data can be found here. "
        "`manifest.json` has the hashes of the files and what the consumers' own loaders said of them.",
    ]


def _privacy(manifest: Mapping[str, Any]) -> str:
    policies: list[str] = manifest["policies"]
    if "off" in policies:
        return (
            "**Redaction was off when these calls were stored**, for all or some of them: the rows hold personal values as "
            "they were said."
        )
    named = ", ".join(f"`{policy}`" for policy in policies) or "unknown"
    values = (
        "Placeholders were rendered as invented values: such names, numbers and addresses belong to nobody."
        if manifest["render"] == "surrogate"
        else "Placeholders such as `<PERSON_1>` stand where personal values stood."
    )
    if manifest.get("figures") == "shifted":
        values += " Amounts of money and dates are not those of the calls: scaled and moved, alike within a run."
    return (
        f"The calls were redacted before they were stored (policy {named}). {values} No redaction finds everything: "
        "treat the rows as personal data."
    )


def _refused(refused: Mapping[str, int]) -> list[str]:
    if not refused:
        return []
    return [
        "Left out, rather than bent into shape:",
        "",
        "| reason | calls | |",
        "|---|--:|---|",
        *(f"| `{reason}` | {count} | {REASONS[reason]} |" for reason, count in refused.items()),
        "",
    ]

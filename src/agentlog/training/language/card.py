"""README.md of a model's folder: what it is, what it was made of, how it is served."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

NAME: Final = "run_card.json"


def now() -> str:
    """The time of the run, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def sentence(about: Mapping[str, Any]) -> str:
    """What was done, in one sentence."""
    learned = about["learned"]
    again = f" (gone on after step {learned['resumed_at_step']})" if learned["resumed_at_step"] else ""
    return (
        f"{about['method']} on {about['base']['name']}: {learned['steps']} steps{again}, loss {_loss(learned['first_loss'])} → "
        f"{_loss(learned['last_loss'])}. The loss is no evidence that it answers well."
    )


def text(about: Mapping[str, Any]) -> str:
    """The page for a run card."""
    data, learned, base, licences = about["data"], about["learned"], about["base"], about["licences"]
    serving = about["serving"]
    lines = [
        f"# {about['task']['name']}",
        "",
        f"A language model that answers the calls of one task ({about['task']['id']}), made by agentlog {about['agentlog']} "
        f"on {about['created'][:10]}.",
        "",
        f"- base: {base['name']}, {_size(base['parameters'])} parameters, licence {base['licence']}"
        + (f" (commercial use: {base['commercial']})" if base["commercial"] != "unknown" else ""),
        f"- method: {about['method']}, {learned['steps']} steps, seed {about['seed']}",
        f"- data: {data['examples']} examples in `data/`, {data['tokens']:,} tokens; {data['left_for_test']} calls are left for the test",
        f"- loss: {_loss(learned['first_loss'])} → {_loss(learned['last_loss'])} (`loss.csv`)",
        f"- merged and read again: a logit differs by {about['merged']['largest_logit_difference']:.2g} at most",
        "",
        "The loss is no evidence that it answers well: `agentlog.evaluate` is.",
        "",
        "## Serve it",
        "",
        "Merged, for one busy task:",
        "",
        f"    {serving['merged']}",
        "",
    ]
    if "adapter" in serving:
        lines += [
            "As an adapter beside those of other tasks, all on one base model:",
            "",
            f"    {serving['adapter']}",
            "",
        ]
    lines += ["With Ollama:", "", f"    {serving['ollama']}", ""]
    if "PARSER" in serving["merged"]:
        lines += ["For `PARSER` take vLLM's tool call parser for the family of the base model.", ""]
    lines += ["## Terms", "", f"- base model: {licences['base']['licence']}"]
    lines += [f"- answers by {line}" for line in licences["terms"]]
    lines += ["", "They are to be read by you: this is a reminder, no advice.", ""]
    return "\n".join(lines)


def _size(parameters: int) -> str:
    return f"{parameters / 1e9:.2f} B" if parameters >= 1e8 else f"{parameters / 1e6:.1f} M"


def _loss(value: float | None) -> str:
    return "?" if value is None else f"{value:.3f}"

"""The settings in force, where each comes from, and what the environment says besides."""

from __future__ import annotations

import difflib
import os
import platform
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from agentlog import settings as room
from agentlog.cli.doctor.findings import Finding
from agentlog.errors import AgentlogError
from agentlog.settings import Settings

_OTHERS: Final = ("AGENTLOG_DISABLED", "AGENTLOG_DEMO_MODEL", "AGENTLOG_DEMO_EMBEDDING_MODEL")


def look(directory: Path | None) -> tuple[list[Finding], Settings | None]:
    """What there is to say, and the settings; None where they cannot be used."""
    area = "settings"
    found = [
        Finding(
            area,
            "ok",
            f"agentlog {version('agentlog')}, Python {platform.python_version()}, {platform.platform(terse=True)}",
        )
    ]
    if room.disabled():
        found.append(
            Finding(
                area, "note", "AGENTLOG_DISABLED is set: nothing at all is done", "unset AGENTLOG_DISABLED to record"
            )
        )
    found += _misspelt()
    try:
        settings, origins = room.load(_given(directory)), room.origins(_given(directory))
    except AgentlogError as error:
        return [*found, Finding(area, "wrong", f"nothing is recorded: {error}", "correct that value")], None
    for field in fields(Settings):
        found += _setting(field.name, getattr(settings, field.name), origins[field.name])
    return found, settings


def origin_of_key(directory: Path | None) -> str:
    """Where the key of the pseudonyms comes from."""
    return room.origins(_given(directory))["pseudonym_key"]


def _given(directory: Path | None) -> dict[str, Any]:
    return {"directory": directory}


def _setting(name: str, value: Any, origin: str) -> list[Finding]:
    """One setting; those at their default that say nothing are left out."""
    if name == "pseudonym_key":  # its own area, and never its value
        return []
    shown = ", ".join(value) if isinstance(value, tuple) else value
    do = {
        ("redaction", "off"): "raw words are written: leave it out, unless nothing personal can be in them",
        ("recorder", "off"): 'nothing is recorded: set it to "auto"',
    }.get((name, value), "")
    if name == "sample_rate" and value < 1:
        do = f"{1 - value:.0%} of the runs are left out"
    if name == "redaction" and value is None:
        shown = "the default policy"
    if origin == "default" and name in ("service", "emit_spans", "redaction") and not do:
        return []
    return [Finding("settings", "note" if do else "ok", f"{name} = {shown} ({origin})", do)]


def _misspelt() -> list[Finding]:
    """Variables that look like ours and are none: what they say is not done."""
    known = [*(f"AGENTLOG_{field.name.upper()}" for field in fields(Settings)), *_OTHERS]
    found = []
    for name in sorted(os.environ):
        if name.startswith("AGENTLOG") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            do = f"did you mean {near[0]}?" if near else f"there is {', '.join(known)}"
            found.append(Finding("settings", "wrong", f"no setting is called {name}: it changes nothing", do))
    return found

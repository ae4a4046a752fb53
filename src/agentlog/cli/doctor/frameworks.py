"""What `instrument()` covers here, and what it does not, and why: each framework is hooked and let go again."""

from __future__ import annotations

import importlib.util
import re
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, requires, version
from typing import Final

from agentlog.cli.doctor.findings import Finding
from agentlog.instrumentation.integration import GROUP, Integration

_AREA: Final = "frameworks"
_UNKNOWN: Final = (
    "ag2", "agno", "autogen-agentchat", "cohere", "crewai", "dspy", "google-adk", "google-genai", "groq", "haystack-ai",
    "instructor", "litellm", "mistralai", "ollama", "openai-agents", "pydantic-ai-slim", "semantic-kernel", "smolagents",
)  # fmt: skip
"""Distributions that call models, for which there is no integration."""


def look() -> list[Finding]:
    """A finding or more for each framework that is installed, and one for those that are not."""
    found: list[Finding] = []
    absent: list[str] = []
    for entry in {one.value: one for one in sorted(entry_points(group=GROUP), key=_name)}.values():
        try:
            integration: Integration = entry.load()()
        except Exception as error:  # noqa: BLE001 - another distribution's, perhaps
            found.append(_broken(entry.name, error))
            continue
        if importlib.util.find_spec(integration.library) is None:
            absent.append(f"{integration.library} (agentlog[{integration.extra}])")
        else:
            found += _installed(entry, integration)
    found += [
        Finding(
            _AREA,
            "note",
            f"{name} {there} has no integration",
            "decorate the functions that call models with @agentlog.capture; or instrument the SDK that it calls (openai, anthropic)",
        )
        for name in _UNKNOWN
        if (there := _version(name)) is not None
    ]
    if absent:
        found.append(Finding(_AREA, "ok", f"not installed: {', '.join(absent)}"))
    return found


def _installed(entry: EntryPoint, integration: Integration) -> list[Finding]:
    found: list[Finding] = []
    try:
        coverage = integration.install()
    except Exception as error:  # noqa: BLE001 - whatever a framework raises when it is imported
        return [_broken(integration.library, error), *_too_old(integration.extra)]
    finally:
        try:
            integration.uninstall()
        except Exception as error:  # noqa: BLE001 - said, and the other frameworks are looked at
            found.append(_broken(f"{integration.library} (uninstrument)", error))
    found += [Finding(_AREA, "ok", one) for one in coverage.covered]
    found += [Finding(_AREA, "note", f"not covered: {one}") for one in coverage.missing]
    if not coverage.covered:
        found.append(Finding(_AREA, "wrong", f"{integration.library}: nothing is covered", "update it"))
    return found + _too_old(integration.extra)


def _broken(name: str, error: Exception) -> Finding:
    return Finding(
        _AREA,
        "wrong",
        f"{name} cannot be instrumented: {type(error).__qualname__}: {error}",
        "see whether it can be imported; else its release does not fit ours: update both, or report it",
    )


def _too_old(extra: str) -> list[Finding]:
    """Libraries of an extra that are installed in an older release than the extra asks for."""
    found = []
    for line in requires("agentlog") or ():
        wanted = re.fullmatch(rf"([\w.-]+)\S*?>=([\d.]+)\S*\s*;\s*extra == ['\"]{re.escape(extra)}['\"]", line)
        there = wanted and _version(wanted[1])
        if wanted and there and _release(there) < _release(wanted[2]):
            do = f"pip install -U 'agentlog[{extra}]'"
            found.append(
                Finding(_AREA, "wrong", f"{wanted[1]} {there} is installed; tested are {wanted[2]} and newer", do)
            )
    return found


def _name(entry: EntryPoint) -> str:
    return entry.name


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _release(text: str) -> tuple[int, ...]:
    """`1.10.2rc1` → (1, 10, 2)."""
    return tuple(int(number) for number in re.findall(r"\d+", re.split(r"[^\d.]", text, maxsplit=1)[0]))

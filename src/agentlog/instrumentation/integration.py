"""`instrument(langchain_core)`: find who speaks for a framework, let it hook in, and say what is covered and what is not.

Integrations are import packages found through the entry-point group `agentlog.integrations`; other distributions may
add to it. An entry's name is the first word of the module that users pass, like `langchain_core`.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType, TracebackType
from typing import Protocol

from agentlog import runtime, settings
from agentlog.errors import MissingExtra, UnknownName

logger = logging.getLogger(__name__)

GROUP = "agentlog.integrations"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an integration hooked."""

    covered: tuple[str, ...]
    """What is recorded from now on, like "openai 3.57.0: chat.completions"."""
    missing: tuple[str, ...] = ()
    """What is not, each with the reason."""


class Integration(Protocol):
    """What an integration must offer. One instance serves a process; its `install` is called once until `uninstall`."""

    extra: str
    """The extra that brings the framework: `pip install 'agentlog[extra]'`."""
    library: str
    """The library that must be importable, like "langchain_core"."""

    def install(self) -> Coverage:
        """Hook in. Clients and models that exist already are covered."""

    def uninstall(self) -> None:
        """Leave the framework as it was found."""


class Instrumentation:
    """What `instrument()` did: shows itself, and undoes it at the end of a `with` block."""

    def __init__(self, names: tuple[str, ...], covered: tuple[str, ...], missing: tuple[str, ...]) -> None:
        self.names = names
        """The integrations it counts for."""
        self.covered = covered
        """What is recorded from now on."""
        self.missing = missing
        """What is not, each with the reason."""

    def __repr__(self) -> str:
        lines = [f"covered      {one}" for one in self.covered] + [f"not covered  {one}" for one in self.missing]
        return "\n".join(lines) or "nothing covered"

    def __enter__(self) -> Instrumentation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for name in self.names:
            _release(name)
        self.names = ()


@dataclass(slots=True)
class _Installed:
    integration: Integration
    coverage: Coverage
    uses: int = 1


_lock = threading.Lock()
_installed: dict[str, _Installed] = {}
_told: set[str] = set()


def instrument(*targets: ModuleType | str) -> Instrumentation:
    """Record every model and tool call of a framework. Two lines, nothing else changes.

    Calls are counted: instrumenting twice is once, and the last `uninstrument` restores the framework.

    Args:
        targets: modules (`langchain_core`) or their names; a name works before the import. None at all: every framework
            that is installed.

    Returns:
        What is covered and what is not, and why: a framework whose release our hooks do not fit is not covered, and your
        program goes on. As a context manager it undoes itself at the end of the block.

    Raises:
        UnknownName: no integration answers to a name; the message lists those there are.
        MissingExtra: the framework is not installed; the message holds the command.

    Example:
        >>> import langchain_core
        >>> agentlog.instrument(langchain_core)  # doctest: +SKIP
        covered      langchain_core 1.8.3: models, tools, retrievers, graphs
    """
    if settings.disabled():
        return Instrumentation((), (), ("everything: AGENTLOG_DISABLED is set",))
    known = _known()
    wanted = [_entry(target, known) for target in targets] if targets else list(_present(known))
    names: list[str] = []
    covered: list[str] = []
    missing: list[str] = []
    for entry in {one.value: one for one in wanted}.values():
        try:
            with _lock:
                there = _installed.get(entry.value)
                if there is not None:
                    there.uses += 1
                else:
                    there = _installed[entry.value] = _install(entry)
        except MissingExtra as error:
            if targets:
                raise
            missing.append(f"{entry.name}: {error}")
        except Exception as error:  # noqa: BLE001 - a release that we do not know must not keep the application from starting
            runtime.problem(f"instrument({entry.name!r}) failed; nothing of it is recorded", error)
            missing.append(
                f"{entry.name}: its integration failed ({type(error).__qualname__}); `agentlog doctor` says more"
            )
        else:
            names.append(entry.value)
            covered += there.coverage.covered
            missing += there.coverage.missing
    if not targets and not wanted:
        missing.append("no framework that agentlog knows is installed: pip install 'agentlog[langchain]', …")
    for one in missing:
        if one not in _told:
            _told.add(one)
            logger.warning("agentlog does not cover %s", one)
    _tell()
    return Instrumentation(tuple(names), tuple(covered), tuple(missing))


def uninstrument(*targets: ModuleType | str) -> None:
    """Undo `instrument`: the last of as many calls restores the framework. None at all: everything, at once.

    Raises:
        UnknownName: no integration answers to a name.
    """
    known = _known()
    if targets:
        for value in {_entry(target, known).value for target in targets}:
            _release(value)
    else:
        for value in list(_installed):
            _release(value, all_uses=True)


def _install(entry: EntryPoint) -> _Installed:
    cls = entry.load()
    integration: Integration = cls()
    if importlib.util.find_spec(integration.library) is None:
        raise MissingExtra(integration.library, integration.extra, f"instrument({entry.name!r})")
    try:
        return _Installed(integration, integration.install())
    except BaseException:
        # the half that is hooked
        with contextlib.suppress(Exception):
            integration.uninstall()
        raise


def _release(value: str, *, all_uses: bool = False) -> None:
    with _lock:
        there = _installed.get(value)
        if there is None:
            return
        there.uses -= 1
        if there.uses <= 0 or all_uses:
            del _installed[value]
            try:
                there.integration.uninstall()
            except Exception as error:  # noqa: BLE001 - somebody else has hooked over us, or the framework is half gone
                runtime.problem(f"{value.partition(':')[0]} could not be taken out of its framework again", error)
    _tell()


def _tell() -> None:
    runtime.set_covered([one for there in _installed.values() for one in there.coverage.covered])


def _known() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _entry(target: ModuleType | str, known: dict[str, EntryPoint]) -> EntryPoint:
    name = target.__name__ if isinstance(target, ModuleType) else target
    if not isinstance(name, str):
        raise UnknownName(f"instrument() takes modules or their names; found a {type(target).__qualname__}")
    first = name.split(".")[0].replace("-", "_")
    if first in known:
        return known[first]
    near = difflib.get_close_matches(first, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UnknownName(f"no integration answers to {first!r}.{hint} Installed: {', '.join(sorted(known))}")


def _present(known: dict[str, EntryPoint]) -> Iterable[EntryPoint]:
    """The integrations whose framework is importable, without importing it."""
    return (entry for entry in known.values() if importlib.util.find_spec(entry.name) is not None)

"""Where the application's side is joined: settings, the calls in flight, the channel, the recorder that empties it.

The object that holds everything together stands above what it holds together, and nothing below asks for it. Nothing
here raises into the application's call: what goes wrong is logged once, counted, and shown by `status()`.
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from agentlog import settings as _settings
from agentlog.errors import ConfigurationError
from agentlog.recording import calls, context, flushing, forks
from agentlog.recording.calls import Call, Ended, Feedback, close_call, open_call
from agentlog.recording.channel import Inlet
from agentlog.recording.context import innermost, session, silent

if TYPE_CHECKING:
    from agentlog.recorder.process import RecorderProcess
    from agentlog.recorder.thread import RecorderThread
    from agentlog.redaction import RedactionPolicy

logger = logging.getLogger(__name__)

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush achieved."""

    durable: int
    """Calls that are readable Parquet now, of this process, since its recorder started."""
    held: int
    """Calls that are still under way: open calls are not counted, only ended ones."""
    dropped: int
    """Calls that did not fit into the channel, since the start."""


@dataclass(frozen=True, slots=True)
class Status:
    """What agentlog is doing in this process. Counts are of calls, since the recorder started."""

    recorder: str
    """"process", "thread", "off" or "not started"."""
    recorder_reason: str
    """Why it lives there, and what is to be said of it."""
    directory: Path
    seen: int
    """Ended calls that were taken for recording."""
    stored: int
    """Rows that are durable."""
    withheld: int
    """Of the stored: rows whose input or output is withheld (human-facing, or its surface is not stored)."""
    failed: int
    """Of the stored: rows of which only the shape is stored, because redaction failed."""
    dropped: int
    """Calls that did not fit: the channel was full."""
    held: int
    """Calls under way to the disk."""
    covered: tuple[str, ...] = ()
    """What `instrument()` has covered."""
    last_error: str | None = None
    """The last thing that went wrong in agentlog, with the time (UTC)."""

    def __str__(self) -> str:
        lines = [
            f"agentlog: recorder {self.recorder} ({self.recorder_reason}), directory {self.directory}",
            f"  seen {self.seen}, stored {self.stored} (withheld {self.withheld}, failed {self.failed}), "
            f"held {self.held}, dropped {self.dropped}",
            f"  covered: {', '.join(self.covered) or 'nothing instrumented'}",
        ]
        if self.last_error:
            lines.append(f"  last error: {self.last_error}")
        return "\n".join(lines)


@dataclass(slots=True)
class _State:
    """Of this process; a forked child gets a new one."""

    settings: _settings.Settings | None = None
    channel: Inlet | None = None
    recorder: RecorderThread | RecorderProcess | None = None
    covered: list[str] = field(default_factory=list)
    last_error: str | None = None
    stopped: bool = False


_lock = threading.RLock()
_state = _State()
_on = not _settings.disabled()
_put: Callable[[bytes], bool] | None = None
_rate = 1.0


def configure(
    directory: str | Path | None = None,
    *,
    service: str | None = None,
    redaction: RedactionPolicy | Callable[[str], str] | Literal["off"] | None = None,
    store: tuple[str, ...] | None = None,
    recorder: str | None = None,
    pseudonym_key: bytes | str | None = None,
    encryption: object | None = None,
    sample_rate: float | None = None,
    roll_s: float | None = None,
    emit_spans: bool | None = None,
) -> None:
    """Say where records go and what never may be in them. Starts the recorder. Without it the first call does, with defaults.

    A keyword wins over the environment (`AGENTLOG_DIRECTORY`, …), that over `[tool.agentlog]` in pyproject.toml.

    Args:
        directory: the dataset; "agentlog-records" in the current folder by default.
        service: the application's name.
        redaction: a `RedactionPolicy`, a callable `str -> str`, or "off". None is the default policy.
        store: surfaces whose content is stored; ("internal", "unknown") by default.
        recorder: "auto" (a process of its own where that is safe, else a thread), "process", "thread" or "off".
        pseudonym_key: the key of the pseudonyms of users and sessions, 16 bytes or more. By default one that is made once
            in the user's configuration folder.
        encryption: not there yet; anything but None raises `NotBuilt`.
        sample_rate: share of runs that are recorded, 0 to 1.
        roll_s: seconds after which a part is written at the latest.
        emit_spans: not there yet.

    Raises:
        ConfigurationError: a value cannot be used.
        NotBuilt: a part of the face that is not there yet.

    Example:
        >>> agentlog.configure("records/", service="support-bot")
    """
    global _rate, _on
    if encryption is not None:
        from agentlog.errors import NotBuilt

        raise NotBuilt(
            "encryption= is not there yet: nothing would be encrypted. Leave it out, and keep the folder private"
        )
    given = {
        "directory": directory,
        "service": service,
        "redaction": redaction,
        "store": store,
        "recorder": recorder,
        "pseudonym_key": pseudonym_key,
        "sample_rate": sample_rate,
        "roll_s": roll_s,
        "emit_spans": emit_spans,
    }
    settings = _settings.load(given)
    check_redaction(settings.redaction)
    if settings.pseudonym_key is not None and len(settings.pseudonym_key) < 16:
        raise ConfigurationError(f"pseudonym_key= needs 16 bytes or more; found {len(settings.pseudonym_key)}")
    if _settings.disabled():
        return
    with _lock:
        if _state.recorder is not None:
            shutdown()
        _state.settings = settings
        _state.stopped = False
        _rate = settings.sample_rate
        _on = settings.recorder != "off"
        if _on:
            _start(settings)


def check_redaction(redaction: Any) -> None:
    """Refuse what is no redaction, without importing the redaction room.

    Raises:
        ConfigurationError: neither a policy, nor a callable, nor "off".
    """
    if isinstance(redaction, str) and redaction != "off":
        raise ConfigurationError(
            f'redaction= is a RedactionPolicy, a callable str -> str or "off"; found {redaction!r}'
        )
    if redaction is None or redaction == "off" or callable(redaction) or type(redaction).__name__ == "RedactionPolicy":
        return
    raise ConfigurationError(
        f'redaction= is a RedactionPolicy, a callable str -> str or "off"; found a {type(redaction).__qualname__}'
    )


# ---------------------------------------------------------------- the caller's thread


def recording() -> bool:
    """Whether calls are recorded now."""
    return _on


def begin(operation: str, name: str, parent: Call | None = None) -> Call | None:
    """A call begins, inside `parent` or whatever is around it. None: nothing is recorded (off, disabled, unrecorded)."""
    if not _on or silent():
        return None
    if parent is None:
        parent = innermost()
    call = open_call(operation, name, parent, session())
    if parent is None and _rate < 1.0 and random.random() >= _rate:
        call.id = ""
    return call


def finish(call: Call, error: BaseException | None = None) -> None:
    """A call has ended, well or with `error`: close it and hand it over. Never raises, never blocks."""
    try:
        if not call.id:
            return
        close_call(call, error)
        put = _put or _started()
        if put is not None:
            put(_encode(call))
    except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
        problem("a call was not recorded", failure)


def problem(what: str, error: BaseException | None = None) -> None:
    """Something of ours went wrong: log it (a kind once), keep it for `status()`. No content: only the error's type."""
    text = what if error is None else f"{what}: {calls.error_name(error)}"
    first = _state.last_error is None or not _state.last_error.endswith(text)
    _state.last_error = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}"
    if first:
        logger.warning("%s", text)


def feedback(
    name: str,
    *,
    score: float | None = None,
    label: str | None = None,
    explanation: str | None = None,
    call: Call | str | None = None,
    trace: str | None = None,
    session: str | None = None,
    directory: str | Path | None = None,
) -> None:
    """Say how a call, a trace or a session went; it may be a day later, from another process.

    Without `call`, `trace` and `session` it is about the run that is around this.

    Args:
        name: of the measure, like "resolved".
        score: a number; 1.0 is good by convention.
        label: a word, like "wrong tool".
        explanation: free text; it is redacted like content.
        call: a `Call` or its id.
        trace: a trace's id.
        session: the session's id as you gave it to `session()`.
        directory: another dataset than the configured one.

    Raises:
        ConfigurationError: nothing is said (no score, label or explanation), or it is about nothing.

    Example:
        >>> agentlog.feedback("resolved", score=1.0, session="ticket-4711")
    """
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f'feedback needs a name, like "resolved"; found {name!r}')
    if score is None and label is None and explanation is None:
        raise ConfigurationError(f"feedback {name!r} says nothing: give a score, a label or an explanation")
    if score is not None and not isinstance(score, (int, float)):
        raise ConfigurationError(f"a score is a number; found {score!r}")
    if call is None and trace is None and session is None:
        around = context.innermost()
        block = context.session()
        if around is not None:
            trace = around.trace
        elif block is not None:
            trace = block.trace
        else:
            raise ConfigurationError(
                f"feedback {name!r} is about nothing: give call=, trace= or session=, or call it inside a run"
            )
    if not _on:
        return
    one = Feedback(
        calls.new_id(),
        name,
        time.time_ns(),
        None if score is None else float(score),
        label,
        explanation,
        call.id if isinstance(call, Call) else call,
        trace,
        session,
    )
    if directory is not None:
        from agentlog.recorder.pipeline import store_feedback

        store_feedback(one, _settings.load({"directory": directory}))
        return
    put = _put or _started()
    if put is not None:
        put(_encode(one))


def end_trace(trace: str) -> None:
    """A session block is left: what is held of its trace need not wait any longer."""
    if _put is not None:
        _put(_encode(Ended(trace)))


# ---------------------------------------------------------------- the recorder's life


def _started() -> Callable[[bytes], bool] | None:
    """The first finished call starts the recorder, with the settings that it finds."""
    with _lock:
        if _put is None and _on and not _state.stopped:
            try:
                settings = _state.settings or _settings.load()
            except ConfigurationError as error:
                problem(f"nothing is recorded: {error}")
                _state.stopped = True
                return None
            if settings.recorder == "off":
                globals()["_on"] = False
                return None
            globals()["_rate"] = settings.sample_rate
            _state.settings = settings
            _start(settings)
            logger.info("agentlog records into %s (agentlog.configure(directory=…) changes it)", settings.directory)
        return _put


def _start(settings: _settings.Settings) -> None:
    """Make the channel and the recorder. What is heavy is imported where the recorder lives, not here."""
    global _put
    with forks.lock:
        from agentlog.recorder import choice

        recorder, channel = choice.start(settings, problem)
    flushing.directory = settings.directory
    _state.recorder, _state.channel = recorder, channel
    flushing.set_flush(flush)
    _put = channel.put
    # a forked child of multiprocessing ends with os._exit after its own finalizers, and never runs atexit
    util = sys.modules.get("multiprocessing.util")
    if util is not None and sys.modules["multiprocessing.process"].parent_process() is not None:
        util.Finalize(None, _at_exit, exitpriority=10)


def flush(timeout_s: float = 5.0) -> Flushed:
    """Make everything that has ended readable Parquet, now. What it acknowledges is on disk.

    Args:
        timeout_s: how long to wait at most, in seconds.

    Example:
        >>> agentlog.flush().held
        0
    """
    recorder, channel = _state.recorder, _state.channel
    if recorder is None or channel is None:
        return Flushed(0, 0, 0)
    recorder.flush(timeout_s)
    return Flushed(recorder.counts.stored, channel.held, channel.dropped)


def shutdown(timeout_s: float = 5.0) -> Flushed:
    """Flush, then end the recorder. `configure()` starts it again; until then nothing is recorded."""
    global _put
    with _lock:
        recorder = _state.recorder
        _put = None
        _state.stopped = True
        if recorder is None:
            return Flushed(0, 0, 0)
        recorder.stop(timeout_s)
        done = Flushed(
            recorder.counts.stored,
            _state.channel.held if _state.channel else 0,
            _state.channel.dropped if _state.channel else 0,
        )
        _state.recorder = None
        _state.channel = None
        flushing.set_flush(None)
        return done


def status() -> Status:
    """What agentlog is doing in this process: what it has seen, stored, withheld, lost, and why."""
    recorder, channel = _state.recorder, _state.channel
    if not _on:
        where = "off", "AGENTLOG_DISABLED is set" if _settings.disabled() else 'recorder="off"'
    elif recorder is None:
        where = "not started", "shut down" if _state.stopped else "no call has ended yet"
    else:
        where = recorder.home, recorder.reason
    try:
        directory = (_state.settings or _settings.load()).directory
    except ConfigurationError:
        directory = Path(_settings.DIRECTORY)
    stored, held = (recorder.counts.stored if recorder else 0), (channel.held if channel else 0)
    return Status(
        recorder=where[0],
        recorder_reason=where[1],
        directory=directory,
        seen=recorder.counts.seen + channel.waiting if recorder and channel else 0,
        stored=stored,
        withheld=recorder.counts.withheld if recorder else 0,
        failed=recorder.counts.failed if recorder else 0,
        dropped=channel.dropped if channel else 0,
        held=held,
        covered=tuple(_state.covered),
        last_error=_state.last_error,
    )


def set_covered(covered: list[str]) -> None:
    """Instrumentation says what it has covered."""
    _state.covered = covered


def _at_exit() -> None:
    """The interpreter ends: make durable what is held, for a limited time."""
    if _state.recorder is not None:
        shutdown(timeout_s=30.0)


def _after_fork_in_child() -> None:
    """The child has no recorder and must not share the channel: it starts its own with its first ended call."""
    global _state, _put, _lock
    _lock = threading.RLock()
    before = _state
    _state = _State(settings=before.settings, covered=before.covered, stopped=before.stopped)
    _put = None
    if before.recorder is not None:
        before.recorder.abandon()
    flushing.set_flush(None)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)

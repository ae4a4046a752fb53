"""Where the application's side is joined: settings, the calls in flight, the channel, the recorder that empties it.

The object that holds everything together stands above what it holds together, and nothing below asks for it. Nothing
here raises into the application's call: what goes wrong is logged once, counted, and shown by `status()`.
"""

from __future__ import annotations

import atexit
import logging
import os
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
from agentlog.recording import calls, context, flushing, forks, misuse
from agentlog.recording.calls import Call, Ended, Feedback, close_call, open_call
from agentlog.recording.channel import Inlet
from agentlog.recording.context import innermost, session, silent
from agentlog.recording.sampling import kept
from agentlog.semconv import MODEL_OPERATIONS

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
    merged: int = 0
    """Of the seen: calls that two layers saw, stored once."""
    unsampled: int = 0
    """Outermost calls that `sample_rate` left out, with all that was inside them."""
    repaired: int = 0
    """Rows that were written anew, because something personal was learnt in their run after they had been written."""
    alive: bool = False
    """Whether the recorder is there now. One that died is started again by the next call; the reason says so."""
    covered: tuple[str, ...] = ()
    """What `instrument()` has covered."""
    last_error: str | None = None
    """The last thing that went wrong in agentlog, with the time (UTC)."""

    def __str__(self) -> str:
        further = f", seen by two layers {self.merged}" if self.merged else ""
        further += f", left out by sample_rate {self.unsampled}" if self.unsampled else ""
        further += f", repaired {self.repaired}" if self.repaired else ""
        lines = [
            f"agentlog: recorder {self.recorder} ({self.recorder_reason}), directory {self.directory}",
            f"  seen {self.seen}, stored {self.stored} (withheld {self.withheld}, failed {self.failed}), "
            f"held {self.held}, dropped {self.dropped}{further}",
            f"  covered: {', '.join(self.covered) or 'nothing instrumented'}",
        ]
        if self.last_error:
            lines.append(f"  last error: {self.last_error}")
        return "\n".join(lines)


@dataclass(slots=True)
class _State:
    """Of this process; a forked child gets a new one."""

    settings: _settings.Settings | None = None
    given: dict[str, Any] = field(default_factory=dict)
    """The keywords that `configure()` was given so far."""
    channel: Inlet | None = None
    recorder: RecorderThread | RecorderProcess | None = None
    covered: list[str] = field(default_factory=list)
    last_error: str | None = None
    logged: dict[str, float] = field(default_factory=dict)
    """Kinds of problems, and until when (s) each is not logged again."""
    failed: int = 0
    """Calls that could not be handed over."""
    unsampled: int = 0
    stopped: bool = False


_lock = threading.RLock()
_ending = threading.RLock()
"""Held while a recorder is stopped, which takes a while: apart from `_lock`, so that no call waits for it."""
_counting = threading.RLock()
_state = _State()
_on = not _settings.disabled()
_put: Callable[[bytes], bool] | None = None
_rate = -1.0
"""The share of runs that are recorded; below 0: the first run looks it up."""

_AGAIN_S = 3600.0
"""A kind of problem that goes on is logged again after this."""
_KINDS = 100
_LONG_S = 0.25
"""A flush that holds up an event loop for longer is worth a word."""
_STOP_S = 5.0


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

    A keyword wins over the environment (`AGENTLOG_DIRECTORY`, …), that over `[tool.agentlog]` in pyproject.toml. It can be
    called again at any time: what is left out stays as it was given before. So `configure(recorder="off")` turns a running
    process off at once, and `configure(recorder="auto")` on again; what is instrumented stays so.

    Args:
        directory: the dataset; "agentlog-records" in the current folder by default.
        service: the application's name.
        redaction: a `RedactionPolicy`, a callable `str -> str`, or "off". None is the default policy.
        store: surfaces whose content is stored; ("internal", "unknown") by default.
        recorder: "auto" (a process of its own where that is safe, else a thread), "process", "thread" or "off": nothing is
            recorded from now on, and what had ended is made durable (it is waited for, five seconds at most).
        pseudonym_key: the key of the pseudonyms of users and sessions, 16 bytes or more. By default one that is made once
            in the user's configuration folder.
        encryption: not there yet; anything but None raises `NotBuilt`.
        sample_rate: share of runs that are recorded, 0 to 1; a run is recorded whole or not at all.
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
        # absolute: a program may change its current folder before it turns recording off and on again
        "directory": None if directory is None else Path(directory).expanduser().absolute(),
        "service": service,
        "redaction": redaction,
        "store": store,
        "recorder": recorder,
        "pseudonym_key": pseudonym_key,
        "sample_rate": sample_rate,
        "roll_s": roll_s,
        "emit_spans": emit_spans,
    }
    given = {**_state.given, **{name: value for name, value in given.items() if value is not None}}
    settings = _settings.load(given)
    check_redaction(settings.redaction)
    if settings.pseudonym_key is not None and len(settings.pseudonym_key) < 16:
        raise ConfigurationError(f"pseudonym_key= needs 16 bytes or more; found {len(settings.pseudonym_key)}")
    if _settings.disabled():
        return
    with _lock:
        before = _state.recorder
        if before is not None and not _state.given and directory is not None:
            _say_too_late(settings)
        if settings.recorder == "off":
            _on = False
            _part_with_recorder()
        else:
            # it takes over before the one that is there ends: what ends meanwhile is recorded, too
            _start(settings)
            _on, _rate = True, settings.sample_rate
        _state.settings, _state.given, _state.stopped = settings, given, False
    if before is not None:
        with _ending:
            before.stop(_STOP_S)


def _say_too_late(settings: _settings.Settings) -> None:
    """The first call has started a recorder with the defaults, and only now it is said where records go."""
    recorded = (_state.settings or settings).directory
    if recorded.expanduser().absolute() != settings.directory.expanduser().absolute():
        misuse.warn(
            f"agentlog.configure() comes too late: calls were recorded into {recorded} already. Call it before the first "
            "call that is recorded"
        )


def check_redaction(redaction: Any) -> None:
    """Refuse what is no redaction, without importing the redaction room unless a policy is written in TOML.

    Raises:
        ConfigurationError: neither a policy, nor a callable, nor "off"; a policy in TOML that cannot be.
    """
    if isinstance(redaction, str) and redaction != "off":
        raise ConfigurationError(
            f'redaction= is a RedactionPolicy, a callable str -> str or "off"; found {redaction!r}'
        )
    if redaction is None or redaction == "off" or callable(redaction) or type(redaction).__name__ == "RedactionPolicy":
        return
    if isinstance(redaction, _settings.PolicyTable):
        from agentlog.redaction.policies.tables import policy_from

        policy_from(redaction.table, redaction.folder, redaction.where)
        return
    raise ConfigurationError(
        f'redaction= is a RedactionPolicy, a callable str -> str or "off"; found a {type(redaction).__qualname__}'
    )


# ---------------------------------------------------------------- the caller's thread


def recording() -> bool:
    """Whether calls are recorded now."""
    return _on


def begin(operation: str, name: str, parent: Call | None = None) -> Call | None:
    """A call begins, inside `parent` or whatever is around it. None: nothing is recorded (off, disabled, unrecorded).

    Never raises.
    """
    try:
        if not _on or silent() or (context.collecting and context.finalising()):
            return None
        if parent is None:
            parent = innermost()
        call = open_call(operation, name, parent, session())
        if parent is None and _rate < 1.0 and not _sampled(call):
            call.id = ""
        return call
    except Exception as failure:  # noqa: BLE001 - failures of ours never reach the application
        try:
            problem("a call was not recorded", failure)
        except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
            pass
        return None


def _sampled(call: Call) -> bool:
    """Whether the run that begins with `call` is recorded. Never raises."""
    global _rate
    if _rate < 0.0:
        try:
            _rate = (_state.settings or _settings.load()).sample_rate
        except ConfigurationError:
            return True  # the first call that ends says what is wrong, and that nothing is recorded
    if _rate >= 1.0:
        return True
    if _rate > 0.0:
        # The run of a model call that nothing is around is only known in the recorder: it decides, by the same hash
        if call.trace == call.id and call.operation in MODEL_OPERATIONS:
            return True
        if kept(call.trace, _rate):
            return True
    with _counting:
        _state.unsampled += 1
    return False


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
        try:
            _not_recorded(call, failure)
        except Exception:  # noqa: BLE001 - at the end of the stack not even that can be said
            pass


def _not_recorded(call: Call, failure: Exception) -> None:
    """A call cannot be encoded (the attributes of a session may hold anything), or met a channel that was closed just now."""
    put = _put
    if put is None and (_state.stopped or not _on):
        return
    if put is not None and call.duration_ns >= 0:  # it is whole
        try:
            calls.make_plain(call)
            put(_encode(call))
            return
        except Exception as again:  # noqa: BLE001 - failures of ours never reach the application
            failure = again
    with _counting:
        _state.failed += 1
    problem("a call was not recorded", failure)


def problem(what: str, error: BaseException | None = None) -> None:
    """Something of ours went wrong: log it (a kind once), keep it for `status()`. No content: only the error's type."""
    text = what if error is None else f"{what}: {calls.error_name(error)}"
    _state.last_error = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}"
    now = time.monotonic()
    if now >= _state.logged.get(text, now):
        if len(_state.logged) >= _KINDS:
            _state.logged.clear()
        _state.logged[text] = now + _AGAIN_S
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
    for keyword, given in (("trace", trace), ("session", session), ("call", None if isinstance(call, Call) else call)):
        if given is not None and (not isinstance(given, str) or not given):
            raise ConfigurationError(f"{keyword}= takes an id; found {given if given == '' else type(given)!r}")
    if call is None and trace is None and session is None:
        around = context.innermost()
        block = context.session()
        if around is not None:
            if not around.id:  # its run is not recorded
                return
            trace = around.trace
        elif block is not None:
            trace = block.trace
        else:
            raise ConfigurationError(
                f"feedback {name!r} is about nothing: give call=, trace= or session=, or call it inside a run"
            )
    if not _on or (isinstance(call, Call) and not call.id):  # its run is not recorded
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
    """A session block is left: what is held of its trace need not wait any longer. Never raises."""
    try:
        if _put is not None:
            _put(_encode(Ended(trace)))
    except Exception as failure:  # noqa: BLE001 - a channel that was closed just now: nothing waits there any more
        problem("the end of a session was not told", failure)


# ---------------------------------------------------------------- the recorder's life


def _started() -> Callable[[bytes], bool] | None:
    """The first finished call starts the recorder, with the settings that it finds."""
    if _state.stopped or not _on:  # no call waits while a recorder is stopped
        return None
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
    began = time.monotonic()
    recorder.flush(timeout_s)
    if time.monotonic() - began > _LONG_S and _in_event_loop():
        misuse.warn(
            "a flush of agentlog has held up the event loop: while it waits for the disk, no other task goes on. "
            "Let it wait in a thread: await asyncio.to_thread(agentlog.flush)"
        )
    return Flushed(recorder.counts.stored, channel.held, channel.dropped)


def _in_event_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def shutdown(timeout_s: float = 5.0) -> Flushed:
    """Flush, then end the recorder. `configure()` starts it again; until then nothing is recorded."""
    with _ending:
        with _lock:
            recorder, channel = _state.recorder, _state.channel
            _part_with_recorder()
            _state.stopped = True
        if recorder is None or channel is None:
            return Flushed(0, 0, 0)
        recorder.stop(timeout_s)
        return Flushed(recorder.counts.stored, channel.held, channel.dropped)


def _part_with_recorder() -> None:
    """What ends from now on is not handed over; whoever calls this stops the recorder."""
    global _put
    _put = None
    _state.recorder = _state.channel = None
    flushing.set_flush(None)


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
    counts = None if recorder is None else recorder.counts
    return Status(
        recorder=where[0],
        recorder_reason=where[1],
        directory=directory,
        seen=counts.seen + channel.waiting if counts and channel else 0,
        stored=counts.stored if counts else 0,
        withheld=counts.withheld if counts else 0,
        failed=_state.failed + (counts.failed if counts else 0),
        dropped=channel.dropped if channel else 0,
        held=channel.held if channel else 0,
        merged=counts.merged if counts else 0,
        unsampled=_state.unsampled + (counts.unsampled if counts else 0),
        repaired=counts.repaired if counts else 0,
        alive=recorder is not None and recorder.alive,
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
    global _state, _put, _lock, _ending, _counting
    _lock, _ending, _counting = threading.RLock(), threading.RLock(), threading.RLock()
    before = _state
    _state = _State(
        settings=before.settings,
        given=before.given,
        covered=before.covered,
        logged=before.logged,
        stopped=before.stopped,
    )
    _put = None
    if before.recorder is not None:
        before.recorder.abandon()
    flushing.set_flush(None)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)

"""Where the recorder lives here, tried out with one call; and what a container or a limit changes."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from agentlog.cli.doctor.findings import Finding
from agentlog.cli.status import size
from agentlog.errors import AgentlogError
from agentlog.recorder import choice
from agentlog.recording import calls
from agentlog.recording.snapshot import encode
from agentlog.semconv import EXECUTE_TOOL
from agentlog.settings import Settings

_PATIENCE_S: Final = 30.0
_NEEDED: Final = 256 << 20
"""A recorder with its libraries, and what may be under way."""
_REAPERS: Final = (
    "tini",
    "dumb-init",
    "docker-init",
    "catatonit",
    "systemd",
    "init",
    "s6-svscan",
    "runit",
    "pause",
    "bash",
    "sh",
)


def look(settings: Settings) -> list[Finding]:
    """What there is to say."""
    return [*_recorder(settings), *_container(), *_limits()]


def _recorder(settings: Settings) -> list[Finding]:
    area = "recorder"
    if settings.recorder == "off":
        return [Finding(area, "note", 'recorder="off": nothing is recorded', 'set it to "auto"')]
    if settings.recorder == "auto":
        obstacle = choice.why_no_process(settings)
        if obstacle:
            do = "docs/reliability.md says what that changes"
            found = [Finding(area, "note", f'"auto" takes a thread of the application: {obstacle}', do)]
        else:
            what = '"auto" takes a process of its own, unless configure(redaction=…) is given what it cannot import'
            found = [Finding(area, "ok", what)]
    else:
        found = [Finding(area, "ok", f"a {settings.recorder} is asked for")]
    return [*found, *_tried(settings)]


def _tried(settings: Settings) -> list[Finding]:
    """One call through all of it: into a folder of its own, which is removed."""
    area, said = "recorder", []
    with tempfile.TemporaryDirectory(prefix="agentlog-doctor-") as folder:
        here = replace(
            settings, directory=Path(folder) / "records", pseudonym_key=secrets.token_bytes(32), sample_rate=1.0
        )
        began = time.perf_counter()
        try:
            recorder, channel = choice.start(here, lambda what, error: said.append(what))
        except AgentlogError as error:
            return [Finding(area, "wrong", str(error), 'recorder="auto" takes a thread where no process can be')]
        call = calls.open_call(EXECUTE_TOOL, "doctor", None, None)
        call.request = encode({"asked": "is anybody there? doctor@example.com"})
        calls.close_call(call)
        channel.put(msgspec.msgpack.encode(call))
        recorder.flush(_PATIENCE_S)
        took = time.perf_counter() - began
        stored, reason, home = recorder.counts.stored, recorder.reason, recorder.home
        recorder.stop(_PATIENCE_S)
    if stored != 1:
        why = "; ".join(said) or f"it said nothing for {_PATIENCE_S:.0f} s"
        return [
            Finding(
                area,
                "wrong",
                f"a call that was tried was not stored: {why}",
                "report it, with the output of `agentlog doctor --json`",
            )
        ]
    found = [
        Finding(
            area,
            "ok",
            f"a call was recorded, redacted and written in {took:.1f} s, by a {home} ({reason.partition(',')[0]})",
        )
    ]
    if "RLIMIT_MEMLOCK" in reason:
        do = "ulimit -l unlimited; systemd: LimitMEMLOCK=infinity; Docker: --ulimit memlock=-1. Without it the system may swap raw words out"
        found.append(Finding(area, "note", reason.partition(", ")[2], do))
    return found


def _container() -> list[Finding]:
    area = "machine"
    container = (
        any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))
        or "KUBERNETES_SERVICE_HOST" in os.environ
    )
    first = _text("/proc/1/comm")
    found: list[Finding] = []
    if not container:
        return found
    if first and first not in _REAPERS:
        found.append(
            Finding(
                area,
                "note",
                f"this is a container whose first process (PID 1) is {first}: if that is your application, its end kills its recorder",
                "let SIGTERM end it in order (PID 1 ignores it without a handler) and call agentlog.shutdown() at the end; "
                "or start the container with --init",
            )
        )
    else:
        found.append(Finding(area, "ok", f"this is a container; its first process is {first or 'unknown'}"))
    found.append(Finding(area, "ok", "/dev/shm is not used, however small it is"))
    return found


def _limits() -> list[Finding]:
    area = "machine"
    found: list[Finding] = []
    limit = _text("/sys/fs/cgroup/memory.max")
    if limit.isdigit() and int(limit) < _NEEDED:
        found.append(
            Finding(
                area,
                "note",
                f"the memory of this container is limited to {size(int(limit))}",
                f"a recorder takes 40 to 95 MB, and up to 64 MB wait: give it {size(_NEEDED)} or more",
            )
        )
    try:
        import resource
    except ImportError:  # Windows
        return found
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft != 0:
        found.append(
            Finding(
                area,
                "note",
                "your program's core dumps hold the raw words that are in its memory; the recorder writes none",
                "ulimit -c 0",
            )
        )
    return found


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return ""

"""`agentlog redact`: what redaction would do to a text or to logs, before and after, with the reasons."""

from __future__ import annotations

import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from agentlog.cli.console import err, out
from agentlog.errors import ConfigurationError, SourceError

if TYPE_CHECKING:
    from agentlog.redaction import Preview

_MOST_STDIN: Final = 64_000_000
"""Bytes that are taken from standard input: a file is read piece by piece, and has no such limit."""
_LOOKED_AT: Final = 20
"""Values of a file by which it is seen whether it holds messages."""
_MOST_MESSAGES: Final = 32_000_000
"""Characters of messages that stand in a file one by one, and are held together because they are one conversation."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("redact")(redact)


def redact(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="A text, or JSON or JSONL of messages (also .gz); - reads standard input.",
            show_default=False,
        ),
    ],
    policy: Annotated[
        str | None,
        typer.Option(
            help="A policy's TOML file, default or off; the configured one when left out.", show_default=False
        ),
    ] = None,
    after_only: Annotated[
        bool, typer.Option("--after-only", help="A filter: only what is left, in the shape that was given.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="For a program: one JSON object for each text or conversation.")
    ] = False,
) -> None:
    """Show what redaction would do: before, after, and why. Nothing is written; the raw words are on the screen."""
    if after_only and as_json:
        raise ConfigurationError("--after-only and --json are two ways of writing the same: choose one")
    chosen = _policy(policy)
    show = _After() if after_only else _Json() if as_json else _Terminal()
    try:
        bad = _show(_Source.of(file), chosen, show)
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except BrokenPipeError:  # who reads has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    if bad:
        raise typer.Exit(1)


def _policy(said: str | None) -> Any:
    """What `--policy` says; the configured policy where it says nothing."""
    from agentlog import settings
    from agentlog.redaction import RedactionPolicy

    if said is None:
        return settings.load().redaction
    if said in ("default", "off"):
        return None if said == "default" else "off"
    if not Path(said).is_file():
        raise ConfigurationError(f"--policy takes the path of a TOML file, default or off; there is no file {said}")
    return RedactionPolicy.from_toml(said)


def _show(source: _Source, policy: Any, show: _After | _Json | _Terminal) -> bool:
    """Shows all that is in a source, one conversation after the other; whether some of it was not readable or redactable."""
    from agentlog.importing.sources import Bad
    from agentlog.redaction import preview

    bad = False
    for value in source.values():
        if isinstance(value, Bad):
            bad = True
            err.print(f"{source.name}:{value.place}: {value.reason}", highlight=False, markup=False, soft_wrap=True)
            continue
        seen = preview(value.value, policy=policy)
        bad |= seen.failed
        show.one(seen, value)
    return bad


@dataclass(frozen=True, slots=True)
class _Value:
    """A text, a conversation or another value of JSON."""

    value: Any
    is_text: bool = False
    by_line: bool = False
    """Its elements stood on lines of their own."""


class _Source:
    """What is to be shown, from a file or from standard input. `path` needs no more than `open`."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path

    @classmethod
    def of(cls, file: str) -> _Source:
        """The file of that name; standard input for "-", which is held in memory and nowhere else.

        Raises:
            SourceError: there is no such file, or standard input holds too much.
        """
        if file != "-":
            path = Path(file)
            if not path.is_file():
                raise SourceError(f"there is no file {file}")
            return cls(file, path)
        if sys.stdin.isatty():
            err.print("reading standard input; Ctrl-D ends it", style="dim")
        held = sys.stdin.buffer.read(_MOST_STDIN + 1)
        if len(held) > _MOST_STDIN:
            raise SourceError(
                f"standard input holds more than {_MOST_STDIN:,} bytes: give a file, which is read piece by piece"
            )
        return cls("standard input", cast("Path", _Held(held)))

    def values(self) -> Iterator[Any]:
        """What is in it: `_Value`s, and `Bad` places.

        Raises:
            SourceError: it is no text, or too long to be looked through.
        """
        from agentlog.importing.sources import Bad, Item, SourceFile
        from agentlog.redaction.showing.walking import holds_messages, is_message

        if not self._looks_like_json():
            yield self._text()
            return
        items = SourceFile(self._path).items()
        first = list(islice(items, _LOOKED_AT))
        values = [one.value for one in first if isinstance(one, Item)]
        if not any(map(holds_messages, values)):
            yield self._text()  # as it stands there: JSON keeps its line breaks, and a log may begin like JSON
            return
        every = chain(first, items)
        if is_message(values[0]):
            yield from self._conversation(every)
            return
        for one in every:
            yield one if isinstance(one, Bad) else _Value(one.value)

    def _conversation(self, items: Iterator[Any]) -> Iterator[Any]:
        """Messages that stand one by one, as the one conversation that they are."""
        from agentlog.importing.sources import Bad

        messages: list[Any] = []
        size = 0
        for one in items:
            if isinstance(one, Bad):
                yield one
                continue
            size += len(json.dumps(one.value, ensure_ascii=False))
            if size > _MOST_MESSAGES:
                raise SourceError(
                    f"{self.name} is one conversation of more than {_MOST_MESSAGES:,} characters: split it"
                )
            messages.append(one.value)
        yield _Value(messages, by_line=self._head().lstrip()[:1] != b"[")

    def _looks_like_json(self) -> bool:
        head = self._head()
        if not head.strip():
            raise SourceError(f"{self.name} is empty")
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SourceError(f"{self.name} is UTF-16: save it as UTF-8")
        if b"\x00" in head:
            raise SourceError(f"{self.name} is no text: text, JSON or JSONL in UTF-8 is needed")
        return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")

    def _head(self) -> bytes:
        return self._read(64_000)

    def _text(self) -> _Value:
        from agentlog.redaction.limits import LONGEST_TEXT

        raw = self._read(4 * LONGEST_TEXT + 1)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            if len(raw) <= 4 * LONGEST_TEXT:
                raise SourceError(f"{self.name} is no UTF-8") from None
            text = raw.decode("utf-8", "replace")
        if len(text) > LONGEST_TEXT:
            raise SourceError(
                f"{self.name} is one text of more than {LONGEST_TEXT:,} characters: of so long a text the recorder stores the "
                "shape only. Split it to see what is found in its parts"
            )
        if "\x00" in text:
            raise SourceError(f"{self.name} is no text: text, JSON or JSONL in UTF-8 is needed")
        return _Value(text, is_text=True)

    def _read(self, most: int) -> bytes:
        try:
            with self._path.open("rb") as raw:
                squeezed = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                return gzip.GzipFile(fileobj=raw).read(most) if squeezed else raw.read(most)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise SourceError(f"{self.name} is a compressed file that is damaged, or ends too soon") from None


class _Held:
    """Bytes in memory, opened as a file is."""

    def __init__(self, held: bytes) -> None:
        self._held = held

    def open(self, mode: str) -> BytesIO:
        return BytesIO(self._held)


class _After:
    """A filter: what may be stored, and nothing else."""

    def one(self, seen: Preview, value: _Value) -> None:
        if value.is_text:
            sys.stdout.write(seen.after)
        elif value.by_line:
            sys.stdout.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in seen.after)
        else:
            sys.stdout.write(json.dumps(seen.after, ensure_ascii=False) + "\n")


class _Json:
    """For a program: one object a line."""

    def one(self, seen: Preview, value: _Value) -> None:
        sys.stdout.write(json.dumps(seen.to_dict(), ensure_ascii=False) + "\n")


class _Terminal:
    """For a person; in a pipe the same without colours."""

    def one(self, seen: Preview, value: _Value) -> None:
        if out.is_terminal:
            out.print(seen)
        else:
            sys.stdout.write(f"{seen}\n")

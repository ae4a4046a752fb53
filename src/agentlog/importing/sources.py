r"""Files of JSON, one value at a time: JSONL, a JSON list, JSON values one after the other; each also compressed with gzip.

Lines end with \n alone: other line ends of Unicode (U+2028, U+0085) stand raw in the strings of real logs.
"""

from __future__ import annotations

import codecs
import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from agentlog.errors import SourceError

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_HEAD: Final = 64 * 1024
_CHUNK: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Item:
    """A value in a file."""

    place: int
    """Its line in a file of lines, its place in a list; from 1."""
    value: Any


@dataclass(frozen=True, slots=True)
class Bad:
    """A place in a file where no value could be read."""

    place: int
    reason: str
    """What is wrong; nothing of what stands there."""


def files_of(source: Path, outside: Path) -> list[Path]:
    """The files that are to be read: `source` itself, or the JSON files below it, by name. What lies in `outside` is not.

    Raises:
        SourceError: there is no such file, or the folder holds no JSON.
    """
    if not source.exists():
        raise SourceError(f"there is no file or folder {source}")
    if not source.is_dir():
        return [source]
    found = []
    for folder, folders, names in os.walk(source):
        here = Path(folder)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (here / name).absolute() != outside
        )
        found += [here / name for name in sorted(names) if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
    if not found:
        raise SourceError(f"{source} holds no file whose name ends with {', '.join(SUFFIXES)}")
    return found


class SourceFile:
    """One file. `items()` reads it from its beginning, as often as asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = 0
        """How far it has been read, in bytes as they lie on the disk."""

    def items(self) -> Iterator[Item | Bad]:
        """Its values, and the places where there are none.

        Raises:
            SourceError: it is empty, or no text at all.
        """
        with self.path.open("rb") as raw:
            squeezed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if squeezed else raw  # type: ignore[assignment]  # reads alike
            number = 0
            try:
                head = _first(stream)
                self._check(head, squeezed=squeezed)
                stream.seek(0)
                for item in (_lines if _is_lines(head) else _values)(stream):
                    number = item.place
                    self.position = raw.tell()
                    yield item
            except (EOFError, zlib.error, gzip.BadGzipFile):
                yield Bad(number + 1, "the compressed file is damaged here, or ends")
            self.position = raw.tell()

    def _check(self, head: bytes, *, squeezed: bool) -> None:
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise SourceError(f"{self.path} is UTF-16: save it as UTF-8")
        if b"\x00" in head:
            raise SourceError(f"{self.path} is no text{' inside' if squeezed else ''}: JSON or JSONL is needed")
        if not head.removeprefix(_BOM).strip():
            raise SourceError(f"{self.path} is empty")


def _first(stream: Any) -> bytes:
    """The first bytes; as many as there are in a compressed file that was cut off."""
    head = b""
    while len(head) < _HEAD:
        try:
            more = stream.read1(_HEAD - len(head))
        except EOFError:
            if not head:
                raise
            break
        if not more:
            break
        head += more
    return head


def _is_lines(head: bytes) -> bool:
    """Whether every line is a value of its own. What is no JSON at all is read by lines too, so that it can be reported."""
    lines = [line.strip() for line in head.removeprefix(_BOM).split(b"\n") if line.strip()]
    first = lines[0]
    if first[:1] not in (b"[", b"{"):
        return True
    cut = len(lines) == 1 and len(head) == _HEAD  # the first line is longer than what was looked at
    if first[:1] == b"[":
        return not cut and len(lines) > 1 and isinstance(_load(first), list) and lines[1][:1] == b"["
    if cut or isinstance(_load(first), dict):
        return True
    # a broken first line of JSONL, or the first line of a value that is spread over several
    return len(lines) > 1 and first != b"{" and lines[1][:1] == b"{"


def _load(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _lines(stream: IO[bytes]) -> Iterator[Item | Bad]:
    for number, line in enumerate(stream, 1):
        text = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if not text:
            continue
        try:
            words = text.decode("utf-8")
            yield Item(number, mended(json.loads(words), words))
        except UnicodeDecodeError:
            yield Bad(number, "no UTF-8")
        except json.JSONDecodeError as error:
            yield Bad(number, f"no JSON: {error.msg} at column {error.colno}")
        except (ValueError, RecursionError) as error:
            yield Bad(number, f"no JSON that can be read: {_in_words(error)}")


def _values(stream: IO[bytes]) -> Iterator[Item | Bad]:
    """The elements of a JSON list, or values one after the other, without holding the whole file."""
    decoder = json.JSONDecoder()
    text = _Text(stream)
    number, in_list = 0, text.next() == "["
    if in_list:
        text.at += 1
    try:
        while True:
            if in_list and number and text.next() == ",":
                text.at += 1
            first = text.next()
            if not first or (in_list and first == "]"):
                if not first and in_list:
                    yield Bad(number + 1, "the list ends before its bracket")
                return
            try:
                value, end = decoder.raw_decode(text.held, text.at)
            except json.JSONDecodeError as error:
                if text.more():
                    continue  # it may only be cut
                yield Bad(number + 1, f"no JSON, and nothing behind it can be read: {error.msg}")
                return
            except (ValueError, RecursionError) as error:
                yield Bad(number + 1, f"no JSON that can be read: {_in_words(error)}")
                return
            if end == len(text.held) and isinstance(value, int | float) and text.more():
                continue  # a number may go on
            number += 1
            yield Item(number, mended(value, text.held[text.at : end]))
            text.at = end
    except UnicodeDecodeError:
        yield Bad(number + 1, "no UTF-8")


class _Text:
    """A window on a stream's text, from `at` onwards."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.held = ""
        self.at = 0

    def more(self) -> bool:
        """Take in more; each time twice as much as is waiting, so that a long value is not tried too often."""
        chunk = self._stream.read(max(_CHUNK, len(self.held) - self.at))
        self.held = self.held[self.at :] + self._decoder.decode(chunk, final=not chunk)
        self.at = 0
        return bool(chunk)

    def next(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            found = _SPACE.match(self.held, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.more():
                return ""


def _in_words(error: Exception) -> str:
    """An error of the decoder that is none of JSON."""
    return "nested too deeply" if isinstance(error, RecursionError) else "a number with too many digits"


def mended(value: Any, text: str) -> Any:
    r"""`value`, which was read from `text`, without halves of surrogate pairs (`\ud83d`): they are no text that can be stored."""
    return _mend(value) if "\\ud" in text or "\\uD" in text else value


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mend(key): _mend(one) for key, one in value.items()}
    return [_mend(one) for one in value] if isinstance(value, list) else value

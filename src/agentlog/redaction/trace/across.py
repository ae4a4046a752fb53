"""Secrets that are cut between texts: the parts of a message, messages one after the other, the chunks of a stream.

Each text by itself shows no more than a piece. So the pieces are put together in the first of the texts, where the secret
begins, before anything is looked for. The texts one after the other say what they said.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from agentlog.redaction.forms.continued import going_on
from agentlog.redaction.forms.credential_forms import BEGUN
from agentlog.redaction.forms.credentials import find_credentials
from agentlog.redaction.words.text import lower, words_in

_HEAD: Final = re.compile(r"\s{0,8}([\w.+/=~:-]{1,8192}+)", re.ASCII)
_TAIL: Final = re.compile(r"[\w.+/=~:-]{3,600}", re.ASCII)
_BEFORE: Final = 600
"""Characters of a text that are looked at for the beginning of a secret."""
_NEAR: Final = 80
_WITHIN: Final = frozenset("_-/+=~")
"""What a piece of a secret may end with, beside letters and digits."""
_CHUNKS: Final = 4
"""So many parts of one message are chunks of a stream: each goes on where the one before it ended."""
_MOST: Final = 1_000_000

_REMEMBERED: Final = 100_000
_whole: set[int] = set()
"""Where one text ends and the next begins without a cut: Python's own hashes, in memory only. A history is sent with every call."""

Edit = tuple[int, int, int, str]
"""Which text, from where to where, and what stands there instead."""


def gathered(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The raw row of a call with every secret in one piece; the row itself where none was cut."""
    made: dict[str, Any] = {}
    for column in ("input_messages", "output_messages"):
        messages = row.get(column)
        changed = _messages(messages) if isinstance(messages, list) else None
        if changed is not None:
            made[column] = changed
    if row.get("time_to_first_chunk_s") is not None:
        made |= _streamed(row, made.get("output_messages") or row.get("output_messages"))
    return {**row, **made} if made else row


def _messages(messages: Sequence[Any]) -> list[Any] | None:
    """The messages with secrets in one piece; None where none was cut."""
    texts: list[str] = []
    edits: list[Edit] = []
    for message in messages:
        begin = len(texts)
        for part in message.get("parts") or ():
            if part.get("type") == "text":
                text = part.get("text")
                if text and isinstance(text, str):
                    texts.append(text)
        if len(texts) - begin >= _CHUNKS:
            edits += ((begin + at, start, end, new) for at, start, end, new in joined(texts[begin:]))
    if not edits:
        edits = _cut(texts)
    if not edits:
        return None
    made = list(messages)
    places = [
        (number, place)
        for number, message in enumerate(messages)
        for place, part in enumerate(message.get("parts") or ())
        if part.get("type") == "text" and part.get("text") and isinstance(part["text"], str)
    ]
    for at, text in _edited(texts, edits).items():
        number, place = places[at]
        parts = list(made[number]["parts"])
        parts[place] = {**parts[place], "text": text}
        made[number] = {**made[number], "parts": parts}
    return made


def _streamed(row: Mapping[str, Any], output: Any) -> dict[str, Any]:
    """What a generator yielded that was no text is stored as JSON, a list of it."""
    made: dict[str, Any] = {}
    result = row.get("tool_result")
    changed = _list_of_chunks(result) if isinstance(result, str) else None
    if changed is not None:
        made["tool_result"] = changed
    for number, message in enumerate(output or ()):
        for place, part in enumerate(message.get("parts") or ()):
            text = part.get("text") if part.get("type") == "text" else None
            changed = _list_of_chunks(text) if isinstance(text, str) else None
            if changed is not None:
                output = made.setdefault("output_messages", list(output))
                parts = list(output[number]["parts"])
                parts[place] = {**parts[place], "text": changed}
                output[number] = {**output[number], "parts": parts}
    return made


def _list_of_chunks(text: str) -> str | None:
    """JSON of chunks with secrets in one piece; None where it is none, or none was cut."""
    if text[:1] != "[" or len(text) > _MOST:
        return None
    try:
        chunks = json.loads(text)
    except (ValueError, RecursionError):
        return None
    places: dict[tuple[Any, ...], list[tuple[Any, Any, str]]] = {}
    for number, chunk in enumerate(chunks):
        for path, holder, key, value in _strings(chunk, (), chunks, number):
            places.setdefault(path, []).append((holder, key, value))
    changed = False
    for its in places.values():
        texts = [value for _, _, value in its]
        if len(set(texts)) > 1:
            for at, new in _edited(texts, joined(texts)).items():
                holder, key, _ = its[at]
                holder[key] = new
                changed = True
    return json.dumps(chunks, ensure_ascii=False) if changed else None


def _strings(
    value: Any, path: tuple[Any, ...], holder: Any, key: Any
) -> Iterator[tuple[tuple[Any, ...], Any, Any, str]]:
    """Every string in a chunk, by the way that leads to it, with what holds it under which key."""
    stack = [(value, path, holder, key)]
    while stack:
        value, path, holder, key = stack.pop()
        if isinstance(value, str):
            yield path, holder, key, value
        elif isinstance(value, dict):
            stack += ((item, (*path, name), value, name) for name, item in value.items())
        elif isinstance(value, list):
            stack += ((item, (*path, number), value, number) for number, item in enumerate(value))


def joined(texts: Sequence[str]) -> list[Edit]:
    """What puts secrets together in texts of which each goes on where the one before it ended."""
    whole = "".join(texts)
    if len(whole) > _MOST:
        return []
    starts = list(accumulate(map(len, texts), initial=0))
    edits: list[Edit] = []
    for found in find_credentials(whole, lower(whole), words_in(whole)):
        first, last = bisect_right(starts, found.start) - 1, bisect_right(starts, found.end - 1) - 1
        if first < last:
            edits.append((first, found.start - starts[first], len(texts[first]), whole[found.start : found.end]))
            edits += ((at, 0, len(texts[at]), "") for at in range(first + 1, last) if texts[at])
            edits.append((last, 0, found.end - starts[last], ""))
    return edits


def _cut(texts: Sequence[str]) -> list[Edit]:
    """What puts secrets together that end one text and begin the next, in texts that need not have to do with each other."""
    edits: list[Edit] = []
    at = 0
    while at < len(texts) - 1:
        mark = hash((texts[at], texts[at + 1]))  # a string keeps its own
        if mark in _whole:
            at += 1
            continue
        pieces = _run(texts, at)
        if len(pieces) == 1:
            if len(_whole) >= _REMEMBERED:
                _whole.clear()
            _whole.add(mark)
        if len(pieces) > 1:
            begin = pieces[0][1]
            said = "".join(texts[number][start:end] for number, start, end in pieces)
            starts = list(accumulate((end - start for _, start, end in pieces), initial=0))
            for found in find_credentials(said, lower(said), words_in(said)):
                last = bisect_right(starts, found.end - 1) - 1
                if found.start < starts[1] < found.end:
                    edits.append((at, begin + found.start, pieces[0][2], said[found.start : found.end]))
                    edits += ((number, start, end, "") for number, start, end in pieces[1:last])
                    number, start, _ = pieces[last]
                    edits.append((number, start, start + found.end - starts[last], ""))
        at = max(at + 1, pieces[-1][0])
    return edits


def _run(texts: Sequence[str], at: int) -> list[tuple[int, int, int]]:
    """A text's end, and the stretches that may go on with it in the next ones: which text, from where to where."""
    text = texts[at]
    end = len(text.rstrip())
    pieces = [(at, max(0, end - _BEFORE), end)]
    if not (text[end - 1 : end].isalnum() or text[end - 1 : end] in _WITHIN or "eyJ" in text[-_BEFORE:]):
        return pieces
    said = ""
    for number in range(at + 1, len(texts)):
        head = _HEAD.match(texts[number])
        if head is None:
            break
        if not said:  # most texts end here
            said = text[pieces[0][1] : end]
            last = said.rsplit(None, 1)[-1][-_NEAR:]
            if BEGUN.search(last) is None and not (going_on(head.group(1)) and _is_random(last)):
                break
        if not going_on(head.group(1)) and _is_whole(said):
            break
        said += head.group(1)
        pieces.append((number, *head.span(1)))
        if texts[number][head.end() :].strip():
            break
    return pieces


def _is_random(text: str) -> bool:
    """Whether a text ends with what is no word."""
    run = _TAIL.match(text[::-1])
    return run is not None and any(map(str.isdigit, text[-run.end() :]))


def _is_whole(text: str) -> bool:
    """Whether a text ends with a secret that needs nothing more."""
    return any(found.end == len(text) for found in find_credentials(text, lower(text), words_in(text)))


def _edited(texts: Sequence[str], edits: Sequence[Edit]) -> dict[int, str]:
    """The texts that change, by their place."""
    made: dict[int, str] = {}
    for at, start, end, new in sorted(edits, reverse=True):
        text = made.get(at, texts[at])
        made[at] = text[:start] + new + text[end:]
    return made

"""Which run a call of a plain SDK loop belongs to: its messages extend those of an earlier call.

A loop without a framework opens no run. But each of its calls resends the history, and in it what the model answered
last. So redaction and splits see one run, not twenty.

A history that an earlier call has said word for word, answer included, is that call's. One that was changed on the way
(older turns dropped or summed up, another system prompt, a turn shortened) is found by a turn in it that only one run
knows: a long enough question with its answer, or one that was answered by a tool call. The id of an earlier answer (`previous_response_id`, a thread's `previous_message_id`) says it outright.
What only begins alike, without an answer, is another run: the same question is asked by many.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from agentlog.messages.parts import Message
from agentlog.recorder.layers import pieces, role_of
from agentlog.records import Draft

_REMEMBERED: Final = 20_000
_LONG_TURN: Final = 120
"""Letters of a question and its answer together, from which on they are nobody else's by chance ("hello", "How can I help?")."""
_LONG_QUESTION: Final = 20
_MOST_ALIKE: Final = 8
"""Runs that are remembered for one and the same history."""


_Memory = OrderedDict[bytes, dict[str, bool]]
"""What was said → the traces it was said in, and whether a later call has gone on from there."""


class Links:
    """Remembers what was said up to the end of each call, as a hash, and the trace it was said in."""

    def __init__(self) -> None:
        self._histories: _Memory = OrderedDict()
        self._turns: _Memory = OrderedDict()
        self._answers: _Memory = OrderedDict()

    def link(self, draft: Draft) -> None:
        """Give a model call without a run the trace whose conversation it continues, where there is one."""
        row = draft.row
        answers = [one for one in map(_message, row.get("output_messages") or ()) if one.words]
        heard = _heard(row)
        digest = _History()
        ends = [end for one in heard if (end := digest.add(one))]
        trace = self._by_answer_id(row) or self._by_history(ends) or self._by_turn(heard, bool(answers))
        if trace is not None:
            row["trace_id"] = trace
        trace = row["trace_id"]
        for one in answers:  # one for each choice: the loop goes on with one of them
            history = digest.copy().add(one)
            if history:
                _remember(self._histories, history, trace)
            turn = next(_turns([*heard, one]), b"")
            if turn:
                _remember(self._turns, turn, trace)
        if draft.response_id:
            _remember(self._answers, draft.response_id.encode(), trace)

    def _by_answer_id(self, row: dict[str, Any]) -> str | None:
        request = row.get("request") or ""
        if "previous_response_id" not in request and "previous_message_id" not in request:
            return None
        try:
            told = json.loads(request)
            # Anthropic's threads: the history stays with the provider
            id = told.get("previous_response_id") or (told.get("thread") or {}).get("previous_message_id")
        except (ValueError, AttributeError):
            return None
        known = self._answers.get(id.encode()) if isinstance(id, str) else None
        return next(iter(known)) if known else None

    def _by_history(self, ends: list[bytes]) -> str | None:
        """The run that has said the longest part of this history, up to the end of an answer."""
        for history in reversed(ends):
            traces = self._histories.get(history)
            if traces:
                # runs that were alike word for word until here: the latest one that nobody has gone on with
                chosen = next((one for one in reversed(traces) if not traces[one]), next(reversed(traces)))
                traces[chosen] = True
                return chosen
        return None

    def _by_turn(self, heard: list[_Message], answered: bool) -> str | None:
        """The run that alone knows a turn of this history; the last turns first.

        A run goes on from a turn once (a call without an answer is tried again). So an old turn that is shown to a model as
        an example, again and again, does not tie all those calls together.
        """
        for turn in filter(None, _turns(heard)):
            traces = self._turns.get(turn, {})
            trace, gone_on = next(iter(traces.items()), ("", True))
            if len(traces) == 1 and not gone_on:
                traces[trace] = answered
                return trace
        return None


class _Message(NamedTuple):
    role: str
    words: str
    """Without the blanks around its parts: every API has ways of its own to cut a turn into messages and texts."""
    calls: bool
    """It calls a tool."""


def _heard(row: dict[str, Any]) -> list[_Message]:
    system = "".join(part.get("text") or "" for part in row.get("system_instructions") or ())
    heard = [_Message("system", system.strip(), False), *map(_message, row.get("input_messages") or ())]
    return [one for one in heard if one.words]


def _message(one: Message) -> _Message:
    text = "".join(piece.strip() for piece in pieces(one))
    return _Message(role_of(one), text, any(part["type"] == "tool_call" for part in one.get("parts") or ()))


class _History:
    """The hash of all that was said so far."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)
        self._last = ""

    def copy(self) -> _History:
        other = _History()
        other._digest, other._last = self._digest.copy(), self._last
        return other

    def add(self, one: _Message) -> bytes:
        """Go on to the end of a message. Returns the hash if an assistant said it, else nothing."""
        if one.role != self._last:
            self._digest.update(f"\0{one.role}\1".encode("utf-8", "surrogatepass"))
            self._last = one.role
        self._digest.update(one.words.encode("utf-8", "surrogatepass"))
        return self._digest.digest() if one.role == "assistant" else b""


def _turns(heard: list[_Message]) -> Iterator[bytes]:
    """For each answer, the last first, the hash of it and what was said right before it.

    Nothing where anybody might have said the same.
    """
    answer = _Message("", "", False)
    for role, of_role in itertools.groupby(reversed(heard), key=lambda one: one.role):
        said = list(of_role)[::-1]
        one = _Message(role, "".join(one.words for one in said), any(one.calls for one in said))
        if answer.role == "assistant" and role != "system":
            length = len(one.words)
            if answer.calls or (length >= _LONG_QUESTION and length + len(answer.words) >= _LONG_TURN):
                text = "\0".join((role, one.words, answer.words))
                yield hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            else:
                yield b""
        answer = one


def _remember(memory: _Memory, key: bytes, trace: str) -> None:
    traces = memory.setdefault(key, {})
    traces.setdefault(trace, False)
    while len(traces) > _MOST_ALIKE:
        del traces[next(iter(traces))]
    memory.move_to_end(key)
    while len(memory) > _REMEMBERED:
        memory.popitem(last=False)

"""Who a call's answer was for: a program (`internal`), a person (`human`), or nobody can tell (`unknown`).

In this order: an explicit mark; exact identity (the message is the run's answer: LangGraph, LlamaIndex); dataflow (its
words are in what the run gave back: human; another call was told them: internal); structure (only tool calls, structured
output, below a tool). No person's answer may end as `internal`: where the run has not ended yet, only what is certain
without its end is said, and what a program seems to read is believed only where the run's answer is known to be other words.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agentlog.messages.parts import Part, text_of
from agentlog.recorder.evidence import MIN_CHARS, Evidence
from agentlog.recorder.structure import asks_for_structure, parsed, speaks, texts_in, words_for_a_reader
from agentlog.records import Draft
from agentlog.semconv import ABANDONED, EMBEDDINGS, EXECUTE_TOOL, INTERRUPTED, MODEL_OPERATIONS, RETRIEVAL

INTERNAL: Final = "internal"
HUMAN: Final = "human"
UNKNOWN: Final = "unknown"

_PLACES: Final = 50_000
_ANSWERS: Final = 64
_DELIVERED: Final = 16
"""A trace may last for days (a session, a worker's OTel trace): so much of it is remembered."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What an outermost call gave back."""

    id: str
    """Of the call."""
    texts: tuple[str, ...]
    asked: tuple[str, ...]
    """The texts that it was given."""
    ids: frozenset[str]
    mark: str
    streamed: bool
    """It gave its answer in pieces: what a person saw is in `texts`."""
    whole: bool
    """It came to its own end."""


class Run:
    """What is known of a run when its calls are judged."""

    def __init__(self) -> None:
        self.reached_a_person = False
        """Some model call of this run was judged human."""
        self.delivered: deque[str] = deque(maxlen=_DELIVERED)
        """What calls gave back that are marked human."""
        self._answers: dict[str, Answer] = {}
        self._above: dict[str, tuple[str | None, str]] = {}
        """Call id → (parent's id, operation)."""
        self._around_models: dict[str, None] = {}
        """The calls that have a model call below them."""

    def note(self, draft: Draft) -> None:
        """A call of the run has ended."""
        row = draft.row
        id, operation = row["call_id"], row["operation"]
        self._above[id] = row.get("parent_id"), operation
        if row.get("parent_id") and (operation in MODEL_OPERATIONS or id in self._around_models):
            self._around_models[row["parent_id"]] = None  # those inside end first
        if draft.mark == HUMAN and operation not in MODEL_OPERATIONS:
            self.delivered.extend(draft.answer_texts or ())
        if draft.root and operation not in MODEL_OPERATIONS:
            self._answers[id] = _answer(draft)
        for memory, limit in ((self._above, _PLACES), (self._around_models, _PLACES), (self._answers, _ANSWERS)):
            if len(memory) > limit:
                del memory[next(iter(memory))]

    def around(self, call_id: str) -> Iterator[tuple[str, str]]:
        """The calls around a call, the nearest first: (id, operation). Those that have not ended are not known."""
        parent = self._above.get(call_id, (None, ""))[0]
        seen: set[str] = set()
        while parent is not None and parent in self._above and parent not in seen:
            seen.add(parent)
            above, operation = self._above[parent]
            yield parent, operation
            parent = above

    def answer_above(self, call_id: str) -> Answer | None:
        """What the outermost call around a call gave back; None where there is none, or it has not ended."""
        if not self._answers:
            return None
        outermost = next(reversed([id for id, _ in self.around(call_id)]), "")
        return self._answers.get(outermost)

    def goes_on(self, call_id: str) -> bool:
        """Whether a call around this one has not ended."""
        outermost = next(reversed([id for id, _ in self.around(call_id)]), call_id)
        return self._above.get(outermost, (None, ""))[0] is not None

    def below_tool(self, call_id: str) -> bool:
        """Whether a tool is among the calls around this one."""
        return any(operation == EXECUTE_TOOL for _, operation in self.around(call_id))

    def holds_models(self, call_id: str) -> bool:
        """Whether a model was asked inside this call."""
        return call_id in self._around_models


def _answer(draft: Draft) -> Answer:
    row = draft.row
    finish = row.get("finish_reasons") or ()
    try:
        asked = [text for _, text in texts_in(json.loads(row.get("tool_arguments") or "null"))]
    except ValueError:
        asked = [row["tool_arguments"]]
    return Answer(
        row["call_id"],
        draft.answer_texts or (),
        tuple(asked),
        frozenset(draft.answer_ids),
        draft.mark,
        row.get("time_to_first_chunk_s") is not None,
        not row.get("error_type") and ABANDONED not in finish and INTERRUPTED not in finish,
    )


def judge(drafts: Sequence[Draft], run: Run) -> Sequence[Draft]:
    """Write `surface` and `surface_reason` into calls of one run; model calls first, the outermost call knows by them.

    A call that cannot be judged counts as human: what nobody can judge is not stored.
    """
    evidence = Evidence(drafts, run)
    for one in sorted(drafts, key=lambda one: one.row["operation"] not in MODEL_OPERATIONS):
        try:
            surface, reason = decide(one, run, evidence)
        except Exception as error:  # noqa: BLE001 - fail closed, and go on with the others
            surface, reason = HUMAN, f"it could not be judged: {type(error).__qualname__}"
        one.row["surface"], one.row["surface_reason"] = surface, reason
        run.reached_a_person |= surface == HUMAN and one.row["operation"] in MODEL_OPERATIONS
    return drafts


def decide(draft: Draft, run: Run, evidence: Evidence | None = None) -> tuple[str, str]:
    """The surface of a call and the reason, in a few words.

    Args:
        draft: the call.
        run: what is known of its run.
        evidence: of the calls that are judged with it; its own where None.
    """
    row = draft.row
    if row.get("surface_reason") and draft.mark:
        return draft.mark, row["surface_reason"]  # an importer knew
    if draft.mark:
        return draft.mark, "marked"
    evidence = evidence or Evidence([draft], run)
    if row["operation"] not in MODEL_OPERATIONS:
        return _of_other(draft, run, evidence)
    reason = evidence.reader(draft)
    if reason is not None:
        answer = run.answer_above(row["call_id"])
        if answer is not None and answer.mark == INTERNAL:
            return INTERNAL, "in the answer of a run that is marked internal"
        return HUMAN, reason
    return _by_structure(draft, run, evidence)


def needs_the_end(draft: Draft) -> bool:
    """Whether only what its run gives back can tell for whom a call's answer was."""
    if draft.mark or draft.root or draft.row["operation"] not in MODEL_OPERATIONS:
        return False
    return len(_text(draft)) >= MIN_CHARS and _by_structure(draft, _NOTHING, Evidence((), _NOTHING))[0] == UNKNOWN


def _of_other(draft: Draft, run: Run, evidence: Evidence) -> tuple[str, str]:
    operation, id = draft.row["operation"], draft.row["call_id"]
    if operation in (EMBEDDINGS, RETRIEVAL):
        return INTERNAL, f"{operation}: a program reads it"
    if draft.root:
        if run.reached_a_person:
            return HUMAN, "it gave a person the run's answer"
        return UNKNOWN, "the outermost call: who reads its answer is not known"
    if evidence.passed_on(draft):
        return HUMAN, "it handed on the run's answer"
    if run.holds_models(id) and not evidence.settled(draft):
        return UNKNOWN, "a model's words may be in its result"
    return INTERNAL, f"{operation}: a program reads it"


def _by_structure(draft: Draft, run: Run, evidence: Evidence) -> tuple[str, str]:
    row = draft.row
    text = _text(draft)
    calls = [part for part in _parts(draft) if part["type"] == "tool_call"]
    if calls and not text:
        if any(map(speaks, calls)):
            return UNKNOWN, "it calls a tool that speaks to somebody"
        return INTERNAL, "only tool calls"
    settled, value = evidence.settled(draft), parsed(text)
    for_a_program = value is not None and not words_for_a_reader(value)
    if asks_for_structure(row.get("request")):
        cut_off = value is None and text.startswith(("{", "[", "`"))
        if settled or for_a_program or (value is None and not cut_off):
            return INTERNAL, "structured output"
    if settled:
        if evidence.told_on(draft):
            return INTERNAL, "another call was told its words"
        if run.below_tool(row["call_id"]):
            return INTERNAL, "below a tool"
        if for_a_program and not isinstance(value, str):
            return INTERNAL, "JSON that is not in the run's answer"
    return UNKNOWN, "no run around it" if draft.root else "no evidence"


def _parts(draft: Draft) -> list[Part]:
    return [part for one in draft.row.get("output_messages") or () for part in one.get("parts") or ()]


def _text(draft: Draft) -> str:
    return "".join(text_of(one) for one in draft.row.get("output_messages") or ()).strip()


_NOTHING: Final = Run()
"""A run of which nothing is known yet."""

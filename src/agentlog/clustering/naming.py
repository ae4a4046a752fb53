"""Names and keywords: what a task is called when nobody has named it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from agentlog.tasks.lines import SLOT

_WORDS = 8
_LONGEST = 60
_VERBS = frozenset(
    "add analyse analyze answer ask assess book build categorise categorize check choose classify clean code compare complete compose "
    "compute convert correct create critique debug decide describe design detect determine draft edit estimate evaluate examine "
    "expand explain extract fill find fix generate give grade group identify implement improve infer interpret judge label list "
    "locate match merge name parse pick plan predict produce propose provide rank rate read rebuild recommend reflect repair rephrase "
    "reply respond resolve retrieve return review revise rewrite route score search select simplify solve sort split suggest summarise "
    "summarize tag tell test transform translate triage update validate verify write".split()
)
_DUTY = re.compile(
    r"(?:as [^,]+, )?(?:your (?:task|goal|job|role|objective|mission) is (?:to )?|you (?:can|will|must|should|need to|have to|are asked to) (?!be |not |also )"
    r"(?:help (?:users?|customers?|people) (?:to )?)?)(.+)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\byou are (?:an? |the )?(.+)", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|[\u3002\uff01\uff1f]\s*")
_WORD = re.compile(r"[^\W\d_][\w'-]{2,}")
_PLACEHOLDER = re.compile(r"<[^<>\s]*>")
_FUNCTION_WORDS = frozenset(
    "about after again all also and any are because been before being but can could did does doing don't down each few for from had has "
    "have having her here his how i'm into its it's just may more most must not now off once only other our out over own per please "
    "same she should some such than thank thanks that the their them then there these they this those through too under until upon use "
    "very was were what when where which while who whom why will with would you your".split()
)
_KINDS = {
    "tool_call": "choose tool",
    "text": "write reply",
    "json": "write JSON",
    "label": "choose label",
    "code": "write code",
}


def name_of(
    place: str, lines: Sequence[str], tools: Sequence[str], schema: str, last: Sequence[str], turn: str, kind: str
) -> str:
    """A name for a task.

    Args:
        place: the node, the agent or the call site; "" when unknown.
        lines: of the prompt template, in the order of the prompt.
        tools: the tools it offers.
        schema: the output schema it demands; "" when there is none.
        last: the lines of the last message that tell it from others of its template.
        turn: not "" when only the turn tells it from the other.
        kind: of its answers; "" when none is stored, because persons read them.
    """
    staged = bool(last or turn)
    name = place or phrase(lines, 4 if staged else _WORDS)
    if not name:
        name = f"use {', '.join(tools[:3])}" if tools else f"write {schema}" if schema else "untitled"
    if last:
        name += f": {_shortened(_plain(last[0]), 5)}"
    elif turn:
        name += f": {_KINDS[kind or 'text']}"
    return name


def phrase(lines: Sequence[str], words: int = _WORDS) -> str:
    """The words of a template that say what is to be done: a duty, else a command, else a role, else its beginning.

    >>> phrase(["You are a careful clerk.", "Classify the ticket as refund, shipping or other. One word."])
    'classify the ticket as refund, shipping or other'
    """
    sentences = [
        sentence.strip(" -*#>")
        for line in lines[:40]
        for sentence in _SENTENCE.split(_plain(line))
        if sentence.strip(" -*#>")
    ]
    for sentence in sentences:
        found = _DUTY.match(sentence)
        if found:
            return _shortened(found[1], words)
        if sentence.split(" ", 1)[0].lower() in _VERBS:
            return _shortened(sentence[0].lower() + sentence[1:], words)
    for sentence in sentences:
        found = _ROLE.search(sentence)
        if found:
            return _shortened(found[1], words)
    return _shortened(sentences[0], words) if sentences else ""


def unique(names: Sequence[str], hints: Sequence[Sequence[str]], taken: Iterable[str] = ()) -> list[str]:
    """The names, each made different from the others: by a hint of its own where it has one, else by a number."""
    counts = Counter(names)
    used = set(taken)
    made = []
    for name, own in zip(names, hints, strict=True):
        candidate = name
        if counts[name] > 1 or name in used:
            candidate = next((f"{name} ({hint})" for hint in own if f"{name} ({hint})" not in used), name)
        number = 2
        while candidate in used:
            candidate, number = f"{name} ({number})", number + 1
        used.add(candidate)
        made.append(candidate)
    return made


def keywords(texts: Sequence[Sequence[str]], n: int = 4) -> list[tuple[str, ...]]:
    """For each task the words that are frequent in its texts and rare in the others' (class-based TF-IDF).

    A word must stand in several of the texts: one call's content is no keyword. Neither is an English function word.
    """
    counts = [Counter(word for text in own for word in _words(text)) for own in texts]
    shares = [
        {word: count / len(own) for word, count in found.items() if count >= max(2, 0.05 * len(own))}
        for own, found in zip(texts, counts, strict=True)
    ]
    totals: dict[str, float] = {}
    for found in shares:
        for word, share in found.items():
            totals[word] = totals.get(word, 0.0) + share
    average = sum(totals.values()) / max(1, len(texts))
    scores = [{word: share * math.log1p(average / totals[word]) for word, share in found.items()} for found in shares]
    return [
        tuple(word for word, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:n]) for found in scores
    ]


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_PLACEHOLDER.sub(" ", text))} - _FUNCTION_WORDS


def _plain(line: str) -> str:
    return line.replace(SLOT, "…").replace("<n>", "n")


def _shortened(text: str, words: int) -> str:
    found = text.split()
    cut = " ".join(found[:words])[:_LONGEST].rstrip(" ,;:.…")
    return cut + "…" if len(found) > words or len(" ".join(found)) > _LONGEST else cut

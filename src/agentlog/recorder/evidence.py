"""Where the words of a model's answer went: into what its run gave back (a person may read it), or into another call.

The outermost call of a run says what was given back. Words that stand in it were read by whoever reads the run's answer,
also where code has changed the rest: put HTML around them, cut them, filled in a name. Words that were told to a later
call were read by a program; but only where nothing else speaks for a person. Whoever knows the run's answer and finds
other calls' words in it, knows that this call's words are not it; an answer that nobody's words are found in may be this
one, translated. A run that gave nothing back may have shown anything to anybody.
"""

from __future__ import annotations

import functools
import html
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from agentlog.messages.parts import text_of
from agentlog.recorder.structure import WORD, parsed, speaks, texts_in, words_for_a_reader
from agentlog.records import Draft
from agentlog.semconv import EMBEDDINGS, MODEL_OPERATIONS, RETRIEVAL

if TYPE_CHECKING:
    from agentlog.recorder.surface import Answer, Run

MIN_CHARS: Final = 12
"""A shorter text ("yes", "refund", "42") stands in a longer one by chance: it must be the whole of it."""
_QUOTED_WORDS: Final = 6
"""A phrase of fewer words inside a longer answer of another call is that one's, not this one's."""
_LETTERS: Final = re.compile("[0-9A-Za-z]+")
_GRAM: Final = 3
_HALF: Final = 0.5
_REWRITTEN: Final = 0.6
"""What is left of the run's answer could be a rewriting of a text, if it is so long at least, measured by the text."""

_TAG: Final = re.compile(r"<[^<>]{1,300}>")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


def plain(text: str) -> str:
    """The words of a text with a blank around each: case, markup, punctuation, line breaks and JSON's escapes are gone."""
    if "\\" in text:
        text = text.replace("\\n", " ").replace("\\t", " ").replace('\\"', '"')
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    return f" {' '.join(WORD.findall(text.casefold()))} "


@dataclass(slots=True, eq=False)
class _Said:
    """A model call, and what it wrote."""

    draft: Draft
    start: int
    texts: list[str]
    """Its answer; of a structured one, the texts in it that are no mere values."""
    words: list[str] = field(default_factory=list)
    """The texts as plain words, made when they are needed."""

    @property
    def id(self) -> str:
        id: str = self.draft.row["call_id"]
        return id

    def plain(self) -> list[str]:
        if not self.words:
            self.words = [plain(text) for text in self.texts]
        return self.words

    @property
    def size(self) -> int:
        return max((_size(text) for text in self.texts), default=0)


@dataclass(slots=True)
class _Read:
    """Who has words in the answer of one run."""

    readers: dict[str, str] = field(default_factory=dict)
    """Call id → how its words came into the answer."""
    left: int = 0
    """How much of the answer is nobody's words (letters)."""
    made: list[tuple[str, str]] = field(default_factory=list)
    """The texts of it that a tool gave back, and what the tool was given: it may have translated that."""


class Evidence:
    """What the calls that are released together say of one another. Made for each release; reads only what is asked for."""

    def __init__(self, drafts: Sequence[Draft], run: Run) -> None:
        self._given = drafts
        self._run = run
        self._said: dict[str, _Said] = {}
        self._read: dict[str, _Read] = {}
        self._told: dict[str, int] | None = None
        self._told_plain: dict[str, str] = {}
        self._low: dict[str, str] = {}

    @functools.cached_property
    def _drafts(self) -> list[Draft]:
        return [one for one in self._given if self._can_be_read(one)]

    # ------------------------------------------------------------ for a person

    def reader(self, draft: Draft) -> str | None:
        """How the words of a model call came into what its run gave back; None where they did not, or that is not known."""
        answer = self._run.answer_above(draft.row["call_id"])
        delivered = self._run.delivered
        if delivered and any(_holds(text, given) for text in self._of(draft).texts for given in delivered):
            return "its words are in an answer that is marked human"
        return None if answer is None else self._reading(answer).readers.get(draft.row["call_id"])

    def passed_on(self, draft: Draft) -> bool:
        """Whether the result of a tool or an inner agent holds words of a model that a person read."""
        result = draft.row.get("tool_result")
        answer = self._run.answer_above(draft.row["call_id"])
        if not result or answer is None or answer.mark == "internal":
            return False
        return any(_holds(text, result) for id in self._reading(answer).readers for text in self._said[id].texts)

    def settled(self, draft: Draft) -> bool:
        """Whether it is known whose words the run gave back, and certain that this call's, however changed, are not among them."""
        answer = self._run.answer_above(draft.row["call_id"])
        if answer is None or not answer.whole or not answer.texts:
            return False
        if draft.row.get("time_to_first_chunk_s") is not None and not answer.streamed:
            return False  # somebody watched it come: a person, if it went to a screen
        read = self._reading(answer)
        if not read.readers:
            return False
        said, result = self._of(draft), draft.row.get("tool_result")
        size = _size(result) if result else said.size
        made_of_it = (leaf for leaf, maker in read.made if any(_holds(text, maker) for text in said.texts))
        return not size or max(read.left, sum(map(_size, made_of_it))) < _REWRITTEN * size

    def _reading(self, answer: Answer) -> _Read:
        read = self._read.get(answer.id)
        if read is None:
            calls = [self._of(one) for one in self._drafts if one.row["operation"] in MODEL_OPERATIONS]
            mine = [one for one in calls if self._run.answer_above(one.draft.row["call_id"]) is answer]
            read = self._read[answer.id] = self._who_reads(answer, mine)
        return read

    def _who_reads(self, answer: Answer, calls: list[_Said]) -> _Read:
        found = _Read()
        readers = found.readers
        named = [one for one in calls if answer.ids.intersection(one.draft.message_ids)]
        leaves = {text: plain(text) for text in answer.texts}
        exact = [one for one in calls if one in named or _in_any(one, leaves)]
        for one in exact:
            if one in named:
                readers[one.id] = "the run's answer by its id"
            elif not _is_quoted(one, exact, leaves):
                readers[one.id] = "its words are in the run's answer"
        if not readers or answer.mark == "internal":
            whole = {leaf.strip() for leaf in leaves.values()} - {""}
            for one in calls:
                if any(words.strip() in whole for words in one.plain()):
                    readers[one.id] = "its words are the run's answer"
        if named:
            return found
        left = self._unexplained(answer, leaves, [one for one in calls if one.id in readers], found)
        if left:
            for one in _edited([one for one in calls if one.id not in readers and one.texts], left):
                readers[one.id] = "its words, changed by code, are in the run's answer"
            left_size, read_size = sum(map(_size, left)), sum(self._said[id].size for id in readers)
            # beside the answer itself there may be a few words that code wrote
            found.left = left_size if left_size > read_size else 0
        return found

    def _unexplained(
        self, answer: Answer, leaves: dict[str, str], readers: list[_Said], found: _Read
    ) -> dict[str, set[str]]:
        """The texts of the answer that are neither a model's, nor a tool's, nor what the run was asked, with their grams."""
        left = {leaf: words for leaf, words in leaves.items() if words.count(" ") > _GRAM and _size(leaf) >= MIN_CHARS}
        left = _without(left, (words for one in readers for words in one.plain()))
        left = _without(left, (plain(text) for text in answer.asked))
        for one in self._drafts:
            result = one.row.get("tool_result")
            if left and result and not one.root:
                rest = _without(left, (plain(result),))
                found.made += [(leaf, one.row.get("tool_arguments") or "") for leaf in left.keys() - rest.keys()]
                left = rest
        return {leaf: set(_grams(words)) for leaf, words in left.items()}

    # ------------------------------------------------------------ for a program

    def told_on(self, draft: Draft) -> bool:
        """Whether another, later call was told these words: in a system, user or tool part, or as the query of a search.

        Not as a turn of the assistant, which every chat sends again; and a reply that somebody outside the run answered
        was read by that somebody, whoever else was told it.
        """
        said = self._of(draft)
        if not said.texts or self._answered_from_outside(said):
            return False
        for text, words in zip(said.texts, said.plain(), strict=True):
            if len(text) >= MIN_CHARS:
                told = [segment for segment, start in self._all_told().items() if start > said.start]
                if any(text in segment for segment in told) or any(self._says(segment, words) for segment in told):
                    return True
            elif any(letter.isalpha() for letter in text) and self._is_a_word_for_another(said, words):
                return True
        return False

    def _is_a_word_for_another(self, said: _Said, words: str) -> bool:
        """Whether a short answer ("billing") steers a later call.

        By chance it may stand anywhere: so it is only believed of a call that was instructed otherwise than those whose
        words a person read.
        """
        answer = self._run.answer_above(said.draft.row["call_id"])
        readers = self._reading(answer).readers if answer is not None else {}
        mine = _system(said.draft)
        if not readers or any(_system(self._said[id].draft) == mine for id in readers):
            return False
        return any(self._says(segment, words) for segment, start in self._all_told().items() if start > said.start)

    def _answered_from_outside(self, said: _Said) -> bool:
        mine = {text.strip() for text in said.texts}
        for one in self._drafts:
            heard = one.row.get("input_messages") or ()
            for before, after in itertools.pairwise(heard):
                if (
                    before.get("role") == "assistant"
                    and after.get("role") == "user"
                    and text_of(before).strip() in mine
                    and not self._is_from_inside(text_of(after))
                ):
                    return True
        return False

    def _is_from_inside(self, text: str) -> bool:
        return any(
            len(words) >= MIN_CHARS and words in text
            for one in self._drafts
            if one.row["operation"] in MODEL_OPERATIONS
            for words in self._of(one).texts
        )

    def _all_told(self) -> dict[str, int]:
        """Every text that some call was told, and when it was first told."""
        if self._told is None:
            self._told = {}
            for one in sorted(self._drafts, key=_start):
                for segment in _told(one):
                    self._told.setdefault(segment, _start(one))
        return self._told

    def _says(self, segment: str, words: str) -> bool:
        """Whether a text holds plain words. Most do not hold the longest of them: then nothing else is looked at."""
        longest = max((word for word in words.split() if word.isascii()), key=len, default="")
        low = self._low.get(segment)
        if low is None:
            low = self._low[segment] = segment.casefold()
        if longest not in low:
            return False
        as_words = self._told_plain.get(segment)
        if as_words is None:
            as_words = self._told_plain[segment] = plain(segment)
        return words in as_words

    def _of(self, draft: Draft) -> _Said:
        said = self._said.get(draft.row["call_id"])
        if said is None:
            said = self._said[draft.row["call_id"]] = _Said(draft, _start(draft), _texts(draft))
        return said

    def _can_be_read(self, draft: Draft) -> bool:
        """A call whose content is broken counts as human, but says nothing of the others."""
        try:
            self._of(draft)
            for _ in _told(draft):
                pass
        except Exception:  # noqa: BLE001 - see above
            return False
        return True


def _start(draft: Draft) -> int:
    return draft.row.get("time") or 0


def _texts(draft: Draft) -> list[str]:
    """What a model wrote that somebody may read: its texts; of JSON and of a tool's arguments, the texts in them."""
    found: list[str] = []
    for one in draft.row.get("output_messages") or ():
        text = text_of(one).strip()
        if text:
            found.append(text)
            found += _sentences(parsed(text))
        for part in one.get("parts") or ():
            if part["type"] == "tool_call":
                arguments = parsed(part.get("arguments") or "")
                found += [said for _, said in texts_in(arguments)] if speaks(part) else _sentences(arguments)
    return found


def _sentences(value: object) -> list[str]:
    """Names, addresses and labels stand in an answer by right, whoever found them out: only sentences are words of their own."""
    sentences = [text.strip() for _, text in texts_in(value) if len(WORD.findall(text)) > _QUOTED_WORDS]
    return list(dict.fromkeys(sentences + words_for_a_reader(value)))


def _told(draft: Draft) -> Iterator[str]:
    """What a call was told by a program or a person, not by itself."""
    row = draft.row
    operation = row["operation"]
    if operation in MODEL_OPERATIONS or operation == EMBEDDINGS:
        for part in row.get("system_instructions") or ():
            if part.get("text"):
                yield part["text"]
        for one in row.get("input_messages") or ():
            if one.get("role") != "assistant":
                for part in one.get("parts") or ():
                    text = part.get("text") if part["type"] == "text" else part.get("result")
                    if text:
                        yield text
    elif operation == RETRIEVAL and row.get("tool_arguments"):
        yield row["tool_arguments"]


def _system(draft: Draft) -> str:
    said = "".join(part.get("text") or "" for part in draft.row.get("system_instructions") or ())
    return said or "".join(text_of(one) for one in draft.row.get("input_messages") or () if one.get("role") == "system")


def _holds(text: str, given: str) -> bool:
    return len(text) >= MIN_CHARS and (text in given or plain(text) in plain(given))


def _in_any(said: _Said, leaves: dict[str, str]) -> bool:
    return any(
        len(text) >= MIN_CHARS and any(text in leaf or words in as_words for leaf, as_words in leaves.items())
        for text, words in zip(said.texts, said.plain(), strict=True)
    )


def _without(leaves: dict[str, str], known: Iterable[str]) -> dict[str, str]:
    """The texts that are no part of known ones, and have none in them."""
    for one in known:
        if not leaves:
            break
        part = len(one) > MIN_CHARS
        leaves = {leaf: words for leaf, words in leaves.items() if words not in one and not (part and one in words)}
    return leaves


def _is_quoted(said: _Said, exact: list[_Said], leaves: dict[str, str]) -> bool:
    """Whether a few words only stand in the answer because another call's longer answer holds them."""
    mine = max(said.plain(), key=len)
    if mine.count(" ") > _QUOTED_WORDS or mine in leaves.values():
        return False
    return any(mine in words and len(words) > len(mine) for one in exact if one is not said for words in one.plain())


def _edited(calls: list[_Said], left: dict[str, set[str]]) -> list[_Said]:
    """The calls whose words make up what is left of an answer: the one that explains most first, the others by the rest.

    What they explain is taken out of `left`.
    """
    rest = set().union(*left.values())
    grams = {id(one): set().union(*(_grams(words) for words in one.plain())) for one in calls}
    found: list[_Said] = []
    while rest and calls:
        best = max(calls, key=lambda one: (len(grams[id(one)] & rest), one.start))
        mine = grams[id(best)]
        shared = mine & rest
        if len(shared) < _GRAM or (len(shared) < _HALF * len(mine) and len(shared) < _HALF * len(rest)):
            break
        found.append(best)
        calls = [one for one in calls if one is not best]
        rest -= mine
        for leaf in [leaf for leaf, its in left.items() if len(its & mine) >= _HALF * len(its)]:
            del left[leaf]
    return found


def _grams(words: str) -> Iterator[str]:
    split = words.split()
    return (" ".join(split[place : place + _GRAM]) for place in range(len(split) - _GRAM + 1))


def _size(text: str) -> int:
    """How much a text says, in letters; a Chinese, Japanese or Korean sign says as much as three."""
    if text.isascii():
        return sum(map(len, _LETTERS.findall(text)))
    return sum(3 if letter >= "⺀" else 1 for letter in text if letter.isalnum())

"""Why something was found, in plain words. They may quote what stands around it: for showing, never for storing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from agentlog.redaction.analysis import Analysis
from agentlog.redaction.documents import read as read_documents
from agentlog.redaction.entities import (
    ADDRESS,
    BLOB,
    DOB,
    EMAIL,
    ENTITIES,
    IP,
    LOCATION,
    MAC,
    NATIONAL_ID,
    PAYMENT_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    ZIP,
    Finding,
)
from agentlog.redaction.forms.credentials import find_credentials
from agentlog.redaction.forms.formats import find_formats
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.policies.own import Own
from agentlog.redaction.structures.islands import islands
from agentlog.redaction.wording.answers import find_answers, find_in_transcript
from agentlog.redaction.wording.cues import find_cues
from agentlog.redaction.wording.names import find_names
from agentlog.redaction.wording.notes import find_noted
from agentlog.redaction.wording.number_cues import find_number_cues
from agentlog.redaction.wording.places import find_places
from agentlog.redaction.wording.postal import find_addresses
from agentlog.redaction.wording.quasi import find_quasi
from agentlog.redaction.wording.spoken import find_spoken
from agentlog.redaction.words.spans import blanked
from agentlog.redaction.words.text import lower

_KEY: Final = re.compile(r"""["']?([^"'\n:={}\[\],]{1,60}?)["']?\s{0,8}[:=]\s{0,8}["']?\Z""")
_PARAMETER: Final = re.compile(r"[?&#;]([\w.\[\]-]{1,60})=\Z", re.ASCII)
"""Of a URL."""
_LIST_KEY: Final = re.compile(r"""["']([^"'\n]{1,60})["']\s{0,8}:\s{0,8}\[[^\[\]{}]{0,400}\Z""")
_BREAK: Final = re.compile(r"(?<=\w{4})[.!?;](?=\s)|[\n\r。！？；]")  # noqa: RUF001 - Chinese punctuation ends a sentence too
_READ: Final = {
    "characters": "look-alike and invisible characters are read as what they look like",
    "entities": "HTML entities are decoded",
    "percent": "percent escapes are decoded",
    "escapes": "backslash escapes are decoded",
    "markup": "the markup within it is left out",
    "spelt": "letters with blanks between them are read as a word",
    "words": "“at” and “dot” are read as signs",
    "broken": "it is read across the end of the line",
    "base64": "base64 is decoded",
    "hex": "hexadecimal is decoded",
}
_FORMS: Final = {
    EMAIL: "the form of an e-mail address",
    PHONE: "the form of a phone number",
    PAYMENT_ID: "the form of a card or account number, and its check digits",
    NATIONAL_ID: "the form of a national id",
    IP: "the form of an IP address",
    MAC: "the form of a hardware address",
    BLOB: "a file written as text",
    SECRET: "the form of a password, key or token",
}
_PARTS: Final = {
    ADDRESS: "a street, a flat or a box with its number",
    ZIP: "a postal code where an address has one",
    LOCATION: "a place in an address",
}
_ALOUD: Final = {PERSON: "said aloud, letter by letter", DOB: "a date said aloud"}
_FOLDER: Final = "the owner of a home folder"
_ANSWER: Final = "it answers a question"


class Detected:
    """Who found what in one text: the detectors are asked again, in the order in which the analysis asks them."""

    def __init__(self, text: str, analysis: Analysis, rules: KeyRules, words: frozenset[str], own: Own) -> None:
        self._text = text
        self._analysis = analysis
        self._rules = rules
        self._words = words
        self._own = own

    def reason(self, found: Finding) -> str:
        """Why this is a finding."""
        if found.how:
            return f"{_READ.get(found.how, f'read as {found.how}')}: {_kind(found.entity)}"
        place = (found.start, found.end, found.entity)
        why = next((why for spans, why in self._by_detector if place in spans), None)
        if why is not None:
            return why(self, found)
        said = self._own.why(self._analysis.view(self._text), self._words, found) if self._own.something else ""
        if not said and place in _places(find_answers(self._text, frozenset((found.entity,)))):
            return _ANSWER  # to the message before
        return said or f"looks like one of these: {_kind(found.entity)}"

    @cached_property
    def _by_detector(self) -> list[tuple[set[tuple[int, int, str]], Callable[[Detected, Finding], str]]]:
        text, words, rules = self._text, self._words, self._rules
        parts = islands(text, rules)
        view = self._analysis.view(text)
        low = lower(view)
        stretches = [(part.start, part.end) for part in parts]
        open_ = blanked(view, sorted(span for part in parts for span in part.safe))
        return [
            (_places(one for part in parts for one in part.findings), Detected._by_key),
            (_places(read_documents(open_, low, words, rules, stretches).findings), Detected._by_field),
            (_places(find_credentials(view, low, words)), Detected._by_form),
            (_places(rules.languages.find(view, low, words)), Detected._by_language),
            (_places(find_formats(view, words)), Detected._by_form),
            (_places(find_cues(view, low, rules, stretches)), Detected._by_cue),
            (_places(find_addresses(view, words, LOCATION in rules.optional)), Detected._by_address),
            (_places(find_number_cues(view, low, words)), Detected._by_cue),
            (_places(find_places(view, words)), Detected._by_address),
            (_places(find_spoken(view, low, words)), Detected._by_voice),
            (_places(find_in_transcript(view)), Detected._by_question),
            (_places(find_names(view, low, words)), Detected._by_name),
            (_places(find_noted(view, low, words)), Detected._by_note),
            (_places(find_quasi(view, words, rules.optional)), Detected._by_choice),
        ]

    def _by_key(self, found: Finding) -> str:
        before = self._text[max(0, found.start - 500) : found.start]
        key = _KEY.search(before[-90:]) or _LIST_KEY.search(before)
        if key is not None and key[1].strip():
            said = key[1].strip()
            return (
                f"the key “{said}” says so"
                if self._rules.rule(said) is not None
                else f"its looks and its place, under the key “{said}”"
            )
        if self._text[found.end : found.end + 4].lstrip("\"'").lstrip().startswith(":"):
            return "it is a key itself, where ids are keys"
        return "its place in the structure says so"

    def _by_field(self, found: Finding) -> str:
        if self._owns_folder(found):
            return _FOLDER
        before = self._text[max(0, found.start - 90) : found.start]
        key = _PARAMETER.search(before) or _KEY.search(before)
        if key is not None and self._rules.rule(key[1].strip()) is not None:
            return f"the key “{key[1].strip()}” says so"
        return "its field in the document says so"

    def _by_form(self, found: Finding) -> str:
        return _FORMS.get(found.entity, f"the form of one of these: {_kind(found.entity)}")

    def _by_cue(self, found: Finding) -> str:
        if self._owns_folder(found):
            return _FOLDER
        before = self._before(found)
        return f"the words before it: “{before}”" if before else f"the words around it: {_kind(found.entity)}"

    def _by_name(self, found: Finding) -> str:
        before = self._before(found)
        return f"reads like a name, behind “{before}”" if before else "reads like a name"

    def _by_language(self, found: Finding) -> str:
        return self._by_name(found) if found.entity == PERSON else self._by_cue(found)

    def _by_address(self, found: Finding) -> str:
        return _PARTS.get(found.entity, _kind(found.entity))

    def _by_voice(self, found: Finding) -> str:
        return _ALOUD.get(found.entity, "said aloud, digit by digit")

    def _by_question(self, found: Finding) -> str:
        return _ANSWER

    def _by_note(self, found: Finding) -> str:
        before = self._before(found)
        return f"reads like a name in a note, behind “{before}”" if before else "reads like a name in a note"

    def _by_choice(self, found: Finding) -> str:
        return f"your policy asks for it: {_kind(found.entity)}"

    def _owns_folder(self, found: Finding) -> bool:
        before = self._text[max(0, found.start - 2) : found.start]
        return found.entity == USER_ID and before.endswith(("/", "\\")) and before != "//"

    def _before(self, found: Finding) -> str:
        """The last words of the sentence before a finding."""
        line = self._text[max(0, found.start - 60) : found.start]
        said = _BREAK.split(line.rstrip())[-1].strip() if line.strip() else ""
        return " ".join(said.split(" ")[-4:])


def _places(found: Iterable[Finding]) -> set[tuple[int, int, str]]:
    return {(one.start, one.end, one.entity) for one in found}


def _kind(entity: str) -> str:
    """What an entity covers; a policy may have entities of its own."""
    return ENTITIES.get(entity, entity)

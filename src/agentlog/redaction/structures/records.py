"""What is personal in objects and lists: judged by keys, by what lies around a value, and by what stands beside it.

Whoever reads a container (`structure` JSON, `documents` others) says what it meets: `enter`, `key`, `string`, `number`,
`other`, `leave`. What is found are offsets into the text.

A value under a key that says nothing is kept in doubt until its object ends: beside an e-mail address or a name, what
looks like a street, a date of birth or a name is one.
"""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.entities import ADDRESS, EMAIL, GIVEN, NATIONAL_ID, PAYMENT_ID, PERSON, USER_ID
from agentlog.redaction.keys.key_words import LOGINS, names_a_field
from agentlog.redaction.keys.rules import SAFE, Key, Rule
from agentlog.redaction.keys.values import empty, idlike, is_mailbox, judged, person_like
from agentlog.redaction.limits import DEEPEST, Unredactable
from agentlog.redaction.structures.endings import Endings
from agentlog.redaction.structures.escapes import unescape
from agentlog.redaction.structures.frames import Frame, Nested, Value, added
from agentlog.redaction.structures.pairs import begin_member, enter_table, hold, note_member, read_label, seal
from agentlog.redaction.structures.shapes import half_name, key_shape, likely_beside, number_shape, shape
from agentlog.redaction.structures.surroundings import by_surroundings
from agentlog.redaction.structures.within import distinguished, is_path, leading, owner_in
from agentlog.redaction.words.lists import CARDS

_LABEL: Final = re.compile(r"[A-Z][\w.'-]{0,30}(?: [A-Z][\w.'-]{0,30}){0,3}")
_BARE: Final = re.compile(r"(?![A-Za-z]+[0-9]{5})[A-Za-z0-9]*(?:_[A-Za-z]+)*|[0-9][0-9.,:T+Z -]*", re.ASCII)
"""One word, a number, a time: nothing is said in it, as there is in `MRN98906541`."""
_ACCOUNT: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,31}", re.ASCII)
_PASS: Final = ("pass",)
_LOGINS: Final = frozenset((word,) for word in LOGINS | {"email"})
_LONGEST_DOUBT: Final = 120


class Records(Endings):
    """Reads objects and lists as they are met.

    Its own stack, no recursion: depth costs memory, never the interpreter's stack.
    """

    # ── what is met ───────────────────────────────────────────────────────────────────────────────────────────────

    def enter(self, bracket: str) -> None:
        """An object or a list begins, under the key that was said last."""
        if len(self.stack) >= DEEPEST:
            raise Unredactable("brackets too deep")
        above = self.frame
        frame = Frame(bracket, above)
        frame.doubts = len(self._doubts)
        if self.stack:
            if above.bracket == "{":
                self._under_key(frame, above)
            else:
                begin_member(above, self.rules)
                frame.under, frame.container, frame.people = above.under, above.container, above.people
                frame.named, frame.inherited, frame.address = above.named, above.rule, above.address
                frame.program, frame.all_inherit, frame.sealed = above.program, above.all_inherit, above.sealed
                if bracket == "{" and above.count == 2 and above.bracket == "[":
                    above.parameters = True
            if above.row is not None or above.rows is not None or above.columns is not None:
                enter_table(frame, above)
        if bracket != "{":
            frame.rule = frame.inherited
        elif not (
            self.rules.strict
            or frame.people
            or frame.named
            or frame.address
            or frame.inherited is not None
            or frame.container is not None
            or frame.sealed is not None
        ):
            frame.silent = True
        self.stack.append(frame)
        self.frame = frame

    def _under_key(self, frame: Frame, above: Frame) -> None:
        key, rule = above.key, above.rule
        frame.under = key
        if key is None:
            return
        if above.sealed is not None or key.seals:
            seal(frame, above, key)
        if rule is SAFE:
            frame.inherited, frame.program = SAFE, True
            return
        if above.container is not None and key.rule is None and idlike(key.text):
            frame.container, frame.people = above.container, above.people
        elif key.wraps:
            frame.container, frame.people, frame.named = above.container, above.people, above.named
            frame.address, frame.all_inherit = above.address, above.all_inherit
            rule = rule if rule is not None else above.inherited
        else:
            frame.container, frame.people = key.container, key.people
        if rule is None:
            rule = above.label if key.held and above.label is not None else key.inside
        if rule is None and key.papers and above.people:
            rule = Rule(NATIONAL_ID, weak=True)
        if rule is None and key.of_place and frame.bracket == "[":
            rule = Rule(ADDRESS, weak=True)
        if rule is not None:
            frame.inherited = rule
            frame.named = frame.named or rule.entity == PERSON
            frame.address = frame.address or rule.entity == ADDRESS
        frame.named = frame.named or key.of_name
        frame.address = frame.address or key.of_address or (key.of_place and frame.bracket == "{")
        frame.program = not frame.people and (above.program if key.program is None else key.program)

    def key(self, start: int, end: int, key: Key | None = None) -> None:
        """A key stands there; its value comes next. What it says may be known already."""
        frame, escaped = self.frame, False
        if key is None:
            raw = self.text[start:end]
            escaped = "\\" in raw
            key = self.rules.key(unescape(raw) if escaped else raw)
        frame.key = key
        self.island.keyed = True
        if " " in key.text or not key.text.isascii():
            self.island.spoken.append((start, end))
        rule = key.rule
        if (rule is None or (rule.weak and rule is not SAFE)) and (
            frame.inherited is not None or frame.people or frame.named or frame.address
        ):
            rule = by_surroundings(frame, key) or rule
        frame.rule = rule
        if key.thing:
            frame.things = True
        frame.logs_in |= key.words in _LOGINS
        if rule is not None:
            frame.family_named |= key.family
            return
        if frame.container is not None and idlike(key.text) and not names_a_field(key.text):
            self._found(Value(start, end, key.text, escaped), frame.container)
        elif frame.people and " " in self.text[start:end] and person_like(key.text):
            self._found(Value(start, end, key.text, escaped), PERSON)
        elif self.rules.strict and not frame.program and (entity := key_shape(key.text)):
            self._found(Value(start, end, key.text, escaped), entity)

    def string(self, start: int, end: int) -> None:
        """A string stands there, without its quotes."""
        frame, raw = self.frame, self.text[start:end]
        key = frame.key
        escaped = "\\" in raw
        text = unescape(raw) if escaped else raw
        if frame.bracket != "{":
            begin_member(frame, self.rules)
            value = Value(start, end, text, escaped, False, key, frame.count - 1)
            note_member(frame, value)
        else:
            value = Value(start, end, text, escaped, False, key)
            if key is not None and (key.label or key.kind):
                read_label(frame, key, text, self.rules)
        if frame.sealed is not None:
            frame.sealed.append(value)
        entity, part = self._judge(value) if text else ("", "")
        if entity:
            self._found(value, entity, part)
        elif escaped or (("{" in raw or "[" in raw) and raw.lstrip()[:1] in ("{", "[")):
            self.island.nested.append(Nested(start, end))
        elif not (raw.isalpha() and raw.isascii()) and _BARE.fullmatch(raw) is None:
            self.island.spoken.append((start, end))

    def number(self, start: int, end: int, word: str) -> None:
        """A bare number stands there."""
        frame = self.frame
        if frame.bracket != "{":
            begin_member(frame, self.rules)
            if end - start >= 4 and word.isdigit():
                note_member(frame, Value(start, end, word, number=True, member=frame.count - 1))
        rule, key = frame.rule, frame.key
        entity = None
        if rule is not None:
            if rule is not SAFE and not (rule.weak and key is not None and key.words == _PASS):  # how many passed
                entity = judged(rule, word)
        elif key is not None and word.isdigit():
            if key.identifies:
                if frame.container is not None and frame.people:
                    entity = frame.container
                else:
                    frame.own_id = Value(start, end, word, number=True)
            elif key.relative:
                frame.relatives = added(frame.relatives, Value(start, end, word, number=True))
            elif key.held:
                hold(frame, Value(start, end, word, number=True))
        if (
            entity is None
            and rule is None
            and frame.own_id is None
            and self.rules.strict
            and not self._programs_own(frame, key)
        ):
            entity = number_shape(word)
        if entity is not None and entity != PERSON:
            self._found(Value(start, end, word, number=True), entity)
        elif end - start >= 4:
            self.island.numbers.append((start, end))

    def other(self) -> None:
        """`true`, `null` or the like stands there."""
        if self.frame.bracket != "{":
            begin_member(self.frame, self.rules)

    def unknown_string(self, frame: Frame, key: Key, start: int, end: int, text: str) -> None:
        """A whole pair: a key that says nothing, where nothing is known of what is around it, and a string without escapes."""
        self.island.keyed = True
        if key.thing:
            frame.things = True
        if 2 <= end - start <= 200:
            if "=" in text:
                self._find_distinguished(Value(start, end, text))
            if not self._programs_own(frame, key):
                self._unknown(Value(start, end, text, key=key))
            else:
                if key.held:
                    hold(frame, Value(start, end, text, key=key))
                if end - start < 11 and text.lower() in CARDS:
                    frame.seen.add(PAYMENT_ID)
                if "A" <= text < "[":
                    self._leave_alone(key, start, end, text)
        if ("{" in text or "[" in text) and text.lstrip()[:1] in ("{", "["):
            self.island.nested.append(Nested(start, end))
        elif not (text.isalpha() and text.isascii()) and _BARE.fullmatch(text) is None:
            self.island.spoken.append((start, end))

    def unknown_number(self, frame: Frame, key: Key, start: int, end: int, word: str) -> None:
        """A whole pair: such a key, and a bare number or a word."""
        self.island.keyed = True
        if key.thing:
            frame.things = True
        if word[0] in "tfn":
            return
        if key.held and word.isdigit():
            hold(frame, Value(start, end, word, number=True))
        if end - start >= 4:
            self.island.numbers.append((start, end))

    # ── judging ───────────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _programs_own(frame: Frame, key: Key | None) -> bool:
        """Whether what stands under `key` in `frame` is the program's own, or a thing's."""
        return frame.program if key is None or key.program is None else key.program

    def _judge(self, value: Value) -> tuple[str, str]:
        """Entity and part of a string by its key and by what lies around it; "" when they say nothing."""
        frame, text, key = self.frame, value.text, value.key
        rule = frame.rule
        if rule is not None:
            if rule is SAFE:
                self.island.safe.append((value.start, value.end))
                return "", ""
            entity = judged(rule, text)
            if entity == PERSON and is_path(text):
                if (owner := owner_in(value)) is not None:
                    self._found(owner, USER_ID)
                return "", ""
            if entity is not None and key is not None and text.lower() == key.text.lower():
                return "", ""  # `{"username": "username"}` names a field
            if entity is not None:
                return entity, self._part(rule, key, text) if entity == PERSON else ""
            if rule.entity == EMAIL and not rule.weak and _ACCOUNT.fullmatch(text) is not None:
                if self._is_account(frame, text):
                    return USER_ID, ""
                frame.account = value
            if key is not None and key.words == _PASS:
                frame.password = value
            if rule.entity == PERSON:
                return "", "found" if self._begins_with_name(value) else ""
            if rule.entity == ADDRESS and key is None and (beside := likely_beside(text, {ADDRESS})):
                return beside, ""  # a member of a list of lines
        if not 2 <= len(text) <= 200:
            return "", ""
        about = key if key is not None else frame.under
        if frame.container is not None and (key is None or key.identifies) and idlike(text) and not empty(text):
            return frame.container, ""
        if about is not None and about.name:
            frame.names = added(frame.names, value)
            if frame.program:
                self._leave_alone(key, value.start, value.end, text)
            return "", ""
        if key is not None and key.words == ("id",):
            frame.own_id = value
            return "", ""
        if key is not None and key.relative:
            frame.relatives = added(frame.relatives, value)
        if about is not None and about.people and rule is None:
            if person_like(text):
                return PERSON, ""
            if key is not None and key.container == USER_ID and idlike(text):
                return USER_ID, ""
            self._begins_with_name(value)
        self._find_distinguished(value)
        return ("", "") if rule is not None else self._unknown(value)

    def _unknown(self, value: Value) -> tuple[str, str]:
        """A value whose key says nothing: by its looks in strict mode, else at the end of the object."""
        frame, text, key = self.frame, value.text, value.key
        if key is not None and key.held:
            hold(frame, value)
        if len(text) < 11 and text.lower() in CARDS:
            frame.seen.add(PAYMENT_ID)
        if self._programs_own(frame, key):
            self._leave_alone(key, value.start, value.end, text)
            return "", ""
        if "@" in text and is_mailbox(text):
            frame.personal = True
        if self.rules.strict:
            entity = shape(text) or ""
            if entity == PERSON and half_name(text):
                frame.lone = added(frame.lone, value)
                return "", ""
            return entity, ""
        first = text[0]
        looks = (
            first.isupper()
            or first.isdigit()
            or first in "+("
            or first > "\u00bf"
            or (text[-1].isdigit() and " " in text)
        )
        if looks and len(text) <= _LONGEST_DOUBT:
            self._doubts.append(value)
        return "", ""

    def _leave_alone(self, key: Key | None, start: int, end: int, text: str) -> None:
        """A label of the program's own, that may look like a name: `{"level": {"name": "Crystal Cave"}}`."""
        if (key is None or not key.prose) and _LABEL.fullmatch(text) is not None:
            self.island.safe.append((start, end))

    @staticmethod
    def _part(rule: Rule, key: Key | None, text: str) -> str:
        """`fn` is the whole name on a visiting card, and the first in other places; so is a preferred name."""
        maybe = rule.weak and rule.part == GIVEN and key is not None and key.words[-1] != "first"
        return "" if maybe and " " in text.strip() else rule.part

    def _begins_with_name(self, value: Value) -> bool:
        name = leading(value)
        if name is not None:
            self._found(name, PERSON)
        return name is not None

    def _find_distinguished(self, value: Value) -> None:
        if "=" not in value.text or "," not in value.text:
            return
        for part, entity in distinguished(value):
            self._found(part, entity)

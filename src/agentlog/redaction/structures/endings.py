"""What is found in objects and lists, and what the end of one tells of the values that were kept until then.

What the end tells is decided in `doubts`, `pairs` and `unnamed`; here it is asked for, in order, and kept.
"""

from __future__ import annotations

from typing import Final

from agentlog.redaction.entities import (
    ADDRESS,
    DOB,
    EMAIL,
    FAMILY,
    GIVEN,
    NATIONAL_ID,
    PERSON,
    PHONE,
    SECRET,
    USER_ID,
    Finding,
)
from agentlog.redaction.keys.rules import KeyRules, Rule
from agentlog.redaction.keys.values import is_mailbox, judged, may_be_password, slashed_name
from agentlog.redaction.structures.doubts import (
    decided,
    is_somebodys,
    named_members,
    own_id_entity,
    somebodys_names,
    tell_above,
)
from agentlog.redaction.structures.frames import Frame, Island, Value
from agentlog.redaction.structures.pairs import judged_by_name, leave_table, named_values
from agentlog.redaction.structures.shapes import could_be_name, likely
from agentlog.redaction.structures.unnamed import couples_in

_MOST_UNSETTLED: Final = 4000
_RELATIVE: Final = Rule(USER_ID, weak=True)


class Endings:
    """Keeps what is found, and what is in doubt until the object ends that it stands in."""

    def __init__(self, text: str, start: int, rules: KeyRules) -> None:
        self.text = text
        self.rules = rules
        self.island = Island(start)
        self.stack: list[Frame] = []
        self.frame = Frame("")
        self.apart = False
        """What lies around the object that ends is a text and no object: it tells nothing of it."""
        self._starts: set[int] = set()
        """Where what was found begins."""
        self._doubts: list[Value] = []
        self._unsettled: list[Value] = []
        self._telling: dict[str, str] = {}
        """Keys that say nothing by themselves, but under which something of one kind was found."""

    def leave(self, frame: Frame) -> None:
        """All of an object or a list has been seen."""
        self.frame = frame
        if frame.label is not None or frame.late or frame.count == 2:
            self._find_named(frame)
        if frame.secret:
            self._find_sealed(frame)
        if frame.bracket != "{" or (frame.under is not None and frame.under.columns):
            leave_table(frame, self.rules)
        if frame.late and frame.bracket != "{":
            for given, family in couples_in(frame.late):
                self._find_couple(given, family)
        if frame.account is not None and self._is_account(frame, frame.account.text):
            self._found(frame.account, USER_ID)
        if frame.password is not None and frame.logs_in and may_be_password(frame.password.text):
            self._found(frame.password, SECRET)
        if frame.relatives and frame.family_named:
            for value in frame.relatives:
                if judged(_RELATIVE, value.text) == USER_ID and not self._is_found(value):
                    self._found(value, USER_ID)
        if frame.names and (frame.people or frame.personal):
            for value in somebodys_names(frame):
                self._found(value, PERSON)
        if frame.own_id is not None:
            self._find_own_id(frame, frame.own_id)
        if len(self._doubts) > frame.doubts:
            self._find_doubtful(frame)
        if frame.given is not None and frame.family is not None:
            self.island.couples.append((frame.given, frame.family))
        # one word with a capital letter may be anything; two in one object, or one beside something personal, are a name
        if frame.lone and (frame.people or (frame.bracket == "{" and (frame.seen or len(frame.lone) > 1))):
            for value in frame.lone:
                self._found(value, PERSON)
        if frame.personal:
            tell_above(frame)
        if frame.above is not None and not frame.above.bracket:
            self._settle()

    def _found(self, value: Value, entity: str, part: str = "") -> None:
        frame, findings = self.frame, self.island.findings
        self._starts.add(value.start)
        frame.seen.add(entity)
        if entity == PERSON and not part and not value.escaped and (spans := slashed_name(value.text)):
            for (start, end), one in zip(spans, (FAMILY, GIVEN), strict=True):
                self._couple(one)
                findings.append(Finding(value.start + start, value.start + end, PERSON, one))
        else:
            if part in (GIVEN, FAMILY):
                self._couple(part)
            findings.append(Finding(value.start, value.end, entity, part, escaped=value.escaped))
        if value.number:
            self.island.numbers.append((value.start, value.end))
        if entity == PERSON:
            frame.of_person = frame.personal = True
        elif entity in (DOB, NATIONAL_ID, PHONE, ADDRESS) or (entity == EMAIL and is_mailbox(value.text)):
            frame.personal = frame.personal or entity != ADDRESS

    def _couple(self, part: str) -> None:
        """The next finding is a given or a family name."""
        if part == FAMILY:
            self.frame.family = len(self.island.findings)
        else:
            self.frame.given = len(self.island.findings)

    def _is_found(self, value: Value) -> bool:
        return value.start in self._starts

    def _find_named(self, frame: Frame) -> None:
        """Values that another one named."""
        for value, rule in named_values(frame, self.rules):
            entity = judged_by_name(value, rule, self.rules)
            if entity is not None and not self._is_found(value) and not (value.number and entity == PERSON):
                self._found(value, entity, rule.part if entity == PERSON else "")

    def _find_couple(self, *names: Value) -> None:
        """A given and a family name, of a row that says no more of them."""
        if any(map(self._is_found, names)):
            return
        first = len(self.island.findings)
        for name, part in zip(names, (GIVEN, FAMILY), strict=True):
            self._starts.add(name.start)
            self.island.findings.append(Finding(name.start, name.end, PERSON, part, escaped=name.escaped))
        self.island.couples.append((first, first + 1))

    def _is_account(self, frame: Frame, text: str) -> bool:
        """Whether what stands under `email` is the account of the one who is named beside it: `BRANDT` of Ola Brandt."""
        for index in (frame.given, frame.family):
            if index is not None:
                found = self.island.findings[index]
                name = "".join(filter(str.isalpha, self.text[found.start : found.end].lower()))
                if len(name) > 2 and name[:4] in text.lower():
                    return True
        return False

    def _find_sealed(self, frame: Frame) -> None:
        """What lies under `data` in a Kubernetes Secret."""
        for value in (one for values in frame.secrets for one in values):
            if judged(Rule(SECRET), value.text) == SECRET and not self._is_found(value):
                self._found(value, SECRET)

    def _settle(self) -> None:
        """At the end: under a key that held somebody's name in one record, it is a name in the others too."""
        if not self._telling:
            return
        for value in self._unsettled + self._doubts:
            entity = self._telling.get(value.key.text) if value.key is not None else None
            if entity is not None and (likely(value.text) or (PERSON if could_be_name(value.text) else None)) == entity:
                self._found(value, entity)

    def _find_own_id(self, frame: Frame, own: Value) -> None:
        """The `id` of the object, if it is somebody's."""
        entity = own_id_entity(frame, self.rules.strict)
        if entity is not None and not self._is_found(own):
            self._found(own, entity)

    def _find_doubtful(self, frame: Frame) -> None:
        """Values under keys that say nothing, once it is known whether the object is a person's."""
        doubts = self._doubts
        for value in named_members(frame, doubts[frame.doubts :]):
            if not self._is_found(value):
                self._found(value, PERSON)
        if is_somebodys(frame, doubts):
            for value, kind in decided(frame, doubts[frame.doubts :]):
                self._found(value, kind)
                if value.key is not None:
                    self._telling[value.key.text] = kind
        elif not self.apart and (frame.bracket == "[" or (frame.above is not None and frame.above.bracket == "{")):
            return  # what is around it may tell
        elif len(self._unsettled) < _MOST_UNSETTLED:
            self._unsettled += doubts[frame.doubts :]
        del doubts[frame.doubts :]

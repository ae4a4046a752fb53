"""What a key that says nothing, or not enough, means where it stands: `first` under a name, `line` under an address."""

from __future__ import annotations

from agentlog.redaction.entities import ADDRESS, DOB, NATIONAL_ID, PERSON, USER_ID
from agentlog.redaction.keys.rules import SAFE, Key, Rule
from agentlog.redaction.structures.frames import Frame


def by_surroundings(frame: Frame, key: Key) -> Rule | None:
    """The rule of a key after what lies around it; None: that says nothing either."""
    inherited = frame.inherited
    if inherited is SAFE:
        return inherited
    if key.place and frame.address:
        return Rule(key.place)
    if key.part and (frame.named or frame.people):
        return Rule(PERSON, key.part)
    if key.document and frame.people:
        return Rule(NATIONAL_ID)
    if key.relative and frame.people and frame.container == USER_ID:  # comments have children too
        return Rule(USER_ID, weak=True)
    if inherited is None:
        return None
    if inherited.entity != DOB and key.words[-1:] == ("date",):
        return None  # when a document was issued
    if key.passes or frame.all_inherit or (key.name and inherited.entity == ADDRESS):
        return inherited
    return inherited if key.of_birth and inherited.entity == DOB else None

"""Values planted at random places of a made-up trace: none of them comes out, in whatever record it stands."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agentlog.messages.parts import message, text, tool_call, tool_call_response
from agentlog.records import Draft
from agentlog.redaction import Redactor

GIVEN = ("Zoltan", "Ingrid", "Oluwaseun", "Jörg", "Xiomara", "Ngozi")
FAMILY = ("Varga", "Lindqvist", "Adeyemi", "Müllner", "Quispe", "Okonkwo")
FILLING = ("The flight leaves at 10:15.", "Please wait.", "It costs $1,234.56 in total.", "Order 8812 is on its way.")


@st.composite
def people(draw: st.DrawFn) -> dict[str, str]:
    given_name, family = draw(st.sampled_from(GIVEN)), draw(st.sampled_from(FAMILY))
    number = draw(st.integers(1000, 9999))
    login = f"{given_name}_{family}_{number}".lower()
    return {
        "first_name": given_name,
        "last_name": family,
        "user_id": login,
        "email": f"{login.replace('_', '.')}@example.org",
        "phone": f"+49 30 {draw(st.integers(1000000, 9999999))}",
        "address1": f"{draw(st.integers(1, 999))} Wexford Street",
        "dob": draw(st.dates(dt.date(1920, 1, 1), dt.date(2020, 1, 1))).isoformat(),
        "passport_number": f"C{draw(st.integers(1000000, 9999999))}X",
        "api_key": draw(st.from_regex(r"[a-zA-Z][a-zA-Z0-9]{10}[0-9]{3}", fullmatch=True)),
    }


def sentences(person: dict[str, str]) -> list[str]:
    """What somebody may say before or after a tool has shown who it is about: no cue needed."""
    return [
        f"{person['first_name']} waits, says {person['last_name']}.",
        f"Ask {person['user_id']} or write to {person['email']}!",
        f"({person['phone']})",
        f"{person['address1']}; {person['dob']}; {person['passport_number']}; {person['api_key']}",
    ]


def survivors(person: dict[str, str], stored: Any) -> list[str]:
    words = json.dumps(stored, ensure_ascii=False)
    return [value for value in person.values() if re.search(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", words, re.I)]


@settings(max_examples=40, deadline=None)
@given(people(), st.data())
def test_what_one_call_shows_is_exchanged_in_every_call_of_the_trace(
    person: dict[str, str], data: st.DataObject
) -> None:
    ascii_only, as_text = data.draw(st.booleans()), data.draw(st.booleans())
    profile: Any = {"status": "ok", "profile": person}
    if as_text:
        profile = {"stdout": json.dumps(profile, ensure_ascii=ascii_only)}
    shown = message("tool", tool_call_response(json.dumps(profile, ensure_ascii=ascii_only), "call_1"))
    talk = [message("user", text(one)) for one in data.draw(st.permutations([*sentences(person), *FILLING]))]
    told = message("assistant", tool_call("note", {"text": " ".join(sentences(person))}, "call_2"))
    row = {"call_id": "c", "trace_id": "t", "operation": "chat"}
    drafts = [
        Draft({**row, "input_messages": talk[:4], "output_messages": talk[4:]}),
        Draft({**row, "input_messages": [*talk, shown], "output_messages": [told]}),
    ]
    trace = Redactor(None, pseudonym_key=b"k").trace()
    for draft in drafts:
        trace.learn(draft)
    rows = [trace.redact(draft).row for draft in drafts]
    assert not any(one["redaction"]["failed"] for one in rows)
    assert survivors(person, rows) == []
    stored = json.dumps(rows)
    assert all(sentence in stored for sentence in FILLING)
    assert set(re.findall(r"<PERSON_(\d+)_(?:GIVEN|FAMILY)>", stored)) == {"1"}


@settings(max_examples=40, deadline=None)
@given(people(), st.sampled_from(["\n", "; ", " - "]))
def test_lines_of_keys_and_values_need_no_brackets(person: dict[str, str], between: str) -> None:
    made = Redactor(None, pseudonym_key=b"k").text(between.join(f"{key}: {value}" for key, value in person.items()))
    assert survivors(person, made) == []

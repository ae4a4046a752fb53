"""What a trace's redactor exchanges, what it leaves alone, and what stays the same while it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentlog.messages.parts import Message, blob, message, reasoning, text, tool_call, tool_call_response, uri
from agentlog.records import Draft, Record
from agentlog.redaction import Redactor, TraceRedactor

KEY = b"a key for the tests"


def redacted(value: str) -> str:
    return Redactor(None, pseudonym_key=KEY).text(value)


def draft(*messages: Message, output: tuple[Message, ...] = (), **columns: Any) -> Draft:
    row = {"call_id": "c", "trace_id": "t", "operation": "chat", "surface": "unknown", **columns}
    return Draft({"input_messages": list(messages), "output_messages": list(output), **row})


def said(record: Record) -> list[str]:
    return [part["text"] for one in record.row["input_messages"] for part in one["parts"]]


def counts(record: Record) -> dict[str, int]:
    return {one["entity"]: one["count"] for one in record.row["redaction"]["counts"]}


@pytest.fixture
def trace() -> TraceRedactor:
    return Redactor(None, pseudonym_key=KEY).trace()


# ── what is found ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("pay with 4111 1111 1111 1111.", "pay with <PAYMENT_ID_1>."),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN <PAYMENT_ID_1>"),
        ("SSN 536-90-4399", "SSN <NATIONAL_ID_1>"),
        ("身份证 11010519491231002X", "身份证 <NATIONAL_ID_1>"),
        ("手机13812345678", "手机<PHONE_1>"),
        ("call (415) 555-2671 or +49 30 901820", "call <PHONE_1> or <PHONE_2>"),
        ("from 93.184.216.34 to 127.0.0.1", "from <IP_1> to 127.0.0.1"),
        ("host 2001:db8:85a3::8a2e:370:7334", "host <IP_1>"),
        ("mac 00:1B:44:11:3A:B7", "mac <MAC_1>"),
        ("write to mia.li+shop@example.co.uk, please", "write to <EMAIL_1>, please"),
        ("I was born on May 3, 1985", "I was born on <DOB_1>"),
        ("the card ending in 4242", "the card ending in <CARD_LAST4_1>"),
        ("see /home/mli/notes.txt and /root/x", "see /home/<USER_ID_1>/notes.txt and /root/x"),
    ],
)
def test_values_that_carry_their_proof_are_exchanged(raw: str, expected: str) -> None:
    assert redacted(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "4111 1111 1111 1112",  # the check digit is wrong
        "DE89 3704 0044 0532 0130 01",
        "11010519491231002Y",
        "SSN-like 000-12-3456",
    ],
)
def test_a_number_whose_checksum_fails_is_no_card_no_account_and_no_identity(raw: str) -> None:
    assert redacted(raw) == raw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("OPENAI_API_KEY=sk-proj-abcdefghijklmnop1234567890ABCD", "OPENAI_API_KEY=<SECRET_1>"),
        ("Authorization: Bearer abcdef1234567890abcdef", "Authorization: Bearer <SECRET_1>"),
        ("Authorization: Basic bWlhOnNlY3JldHBhc3M=", "Authorization: Basic <SECRET_1>"),
        ("key AKIAIOSFODNN7EXAMPLE", "key <SECRET_1>"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789 is mine", "<SECRET_1> is mine"),
        ("postgres://app:hunter2pass@db.example.com/x", "postgres://app:<SECRET_1>@db.example.com/x"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----", "<SECRET_1>"),
    ],
)
def test_secrets_are_exchanged(raw: str, expected: str) -> None:
    assert redacted(raw) == expected


def test_a_token_within_a_cookie_is_exchanged_with_the_whole_cookie() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
    assert redacted(f"Cookie: session={token}; visitor=mia") == "Cookie: <SECRET_1>"


def test_code_that_only_names_a_secret_stays() -> None:
    code = 'client = Client(api_key=os.environ["API_KEY"])  # or Authorization: Bearer ${TOKEN}'
    assert redacted(code) == code


def test_json_values_are_judged_by_the_words_of_their_keys() -> None:
    customer = {
        "customerEmail": "mia@example.com",
        "first_name": "Mia",
        "last_name": "Li",
        "date-of-birth": "1990-04-17",
        "billingZIPCode": "94107",
        "mobile_phone": "415 555 2671",
        "password": "open sesame",
        "passport_number": "C01X00T47",
        "home_address": "12 Elm Street",
        "userId": "mia_li_3668",
        "flight_number": "HAT204",
        "model_name": "gpt-4o",
        "total": 120,
    }
    assert json.loads(redacted(json.dumps(customer))) == {
        "customerEmail": "<EMAIL_1>",
        "first_name": "<PERSON_1_GIVEN>",
        "last_name": "<PERSON_1_FAMILY>",
        "date-of-birth": "<DOB_1>",
        "billingZIPCode": "<ZIP_1>",
        "mobile_phone": "<PHONE_1>",
        "password": "<SECRET_1>",
        "passport_number": "<NATIONAL_ID_1>",
        "home_address": "<ADDRESS_1>",
        "userId": "<USER_ID_1>",
        "flight_number": "HAT204",
        "model_name": "gpt-4o",
        "total": 120,
    }


def test_ids_of_payment_methods_are_exchanged_where_they_are_keys() -> None:
    made = redacted('{"payment_methods": {"credit_card_4421486": {"last_four": "1234", "brand": "visa"}}}')
    assert json.loads(made) == {
        "payment_methods": {"credit_card_<PAYMENT_ID_1>": {"last_four": "<CARD_LAST4_1>", "brand": "visa"}}
    }


def test_json_within_a_string_of_json_is_read_too() -> None:
    inner = json.dumps({"email": "mia@example.com", "note": 'she said "hi"'})
    made = json.loads(redacted(json.dumps({"output": inner})))
    assert json.loads(made["output"]) == {"email": "<EMAIL_1>", "note": 'she said "hi"'}


def test_a_number_under_a_telling_key_becomes_a_quoted_placeholder() -> None:
    assert json.loads(redacted('{"phone": 4155552671, "amount": 4155}')) == {
        "phone": "<PHONE_1_NUMBER>",
        "amount": 4155,
    }


def test_a_number_of_the_trace_is_exchanged_as_a_whole_where_it_stands_bare_and_signed() -> None:
    assert json.loads(redacted('{"phone": 4155552671.5, "balance": -4155552671.5, "paid": 4155552}')) == {
        "phone": "<PHONE_1_NUMBER>",
        "balance": "<PHONE_1_NUMBER>",
        "paid": 4155552,
    }


def test_a_short_number_under_a_telling_key_does_not_break_the_json() -> None:
    assert json.loads(redacted('{"pin": 123, "dob": 7}')) == {"pin": "<SECRET_1_NUMBER>", "dob": "<DOB_1_NUMBER>"}


@pytest.mark.parametrize("value", ["c-1", "17", "u1"])
def test_an_id_of_less_than_four_characters_tells_nobody_apart(value: str) -> None:
    raw = json.dumps({"client_id": value})
    assert redacted(raw) == raw


def test_a_short_login_name_is_exchanged() -> None:
    assert redacted('{"username": "bob"}') == '{"username": "<USER_ID_1>"}'


# ── nothing more than that ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "raw",
    [
        "gpt-4o-mini-2024-07-18 and claude-3-5-sonnet-20241022 were compared.",
        "The flight HAT204 leaves JFK on 2024-05-20 at 10:15 and costs $1,234.56.",
        "call_abc123DEF456ghi789, run 5f0c2d7e-8b1f-4c61-9a7e-3f2b1c0d9e8a",
        "The quick brown fox will mark the page; may I bill you in May?",
        "Install numpy==1.26.4 and open section 1.2.3.4 on page 12.",
        "Please reset my password and send the invoice for order 1234.",
        "import os\nfor user in users:\n    print(user.name, len(user.email))\n",
        '{"name": "get_user_details", "status": "ok", "max_tokens": 4096, "prompt_tokens": 812}',
        "Thank you for calling. How can I help you today?",
        "订单已经发货。预计三天后到达。",
    ],
)
def test_ordinary_text_is_left_as_it_is(raw: str) -> None:
    assert redacted(raw) == raw


def test_names_of_models_tools_and_ids_of_tool_calls_stay(trace: TraceRedactor) -> None:
    asked = message("assistant", tool_call("get_user_details", {"limit": 3}, "call_9f8e7d6c5b4a"))
    answered = message("tool", tool_call_response({"found": 0}, "call_9f8e7d6c5b4a", "get_user_details"))
    record = trace.redact(draft(asked, answered, request_model="gpt-4o-2024-08-06", finish_reasons=["stop"]))
    assert record.row["input_messages"] == [asked, answered]
    assert record.row["request_model"] == "gpt-4o-2024-08-06"
    assert counts(record) == {}


def test_keys_of_a_tools_schema_describe_values_and_stay(trace: TraceRedactor) -> None:
    schema = json.dumps([{"name": "book", "parameters": {"properties": {"email": {"type": "string"}}}}])
    assert trace.redact(draft(tool_definitions=schema)).row["tool_definitions"] == schema


# ── over the whole trace ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_that_only_a_later_message_gives_away_is_exchanged_in_an_earlier_record(trace: TraceRedactor) -> None:
    early = draft(message("user", text("Zoltan wants to change the booking.")))
    late = draft(message("tool", tool_call_response({"first_name": "Zoltan", "last_name": "Varga"})))
    trace.learn(early)
    trace.learn(late)
    assert said(trace.redact(early)) == ["<PERSON_1_GIVEN> wants to change the booking."]


def test_one_person_has_one_number_wherever_and_however_the_name_is_written(trace: TraceRedactor) -> None:
    record = trace.redact(
        draft(
            message("user", text("My name is Mia Li.")),
            message("user", text("Book it for Li, Mia; MIA LI; the user mia_li_3668.")),
        )
    )
    assert said(record) == [
        "My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>.",
        "Book it for <PERSON_1_FAMILY>, <PERSON_1_GIVEN>; <PERSON_1_GIVEN> <PERSON_1_FAMILY>; the user <USER_ID_1>.",
    ]


def test_two_people_with_one_surname_keep_their_own_given_names() -> None:
    people = [{"first_name": "Aarav", "last_name": "Garcia"}, {"first_name": "Omar", "last_name": "Garcia"}]
    one, two = json.loads(redacted(json.dumps(people)))
    assert one["first_name"] != two["first_name"]
    assert one["last_name"] == two["last_name"]
    assert not {"Aarav", "Omar", "Garcia"} & {*one.values(), *two.values()}


def test_a_birthday_is_one_value_in_every_spelling(trace: TraceRedactor) -> None:
    record = trace.redact(
        draft(message("user", text('{"dob": "1985-05-03"}')), message("user", text("It is May 3rd, 1985.")))
    )
    assert said(record) == ['{"dob": "<DOB_1>"}', "It is <DOB_1>."]


def test_a_placeholder_once_given_stays_when_more_is_learnt(trace: TraceRedactor) -> None:
    first = draft(message("user", text("Write to mia@example.com.")))
    before = said(trace.redact(first))
    trace.redact(draft(message("user", text("No: to zoe@example.com, and from ann@example.com."))))
    assert before == said(trace.redact(first)) == ["Write to <EMAIL_1>."]


def test_traces_do_not_know_each_other() -> None:
    redactor = Redactor(None, pseudonym_key=KEY)
    redactor.trace().redact(draft(message("user", text("My name is Zoltan Varga."))))
    other = redactor.trace().redact(draft(message("user", text("Varga is a song."))))
    assert said(other) == ["Varga is a song."]


def test_the_id_of_the_session_s_user_is_exchanged_in_the_texts_too(trace: TraceRedactor) -> None:
    record = trace.redact(draft(message("user", text("rows of kx55213 please")), user="kx55213"))
    assert said(record) == ["rows of <USER_ID_1> please"]
    assert record.row["user"].startswith("user-")


def test_what_was_exchanged_is_counted_by_entity(trace: TraceRedactor) -> None:
    record = trace.redact(draft(message("user", text("mia@example.com, zoe@example.com, 93.184.216.34"))))
    assert counts(record) == {"EMAIL": 2, "IP": 1}


def test_every_column_with_words_is_redacted_and_an_unknown_one_is_left_out(trace: TraceRedactor) -> None:
    mail = "mia@example.com"
    record = trace.redact(
        draft(
            message("user", reasoning(f"she is {mail}", signature="sig"), uri(f"https://x.org/?to={mail}"), name=mail),
            output=(message("assistant", tool_call("send", {"to": mail}), finish_reason="stop"),),
            system_instructions=[text(f"You serve {mail}.")],
            name=mail, agent=mail, node=mail, call_site=mail, service=mail, tags=[mail], secret_column=mail,
            request=json.dumps({"metadata": {"who": mail}}), attributes=json.dumps({"who": mail}),
            tool_definitions=json.dumps([{"description": mail}]), tool_arguments=json.dumps({"to": mail}),
            tool_result=json.dumps(mail),
        )
    )  # fmt: skip
    assert mail not in repr(record.row)
    assert "secret_column" not in record.row
    assert record.row["redaction"]["failed"] is False
    assert record.row["input_messages"][0]["parts"][0]["signature"] == "sig"


# ── files, sessions, users ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_becomes_its_kind_its_size_and_a_keyed_hash(trace: TraceRedactor) -> None:
    inline = uri("data:image/png;base64,aGVsbG8=")
    record = trace.redact(draft(message("user", blob("image/png", "aGVsbG8="), inline)))
    one, two = record.row["input_messages"][0]["parts"]
    assert {**one, "sha": ""} == {"type": "blob", "mime_type": "image/png", "bytes": 5, "sha": ""}
    assert one == two
    elsewhere = Redactor(None, pseudonym_key=b"another key").trace()
    (part,) = elsewhere.redact(draft(message("user", blob("image/png", "aGVsbG8=")))).row["input_messages"][0]["parts"]
    assert part["sha"] != one["sha"]


def test_a_file_within_a_text_is_exchanged_for_its_hash() -> None:
    assert redacted("see data:image/png;base64,aGVsbG8= here").startswith("see <BLOB mime=image/png bytes=5 sha=")
    assert redacted("hear data:audio/wav;base64,aGVsbG8= too").startswith("hear <BLOB mime=audio/wav bytes=5 sha=")


def test_pseudonyms_differ_by_value_kind_and_key_and_by_nothing_else() -> None:
    redactor, other = Redactor(None, pseudonym_key=KEY), Redactor(None, pseudonym_key=b"another key")
    made = {
        redactor.pseudonym("u-17", "user"),
        redactor.pseudonym("u-18", "user"),
        redactor.pseudonym("u-17", "session"),
        other.pseudonym("u-17", "user"),
    }
    assert len(made) == 4
    assert Redactor("off", pseudonym_key=KEY).pseudonym("u-17", "user") == redactor.pseudonym("u-17", "user")


def test_feedback_is_redacted_with_what_its_trace_knows(trace: TraceRedactor) -> None:
    trace.learn(draft(message("user", text("My name is Zoltan Varga."))))
    row = {"feedback_id": "f", "name": "rating", "score": 0.5, "label": "good", "session": "s-1", "words": "x"}
    record = trace.feedback({**row, "explanation": "Zoltan was happy"})
    assert record.row["explanation"] == "<PERSON_1_GIVEN> was happy"
    assert (record.row["label"], record.row["score"]) == ("good", 0.5)
    assert record.row["session"].startswith("session-")
    assert "words" not in record.row


# ── what must hold for every text ─────────────────────────────────────────────────────────────────────────────────

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["mia@example.com", "Mia Li", "4111111111111111", "415 555 2671", "\ud800", "1985-05-03"]),
)  # fmt: skip
KEYS = st.sampled_from(["email", "first_name", "phone", "name", "users", "id", "note", "dob", "x", "payment_methods"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans())
def test_json_stays_json_of_the_same_shape(value: Any, ascii_only: bool) -> None:
    def shape(one: Any) -> Any:
        if isinstance(one, dict):
            return [shape(inner) for inner in one.values()]
        return [shape(inner) for inner in one] if isinstance(one, list) else ""

    made = redacted(json.dumps(value, ensure_ascii=ascii_only))
    assert "REDACTION_FAILED" not in made
    assert "mia@example.com" not in made
    if isinstance(value, dict | list):
        assert shape(json.loads(made)) == shape(value)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80), st.sampled_from(["", "My name is ", '{"email": "', "Dear ", "[", "data:", "Authorization: "])
)
def test_whatever_the_text_what_is_made_of_it_can_be_stored(value: str, before: str) -> None:
    made = redacted(before + value)
    made.encode()
    assert "REDACTION_FAILED" not in made


@pytest.mark.parametrize(
    "raw",
    [
        "half a pair \ud800 of it",
        '{"score": NaN, "most": Infinity, "note": "x"}',
        '{"n": ' + "9" * 5000 + "}",
        "[" * 900 + "]" * 900,
        "\x00\x01\x02",
        '{"a": "\\ud83d"}',
        "{'python': ('literal', None), 'x': b'abc'}",
        '{"cut": {"in the mid',
    ],
)
def test_odd_texts_are_taken(raw: str) -> None:
    made = redacted(raw)
    made.encode()
    assert "REDACTION_FAILED" not in made
    assert made == raw.replace("\ud800", "\ufffd")


@pytest.mark.parametrize("make", [lambda: "[" * 50_000, lambda: "x" * 2_000_001, lambda: '{"a":' * 5_000])
def test_what_asks_for_too_much_work_becomes_its_shape(make: Callable[[], str]) -> None:
    raw = make()
    assert redacted(raw) in (raw, f"<REDACTION_FAILED type=str len={len(raw)}>")


def test_a_known_value_at_the_end_of_a_text_ends_where_the_text_ends():
    from agentlog.redaction.trace.vocabulary import Vocabulary
    from agentlog.redaction.words.text import folded, words_in

    vocabulary = Vocabulary()
    for value in ("Baker Street 17", "Baker Street 17, London W1"):
        vocabulary.learn("ADDRESS", value)
    text = "It is Baker Street 17"
    assert [match[:2] for match in vocabulary.find(text, folded(text), words_in(text))] == [(6, len(text))]

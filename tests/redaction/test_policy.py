"""What a policy can say, and which policies are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from presidio_anonymizer.entities import OperatorConfig

from agentlog.errors import ConfigurationError
from agentlog.messages.parts import message, text
from agentlog.records import Draft
from agentlog.redaction import ENTITIES, RedactionPolicy, Redactor

MAIL = "mia@example.com"


def redactor(redaction: Any = None) -> Redactor:
    return Redactor(redaction, pseudonym_key=b"a key for the tests")


def with_operator(entity: str, name: str, **parameters: Any) -> Redactor:
    return redactor(RedactionPolicy(operators={entity: OperatorConfig(name, parameters)}))


def shout(value: str) -> str:
    return value.upper()


# ── operators ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("replace", {"new_value": 'a "quoted" word'}, 'a "quoted" word'),
        ("mask", {"masking_char": "*", "chars_to_mask": 4, "from_end": False}, "****example.com"),
        ("redact", {}, ""),
        ("keep", {}, MAIL),
    ],
)
def test_presidios_operators_take_the_place_of_the_placeholder(
    name: str, parameters: dict[str, Any], expected: str
) -> None:
    made = with_operator("EMAIL", name, **parameters).text(json.dumps({"to": MAIL}))
    assert json.loads(made) == {"to": expected}


def test_hash_with_a_salt_gives_equal_hashes_in_every_trace() -> None:
    one = with_operator("EMAIL", "hash", hash_type="sha256", salt=b"0123456789abcdef")
    first, second = one.text(MAIL), one.text(MAIL)
    assert first == second
    assert len(first) == 64


def test_an_operator_gives_one_result_for_one_value_within_a_trace() -> None:
    made = with_operator("EMAIL", "hash", hash_type="sha256").text(f"{MAIL} {MAIL}").split()
    assert made[0] == made[1] != MAIL


def test_the_default_operator_is_for_every_entity_that_has_none_of_its_own() -> None:
    policy = RedactionPolicy(
        operators={
            "DEFAULT": OperatorConfig("replace", {"new_value": "X"}),
            "IP": OperatorConfig("replace", {"new_value": "Y"}),
        }
    )
    assert redactor(policy).text(f"{MAIL} 93.184.216.34") == "X Y"


def test_an_operator_gets_a_name_as_a_whole() -> None:
    assert with_operator("PERSON", "replace", new_value="N").text("My name is Mia Li.") == "My name is N."


# ── keep, keys, app_ids ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_stays_and_the_rest_is_exchanged() -> None:
    assert redactor(RedactionPolicy(keep=("EMAIL",))).text(f"{MAIL} 93.184.216.34") == f"{MAIL} <IP_1>"


@pytest.mark.parametrize(
    ("entity", "raw"),
    [
        ("EMAIL", MAIL),
        ("PAYMENT_ID", "4111 1111 1111 1111"),
        ("SECRET", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("PERSON", "My name is Mia Li."),
        ("BLOB", "data:image/png;base64,aGVsbG8="),
        ("DOB", "born on May 3, 1985"),
    ],
)
def test_every_kind_can_be_kept(entity: str, raw: str) -> None:
    assert redactor().text(raw) != raw
    assert redactor(RedactionPolicy(keep=(entity,))).text(raw) == raw


def test_a_key_of_the_policys_own_is_known_in_every_spelling() -> None:
    policy = RedactionPolicy(keys={"loyalty_no": "USER_ID"})
    assert json.loads(redactor(policy).text('{"loyaltyNo": "L1"}')) == {"loyaltyNo": "<USER_ID_1>"}


def test_ids_of_the_application_are_exchanged_on_demand_only() -> None:
    raw = '{"order_id": "W2378156"}'
    assert redactor().text(raw) == raw
    assert redactor(RedactionPolicy(app_ids=True)).text(raw) == '{"order_id": "<APP_ID_1>"}'


# ── the name of a policy ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_name_tells_policies_apart_and_is_the_same_for_equal_ones() -> None:
    replace = OperatorConfig("replace", {"new_value": "X"})
    policies = [
        RedactionPolicy(),
        RedactionPolicy(keep=("IP",)),
        RedactionPolicy(app_ids=True),
        RedactionPolicy(keys={"a": "USER_ID"}),
        RedactionPolicy(operators={"IP": replace}),
        RedactionPolicy(operators={"IP": OperatorConfig("replace", {"new_value": "Z"})}),
    ]
    assert len({policy.name for policy in policies}) == len(policies)
    assert RedactionPolicy(keep=("IP", "MAC")).name == RedactionPolicy(keep=("MAC", "IP")).name
    assert all(policy.name.startswith("agentlog-1:") for policy in policies)


def test_a_salt_is_not_shown() -> None:
    policy = RedactionPolicy(operators={"IP": OperatorConfig("hash", {"salt": b"0123456789abcdef"})})
    assert "0123456789abcdef" not in policy.name + repr(policy)


# ── a function, and nothing at all ────────────────────────────────────────────────────────────────────────────────


def test_a_function_gets_the_strings_of_json_and_leaves_it_json() -> None:
    one = redactor(shout)
    assert one.text("hello") == "HELLO"
    assert one.text('{"key": ["a \\"b\\"", 1, null]}') == '{"key": ["A \\"B\\"", 1, null]}'
    assert one.policy_name == f"callable:{__name__}.shout"


def test_a_function_that_gives_back_no_text_fails_closed() -> None:
    assert redactor(lambda value: None).text(f"to {MAIL}") == "<REDACTION_FAILED type=str len=18>"


def test_off_leaves_words_and_still_makes_users_and_sessions_pseudonyms() -> None:
    row = {"input_messages": [message("user", text(MAIL))], "user": "u-17", "session": "s-17"}
    record = redactor("off").trace().redact(Draft({"call_id": "c", "trace_id": "t", **row}))
    assert record.row["input_messages"][0]["parts"][0]["text"] == MAIL
    assert "17" not in (record.row["user"].split("-")[0], record.row["session"].split("-")[0])
    assert record.row["user"] == redactor().pseudonym("u-17", "user")
    assert record.row["redaction"]["policy"] == "off"


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        {"keep": ("EMIAL",)},
        {"keep": "EMAIL"},
        {"keys": {"loyalty_no": "LOYALTY"}},
        {"operators": {"EMIAL": OperatorConfig("redact")}},
        {"operators": {"EMAIL": "redact"}},
        {"operators": {"EMAIL": OperatorConfig("no_such_operator")}},
        {"operators": {"EMAIL": OperatorConfig("mask", {"masking_char": "too long"})}},
    ],
)
def test_a_policy_that_cannot_work_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        RedactionPolicy(**arguments)


def test_the_refusal_of_an_entity_lists_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError) as refused:
        RedactionPolicy(keep=("EMIAL",))
    assert "EMIAL" in str(refused.value)
    assert all(entity in str(refused.value) for entity in ENTITIES)


@pytest.mark.parametrize("redaction", ["of", 3, RedactionPolicy, object()])
def test_what_is_no_redaction_is_refused(redaction: Any) -> None:
    with pytest.raises(ConfigurationError):
        redactor(redaction)

"""What a policy adds: entities, safe keys, what stays, a vocabulary, strict mode; and what its name gives away."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from presidio_anonymizer import DeanonymizeEngine
from presidio_anonymizer.entities import OperatorConfig, OperatorResult

from agentlog.errors import ConfigurationError
from agentlog.redaction import ENTITIES, Pattern, RedactionPolicy, Redactor

MAIL = "mia@example.com"
KEY = b"a key for the tests"


def redacted(text: str, **fields: Any) -> str:
    return Redactor(RedactionPolicy(**fields), pseudonym_key=KEY).text(text)


# ── entities ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_entities_that_are_named_are_exchanged() -> None:
    raw = f"{MAIL} called from 93.184.216.34, card 4111 1111 1111 1111"
    assert redacted(raw, entities=("EMAIL",)) == raw.replace(MAIL, "<EMAIL_1>")
    assert redacted(raw, entities=()) == raw


def test_app_ids_are_on_when_they_are_among_the_entities() -> None:
    assert redacted('{"order_id": "W2378156"}', entities=("APP_ID",)) == '{"order_id": "<APP_ID_1>"}'


def test_what_is_kept_stays_though_it_is_among_the_entities() -> None:
    assert redacted(MAIL, entities=("EMAIL",), keep=("EMAIL",)) == MAIL


# ── safe keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_values_under_a_safe_key_are_not_judged_by_it() -> None:
    raw = '{"contact_name": "Mia Li", "assignee": {"name": "Bo Chan"}, "customers": ["c_8821"], "zip": "94103"}'
    assert redacted(raw) != raw
    safe = ("contactName", "assignee", "customers", "zip")
    assert redacted(raw, safe_keys=safe) == raw
    assert redacted("contact name: Mia Li", safe_keys=safe, keep=("PERSON",)) == "contact name: Mia Li"


def test_a_checked_format_under_a_safe_key_is_still_found() -> None:
    assert redacted(json.dumps({"note": MAIL}), safe_keys=("note",)) == '{"note": "<EMAIL_1>"}'


def test_a_key_of_the_policys_own_wins_over_a_safe_one() -> None:
    assert redacted('{"badge": "Q"}', keys={"badge": "USER_ID"}, safe_keys=("badge",)) == '{"badge": "<USER_ID_1>"}'


# ── what stays ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("allowed", ["support@acme.com", re.compile(r".*@acme\.com")])
@pytest.mark.parametrize(
    "template",
    ["write to {}", '{{"email": "{}"}}', '{{"body": "{{\\"email\\": \\"{}\\", \\"x\\": 1}}"}}', "<{}>, or {}"],
)
def test_what_is_allowed_stays_wherever_it_stands(allowed: str | re.Pattern[str], template: str) -> None:
    raw = template.format(*["support@acme.com"] * 2)
    assert redacted(raw) != raw
    assert redacted(raw, allow=(allowed,)) == raw


def test_what_is_allowed_is_no_excuse_for_its_neighbours() -> None:
    made = redacted(f"support@acme.com, xsupport@acme.com, {MAIL}", allow=("support@acme.com",))
    assert made == "support@acme.com, <EMAIL_1>, <EMAIL_2>"


def test_a_value_that_goes_beyond_what_is_allowed_is_exchanged_whole() -> None:
    allowed = ("acme", "support")
    assert redacted("write to support@acme.com", allow=allowed) == "write to <EMAIL_1>"
    assert (
        redacted("postgres://app:support-7@acme.com:5432/db", allow=allowed)
        == "postgres://app:<SECRET_1>@acme.com:5432/db"
    )


def test_an_allowed_address_stays_when_something_else_is_left_for_a_second_look() -> None:
    trace = Redactor(RedactionPolicy(allow=("support@acme.com",)), pseudonym_key=KEY).trace()
    texts = trace.exchange([f"support@acme.com and {MAIL}", "My name is Mia Li", "Mia: support@acme.com"]).texts
    assert texts[0] == "support@acme.com and <EMAIL_1>"
    assert texts[2] == "<PERSON_1_GIVEN>: support@acme.com"


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_values_that_the_organisation_knows_are_found_however_they_are_written() -> None:
    known = {"CUSTOMER": ["Acme Rockets", "Zanzibar"]}
    made = redacted('for ACME  ROCKETS, {"Zanzibar": {"for": "acme_rockets"}} and Zanzibari', vocabulary=known)
    assert made == 'for <CUSTOMER_1>, {"<CUSTOMER_2>": {"for": "<CUSTOMER_3>"}} and Zanzibari'


def test_numbers_of_the_vocabulary_are_found_in_any_grouping() -> None:
    assert "5550123" not in redacted("call 98-7655-50123 now", vocabulary={"LINE": ["9876 5550123"]}).replace("-", "")


def test_one_ordinary_word_is_meant_with_a_capital_only() -> None:
    assert redacted("Will says he will", vocabulary=["Will"]) == "<KNOWN_1> says he will"


def test_chinese_values_of_the_vocabulary_are_found_without_blanks() -> None:
    assert redacted("请联系星辰大海公司处理", vocabulary=["星辰大海公司"]) == "请联系<KNOWN_1>处理"


def test_the_values_of_the_vocabulary_are_grouped_as_people_when_they_are_people() -> None:
    made = redacted("Quilla Zorn wrote. Later Quilla called.", vocabulary={"PERSON": ["Quilla Zorn"]})
    assert made == "<PERSON_1_GIVEN> <PERSON_1_FAMILY> wrote. Later <PERSON_1_GIVEN> called."


def test_a_file_of_values_is_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "customers.txt").write_text("\ufeffAcme Rockets\n\n-\n Zanzibar \n", encoding="utf-8")
    policy = RedactionPolicy(vocabulary=tmp_path / "customers.txt")
    (tmp_path / "customers.txt").unlink()
    assert Redactor(policy, pseudonym_key=KEY).text("Zanzibar and Acme Rockets") == "<KNOWN_1> and <KNOWN_2>"


def test_names_and_the_policys_name_give_no_value_away(tmp_path: Path) -> None:
    one, two = RedactionPolicy(vocabulary=["Acme Rockets"]), RedactionPolicy(vocabulary=["Zanzibar", "Bo Chan"])
    assert one.name == two.name != RedactionPolicy().name
    assert "Acme" not in repr(one)
    for broken in (["Acme Rockets", "x"], "Acme Rockets", {"CUSTOMER": 3}, {"customer": ["Acme Rockets"]}, [3, "Acme"]):
        with pytest.raises(ConfigurationError) as refused:
            RedactionPolicy(vocabulary=broken)
        assert "Acme" not in str(refused.value)
    with pytest.raises(ConfigurationError, match="cannot read"):
        RedactionPolicy(vocabulary=tmp_path / "none.txt")


# ── strict ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ("Quilla Zorn", "PERSON"),
        ("王小明", "PERSON"),
        ("Zorn, Quilla", "PERSON"),
        ("qzorn61", "USER_ID"),
        ("8791 Zorn Ridges, 94103", "ADDRESS"),
        ("062-555-0176", "PHONE"),
        ("quilla_zorn_3668", "USER_ID"),
        ("gk-88120-x", "USER_ID"),
        ("Tarvo Walk 77B", "ADDRESS"),
        ("1985-03-05", "DOB"),
        ("94103", "ZIP"),
        ("4421", "CARD_LAST4"),
    ],
)
def test_strict_mode_judges_values_under_keys_that_say_nothing(value: str, entity: str) -> None:
    raw = json.dumps({"blorp": value, "plonk": [value]})
    assert redacted(raw) == raw or entity in ("PERSON", "USER_ID")  # names are looked for wherever they stand
    made = json.loads(redacted(raw, strict=True))
    assert made["blorp"].startswith(f"<{entity}_1")
    assert made["plonk"] == [made["blorp"]]


def test_strict_mode_takes_a_single_word_for_a_name_beside_another_or_beside_something_personal() -> None:
    def made(record: dict[str, Any]) -> Any:
        return json.loads(redacted(json.dumps(record), strict=True))

    assert made({"a": {"blorp": "Quilla", "plonk": "Zorn"}}) == {"a": {"blorp": "<PERSON_1>", "plonk": "<PERSON_2>"}}
    assert made({"blorp": "Quilla", "plonk": "1985-03-05"}) == {"blorp": "<PERSON_1>", "plonk": "<DOB_1>"}
    for lone in ({"blorp": "Quilla", "plonk": 3}, {"blorp": ["Quilla", "Zorn"]}):
        assert made(lone) == lone


def test_strict_mode_reads_ids_that_are_keys_and_long_numbers() -> None:
    made = json.loads(redacted('{"blorps": {"gk_88120": {"plonk": 881200441231}}}', strict=True))
    assert made == {"blorps": {"<USER_ID_1>": {"plonk": "<PAYMENT_ID_1_NUMBER>"}}}


def test_strict_mode_leaves_what_is_the_programs_own() -> None:
    raw = json.dumps(
        {
            "flight_number": "HAT170", "sku": "8812004", "created_at": "1999-03-05", "status": "In Transit", "model": "gpt-4o-2024",
            "version": "2.14.0", "commit": "9f86d081884c7d659a2feaa0c55ad015", "quantity": 4421, "flights": [{"number": "HAT17012"}],
            "blorp": "in stock", "plonk": "550e8400-e29b-41d4-a716-446655440000", "city": "New Haven", "when": "2024-05-15T10:00:00",
            "blip": 1716000000, "size": "128GB", "safe": "ab-99120",
        }
    )  # fmt: skip
    assert redacted(raw, strict=True, safe_keys=("safe",)) == raw


# ── operators, as Presidio's users know them ──────────────────────────────────────────────────────────────────────


def test_what_is_encrypted_can_be_decrypted_by_presidio_and_is_equal_within_a_trace() -> None:
    key = "0123456789abcdef"
    operator = {"EMAIL": OperatorConfig("encrypt", {"key": key})}
    first, second = redacted(f"{MAIL} {MAIL}", operators=operator).split()
    assert first == second != MAIL
    found = [OperatorResult(start=0, end=len(first), entity_type="EMAIL")]
    assert (
        DeanonymizeEngine().deanonymize(first, found, {"DEFAULT": OperatorConfig("decrypt", {"key": key})}).text == MAIL
    )


def test_custom_gets_the_value_and_its_result_is_written() -> None:
    operator = {"EMAIL": OperatorConfig("custom", {"lambda": lambda value: value.upper()})}
    assert redacted(f"to {MAIL}", operators=operator) == f"to {MAIL.upper()}"


def test_replace_without_a_value_writes_presidios_placeholder() -> None:
    assert redacted(MAIL, operators={"EMAIL": OperatorConfig("replace", {})}) == "<EMAIL>"


def test_mask_from_the_end() -> None:
    operator = {"EMAIL": OperatorConfig("mask", {"masking_char": "#", "chars_to_mask": 11, "from_end": True})}
    assert redacted(MAIL, operators=operator) == "mia@" + "#" * 11


def test_hash_without_a_salt_differs_between_traces() -> None:
    one = Redactor(RedactionPolicy(operators={"EMAIL": OperatorConfig("hash")}), pseudonym_key=KEY)
    assert one.text(MAIL) != one.text(MAIL)


def test_an_operator_takes_an_entity_of_a_recognizer() -> None:
    operators = {"BADGE": OperatorConfig("replace", {"new_value": "[badge]"})}
    assert redacted("B-77", operators=operators, recognizers=(Pattern("BADGE", r"B-[0-9]+"),)) == "[badge]"


def test_a_salt_that_presidio_would_refuse_at_work_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError):
        RedactionPolicy(operators={"EMAIL": OperatorConfig("hash", {"salt": b"short"})})


def test_keys_and_salts_are_not_in_the_name_and_cannot_be_guessed_from_it() -> None:
    made = {RedactionPolicy(operators={"IP": OperatorConfig("hash", {"salt": bytes([n]) * 16})}).name for n in range(3)}
    assert len(made) == 1
    assert RedactionPolicy(operators={"IP": OperatorConfig("hash")}).name not in made


# ── the policy itself ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_but_the_values_of_the_vocabulary_is_in_the_name() -> None:
    policies = [
        RedactionPolicy(),
        RedactionPolicy(entities=()),
        RedactionPolicy(entities=("IP",)),
        RedactionPolicy(safe_keys=("a",)),
        RedactionPolicy(allow=("ab",)),
        RedactionPolicy(allow=(re.compile("ab"),)),
        RedactionPolicy(strict=True),
        RedactionPolicy(recognizers=(Pattern("A_B", "ab"),)),
        RedactionPolicy(recognizers=(Pattern("A_B", "abc"),)),
        RedactionPolicy(vocabulary=["ab"]),
    ]
    assert len({policy.name for policy in policies}) == len(policies)
    assert {policy.name for policy in pickle.loads(pickle.dumps(policies))} == {policy.name for policy in policies}


def test_a_policy_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        RedactionPolicy().strict = True  # type: ignore[misc]


@pytest.mark.parametrize(
    "fields",
    [
        {"entities": ("EMIAL",)},
        {"entities": "EMAIL"},
        {"safe_keys": "badge"},
        {"safe_keys": (3,)},
        {"allow": "support@acme.com"},
        {"allow": ("-",)},
        {"allow": (re.compile(b"x"),)},
        {"keys": ["badge"]},
        {"recognizers": (3,)},
        {"recognizers": (Pattern,)},
        {"recognizers": Pattern("A_B", "ab")},
        {"operators": {"BADGE": OperatorConfig("redact")}},
    ],
)
def test_fields_that_cannot_work_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        RedactionPolicy(**fields)


def test_entities_of_recognizers_and_vocabulary_are_known_and_others_are_not() -> None:
    policy = RedactionPolicy(recognizers=(Pattern("BADGE", "b-1"),), vocabulary={"CUSTOMER": ["Zanzibar"]})
    assert policy.known_entities == (*ENTITIES, "BADGE", "CUSTOMER")
    assert redacted("b-1 Zanzibar", recognizers=policy.recognizers, vocabulary=policy.vocabulary, keep=("BADGE",)) == (
        "b-1 <CUSTOMER_1>"
    )

"""What a key says of its value: by its words, whatever the spelling, and nothing where the words say something else."""

from __future__ import annotations

import pytest

from agentlog.redaction.keys.rules import KeyRules, about_people, container_of, rule_of


@pytest.mark.parametrize(
    ("key", "entity"),
    [
        ("customerEmail", "EMAIL"),
        ("e-mail", "EMAIL"),
        ("WORK_PHONE", "PHONE"),
        ("billing_zip", "ZIP"),
        ("postalCode", "ZIP"),
        ("dateOfBirth", "DOB"),
        ("patient_name", "PERSON"),
        ("surname", "PERSON"),
        ("shippingAddress", "ADDRESS"),
        ("address2", "ADDRESS"),
        ("client_ip", "IP"),
        ("customer_id", "USER_ID"),
        ("payment_method_id", "PAYMENT_ID"),
        ("account number", "PAYMENT_ID"),
        ("card_last_four", "CARD_LAST4"),
        ("drivers_license", "NATIONAL_ID"),
        ("openai_api_key", "SECRET"),
        ("access_token", "SECRET"),
        ("联系电话", "PHONE"),
        ("身份证号码", "NATIONAL_ID"),
        ("order_id", "APP_ID"),
        ("MailingPostalCode", "ZIP"),
        ("PstCd", "ZIP"),
        ("Loyalty_Number__c", "USER_ID"),
        ("ns2:EmailAddr", "EMAIL"),
        ("contactemail", "EMAIL"),
        ("cellNbr", "PHONE"),
        ("callbackNumber", "PHONE"),
        ("telefonnummer", "PHONE"),
        ("addrLine1", "ADDRESS"),
        ("StrtNm", "ADDRESS"),
        ("BRTH_DT", "DOB"),
        ("geburtsdatum", "DOB"),
        ("displayNameLastFirst", "PERSON"),
        ("name_on_card", "PERSON"),
        ("ship_to_name", "PERSON"),
        ("Prénom", "PERSON"),
        ("ffNo", "USER_ID"),
        ("kundennummer", "USER_ID"),
        ("SocSecNo", "NATIONAL_ID"),
        ("licencePlate", "NATIONAL_ID"),
        ("counterpartyIban", "PAYMENT_ID"),
        ("panLast4", "CARD_LAST4"),
    ],
)
def test_the_words_of_a_key_say_what_its_value_is(key: str, entity: str) -> None:
    rule = rule_of(key)
    assert rule is not None
    assert rule.entity == entity


@pytest.mark.parametrize(
    "key",
    [
        "flight_number",
        "file_name",
        "tool_name",
        "max_tokens",
        "next_page_token",
        "password_min_length",
        "email_verified",
        "phone_model",
        "memory_address",
        "birth_place",
        "passport_expiry_date",
        "city",
        "state",
        "keyboard",
        "description",
        "订单状态",
        "phone_number_required",
        "zip_code_enabled",
        "membership_level",
        "first_page",
        "rename",
        "telescope",
        "hostname",
        "line_items",
        "card_brand",
        "last_login",
        "",
        "___",
    ],
)
def test_other_keys_say_nothing(key: str) -> None:
    rule = rule_of(key)
    assert rule is None or rule.entity == "APP_ID"


def test_a_first_and_a_last_name_are_told_apart() -> None:
    assert [rule.part for key in ("first_name", "LastName", "middle-name") if (rule := rule_of(key))] == [
        "GIVEN",
        "FAMILY",
        "MIDDLE",
    ]


def test_ids_lie_under_containers_of_people_and_of_payment_methods() -> None:
    assert container_of("savedPaymentMethods") == "PAYMENT_ID"
    assert container_of("customers") == "USER_ID"
    assert container_of("flights") is None
    assert about_people("saved_passengers")
    assert not about_people("search_results")


def test_an_own_key_goes_before_the_word_rules_and_application_ids_need_to_be_asked_for() -> None:
    rules = KeyRules({"order_id": "USER_ID"}, app_ids=False)
    assert (rule := rules.rule("orderId")) is not None
    assert rule.entity == "USER_ID"
    assert rules.rule("invoice_id") is None
    assert (asked := KeyRules({}, app_ids=True).rule("invoice_id")) is not None
    assert asked.entity == "APP_ID"


def test_a_very_long_key_is_judged_by_its_beginning() -> None:
    assert rule_of("x" * 100_000) is None


def test_an_abbreviation_that_is_a_word_means_nothing_in_a_sentence() -> None:
    rules = KeyRules({}, app_ids=False)
    assert [rules.rule(key) is not None for key in ("fn", "by", "ph")] == [True] * 3
    assert [rules.spoken(phrase) for phrase in ("fn", "by", "ph")] == [None] * 3


def test_what_lies_under_a_key_is_about_people_past_words_that_only_hold_it_together() -> None:
    assert all(map(about_people, ("Worker_Data", "guestDetails", "users_by_id", "signedBy", "ship_to", "Dbtr")))
    assert not any(map(about_people, ("search_data", "sorted_by", "link_to", "agents")))

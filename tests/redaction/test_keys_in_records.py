"""What keys of objects say by their words: short words for passwords, parents, handles, names of places; and what stays."""

from __future__ import annotations

import json

import pytest

from agentlog.redaction import RedactionPolicy, Redactor
from agentlog.redaction.keys.rules import rule_of, rule_of_phrase


def redacted(record: object) -> str:
    return Redactor(None, pseudonym_key=b"k" * 16).text(json.dumps(record))


@pytest.mark.parametrize(
    "key",
    [
        "user_pass",
        "dbPass",
        "SMTP_PASS",
        "mail-pass",
        "admin_pw",
        "psk",
        "wpaPsk",
        "PGPASSWORD",
        "sslpassword",
        "requirepass",
    ],
)
@pytest.mark.parametrize("value", ["tangerine", "Xk29!dd"])
def test_a_key_that_is_short_for_a_password_names_one(key: str, value: str) -> None:
    assert value not in redacted({key: value})


@pytest.mark.parametrize(
    "record",
    [
        {"boarding_pass": "Gate B12"},
        {"boardingPass": "BP123456"},
        {"first_pass": "compile", "render_pass": "shadow_map"},
        {"pass": True, "pass_count": 3, "pass_rate": "92.3%", "bypass": "yes", "compass": "NW"},
        {"tests": {"pass": 12, "fail": 3, "lint_pass": "passed"}},
        {"db_pass": "${DB_PASS}", "user_pass": "required", "api_pass": "ok", "smtp_pass": None, "user_pass_min": 8},
        {"showpassword": "always", "forgot_password": "https://example.org/reset", "nopasswd": "ALL"},
        {"modulation": "psk", "psk_modes": "ascii"},
    ],
)
def test_other_passes_and_settings_of_passwords_stay(record: object) -> None:
    assert redacted(record) == json.dumps(record)


def test_what_a_key_does_about_passwords_may_be_said_of_one_in_a_sentence() -> None:
    assert rule_of("forgotPassword") is None
    assert rule_of("forgotPasswordToken") is not None
    assert (rule := rule_of_phrase("forgot my password")) is not None
    assert rule.entity == "SECRET"


def test_a_word_under_pass_is_a_password_where_somebody_logs_in() -> None:
    assert "starlight" not in redacted({"pass": "starlight", "user": "olga"})
    for stays in ({"pass": "starlight", "lap": "two"}, {"user": "olga", "pass": "failed"}, {"user": "olga", "pass": 3}):
        assert redacted(stays) == json.dumps(stays)


def test_a_number_under_pass_goes_where_the_policy_says_so() -> None:
    redactor = Redactor(RedactionPolicy(keys={"pass": "SECRET"}), pseudonym_key=b"k" * 16)
    assert "123" not in redactor.text('{"pass": 123}')


@pytest.mark.parametrize(
    "record",
    [
        {"id": "t1_abc123", "parent_id": "t3_xyz987", "body": "nice"},
        {"id": "fld_883921", "type": "folder", "name": "docs", "parent_id": "fld_000221"},
        {"span": "a1b2c3d4e5f60708", "parentId": "f1b2c3d4e5f60708", "child_id": "0b2c3d4e5f607081"},
        {"comment": 9876543, "parent_id": 1234567},
        {"children": [{"kind": "t1", "data": {"body": "nice", "parent_id": "t3_xyz987"}}]},
    ],
)
def test_the_parent_of_a_comment_a_folder_or_a_span_stays(record: object) -> None:
    assert redacted(record) == json.dumps(record)


def test_a_parent_beside_a_pupil_is_somebody_wherever_the_name_stands() -> None:
    for record in (
        {"student_name": "Ola Brandt", "parent_id": "P-20931"},
        {"parentId": "P-20931", "pupilName": "Ola Brandt"},
        {"student": {"grade": 4, "parent_id": "P-20931"}},
    ):
        assert "P-20931" not in redacted(record)
    assert "209311" not in redacted({"student_name": "Ola Brandt", "parent_id": 209311})
    assert "t3_xyz987" in redacted({"author": {"name": "Ola Brandt"}, "parent_id": "t3_xyz987"})


@pytest.mark.parametrize(
    "record",
    [
        {"ename": "SMITH", "sal": 800},
        {"Preferred Name": "Tomasz"},
        {"SamAccountName": "obrandt"},
        {"userPrincipalName": "obrandt"},
        {"Twitter": "olabrandt"},
        {"social": {"instagram": "ola.brandt"}},
        {"skype": "grace.driver"},
        {"mastodon": "@ola"},
    ],
)
def test_names_and_logins_under_the_keys_of_tables_directories_and_networks(record: object) -> None:
    assert "<PERSON_1" in redacted(record) or "<USER_ID_1" in redacted(record)


@pytest.mark.parametrize(
    "record",
    [
        {"filename": "Smith", "codename": "Falcon", "preferred_language": "Dutch"},
        {"twitter": "enabled", "github": "business_page", "discord": "https://example.org/invite"},
        {"twitter:card": "summary_large_image", "facebook": True},
    ],
)
def test_keys_that_only_look_like_those_say_nothing(record: object) -> None:
    assert redacted(record) == json.dumps(record)


def test_a_preferred_name_may_be_a_whole_one() -> None:
    assert redacted({"preferred_name": "Ola Brandt"}) == '{"preferred_name": "<PERSON_1_GIVEN> <PERSON_1_FAMILY>"}'


def test_what_details_are_of_is_told_in_their_parts() -> None:
    assert "12345678" not in redacted({"BankAccountDetails": {"Number": "12345678"}})
    assert "555 0100 22" not in redacted({"phone_info": {"main": "555 0100 22"}})
    for stays in ({"order_details": {"number": "12345678"}}, {"line_info": {"number": "12"}}):
        assert redacted(stays) == json.dumps(stays)


@pytest.mark.parametrize("place", ["restaurant", "venue", "shop", "stores", "hotel", "merchant", "brewery"])
def test_what_a_place_is_called_is_nobodys_name(place: str) -> None:
    record = {place: {"name": "Mario Rossi", "rating": 4.5}}
    assert redacted(record) == json.dumps(record)
    assert "Rossi" not in redacted({place: {"owner": {"name": "Mario Rossi"}}})


def test_a_number_of_the_state_is_known_though_its_word_is_made_of_two() -> None:
    assert (rule := rule_of("Steuernummer")) is not None
    assert rule.entity == "NATIONAL_ID"
    assert rule_of("Seriennummer") is None


@pytest.mark.parametrize(
    "record",
    [
        {"api_token_2": "qx81mRv0tLw3"},
        {"db_creds": "hunter22-Ostrava"},
        {"storageaccountkey": "kq9ZtWv81mBx"},
        {"deploy_pat": "a81mqx0tLw3kRv"},
        {"service_token": "YxNkZmZrQmPwTKen"},
        {"/prod/db/password": "hunter22-Ostrava"},
    ],
)
def test_more_keys_that_say_secret(record: dict[str, str]) -> None:
    (value,) = record.values()
    assert value not in Redactor(None, pseudonym_key=b"k").text(json.dumps(record))


@pytest.mark.parametrize(
    "record",
    [
        {"credential_id": "prod-mysql-7"},
        {"api_token": "$VAULT/path/to.token"},
        {"password": "&lt;your password&gt;"},
        {"password": "xxxxxxxx"},
        {"smtp_auth": "plain"},
        {"token": "InternationalizationToken"},
    ],
)
def test_more_that_only_names_a_secret_stays(record: dict[str, str]) -> None:
    text = json.dumps(record)
    assert Redactor(None, pseudonym_key=b"k").text(text) == text


@pytest.mark.parametrize("password", ["success", "passed", "skipped"])
def test_a_password_may_be_a_word_for_how_something_went(password: str) -> None:
    made = Redactor(None, pseudonym_key=b"k").text(json.dumps({"password": password, "smtp_pass": "ok"}))
    assert json.loads(made) == {"password": "<SECRET_1>", "smtp_pass": "ok"}


def test_a_parameter_that_is_named_by_its_path_is_a_secret_too() -> None:
    record = {"Name": "/prod/db/password", "Type": "SecureString", "Value": "hunter22-Ostrava"}
    made = Redactor(None, pseudonym_key=b"k").text(json.dumps(record))
    assert json.loads(made) == {**record, "Value": "<SECRET_1>"}


@pytest.mark.parametrize("number", ["BE 06 0689 0671 6722    GKCC BE BB", "0 1400 236 \u2013 01 5068 0262 5874"])
def test_an_account_is_taken_whole_however_its_groups_are_parted(number: str) -> None:
    made = Redactor(None, pseudonym_key=b"k").text(json.dumps({"iban": number}, ensure_ascii=False))
    assert json.loads(made) == {"iban": "<PAYMENT_ID_1>"}

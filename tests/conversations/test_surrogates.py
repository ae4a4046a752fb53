from __future__ import annotations

import ipaddress
import json
import re

import pytest

from agentlog.conversations.surrogates import PLACEHOLDER, Surrogates, chinese_traces
from agentlog.redaction.entities import BLOB, ENTITIES

NO_QUOTES = re.compile(r"""["'\\\x00-\x1f<>]""")


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


@pytest.mark.parametrize("entity", sorted(set(ENTITIES) - {BLOB}))
def test_every_entity_of_the_redactor_gets_a_value_that_json_can_hold(entity):
    text = f"<{entity}_3>"
    value = Surrogates("t").render(text)
    assert value != text
    assert not NO_QUOTES.search(value)
    assert json.loads(Surrogates("t").render(f'{{"a": "{text}"}}')) == {"a": value}


@pytest.mark.parametrize("entity", sorted(set(ENTITIES) - {BLOB, "MAC"}))
def test_different_placeholders_of_a_trace_get_different_values(entity):
    surrogates = Surrogates("t")
    values = [surrogates.render(f"<{entity}_{number}>") for number in range(1, 301)]
    assert len(set(values)) == len(values)


def test_a_value_is_the_same_wherever_it_stands_in_a_trace_and_another_in_the_next():
    text = "<PERSON_1_GIVEN> <PERSON_1_FAMILY> <EMAIL_1>"
    assert Surrogates("t", 0).render(text) == Surrogates("t", 0).render(text)
    values = {Surrogates(f"t{number}", 0).render(text) for number in range(20)}
    assert len(values) == 20
    assert Surrogates("t", 1).render(text) != Surrogates("t", 0).render(text)


def test_the_parts_of_a_person_make_up_the_person():
    surrogates = Surrogates("t")
    assert surrogates.render("<PERSON_2_GIVEN> <PERSON_2_FAMILY>") == surrogates.render("<PERSON_2>")
    name = surrogates.render("<PERSON_2_GIVEN> <PERSON_2_FAMILY>").lower().split()
    assert surrogates.render("<USER_ID_2>").startswith("_".join(name))
    assert surrogates.render("<EMAIL_2>").startswith(".".join(name))
    assert surrogates.render("<EMAIL_2>").startswith(surrogates.render("<EMAIL_2_LOCAL>") + "@example.")


def test_what_is_unknown_stays_as_it_is():
    text = "<SHOE_SIZE_1> <PERSON_1_SHOE> <person_1> <PERSON> <b> <BLOB_1> 1 < 2"
    assert Surrogates("t").render(text) == text


def test_numbers_come_from_ranges_that_belong_to_nobody():
    documentation = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
    for number in range(1, 200):
        render = Surrogates("t").render
        assert re.fullmatch(r"[2-9]\d\d-555-01\d\d", render(f"<PHONE_{number}>"))
        assert any(ipaddress.ip_address(render(f"<IP_{number}>")) in net for net in documentation)
        assert not luhn(render(f"<CREDIT_CARD_{number}>"))
        assert re.fullmatch(r"9\d\d-(0[1-9]|[1-4]\d)-\d{4}", render(f"<NATIONAL_ID_{number}>"))
        assert re.search(r"@example\.(com|org|net)$", render(f"<EMAIL_{number}>"))


def test_a_trace_in_chinese_gets_chinese_names_in_all_its_calls(calls):
    calls.add("我叫<PERSON_1>", answer="你好", trace_id="a")
    calls.add("My name is <PERSON_1>", answer="hello", trace_id="b")
    calls.add("q", answer="y", trace_id="c")
    assert chinese_traces(calls.table()) == {"a"}
    assert re.fullmatch("[\u4e00-\u9fff]{2,4}", Surrogates("a", chinese=True).render("<PERSON_1>"))


def test_a_placeholder_is_what_the_redactor_writes():
    found = PLACEHOLDER.findall("<PERSON_12_GIVEN><CARD_LAST4_1><NATIONAL_ID_3>")
    assert found == [("PERSON", "12", "GIVEN"), ("CARD_LAST4", "1", ""), ("NATIONAL_ID", "3", "")]

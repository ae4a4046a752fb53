"""The way back: what a small model copied from redacted text is filled with what stood there."""

from __future__ import annotations

import json

import pytest
from presidio_anonymizer.entities import OperatorConfig

from agentlog.redaction import Exchanged, RedactionPolicy, Redactor, Unrestorable

KEY = b"secret"


def exchanged(*texts: str, redaction: object = None, user: str | None = None) -> Exchanged:
    return Redactor(redaction, pseudonym_key=KEY).trace().exchange(texts, user=user)  # type: ignore[arg-type]


def test_the_parts_of_a_name_and_an_address_come_back_as_they_were_spelt() -> None:
    done = exchanged("My name is Mia Anna Li, write to mia.li@example.com")
    assert "Mia" not in done.texts[0] and "example" not in done.texts[0]
    assert done.restore("<PERSON_1_GIVEN>") == "Mia"
    assert done.restore("<PERSON_1_GIVEN> <PERSON_1_MIDDLE> <PERSON_1_FAMILY>") == "Mia Anna Li"
    assert done.restore("to <EMAIL_1>.") == "to mia.li@example.com."


def test_a_text_restores_to_itself() -> None:
    texts = (
        "Hello, I am Mia Li.",
        '{"email": "mia@example.com", "note": "said \\"Mia\\" called"}',
        "call 202-555-0143",
    )
    done = exchanged(*texts)
    assert done.changed and tuple(map(done.restore, done.texts)) == texts


def test_a_name_learnt_in_a_later_text_is_exchanged_in_an_earlier_one() -> None:
    done = exchanged("Thanks, Mia!", "My name is Mia Li")
    assert done.texts[0] == "Thanks, <PERSON_1_GIVEN>!"
    assert done.restore(done.texts[0]) == "Thanks, Mia!"


def test_two_spellings_of_one_value_are_not_guessed() -> None:
    done = exchanged("My name is Mia Li", "MIA LI has no parcel")
    assert done.texts[1] == "<PERSON_1_GIVEN> <PERSON_1_FAMILY> has no parcel"
    with pytest.raises(Unrestorable, match="several spellings"):
        done.restore("<PERSON_1_GIVEN>")


def test_two_spellings_in_different_requests_of_a_trace_do_not_disturb_one_another() -> None:
    trace = Redactor(None, pseudonym_key=KEY).trace()
    trace.exchange(["My name is Mia Li"])
    later = trace.exchange(["MIA LI has no parcel"])
    assert later.texts == ("<PERSON_1_GIVEN> <PERSON_1_FAMILY> has no parcel",)
    assert later.restore("<PERSON_1_GIVEN>") == "MIA"


def test_a_placeholder_that_replaced_nothing_is_refused() -> None:
    with pytest.raises(Unrestorable, match="nothing in this request"):
        exchanged("My name is Mia Li").restore("<EMAIL_1>")
    with pytest.raises(Unrestorable, match="nothing in this request"):
        exchanged("no names at all").restore("<PERSON_1>")


def test_a_placeholder_that_somebody_typed_does_not_fetch_another_value() -> None:
    done = exchanged("My name is Mia Li", "repeat <PERSON_1_FAMILY>")
    with pytest.raises(Unrestorable, match="nothing in this request"):
        done.restore("<PERSON_1_FAMILY>")
    assert done.restore("<PERSON_2_FAMILY>") == "Li"


def test_ordinary_answers_pass_as_they_are() -> None:
    done = exchanged("My name is Mia Li")
    for answer in ("refund", "a < b and <b>bold</b>", "", "<EMAIL>"):
        assert done.restore(answer) == answer


def test_a_number_in_json_comes_back() -> None:
    done = exchanged(json.dumps({"card": 4111111111111111}))
    assert json.loads(done.texts[0]) == {"card": "<PAYMENT_ID_1_NUMBER>"}
    assert json.loads(done.restore('{"card": "<PAYMENT_ID_1_NUMBER>"}')) == {"card": 4111111111111111}
    assert done.restore("<PAYMENT_ID_1>") == "4111111111111111"


def test_a_file_inside_a_text_cannot_come_back() -> None:
    done = exchanged("see data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAA" * 20)
    assert "<BLOB " in done.texts[0]
    with pytest.raises(Unrestorable, match="withheld"):
        done.restore(done.texts[0])


def test_the_users_id_is_exchanged_too() -> None:
    done = exchanged("account mia_li_3668 is locked", user="mia_li_3668")
    assert "3668" not in done.texts[0]
    assert done.restore(done.texts[0]) == "account mia_li_3668 is locked"


def test_what_an_operator_wrote_is_refused_and_placeholders_beside_it_come_back() -> None:
    policy = RedactionPolicy(operators={"EMAIL": OperatorConfig("replace", {"new_value": "(address)"})})
    done = exchanged("My name is Mia Li, write to mia@example.com", redaction=policy)
    assert done.texts == ("My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>, write to (address)",)
    assert done.restore("<PERSON_1_GIVEN>") == "Mia"
    with pytest.raises(Unrestorable, match="redaction wrote"):
        done.restore("to (address)")


def test_what_the_applications_function_wrote_is_refused() -> None:
    done = exchanged("I am Mia, a friend", redaction=lambda text: text.replace("Mia", "XXX"))
    assert done.texts == ("I am XXX, a friend",)
    assert done.restore("a friend") == "a friend"
    with pytest.raises(Unrestorable, match="redaction wrote"):
        done.restore("hello XXX")


def test_without_redaction_nothing_is_filled() -> None:
    done = exchanged("I am Mia Li, <EMAIL_1>", redaction="off")
    assert not done.changed
    assert done.restore("<EMAIL_1> Mia") == "<EMAIL_1> Mia"


def test_no_error_holds_words() -> None:
    done = exchanged("My name is Mia Li", "MIA LI has no parcel")
    with pytest.raises(Unrestorable) as caught:
        done.restore("<PERSON_1_GIVEN>")
    assert "mia" not in str(caught.value).lower()


def test_hiding_writes_what_the_request_has_and_nothing_else():
    done = exchanged("My name is Mia Li, write to mia.li@example.com")
    assert (
        done.hide("Mia Li <mia.li@example.com>, Liane, Bo")
        == "<PERSON_1_GIVEN> <PERSON_1_FAMILY> <<EMAIL_1>>, Liane, Bo"
    )
    assert exchanged("nobody").hide("Mia Li") == "Mia Li"

import base64
import json
import urllib.parse

import pytest

from agentlog.redaction import Redactor
from agentlog.redaction.disguises import WAYS, read_as, readings
from agentlog.redaction.words.text import lower, words_in

VALUES = {
    "email": ("zoe.varga77@example.org", "EMAIL"),
    "card": ("5555555555554444", "PAYMENT_ID"),
    "ssn": ("219-09-9999", "NATIONAL_ID"),
    "mobile": ("13912345678", "PHONE"),
}
FORMS = {
    "full width": lambda v: "".join(chr(ord(c) + 0xFEE0) if 33 <= ord(c) <= 126 else c for c in v),
    "zero width": lambda v: "\u200b".join(v),
    "bold digits": lambda v: "".join(chr(0x1D7CE + int(c)) if c.isdigit() else c for c in v),
    "Devanagari digits": lambda v: "".join(chr(0x966 + int(c)) if c.isdigit() else c for c in v),
    "no-break hyphen": lambda v: v.replace("-", "\u2011"),
    "Cyrillic letters": lambda v: v.translate(str.maketrans("aeopc", "аеорс")),  # noqa: RUF001
    "spelt": lambda v: " ".join(v),
    "percent": lambda v: urllib.parse.quote(v, safe="").replace("7", "%37"),
    "entities": lambda v: "".join(f"&#{ord(c)};" for c in v),
    "escapes": lambda v: "".join(f"\\u{ord(c):04x}" for c in v),
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64 of JSON": lambda v: base64.b64encode(json.dumps({"who": v}).encode()).decode(),
    "hex": lambda v: v.encode().hex(),
    "bold": lambda v: v[:4] + "**" + v[4:] + "**",
    "two lines": lambda v: v[:5] + "\n" + v[5:],
}


@pytest.fixture
def redactor():
    return Redactor(None, pseudonym_key=b"a key for tests..")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("value", VALUES)
def test_a_disguised_value_goes_whatever_it_is_written_in(redactor, value, form):
    plain, entity = VALUES[value]
    text = f"Here it is: {FORMS[form](plain)} , thanks"
    done = redactor.text(text)
    assert f"<{entity}_1>" in done
    assert done.startswith("Here it is: ")
    assert done.endswith(" , thanks")
    assert FORMS[form](plain)[:8] not in done


@pytest.mark.parametrize(
    "text",
    [
        "**Total:** 12 items, *three* of them `in_stock`, see `order_items[0].price`",
        "1. Flour\n2. Sugar 200\n3. Eggs 12\n4. Butter 125",
        "commit 3f786850e387550fdaf836ec1b9d2e0a8e1f5e0c fixes a3f5c9d1",
        "Version 2.4.1 of scikit-learn, 50 % off, 3 * 4 = 12, a & b &lt; c",
        "a b c d e f g",
        "Привет, заказ готов: 12 штук",
        "价格：１２０元，共３件",  # noqa: RUF001
        "https://shop.example/items?size=10%20cm&sort=price",
        "eyes, internationalization and electroencephalographs",
        'path = "C:\\\\data\\\\new\\\\table.csv"',
        "the dot at the end",
    ],
)
def test_ordinary_text_stays(redactor, text):
    assert redactor.text(text) == text


def test_what_the_trace_knows_is_found_in_encodings_too(redactor):
    trace = redactor.trace()
    done = trace.exchange(["My name is Zoe Varga.", f"payload={base64.b64encode(b'Zoe Varga says yes').decode()}"])
    assert "<PERSON_1_GIVEN>" in done.texts[1]
    assert "Wm9l" not in done.texts[1]


def test_a_name_that_is_learnt_later_is_found_in_an_encoding_that_came_before(redactor):
    trace = redactor.trace()
    coded = "q=" + "".join(f"%{ord(c):02x}" for c in "Zoe Varga")
    done = trace.exchange([coded, "My name is Zoe Varga."])
    assert done.texts[0].startswith("q=<PERSON_1")


@pytest.mark.parametrize("link", ["https://x.example/?name=Zoe%20Varga&page=2", "q=Varga%2C%20Zoe", "to=%22Varga%22"])
def test_a_known_name_goes_behind_a_percent_escape_too(redactor, link):
    done = redactor.trace().exchange(["My name is Zoe Varga.", link]).texts[1]
    assert "Zoe" not in done
    assert "Varga" not in done


def test_json_stays_json(redactor):
    text = json.dumps({"note": "call \uff11\uff13\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "n": 3})
    assert json.loads(redactor.text(text))["note"] == "call <PHONE_1>"
    assert json.loads(redactor.text(json.dumps(text)))


def test_a_reading_knows_where_each_of_its_characters_stands():
    text = "x%40y &#97;b z"
    for how in ("percent", "entities"):
        reading = read_as(how, text)
        for at in range(len(reading.text)):
            span = reading.source(at, at + 1)
            if span is None:
                assert reading.text[at] in text
            else:
                assert text[slice(*span)][0] in "%&"
    assert read_as("percent", text).text == "x@y &#97;b z"
    assert read_as("entities", text).text == "x%40y ab z"


def test_nothing_is_read_again_where_there_is_nothing_to_read():
    text = "An ordinary sentence, of ordinary words, with a number (42) and a name: Zoe."
    assert list(readings(text, lower(text), words_in(text))) == []
    assert all(read_as(how, "") is None for how in WAYS)

"""Records in the style of interfaces that nobody tuned to: whatever is planted in them goes, what is the program's own stays.

The people are made up anew for each seed. A value planted in a record has to be gone from what is said about it later, too.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from agentlog.redaction import RedactionPolicy, Redactor

GIVEN = ("Zoltan", "Ingrid", "Oluwaseun", "Jörg", "Xiomara", "Ngozi", "Mehmet", "Siobhan", "Raquel", "Bjarke")
FAMILY = (
    "Varga",
    "Lindqvist",
    "Adeyemi",
    "Müllner",
    "Quispe",
    "Okonkwo",
    "Yildiz",
    "O'Rourke",
    "Dlamini",
    "Thorvaldsen",
)
STREETS = (
    "12 Wexford Street",
    "Lindenstraße 7",
    "44 rue des Lilas",
    "Calle Mayor 18",
    "908 Harbour Rise",
    "ul. Polna 3",
)


class Somebody:
    """One person, with everything that interfaces know of people."""

    def __init__(self, random_: random.Random) -> None:
        self.given, self.family = random_.choice(GIVEN), random_.choice(FAMILY)
        self.full = f"{self.given} {self.family}"
        number = random_.randrange(1000, 9999)
        self.mail = f"{self.given[:1].lower()}x{number}@example.org"
        self.phone = random_.choice((f"+49 30 44{number}1", f"(212) 555-{number}", f"0161 {number}12"))
        self.street = random_.choice(STREETS)
        self.code = str(random_.randrange(10_000, 99_999))
        self.born = f"{random_.randrange(1941, 1999)}-0{random_.randrange(1, 9)}-1{random_.randrange(0, 9)}"
        self.passport = f"C{random_.randrange(1_000_000, 9_999_999)}X"
        self.number = str(random_.randrange(100_000, 9_999_999))
        self.login = f"qz{number}w"


class Case(NamedTuple):
    """Records, the values planted in them, and words in them that have to stay."""

    records: list[Any]
    planted: list[str]
    stays: list[str]


def directory(random_: random.Random) -> Case:
    """A directory's terse attributes, each a list, and names of entries that hold people."""
    one, boss = Somebody(random_), Somebody(random_)
    entry = {
        "dn": f"uid={one.login},ou=people,dc=acme,dc=com", "cn": [one.full], "sn": [one.family], "givenName": [one.given],
        "mail": [one.mail], "telephoneNumber": [one.phone], "street": one.street, "postalCode": one.code, "l": "Utrecht",
        "manager": f"cn={boss.full},ou=people,dc=acme,dc=com", "employeeNumber": one.number, "title": "Account Executive",
        "objectClass": ["inetOrgPerson", "top"], "userAccountControl": "512",
    }  # fmt: skip
    planted = [one.login, one.given, one.family, one.mail, one.phone, one.street, one.code, one.number, boss.given]
    return Case([{"result": [entry], "count": 1}], planted, ["Account Executive", "inetOrgPerson", "ou=people", "512"])


def resources(random_: random.Random) -> Case:
    """Health records: values by a `system` beside them, names in pieces, people by the kind of their resource."""
    one, kin, doctor = Somebody(random_), Somebody(random_), Somebody(random_)
    patient = {
        "resourceType": "Patient", "id": one.number, "active": True,
        "name": [{"use": "official", "family": one.family, "given": [one.given], "prefix": ["Mr."]}],
        "telecom": [{"system": "phone", "value": one.phone, "use": "mobile"}, {"system": "email", "value": one.mail}],
        "birthDate": one.born, "address": [{"line": [one.street, "Apt 4B"], "city": "Leeds", "postalCode": one.code}],
        "contact": [{"name": {"family": kin.family, "given": [kin.given]}, "telecom": [{"system": "phone", "value": kin.phone}]}],
        "generalPractitioner": [{"reference": "Practitioner/32", "display": f"Dr. {doctor.full}"}],
    }  # fmt: skip
    seen = {
        "resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
        "subject": {"reference": f"Patient/{one.number}", "display": one.full}, "valueQuantity": {"value": 72, "unit": "beats/minute"},
        "effectiveDateTime": "2024-02-11T09:30:00Z",
    }  # fmt: skip
    planted = [one.number, one.given, one.family, one.phone, one.mail, one.born, one.street, one.code, kin.phone]
    planted += [kin.given, kin.family, doctor.given]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": patient}, {"resource": seen}]}
    return Case([bundle], planted, ["Heart rate", "8867-4", "official", "beats/minute", "2024-02-11T09:30:00Z", "72"])


def answers(random_: random.Random) -> Case:
    """Forms, changes, cards, pairs: what a value is stands in another value."""
    one = Somebody(random_)
    labelled = [("First Name", one.given), ("What is your last name?", one.family), ("Date of birth", one.born)]
    labelled += [
        ("Street address", one.street),
        ("Post code", one.code),
        ("Shirt size", "Large"),
        ("Passport no.", one.passport),
    ]
    form = {"fields": [{"answer": value, "label": label} for label, value in labelled]}
    changes = [
        {"field": "email", "old": f"old.{one.mail}", "new": one.mail},
        {"field": "status", "old": "Open", "new": "Closed"},
    ]
    card = ["vcard", [["fn", {}, "text", one.full], ["tel", {"type": "cell"}, "text", one.phone]]]
    pairs = [["Member number", one.number], ["Plan", "Premium Family"], ["Favourite season", "Autumn"]]
    planted = [one.given, one.family, one.born, one.street, one.code, one.passport, one.mail, one.phone, one.number]
    return Case(
        [form, {"audit": changes}, card, pairs], planted, ["Large", "Open", "Closed", "Premium Family", "Autumn"]
    )


def tables(random_: random.Random) -> Case:
    """Columns named once above, below or beside their rows; one list for each column; rows numbered like a data frame's."""
    people = [Somebody(random_) for _ in range(3)]
    columns = ["cust_no", "fname", "lname", "dob", "zip_cd", "segment"]
    rows = [[int(one.number), one.given, one.family, one.born, one.code, "Gold Tier"] for one in people]
    described = {
        "schema": {"fields": [{"name": "street_addr", "type": "STRING"}, {"name": "product", "type": "STRING"}]},
        "rows": [{"f": [{"v": one.street}, {"v": "Oak Table"}]} for one in people],
    }
    beside = {"names": [one.full for one in people], "emails": [one.mail for one in people], "scores": [1, 2, 3]}
    frame = {"phone": {str(at): one.phone for at, one in enumerate(people)}, "plan": {"0": "Silver Plus"}}
    head = [
        ["passport_number", "home_address", "status"],
        *[[one.passport, one.street, "Checked In"] for one in people],
    ]
    records = [{"columns": columns, "rows": rows}, {"rows": rows, "columns": columns}, described, beside, frame, head]
    planted = [
        value
        for one in people
        for value in (
            one.number,
            one.given,
            one.family,
            one.born,
            one.code,
            one.street,
            one.mail,
            one.phone,
            one.passport,
        )
    ]
    return Case(records, planted, [*columns, "Gold Tier", "Oak Table", "Silver Plus", "Checked In", "home_address"])


def terse(random_: random.Random) -> Case:
    """Abbreviations, prefixes, suffixes, namespaces, another language's words."""
    one, two = Somebody(random_), Somebody(random_)
    booking = {
        "pax": [{"ttl": "MR", "fn": one.given, "ln": one.family, "docNo": one.passport, "typ": "ADT"}], "ctc": {"mob": one.phone},
        "segs": [{"flt": "LH1184", "org": "ZRH", "cls": "M"}], "tkts": [{"name": f"{two.family}/{two.given} MRS"}],
    }  # fmt: skip
    force = {
        "MailingStreet": one.street,
        "MailingPostalCode": one.code,
        "Birthdate": one.born,
        "Loyalty_Number__c": one.number,
    }
    soap = {
        "ns2:Party": {
            "ns2:Contact": [{"@channel": "EMAIL", "#text": one.mail}],
            "ns2:Segment": {"#text": "Private Banking"},
        }
    }
    german = {
        "versicherungsnehmer": {"vorname": two.given, "nachname": two.family, "plz": two.code, "geburtsdatum": two.born}
    }
    planted = [one.given, one.family, one.passport, one.phone, two.family, two.given, one.street, one.code, one.born]
    planted += [one.number, one.mail, two.code, two.born]
    return Case([booking, force, soap, german], planted, ["LH1184", "ZRH", "ADT", "Private Banking"])


def unknown(random_: random.Random) -> Case:
    """Keys that mean nothing: what stands beside an e-mail address or a name tells."""
    one, two = Somebody(random_), Somebody(random_)
    record = {
        "quind": one.given,
        "brinth": one.born,
        "skelta": one.mail,
        "ulmet": one.street,
        "plan": "Gold Tier",
        "created_at": "2024-03-01",
    }
    other = [
        {"hustrin": two.full, "wobley": two.born, "product": "Blue Mug"},
        {"product": "Red Mug", "material": "Solid Oak"},
    ]
    planted = [one.given, one.born, one.mail, one.street, two.born]
    return Case([{"zorvel": record, "gaddle": other}], planted, ["Gold Tier", "2024-03-01", "Blue Mug", "Solid Oak"])


def survivors(values: list[str], text: str) -> list[str]:
    return [one for one in values if re.search(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", text, re.IGNORECASE)]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("style", [directory, resources, answers, tables, terse, unknown])
def test_what_is_planted_in_records_goes_from_them_and_from_what_is_said_of_them(
    style: Callable[[random.Random], Case], strict: bool
) -> None:
    redactor = Redactor(RedactionPolicy(strict=strict), pseudonym_key=b"k")
    for seed in range(6):
        case = style(random.Random(seed))
        texts = [json.dumps(record, ensure_ascii=seed % 2 == 0) for record in case.records]
        said = [f"It says {value}, as before." for value in case.planted if not value.isdigit() or len(value) > 5]
        made = redactor.trace().exchange([*texts, *said]).texts
        read = [json.dumps(json.loads(one), ensure_ascii=False) for one in made[: len(texts)]]
        assert survivors(case.planted, "\n".join([*read, *made[len(texts) :]])) == []
        assert [word for word in case.stays if f'"{word}"' not in "".join(read) and word not in "".join(read)] == []


def test_the_names_of_fields_are_no_values() -> None:
    raw = json.dumps(
        {
            "fields": ["id", "email", "first_name", "zip"], "sort": [["last_name", "asc"], ["zip", "desc"]],
            "mapping": {"firstName": "first_name", "postalCode": "zip"}, "labels": {"password": "Choose a password", "name": "Your name"},
            "titles": {"first_name": "First name", "address": "Home address"}, "errors": [{"field": "email", "message": "Email is required"}],
        }
    )  # fmt: skip
    assert Redactor(None, pseudonym_key=b"k").text(raw) == raw


def test_a_label_is_believed_only_where_the_value_looks_the_part() -> None:
    raw = json.dumps(
        [
            {"type": "phone", "text": "Call us when you have time"}, {"name": "email", "value": "weekly digest"},
            {"name": "DB_PASSWORD", "value": "${DB_PASSWORD}"}, {"name": "zip", "value": "archive"}, ["phone", "optional"],
        ]
    )  # fmt: skip
    assert Redactor(None, pseudonym_key=b"k").text(raw) == raw


def test_given_and_family_name_of_one_record_are_one_person_however_they_are_told_apart() -> None:
    redactor = Redactor(None, pseudonym_key=b"k")
    for raw in ('{"pax": {"fn": "Zoltan", "ln": "Varga"}}', '{"tickets": [{"passenger_name": "VARGA/ZOLTAN MR"}]}'):
        assert set(re.findall(r"<PERSON_(\d)_(?:GIVEN|FAMILY)>", redactor.text(raw))) == {"1"}

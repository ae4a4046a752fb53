"""HL7 version 2 and X12: what is personal there is told by its place alone."""

from __future__ import annotations

import json

import pytest
from documents_made import redacted

HL7 = (
    "MSH|^~\\&|LAB|NORTH|EHR|NORTH|202402150930||ORU^R01|M-3456|P|2.5\r"
    "PID|1||4458812^^^NORTH^MR||OBIAKU^ADAEZE^M||19620312|F|||153 FERNHOLLOW DR^APT 4^STATESVILLE^OH^35292||(206)334-5232~^NET^X.400^adaeze@example.org\r"
    "NK1|1|KOLGECI^XHEVAT|SPO|9 TULLABROOK ST^^STATESVILLE^OH^35292|2063345233\r"
    "PV1|1|I|2000^2012^01||||004777^HAVERKAMP^DANIEL^A|||SUR||||ADM|A0\r"
    "OBX|1|NM|1554-5^GLUCOSE^LN||182|mg/dl|70_105|H|||F\r"
)
X12 = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240215*1200~NM1*85*2*NORTH CLINIC*****XX*1234567893~"
    "PER*IC*XHEVAT KOLGECI*TE*2063345233~NM1*IL*1*OBIAKU*ADAEZE*M***MI*W739004273~N3*153 FERNHOLLOW DR~N4*STATESVILLE*OH*35292~"
    "DMG*D8*19620312*F~REF*SY*123456789~CLM*26407789*79.04***11:B:1*Y*A*Y*I~"
)
PERSONAL = ("OBIAKU", "ADAEZE", "KOLGECI", "XHEVAT", "19620312", "FERNHOLLOW", "35292", "3345233")


def left(made: str, values: tuple[str, ...]) -> list[str]:
    return [value for value in values if value in made]


@pytest.mark.parametrize(
    "make", [str, lambda text: text.replace("\r", "\n"), lambda text: json.dumps({"message": text})]
)
def test_a_message_of_a_hospital(make) -> None:  # type: ignore[no-untyped-def]  # a function
    made = redacted(make(HL7))
    assert left(made, (*PERSONAL, "4458812", "334-5232", "APT 4", "HAVERKAMP", "DANIEL", "adaeze@")) == []
    assert left(made, ("GLUCOSE", "182", "mg/dl", "ORU^R01", "STATESVILLE", "M-3456", "202402150930")) == [
        "GLUCOSE",
        "182",
        "mg/dl",
        "ORU^R01",
        "STATESVILLE",
        "M-3456",
        "202402150930",
    ]


def test_a_message_of_an_insurer() -> None:
    made = redacted(X12)
    assert left(made, (*PERSONAL, "W739004273", "123456789*")) == []
    assert left(made, ("NORTH CLINIC", "26407789", "79.04", "STATESVILLE")) == [
        "NORTH CLINIC",
        "26407789",
        "79.04",
        "STATESVILLE",
    ]


def test_ordinary_bars_and_stars_stay() -> None:
    text = "UPID|1|2|3\nname | PID | cpu\nNM1 * 3 * 4 and a*b*c*d\nMSH| is a segment's name"
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text", ["PID|" + "^" * 5000, "PID|" * 3000, "NM1*1*1*" + "*" * 5000, "~NM1*" * 3000, "PID|" + "~&" * 3000]
)
def test_hostile_segments_end(text: str) -> None:
    assert redacted(text) is not None

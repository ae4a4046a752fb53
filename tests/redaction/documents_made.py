"""Documents of many kinds with somebody's values in them: templates in `documents/found`, filled in for several people.

A template says with `«field»` where a value stands. Nothing of one person's values can be guessed from another of them
(the e-mail address does not hold the name), so that each value has to be found where it stands.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import NamedTuple

from agentlog.redaction import Redactor

FOLDER = Path(__file__).with_name("documents")
_HEAD = re.compile(r"^%%% (.+?) %%% (.*)\n", re.MULTILINE)
_FIELD = re.compile("«([a-z0-9]+)»")
_FIELDS = "given family email phone street flat zip dob ssn passport login account folder card password letters token upper16 secret40 ip"
_ROWS = (
    "Tomasz|Kaminski|bluefox@example.net|+48 601 234 567|48 Larkspur Lane|4C|60611|1985-03-09|412-68-1943|EH4482913|tkamin"
    "|kx_55213|tkaminski|5425233430109903|Winter#2024rain|correcthorse|q7Zt2LmX9vB4nR8sW1cY6dKe|Q7ZT2LMX9VB4NR8S"
    "|wJalrXUtnFEMI7MDENGbPxRfiCYzQ1kLm8PtUv3D|85.214.132.117",
    "Jörg|Müllner|waldweg@example.org|0171 5553 8812|7 Amselgasse Road|12|94107|12/30/1971|287-65-4402|C01X00T47|jmuellner"
    "|customer_8842|joergm|4539578763621486|hunter2horse!|sonnenblume|a8Kd03jfPq92LmZx47TyWv5b|ZK3M8XQ2P7LW9RVT"
    "|Xb3kPq9LmZx47TyWv5bNc8Rt2Hj6Df1GsQeUoA0y|91.198.174.192",
    "Ngozi|Okonkwo|river-otter@example.com|(312) 555-0148|1200 West Pine Street|3B|77002|4 July 1990|602-11-7730|P7741982K|nokon"
    "|u-774120|ngozi.o|371449635398431|s3cretPa55word|bluemountain|ZxCv1234bNm567QwErTyUiOp|B7HX2NQ9KD4WV8TM"
    "|mN0pQ1rS2tU3vW4xY5zA6bC7dE8fG9hI0jK1lM2n|102.89.33.7",
    "Quorvane|Brelthis|paper.lamp@example.net|+44 20 7946 0018|77 Vintrell Close|9|10115|1966-11-30|319-44-8126|X9120034B"
    "|qbrel|acct.33910|quorvane|6011000990139424|Blue!River88|velvetanchor|Hy6Tgb3Rfv9Edc2Wsx8Qaz1P|PL5KX8WQ3ZM7BN4V"
    "|Zq8Xw7Cv6Bn5Mm4Ll3Kk2Jj1Hh0GgFfDdSsAaPp9|203.119.88.40",
)  # fmt: skip
PEOPLE = tuple(dict(zip(_FIELDS.split(), row.split("|"), strict=True)) for row in _ROWS)
for _person in PEOPLE:
    _person["phonepercent"] = _person["phone"].replace("+", "%2B").replace(" ", "%20")
    _person["based"] = base64.b64encode(f"{_person['login']}:{_person['token']}".encode()).decode()


class Document(NamedTuple):
    """One template."""

    kind: str
    title: str
    text: str
    stays: tuple[str, ...]
    """What must come out as it went in."""

    def filled(self, person: dict[str, str]) -> str:
        """The document with this person's values."""
        return _FIELD.sub(lambda match: person[match.group(1)], self.text).replace("\\r\n", "\r\n")

    def left(self, person: dict[str, str], made: str) -> list[str]:
        """The fields whose values still stand in `made`."""
        fields = dict.fromkeys(_FIELD.findall(self.text))
        return [field for field in fields if _stands(person[field], made)]

    def lost(self, made: str) -> list[str]:
        """What should have stayed and did not."""
        return [one for one in self.stays if one not in made]


def _stands(value: str, made: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", made, re.IGNORECASE) is not None


def documents() -> list[Document]:
    """All templates of `documents/found`."""
    found = []
    for path in sorted((FOLDER / "found").glob("*.txt")):
        pieces = _HEAD.split(path.read_text(encoding="utf-8"))
        for title, stays, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
            found.append(Document(path.stem, title, text, tuple(one for one in stays.split(" | ") if one)))
    return found


def redacted(text: str) -> str:
    """`text` after redaction under the default policy."""
    return Redactor(None, pseudonym_key=b"k").text(text)

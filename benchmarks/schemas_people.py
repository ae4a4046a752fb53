"""Made-up people, and runs that know which of their words are personal: what the three schemas of `benchmarks.schemas` are made of.

A personal value is written between marks that say its kind. When a run is finished the marks come off, and what stood
between them is the run's truth: nothing personal can be generated and forgotten, in whichever spelling it was used.
Kinds are those of `leak_bench`: `q:` is a quasi-identifier or an application's own number, neither leak nor over-redaction.
"""

from __future__ import annotations

import datetime
import json
import random
import re
import unicodedata
from typing import Any, Final

_OPEN, _IS, _CLOSE, _BARE = "\ue000", "\ue001", "\ue002", "\ue003"
_MARK: Final = re.compile(f"{_OPEN}([^{_IS}]*){_IS}([^{_CLOSE}]*){_CLOSE}")
_BARE_NUMBER: Final = re.compile(rf'\\*"{_BARE}|{_BARE}\\*"')

# Each origin: women's names, men's names, family names.
_ORIGINS: Final = tuple(
    tuple(tuple(name.strip() for name in column.split(",")) for column in origin.split(";"))
    for origin in (
        "Amina, Ngozi, Folasade, Chiamaka; Emeka, Tunde, Olumide, Chidi; Okafor, Adeyemi, Nwosu, Balogun, Eze",
        "Priya, Ananya, Lakshmi, Meera; Rajesh, Arjun, Vikram, Sanjay; Venkataraman, Iyer, Chatterjee, Deshpande, Rao",
        "Xiaoling, Yuhan, Meifeng; Zhiwei, Haoran, Guoqiang; Zhang, Ouyang, Xu, Huang, Shen",
        "Thuy, Ngoc, Linh; Quang, Tuan, Duc Anh; Nguyen, Tran, Pham, Vo",
        "Leila, Fatima, Noor, Samira; Karim, Youssef, Tariq; Haddad, Al-Masri, Benali, El Khoury, Rahmani",
        "Agnieszka, Małgorzata, Zofia; Krzysztof, Łukasz, Bartosz; Wiśniewska, Kowalczyk, Zieliński, Wójcik",
        "Elif, Ayşe, Zeynep; Mehmet, Emre, Çağlar; Yılmaz, Demirtaş, Özdemir, Kaya",  # noqa: RUF001 - Turkish has this letter
        "Lucía, María José, Pilar, Itziar; Javier, Álvaro, Iñaki; García Márquez, Etxeberria, Ruiz Peña, Villanueva",
        "Greta, Annegret, Heike, Svenja; Jürgen, Dieter, Torsten; Weißgerber, Schröder, Baumgartner, von der Heide, Vogt",
        "Aino, Päivi; Jukka, Eero; Korhonen, Mäkelä, Lehtonen",
        "Min-ji, Soo-yeon; Hyun-woo, Dong-hyun; Park, Choi, Yoon",
        "Selam, Hiwot; Dawit, Yonas; Tesfaye, Gebremariam, Abebe",
        "Eleni, Despina; Stavros, Nikolaos; Papadopoulou, Karagiannis, Economou",
        "Siobhan, Niamh, Maeve; Padraig, Cormac; O'Sullivan, MacDonagh, Gallagher, Byrne",
        "Grace, Harriet, Beatrice, Joan; Hunter, Desmond, Clive, Walter; Thornbury, Banks, Ashworth, Whitlock, Fox-Lane",
        "Ilona, Zsófia; Gábor, László; Szabó, Horváth, Kertész",
        "Saskia, Marieke; Joost, Pieter; van den Berg, de Vries, Hoekstra",
        "Solveig, Astrid; Bjørn, Håkon; Lindqvist, Ødegård, Kristiansen",
        "Camille, Élodie; Benoît, Thibault; Lefèvre, Dubois, Charpentier",
        "Ioana, Nadezhda; Radu, Dmitri; Popescu, Volkov, Ionescu",
    )
)
_FOLDED: Final = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "ı": "i", "ä": "ae", "ö": "oe", "ü": "ue"}  # noqa: RUF001
)
_MAIL_HOSTS: Final = ("mail.example.com", "post.example.net", "inbox.example.org", "example.com")
_HANDLES: Final = ("sunnyriver", "moonkeeper", "quietotter", "redbicycle", "tinyharbour", "olivegrove")

ENGLISH_MONTHS: Final = "January February March April May June July August September October November December".split()
GERMAN_MONTHS: Final = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
SPANISH_MONTHS: Final = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)


def mark(kind: str, value: object) -> str:
    """`value` as a personal value of this kind."""
    return f"{_OPEN}{kind}{_IS}{value}{_CLOSE}"


def bare(marked: str) -> str:
    """A marked run of digits that JSON shall hold as a number."""
    return f"{_BARE}{marked}{_BARE}"


def digits(rng: random.Random, count: int) -> str:
    """That many digits; the first is not zero."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def uuid(rng: random.Random) -> str:
    """A random UUID of version 4."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def folded(text: str) -> str:
    """`text` in plain ASCII, as it stands in a mail address."""
    plain = unicodedata.normalize("NFKD", text.translate(_FOLDED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower())


def iban(rng: random.Random, country: str, bban: str) -> str:
    """A valid IBAN: the check digits are right."""
    number = "".join(str(int(one, 36)) for one in bban + country + "00")
    return f"{country}{98 - int(number) % 97:02d}{bban}"


def grouped(text: str, size: int = 4) -> str:
    """`text` in groups, as people write account numbers."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))


def luhn(number: str) -> str:
    """The digit that makes `number` pass the Luhn check."""
    total = sum(sum(divmod(int(one) * (2 - at % 2), 10)) for at, one in enumerate(reversed(number)))
    return str(-total % 10)


class Person:
    """Somebody: raw spellings in `*_raw`, marked ones without."""

    def __init__(self, rng: random.Random, family_raw: str | None = None) -> None:
        women, men, families = rng.choice(_ORIGINS)
        self.woman = rng.random() < 0.5
        given = women if self.woman else men
        self.given_raw = rng.choice(given)
        self.family_raw = family_raw or rng.choice(families)
        self.middle_raw = rng.choice([one for one in given if one != self.given_raw]) if rng.random() < 0.25 else ""
        self.birth = datetime.date(1938, 1, 1) + datetime.timedelta(days=rng.randrange(24_000))
        self.given, self.family = mark("PERSON", self.given_raw), mark("PERSON", self.family_raw)
        self.family_upper = mark("PERSON", self.family_raw.upper())
        self.middle = mark("PERSON", self.middle_raw) if self.middle_raw else ""
        self.full = f"{self.given} {self.family}"
        self.formal = f"{self.family}, {self.given}" + (f" {self.middle}" if self.middle else "")
        self.title = "Ms." if self.woman else "Mr."
        first, last = folded(self.given_raw), folded(self.family_raw)
        year = f"{self.birth:%y}"
        local = rng.choice(
            (
                f"{first}.{last}",
                f"{first[0]}{last}",
                f"{last}.{first}{year}",
                f"{first}{year}",
                rng.choice(_HANDLES) + year,
            )
        )
        self.email = mark("EMAIL", f"{local}@{rng.choice(_MAIL_HOSTS)}")
        self.work_email = mark("EMAIL", f"{first}.{last}@meridian-freight.example")
        self.login = mark("USER_ID", f"{first[0]}{last}{rng.randint(1, 99):02d}")

    def born(self, style: str) -> str:
        """The birth date, marked: iso, compact, us, us_long, uk_long, de, de_long, es, es_long."""
        day, month = self.birth, self.birth.month - 1
        return mark(
            "DOB",
            {
                "iso": f"{day}",
                "compact": f"{day:%Y%m%d}",
                "us": f"{day:%m/%d/%Y}",
                "us_long": f"{ENGLISH_MONTHS[month]} {day.day}, {day.year}",
                "uk_long": f"{day.day} {ENGLISH_MONTHS[month]} {day.year}",
                "de": f"{day:%d.%m.%Y}",
                "de_long": f"{day.day}. {GERMAN_MONTHS[month]} {day.year}",
                "es": f"{day:%d/%m/%Y}",
                "es_long": f"{day.day} de {SPANISH_MONTHS[month]} de {day.year}",
            }[style],
        )


class Run:
    """One agent run in OpenAI's messages, written with marks."""

    def __init__(self, rng: random.Random, system: str) -> None:
        self._rng = rng
        self._marked: list[dict[str, Any]] = [{"role": "system", "content": system}]

    def user(self, text: str) -> None:
        """What the user writes."""
        self._marked.append({"role": "user", "content": text})

    def say(self, text: str) -> None:
        """What the assistant answers."""
        self._marked.append({"role": "assistant", "content": text})

    def call(self, name: str, arguments: dict[str, Any], result: Any) -> None:
        """The assistant calls a tool; `result` is a text, or is written as JSON."""
        call_id = "call_" + "".join(self._rng.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789", k=24))
        function = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False, separators=(",", ":"))}
        content = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
        tool_call = {"id": call_id, "type": "function", "function": function}
        self._marked.append({"role": "assistant", "content": None, "tool_calls": [tool_call]})
        self._marked.append({"role": "tool", "tool_call_id": call_id, "name": name, "content": content})

    def finish(self) -> tuple[list[dict[str, Any]], dict[str, set[str]]]:
        """The messages without marks, and the true values by kind."""
        values: dict[str, set[str]] = {}

        def taken(text: str) -> str:
            for kind, value in _MARK.findall(text):
                values.setdefault(kind, set()).add(value)
            return _BARE_NUMBER.sub("", _MARK.sub(r"\2", text))

        messages = []
        for one in self._marked:
            plain = dict(one)
            if one["content"]:
                plain["content"] = taken(one["content"])
            if "tool_calls" in one:
                plain["tool_calls"] = [
                    {**call, "function": {**call["function"], "arguments": taken(call["function"]["arguments"])}}
                    for call in one["tool_calls"]
                ]
            messages.append(plain)
        return messages, values

    def places(self) -> list[tuple[str, str, int, int]]:
        """Where every marked value stands: kind, the finished text, start, end."""
        found = []
        for text in self._texts():
            plain, at = "", 0
            spans = []
            for mark_ in _MARK.finditer(text):
                plain += _BARE_NUMBER.sub("", text[at : mark_.start()])
                spans.append((mark_[1], len(plain), len(plain) + len(mark_[2])))
                plain, at = plain + mark_[2], mark_.end()
            plain += _BARE_NUMBER.sub("", text[at:])
            found += [(kind, plain, start, end) for kind, start, end in spans]
        return found

    def unmarked(self) -> list[str]:
        """Every text with its personal values blanked: what the truth must not match."""
        return [_MARK.sub(_OPEN, text) for text in self._texts()]

    def _texts(self) -> list[str]:
        texts = [one["content"] for one in self._marked if one["content"]]
        return texts + [call["function"]["arguments"] for one in self._marked for call in one.get("tool_calls", ())]

"""A European bank with its insurer and courier: ISO 20022 names in JSON, German and Spanish abbreviations, three languages.

Direct: names, birth dates, streets, postal codes, phones, mail addresses, IBANs, cards, tax and identity numbers, number
plates. Quasi: towns, provinces, gender, nationality, house numbers that stand alone, customer, policy and mandate numbers,
vehicle identification numbers, companies as counterparties. Everything else must stay: message and end-to-end ids, UETRs,
BICs, amounts, booking times, purpose codes, tariffs, vehicle models, tracking and parcel data, error codes.
"""

from __future__ import annotations

import random
import re
from typing import Any

from benchmarks.schemas_people import Person, Run, bare, digits, grouped, iban, luhn, mark, uuid

_TOWNS = {
    "de": (("Kassel", "341"), ("Rostock", "180"), ("Augsburg", "861"), ("Wuppertal", "421"), ("Jena", "077")),
    "es": (("Zaragoza", "500"), ("Gijón", "332"), ("Almería", "040"), ("Badajoz", "060")),
    "en": (("Utrecht", "35"), ("Breda", "48"), ("Zwolle", "80")),
}
_STREETS = {
    "de": "Lindenstraße;Am Alten Wehr;Goethestr.;Schillerplatz;Ernst-Reuter-Allee;Kirchgasse;Hinter der Mauer".split(
        ";"
    ),
    "es": "Alfonso I;Ramón y Cajal;Los Olivos;Virgen del Pilar;Gran Capitán".split(";"),
    "en": "Kanaalstraat;Nieuwe Gracht;Prins Hendriklaan;Veldstraat".split(";"),
}
_COMPANIES = (
    "Stadtwerke Nordhafen GmbH",
    "Iberluz Comercializadora S.A.",
    "Velotech BV",
    "Möbelhaus Brandt & Söhne KG",
)
_BICS = ("COBADEFFXXX", "CAIXESBBXXX", "INGBNL2A", "GIBAATWWXXX")
_CARS = (
    ("VW Golf VIII 1.5 TSI", "0603", "CLD"),
    ("SEAT León 1.0 TSI", "7593", "AKF"),
    ("Renault Clio V", "3333", "BJL"),
)
_PREFIX = {"de": "49", "es": "34", "en": "31"}
_COUNTRY = {"de": "DE", "es": "ES", "en": "NL"}


class _Customer(Person):
    def __init__(self, rng: random.Random, language: str) -> None:
        super().__init__(rng)
        self.language, self.country = language, _COUNTRY[language]
        self.number = mark("q:CUSTOMER_NO", digits(rng, 8))
        mobile = {
            "de": f"17{rng.randint(0, 9)}{digits(rng, 7)}",
            "es": f"6{digits(rng, 8)}",
            "en": f"6{digits(rng, 8)}",
        }[language]
        prefix = _PREFIX[language]
        self.phone_iso = mark("PHONE", f"+{prefix}-{mobile}")
        self.phone = mark(
            "PHONE", rng.choice((f"+{prefix}{mobile}", f"00{prefix}{mobile}", f"+{prefix} {grouped(mobile, 3)}"))
        )
        self.phone_digits = bare(mark("PHONE", f"{prefix}{mobile}"))
        trunk = {"de": f"0{mobile[:3]} {mobile[3:]}", "es": grouped(mobile, 3), "en": f"06-{mobile[1:]}"}[language]
        self.phone_said = mark(
            "PHONE", rng.choice((trunk, f"+{prefix} {grouped(mobile, 3)}", re.sub(r"\D", "", trunk)))
        )
        self.ape1, _, self.ape2 = (mark("PERSON", one) if one else "" for one in self.family_raw.partition(" "))
        if self.ape2 and not self.family_raw.startswith(("García", "Ruiz")):
            self.ape1, self.ape2 = self.family, ""
        self.tax_id = self._tax_id(rng)
        self.gender = mark("q:GENDER", {"de": "wm", "es": "MH", "en": "FM"}[language][not self.woman])
        self.herself = {"de": ("Frau", "Herr"), "es": ("Sra.", "Sr."), "en": ("Ms", "Mr")}[language][not self.woman]
        self.birth_town = mark("q:TOWN", rng.choice(("Izmir", "Lagos", "Hanoi", "Katowice", "Granada")))
        self.account(rng)
        self.move(rng)

    def _tax_id(self, rng: random.Random) -> str:
        if self.language == "es":
            dni = digits(rng, 8)
            return mark("GOV_ID", f"{dni}{'TRWAGMYFPDXBNJZSQVHLCKE'[int(dni) % 23]}")
        number = digits(rng, 10)
        product = 10
        for one in number:
            product = ((int(one) + product) % 10 or 10) * 2 % 11
        return mark("GOV_ID", f"{number}{(11 - product) % 10}")

    def account(self, rng: random.Random) -> None:
        bank = {"de": digits(rng, 18), "es": digits(rng, 20), "en": f"INGB{digits(rng, 10)}"}[self.language]
        number = iban(rng, self.country, bank)
        self.iban, self.iban_said = mark("BANK_ACCOUNT", number), mark("BANK_ACCOUNT", grouped(number))
        card = f"5{rng.randint(1, 5)}{digits(rng, 13)}"
        card += luhn(card)
        self.card, self.card_last = mark("CARD", card), mark("CARD", card[-4:])

    def move(self, rng: random.Random) -> None:
        town, prefix = rng.choice(_TOWNS[self.language])
        street = rng.choice(_STREETS[self.language])
        house = f"{rng.randint(11, 189)}{rng.choice(('', '', 'a', 'b'))}"
        self.street, self.house = mark("ADDRESS", street), mark("q:HOUSE", house)
        line = (
            f"Calle {street} {house}, {rng.randint(1, 6)}º {rng.choice('ABC')}"
            if self.language == "es"
            else f"{street} {house}"
        )
        self.line = mark("ADDRESS", line)
        self.zip_raw = f"{prefix}{rng.randint(10, 99)}"
        if self.language == "en":
            self.zip_raw += f" {''.join(rng.choices('BCDGHJKLNPRSVX', k=2))}"
        self.zip, self.town = mark("ZIP", self.zip_raw), mark("q:TOWN", town)
        self.zip_number = bare(self.zip) if self.zip_raw[0] != "0" and self.zip_raw.isdigit() else self.zip


def _party(rng: random.Random, who: _Customer) -> dict[str, Any]:
    address: dict[str, Any] = {
        "StrtNm": who.street,
        "BldgNb": who.house,
        "PstCd": who.zip,
        "TwnNm": who.town,
        "Ctry": who.country,
    }
    if rng.random() < 0.3:
        address = {"AdrTp": {"Cd": "HOME"}, "Ctry": who.country, "AdrLine": [who.line, f"{who.zip} {who.town}"]}
    birth = {
        "BirthDt": who.born("iso"),
        "CityOfBirth": who.birth_town,
        "CtryOfBirth": mark("q:NATIONALITY", who.country),
    }
    made: dict[str, Any] = {"Nm": rng.choice((who.full, who.formal)), "PstlAdr": address}
    if rng.random() < 0.6:
        other = [{"Id": who.tax_id, "SchmeNm": {"Cd": "TXID"}}]
        made["Id"] = {"PrvtId": {"DtAndPlcOfBirth": birth, "Othr": other}}
    if rng.random() < 0.6:
        made["CtctDtls"] = {"NmPrfx": "MIST", "MobNb": who.phone_iso, "EmailAdr": who.email, "PrefrdMtd": "MAIL"}
    return made


def _payment(
    rng: random.Random, who: _Customer, other: _Customer, company: str | None, amount: str, text: str
) -> dict[str, Any]:
    creditor = (
        {"Nm": company, "PstlAdr": {"TwnNm": other.town, "Ctry": other.country}} if company else _party(rng, other)
    )
    transfer = {
        "PmtId": {
            "InstrId": f"INS{digits(rng, 9)}",
            "EndToEndId": rng.choice(("NOTPROVIDED", f"E2E-{digits(rng, 8)}")),
            "UETR": uuid(rng),
        },
        "PmtTpInf": {"SvcLvl": {"Cd": "SEPA"}, "CtgyPurp": {"Cd": rng.choice(("SALA", "SUPP", "RENT"))}},
        "IntrBkSttlmAmt": {"Ccy": "EUR", "Value": amount},
        "IntrBkSttlmDt": "2025-02-07",
        "ChrgBr": "SLEV",
        "Dbtr": _party(rng, who),
        "DbtrAcct": {"Id": {"IBAN": who.iban}, "Ccy": "EUR"},
        "DbtrAgt": {"FinInstnId": {"BICFI": rng.choice(_BICS)}},
        "CdtrAgt": {"FinInstnId": {"BICFI": rng.choice(_BICS)}},
        "Cdtr": creditor,
        "CdtrAcct": {"Id": {"IBAN": other.iban}},
        "RmtInf": {"Ustrd": [text]},
    }
    if company:
        mandate = mark("q:MANDATE", f"M-{digits(rng, 7)}")
        transfer["MndtRltdInf"] = {"MndtId": mandate, "DtOfSgntr": "2022-06-14", "SeqTp": "RCUR"}
    head = {
        "MsgId": f"BK{digits(rng, 12)}",
        "CreDtTm": "2025-02-07T06:31:09.214Z",
        "NbOfTxs": "1",
        "SttlmInf": {"SttlmMtd": "CLRG"},
    }
    status = {"TxSts": rng.choice(("ACSC", "PDNG", "RJCT")), "StsRsnInf": [{"Rsn": {"Cd": "AC04"}}]}
    return {"Document": {"FIToFICstmrCdtTrf": {"GrpHdr": head, "CdtTrfTxInf": [transfer]}}, "TxInfAndSts": status}


def _contract_de(rng: random.Random, who: _Customer) -> dict[str, Any]:
    car = rng.choice(_CARS)
    holder = {
        "kdNr": who.number,
        "anrede": who.herself,
        "vorname": who.given,
        "nachname": who.family,
        "gebDat": rng.choice((who.born("de"), who.born("iso"))),
        "geschl": who.gender,
        "staatsang": mark("q:NATIONALITY", "deutsch"),
        "strasse": who.street,
        "hausNr": who.house,
        "plz": rng.choice((who.zip, who.zip_number)),
        "ort": who.town,
        "telMobil": rng.choice((who.phone, who.phone_digits)),
        "emailAdr": who.email,
        "steuerId": who.tax_id,
        "bankverb": {"kontoInh": who.full, "iban": who.iban, "bic": rng.choice(_BICS)},
    }
    plate = mark(
        "PLATE", f"{rng.choice(('KS', 'HRO', 'A', 'J'))}-{rng.choice(('KL', 'TX', 'RB'))} {rng.randint(1020, 9890)}"
    )
    vin = mark("q:VIN", f"WVWZZZ{rng.choice(('CD', '5F'))}ZNW{digits(rng, 6)}")
    vehicle = {
        "kennz": plate,
        "fin": vin,
        "typ": car[0],
        "hsn": car[1],
        "tsn": car[2],
        "erstzul": "2021-05-17",
        "kmStand": 48210,
    }
    terms = {
        "tarif": "KOMFORT-24.2",
        "sfKlasse": "SF12",
        "beitrMtl": "61.40",
        "zahlw": "mtl",
        "selbstbet": 300,
        "deckung": ["HP", "TK"],
    }
    contract = mark("q:POLICY", f"{rng.choice(('KFZ', 'HR'))}-{digits(rng, 9)}")
    return {
        "vertrNr": contract,
        "status": "aktiv",
        "vsNehmer": holder,
        "fahrz": vehicle,
        "vertrag": terms,
        "apiVers": "3.8.1",
    }


def _contract_es(rng: random.Random, who: _Customer) -> dict[str, Any]:
    car = rng.choice(_CARS)
    home = {
        "tipoVia": "CL",
        "nomVia": who.street,
        "numVia": who.house,
        "codPost": who.zip,
        "poblacion": who.town,
        "pais": "ESP",
    }
    holder = {
        "numCli": who.number,
        "nombre": who.given,
        "ape1": who.ape1,
        "ape2": who.ape2 or None,
        "numDoc": who.tax_id,
        "tipDoc": "NIF",
        "fecNac": rng.choice((who.born("es"), who.born("compact"))),
        "sexo": who.gender,
        "domic": home,
        "tfnoMovil": rng.choice((who.phone, who.phone_digits)),
        "correo": who.email,
        "ctaCargo": who.iban,
    }
    plate = mark("PLATE", f"{rng.randint(1020, 9890)} {rng.choice(('KLM', 'JBR', 'LTX'))}")
    vehicle = {
        "matric": plate,
        "bastidor": mark("q:VIN", f"VSSZZZKJZNR{digits(rng, 6)}"),
        "modelo": car[0],
        "anioFab": 2021,
    }
    policy = mark("q:POLICY", f"{digits(rng, 4)}-{digits(rng, 7)}")
    receipt = {
        "numRec": f"R{digits(rng, 8)}",
        "impTotal": "412,30",
        "fecVto": "2025-03-01",
        "codEst": "PDTE",
        "ramo": "AUTO",
    }
    return {
        "numPoliza": policy,
        "tomador": holder,
        "vehic": vehicle,
        "recibos": [receipt],
        "codRet": "0000",
        "verApi": "2.14",
    }


def _parcel(rng: random.Random, who: _Customer) -> dict[str, Any]:
    consignee = {"name1": who.full, "name2": "", "str": who.line, "plz": who.zip, "ort": who.town, "land": who.country}
    if rng.random() < 0.5:
        consignee = {"Name": who.formal, "Strasse": who.street, "HNr": who.house, "PLZ": who.zip, "Ort": who.town}
    events = [
        {"ts": "2025-02-09T04:12:00+01:00", "code": "HUB_IN", "depot": "0142"},
        {
            "ts": "2025-02-10T14:03:00+01:00",
            "code": "DLVRD",
            "quitt": who.family_upper,
            "geo": {"lat": 51.3127, "lon": 9.4797},
        },
    ]
    parcel = {"gewKg": 0.12, "masseCm": [22, 11, 1], "artNr": "KRT-MC-GOLD-02", "anz": 1}
    return {
        "sendgNr": f"003404{digits(rng, 14)}",
        "empf": consignee,
        "avisTel": who.phone,
        "pakete": [parcel],
        "verlauf": events,
    }


_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "de": {
        "open": (
            "Guten Tag, mein Name ist {full}, geboren am {birth}. {wish}",
            "Hallo, hier spricht {herself} {family}. {wish} Meine Kundennummer ist {number}.",
            "{wish} Sie erreichen mich unter {phone} oder {email}. Viele Grüße, {full}",
        ),
        "pay": ("Ist meine Überweisung über 480,25 EUR angekommen?",),
        "move": ("Ich bin umgezogen, neue Adresse: {line}, {zip} {town}.",),
        "card": ("Meine Karte mit den Endziffern {card_last} ist verloren gegangen, bitte sperren.",),
        "policy": ("Bitte prüfen Sie meinen Vertrag und die hinterlegte Kontonummer {iban}.",),
        "found": (
            "Danke, {herself} {family}. Ich sehe {line}, {zip} {town} und die Rufnummer {phone}. Stimmt das noch?",
            "Ich habe Ihren Datensatz gefunden: {full}, geb. {birth_short}, E-Mail {email}.",
        ),
        "yes": ("Ja, das stimmt.", "Ja. Meine Steuer-ID ist {tax_id}.", "Richtig, {given} mit Vornamen."),
        "thanks": ("Danke!", "Vielen Dank, {given}.", "ok danke"),
        "done": (
            "Erledigt, {herself} {family}. Die Bestätigung geht an {email}.",
            "Gern geschehen, {full}. Konto {iban} bleibt hinterlegt.",
        ),
    },
    "es": {
        "open": (
            "Hola, soy {full} y nací el {birth}. {wish}",
            "Buenos días, me llamo {given} {family}, DNI {tax_id}. {wish}",
            "{wish} Mi teléfono es el {phone} y mi correo {email}. Gracias.",
        ),
        "pay": ("¿Ha llegado mi transferencia de 480,25 EUR?",),
        "move": ("Me he mudado a {line}, {zip} {town}.",),
        "card": ("He perdido la tarjeta terminada en {card_last}, bloquéela por favor.",),
        "policy": ("Quiero revisar mi póliza y la cuenta {iban}.",),
        "found": (
            "Gracias, {herself} {family}. Me consta {line}, {zip} {town} y el móvil {phone}. ¿Es correcto?",
            "He encontrado su ficha: {full}, nacimiento {birth_short}, correo {email}.",
        ),
        "yes": ("Sí, correcto.", "Sí, mi NIF es {tax_id}.", "Correcto, {given} es mi nombre de pila."),
        "thanks": ("¡Gracias!", "Muchas gracias, {given}.", "vale"),
        "done": (
            "Hecho, {herself} {family}. Le enviamos la confirmación a {email}.",
            "De nada, {full}. Seguimos con la cuenta {iban}.",
        ),
    },
    "en": {
        "open": (
            "Hello, {full} speaking, born on {birth}. {wish}",
            "Hi there, my customer number is {number} and my surname is {family}. {wish}",
            "{wish} You can reach me on {phone} or at {email}. Best, {given}",
        ),
        "pay": ("Did my transfer of 480.25 EUR arrive?",),
        "move": ("I moved to {line}, {zip} {town}.",),
        "card": ("I lost the card ending in {card_last}, please block it.",),
        "policy": ("Please check my policy and the account {iban}.",),
        "found": (
            "Thank you, {herself} {family}. I see {line}, {zip} {town} and the number {phone}. Is that right?",
            "I found your file: {full}, born {birth_short}, mail {email}.",
        ),
        "yes": ("Yes, that is right.", "Yes. My tax number is {tax_id}.", "Correct, {given} is my first name."),
        "thanks": ("Thanks!", "Thank you, {given}.", "ok"),
        "done": (
            "Done, {herself} {family}. The confirmation goes to {email}.",
            "My pleasure, {full}. Account {iban} stays on file.",
        ),
    },
}


def conversation(rng: random.Random) -> Run:
    """One run of the bank's service assistant, in German, Spanish or English."""
    language = rng.choice(("de", "es", "en"))
    who, other = _Customer(rng, language), _Customer(rng, rng.choice(("de", "es", "en")))
    wish = rng.choice(("pay", "move", "card", "policy"))
    words = _WORDS[language]

    def said(which: str) -> str:
        long = {"de": "de_long", "es": "es_long", "en": "uk_long"}[language]
        fields = {
            name: value for name, value in vars(who).items() if isinstance(value, str) and not name.endswith("_raw")
        }
        fields |= {
            "phone": who.phone_said,
            "birth": who.born(long),
            "birth_short": who.born("es" if language == "es" else "de"),
        }
        fields["iban"] = rng.choice((who.iban, who.iban_said))
        return rng.choice(words[which]).format(**fields, wish="" if which == wish else asked)

    before = _party(rng, who)
    party = {
        "Cstmr": {"CstmrId": who.number, "Pty": before, "Acct": [{"Id": {"IBAN": who.iban}, "Tp": {"Cd": "CACC"}}]},
        "Vrsn": "1.9",
    }
    if wish == "move":
        who.move(rng)
    asked = ""
    asked = said(wish)
    run = Run(
        rng,
        "You are the service assistant of Nordhafen Bank, its insurer and its courier. Answer in the customer's language. Look "
        "the customer up before anything else. Today is 2025-02-11; API release 1.9.",
    )
    run.user(said("open"))
    query = rng.choice(({"Nm": who.full, "BirthDt": who.born("iso")}, {"CstmrId": who.number}, {"IBAN": who.iban}))
    run.call("customer_search", query, party)
    run.say(said("found"))
    run.user(said("yes"))
    if wish == "pay":
        company = mark("q:COMPANY", rng.choice(_COMPANIES)) if rng.random() < 0.5 else None
        text = f"RENT FEB {who.family_upper}" if rng.random() < 0.5 else f"INV {digits(rng, 7)}"
        payment = _payment(rng, who, other, company, "480.25", text)
        run.call("payment_status", {"DbtrIBAN": who.iban, "InstdAmt": {"Ccy": "EUR", "Value": "480.25"}}, payment)
        uetr = payment["Document"]["FIToFICstmrCdtTrf"]["CdtTrfTxInf"][0]["PmtId"]["UETR"]
        run.say(
            f"EUR 480.25 -> {company or other.full} ({other.iban_said}), {payment['TxInfAndSts']['TxSts']}, UETR {uetr}."
        )
        run.user(said("thanks"))
    elif wish == "move":
        address = {"StrtNm": who.street, "BldgNb": who.house, "PstCd": who.zip, "TwnNm": who.town, "Ctry": who.country}
        run.call(
            "customer_amend",
            {"CstmrId": who.number, "PstlAdr": address},
            {"Rspn": {"Cd": "OK", "Ref": uuid(rng)}, "PstlAdr": address},
        )
    elif wish == "card":
        blocked = {
            "kartenNr": who.card,
            "karteninh": who.family_upper,
            "gueltBis": "08/27",
            "sperrGrd": "LOST",
            "refNr": f"SP{digits(rng, 9)}",
        }
        run.call("karteSperren", {"kdNr": who.number, "endziff": who.card_last, "grund": "LOST"}, blocked)
        run.call("sendungAbfragen", {"kdNr": who.number, "artNr": "KRT-MC-GOLD-02"}, _parcel(rng, who))
    if wish in ("move", "policy") and language == "es":
        run.call("consultarPoliza", {"numDoc": who.tax_id, "ramo": "AUTO"}, _contract_es(rng, who))
    elif wish in ("move", "policy"):
        run.call("vertragLesen", {"kdNr": who.number, "sparte": "KFZ"}, _contract_de(rng, who))
    run.say(said("done"))
    return run

"""What numbers that identify a person are called in sentences, and what must stand behind the words for them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from agentlog.redaction.entities import NATIONAL_ID, PAYMENT_ID, PHONE, SECRET, USER_ID
from agentlog.redaction.wording.state_numbers import COUNTED, DESCRIBED, NO_DATE, OFTEN, STATE_NUMBER, SURE


class Kind(NamedTuple):
    """Phrases of one kind, and what must stand behind them."""

    entity: str
    phrases: str
    digits: tuple[int, int]
    """How many there are at least and at most."""
    dated: bool = True
    """What looks like a date is one."""
    named: bool = False
    """Only where it is called a number: "rewards are 5000 points"."""
    bare: bool = False
    """The number may follow at once; else something has to stand between: "number", "is", a sign."""
    value: re.Pattern[str] | None = None
    """What it must look like; so it may follow at once: "plate 7KXD 294", but "plate 2 of 7"."""
    called: bool = False
    """Only where the word "number" or "code" stands behind the phrase."""
    said: str = ""
    """The phrase means other things too: it counts behind whose it is and before a sign or a word, with "capitals" in these."""
    counts: bool = False
    """What it may stand before as well is a count, and is told by what there are so many of."""


_PLATE: Final = re.compile(
    r"(?=[A-Z0-9 -]{0,8}[0-9])(?=[0-9 -]{0,8}[A-Z])(?![0-9 ]{0,5}[A-Z]{4})(?=(?:[ -]?[A-Z0-9]){5,8}(?![A-Za-z0-9]))[A-Z0-9]{1,7}(?:[ -][A-Z0-9]{1,5}){0,2}",
    re.ASCII,
)
"""Capitals and digits, five to eight of them, and no word."""
_COUNTRY_PLATE: Final = re.compile(
    "[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z][0-9]{1,3} [A-Z]{3}|[A-Z]{2} ?[0-9]{3} ?[A-Z]{2}|(?:[0-7][0-9]|8[01]) ?[A-Z]{1,3} ?[0-9]{2,4}",
    re.ASCII,
)
"""Of the United Kingdom, Italy and Turkey, whose words for it mean other things too."""
_PASSPORT: Final = re.compile(r"[A-Z]{1,2}[0-9]{6,8}", re.ASCII)
_SHAPED_PHONE: Final = re.compile(
    r"\(?[2-9][0-9]{2}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}|[2-9][0-9]{2}[ .-][0-9]{4}|(?!(?:19|20)[0-9]{2})[2-9][0-9]{3}[ .-][0-9]{4}",
    re.ASCII,
)
_GROUPED_PHONE: Final = re.compile(r"\+?[0-9]{1,5}\)?(?:[ ./-]{1,3}\(?[0-9]{2,8}\)?){1,6}|0[1-9][0-9]{7,11}", re.ASCII)
_DIALLED_PHONE: Final = re.compile(rf"(?=\+|0)(?:{_GROUPED_PHONE.pattern})", re.ASCII)
"""As one dials it: with the 0 of the town or the + of the country."""
_REACHED: Final = "|".join(
    f"{verb} {preposition}"
    for verb in "call phone telephone reach reached contacted answering".split()
    for preposition in ("at", "on")
)
_REACHED_SOMEBODY: Final = "|".join(
    f"{verb} {whom} {preposition}"
    for verb in "call phone telephone ring dial reach contact text message whatsapp".split()
    for whom in "me us him her them".split()
    for preposition in ("at", "on")
)
_SAID_PHONE: Final = re.compile(
    r"\(?\+?[0-9]{1,6}(?: [0-9]{1,2})?\)?(?:[ ./-]{1,3}\(?[0-9]{2,9}\)?){1,6}|\+?\(?[0-9]{2,4}\)?[0-9]{4,11}", re.ASCII
)
"""In whatever groups: nothing else follows "call me at"; hours have a colon."""
_ACCOUNT: Final = re.compile(
    rf"{NO_DATE}(?:[A-Z]{{2}} ?[0-9]{{2}}(?:[ -]?[A-Z0-9]{{1,12}}(?![a-z])){{2,9}}|[0-9]{{1,12}}(?:[ ./-][0-9]{{1,12}}){{1,7}}|[0-9]{{6,30}})",
    re.ASCII,
)
"""As banks write it, within a country or for abroad."""
_WALLET: Final = re.compile(
    "0x(?!0{40})[0-9A-Fa-f]{40}|(?=[A-Za-z]{0,30}[0-9])(?=[0-9a-z]{0,40}[A-Z])[1-9A-HJ-NP-Za-km-z]{25,95}|bc1[02-9ac-hj-np-z]{11,71}",
    re.ASCII,
)
_MIXED: Final = re.compile(
    r"(?=[A-Z0-9 -]{0,20}[0-9])(?=[0-9 -]{0,20}[A-Z])[A-Z0-9]{1,14}(?:[ -][A-Z0-9]{1,6}){0,3}", re.ASCII
)
_ANY_NUMBER: Final = re.compile(r"[A-Z]{0,4}[0-9]{2,16}(?:[ -][0-9]{2,6}){0,5}", re.ASCII)
KINDS: Final = (
    # health
    Kind(NATIONAL_ID, "mrn|medical record|medical records", (4, 16)),
    Kind(NATIONAL_ID, "patient chart|chart|rx|prescription|identity", (4, 18), named=True),
    Kind(NATIONAL_ID, "npi|national provider identifier", (8, 10)),
    Kind(NATIONAL_ID, "mbi|medicare|medicare beneficiary|medicaid|hicn", (5, 14)),
    Kind(NATIONAL_ID, "dea|dea registration", (6, 9)),
    Kind(NATIONAL_ID, "nhs|health card|health insurance|health plan|health id|insurance id|insurance member", (4, 16)),
    # states
    Kind(NATIONAL_ID, "ssn|social security|social insurance|last four of ssn", (4, 11)),
    Kind(NATIONAL_ID, "itin|taxpayer|taxpayer id|taxpayer identification|tax id|tax identification|tax file|tfn", (6, 14)),
    Kind(NATIONAL_ID, "passport|passport book|passport card", (5, 12)),
    Kind(NATIONAL_ID, "passport", (6, 9), value=_PASSPORT),
    Kind(
        NATIONAL_ID,
        "driver's license|drivers license|driver license|driving licence|driver's licence|driving license|my license|my licence|"
        "his license|her license|dvla",
        (4, 16),
    ),
    Kind(
        NATIONAL_ID,
        "plate|plates|kennzeichen|nummernschild|immatriculation|kenteken|nummerplade|rekisterinumero|license plate|licence plate|number plate|registration plate|license tag|vehicle tag|vehicle reg|car reg|vehicle registration|car registration",
        (1, 7),
        value=_PLATE,
    ),
    Kind(NATIONAL_ID, "reg|targa|plaka", (1, 5), value=_COUNTRY_PLATE),
    Kind(NATIONAL_ID, "license plate|licence plate|number plate|registration plate|plate", (2, 7)),
    Kind(
        NATIONAL_ID,
        "national id|national identity|national identification|identity card|id card|national insurance|"
        "residence permit|green card|alien registration|alien|uscis|a-number|aadhaar|aadhar|uidai|voter id|known traveler|known traveller|ktn|redress",
        (5, 18),
    ),
    Kind(NATIONAL_ID, "ni", (6, 6), named=True),
    # letters and digits together are no count, and no year
    Kind(
        NATIONAL_ID,
        "passport|medicare|medicaid|driver's license|drivers license|driver license|driver's licence|driving licence|driving license",
        (5, 16),
        value=_MIXED,
    ),
    Kind(
        NATIONAL_ID,
        "dvla|driving licence|driver's licence|licence",
        (7, 12),
        value=re.compile(
            "[A-Z9]{5} ?[0-9]{3} ?[0-9]{3} ?[A-Z9]{2}[0-9A-Z][A-Z0-9]{1,2}(?: ?[0-9]{2})?|[A-Z9]{5} ?[0-9]{6}[A-Z0-9]{5}(?: ?[0-9]{2})?"
        ),
    ),
    Kind(NATIONAL_ID, "dl|driver lic|drivers lic", (6, 16), bare=True),
    Kind(NATIONAL_ID, "vin|vehicle identification|chassis", (5, 17)),
    Kind(NATIONAL_ID, "imei|imsi|iccid", (14, 20)),
    # banks
    Kind(
        PAYMENT_ID,
        "bank account|checking account|savings account|iban|bban|international bank account|kontonummer|kontonr|konto-nr|bankkonto|numéro de compte|"
        "cuenta corriente|cuenta bancaria|número de cuenta|código cuenta corriente|clave bancaria uniforme|conto corrente|"
        "rekeningnummer|bankgiro|plusgiro|číslo účtu|numer konta|tilinumero",
        (6, 30),
        dated=False,
        value=_ACCOUNT,
    ),
    Kind(PAYMENT_ID, "rib|cbu|cvu|clabe", (16, 24), dated=False, value=_ACCOUNT),
    Kind(
        PAYMENT_ID,
        "wallet|wallet address|wallet id|bitcoin|bitcoin address|btc|btc address|ethereum|ethereum address|eth|eth address|litecoin|litecoin address|ltc|"
        "dogecoin|dogecoin address|ripple|xrp|solana|solana address|monero|xmr|tron|usdt|usdc|crypto address|deposit address",
        (1, 95),
        value=_WALLET,
    ),
    Kind(PAYMENT_ID, "routing|aba routing|aba|routing transport|rtn", (6, 30)),
    Kind(PAYMENT_ID, "sort code", (6, 6), dated=False),
    Kind(PAYMENT_ID, "acct|account|policyholder account", (6, 20), named=True),
    Kind(
        PAYMENT_ID,
        "card|card with|credit card|debit card|bank card|visa|maestro|mastercard|amex|american express|discover|kreditkarte|kreditkartennummer|kartennummer|"
        "ec-karte|carte|carte bancaire|carte de crédit|numéro de carte|tarjeta|cartão",
        (12, 19),
        bare=True,
    ),
    Kind(SECRET, "cvv|cvv2|cvc|cvc2|csc|card security code|card verification", (3, 4)),
    # telephones
    Kind(PHONE, "callback|call back|phone|telephone|mobile|cell|cellphone|fax|whatsapp|contact|my number", (7, 15)),
    Kind(PHONE, _REACHED_SOMEBODY, (6, 15), value=_SAID_PHONE),
    Kind(PHONE, _REACHED, (7, 15), value=_SAID_PHONE, counts=True),
    Kind(
        PHONE,
        "call|calls|called|call back|callback|cb|dial|ring|vm|voicemail|tel|tel.|ph|ph.|phone|cell|mobile",
        (7, 10),
        bare=True,
        value=_SHAPED_PHONE,
    ),
    Kind(
        PHONE,
        "tel|tel.|tél|tél.|telf|telf.|tlf|tlf.|tfno|tfno.|telefon|telefono|teléfono|telefone|telefoon|téléphone|telephone|telefonnummer|"
        "rufnummer|handy|handynummer|mobilnummer|natel|móvil|celular|cellulare|whatsapp|puhelin",
        (7, 15),
        bare=True,
        value=_GROUPED_PHONE,
    ),
    Kind(
        PHONE,
        "mob|mob.|mobil|mobile|móv|movil|cel|cel.|cell|gsm|port.|portable|wa|ph|ph.|fon|fone|fijo|fixe|festnetz|phone|call|ring|text|dial",
        (8, 15),
        bare=True,
        value=_DIALLED_PHONE,
    ),
    # customers
    Kind(
        USER_ID,
        "frequent flyer|frequent flier|loyalty|rewards|mileage plus|mileageplus|skymiles|aadvantage|subscriber id|"
        "policyholder id|student id|student|badge|membership|member id",
        (4, 16),
        named=True,
    ),
    Kind(
        USER_ID,
        "member id|patient id|subscriber id|insured id|employee id|emp id|staff id|student id|payroll id|personnel id|"
        "customer id|enrollee id|beneficiary id",
        (4, 16),
        bare=True,
    ),
    Kind(
        USER_ID,
        "member no|member number|patient no|patient number|subscriber no|subscriber number|employee no|employee number|"
        "emp no|emp. no|staff no|staff number|student no|student number|payroll no|payroll number|personnel no|"
        "personnel number|customer no|customer number",
        (4, 16),
        bare=True,
    ),
    Kind(
        USER_ID,
        "eurobonus|bonvoy|avios|skywards|krisflyer|aeroplan|miles & more|flying blue|hilton honors|world of hyatt|"
        "mileage plan|rapid rewards|trueblue|asia miles|clubcard|skymiles|aadvantage|mileageplus|frequent flyer|loyalty",
        (7, 16),
        bare=True,
        value=_ANY_NUMBER,
    ),
    Kind(
        NATIONAL_ID,
        "passport|driver's license|drivers license|driver license|driver's licence|drivers licence|driving licence|driving license|national id|"
        "national identity|license number|licence number|taxpayer id|tax id|tax reference|national insurance|national health service|social insurance|sin|identity card|"
        "id card|residence permit|travel document",
        (7, 20),
        dated=False,
        value=STATE_NUMBER,
    ),
    Kind(
        NATIONAL_ID,
        "nino|ni number|ni no|national insurance",
        (6, 6),
        value=re.compile("[A-Za-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]"),
    ),
    # the world's
    Kind(NATIONAL_ID, DESCRIBED, (7, 24), dated=False, value=STATE_NUMBER, called=True),
    Kind(NATIONAL_ID, SURE, (6, 24), dated=False, value=STATE_NUMBER),
    *(
        Kind(NATIONAL_ID, phrases, (4, 24), dated=False, value=shape, said=said, counts=True)
        for said, names in (("capitals", OFTEN), ("sign", COUNTED))
        for phrases, shape in names
    ),
)  # fmt: skip
"""In the order in which they are believed."""

"""What the states of the world call the numbers that they give to people: "BSN", "codice fiscale", "rodné číslo", "ИНН".

In an English sentence they are called so too ("my PESEL is …"), so no language has to be told first. A name that nothing
else has is enough with any number behind it. One that means other things too ("RFC 7231", "Nik", "cette nuit") needs the
length or the shape of that state's number, and has to be said as the name of one: in capitals, as somebody's, with a sign.
"""

# ruff: noqa: RUF001 - letters of other alphabets are what is looked for

from __future__ import annotations

import re
import unicodedata
from typing import Final

NO_DATE: Final = (
    r"(?!(?:19|20)[0-9]{2}[-./][01]?[0-9][-./][0-3]?[0-9](?![0-9])|[0-3]?[0-9][-./][01]?[0-9][-./](?:19|20)[0-9]{2}(?![0-9])"
    r"|(?:19|20)[0-9]{2} (?:[0-9]{4}(?![0-9 -])|[01]?[0-9] [0-3]?[0-9](?![0-9]))|[0-9]{1,3}\.[0-9]{4,20}(?![0-9./-])"
    r"|(?:19|20)[0-9]{2}(?:[ ,/-](?:19|20)[0-9]{2})+(?![0-9])|20[0-4][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{6}|[ T-][0-9]{4,6})?(?![0-9])"
    r"|[0-9]{1,2}(?: [0-9](?![0-9])){2}|[0-9]{1,2}(?: [0-9]{1,2}){2,9}(?![ ./-]?[0-9A-Z])|[0-9]{1,3}(?:[ .][0-9]{3}){0,3}[ .]000(?![0-9-])|[1-9][0-9]{0,5}000000(?![0-9]))"
)
"""Nor a year before something, years in a row, a moment, a fraction, an enumeration, a round number."""
STATE_NUMBER: Final = re.compile(
    rf"{NO_DATE}(?:(?:[A-Z]{{1,3}}[ -]?(?:[A-Z][ -])?|[a-z]{{1,2}}-?)?[0-9]"
    r"(?:[ ./+-]?[0-9]|[ -]?[A-Z]{1,3}(?=[ -]?[0-9])|[A-Za-z]{1,3}(?![A-Za-z])|[ -][A-Z](?![A-Za-z])){5,24}"
    r"|[A-Z&Ñ]{3,6}[ -]?[0-9](?:[ -]?[A-Z0-9]){3,14})"
)
"""Digits in groups, with a few letters, or letters first: 85.07.30-033 28, 131052-308T, RCCMNL83S18D969H."""
_SURE: Final = (
    # Europe
    "burgerservicenummer|sofinummer|onderwijsnummer|identiteitskaartnummer|paspoortnummer|rijksregisternummer|"
    "numéro de registre national|numéro fiscal|numéro de sécurité sociale|"
    "codice fiscale|pesel|nr pesel|rodné číslo|rodné č.|r.č.|henkilötunnus|personnummer|"
    "fødselsnummer|fodselsnummer|d-nummer|cpr-nr|cpr-nummer|kennitala|isikukood|asmens kodas|personas kods|"
    "osobni identifikacijski broj|matični broj|enotna matična številka|davčna številka|cod numeric personal|егн|лнч|"
    "единен граждански номер|αμκα|αφμ|α.φ.μ.|αριθμός μητρώου|αριθμός μητρώου κοινωνικής ασφάλισης|αριθμός φορολογικού μητρώου|adóazonosító|adóazonosító jel|taj szám|taj-szám|személyi szám|"
    "ppsn|pps number|personal public service|unique taxpayer reference|ahv-nummer|vsnr|"
    "sozialversicherungsnummer|versicherungsnummer|abgabenkontonummer|identifikationsnummer|steuernummer|st.-nr.|steuer-id|"
    "krankenversichertennummer|krankenversichertennr|versichertennummer|"
    "fahrerlaubnisnummer|führerscheinnummer|rentenversicherungsnummer|rvnr|arztnummer|lebenslange arztnummer|"
    "betriebsstättennummer|steuer-nr|steuernr|steuer nr|st-nr|st.-nr|steueridentifikation|steuer-identifikation|steuer identifikation|"
    "steuerliche identifikation|sv-nummer|patente di guida|licenza di guida|passaporto|carta d'identità|carta di identità|tessera sanitaria|"
    "samordningsnummer|numéro d'assurance sociale|numéro nas|nüfus cüzdanı|tc no|t.c. no|vatandaşlık|"
    "numéro fiscal de référence|инн|снилс|инн физлица|паспорт|серия и номер паспорта|номер паспорта|рнокпп|іпн|"
    "реєстраційний номер|идентификационный номер налогоплательщика|идентификационный номер|"
    "t.c. kimlik|tc kimlik|kimlik|tckn|vergi kimlik|numri i identifikimit|número de registre tributari|identifikimit për personin e tatueshëm|"
    # America
    "cpf|cadastro de pessoas físicas|código único de identificación|código único de identificación tributaria|clave única de registro|clave única de registro de población|rol único|rol único tributario|rol único nacional|r.u.t.|"
    "cédula|cédula de identidad|cédula de ciudadanía|cédula de residencia|cédula de extranjería|cédula de persona|cédula de persona física|cédula única|cédula única de identidad|cédula profesional|"
    "número de identidad|documento nacional de identidad|documento de identidad|número de identificación|número de identificación tributaria|número de identificación fiscal|número de identificación nacional|número de identificação|"
    "número de identificação fiscal|registro de identificación|registro de identificación fiscal|registro único de contribuyentes|registro único tributario|registro federal de contribuyentes|"
    "título de eleitor|pasep|carteira de trabalho|cartão de cidadão|cartão do cidadão|clave de elector|"
    "número de seguridad social|número de afiliación|personal health number|"
    # Asia, Africa, Oceania
    "aadhaar|aadhar|uidai|electoral photo identity card|unique master citizen|abha id|nric|nric/fin|mykad|nomor induk kependudukan|"
    "cnic|nicop|philsys|philhealth|pag-ibig|căn cước|căn cước công dân|mã số thuế|"
    "teudat zehut|teudat-zehut|mispar zehut|תעודת זהות|מספר זהות|ת.ז.|ת\"ז|الرقم القومي|رقم الهوية|"
    "주민등록번호|외국인등록번호|외국인번호|여권|여권번호|운전면허|운전면허번호|면허번호|"
    "ghana card|huduma|kra pin|ird number"
)  # fmt: skip


def _digits(least: int, most: int) -> str:
    """That many of them, in whatever groups."""
    return rf"[0-9](?:[ ./-]?[0-9]){{{least - 1},{most - 1}}}(?![ ./-]?[0-9])"


_OFTEN: Final = (
    ("bsn|nuit|lanr|bsnr|tfn", _digits(8, 9)),
    ("cpr|egn|pnf|svnr|phn|ohip", _digits(10, 10)),
    ("niss|insz|oib|amka|bvn|snils|cuit|cuil", _digits(11, 11)),
    ("nin", rf"{_digits(11, 11)}|[A-Z]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[0-9]{{2}} ?[A-D]"),
    ("cnp|emšo|jmbg|avs|ahv", _digits(13, 13)),
    ("vsnr|vnr", rf"[0-9]{{2}} ?[0-9]{{6}} ?[A-Z] ?[0-9]{{3}}|{_digits(9, 10)}"),
    ("idnr", _digits(9, 13)),
    ("kvnr|egk", "[A-Z] ?[0-9]{9}"),
    ("hetu", "[0-9]{6}[-+A-F][0-9]{3}[0-9A-Z]"),
    ("nrt", "[A-Z]-?[0-9]{6}-?[A-Z]"),
    ("nipt|nuis", "[A-Z][0-9]{8}[A-Z]"),
    ("rut", r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-[0-9Kk]|[0-9]{7,8}[Kk]|[0-9]{12}"),
    ("dni", r"[0-9]{8}[ -]?[A-Z]|[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}"),
    ("nie", "[XYZ][ -]?[0-9]{7}[ -]?[A-Z]"),
    ("nif", "[A-Z]?[ -]?[0-9]{7,8}[ -]?[A-Z]|[A-Z][0-9]{8}|[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    ("medicare", "[2-6][0-9]{3} [0-9]{5} [0-9](?:[ /-]?[0-9])?"),
    ("ihi", _digits(16, 16)),
    ("nik|ktp", _digits(16, 16)),
    ("npwp", _digits(15, 16)),
    ("umid|abha|emirates id|civil id|iqama", _digits(10, 15)),
    ("cccd|cmnd", _digits(9, 12)),
    ("curp", "[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z][0-9]"),
    ("patente", "[A-Z]{2} ?[0-9]{7} ?[A-Z]|U1[A-Z0-9]{7}[A-Z]"),
    ("fahrerlaubnis|gesundheitskarte|dokumentennummer|ausweisdokument", "(?=[A-Z0-9]{0,9}[0-9])(?=[0-9]{0,10}[A-Z])[A-Z0-9]{9,11}"),
    (
        "numéro national|registre national|matricule national|sécurité sociale|assurance sociale|krankenversicherung|rentenversicherung|"
        "versichertenausweis|health card|voter id|nuip",
        rf"{_digits(9, 15)}|(?:[0-9][ ./-]?){{0,8}}[A-Z][ ./-]?{_digits(3, 10)}",
    ),
    ("hkid", r"[A-Z]{1,2} ?[0-9]{6} ?\(?[0-9A]\)?"),
    ("ptin", "P-?[0-9]{8}"),
    ("pan|pan card|pan number|pan no", "[A-Z]{5}[0-9]{4}[A-Z]"),
    ("epic|epic no|epic number", "[A-Z]{3}[0-9]{7}"),
    (
        "nit|n.i.t.",
        r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]|[0-9]{1,3}\.[0-9]{3}\.[0-9]{3}-?[0-9K]|(?:SV ?)?[0-9]{4}-?[0-9]{6}-?[0-9]{3}-?[0-9]|[0-9]{6,8}-?[0-9K]",
    ),
    ("rfc", "[A-ZÑ&]{3,4}[ -]?[0-9]{6}[ -]?(?=[A-Z]{0,2}[0-9])[A-Z0-9]{3}|[A-ZÑ&]{4}[0-9]{6}"),
    ("rif", "[VEJPGvejpg]-?[0-9]{8}-?[0-9]"),
    ("c.i.|cui|cédula", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9]|[0-9]{7,9}-[0-9]"),
    ("ci", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9]"),
    ("cc|cartão", "[0-9]{8} ?[0-9] ?[A-Z]{2}[0-9]"),
    ("nn|bis|rn", r"[0-9]{2}\.[01][0-9]\.[0-3][0-9][ -][0-9]{3}[ .-][0-9]{2}"),
    ("eid|e-id", "[0-9]{3}-[0-9]{7}-[0-9]{2}|784-?[0-9]{4}-?[0-9]{7}-?[0-9]"),
    ("rč|rc|rod. č.|rod.č.", "[0-9]{6}/[0-9]{3,4}"),
    ("pin", "[AP][0-9]{9}[A-Z]|[0-9][ -][0-9]{4}[ -][0-9]{5}[ -][0-9]{2}[ -][0-9]"),
    ("pps|pps no", "[0-9]{7}[A-W][A-IW]?"),
    ("fin|nric/fin", "[STFGMstfgm][0-9]{7}[A-Za-z]"),
    ("rg", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Xx]"),
)  # fmt: skip
_COUNTED: Final = (
    ("vid|virtual id", "[0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4}"),
    ("ci", "[0-9]{9}-[0-9]"),
    ("ruc", "[0-9]{10,13}|[0-9]{5,8}-[0-9]"),
    ("dui", "[0-9]{8}-?[0-9]"),
    ("mst", r"[0-9]{10}(?:-?[0-9]{3})?|[0-9]{2}\.[0-9]{2}\.[0-9]{3}\.[0-9]{3}"),
    ("tin|tax id", "[0-9]{3}-?[0-9]{3}-?[0-9]{3}(?:-?[0-9]{3,5})?|[A-Z][0-9]{10}|[0-9]{9,13}"),
    ("ni", "[0-9]{11}"),
    ("peid", "[0-9]{11}"),
    ("inn|utr|pis|nis|sss|sss no|qid|rrn|sa id", "[0-9]{9,13}|[0-9]{2,6}[ .-][0-9]{4,7}(?:[ .-][0-9]{1,2})?"),
    ("frn|crn|nas|bir", "[0-9]{9,13}|[0-9]{3,6}[ -][0-9]{3,7}(?:[ -][0-9]{1,3}){0,2}"),
    ("ird", "(?:NZ ?)?[0-9]{2,3}-?[0-9]{3}-?[0-9]{3}|[0-9]{7}-[0-9]"),
)
DESCRIBED: Final = (
    "personal|citizen|national|resident|citizenship|identity|identification|personal identity|personal identification|national identity|"
    "national identification|citizen identification|resident registration|foreigner registration|alien registration|birth|"
    "tax|tax identification|taxpayer|taxpayer identification|taxpayer registration|fiscal|"
    "social security|social insurance|master citizen|identity card|identity document|id document|id card|voter|civil registration|"
    "national insurance|national health service|national register|student identification|travel document|tax registration|tax file|income tax|work permit|residence permit|"
    "permanent account|common reference|inland revenue|family register|traffic register|"
    "medical license|medical licence|health insurance"
)
"""What such numbers are called in English, without the word "number" or "code"."""


def _plain(phrases: str) -> str:
    """Those phrases, and those that are written without their accents."""
    every = phrases.split("|")
    bare = ("".join(c for c in unicodedata.normalize("NFKD", one) if not unicodedata.combining(c)) for one in every)
    return "|".join(dict.fromkeys([*every, *(one for one in bare if one.isascii())]))


SURE: Final = _plain(_SURE)
"""Names that nothing else has, parted by `|`."""


def _compiled(names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((_plain(phrases), re.compile(rf"{NO_DATE}(?:{shape})(?![0-9A-Za-z])")) for phrases, shape in names)


OFTEN: Final = _compiled(_OFTEN)
"""Names that mean other things too, with the shapes of their numbers."""
COUNTED: Final = _compiled(_COUNTED)
"""Those of which the shape says little, so that capitals are not enough: "NIS 1000000000", "12:00 MST 1234567890"."""

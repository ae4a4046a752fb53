"""German."""

from __future__ import annotations

from typing import Final

from agentlog.redaction.languages.checks import german_identity_card, german_tax_number
from agentlog.redaction.languages.table import IdNumber, Language

_WORD: Final = r"[A-ZÄÖÜ][\wß.-]{1,30}"
_NUMBER: Final = r"[0-9]{1,4}(?: ?[a-z])?(?:[-/][0-9]{1,4}[a-z]?)?(?![\w.,]?[0-9A-Za-z])"
_SMALL: Final = r"(?:an der|am|im|in der|ob der|bei|vor der|unter)"
_CITY: Final = rf"(?:(?:Bad|Sankt|St\.|Alt|Neu) )?[A-ZÄÖÜ][\wß-]{{1,30}}(?: {_SMALL} [A-ZÄÖÜ][\wß-]{{1,30}}| \([A-ZÄÖÜ]\w{{1,20}}\))?"
_CODE_CITY: Final = rf"(?:D-|DE-|A-|CH-)?[0-9]{{4,5}} {_CITY}"
_TAIL: Final = rf"(?:(?:,|\n|, ?\n)? ?{_CODE_CITY})?"
_STREET: Final = (
    r"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|[Dd]amm|[Uu]fer|[Cc]haussee|[Ss]teig)"
)
_NO_STREET: Final = r"(?!Sitz|Park|Arbeits|Stell|Speicher|Stand|Lager|Schlaf|Liege)"

GERMAN: Final = Language(
    "de",
    signs="und|der|ich|ist|nicht|auf|für|bitte|ihre|ihr|sie|wir|eine|einen|mein|meine|zum|zur|wird|wurde|herr|"
    "frau|kunde|kundin|rechnung|lieferung|anschrift|adresse|straße|wohnhaft|telefon|geburtsdatum|"
    "termin|geb|plz|mfg|steuerid|unter|nach|oder|haben|kein|keine|heiße|wohne|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    titles="herr|herrn|frau|fräulein|dr.|prof.|professor|professorin|doktor|dipl.-ing|familie|med.|jur.|phil.|h.c.",
    names="mein name ist|ich heiße|ich heisse|ich bin der|ich bin die|auf den namen|im namen von|unter dem namen|"
    "vorname|nachname|familienname|geburtsname|vollständiger name|kontoinhaber|kontoinhaberin|karteninhaber|"
    "karteninhaberin|empfänger|empfängerin|absender|ansprechpartner|ansprechpartnerin|unterzeichnet von|gez.|"
    "spreche ich mit|hier spricht|liebe|lieber|z. hd.|zu händen",
    roles="kunde|kundin|patient|patientin|mitarbeiter|mitarbeiterin|kollege|kollegin|reisende|reisender|passagier|"
    "passagiere|fahrgast|gast|gäste|mieter|mieterin|vermieter|versicherte|versicherter|versicherte person|"
    "versicherungsnehmer|versicherungsnehmerin|antragsteller|antragstellerin|bewerber|bewerberin|mitglied|nutzer|"
    "nutzerin|mann|ehemann|ehefrau|tochter|sohn|mutter|vater|bruder|schwester|partner|partnerin|rechnung an|"
    "lieferung an|notfallkontakt|kontaktperson|teilnehmer|teilnehmerin|schüler|schülerin|vorgesetzte|anwalt|"
    "anwältin|rechtsanwalt|rechtsanwältin|arzt|ärztin|fahrer|fahrerin|mandant|mandantin|klient|klientin|zeuge|zeugin|schuldner|schuldnerin|hallo|guten tag|guten morgen|guten abend",
    closings="mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße|freundlichen grüßen|viele grüße|"
    "vielen grüßen|beste grüße|besten grüßen|liebe grüße|lieben grüßen|herzliche grüße|schöne grüße|hochachtungsvoll|"
    "mfg|vg|lg|mit besten grüßen",
    joints="und|sowie",
    copulas="ist|heißt|lautet|war|sind",
    not_names="sie|ihr|ihre|ihren|ihrem|ihrer|ich|wir|es|der|die|das|den|dem|des|und|oder|in|im|am|an|auf|mit|von|für|"
    "bitte|vielen|danke|guten|tag|team|kunde|kundin|damen|herren|damen und herren|kollegen|kolleginnen|alle|nummer|"
    "termin|rechnung|tel|telefon|mobil|handy|fax|geb|geboren|straße|adresse|anschrift|herr|frau|was|wie|wo|wann|kann|"
    "können|könnten|haben|hat|ist|sind|welt|zusammen|support|service|kundenservice|kundendienst|nr|datum|betreff|vorname|nachname|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    phones="tel|telefon|telefonnummer|telefonnr|telefonisch|handy|handynummer|mobil|mobilnummer|mobiltelefon|rückruf|"
    "rückrufnummer|rufnummer|festnetz|durchwahl|fax|erreichbar|erreichen|anrufen|rufen",
    phone=r"(?<![\w+.,/-])\(?0[1-9][0-9]{1,4}\)?[ /-]{1,3}[0-9]{2,8}(?:[ -][0-9]{1,6}){0,3}(?![0-9]|[.,-][0-9])",
    births="geboren|geboren am|geb|geb. am|geburtsdatum|geburtstag|geburtsdaten|jahrgang",
    months="januar jan jänner|februar feb feber|märz mär maerz mrz|april apr|mai|juni jun|juli jul|august aug|"
    "september sep sept|oktober okt|november nov|dezember dez",
    addresses="anschrift|adresse|wohnhaft|wohne|wohnt|wohnen|wohnort|lieferadresse|rechnungsadresse|postanschrift|"
    "lieferanschrift|rechnungsanschrift|meldeadresse|privatadresse|liefern|senden|schicken|zustellen|umgezogen",
    place=rf"(?<!\w)(?:{_WORD} ){{0,2}}?{_NO_STREET}(?:[A-ZÄÖÜ][\wß.-]{{0,30}}?)?{_STREET} {_NUMBER}{_TAIL}"
    rf"|(?<!\w)(?:(?:An der|In der|In den|Unter den|Auf der|Auf dem|Hinter der) )?(?:{_WORD} ){{1,3}}{_NUMBER}(?:,|\n|, ?\n) ?{_CODE_CITY}",
    place_behind=rf"(?:(?:{_WORD}|an|der|den|dem|von|zum|zur) ){{1,5}}{_NUMBER}{_TAIL}|{_CODE_CITY}",
    postcodes="plz|postleitzahl",
    postcode=r"(?:D-)?[0-9]{4,5}(?![0-9])",
    ids=(
        IdNumber(
            "steuer-id|steuerid|steueridentifikationsnummer|steuer-identifikationsnummer|steueridentnummer|steuer-idnr|"
            "idnr|identifikationsnummer|steuerliche identifikationsnummer",
            r"[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
            german_tax_number,
            r"(?<![\w.,-])[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}(?![\w-])",
        ),
        IdNumber(
            "personalausweis|personalausweisnummer|ausweisnummer|ausweis-nr|ausweisnr|personalausweis-nr|ausweis|"
            "reisepass|reisepassnummer|passnummer|pass-nr|führerschein|führerscheinnummer|führerschein-nr|"
            "aufenthaltstitel|seriennummer des ausweises",
            r"(?=[A-Z0-9]{0,9}[0-9])[A-Z0-9]{9,11}(?![0-9A-Za-z])",
            german_identity_card,
            r"(?<![\w-])[CFGHJKLMNPRTVWXYZ](?=[A-Z0-9]{0,8}[A-Z])(?=[A-Z0-9]{0,7}[0-9]{2})[0-9CFGHJKLMNPRTVWXYZ]{8}[0-9](?![\w-])",
        ),
        IdNumber("steuernummer|steuer-nr|steuernr|st.-nr", r"[0-9]{2,3}[ /]?[0-9]{3}[ /]?[0-9]{4,5}(?![0-9])"),
        IdNumber(
            "sozialversicherungsnummer|rentenversicherungsnummer|sv-nummer|sv-nr|rentennummer",
            r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}(?![0-9])",
        ),
        IdNumber(
            "krankenversichertennummer|versichertennummer|versicherten-nr|krankenversicherungsnummer|kvnr",
            r"[A-Z] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
        ),
    ),
)
"""The table of German."""

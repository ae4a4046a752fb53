"""German."""

from __future__ import annotations

from typing import Final

from agentlog.redaction.entities import USER_ID
from agentlog.redaction.languages.checks import (
    german_health_insurance,
    german_identity_card,
    german_pension_insurance,
    german_tax_number,
)
from agentlog.redaction.languages.table import IdNumber, Language

_WORD: Final = r"[A-ZÄÖÜ][\wß.-]{1,30}"
_NUMBER: Final = r"[0-9]{1,4}(?: ?[a-z])?(?:[-/][0-9]{1,4}[a-z]?)?(?![\w.,]?[0-9A-Za-z])"
_SMALL: Final = r"(?:an der|am|im|in der|ob der|bei|vor der|unter)"
_CITY: Final = rf"(?:(?:Bad|Sankt|St\.|Alt|Neu) )?[A-ZÄÖÜ][\wß-]{{1,30}}(?: {_SMALL} [A-ZÄÖÜ][\wß-]{{1,30}}| \([A-ZÄÖÜ]\w{{1,20}}\))?"
_CODE_CITY: Final = rf"(?:D-|DE-|A-|CH-)?[0-9]{{4,5}} {_CITY}"
_HOUSE: Final = r"(?:, ?(?:Hinterhaus|Vorderhaus|Seitenflügel|HH|VH|Haus [0-9A-Z]{1,3}|[0-9]\. (?:OG|Stock|Etage)|EG|Whg\.? ?[0-9]{1,4}|Wohnung [0-9]{1,4}|App\.? ?[0-9]{1,4}|Apartment [0-9]{1,4})){0,2}"
_TAIL: Final = rf"{_HOUSE}(?:(?:,|\n|, ?\n| in)? ?{_CODE_CITY})?"
_STREET: Final = (
    r"(?:[Ss]traße|[Ss]trasse|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|[Dd]amm|[Uu]fer|[Cc]haussee|[Ss]teig)"
)
_NO_STREET: Final = r"(?!Sitz|Park|Arbeits|Stell|Speicher|Stand|Lager|Schlaf|Liege)"

_POLICY: Final = r"(?<![0-9][./-])(?![0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}(?![0-9])|(?:19|20)[0-9]{2}[./-]|[0-9]{1,3}(?:[.][0-9]{3}){1,3}(?![0-9.-]))(?:[A-Z]{1,5}[ -]?)?[0-9](?:[ ./-]?[A-Z0-9]){5,19}(?![0-9A-Za-z])"
"""How insurers number their contracts: digits in groups, with a few letters."""
_PLATE: Final = r"(?:[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[0-9]{1,4}[EH]?|[A-ZÄÖÜ]{1,2}[ -][0-9]{1,6}(?: ?[A-Z]{1,3})?|[A-Z]{1,3} ?[0-9]{2,6})(?![0-9A-Za-z])"
"""License plates of Germany, Austria and Switzerland."""

GERMAN: Final = Language(
    "de",
    signs="und|der|ich|meiner|meinem|ihren|ihrem|dem|den|des|vom|beim|bei|seit|sind|habe|hat|kann|noch|nur|auch|wenn|dass|heißt|lautet|ist|nicht|auf|für|bitte|ihre|ihr|sie|wir|eine|einen|mein|meine|zum|zur|wird|wurde|herr|"
    "frau|kunde|kundin|rechnung|lieferung|anschrift|adresse|straße|wohnhaft|telefon|geburtsdatum|"
    "termin|geb|plz|mfg|steuerid|unter|nach|oder|haben|kein|keine|heiße|wohne|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    weak="das|es|zu|mit|im|von|hier|als|vor|steht|liegt|kommt|zur|bis|aus",
    titles="herr|herrn|hr.|fr.|hrn.|frau|fräulein|rechtsanwalt|rechtsanwältin|kollege|kollegin|dr.|prof.|professor|professorin|doktor|dipl.-ing|dipl.-kfm|mag.|ing.|familie|fam.|eheleute|med.|dent.|rer.|nat.|jur.|phil.|h.c.",
    names="mein name ist|ich heiße|ich heisse|name, vorname|vorname, name|geborene|geb. name|mädchenname|rufname|auf den namen|im namen von|unter dem namen|"
    "vorname|nachname|familienname|geburtsname|vollständiger name|kontoinhaber|kontoinhaberin|karteninhaber|"
    "karteninhaberin|empfänger|empfängerin|absender|ansprechpartner|ansprechpartnerin|unterzeichnet von|gez.|"
    "spreche ich mit|hier spricht|da spricht|am apparat|liebe|lieber|z. hd.|z.hd.|zu händen|c/o",
    selves="hier ist|ich bin|ich bin's|bin der|bin die|heißt|heisst|nennt sich",
    articles="der|die|den|dem|das",
    roles="halter|halterin|halter des fahrzeugs|fahrzeughalter|fahrzeughalterin|unfallgegner|unfallgegnerin|inhaber|inhaberin|eigentümer|eigentümerin|nachbar|nachbarin|kunde|kundin|patient|patientin|mitarbeiter|mitarbeiterin|kollege|kollegin|reisende|reisender|passagier|"
    "passagiere|fahrgast|gast|gäste|mieter|mieterin|vermieter|versicherte|versicherter|versicherte person|"
    "versicherungsnehmer|versicherungsnehmerin|antragsteller|antragstellerin|bewerber|bewerberin|mitglied|nutzer|"
    "nutzerin|mann|ehemann|ehefrau|tochter|sohn|mutter|vater|bruder|schwester|oma|opa|großmutter|großvater|enkel|enkelin|schwiegermutter|schwiegervater|schwager|schwägerin|tante|onkel|neffe|nichte|cousin|cousine|kind|lebensgefährte|lebensgefährtin|verlobte|verlobter|mama|papa|freund|freundin|pate|patin|betreuer|betreuerin|bevollmächtigte|bevollmächtigter|hausmeister|vormieter|nachmieter|nachmieterin|untermieter|angehörige|angehöriger|zeugen|pfarrer|pfarrerin|pastor|richter|richterin|notar|notarin|kläger|klägerin|beklagter|beklagte|beschuldigter|beschuldigte|geschädigte|geschädigter|dolmetscher|dolmetscherin|azubi|praktikant|praktikantin|lehrer|lehrerin|erzieherin|trainer|trainerin|partner|partnerin|rechnung an|"
    "lieferung an|notfallkontakt|kontaktperson|teilnehmer|teilnehmerin|schüler|schülerin|vorgesetzte|anwalt|"
    "anwältin|rechtsanwalt|rechtsanwältin|arzt|ärztin|fahrer|fahrerin|mandant|mandantin|klient|klientin|zeuge|zeugin|schuldner|schuldnerin|hallo|guten tag|guten morgen|guten abend",
    closings="mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße|freundlichen grüßen|viele grüße|"
    "vielen grüßen|beste grüße|besten grüßen|liebe grüße|lieben grüßen|herzliche grüße|schöne grüße|hochachtungsvoll|"
    "mfg|vg|lg|mit besten grüßen",
    joints="und|sowie",
    copulas="ist|heißt|lautet|war|sind",
    not_names="premium|meinung|sie|ihr|ihre|ihren|ihrem|ihrer|ich|wir|es|der|die|das|den|dem|des|und|oder|in|im|am|an|auf|mit|von|für|"
    "bitte|vielen|danke|guten|tag|team|kunde|kundin|damen|herren|damen und herren|kollegen|kolleginnen|alle|nummer|"
    "termin|rechnung|tel|telefon|mobil|handy|fax|geb|geboren|straße|adresse|anschrift|herr|frau|was|wie|wo|wann|kann|"
    "können|könnten|haben|hat|ist|sind|welt|zusammen|support|service|kundenservice|kundendienst|nr|datum|betreff|vorname|nachname|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    phones="tel|telnr|tel-nr|mobilnr|handynr|telefon|telefonnummer|telefonnr|telefonisch|handy|handynummer|mobil|mobilnummer|mobiltelefon|rückruf|"
    "rückrufnummer|rufnummer|festnetz|durchwahl|fax|erreichbar|erreichen|anrufen|rufen",
    phone=r"(?<![\w+.,/-])\(?0[1-9][0-9]{1,4}\)?[ /-]{1,3}[0-9]{2,8}(?:[ -][0-9]{1,6}){0,3}(?![0-9]|[.,-][0-9])",
    births="(*|(* |geb.-datum|geb.datum|geb-datum|geb.-dat.|gebdat|geboren|geboren am|geb|geb. am|geburtsdatum|geburtstag|geburtsdaten|jahrgang",
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
            "sozialversicherungsnummer|sozialversicherungsnr|rentenversicherungsnummer|rentenversicherungsnr|sv-nummer|sv-nr|svnr|rv-nummer|rv-nr|rvnr|rentennummer",
            r"[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{2} ?[0-9](?![0-9])|[0-9]{4} ?[0-9]{6}(?![0-9])",
            german_pension_insurance,
            r"(?<![\w.,/-])[0-9]{2} ?[0-3][0-9][01][0-9]{3} ?[A-Z] ?[0-9]{2} ?[0-9](?![\w-])",
        ),
        IdNumber(
            "kennzeichen|amtliches kennzeichen|amtlichen kennzeichen|kfz-kennzeichen|autokennzeichen|nummernschild|polizeiliches kennzeichen|kontrollschild",
            _PLATE,
            near=20,
        ),
        IdNumber(
            "police|policennummer|policen-nr|policennr|versicherungsschein|versicherungsscheinnummer|versicherungsschein-nr|versicherungsscheinnr|"
            "versicherungsnummer|versicherungsnr|versicherungs-nr|vsnr|vs-nr|haftpflichtversicherung",
            _POLICY,
            near=20,
        ),
        IdNumber(
            "bahncard|bahncard-nummer|bahncardnummer", r"[0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4}(?![0-9])", near=16
        ),
        IdNumber(
            "personalnummer|personalnr|personal-nr|mitarbeiternummer", r"[0-9]{4,10}(?![0-9])", near=6, entity=USER_ID
        ),
        IdNumber(
            "krankenversichertennummer|krankenversichertennr|versichertennummer|versicherten-nr|versichertennr|krankenversicherungsnummer|"
            "krankenversicherungsnr|kvnr|kv-nummer|kv-nr|egk|gesundheitskarte|krankenkassennummer|versicherungsnummer der krankenkasse",
            r"[A-Z] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
            german_health_insurance,
            r"(?<![\w.,/-])[A-Z] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![\w-])",
        ),
    ),
)
"""The table of German."""

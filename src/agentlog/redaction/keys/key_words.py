"""The words that keys are made of: abbreviations and other languages' words, and what each group of words says.

They are the vocabulary of public interfaces (payment, shops, customer relations, hospitals, banks, directories, airlines,
payrolls, schools, chats), taken apart into words: `MailingPostalCode`, `zip_cd` and `PstCd` say the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from agentlog.redaction.entities import ADDRESS, FAMILY, GIVEN, MIDDLE, ZIP
from agentlog.redaction.words.name_table import is_word

_SPLIT: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[\u3041-\u30ff\u4e00-\u9fff]+")
LONGEST_KEY: Final = 80
_KEPT: Final = 20_000


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def words_of(key: str) -> tuple[str, ...]:
    """The words of a key, in lower case and without accents.

    >>> words_of("billingZIPCode"), words_of("last_4"), words_of("Prénom")
    (('billing', 'zip', 'code'), ('last', '4'), ('prenom',))
    """
    return _words_of(key[:LONGEST_KEY])


@lru_cache(_KEPT)
def _words_of(key: str) -> tuple[str, ...]:
    if ":" in key and " " not in key and key[-1] != ":":
        key = key.rpartition(":")[2]  # a namespace of XML
    if not key.isascii() and not _SPLIT.fullmatch(key):
        folded = unicodedata.normalize("NFKD", key.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
        key = "".join(character for character in folded if not unicodedata.combining(character))
        key = unicodedata.normalize("NFC", key)
    return tuple(word.lower() for word in _SPLIT.findall(key))


_SAME: Final = """
number: no num nr nbr nmbr nb numero nummer nro numb
code: cd kod
name: nm names nombre nome navn namn naam
address: addr adr adrs addresses addrs adresse anschrift direccion endereco indirizzo adres adress domicile domicilio
street: strt streets strasse rue calle rua ulica gata straat
email: mail emails mails eml emailadr emailaddr correo courriel epost mailadresse emailaddress emailadresse
phone: phones ph phn telephone telephones tel tels telefon telefono telefone telefoon telefonnummer phonenumber
    telephonenumber landline phoneno telno rufnummer tlf
mobile: mob mobil cell cellphone cellular handy movil celular msisdn mobilephone mobileno handynummer gsm mobiltelefon
customer: cust customers cst kunde kunden kundin cliente clients
account: acct accounts konto compte cuenta conta
employee: emp employees empl ee mitarbeiter
passenger: pax passengers psgr paxs traveller traveler travellers travelers
patient: patients paciente
member: mbr members mitglied
user: usr users utilisateur usuario benutzer
date: dt dte datum fecha
birth: birthdate birthday birthdays brth bday geburtsdatum geburtstag geburts naissance nacimiento nascimento nascita
    geboortedatum fodelsedatum dateofbirth born birthdt dob dobs naiss birthtime
first: fst fname firstname firstnm forename forenames
last: lst lname lastname lastnm surname surnames
given: givenname given_names vorname vornamen prenom prenoms nombres imie fornavn fornamn voornaam
family: familyname nachname familienname apellido apellidos apellido1 apellido2 apellidopaterno sobrenome cognome nazwisko
    etternavn efternamn achternaam nomfamille patronyme
middle: mname middlename
postal: pstl pst postale postalcode
zip: zipcode zipcd postcode plz postleitzahl codepostal codigopostal cep pincode postnr pstcd zips postnummer
line: lines ln1 linea zeile
driver: drv drivers
licence: license lic licenses licences licencia
passport: passports reisepass passeport pasaporte ppt passportno
secret: secrets
"""
_CANON: Final = {
    word: line.partition(":")[0].strip()
    for line in re.sub(r"\n +", " ", _SAME).strip().splitlines()
    for word in line.partition(":")[2].split()
}
_TERSE: Final = _set("ph lst fst ln1 cell no")
"""Of those, the ones that stand for the word in a key only: in a sentence they are words of their own."""
_FIRST_IS_NAME: Final = _set(
    "fname firstname firstnm forename forenames mname middlename lname lastname lastnm surname surnames"
)


@lru_cache(_KEPT)
def canonical(words: tuple[str, ...], spoken: bool = False) -> tuple[str, ...]:
    """Those words with abbreviations spelled out: `cust`, `nbr` → `customer`, `number`; without digits and suffixes.

    `spoken`: they stand in a sentence.
    """
    made: list[str] = []
    for word in words:
        known = _CANON.get(word)
        if known is not None and not (spoken and word in _TERSE):
            made.append(known)
            if word in _FIRST_IS_NAME:
                made.append("name")
        elif (
            known is None
            and len(word) > 7
            and word not in _WHOLE_WORDS
            and word not in NATIONAL
            and (parts := _unglued(word))
        ):
            made += canonical(parts)
        else:
            made.append(word)
    while len(made) > 1 and made[-1] in _ENDS:
        made.pop()
    return tuple(made)


_ENDS: Final = _set(
    "c pc r value val str text txt raw fld field string data 1 2 3 5 6 7 8 9 0 01 02 03 nullable formatted normalized"
)
"""Behind a key's words these say nothing of what it means: `Loyalty_Number__c`, `address1`, `phone_text`."""

_PARTS: Final = sorted(
    """customer client user member patient employee passenger guest contact student person account holder cardholder
    first last middle full given family maiden sur legal display preferred billing shipping mailing home work
    office mobile cell phone telephone fax email mail address addr street city state postal post zip code number
    date birth name card credit debit bank routing tax social security passport driver license licence
    insurance policy national identity login user emergency primary secondary alternate alt recipient sender owner
    order ship bill deliver delivery personal private id no num line house apartment secret password key token
    access api ip of to on is the kunden nummer konto mitglieds mitarbeiter patienten personal steuer versicherten handy telefon mobil strasse haus geburts datum nach vor familien anschrift adresse inhaber handle twitter instagram telegram skype linkedin facebook tik tok""".split(),
    key=len,
    reverse=True,
)
_WHOLE_WORDS: Final = _set(
    "membership ownership telephone memberof ordering addressed cardholder accountholder policyholder username password"
)
_KNOWN_PARTS: Final = frozenset(_PARTS)


@lru_cache(8_000)
def _unglued(word: str) -> tuple[str, ...]:
    """The words of which `word` is made without a seam: `customeremail` → customer, email; () when it is not."""
    if len(word) > 32:
        return ()
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(word) + 1):
        for start in range(end):
            piece = word[start:end]
            if start in best and piece in _KNOWN_PARTS and (end not in best or len(best[start]) + 1 < len(best[end])):
                best[end] = (*best[start], piece)
    parts = best.get(len(word), ())
    return parts if len(parts) > 1 else ()


_INDEXED: Final = re.compile(r"\.[0-9]{1,3}(?:\.[A-Za-z]|\Z)", re.ASCII)
_NUMBERED: Final = re.compile(r"([a-z]{2,20}(?:_[a-z]{2,20}){1,5})_?[0-9]", re.ASCII)


def names_a_field(key: str) -> bool:
    """Whether a key with digits is the name of a field, and no id: `admin_area_2`, `phones.0.kind`."""
    if _INDEXED.search(key) is not None:
        return True
    numbered = _NUMBERED.fullmatch(key)
    return numbered is not None and all(map(is_word, numbered.group(1).split("_")))


SETTINGS: Final = _set("required enabled disabled count friendly supported allowed optional")
"""At the end of a key: it is about a setting or a number, whatever else it names."""
SECRET_WORDS: Final = _set(
    """password passwd pwd passphrase passcode secret cvv cvc cvv2 cvc2 cid otp pin totp mfa authorization bearer
    cookie cookies credential credentials creds apikey privatekey accesskey secretkey passwort kennwort contrasena motdepasse senha
    csc cvn puk"""
)
LOGINS: Final = _set("user usr uid login logname username pguser dbuser")
"""Words of keys that say: what stands beside it is for logging in."""
PASSWORD_ENDS: Final = _set("pass passwd pw psk")
"""Words that are short for a password behind a word that says what it opens: `smtp_pass`, `wpa_psk`."""
OPENED: Final = _set(
    """user account login admin root sudo enable db database sql mysql mariadb postgres postgresql pg mongo mongodb redis
    rabbitmq amqp mqtt kafka ldap ad bind smtp imap pop pop3 email ftp sftp ssh rsync wifi fi wlan wpa wpa2 router vpn ppp radius proxy
    http https web auth basic api app application service svc server host client peer rpc git jdbc keystore truststore key
    cert certificate ssl tls pem p12 pfx jks zip archive pdf backup encryption private master snmp ipmi bmc vnc rdp smb
    samba nas webdav sip xmpp irc wordpress wp default"""
)
"""What a password opens: a pass of these is one, and neither a boarding pass nor the first pass of a compiler."""
SECRET_KEYS: Final = _set(
    "api private access secret signing encryption master shared service account auth license licence"
)
NO_SECRET: Final = _set(
    """min max minimum maximum length policy required reset hint expired expires expiry expiration strength url uri enabled
    changed updated created at count usage limit type name path file arn version page next previous prev continuation
    pagination eos bos pad unk stop start special cls sep mask ids prompt completion input output total remaining budget
    per rate used cached reasoning tokenizer sync cursor verified label description logprob logprobs bytes ttl scope
    field format rules scheme provider exists correct valid"""
)
CODES: Final = _set("recovery backup verification security access login time confirmation pin passcode")
NATIONAL: Final = _set(
    """ssn sin nino passport mrn npi mbi itin tin ein imei imsi iccid vin aadhaar aadhar pesel cpf curp dni nie nif bsn
    nhs dea medicare medicaid nric cnic rut cuil cuit steuerid steuernummer personnummer fnr avs ahv hkid uscis
    numsecu nir ssnlast4 dln vehicleidentificationnumber ausweisnummer burgerservicenummer rijksregisternummer insz niss
    codicefiscale rodnecislo henkilotunnus hetu fodselsnummer kennitala isikukood asmenskodas jmbg emso amka snils tckn tckimlik
    kimlik cedula nuip nuit mykad ppsn npwp nik umid philhealth bvn rrn oib cnp egn afm tfn svnr sozialversicherungsnummer
    rentenversicherungsnummer versichertennummer abgabenkontonummer identiteitskaartnummer paspoortnummer onderwijsnummer adoazonosito
    atin ptin zehut"""
)
"""Words for numbers that states give to people."""
NATIONAL_SHY: Final = _set(
    "rfc nit rif ruc dui cui inn utr ird pps nin rg nrt nipt peid eid phn pnf mst bis nn rc vnr tsi cpr"
)
"""Keys that may be something else: what stands under them has to look like such a number."""
WALLETS: Final = _set("wallet bitcoin btc ethereum eth litecoin ltc dogecoin solana monero xmr crypto")
"""Of what an address is where somebody's coins are."""
NATIONAL_PHRASES: Final = (
    "driver licence", "drivers licence", "driver s licence", "driving licence", "licence number", "licence no",
    "licence plate", "plate number", "plate no", "national id", "national identifier", "national insurance", "tax id", "tax number",
    "tax no", "tax file", "tax identification", "taxpayer id", "insurance id", "insurance number", "insurance no", "social security",
    "health plan", "medical record", "health card", "health number", "id card", "identity card", "id number", "identity number",
    "identification number", "identity no", "alien number", "visa number", "resident number", "residence permit", "voter id", "national number",
    "registration plate", "vehicle registration", "identity document", "codice fiscale", "rodne cislo", "asmens kodas", "personas kods", "kimlik no", "rol unico", "personal public service", "fiscal code", "fiscal number", "numero fiscal",
    "birth number", "citizen number", "personal code", "personal id", "personal identity", "personal identification", "resident registration", "taxpayer reference", "taxpayer number", "tax reference", "civil id", "emirates id", "numero identificacion", "numero identidad", "teudat zehut", "permanent account number", "government id", "govt id", "soc sec", "med rec", "ni number", "steuer id", "driver dl", "dl number",
)  # fmt: skip
NO_CONTACT: Final = _set(
    """template sent enabled verified status type subject body count model plan brand format provider server host queue
    domain notification notifications opt preference preferences channel app os device version time
    content thread message messages folder number_of carrier country validated confirmed valid validity
    hash md5 sha256 campaign marketing_status frequency permission consent optin optout log tracking"""
)
NO_ADDRESS: Final = _set(
    """ip mac url uri web website type id ids verified email host wallet bind listen memory contract server network
    port space base virtual changed change city state country count format validation status kind
    match confidence quality label county region town district"""
)
GIVEN_HEADS: Final = _set("first given fore christian")
FAMILY_HEADS: Final = _set("last family sur second paternal maternal")
NAME_HEADS: Final = _set(
    """full customer passenger patient employee cardholder guest recipient sender author
    applicant candidate beneficiary payer payor payee insured subscriber caller reporter parent guardian spouse maiden legal
    real birth billing shipping student teacher doctor physician nurse member person resident tenant donor attendee
    signer signatory emergency policyholder accountholder claimant consignee consignor debtor creditor dbtr cdtr addressee
    adjuster landlord attention client lessee lessor renter buyer purchaser borrower lender mother father husband wife son daughter child kin nok dependent
    relative supervisor recruiter interviewer instructor pupil clinician practitioner approver counterparty
    ticketed traveller pronounced salutation greeting cosigner coapplicant participant invitee organizer driver
    delivery receiver lead leader attorney lawyer executor trustee heir alias former previous native latin kana romaji
    holder cardmember personal individual"""
)
WEAK_NAME_HEADS: Final = _set(
    """display user contact owner preferred profile assignee requester manager seller account nick middle worker staff
    player creator assistant common rep representative agent host submitter editor reviewer assigned commenter party shipper
    provider sales referrer formatted screen"""
)
NAME_TAILS: Final = _set(
    """last first full legal kana romaji local latin english native display official card account ticket document on
    prefix_less sort phonetic"""
)
"""What may stand behind `name` in a key without changing what it is: `displayNameLastFirst`, `name_on_card`."""
ID_ENDS: Final = _set("id ids number no uid uuid key ref code identifier nummer")
USER_HEADS: Final = _set(
    """customer user patient member employee passenger guest student person subscriber applicant candidate
    beneficiary payer payee insured caller cardholder doctor physician nurse teacher resident tenant donor attendee participant
    visitor shopper buyer seller borrower lender requester requestor signer signatory dependent relative friend
    profile individual learner sibling author recipient sender guardian spouse membership loyalty flyer mileage badge
    personnel personal payroll associate versicherten mitglieds policyholder claimant pupil matriculation enrollee reward rewards ff ffn subscriber contact_id
    consignee practitioner worker staff assignee reporter driver manager"""
)
WEAK_USER_HEADS: Final = _set(
    "worker driver manager staff owner contact creator player agent reporter assignee external party"
)
PAYMENT_HEADS: Final = _set(
    "card payment pm payer bank iban wallet giftcard paypal debit credit certificate checking savings cc ccard pan clabe"
)
PAYMENT_WORDS: Final = _set(
    "iban clabe bban cbu cvu rib bic ccnum ccno cardno cardnum ccnumber cardnumber acctno accountno accountnumber kontonummer acno accno acnum pan"
)
APP_HEADS: Final = _set(
    """order reservation booking confirmation tracking invoice ticket case transaction shipment policy claim record
    receipt quote subscription contract"""
)

WRAPPERS: Final = _set(
    """data attributes attribute node nodes edges edge items item results result records record entry entries resource
    list values value rows row details detail info information object obj payload properties fields body response
    content block section set array collection map element elements included main primary current by id page hits hit
    source doc document output docs new old before after other othr"""
)
"""Words of keys that only hold what lies under them together."""
DETAILS: Final = _set("details detail info information record object block")
"""Words of keys under which what the other words say is told in parts: `BankAccountDetails`."""
LABELS: Final = _set(
    "name key label field type kind system question attribute property param parameter header title code column prompt path tag ref channel scheme medium qualifier use"
)
"""Words of keys whose value may name another value: `{"name": "email", "value": …}`."""
VALUES: Final = _set(
    """value val values answer answers response old new before after from to previous current text date number string
    content data raw input fromstring tostring v result entry filled email phone"""
)
"""Words of keys whose value may be named by another."""
COLUMNS: Final = _set(
    "columns column fields headers header cols schema keys names head fieldnames columnnames attributes"
)
KINDS: Final = _set("type object kind resource typename entity model class reference role")
"""Keys whose value may say that the object is about a person: `{"object": "customer"}`, `{"__typename": "User"}`."""

WHOLE: Final = {
    "uid": "USER_ID?", "username": "USER_ID", "usernames": "USER_ID", "userid": "USER_ID", "login": "USER_ID?", "handle": "USER_ID?",
    "logon": "USER_ID?", "samaccountname": "USER_ID", "upn": "USER_ID", "userprincipalname": "USER_ID", "preferredusername": "USER_ID",
    "pan": "PAYMENT_ID?", "nickname": "PERSON?", "recipient": "PERSON?",
    "fullname": "PERSON", "cardholder": "PERSON", "accountholder": "PERSON", "holder": "PERSON?", "attn": "PERSON?", "attention": "PERSON?",
    "apt": "ADDRESS", "suite": "ADDRESS?", "line": "ADDRESS?", "displayname": "PERSON?", "pobox": "ADDRESS", "badge": "USER_ID?", "alias": "USER_ID?", "emplid": "USER_ID", "screenname": "USER_ID?", "loginname": "USER_ID", "knownas": "PERSON",
    "eposta": "EMAIL", "e164": "PHONE", "mailbox": "EMAIL", "passphrase": "SECRET", "aba": "PAYMENT_ID?", "bsb": "PAYMENT_ID?", "swift": "PAYMENT_ID?",
    "zip": "ZIP", "postal": "ZIP", "fullnm": "PERSON", "kontoinhaber": "PERSON", "titular": "PERSON", "titulaire": "PERSON",
    "nombrecompleto": "PERSON", "nomcomplet": "PERSON", "hausnummer": "ADDRESS", "housenumber": "ADDRESS", "buildingnumber": "ADDRESS",
    "streetaddress": "ADDRESS", "thoroughfare": "ADDRESS", "geburtsname": "PERSON/FAMILY", **dict.fromkeys("vorname vornamen prenom prenoms imie fornavn fornamn voornaam".split(), "PERSON/GIVEN"),
    **dict.fromkeys("nachname familienname apellido apellidos sobrenome cognome nazwisko etternavn efternamn achternaam".split(), "PERSON/FAMILY"),
    "mothersmaidenname": "PERSON/FAMILY",
}  # fmt: skip
"""Keys of one word → entity; "?" where the value must look the part, "/" before the part of a name."""
WHOLE_IN_KEYS: Final = {
    "fn": "PERSON/GIVEN?", "ln": "PERSON/FAMILY?", "sn": "PERSON/FAMILY?", "gn": "PERSON/GIVEN?", "cn": "PERSON?", "fio": "PERSON",
    "n": "PERSON?", "nom": "PERSON/FAMILY?", "ffn": "USER_ID", "cc": "PAYMENT_ID?", "dl": "NATIONAL_ID?", "organizer": "PERSON?",
    "pass": "SECRET?", "psk": "SECRET", "requirepass": "SECRET", "masterauth": "SECRET", "ename": "PERSON/GIVEN?", "preferredname": "PERSON/GIVEN?",
    "by": "PERSON?", "replyto": "EMAIL", "display": "PERSON?", "party": "PERSON?",
}  # fmt: skip
"""The same for keys of one or two letters that are no words of a sentence."""


def wraps(word: str) -> bool:
    """Whether a word of a key only holds things together."""
    return word in WRAPPERS or word.removesuffix("s") in WRAPPERS or word.isdigit()


NODES: Final = frozenset(("parent", "child"))
"""Of a family, or of a tree: of comments, folders, spans."""
FAMILIES: Final = frozenset(
    "student pupil learner child kid minor dependent infant guardian parent mother father son daughter".split()
)
"""Beside the name of one of these, a parent is somebody's."""
PART_OF_NAME: Final = {
    "first": GIVEN, "given": GIVEN, "fore": GIVEN, "last": FAMILY, "family": FAMILY, "middle": MIDDLE, "sur": FAMILY, "fn": GIVEN, "ln": FAMILY,
    "nickname": GIVEN, "nick": GIVEN,
}  # fmt: skip
PASSES_ON: Final = frozenset(
    """value values number raw formatted full main primary home work mobile other text line lines code canonical form data
    international national local id no nr v content personal office list item string e164 display private business landline""".split()
)
"""Words of keys that say nothing themselves: the key above them does."""
OF_ADDRESS: Final = {
    **dict.fromkeys(
        """line lines street str strt house houseno number no nbr nr nb num unit apt flat suite building bldg floor door
        staircase formatted full first second third freeform road way premise box rue via text l ln""".split(), ADDRESS),
    **dict.fromkeys("zip postal post code cd postcode pc cp plz cep cap zip4".split(), ZIP),
}  # fmt: skip
"""What the words of a key say within an address."""
OF_BIRTH: Final = frozenset(("year", "month", "day", "date", "y", "m", "d", "on", "at", "time"))
DOCUMENT: Final = frozenset(("doc", "document", "identity", "identification"))
NUMBERS: Final = frozenset(("no", "nr", "num", "nbr", "number", "id", "identifier"))
CONTACT: Final = frozenset(
    "contact contacts telecom communication communications personal ctc reachability person".split()
)

ASIAN: Final = {
    "PERSON": "姓名 联系人 收件人 收货人 氏名 フリガナ お名前",
    "PERSON?": "乘客 患者",
    "EMAIL": "邮箱 电子邮件 メール",
    "PHONE": "手机 电话 電話 携帯",
    "USER_ID": "用户名 账号",
    "ZIP": "邮编 邮政编码 郵便番号",
    "ADDRESS": "地址 住址 住所",
    "DOB": "出生 生日 生年月日",
    "NATIONAL_ID": "身份证 护照 社保 证件号 保单号 车牌号 マイナンバー 個人番号 旅券番号 免許証番号 証券番号 車両番号 被保険者番号",
    "PAYMENT_ID": "银行卡 卡号 口座番号",
    "SECRET": "密码 口令 パスワード",
}
"""Entity → Chinese and Japanese words in keys; "?" as above."""
ASIAN_WHOLE: Final = {
    "姓": "PERSON/FAMILY", "姓氏": "PERSON/FAMILY", "苗字": "PERSON/FAMILY", "セイ": "PERSON/FAMILY", "せい": "PERSON/FAMILY",
    "姓カナ": "PERSON/FAMILY", "姓フリガナ": "PERSON/FAMILY", "名": "PERSON/GIVEN", "メイ": "PERSON/GIVEN", "めい": "PERSON/GIVEN",
    "名カナ": "PERSON/GIVEN", "名フリガナ": "PERSON/GIVEN", "名字": "PERSON", "名前": "PERSON", "ふりがな": "PERSON", "车牌": "NATIONAL_ID",
    "車番": "NATIONAL_ID", "驾照": "NATIONAL_ID",
}  # fmt: skip
"""Keys that say something only where they are the whole key."""
ASIAN_APP: Final = ("订单", "运单", "预订", "工单", "发票")

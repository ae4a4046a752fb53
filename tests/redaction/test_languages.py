"""Other languages than English: what is found in them, what stays, and how a language of one's own is added."""

# ruff: noqa: RUF001 - typographic quotes, dashes and Chinese punctuation are part of what is read

from __future__ import annotations

import dataclasses

import pytest

from agentlog.errors import ConfigurationError
from agentlog.redaction import IdNumber, Language, RedactionPolicy, Redactor
from agentlog.redaction.languages import checks
from agentlog.redaction.languages.dates import meanings

REDACTOR = Redactor(None, pseudonym_key=b"k")

FOUND = [
    ("Guten Tag, mein Name ist Anneliese Böttcher.", "Anneliese Böttcher"),
    ("Sehr geehrter Herr Dr. med. Karl-Heinz Thoma,", "Karl-Heinz Thoma"),
    ("Mandant Uwe Pohl, wohnhaft Am Sportplatz 3, 54290 Trier", "Uwe Pohl", "Am Sportplatz 3, 54290 Trier"),
    ("Beste Grüße\n\nTobias Wendt\nEinkauf", "Tobias Wendt"),
    ("Meine Tochter Lena Buchholz (geb. 3.7.2011) hat eine Allergie.", "Lena Buchholz", "3.7.2011"),
    ("Ansprechpartner für den Umbau ist Frau Ute Öztürk, Handy 0176 - 44 55 66 77.", "Ute Öztürk", "0176 - 44 55 66 77"),
    ("Die Lieferung geht an die Goethestr. 12a, 04103 Leipzig.", "Goethestr. 12a, 04103 Leipzig"),
    ('{"kunde": "Sven Ahlers", "telefon": "0441 9876543", "plz": "26121"}', "Sven Ahlers", "0441 9876543", "26121"),
    ("Er ist am 12. März 1985 geboren.", "12. März 1985"),
    ("Sozialversicherungsnummer 65 170839 J 003 liegt vor", "65 170839 J 003"),
    ("Bonjour, je m'appelle Océane Lefèvre.", "Océane Lefèvre"),
    ("Madame Claire de Villeneuve souhaite un remboursement", "Claire", "Villeneuve"),
    ("Je suis M. Lambert, né le 7 juin 1962 à Brest", "Lambert", "7 juin 1962"),
    ("Envoyez la facture au 14, avenue du Général Leclerc, 35000 Rennes", "14, avenue du Général Leclerc, 35000 Rennes"),
    ("Tél. : 02.99.12.34.56", "02.99.12.34.56"),
    ("Bien cordialement,\n\nHélène Marchetti", "Hélène Marchetti"),
    ("Soy Lucía Montero y llamo por la factura", "Lucía Montero"),
    ("Doña Carmen Salgado vive en Av. de la Paz 33, 4º A, 41013 Sevilla", "Carmen Salgado", "Av. de la Paz 33, 4º A, 41013 Sevilla"),
    ("El pasajero Juan Francisco Diego perdió el vuelo", "Juan Francisco Diego"),
    ("Nació el 9 de enero de 1971, su móvil es 655443322", "9 de enero de 1971", "655443322"),
    ("Sou a Beatriz Moura e preciso de ajuda", "Beatriz Moura"),
    ("Moro na Rua Barão de Itapetininga, 255, apto 71, São Paulo - SP, 01042-001", "Rua Barão de Itapetininga, 255, apto 71, São Paulo - SP, 01042-001"),
    ("O Dr. Sérgio Vasconcelos atendeu o paciente Joaquim Pires", "Sérgio Vasconcelos", "Joaquim Pires"),
    ("Nascido a 4 de julho de 1958; celular 11 98765-4321", "4 de julho de 1958", "11 98765-4321"),
    ("お世話になっております。鈴木さくらと申します。", "鈴木さくら"),
    ("山形様より折り返しのお電話がありました", "山形"),
    ("ジョン・スミスさんが来社", "ジョン・スミス"),
    ("書類は松本部長がお持ちです", "松本"),
    ("担当：西野（03-6452-1111）", "西野", "03-6452-1111"),
    ("大阪府堺市堺区南瓦町3-1にお住まいの倉持さん", "大阪府堺市堺区南瓦町3-1", "倉持"),
    ("昭和45年12月1日生まれ、携帯090-1234-5678", "昭和45年12月1日", "090-1234-5678"),
    ("运单收件人陈晓燕，寄到广东省深圳市南山区科技园南路18号A座1203室", "陈晓燕", "广东省深圳市南山区科技园南路18号A座1203室"),
    ("我叫欧阳静怡，住在上海市浦东新区张杨路500号12楼", "欧阳静怡", "上海市浦东新区张杨路500号12楼"),
    ("由赵建国和李红共同签字", "赵建国", "李红"),
    ("我是腾讯科技（深圳）有限公司的员工马超", "腾讯科技（深圳）有限公司", "马超"),
    ("请王小明先生登机，王小明的护照号E12345678", "王小明", "E12345678"),
    ("打给张伟13812345678谢谢", "13812345678"),
]  # fmt: skip


@pytest.mark.parametrize("case", FOUND, ids=lambda case: str(case[0][:24]))
def test_a_value_is_found_by_the_words_of_its_language(case: tuple[str, ...]) -> None:
    text, *values = case
    redacted = REDACTOR.text(text)
    assert not [value for value in values for word in value.split() if word in redacted and len(word) > 1]


STAYS = [
    "Die Frau des Hauses und der Herr im Anzug warten.",
    "Bitte rufen Sie uns an, Telefonnummer siehe Rechnung 4711-2026-000123.",
    "Auf Sitzplatz 14 in Wagen 7 sitzt niemand.",
    "Der Termin am 12.03.2026 wurde auf den 19.03.2026 verschoben.",
    "Der Kunde Nr. 17 ist Premium Mitglied.",
    "Mit freundlichen Grüßen\nIhr Kundenservice",
    "Le contrat prend effet le 01/09/2026, numéro 0123-456.",
    "La place est réservée au rang 12, siège 4.",
    "La señora de la limpieza viene los martes.",
    "El cliente Premium quiere cambiar el pedido 612-345-678-9.",
    "Calle cortada entre 8 y 10 horas.",
    "Gracias, un saludo\nEl equipo de soporte",
    "O documento foi enviado em anexo, protocolo 2026.000.123-45.",
    "Obrigado, Suporte Técnico",
    "Don't worry, the client Premium Support will call. Me too. Contact Support for help.",
    "El Paso and Los Angeles are cities; Don Quixote is a book.",
    "cp 12345 backup; rg 12345678 src",
    "お客様の個人情報は安全に管理されます。皆さん、こんにちは。",
    "お名前を入力してください。名前は必須項目です。",
    "新しい課長が着任し、部長会議は午後3時からです。",
    "担当は営業部です。利用者様各位。",
    "エラーコード12-34-5678を確認してください。2丁目の角を曲がってください。",
    "和平饭店的预订已经取消，和谐社会建设",
    "用户方案由项目经理安排，产品经理安排了时间",
    "请安排明天下午的会议，把文件发给财务部",
    "从人民路到中山路怎么走？请在2号窗口排队",
    "这家有限公司的注册资本是多少",
    "对方向我们提出了要求，向上滚动页面",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_personal_in_another_language_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checks.german_tax_number, "86 095 742 719", "86 095 742 717"),
        (checks.german_identity_card, "T220001293", "T220001292"),
        (checks.french_social_security, "255081416802538", "255081416802537"),
        (checks.french_social_security, "1 60 02 2A 123 456 46", "1 60 02 2B 123 456 46"),
        (checks.spanish_identity, "12345678Z", "12345678Y"),
        (checks.spanish_identity, "X-1234567-L", "Y-1234567-L"),
        (checks.portuguese_tax_number, "123456789", "123456780"),
        (checks.brazilian_person, "529.982.247-25", "111.111.111-11"),
        (checks.brazilian_firm, "11.222.333/0001-81", "11.222.333/0001-80"),
        (checks.japanese_individual, "1234-5678-9018", "1234-5678-9017"),
    ],
)
def test_check_digits_tell_a_number_from_one_that_is_off(check, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)
    assert not check("")
    assert not check(right + "1")
    assert not check("Ⅷ" * len(right))


@pytest.mark.parametrize(
    ("sentence", "right", "wrong"),
    [
        ("Bitte hinterlegen: {} für die Lohnsteuer.", "86 095 742 719", "86 095 742 717"),
        ("Nous avons reçu {} pour vous.", "2 55 08 14 168 025 38", "2 55 08 14 168 025 37"),
        ("Tenemos a {} para hoy.", "12345678-Z", "12345678-Y"),
        ("Não achei {} na lista.", "529.982.247-25", "529.982.247-26"),
    ],
)
def test_without_a_cue_a_number_needs_right_check_digits(sentence: str, right: str, wrong: str) -> None:
    assert right not in REDACTOR.text(sentence.format(right))
    assert wrong in REDACTOR.text(sentence.format(wrong))


@pytest.mark.parametrize(
    "text",
    [
        "Meine Steuer-ID lautet 86095742717.",
        "Mein Personalausweis: T220001292",
        "Mon numéro de sécurité sociale est le 2 55 08 14 168 025 37.",
        "Mi DNI es 12345678Y, gracias.",
        "O meu NIF é 123456780, obrigado.",
        "O meu CPF é 52998224726, obrigado.",
        "マイナンバーは1234 5678 9017です。",
    ],
)
def test_a_cue_counts_with_wrong_check_digits_too(text: str) -> None:
    assert "<NATIONAL_ID_1>" in REDACTOR.text(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12. März 1985", "1985-03-12"),
        ("1er février 1990", "1990-02-01"),
        ("9 de enero de 1971", "1971-01-09"),
        ("4 de março de 1958", "1958-03-04"),
        ("昭和45年12月1日", "1970-12-01"),
        ("平成元年3月4日", "1989-03-04"),
        ("5 September 1990", "1990-09-05"),
    ],
)
def test_a_date_is_read_in_every_language(written: str, meant: str) -> None:
    assert meanings(written) == (meant,)


def test_a_word_before_a_year_that_is_no_month_makes_no_date() -> None:
    assert meanings("12 Stück 1985") == ()


def test_a_date_of_birth_is_known_again_in_another_spelling() -> None:
    redacted = REDACTOR.text("Geboren am 12. März 1985. Laut Akte 1985-03-12.")
    assert redacted == "Geboren am <DOB_1>. Laut Akte <DOB_1>."


DUTCH = Language(
    "nl",
    signs="het|een|niet|mijn",
    titles="mevrouw|meneer",
    names="ik heet",
    births="geboren op",
    months="januari|februari|maart",
    ids=(IdNumber("bsn", "[0-9]{9}", lambda value: value == "111222333", "(?<![0-9])[0-9]{9}(?![0-9])"),),
)


def test_a_language_of_ones_own_is_looked_for_beside_the_others() -> None:
    redactor = Redactor(RedactionPolicy(languages=(DUTCH,)), pseudonym_key=b"k")
    text = "Ik heet Saskia Bakker, geboren op 3 maart 1980. Mijn nummer: 111222333, niet 111222334."
    assert redactor.text(text) == (
        "Ik heet <PERSON_1_GIVEN> <PERSON_1_FAMILY>, geboren op <DOB_1>. Mijn nummer: <NATIONAL_ID_1>, niet 111222334."
    )
    assert redactor.text("Herr Vogelsang rief an.") == "Herr <PERSON_1> rief an."
    assert "Wiebkje" in REDACTOR.text("Ik heet Wiebkje.")
    assert "Wiebkje" not in redactor.text("Ik heet Wiebkje.")


def test_a_language_is_part_of_the_policys_name() -> None:
    plain, dutch = RedactionPolicy(), RedactionPolicy(languages=(DUTCH,))
    other = RedactionPolicy(languages=(dataclasses.replace(DUTCH, titles="mevrouw"),))
    assert len({plain.name, dutch.name, other.name}) == 3
    assert RedactionPolicy(languages=[dataclasses.replace(DUTCH)]).name == dutch.name  # type: ignore[arg-type]
    assert plain == RedactionPolicy(languages=())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Language("xx", phone="("), "no regular expression"),
        (lambda: Language("xx", place="[0-9]*"), "matches an empty text"),
        (lambda: Language("xx", ids=(IdNumber("a", "[0-9]{3}", entity="NUMBER"),)), "has no entity 'NUMBER'"),
        (lambda: Language("xx", ids=(IdNumber("a", "[0-9]{3}", alone="[0-9]{3}"),)), "needs a check function"),
        (lambda: RedactionPolicy(languages=("nl",)), "found a str"),
        (lambda: RedactionPolicy(languages="nl"), "takes a tuple"),
    ],
)
def test_a_table_that_cannot_work_is_refused(make, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        make()


def test_a_company_is_exchanged_for_a_placeholder_and_can_be_kept() -> None:
    text = "我想起诉维涛传媒有限公司。"
    assert REDACTOR.text(text) == "我想起诉<ORGANIZATION_1>。"
    assert Redactor(RedactionPolicy(keep=("ORGANIZATION",)), pseudonym_key=b"k").text(text) == text

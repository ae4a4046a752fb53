"""Texts made to be slow for the languages' patterns: the work grows with their length, not with its square."""

# ruff: noqa: RUF001 - Chinese and Japanese punctuation is part of what is read

from __future__ import annotations

from collections.abc import Callable

import pytest
from work import calls

from agentlog.redaction.languages.search import languages
from agentlog.redaction.words.text import lower, words_in

SIGNS = "und bitte nous votre gracias para obrigado é "
PIECES = (
    "A", "Aa ", "Aa-", "Aa.", "Aastraße ", "Am Aa ", "Straße 1 ", "Frau ", "Frau Dr. ", "Herr Aaa ", "Aa Bb 12, 12345 Cc ",
    "und Aa ", "Kunde: Aa Bb, ", "Kunde Aa Bb und Cc Dd und ", "geboren ", "geboren 1.1.1980 ", "Tel. ", "Telefon 012 ", "012/",
    "0123 ", "Steuer-ID ", "Steuer-ID 12 ", "86 095 742 719 ", "Mit freundlichen Grüßen\n", "12 rue de la ", "rue de l'a ", "1 rue A",
    "M. de la ", "né le 1er ", "Calle A ", "Calle de la A ", "Calle A 1, 1º A, ", "señora de la ", "DNI ", "12.345.678",
    "Rua A ", "Rua da A, 1, apto 1", "CPF 123.456.789-", "CEP ", "12345-678 ", "様", "山", "山 ", "山田様", "山田さくら", "あ",
    "アー", "ア・", "東京都", "京都市", "区1-", "1丁目", "氏名：", "私の", "と申します", "山県", "昭和1年", "王", "王小", "我叫", "我叫王",
    "给王和", "王的", "先生", "省", "市", "路", "路1号", "大街A座", "北京市", "地址", "在在", "有限公司", "公有限公司", "（", "王（",
    "的身份证", "，", "1号楼", "村", "王总", "小王", "老王", "我姓", "我妈王", "的孩子", "欧阳", "古丽·", "阿·", "负责人：", "1. 王小\n", "年正月初", "部长", "母の子", "患者山",
    "の山が対応", "王先生", "先生様", "山 田\n", "山田（やま ", "S4.3.", "品川300あ", "我叫A", "名前はア・", "Fr. A", "c'est A", "\n\nAa Bb\n", "je m'appelle aa ", "Police 1-", "Kennzeichen A-B ",
    "00 1 ", "(*1.1.", "Urb. A, lote 1, ", "Quinta A, Lote 1", "Rod. BR-1, km 1", "Carrera 7 # 1-", "12 rue A, appt 1", "las los del ", "A123 456 ", "soy de la A ", "d'A", "L'a ",
    "区路" * 20 + "。1号。", "路街巷" * 12 + "1号", "市町" * 20 + "1丁目", "市区郡町村" * 8 + "の1番地",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("signs", ["", SIGNS], ids=["alone", "in a text"])
def test_the_work_of_the_languages_is_bounded_by_the_length(piece: str, signs: str) -> None:
    tables = languages(())

    def work(length: int) -> Callable[[], object]:
        text = signs + piece * (length // len(piece))
        low, words = lower(text), words_in(text)
        return lambda: sum(1 for _ in tables.find(text, low, words))

    few, many = calls(work(2_000)), calls(work(16_000))
    assert many < 40 * 16_000
    assert many < 12 * few + 5_000

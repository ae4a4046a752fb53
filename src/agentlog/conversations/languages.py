"""Which language a trace is in: what its surrogates are to look like. English where nothing says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from agentlog.messages.parts import text_of

_LETTERS: Final = 4_000
_ENOUGH: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_COMMON: Final = {
    "en": "the and is you your for to of my with please have this that are can was it i not",
    "de": "der die das und ich ist nicht sie ein eine mit für bitte mein meine wir auf zu den im sind haben wie",
    "fr": "le la les et je est pas vous un une des pour avec mon ma votre dans sur que merci bonjour du au suis",
    "es": "el los las y es no usted un una por para con mi su en que gracias hola del al está soy tengo quiero",
    "pt": "o os as e é não você um uma por para com meu minha seu em que obrigado olá do da no na está sou tenho",
}
"""Frequent words; what two languages share speaks for neither."""
_ONLY: Final = {
    language: frozenset(words.split())
    - {word for other, its in _COMMON.items() if other != language for word in its.split()}
    for language, words in _COMMON.items()
}
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_KANA: Final = re.compile(r"[\u3041-\u30ff]")
_POUNDS: Final = re.compile(r"£|\bGBP\b|\+44")
_DOLLARS: Final = re.compile(r"\$|\bUSD\b")


def languages(table: pa.Table) -> dict[str, str]:
    """Trace → the code of its language, for all traces that are not in (American) English.

    It is asked of a whole trace, because the same placeholder must get the same name in all its calls. Chinese and Japanese
    are told by their script, wherever somebody, or some document, uses it; the others by the words of what was said last.

    Args:
        table: `trace_id` and `input_messages` of `storage.schema.CALLS`.
    """
    han, kana = _written_in(table, r"\p{Han}"), _written_in(table, r"[\p{Hiragana}\p{Katakana}]")
    found = {trace: "ja" if trace in kana else "zh" for trace in han | kana}
    last: dict[str, int] = {}
    for place, trace in enumerate(table["trace_id"].to_pylist()):
        last[str(trace)] = place
    for trace, place in last.items():
        if trace not in found:
            language = language_of(_said(table["input_messages"][place].as_py()))
            if language != "en":
                found[trace] = language
    return found


def language_in(texts: Iterable[str]) -> str:
    """The code of the language that the texts of one conversation are in, in whatever script.

    >>> language_in(["My order is late", "请问您的订单号是多少"])
    'zh'
    """
    whole = "\n".join(texts)
    if _KANA.search(whole):
        return "ja"
    return "zh" if _HAN.search(whole) else language_of(whole[-_LETTERS:])


def language_of(text: str) -> str:
    """The code of the language that a text in Latin letters is in.

    >>> language_of("Ich habe meine Bestellung nicht bekommen, wo ist sie?")
    'de'
    """
    words = _WORD.findall(text.lower())
    counts = {language: sum(word in its for word in words) for language, its in _ONLY.items()}
    best = max(counts, key=lambda language: counts[language])
    if best != "en" and counts[best] >= _ENOUGH and counts[best] > counts["en"]:
        return best
    return "en-GB" if _POUNDS.search(text) and not _DOLLARS.search(text) else "en"


def _said(messages: Any) -> str:
    """What people and models said, without instructions, the latest first."""
    spoken = [text_of(one) for one in reversed(messages or ()) if one["role"] in ("user", "assistant")]
    return "\n".join(spoken or [text_of(one) for one in messages or ()])[:_LETTERS]


def _written_in(table: pa.Table, script: str) -> set[str]:
    """The traces with a message in a script."""
    found: set[str] = set()
    for batch in table.select(["trace_id", "input_messages"]).to_batches():
        messages: Any = batch.column("input_messages")
        parts = messages.flatten().field("parts")
        rows = pc.list_parent_indices(messages).take(pc.list_parent_indices(parts))
        hits = pc.match_substring_regex(parts.flatten().field("text"), script)
        found.update(batch.column("trace_id").take(pc.unique(rows.filter(hits))).to_pylist())  # type: ignore[arg-type]  # trace_id is never null
    return found

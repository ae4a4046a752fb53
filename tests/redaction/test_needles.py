"""Several pieces looked for at once are found exactly where each of them stands."""

from __future__ import annotations

import random

from agentlog.redaction.documents.clues import Book, clue, secret
from agentlog.redaction.documents.page import Page
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.words.needles import Needles
from agentlog.redaction.words.text import words_in


def test_needles_find_what_looking_for_each_piece_finds() -> None:
    chance = random.Random(5)
    letters = "ab:/ -{$\n\u4eba"
    for _ in range(3_000):
        pieces = ["".join(chance.choices(letters, k=chance.randint(1, 3))) for _ in range(chance.randint(1, 5))]
        text = "".join(chance.choices(letters, k=chance.randint(0, 12)))
        assert Needles(pieces).within(text) == any(piece in text for piece in pieces), (pieces, text)


def test_no_needles_are_nowhere() -> None:
    assert not Needles(()).within("a text")


def test_a_clue_is_tried_where_one_of_its_words_and_one_of_its_marks_stand() -> None:
    book = Book(
        (
            clue("key door", "=>|::", r"(?:=>|::)(\w+)", secret(1)),
            clue("", "%%", r"%%(\w+)", secret(1)),
            clue("word", "", r"word (\w+)", secret(1)),
        )
    )

    def found(text: str) -> list[str]:
        page = Page(text, text.lower(), words_in(text), KeyRules({}, False))
        book.look(page)
        return [text[one.start : one.end] for one in page.fields.island.findings]

    assert found("a key =>q7Zt2L and a door ::m9vB4n") == ["q7Zt2L", "m9vB4n"]
    assert found("nothing =>q7Zt2L") == []
    assert found("word q7Zt2L or %%m9vB4n") == ["m9vB4n", "q7Zt2L"]  # in the order of the clues

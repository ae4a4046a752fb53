"""The texts of one request, redacted, and the way back for what a small model copied from them.

A model that was trained on redacted text answers with placeholders. Each is filled with what stood in its place, as it
was spelt there. Where that is not certain, nothing is filled: whoever asked must do without that answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from agentlog.redaction.entities import PLACEHOLDER, QUOTED_NUMBER, number_label

_SHAPE: Final = re.compile(r"<(?:BLOB|REDACTION_FAILED) ")
_PIECE: Final = re.compile(r"\w+|\S+")


class Unrestorable(LookupError):
    """A text holds a placeholder, or something else that redaction wrote, whose original is not certain.

    Its message holds no content.
    """


class Exchanged:
    """Texts of one request after redaction. Holds the raw words too: it lives as long as its request, in memory only.

    `TraceRedactor.exchange` makes it.
    """

    __slots__ = ("_foreign", "_forms", "_raw", "texts")

    def __init__(
        self, raw: Iterable[str], texts: Iterable[str], forms: Mapping[str, set[str]] | None, foreign: bool
    ) -> None:
        self.texts = tuple(texts)
        """In the order in which they were given."""
        self._raw = tuple(raw)
        self._forms = forms
        """None: nothing is written as placeholders."""
        self._foreign = foreign
        """Whether something else than placeholders was written: by an operator or the application's function."""

    @property
    def changed(self) -> bool:
        """Whether any text was changed."""
        return self.texts != self._raw

    def restore(self, text: str) -> str:
        """`text` with every placeholder filled by what it replaced.

        Raises:
            Unrestorable: a placeholder stands for several spellings or for none that is known, or `text` holds something
                else that redaction wrote.

        Example:
            >>> from agentlog.redaction import Redactor
            >>> done = Redactor(None, pseudonym_key=b"secret").trace().exchange(["I am Mia Li, mia@example.com"])
            >>> done.texts
            ('I am <PERSON_1_GIVEN> <PERSON_1_FAMILY>, <EMAIL_1>',)
            >>> done.restore("<PERSON_1_FAMILY>: <EMAIL_1>")
            'Li: mia@example.com'
        """
        if self._forms is not None:
            if "<" not in text:
                done = text
            elif _SHAPE.search(text):
                raise Unrestorable("a withheld file or text cannot be filled back")
            else:
                done = QUOTED_NUMBER.sub(r"\2", text)
                done = PLACEHOLDER.sub(lambda match: self._original(match.group()), done)
                text = PLACEHOLDER.sub(" ", text)
        else:
            done = text
        if self._foreign and self.changed and not self._written().isdisjoint(_PIECE.findall(text)):
            raise Unrestorable("what redaction wrote cannot be filled back")
        return done

    def hide(self, text: str) -> str:
        """The way there: `text` with what was exchanged in this request, spelt as it was there, and nothing else.

        Example:
            >>> from agentlog.redaction import Redactor
            >>> done = Redactor(None, pseudonym_key=b"secret").trace().exchange(["I am Mia Li, mia@example.com"])
            >>> done.hide("Li: mia@example.com")
            '<PERSON_1_FAMILY>: <EMAIL_1>'
        """
        written = {spelling: placeholder for placeholder, forms in (self._forms or {}).items() for spelling in forms}
        if not written:
            return text
        longest = sorted(map(re.escape, written), key=len, reverse=True)
        return re.sub(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", lambda match: written[match.group()], text)

    def _original(self, placeholder: str) -> str:
        known = self._forms or {}
        # what stood there as a number may be asked for as a text, and the other way round
        spelt = (placeholder, placeholder.replace("_NUMBER>", ">"), number_label(placeholder))
        forms = next((known[one] for one in spelt if one in known), set())
        if len(forms) != 1:
            found = "several spellings" if forms else "nothing in this request"
            raise Unrestorable(f"a placeholder stands for {found}")
        if any(placeholder in text for text in self._raw):
            raise Unrestorable("a placeholder stands in the request itself")
        return next(iter(forms))

    def _written(self) -> set[str]:
        """Words that are in the redacted texts only, placeholders apart."""
        after: set[str] = set()
        before: set[str] = set()
        for raw, text in zip(self._raw, self.texts, strict=True):
            before.update(_PIECE.findall(raw))
            if raw != text:
                after.update(_PIECE.findall(PLACEHOLDER.sub(" ", text)))
        return after - before

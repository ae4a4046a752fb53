"""What gets through in English prose and odd formats: claims, cover letters, triage notes, chats, logs, minutes, mail, transcripts.

    python -m benchmarks.prose          all collections
    python -m benchmarks.prose --list   every value that got through, and every word that was taken though it is nobody's

Texts in `prose/`, written for this; personal values are marked `[[PERSON:Mia Li]]`, and what may go or stay `[[-:…]]`. A value has
leaked when any word of it is left. Texts of several turns, parted by `-----`, are one conversation. All were worked on after they had
been measured once, before their misses were read; leaked values then:

    texts.txt               57.2 %  before any rule of these was there, by somebody who had not read the others
    more.txt                18.8 %  by the same
    word_names.txt          names that are ordinary words, and as many texts in which the words are words: 68 % with the rules before
                            it; of its sets 2, 3 and 4, each written after the last had been worked on, 21, 37 and 17 %
    towns_and_numbers.txt   streets with their town, postal codes and phones by their word: of sets 1, 2 and 3 42, 40 and 42 %
    spoken_secrets.txt      passwords made of words, secrets in URLs, commands and files: of sets 1 to 4 48, 11, 34 and 8 %

In the last three a text with a value says nothing about over-redaction but for that value; the texts without one do.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from agentlog.redaction import Redactor

HERE: Final = Path(__file__).with_name("prose")
_MARK: Final = re.compile(r"\[\[([A-Z]+|-):(.+?)\]\]", re.DOTALL)
_TOKEN: Final = re.compile(r"<[A-Z][A-Z_0-9]*>|[^\W_]+|\s+|.", re.DOTALL)
_WORD: Final = re.compile(r"[^\W_]+")
_FREE: Final = frozenset(
    """dr mr mrs ms prof miss md the and of san in on estate nurse coach pastor auntie grandma grandpa mom mum little old baby
    plumber apt unit suite ste st rd flat support cllr home with mailbox example com org net family""".split()
)
"""Words within a mark that tell of nobody."""


class Value(NamedTuple):
    """A marked value, by its place in a text."""

    start: int
    end: int
    kind: str


Turn = tuple[str, list[Value]]


def read(source: str) -> Iterator[tuple[str, list[Turn]]]:
    """Each text's name and turns, of a file of texts that begin with `##### name`."""
    for block in re.split(r"^##### ", source, flags=re.MULTILINE)[1:]:
        name, body = block.split("\n", 1)
        yield name, [_turn(turn) for turn in body.rstrip("\n").split("\n-----\n")]


def _turn(marked: str) -> Turn:
    plain, values, at = "", [], 0
    for found in _MARK.finditer(marked):
        plain += marked[at : found.start()]
        values.append(Value(len(plain), len(plain) + len(found[2]), found[1]))
        plain += found[2]
        at = found.end()
    return plain + marked[at:], values


def kept(before: str, after: str) -> bytearray:
    """For each character of `before`, whether it came through."""
    first, second = list(_TOKEN.finditer(before)), list(_TOKEN.finditer(after))
    alive = bytearray(len(before))
    same = difflib.SequenceMatcher(None, [one[0] for one in first], [one[0] for one in second], autojunk=False)
    for start, _, count in same.get_matching_blocks():
        for one in first[start : start + count]:
            alive[one.start() : one.end()] = b"\x01" * len(one[0])
    return alive


def measure(source: str, show: bool) -> None:
    """Redact all texts of a file and print what came of it, by kind of value."""
    redactor = Redactor(None, pseudonym_key=b"a key for the benchmark")
    true: Counter[str] = Counter()
    leaked: Counter[str] = Counter()
    words = lost = changed = plain = 0
    for name, turns in read(source):
        done = redactor.trace().exchange([text for text, _ in turns]).texts
        clean = not any(values for _, values in turns)
        plain += clean
        changed += clean and any(text != after for (text, _), after in zip(turns, done, strict=True))
        for (text, values), after in zip(turns, done, strict=True):
            alive = kept(text, after)
            inside = bytearray(len(text))
            for value in values:
                inside[value.start : value.end] = b"\x01" * (value.end - value.start)
                if value.kind == "-":
                    continue
                true[value.kind] += 1
                left = _left(text, value, alive)
                leaked[value.kind] += bool(left)
                if left and show:
                    print(f"left   {name}: {value.kind} {text[value.start : value.end]!r}: {' '.join(left)}")
            for word in _WORD.finditer(text):
                if not inside[word.start()]:
                    words += 1
                    if not alive[word.start()]:
                        lost += 1
                        if show:
                            print(f"taken  {name}: {text[max(0, word.start() - 30) : word.end() + 20]!r}")
    for kind in sorted(true):
        print(f"{kind:8} {leaked[kind]:4} of {true[kind]:4}  {100 * leaked[kind] / true[kind]:5.1f} %")
    print(f"all      {leaked.total():4} of {true.total():4}  {100 * leaked.total() / true.total():5.1f} %")
    print(
        f"over-redaction {lost} of {words:,} words, {100 * lost / words:.2f} %; {changed} of {plain} texts changed that hold nothing"
    )


def _left(text: str, value: Value, alive: bytearray) -> list[str]:
    """The words of a value that came through."""
    words = [(word[0], value.start + word.start()) for word in _WORD.finditer(text[value.start : value.end])]
    telling = [one for one in words if one[0].lower() not in _FREE] or words
    if value.kind in ("PERSON", "ADDRESS"):
        telling = [one for one in telling if len(one[0]) > 1 or one[0].isdigit()] or telling
    return [word for word, at in telling if alive[at]]


def main() -> None:
    """Measures all files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="what was left, and what was taken")
    given = parser.parse_args()
    for path in sorted(HERE.glob("*.txt")):
        print(f"== {path.name}")
        measure(path.read_text(encoding="utf-8"), given.list)


if __name__ == "__main__":
    main()

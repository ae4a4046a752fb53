"""With the extra `[fast]` redaction does less work and finds exactly the same."""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from test_hostile_texts import PIECES

from agentlog.redaction import Redactor, fast, watching

pytest.importorskip("hyperscan", reason="the extra [fast] is not installed: nox -s fast installs it")

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
ODD = (
    "ſKİıßﬁ０１２３４５６７８９٠١٢٣४५६𝟎𝟏ＡＢａｂ＠．\u200b\u00ad\u00a0\u2003\u2011–—‘’“”\x00\x1c\x1f\x85\ud800\udfff"  # noqa: RUF001 - they look like others on purpose
    "\n\r\t\v\f_-.,:;=()[]{}<>\"'\\/@#$%^&*+~`|!? 01234567899abcdefgzABCDEFXYZ王小明先生様田中さん电话手机号岁éüñçãœĲ"
)
SAID = (
    "Hi Mia, my name is Mia Li", "mia.li3818@example.com", "call +1 (415) 555-0137 or 415-555-0199", "card 4111 1111 1111 1111",
    "card ending in 4421", "born April 5, 1990", "DE89 3704 0044 0532 0130 00", "10.20.30.40 and fe80::1ff:fe23:4567:890a",
    "password: hunter2hunter2", "sk-ant-api03-abcdefghijklmnop0123456789", "AKIAIOSFODNN7EXAMPLE", "Bearer abcdefghijklmnop.qrstuv",
    "postgres://shop:s3cretpass@db.example.com/shop", "77 Elm Street, Apt 4, Springfield, IL 62704", "your code is 481 920",
    "/home/mia/notes.txt", "C:\\Users\\mia\\x", "SSN 123-45-6789", "user_id: mia_li_3668", "mia at example dot com",
    "bWlhQGV4YW1wbGUuY29tIGlzIG1lIQ==", "INSERT INTO users (name, email) VALUES ('Mia Li', 'mia@example.com')", "To: Mia Li <mia@example.com>",
    "name: Mia Li\nphone: 415-555-0137\n", "name,email\nMia Li,mia@example.com\nBo Ek,bo@example.com\n", '{"first_name": "Mia", "dob": "1990-04-05"}',
    "<td>Mia Li</td><td>mia@example.com</td>", "export API_KEY=abcdef0123456789abcdef", "Sincerely,\nMia Li", "Mr. Li wrote:",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    fast.stop()  # a redactor of another test may have begun it
    yield
    fast.stop()


def the_scanner() -> fast.Scanner:
    assert fast.ready()
    assert fast._scanner is not None
    return fast._scanner


def made_of(seed: int, count: int) -> Iterator[str]:
    """Texts of things that are found, of what hostile texts are made of, and of characters that mean different things to each."""
    draw = random.Random(seed)
    for _ in range(count):
        parts = []
        for _ in range(draw.randrange(1, 12)):
            kind = draw.random()
            if kind < 0.45:
                parts.append(draw.choice(SAID))
            elif kind < 0.65:
                said = draw.choice(SAID)
                start = draw.randrange(len(said))
                parts.append(said[start : start + draw.randrange(1, 20)])
            elif kind < 0.8:
                parts.append(draw.choice(PIECES) * draw.randrange(1, 4))
            else:
                parts.append("".join(draw.choices(ODD, k=draw.randrange(1, 8))))
        yield draw.choice(("", " ", "\n", ", ")).join(parts)


def plain_ascii(texts: Sequence[str]) -> list[str]:
    return [text.encode("ascii", "ignore").decode() for text in texts]


def same_with_and_without(texts: Sequence[str]) -> int:
    """How many of the texts were changed; fails where one is not changed alike."""
    fast.stop()
    with patch.dict("os.environ", {fast.VARIABLE: "0"}):
        redactor = Redactor(None, pseudonym_key=b"k")
        without = [redactor.text(text) for text in texts]
    assert fast.ready()
    again = Redactor(None, pseudonym_key=b"k")
    different = [text for text, made in zip(texts, without, strict=True) if again.text(text) != made]
    assert different == []
    return sum(made != text for made, text in zip(without, texts, strict=True))


def test_hyperscan_understands_every_watched_pattern() -> None:
    scanner = the_scanner()
    assert len(scanner.numbers) == len(watching.every()) > 20


def test_generated_and_hostile_texts_come_out_the_same() -> None:
    texts = list(made_of(1, 700))
    assert same_with_and_without([*texts, *plain_ascii(texts)]) > 700


def test_repeated_hostile_pieces_come_out_the_same() -> None:
    same_with_and_without([piece * (600 // len(piece)) for piece in PIECES])


def test_real_runs_come_out_the_same() -> None:
    file = DATA / "tau_airline" / "gpt-4o-airline.json.gz"
    if not file.is_file():
        pytest.skip("the real runs of ../shared/data are not beside this checkout")
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        texts = sorted({text for text in strings(json.load(opened)) if len(text) > 20})
    assert same_with_and_without(texts) > 500


@pytest.mark.parametrize("name", ["tau_airline/users.json.gz", "tau_airline/reservations.json.gz"])
def test_real_users_and_reservations_come_out_the_same(name: str) -> None:
    if not (DATA / name).is_file():
        pytest.skip("the real runs of ../shared/data are not beside this checkout")
    with gzip.open(DATA / name, "rt", encoding="utf-8") as opened:
        entries = list(json.load(opened).values())
    texts = [json.dumps(one) for one in entries[:: max(1, len(entries) // 200)]]
    assert same_with_and_without(texts) > 100


def test_real_exchanges_with_providers_come_out_the_same() -> None:
    file = DATA / "exchanges" / "pypi_sdists.jsonl.gz"
    if not file.is_file():
        pytest.skip("the real exchanges of ../shared/data are not beside this checkout")
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        texts = {text for line in opened for text in strings(json.loads(line)) if 20 < len(text) < 5_000}
    assert same_with_and_without(sorted(texts)[::3]) > 20


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def test_no_pattern_matches_where_the_scanner_says_that_it_cannot() -> None:
    scanner = the_scanner()
    texts = [*plain_ascii(list(made_of(2, 1_500))), *SAID, *PIECES]
    matched = 0
    for text in texts:
        numbers = scanner.scan(text)
        if numbers is not None:
            for pattern, number in scanner.numbers:
                if pattern.plain.search(text) is not None:
                    matched += 1
                    assert number in numbers, (pattern.pattern, text)
    assert matched > 3_000


def test_of_a_text_beyond_ascii_nothing_is_told() -> None:
    scanner = fast.Scanner([watching.Watched(re.compile("k+"))])
    assert scanner.scan("kk") == {0}
    assert scanner.scan("no") == set()
    assert scanner.scan("\u212a") is None


def test_a_scan_that_fails_means_that_everything_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fast.ready()
    text = "my name is Mia Li, card 4111 1111 1111 1111"
    before = Redactor(None, pseudonym_key=b"k").text(text)

    class Broken:
        def scan(self, *_: object, **__: object) -> None:
            raise MemoryError

    scanner = the_scanner()
    monkeypatch.setattr(scanner, "_database", Broken())
    monkeypatch.setattr(scanner, "_scratch", threading.local())
    scanner._scratch.own = None
    watching.begin(scanner.scan, scanner.numbers)
    assert scanner.scan(text) is None
    assert Redactor(None, pseudonym_key=b"k").text(text) == before
    assert "4111" not in before


def test_a_scanner_that_cannot_be_made_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    fast.stop()

    def broken(_: object) -> None:
        raise OSError("no such instruction")

    monkeypatch.setattr(fast, "Scanner", broken)
    monkeypatch.setattr(fast, "_scanner", None)
    assert not fast.ready()
    assert "4111" not in Redactor(None, pseudonym_key=b"k").text("card 4111 1111 1111 1111")


def test_a_variable_says_that_the_extra_is_not_to_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    fast.stop()
    monkeypatch.setenv(fast.VARIABLE, "0")
    assert not fast.ready()
    assert fast.finder() is None


def test_threads_do_not_disturb_each_other() -> None:
    texts = plain_ascii(list(made_of(3, 150)))
    assert fast.ready()
    redactor = Redactor(None, pseudonym_key=b"k")
    alone = [redactor.text(text) for text in texts]
    wrong: list[str] = []

    def work(seed: int) -> None:
        mine = Redactor(None, pseudonym_key=b"k")
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)
        wrong.extend(texts[number] for number in order if mine.text(texts[number]) != alone[number])

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert wrong == []


def test_a_run_with_many_values_comes_out_the_same() -> None:
    draw = random.Random(4)
    people = [f"Zor{a}{b}n Kel{b}{a}ith" for a in "abdeghik" for b in "lmnoprst"]
    said = [f"My name is {one}, born 19{40 + at}-04-1{at % 10}." for at, one in enumerate(people)]
    said.append(
        " ".join([*draw.sample(people, 60), "李雷", *(one.lower() for one in people), *map(str, range(1940, 2004))])
    )
    made = []
    for variable in ("0", "1"):
        with patch.dict("os.environ", {fast.VARIABLE: variable}):
            made.append(Redactor(None, pseudonym_key=b"k").trace().exchange(said).texts)
    assert made[0] == made[1]
    assert not any(one in made[0][-1] for one in people)


def test_many_values_are_found_alike_with_pyahocorasick() -> None:
    pytest.importorskip("ahocorasick", reason="the extra [fast] is not installed: nox -s fast installs it")
    finder = fast.finder()
    assert finder is not None
    found = finder(["mia", "li", "mia li", "ali"])
    assert sorted(found("mia li and ali")) == [(0, "mia"), (0, "mia li"), (4, "li"), (11, "ali"), (12, "li")]

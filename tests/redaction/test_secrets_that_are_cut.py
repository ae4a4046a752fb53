"""Secrets that line breaks run through, and secrets that are cut between parts, messages and chunks of a stream."""

from __future__ import annotations

import base64
import json
import random
import string
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from work import calls

from agentlog.messages.parts import message, text
from agentlog.records import Draft
from agentlog.redaction import Redactor
from agentlog.redaction.trace.across import gathered

CHANCE = random.Random(20261125)
LETTERS = string.ascii_letters + string.digits


def made(length: int, alphabet: str = LETTERS) -> str:
    return "".join(CHANCE.choice(alphabet) for _ in range(length))


KEYS = {
    "aws": "AKIA" + made(16, string.ascii_uppercase + "234567"),
    "openai": "sk-proj-" + made(74),
    "anthropic": "sk-ant-api03-" + made(93),
    "github": "ghp_" + made(36),
    "jwt": f"eyJ{made(33)}.eyJ{made(80)}.{made(43)}",
    "slack": f"xoxb-{made(12, string.digits)}-{made(13, string.digits)}-{made(24)}",
}
BASE64 = base64.b64encode(bytes(CHANCE.randrange(256) for _ in range(190))).decode()
PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "\n".join(textwrap.wrap(made(800, LETTERS + "+/"), 64))
    + "\n-----END RSA PRIVATE KEY-----"
)
"""Made up: no key of anybody."""

WRAPPED: dict[str, Callable[[str], str]] = {
    "in the middle": lambda key: f"the key is {half(key)[0]}\n{half(key)[1]} ok",
    "early": lambda key: f"the key is {key[:9]}\n{key[9:]} ok",
    "on lines of its own": lambda key: f"key:\n{half(key)[0]}\n{half(key)[1]}\nplease use it",
    "every 20": lambda key: "here\n" + "\n".join(textwrap.wrap(key, 20, break_on_hyphens=False)) + "\nend",
    "every 8": lambda key: "key " + "\n".join(key[at : at + 8] for at in range(0, len(key), 8)) + "\nbye",
    "a log at 76": lambda key: f"2026-01-01 INFO token={key[:76]}\n{key[76:]}\n2026-01-01 INFO done",
    "indented": lambda key: f"token: {half(key)[0]}\n       {half(key)[1]}\nnext: 1",
    "CRLF": lambda key: f"token: {half(key)[0]}\r\n{half(key)[1]}\r\nnext: 1",
    "lines of a log": lambda key: f"2026-01-01 12:00:00 INFO token {half(key)[0]}\n2026-01-01 12:00:01 INFO {half(key)[1]}\n",
    "lines of a container": lambda key: f"web_1 | key {half(key)[0]}\nweb_1 | {half(key)[1]} was used\n",
    "a quoted mail": lambda key: f"> use {half(key)[0]}\n> {half(key)[1]}\n",
    "escaped": lambda key: f"use {half(key)[0]}\\n{half(key)[1]} now",
    "code": lambda key: f"export T={half(key)[0]}\\\n{half(key)[1]}\n",
    "a mail program": lambda key: f"key {half(key)[0]}=\n{half(key)[1]} x",
}  # fmt: skip


def half(key: str) -> tuple[str, str]:
    return key[: len(key) // 2], key[len(key) // 2 :]


def longest_left(done: str, key: str) -> int:
    """The longest stretch of a key that is still to be read, line breaks or not."""
    read = "".join(character for character in done if character.isalnum() or character in "-_+/=.")
    return max(
        (n for at in range(len(key)) for n in range(1, len(key) - at + 1) if key[at : at + n] in read), default=0
    )


def redact(words: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(words)


@pytest.mark.parametrize("how", WRAPPED)
@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_goes_on_over_lines_leaves_nothing_readable(kind: str, how: str) -> None:
    key = KEYS[kind]
    assert longest_left(redact(WRAPPED[how](key)), key) < 8


@pytest.mark.parametrize(
    "words",
    [
        f"data:\n  secret_key: |\n    {BASE64[:64]}\n    {BASE64[64:128]}\n    {BASE64[128:]}\nkind: Secret\n",
        f"SECRET_KEY={BASE64[:76]}\n{BASE64[76:152]}\n{BASE64[152:]}\nOTHER=1\n",
        f"The secret key is\n{BASE64[:64]}\n{BASE64[64:128]}\n{BASE64[128:]}\n\nDo not share.",
    ],
    ids=["YAML", "settings", "a sentence"],
)
def test_a_base64_key_with_line_breaks_is_found_by_what_is_said_of_it(words: str) -> None:
    assert longest_left(redact(words), BASE64) < 8


@pytest.mark.parametrize(
    "words",
    [
        PEM,
        PEM[:400],
        PEM[300:],
        "\n".join(f"INFO {line}" for line in PEM.splitlines()),
        "\n".join(f"2026-01-01T12:00:0{n % 10}Z app[1]: {line}" for n, line in enumerate(PEM.splitlines())),
        json.dumps({"k": PEM}),
        json.dumps({"k": PEM.splitlines()}),
    ],
    ids=["whole", "cut behind", "cut before", "in a log", "in a log with times", "JSON", "JSON lines"],
)
def test_a_private_key_leaves_no_line(words: str) -> None:
    body = PEM.split("\n", 1)[1].rsplit("\n", 1)[0]
    done = redact(words)
    assert not [line for line in body.splitlines() if line[:24] in done or line[-24:] in done]
    if words[0] == "{":
        json.loads(done)


@pytest.mark.parametrize(
    ("words", "stays"),
    [
        (f"Use {KEYS['openai']}\nThanks for your help.", "\nThanks for your help."),
        (f"Use {KEYS['aws']}\n2026-01-01 12:00:00 INFO done\n", "\n2026-01-01 12:00:00 INFO done\n"),
        (f"INFO key {KEYS['openai']}\nINFO configuration loaded\nINFO v1.2.3 started", "\nINFO configuration loaded\nINFO v1.2.3 started"),
        (f"2026-01-01 12:00:00 INFO token {half(KEYS['aws'])[0]}\n2026-01-01 12:00:01 INFO {half(KEYS['aws'])[1]}\n", "\n2026-01-01 12:00:01 INFO "),
        (f"token={KEYS['github']}\nREGION=eu-west-1\n", "\nREGION=eu-west-1\n"),
        (f"token: {KEYS['github']}\nregion: eu-west-1\n", "\nregion: eu-west-1\n"),
        (f"1. {KEYS['github']}\n2. order W2378156\n3. next", "order W2378156\n3. next"),
        (f"key {KEYS['jwt']}\nuser W2378156 paid", "\nuser W2378156 paid"),
        ("We use sk-learn for this and\nscikit-learn-1.3.2 for that", "sk-learn for this and\nscikit-learn-1.3.2 for that"),
        ("the hash is e3b0c44298fc1c149afbf4c8996fb924\n27ae41e4649b934ca495991b7852b855", "e3b0c44298fc1c149afbf4c8996fb924\n27ae41e4649b934ca495991b7852b855"),
        ("Please keep the secret key\nin a safe place, e.g. a Vault-2 instance.", "the secret key\nin a safe place, e.g. a Vault-2 instance."),
        ("The access key is\nlongwordwithoutanydigitsorcapitals\n", "longwordwithoutanydigitsorcapitals"),
    ],
)  # fmt: skip
def test_what_stands_on_the_next_line_and_is_no_part_of_it_stays(words: str, stays: str) -> None:
    assert stays in redact(words)


@pytest.mark.parametrize(
    "piece",
    ["sk-\n", "sk-a1\n", "sk-a1\\n", "akia\n", "AKIAA1 ", "eyJ1.\n", "INFO sk-a1B2\n", "-----BEGIN RSA PRIVATE KEY-----\nINFO aA1B\n",
     "the secret key is\nA1aaaaaaaaaaaaaaaaaaaaaaaa\n", "A-", "A-a1\nB.", "sk-" + "a1" * 50 + "\n", "x" * 300 + "\\nsk-a1"],
)  # fmt: skip
def test_the_work_for_a_hostile_text_is_bounded_by_its_length(piece: str) -> None:
    redactor = Redactor(None, pseudonym_key=b"k")
    redactor.text("warm")
    few, many = (calls(lambda size=size: redactor.text(piece * (size // len(piece)))) for size in (4_000, 32_000))
    assert many < 12 * few + 5_000


# ── between texts ─────────────────────────────────────────────────────────────────────────────────────────────────────

KEY = KEYS["openai"]


def stored(**columns: Any) -> dict[str, Any]:
    row = {"call_id": "c", "trace_id": "t", "operation": "chat", "surface": "unknown", **columns}
    record = Redactor(None, pseudonym_key=b"k").trace().redact(Draft(row))
    assert record.row["redaction"]["failed"] is False
    return record.row


def said(role: str, *words: str) -> Any:
    return message(role, *map(text, words))


def texts(messages: Any) -> list[list[str]]:
    return [[part["text"] for part in one["parts"]] for one in messages]


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_over_the_parts_of_a_message(kind: str) -> None:
    one, other = half(KEYS[kind])
    row = stored(input_messages=[said("user", f"the key is {one}", f"{other} ok?")])
    assert texts(row["input_messages"]) == [["the key is <SECRET_1>", " ok?"]]


@pytest.mark.parametrize("kind", KEYS)
def test_a_key_over_messages(kind: str) -> None:
    one, other = half(KEYS[kind])
    row = stored(input_messages=[said("user", f"the key is {one}"), said("user", other), said("user", "Thanks a lot")])
    assert texts(row["input_messages"]) == [["the key is <SECRET_1>"], [""], ["Thanks a lot"]]


def test_what_the_next_message_says_stays_in_it() -> None:
    row = stored(
        input_messages=[said("user", f"the key is {KEY}"), said("assistant", "Thanks"), said("user", "W2378156 too")]
    )
    assert texts(row["input_messages"]) == [["the key is <SECRET_1>"], ["Thanks"], ["W2378156 too"]]


@pytest.mark.parametrize("size", [1, 3, 7])
def test_a_key_over_many_parts(size: int) -> None:
    pieces = [KEY[at : at + size] for at in range(0, len(KEY), size)]
    row = stored(output_messages=[said("assistant", "It is ", *pieces, ", use it")])
    assert "".join(texts(row["output_messages"])[0]) == "It is <SECRET_1>, use it"


@pytest.mark.parametrize(
    "chunk",
    [
        lambda piece: piece,
        lambda piece: {"type": "token", "text": piece},
        lambda piece: {"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {"content": piece}}]},
        lambda piece: {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "input_json_delta", "partial_json": piece},
        },
    ],
    ids=["texts", "dicts", "OpenAI", "Anthropic"],
)
@pytest.mark.parametrize("size", [2, 5])
def test_a_key_over_what_a_generator_yielded(chunk: Callable[[str], Any], size: int) -> None:
    pieces = ["It is ", *[KEY[at : at + size] for at in range(0, len(KEY), size)], ", use it"]
    result = json.dumps([*map(chunk, pieces), {"done": True}])
    row = stored(tool_result=result, time_to_first_chunk_s=0.1)
    assert longest_left(row["tool_result"], KEY) < 8
    kept = json.loads(row["tool_result"])
    assert len(kept) == len(pieces) + 1
    assert "It is " in json.dumps(kept[0]) and ", use it" in json.dumps(kept[-2])


def test_a_row_in_which_nothing_is_cut_is_the_row_itself() -> None:
    row = {"input_messages": [said("user", "hello", "world 12"), said("assistant", "34 of W2378156"), said("user", f"key {KEY}")],
           "tool_result": '["a", "b"]', "time_to_first_chunk_s": 0.1}  # fmt: skip
    assert gathered(row) is row


def test_the_row_that_was_given_is_not_changed() -> None:
    row = {"input_messages": [said("user", f"key {KEY[:20]}"), said("user", KEY[20:])]}
    before = json.dumps(row)
    assert gathered(row) is not row and json.dumps(row) == before

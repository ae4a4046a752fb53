r"""Credentials that are caught, and what is taken for one: made-up keys of every common issuer, valid in form.

    python benchmarks/credentials.py [--seeds 5] [--missed]

Each kind stands in at least five surroundings: a sentence, an environment line, JSON under a key that tells and under one
that does not, a header, a source line, a log line. Keys without a form of their own (32 hexadecimal digits) stand only
where something tells what they are. A credential is caught when no half of it, and no twelve characters in a row, are left.
The false ones are counted in the 200 runs of `../shared/data`, where that folder is there: they hold no credential.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from credential_kinds import KINDS, Kind, fill, written

from agentlog.redaction import Redactor
from agentlog.redaction.analysis import CONTENT, Analysis, analyse
from agentlog.redaction.entities import SECRET
from agentlog.redaction.keys.rules import KeyRules
from agentlog.redaction.structures.islands import unescape
from agentlog.redaction.words.text import words_in

DATA: Final = Path(__file__).parents[1] / "../shared/data"
KEY: Final = b"a key for the benchmark"


_USUAL: Final[tuple[tuple[str, bool, Callable[[str, str], str]], ...]] = (
    ("sentence", True, lambda key, it: f"I put {it} there, and the call still fails. Why?"),
    ("quoted", True, lambda key, it: f"Is `{it}` still valid?"),
    ("environment", False, lambda key, it: f"export DEBUG=1\n{key}={_shell(it)}\nPORT=8080"),
    ("json key", False, lambda key, it: json.dumps({"name": "svc", key.lower(): it, "retries": 3})),
    ("json neutral", True, lambda key, it: json.dumps({"ok": True, "output": it})),
    ("header", False, lambda key, it: f"curl -s -H {json.dumps('X-Api-Key: ' + it)} https://api.example.com/v1/items"),
    (
        "source",
        False,
        lambda key, it: f"import client\n\n{key.lower()} = {json.dumps(it)}\nclient.run({key.lower()})\n",
    ),
    ("log", False, lambda key, it: f"2026-01-07T12:00:03Z ERROR client: refused {key.lower()}={_shell(it)} status=401"),
    ("yaml", False, lambda key, it: f"env:\n  - name: {key}\n    value: {_shell(it)}\n  - name: PORT\n    value: 1\n"),
    ("broken", True, lambda key, it: f"The key is\n{it[: len(it) // 2]}\n{it[len(it) // 2 :]}\nand that is all."),
)
"""Each with whether the form alone has to tell."""


def _shell(value: str) -> str:
    return json.dumps(value) if re.search(r"[\s;$&#*!^%~]", value) else value


def cases(kind: Kind, chance: random.Random) -> Iterator[tuple[str, str, list[str]]]:
    """Surroundings of a kind: their name, the text, and what must not be left of it."""
    for index, says in enumerate(kind.says):
        made, secrets = fill(kind.form, chance)
        text = written(says, made)
        yield f"own {index}", text, [one for one in secrets if one in text]
    for name, alone, write in _USUAL if not kind.says else ():
        if kind.own or not alone:
            made, secrets = fill(kind.form, chance)
            if name == "broken" and ("\n" in made or "[[" in kind.form):
                continue
            yield name, write(kind.key, made), secrets


def left(secret: str, text: str) -> bool:
    """Whether half of `secret`, or twelve characters of it, are still in `text`."""
    size = min(12, (len(secret) + 1) // 2) if len(secret) > 6 else len(secret)
    return any(secret[at : at + size] in text for at in range(len(secret) - size + 1))


MUST_STAY: Final = (
    'token = os.getenv("API_TOKEN")', "token = token.strip()", "password_min_length: 12", "DB_PASSWORD_FILE=/run/secrets/db_password",
    '{"password": null, "has_secret": true, "token": false}', "api_key=api_key,", "secret = settings.SECRET_KEY",
    "password: ${DB_PASSWORD}", "password: {{ vault_password }}", "Authorization: Bearer $TOKEN", "Authorization: Bearer <your token>",
    "curl -u $USER:$PASS https://a.example", "postgres://user:${PASSWORD}@db/shop", "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "id 123e4567-e89b-42d3-a456-426614174000",
    "model gpt-4o-mini-2024-07-18, claude-3-5-sonnet-20241022", "langchain-core==1.2.3", "etag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
    "max_tokens: 4096, total_tokens=812", "error code is 500123", "Your booking code is the one on the ticket",
    "sort_key=created_at", "primary key: id", "cache_key=user_list", "next_page_token: null", "pattern: sk-[a-z]+", "re_compile_all_the_patterns",
    "the promo code SAVE20", "status code: 404", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE is a public key", "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl8=\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----", "-----BEGIN PRIVATE KEY----- is the first line of such a file.",
    "docker pull nginx@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac",
    "call_8f3kQ2mZx7Lp9Rt5Wv1Ny4Bc is the id of the tool call", "chatcmpl-9xQ2mZx7Lp9Rt5Wv1Ny4BcKd", "req_011CSHoEeqs5C35K2UUqR7Fy",
    "toolu_01A09q90qw90lq917835lq9", "pub_key-of-the-table", "git@github.com:team/repo.git", "https://example.com/search?q=token&page=2",
    "integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC\"", "def get_token(self) -> str:",
    "password=getpass.getpass()", "token: str | None = None", "if secret is None: raise ValueError('no secret')", "PASSWORD_HASHERS = [",
    "Password must be at least 12 characters.", "Your password is required to continue.", "cookie: the biscuit, not the header",
    "arn:aws:iam::123456789012:role/service", "X-Request-Id: 7f3c9a1e-22b4-4f0e-9c1d-0a1b2c3d4e5f", "user_2a9Kd81mZ",
)  # fmt: skip


def findings(analysis: Analysis, text: str) -> Iterator[str]:
    """What was taken for a secret in `text`, and in the strings within it."""
    value_of = analysis.reader(text)
    for one in analysis.findings:
        if one.entity == SECRET:
            yield value_of(one)
    for start, end, inner in analysis.nested:
        yield from findings(inner, unescape(text[start:end]))


def texts_of(value: object) -> Iterator[str]:
    """Every string in `value`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)


def false_ones() -> tuple[int, list[str]]:
    """Characters of the different texts of the 200 runs, and what was taken for a secret in them."""
    with gzip.open(DATA / "tau_airline/gpt-4o-airline.json.gz", "rt", encoding="utf-8") as file:
        texts = sorted(set(texts_of(json.load(file))))
    rules = KeyRules({}, False)
    found = [one for text in texts for one in findings(analyse(text, CONTENT, rules, words_in(text)), text)]
    return sum(map(len, texts)), found


def measured(seeds: int, show: bool = False) -> tuple[Counter[str], Counter[str], Counter[tuple[str, str]], list[str]]:
    """By kind how many texts there are and how many secrets of them were caught; where they were not; what was changed though it must stay."""
    redactor = Redactor(None, pseudonym_key=KEY)
    caught: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for seed in range(seeds):
        for kind in KINDS:
            for where, text, secrets in cases(kind, random.Random(f"{seed} {kind.name}")):
                made = redactor.text(text)
                total[kind.name] += 1
                if any(left(secret, made) for secret in secrets):
                    missed[kind.name, where] += 1
                    if show:
                        print(f"--- {kind.name}, {where}\n{text[:600]}\n→ {made[:600]}")
                else:
                    caught[kind.name] += 1
    changed = [f"{text!r} → {made!r}" for text in MUST_STAY if (made := redactor.text(text)) != text]
    return total, caught, missed, changed


def main() -> None:
    """Prints what was caught by kind, what was not, and what was taken for a secret that is none."""
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--missed", action="store_true", help="show each text that was missed")
    arguments = options.parse_args()
    total, caught, missed, changed = measured(arguments.seeds, arguments.missed)
    for name, count in total.items():
        places = ", ".join(where for one, where in missed if one == name)
        print(f"{name:28}{caught[name]:5} of {count:4}  {places}")
    everything, all_caught = sum(total.values()), sum(caught.values())
    print(f"{len(total)} kinds, {everything} texts: {all_caught} caught, {100 * all_caught / everything:.2f} %")
    print(f"must stay: {len(MUST_STAY) - len(changed)} of {len(MUST_STAY)}")
    for one in changed:
        print(f"  {one}")
    if DATA.is_dir():
        size, found = false_ones()
        shown = [one[:4] for one in found]
        print(f"200 runs, {size / 1000:.0f} KB of different texts: {len(found)} taken for a secret {shown}")


if __name__ == "__main__":
    main()

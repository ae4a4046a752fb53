"""Containers other than JSON: what stands in them under a telling key is exchanged, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from documents_made import FOLDER, PEOPLE, Document, documents, redacted

DOCUMENTS = documents()
ORDINARY = sorted((FOLDER / "ordinary").iterdir())


def test_there_are_documents_of_every_kind() -> None:
    assert len({one.kind for one in DOCUMENTS}) > 5
    assert len(DOCUMENTS) > 100
    assert len(ORDINARY) > 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: f"{one.kind}: {one.title}")
def test_a_document_gives_away_nothing_of_anybody_and_keeps_the_rest(document: Document) -> None:
    for person in PEOPLE:
        made = redacted(document.filled(person))
        assert document.left(person, made) == []
        assert document.lost(made) == []


@pytest.mark.parametrize("path", ORDINARY, ids=lambda path: path.name)
def test_an_ordinary_technical_document_is_left_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert redacted(text) == text


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return text.lstrip().startswith("{")


HOLDING = [one for one in DOCUMENTS if is_json(one.filled(PEOPLE[0]))]


def test_some_documents_are_json() -> None:
    assert len(HOLDING) >= 5


@pytest.mark.parametrize("document", HOLDING, ids=lambda one: one.title)
def test_json_that_holds_another_container_stays_json(document: Document) -> None:
    for person in PEOPLE:
        json.loads(redacted(document.filled(person)))


def test_names_of_one_row_are_one_person() -> None:
    made = redacted("id,first_name,last_name\n1,Tomasz,Kaminski\n2,Adaeze,Obiaku\n\nTomasz Kaminski came alone.")
    assert made.splitlines()[1] == "1,<PERSON_1_GIVEN>,<PERSON_1_FAMILY>"
    assert made.splitlines()[-1] == "<PERSON_1_GIVEN> <PERSON_1_FAMILY> came alone."


def test_what_a_container_shows_is_exchanged_in_the_prose_around_it() -> None:
    made = redacted(
        "| Customer | Login |\n|---|---|\n| Tomasz Kaminski | tkaminski77 |\n\ntkaminski77 waits; so does Kaminski."
    )
    assert made.endswith("<USER_ID_1> waits; so does <PERSON_1_FAMILY>.")


@pytest.mark.parametrize(
    "text",
    [
        "kind: Deployment\ndata:\n  first: correcthorse\n",
        "kind: ConfigMap\ndata:\n  first: correcthorse\n",
        '{"kind": "ConfigMap", "data": {"first": "correcthorse"}}',
        '{"kind": "Secret", "metadata": {"first": "correcthorse"}}',
        "Name, price\nUSB cable, 19.99\n",
        "Please choose: name, email, phone.\nThen press: Next, Back, Done.\n",
        "| Model | Tokens | Key |\n|---|---|---|\n| gpt-4o | 128000 | no |\n",
        "<td>Password</td><td>required</td>",
        "user = current_user\npassword = get_password(user)\ntoken = token.strip()\n",
        "const password = await readPassword();",
        "SELECT * FROM users WHERE email = 'email' AND password = ?",
        "https://github.com/acme/shop/commit/8f3a0c1d2e4b5a69788796a5b4c3d2e1f0a9b8c7",
        "https://cdn.acme.test/assets/index-3f9c1b2a8f3a0c1d.js?v=2.14.0",
        "https://docs.acme.test/how-to/reset-a-forgotten-password-in-version-2",
        "/home/runner/work/shop/shop/src/app.py /home/node/app /Users/Shared/x C:\\Users\\Public\\Desktop",
        "it costs ~5/hour, at ~km/h or ~/bin/run",
        "git clone git@github.com:acme/shop.git && git clone https://git@github.com/acme/shop.git",
        "From: Boston\nTo: New York\nDate: May 6\n",
        "Subject: the user name\nTo: everybody in the team\n",
        "PATH=/usr/bin:/bin\nLANG=C\nUSER=root\nHOME=/root\nPASSWORD=\nTOKEN=***\n",
        "mkdir -p build/out && cp -p a b && ssh -p 2222 build.acme.test",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redacted(text) == text

"""Passwords made of words: what tells is where they stand, and that nobody says such a thing of a password."""

from __future__ import annotations

import json

import pytest

from agentlog.redaction import Redactor


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    ("before", "password", "behind"),
    [
        ("my password is ", "marmalade", " and I forgot the rest"),
        ("Hi, the wifi password is ", "bluewhale", ", enjoy your stay!"),
        ("The password for the portal is ", "Rosebud", "."),
        ("the wifi's password's ", "tangerine", ""),
        ("her password was just '", "princess", "'"),
        ("My password is “", "gandalf", "” and it stopped working"),
        ("database password is set to ", "blackbird", ""),
        ("the ssh pass is ", "mockingbird", ""),
        ("Guest network: CafeBlue, password: ", "lavender", ""),
        ("**Password:** ", "walnut", ""),
        ("pwd: ", "monkey", ""),
        ("Password - ", "cinnamon", "\nSSID - home"),
        ("Wi-Fi password = ", "peppermint", ""),
        ("User: x7; Pass: ", "starlight", ""),
        ("我的password: ", "sunflower", ""),
        ("passphrase: ", "correct horse battery staple", ""),
        ("the passphrase is ", "purple monkey dishwasher", "."),
        ("decrypt with the passphrase \"", "lonely mountain goat", "\""),
        ("wifi: guesthouse / password: ", "sleepy otter", ""),
        ("I set the password to ", "sunflower", " yesterday"),
        ("We changed the alarm passcode to ", "firefly", " last week"),
        ("Please reset the password for the lab account to ", "hedgehog", "."),
        ("I used ", "kingfisher", " as my password everywhere"),
        ("try logging in as root with password ", "mockingbird", ""),
        ("you can log in with admin / ", "opensesame", ""),
        ("root credentials: root/", "starlight", ""),
        ("The answer to my security question is ", "buttercup", "."),
        ("his security word, he said \"", "marmalade", "\""),
        ("密码是", "sunflower", ""),
        ("パスワードは ", "sunflower", " です"),
        ("seed phrase: ", "witch collapse practice feed shame open despair creek road again ice least", ""),
        ("Das Passwort ist ", "Sonnenblume", "."),
        ("la contraseña es ", "girasol", ""),
        ("mot de passe : ", "tournesol", ""),
    ],
)  # fmt: skip
def test_a_password_may_be_a_word(before: str, password: str, behind: str) -> None:
    assert redacted(before + password + behind) == f"{before}<SECRET_1>{behind}"


@pytest.mark.parametrize(
    "text",
    [
        "password is required for this account", "The password is incorrect, try again", "Your password is about to expire",
        "my password is not working", "The password is too short", "password is case-sensitive", "the password is wrong",
        "The password is stored as a bcrypt hash", "The password is the same as before", "Passwords are stored hashed with bcrypt",
        "I think my password is expired", "The password is displayed in clear text", "Her password is weak and easily guessed",
        "If the password is correct, a token is returned", "Is the password encrypted?", "Forgot password? Click the password reset link",
        "password: string, minimum 8 characters", "password: must contain a digit", "password: enter at least 8 characters",
        "- password: the account password", "Password: Reset | Username: Change", "Password: ********", "Password (optional)",
        "password: <your password here>", "Password: (leave empty to keep)", "user: admin, password: see 1Password",
        "def login(user: str, password: str = None) -> bool:", 'password = os.getenv("DB_PASSWORD")', "password: process.env.DB_PASS,",
        "const login = ({ email, password }: Credentials) => {}", "  password: yup.string().required(),", "password: Optional[str]",
        "password?: string;", "password: bytes", "password: SecretStr", "    password: Incomplete | None = ...,",
        "| Field | Password | Type |\n|---|---|---|\n| pw | string | text |", "Username:\nPassword:\nRemember me",
        "Reset your password to continue.", "Change your password to something stronger", "Set the password to null in the database",
        "Use password authentication instead of keys", "Wrong username or password.", "Enter username and password below",
        "sign in with email / phone", "login with Google / Facebook", "Credential type: username / password", "account: checking / savings",
        "the secret is patience", "The key is to stay calm", "The token is invalid or expired", "passcode: see the invitation",
        "密码: required", "the seed phrase of the story is when the old man and the sea went down into the water and never came back",
        "Das Passwort ist falsch.", "Das Passwort ist abgelaufen", "la contraseña es incorrecta", "le mot de passe est expiré",
        "mot de passe : obligatoire", "a senha é inválida", "Passwort: Passwort", "decode as UTF-8 and pass strings to the callback",
    ],
)  # fmt: skip
def test_what_is_said_of_a_password_stays(text: str) -> None:
    assert redacted(text) == text


def test_the_old_password_and_the_new_one_go() -> None:
    assert (
        redacted("changed my password from apple to cherrypie") == "changed my password from <SECRET_1> to <SECRET_2>"
    )


def test_a_login_and_its_password_go_together() -> None:
    assert redacted("login is sandrak / pelican") == "login is <USER_ID_1> / <SECRET_1>"


def test_a_sentence_in_a_structure_is_read_too() -> None:
    made = json.loads(redacted(json.dumps({"role": "user", "content": "my wifi password is sunflower"})))
    assert made["content"] == "my wifi password is <SECRET_1>"


@pytest.mark.parametrize(
    "piece",
    [
        "password: a ", "set the password to ", "log in / ", "password is a b c ", "the password “a", "use a as ", "user: pass: ",
        "as x and password y ", "security question is ", "changed password from a to ", "pass is pw ", "my the our pass ",
    ],
)  # fmt: skip
def test_hostile_text_is_read_through_once(piece: str) -> None:
    assert "REDACTION_FAILED" not in redacted(piece * (30_000 // len(piece)))

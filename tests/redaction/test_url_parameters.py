"""Parameters and passwords in URLs: the value goes, and what is left is the same URL."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from agentlog.redaction import RedactionPolicy, Redactor


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    ("before", "secret", "behind"),
    [
        ("Open https://shop.example.com/reset?token=", "kjhgfdsapoiuytrewq", "&lang=de now"),
        ("https://x.example/cb?access_token=", "qwertyuiopasdfghjkl", ""),
        ("https://api.x.example/v1?token=", "abcdefghijklmnop", "&x=1"),
        ("GET /v2/items?api_key=", "zxcvbnmasdfghjkl", "&limit=20 HTTP/1.1"),
        ("https://a.example/#access_token=", "hunterhunterhunter", "&token_type=bearer&expires_in=3600"),
        ("https://a.example/cb?code=", "wqmnbvcxzlkj", "&state=xyz"),
        ("callback: /oauth/callback?code=", "mnbvcxzasdfgh", ""),
        ("https://cdn.example/v.mp4?Expires=1699999999&sig=", "abcdefghijklmnop", "&fmt=hd"),
        ("https://a.example/x?user=1;password=", "swordfish", ";page=2"),
        ("https://a.example/x?to=%2Fhome&client_secret=", "not%2Dso%2Dgood", "&scope=read"),
        ("curl 'https://maps.example/js?key=", "qWeRtYuIoPaSdFgHjKlZxCvBnM", "&libraries=places'"),
        ("next=https%3A%2F%2Fx.com%2Fcb%3Faccess_token%3D", "plmoknijbuhvygc", "%26a%3D1"),
        ("http://host/app;jsessionid=", "ABCDEFABCDEFABCDEF", "?x=1"),
        ("wss://a.example/s?session=", "mnbvcxzqwert", "&room=9"),
        ("https://a.example/saml?auth=", "letmeinplease", "&v=1"),
        ("https://a.example/login?otp=", "829104", "&next=/"),
        ("[reset](https://a.example/reset?token=", "plokmijnuhbygv", ")"),
        ('<a href="https://a.example/p?x=1&amp;token=', "lkjhgfdsaqwe", '&amp;y=2">'),
        ("POST /login?user=1&pwd=", "starlight", " HTTP/1.1"),
        ("postgresql://svc:", "s3", "@db.internal:5432/main"),
        ("redis://default:", "sunflower", "@cache:6379"),
        ("mongodb+srv://root:", "ab%40cd", "@cluster0.mongodb.net/test?retryWrites=true"),
    ],
)  # fmt: skip
def test_a_secret_in_a_url_goes_and_nothing_else(before: str, secret: str, behind: str) -> None:
    assert redacted(before + secret + behind) == f"{before}<SECRET_1>{behind}"


@pytest.mark.parametrize(
    "text",
    [
        "https://docs.example.com/search?key=value&page=2", "https://docs.example.com/list?page_token=next&sort=token",
        "https://api.example.com/v1?token=YOUR_TOKEN&x=1", "https://api.example.com/v1?api_key={api_key}&x=1",
        "https://api.example.com/v1?access_token=<token>", "https://shop.example.com/?code=SAVE20&utm_source=mail",
        "https://example.com/?country_code=DE&currency_code=EUR", "https://example.com/p?id=4711&session_type=guest&auth=false",
        "https://a.example.com/?session=default&key=name&token_type=bearer", "https://a.example.com/?session=keynote-opening&sid=3",
        "https://a.example.com/?auth=${TOKEN}&key=%s&sig=...", "a && token=1 || key=2; code=3", "https://h.example/docs#token=expiry",
        "https://h.example/?sig=none&auth=basic&ticket=support", "https://h.example/a?grant_type=password&scope=token",
        "postgres://user:<password>@host:5432/db", "postgres://user:${DB_PASSWORD}@host:5432/db", "mysql://%s:%s@%s/%s",
        "amqp://user:***@broker/", 'f"postgresql://{user}:{password}@{host}/{db}"', "ssh://git@github.com/acme/x.git",
        "http://localhost:8080/@scope/pkg",
    ],
)  # fmt: skip
def test_a_url_that_opens_nothing_stays(text: str) -> None:
    assert redacted(text) == text


def test_an_escaped_ampersand_ends_a_value() -> None:
    text = r'{"next": "https://a.example.com/p?access_token=lkjhgfdsaq\u0026refresh_token=mnbvcxzlkj\u0026page=2"}'
    made = json.loads(redacted(text))
    assert made["next"] == "https://a.example.com/p?access_token=<SECRET_1>&refresh_token=<SECRET_2>&page=2"


def test_the_host_stays_where_somebody_logs_in_without_a_password() -> None:
    made = redacted("git clone https://janek@git.example.com/p.git")
    assert urlsplit(made.split()[-1]).hostname == "git.example.com"
    assert "janek" not in made


def test_a_name_in_a_query_goes_word_by_word() -> None:
    made = redacted("https://crm.example.com/find?customer_name=Grace+Miller&x=1")
    assert made == "https://crm.example.com/find?customer_name=<PERSON_1_GIVEN>+<PERSON_1_FAMILY>&x=1"


def test_a_parameter_that_the_policy_calls_safe_stays() -> None:
    text = "https://a.example/?session=mnbvcxzqwert"
    assert redacted(text) != text
    assert Redactor(RedactionPolicy(safe_keys=("session",)), pseudonym_key=b"k").text(text) == text


@pytest.mark.parametrize(
    "piece", ["?token=a&", "?a=b+", "%3Dtoken%3F", ";a=bb/", "//;token=a", "%3Ftoken%3Dab", "&key=", "https://u:"]
)
def test_hostile_text_is_read_through_once(piece: str) -> None:
    assert "REDACTION_FAILED" not in redacted(piece * (30_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amqp://app1:p@host/", "amqp://<USER_ID_1>:<SECRET_1>@host/"),
        ("mongodb+srv://adm:pa%24s@c.mongodb.net/x", "mongodb+srv://<USER_ID_1>:<SECRET_1>@c.mongodb.net/x"),
        ("https://user:password@example.com", "https://user:password@example.com"),
        (
            "https://c.example/f?customer_name=Grace%20Miller&x=1",
            "https://c.example/f?customer_name=<PERSON_1_GIVEN>%20<PERSON_1_FAMILY>&x=1",
        ),
        ("password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6230346363623039", "password: !vault |\n  <SECRET_1>"),
    ],
)
def test_what_is_left_of_a_url_is_the_same_url(text: str, expected: str) -> None:
    assert redacted(text) == expected

"""Keys, tokens, passwords and codes: every kind is found wherever it stands, and what only names one stays."""

from __future__ import annotations

import base64
import json
import random
import re
import string
from collections.abc import Callable

import pytest
from work import calls

from agentlog.redaction import Redactor

ALPHABETS = {
    "a": string.ascii_letters + string.digits,
    "w": string.ascii_letters + string.digits + "_-",
    "b": string.ascii_letters + string.digits + "+/",
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "h": "0123456789abcdef",
    "d": string.digits,
}
UUID = "{h8}-{h4}-{h4}-{h4}-{h12}"
FORMS = {
    "openai": "sk-proj-{w74}T3BlbkFJ{w74}", "openai legacy": "sk-{a20}T3BlbkFJ{a20}", "anthropic": "sk-ant-api03-{w93}AA",
    "openrouter": "sk-or-v1-{h64}", "langfuse": "sk-lf-" + UUID, "langsmith": "lsv2_pt_{h32}_{h10}", "groq": "gsk_{a52}",
    "replicate": "r8_{a37}", "perplexity": "pplx-{a48}", "xai": "xai-{a80}", "nvidia": "nvapi-{w64}", "tavily": "tvly-{a32}",
    "pinecone": "pcsk_{a6}_{a63}", "hugging face": "hf_{a34}", "aws": "AKIA{u16}", "aws temporary": "ASIA{u16}",
    "bedrock": "ABSK{b128}", "aws session": "IQoJb3JpZ2luX2Vj{b300}", "github": "ghp_{a36}", "github oauth": "gho_{a36}", "github user": "ghu_{a36}",
    "github server": "ghs_{a36}", "github refresh": "ghr_{a76}", "github fine-grained": "github_pat_{a22}_{a59}",
    "gitlab": "glpat-{w19}7", "gitlab routable": "glpat-{w27}.{l2}.{l9}", "gitlab runner": "glrt-{w19}7", "slack bot": "xoxb-{d12}-{d13}-{a24}",
    "slack app": "xapp-1-A{u10}-{d13}-{h64}", "slack refresh": "xoxe-1-{a146}", "stripe": "sk_live_{a24}", "stripe restricted": "rk_test_{a24}",
    "stripe webhook": "whsec_{a32}", "google": "AIza{w35}", "google client": "GOCSPX-{w27}7", "google refresh": "1//0{w99}",
    "google access": "ya29.a0{w160}", "azure app": "{a3}8Q~{a34}", "azure devops": "{a76}AZDO{a4}", "npm": "npm_{a36}",
    "pypi": "pypi-AgEIcHlwaS5vcmc{w150}", "rubygems": "rubygems_{h48}", "docker": "dckr_pat_{w26}7", "twilio": "SK{h32}",
    "sendgrid": "SG.{w22}.{w43}", "mailgun": "key-{h32}", "mailgun private": "{h32}-{h8}-{h8}", "mailchimp": "{h32}-us{d2}",
    "brevo": "xkeysib-{h64}-{a16}", "resend": "re_{a8}_{a24}", "telegram": "{d10}:AA{w33}", "discord": "MT{a22}.G{a5}.{w38}",
    "cloudflare": "cfut_{a40}{h8}", "digitalocean": "dop_v1_{h64}", "heroku": "HRKU-AA{w57}7", "vercel": "vcp_{a56}", "netlify": "nfp_{a36}",
    "fly": "fo1_{w42}7", "supabase": "sbp_{h40}", "supabase secret": "sb_secret_{w22}_{w7}7", "planetscale": "pscale_tkn_{w42}7",
    "databricks": "dapi{h32}", "new relic": "NRAK-{u27}", "sentry": "sntryu_{h64}", "grafana": "glsa_{a32}_{h8}", "dynatrace": "dt0c01.{u24}.{u64}",
    "linear": "lin_api_{a40}", "notion": "ntn_{d11}{a35}", "notion legacy": "secret_{a43}", "airtable": "pat{a14}.{h64}", "figma": "figd_{w39}7",
    "atlassian": "ATATT3xFfGF0{w171}7", "bitbucket": "ATBB{a32}", "postman": "PMAK-{h24}-{h34}", "shopify": "shpat_{h32}", "square": "EAAA{w59}7",
    "paypal": "access_token$production${l16}${h32}", "plaid": "access-production-" + UUID, "hubspot": "pat-na1-" + UUID, "facebook": "EAAC{a180}",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{a60}.{w43}", "openshift": "sha256~{w42}7", "vault": "hvs.CAESI{w89}7",
    "terraform": "{a14}.atlasv1.{w67}", "doppler": "dp.pt.{a43}", "1password": "ops_eyJ{a280}", "pulumi": "pul-{h40}", "age": "AGE-SECRET-KEY-1{u58}",
    "alibaba": "LTAI5t{a18}", "tencent": "AKID{a32}", "sonarqube": "squ_{h40}",
}  # fmt: skip
FORMLESS = {
    "AWS_SECRET_ACCESS_KEY": "{b39}7",
    "AZURE_OPENAI_API_KEY": "{h31}7",
    "TWILIO_AUTH_TOKEN": "{h31}7",
    "DB_PASSWORD": "{a9}$%7",
}
WRITTEN: dict[str, Callable[[str], str]] = {
    "sentence": lambda it: f"I put {it} there, and it fails.",
    "json": lambda it: json.dumps({"ok": True, "output": it}),
    "log": lambda it: f"2026-01-07T12:00:03Z ERROR refused key={it} status=401",
    "broken": lambda it: f"The key is\n{it[: len(it) // 2]}\n{it[len(it) // 2 :]}\nand that is all.",
    "chinese": lambda it: f"密钥是{it}。",
}
ASSIGNED: dict[str, Callable[[str, str], str]] = {
    "shell": lambda key, it: f"export {key}='{it}'\nexport PORT=80",
    "fish": lambda key, it: f"set -gx {key} {it}",
    "docker": lambda key, it: f"ENV {key} {it}",
    "flag": lambda key, it: f"deploy --{key.lower().replace('_', '-')} {it}",
    "json": lambda key, it: json.dumps({key.lower(): it}),
    "pair": lambda key, it: json.dumps([{"name": key, "value": it}]),
    "kubernetes": lambda key, it: f"env:\n- name: {key}\n  value: {json.dumps(it)}\n",
    "python": lambda key, it: f'os.environ["{key}"] = "{it}"',
    "call": lambda key, it: f'os.Setenv("{key}", "{it}")',
    "table": lambda key, it: f"| name | value |\n|---|---|\n| {key} | {it} |",
    "csv": lambda key, it: f"name,value\n{key},{it}\n",
    "xml": lambda key, it: f"<{key}>{it}</{key}>",
}


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


def made(form: str, seed: str) -> str:
    chance = random.Random(seed)
    return re.sub(r"\{(\w)(\d+)\}", lambda slot: "".join(chance.choices(ALPHABETS[slot[1]], k=int(slot[2]))), form)


def left(secret: str, text: str) -> bool:
    """Whether twelve characters of `secret` in a row, or half of a short one, are still in `text`."""
    size = min(12, (len(secret) + 1) // 2)
    return any(secret[at : at + size] in text for at in range(len(secret) - size + 1))


@pytest.mark.parametrize("kind", FORMS)
def test_a_key_with_a_form_of_its_own_is_found_whatever_stands_around_it(kind: str) -> None:
    # the seed is fixed: one in a thousand random keys has a tail that looks like a word, and breaks in an odd place
    secret = made(FORMS[kind], kind)
    leaked = [name for name, write in WRITTEN.items() if left(secret, redacted(write(secret)))]
    assert leaked == []


@pytest.mark.parametrize("key", FORMLESS)
def test_a_key_without_a_form_is_found_by_what_it_is_called(key: str) -> None:
    secret = made(FORMLESS[key], key)
    assert [name for name, write in ASSIGNED.items() if left(secret, redacted(write(key, secret)))] == []


@pytest.mark.parametrize(
    ("before", "secret", "behind"),
    [
        ("postgresql+psycopg://app:", "s3cretPw", "@db:5432/shop"),
        ("rediss://:", "aB3dE6gH9", "@cache:6380/0"),
        ("https://ci:", "tok3nOfCi", "@git.example.com/x.git"),
        ("https://", "0123456789abcdef0123456789abcdef", "@o1.ingest.sentry.io/2"),
        ("Server=tcp:sql,1433;User ID=app;Password=", "horsebattery", ";Encrypt=True"),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=", "q" * 20 + "Z9" * 33 + "==", ";EndpointSuffix=x"),
        ("https://a.example/cb?state=7&access_token=", "Zk3jd82hdKqlw92Jsj", "&expires_in=3600"),
        ("https://a.example/#id_token=", "Zk3jd82hdKqlw92Jsj", "&x=1"),
        ("https://maps.example/geo?address=Main&key=", "Zk3jd82hdKqlw92Jsj", ""),
        ("https://b.s3.amazonaws.com/k?X-Amz-Expires=900&X-Amz-Signature=", "0123456789abcdef" * 4, ""),
        ("https://hooks.slack.com/services/", "T0AAAAAA1/B0AAAAAA2/abcdefghijklmnopqrstuvwx", ""),
        ("https://discord.com/api/webhooks/1234567890123456789/", "Ab3_" * 17, ""),
        ("curl -H 'Authorization: Bearer ", "Zk3jd82hdKqlw92Jsj", "' https://a.example"),
        ("Authorization: Basic ", base64.b64encode(b"svc:hunter2hunter2").decode(), ""),
        ("session.headers['X-Auth-Token'] = '", "Zk3jd82hdKqlw92Jsj", "'"),
        ("DEBUG response headers: Set-Cookie: ", "sid=Zk3jd82hdKqlw92Jsj; HttpOnly", ""),
        ("GET / HTTP/1.1\r\nCookie: ", "theme=dark; session=Zk3jd82hdKq", "\r\n\r\n"),
        ("curl -b '", "session=Zk3jd82hdKq", "' https://a.example"),
        ("curl -u admin:", "hunter2!", " https://a.example"),
        ("mysql -h db -u root -p", "hunter2!", " shop"),
        ("sshpass -p '", "hunter2!", "' ssh web1"),
        ("Incorrect API key provided: ", "Zk3jd82hdKqlw92Jsj44", ". You can find it"),
        ("password:\n  ", "hunter2!", "\nplease try"),
        ("user mia / pass ", "hunter2!", ""),
        ("login with admin / ", "hunter2!", " as the password"),
    ],
)  # fmt: skip
def test_what_stands_where_a_secret_stands_is_one(before: str, secret: str, behind: str) -> None:
    assert redacted(before + secret + behind) == f"{before}<SECRET_1>{behind}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your verification code is 482913.", "Your verification code is <SECRET_1>."),
        ("482913 is your Acme verification code. Do not share it.", "<SECRET_1> is your Acme verification code. Do not share it."),
        ("Use 482 913 as your one-time password", "Use <SECRET_1> as your one-time password"),
        ("G-482913 is your Google verification code", "<SECRET_1> is your Google verification code"),
        ("OTP: 4829", "OTP: <SECRET_1>"),
        ("I got the 2FA code, it is 482913", "I got the 2FA code, it is <SECRET_1>"),
        ("login code 482913 expires in 5 minutes", "login code <SECRET_1> expires in 5 minutes"),
        ("Enter the 6-digit code 482913 to sign in", "Enter the 6-digit code <SECRET_1> to sign in"),
        ("the security code they texted me is 482913", "the security code they texted me is <SECRET_1>"),
        ("您的验证码是482913,5分钟内有效", "您的验证码是<SECRET_1>,5分钟内有效"),
    ],
)  # fmt: skip
def test_a_one_time_code_is_told_by_its_cue(text: str, expected: str) -> None:
    assert redacted(text) == expected


def pem(kind: str = "RSA PRIVATE KEY") -> list[str]:
    body = made("{b64}\n" * 9 + "{b40}==", kind).split("\n")
    return [f"-----BEGIN {kind}-----", *body, f"-----END {kind}-----"]


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
@pytest.mark.parametrize(
    "write",
    [
        lambda lines: "\n".join(lines),
        lambda lines: "key: |\n    " + "\n    ".join(lines) + "\nnext: 1",
        lambda lines: "\n> ".join(lines),
        lambda lines: "# " + "\n# ".join(lines),
        lambda lines: "+" + "\n+".join(lines),
        lambda lines: 'PRIVATE_KEY="' + "\\n".join(lines) + '"',
        lambda lines: json.dumps({"private": "\n".join(lines)}),
        lambda lines: json.dumps({"log": json.dumps({"x": "\n".join(lines)})}),
        lambda lines: "key = (\n" + "\n".join(f'    "{line}\\n"' for line in lines) + "\n)",
        lambda lines: "KEY=" + " ".join(lines),
        lambda lines: "\n".join(lines[:5]),
        lambda lines: "\n".join(lines[:4]) + "...",
        lambda lines: '{"key": "' + "\\n".join(lines[:6]),
        lambda lines: "$ tail -4 key\n" + "\n".join(lines[-4:]),
        lambda lines: "\n".join([lines[0], "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,ABCDEF", "", *lines[1:]]),
    ],
)
def test_a_private_key_is_found_however_it_is_written(kind: str, write: Callable[[list[str]], str]) -> None:
    lines = pem(kind)
    text = redacted(write(lines))
    assert [line for line in lines[1:-1] if line in text] == []


def test_the_text_around_a_private_key_stays() -> None:
    assert redacted("Here it is:\n" + "\n".join(pem()) + "\nKeep it safe.") == "Here it is:\n<SECRET_1>\nKeep it safe."


@pytest.mark.parametrize(
    "text",
    [
        'token = os.getenv("API_TOKEN")', "token = token.strip()", "password_min_length: 12", "DB_PASSWORD_FILE=/run/secrets/db_password",
        '{"password": null, "has_secret": true, "token": false}', '{"password": "${DB_PASSWORD}", "secret": "{{ vault_secret }}"}',
        "api_key=api_key,", "secret = settings.SECRET_KEY", "password: ${DB_PASSWORD}", "password: {{ vault_password }}",
        "Authorization: Bearer $TOKEN", "Authorization: Bearer <your token>", "unlocks `Authorization: Bearer` headers",
        'headers = {"Authorization": f"Bearer {api_key}"}', 'ENV_API_KEY = "ANTHROPIC_API_KEY"', "set -gx API_KEY $OTHER_API_KEY",
        "curl -u $USER:$PASS https://a.example", "postgres://user:${PASSWORD}@db/shop", "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "id 123e4567-e89b-42d3-a456-426614174000",
        "model gpt-4o-mini-2024-07-18, claude-3-5-sonnet-20241022", "langchain-core==1.2.3", "max_tokens: 4096, total_tokens=812",
        "the area code is 4151", "error code is 500123", "the promo code SAVE20", "status code: 404", "your booking code is 482913",
        "your order code: 482913", "security code expires in 2026", "sort_key=created_at", "cache_key 3f786850e387550fdab836ed7e6dc881de23001b",
        "next_page_token: null", "pattern: sk-[a-z]+", "re_compile_all_the_patterns_again", "npm_config_registry_of_the_project",
        "hf_hub_enable_hf_transfer_by_default", "HF_HUB_ENABLE_HF_TRANSFER=1", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE is a public key",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl8=\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY----- is the first line of such a file.", "call_8f3kQ2mZx7Lp9Rt5Wv1Ny4Bc called", "chatcmpl-9xQ2mZx7Lp9Rt5Wv1Ny4BcKd",
        "https://example.com/search?q=token&page=2", "def get_token(self) -> str:", "password=getpass.getpass()", "token: str | None = None",
        "Password must be at least 12 characters.", "Your password is required to continue.", "cookie: the biscuit, not the header",
        "keys:\n- api_key\n- base_url\n- model_name_v2", "sk-xxxxxxxxxxxxxxxxxxxxxxxx", "xoxb-...", "api_key: <your-api-key>", "%(password)s",
    ],
)  # fmt: skip
def test_what_only_names_a_secret_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize("password", ["$ecret2024", "pa$$w0rd", "100%sure1", "C37ryx*OF%QL36"])
def test_a_password_may_have_signs_of_code_in_it(password: str) -> None:
    for text in (f'DB_PASSWORD="{password}"\n', json.dumps({"password": password})):
        assert password not in redacted(text)


def test_two_keys_on_lines_of_their_own_are_both_found() -> None:
    key, secret = made(FORMS["aws"], "1"), made(FORMS["github"], "2")
    text = redacted(f"{key}\n{secret}\ngpt-4o-mini\n")
    assert not left(key, text)
    assert not left(secret, text)
    assert text.endswith("\ngpt-4o-mini\n")


HOSTILE = (
    "sk-", "sk-a1", "glpat-A1", "AKIA", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA\n",
    "-----END PRIVATE KEY-----", "AAAA\n-----END PRIVATE KEY-----\n", "\\nAAAA=", "Aa1Bb2Cc3\n", "ghp_Aa1\n", "> > Aa1 ", "1//0", "aaa1Q~",
    "access_token$", "?key=", "?key=a1", ";password=", ";pwd=a;", "mysql -p", "docker login ", "cookie: a=", "curl -b a=",
    "verification code ", "code 123456 ", "your a b c ", "pass a1 ", "x as my password ", "123456 is your ", "name: api_key\n value: x ",
    '["password"]=', '("password","a1', "EAAA-", "0123456789:AA", "://a1", "://aaaaaaaaaaaaaaaaaaaaaaa1@", "MAAAAAAAAAAAAAAAAAAAAAAAA.aaaaaa.",
    "api_key=", "api_key ", "a_b(", "--a-b ", "api key provided given ", "{{ ", "$(", "environ", "验证码", "re_Aa1_", "key|",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_for_a_hostile_text_grows_with_its_length_only(piece: str) -> None:
    short, long = piece * (4_000 // len(piece)), piece * (60_000 // len(piece))
    few, many = calls(lambda: redacted(short)), calls(lambda: redacted(long))
    assert many < 60 * len(long)
    assert many < 18 * few + 5_000


@pytest.mark.parametrize(
    "value", ["your-key-here", "YOUR_API_TOKEN", "sk-your-key-here", "replace-with-secret", "sk-...", "changeme"]
)
def test_words_that_tell_somebody_to_put_a_secret_there_stay(value: str) -> None:
    for text in (f'export OPENAI_API_KEY="{value}"', f'{{"api_key": "{value}"}}'):
        assert Redactor(None, pseudonym_key=b"k").text(text) == text


@pytest.mark.parametrize("value", ["meet-me-here-9", "s3cr3tPass!", "your-Xk29fQ"])
def test_a_password_made_of_words_is_no_such_instruction(value: str) -> None:
    assert value not in Redactor(None, pseudonym_key=b"k").text(f'{{"password": "{value}"}}')


@pytest.mark.parametrize(
    "text",
    [
        "Ihr Bestätigungscode lautet 482913", "Einmalpasswort: 482913", "TAN 482913", "votre code de vérification est 482913",
        "su código de verificación es 482913", "seu código é 482913", "認証コード: 482913",
    ],
)  # fmt: skip
def test_one_time_codes_go_in_other_languages_too(text: str) -> None:
    assert "482913" not in Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    "text", ["Kundencode 482913", "tan(4512)", "código de error 5003", "商品番号 482913", "código 4829 de produto"]
)
def test_other_codes_stay_in_other_languages_too(text: str) -> None:
    assert Redactor(None, pseudonym_key=b"k").text(text) == text

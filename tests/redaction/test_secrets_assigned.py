"""Secrets by how a program, a build file or a log says what they belong to, and prefixes that say it themselves."""

from __future__ import annotations

import pytest
from work import calls

from agentlog.redaction import Redactor

KEY = "u4Zr9Qx7bT1mWcN5hVh2YpJ0aLsD"
HEX = "7d1f09c8a2e6b5334f90ad172c6c8e5b"


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    ("before", "secret", "behind"),
    [
        ('ACME_TOKEN ::= "', KEY, '"'),
        ('ACME_TOKEN :::= "', KEY, '"'),
        ('ACME_TOKEN ?= "', HEX, '"'),
        ('ACME_TOKEN += "', KEY, '"'),
        ('$acmeToken .= "', KEY, '";'),
        ('$acmeToken ??= "', KEY, '";'),
        ('api_key:="', KEY, '"'),
        ('"api_key":= "', KEY, '"'),
        ('var acmeToken: string = "', KEY, '"'),
        ('api_token: str = "', HEX, '"'),
        ('password: Optional[str] = "', "harbour-77", '"'),
        ('let api_key: &str = "', KEY, '";'),
        ('std::string apiKey{"', KEY, '"};'),
        ('static final String API_KEY\n        = "', KEY, '";'),
        ("assert_equal(parsed['ApiKey'], '", KEY, "')"),
        ('"apiKey": {\n  "value": "', KEY, '"\n},'),
        ('\\"acme_token\\": \\"', KEY, '\\"'),
        ("acme_token: |\n  ", KEY, ""),
        ("acme_token: >-\n  ", KEY, "\n"),
        ("acmeToken,", KEY, ","),
        ('<name="acmeToken" />\n  <value="', KEY, '" />'),
        ("<secret>{acme AQAAABAAA ", KEY, "}</secret>"),
        ("buildConfigField 'String', 'API_KEY', '\"", KEY, "\"'"),
        ("AcmeCleanup.exe -storagekey ", KEY, " -days 60"),
        ("//", KEY, " is the password"),
        ("/*", KEY, " is our admin password"),
        ("# ", HEX, " is the password"),
        ("zapdoc token - '", KEY, "'"),
        ("zapdoc key = '", HEX, "'"),
        ("The Zapdoc key ", KEY, " was refused, why?"),
        ("slackKey: ", KEY, ""),
        ("You can find a zapdoc secret ", HEX, " within"),
        ('New-Object DirectoryServices.DirectoryEntry("LDAP://dc1", "corp\\ldapsvc", "', "harbour-77", '")'),
        ('curl -u ":', "harbour-77", '" https://localhost:9200'),
        ("curl --user kate:'", "harbour-77", "' https://localhost:9200"),
        ("curl https://localhost:9200 --user \\\n  kate:", "harbour-77", " -d x"),
        ("Authorization: zapdoc ", KEY, ""),
        ("BUNDLE_GEMS__EXAMPLE__COM: kate:", "cafe0bab", ""),
        ('{ "AccountKey", "', KEY, '" },'),
        ("process.env.ACCOUNT_KEY ||\n  '", KEY, "'"),
        ("jdbc:mysql://localhost/shop?user=kate&userpass=", "harbour77", ""),
        ('if password == f"', "harbour77", '":'),
        ('The default password for the user "svc" is "', "harbour", '".'),
    ],
)
def test_a_secret_goes_however_it_is_given_to_its_name(before: str, secret: str, behind: str) -> None:
    assert secret not in redacted(before + secret + behind)
    assert "<SECRET_" in redacted(before + secret + behind)


@pytest.mark.parametrize(
    "secret",
    [
        f"zap_pat_{KEY}",
        f"ZAP_SECRET_{KEY}",
        f"zap_sk_live_{KEY}",
        f"zap_application_key_{KEY}",
        f"apikey-{HEX}",
        f"sk_prod_{KEY[:14]}",
        f"api_live_{KEY}",
        f"vca_{KEY}_{KEY}-{KEY}",
        f"phc_{KEY}-{KEY}",
        f"AKCp{KEY}{KEY}{KEY}"[:73],
        f"EZAK{HEX}{HEX[:22]}",
        f"p8e-{HEX}",
        f"8-{KEY}{KEY}{KEY}"[:66],
        f"{HEX}.{KEY[:16]}",
        f"A3TX{KEY}"[:4] + "QWERTY23456ZXCVB",
    ],
)
@pytest.mark.parametrize("around", ["{}", "I put {} there, why does it fail?", '{{"output": "{}"}}', "给你{}谢谢"])
def test_a_prefix_that_says_what_follows_is_enough(secret: str, around: str) -> None:
    left = redacted(around.format(secret))
    assert secret not in left
    assert not any(piece in left for piece in (secret[-12:], secret[-20:-8]))


@pytest.mark.parametrize(
    "text",
    [
        'sb.append("Password: " + masterPassword() + ",");',
        'labels = {a: "User:", passwordLabel:"Password:", rememberMe:"Remember:"}',
        'let accountKey = Buffer.from("accountKey", "base64");',
        "url = \"driver=x;pwd=#{config['DB_PW']}\"",
        "mysql://app:#{password}@db/shop",
        'curl -H "Authorization: Bearer XXXXXXXXXXXX" https://api.example.com',
        f"The primary key {HEX} exists already.",
        f"cache key: {HEX}",
        f"git commit key {HEX}",
        'titleKey: "settings.section2.title.emailInvalid"',
        "dataKey: user0000000000123",
        'const queryKey = "users-20240101-000123-page2"',
        "jiraKey = PROJECT-1234567890",
        "S3 key uploads/2024/01/report-final-v2.pdf",
        f"publicKey: {KEY}",
        f"run_{HEX}, call_{KEY}, msg_{KEY}, toolu_{KEY}, chatcmpl-{KEY}",
        "live_stream_v2_controller_2024_final_version_3",
        "api_live_2024_dashboard_metrics_v2",
        "secret_key_rotation_2024_01_02_policy_enabled",
        "token_usage_2024_01_01_to_2024_02_01",
        f"api-{HEX} and sha256-{HEX}",
        f"integrity: sha512-{'aB3/' * 21}aB==",
        'const tokenType: string = "Bearer"',
        'def f(password: str = "", token: str = DEFAULT_TOKEN) -> str:',
        'PASSWORD_FILE ?= "/run/secrets/db"',
        "accessToken,refreshToken,idToken",
        "id,userToken,amount\n1,2,3",
        "token: |\n  see the vault\n",
        "That is the password. This_is_not is the password",
        "s.AcceptanceTimeoutSeconds(args) and s.makeKubeConfigController = args",
        "assert key_value_metadata1",
        "xoxb-MyBotTokenGoesHere and xoxe.xoxp-1-SampleConfigurationAccessTokenHere",
        "docker login --username AWS --password-stdin $account.dkr.ecr.$region.example.com",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_typed_name_is_the_key_and_not_its_type() -> None:
    assert "qbrel" not in redacted('connect(:pool => 5, :username => "qbrel", :password => "velvetanchor")')
    assert "velvetanchor" not in redacted('connect(:pool => 5, :username => "qbrel", :password => "velvetanchor")')


@pytest.mark.parametrize(
    "piece",
    [
        "token ", "a_key ", "xKey: ", "sk_a_", "secret_a1-", "api_live_", "a: str ", "b_Token,", "key{\n", "x: |\n  y\n",
        "-aKey ", "['k'], '", "a_b_c", "the key 0a", "k ?= ", "k ::= \"", '\\": \\"', "<secret>{a ", '"a": {"value": "',
    ],
)  # fmt: skip
def test_the_work_for_a_hostile_text_grows_with_its_length_only(piece: str) -> None:
    short, long = piece * (4_000 // len(piece)), piece * (60_000 // len(piece))
    few, many = calls(lambda: redacted(short)), calls(lambda: redacted(long))
    assert many < 60 * len(long)
    assert many < 18 * few + 5_000

"""Secrets in what is typed into a shell and in files of tools, where they stand by position or by a short option."""

from __future__ import annotations

import pytest

from agentlog.redaction import Redactor


def redacted(text: str) -> str:
    return Redactor(None, pseudonym_key=b"k").text(text)


@pytest.mark.parametrize(
    ("before", "secret", "behind"),
    [
        ('ldapsearch -x -D "cn=admin,dc=ex,dc=org" -w ', "foxtrot", " -b dc=ex"),
        ("sshpass -p ", "foxtrot", " ssh -p 22 h"),
        ("mysql -u root -p", "foxtrot", " sales"),
        ("PGPASSWORD=", "foxtrot", " psql -h db"),
        ("openssl rsa -in k.pem -passin pass:", "foxtrot", " -out o.pem"),
        ("openssl enc -aes-256-cbc -k ", "foxtrot", " -in a"),
        ("curl -H 'X-Api-Key: ", "foxtrotzulu", "' https://api.example.com"),
        ("curl -H 'PRIVATE-TOKEN: ", "foxtrotfoxtrot", "' https://git.example.com/api/v4"),
        ('$p = ConvertTo-SecureString "', "foxtrot", '" -AsPlainText -Force'),
        ("$p = ConvertTo-SecureString -String '", "foxtrot", "' -AsPlainText -Force"),
        ("net use Z: \\\\fs01\\share ", "foxtrot", " /user:admin"),
        ("net use \\\\fs01\\data /user:admin ", "foxtrot1", " /persistent:no"),
        ("cmdkey /add:srv /user:admin /pass:", "foxtrot", ""),
        ("echo ", "foxtrot", " | sudo -S apt update"),
        ("sqlplus system/", "foxtrot", "@ORCL"),
        ("smbclient //srv/share -U admin%", "foxtrot", ""),
        ("nmcli dev wifi connect HomeNet password ", "foxtrotblue", ""),
        ("7z x -p", "foxtrot", " a.7z"),
        ("zip -P ", "foxtrot", " out.zip f"),
        ("snmpwalk -v2c -c ", "foxtrots", " switch7"),
        ("ipmitool -H h -U root -P ", "foxtrot", " chassis status"),
        ("plink -ssh admin@h -pw ", "foxtrot", " ls"),
        ("keytool -list -keystore k.jks -storepass ", "foxtrot", ""),
        ("gpg --batch --passphrase ", "foxtrot", " -d f.gpg"),
        ('variable "db_password" {\n  default = "', "foxtrot", '"\n}'),
        ('{"auths": {"ghcr.io": {"auth": "', "a2F0ZTpmb3h0cm90", '"}}}'),
        ("//registry.npmjs.org/:_authToken=", "abcdefab-cdef-abcd-efab-cdefabcdefab", ""),
        ("child.expect('password:')\nchild.sendline('", "foxtrot", "')"),
        ('expect "assword:"; send "', "foxtrot", '"'),
        ('mysqli_connect("localhost", "root", "', "foxtrot", '", "shop")'),
        ('sql.Open("mysql", "app:', "foxtrot", '@tcp(db:3306)/shop")'),
        ("helm install x --set auth.password=", "foxtrot", ",replicas=2"),
        ("<Password><Value>", "foxtrot", "</Value><PlainText>true</PlainText></Password>"),
        ("useradd -p ", "foxtrot", " app"),
        ("ssh-keygen -t ed25519 -N \"", "foxtrot", '" -f id'),
        ("echo ", "foxtrot", " | kinit admin"),
        ("pdftk in.pdf output o.pdf user_pw ", "foxtrot", ""),
        ("conda config --add channels https://conda.example.com/t/", "ab-1234-cdef-5678", "/x"),
        ("rtmp://a.rtmp.youtube.com/live2/", "abcd-efgh-ijkl-mnop", ""),
        ("recovery code: ", "AB12-CD34-EF56", ""),
        ("my PIN for the card is ", "4821", ""),
        ("the safe combination is ", "12-34-56", ""),
        ("WIFI:S:HomeNet;T:WPA;P:", "foxtrot", ";;"),
        ("otpauth://totp/Acme:x?secret=", "JBSWYDPEHPKXPXPX", "&issuer=Acme"),
        ("enable secret 5 ", "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", ""),
        ("enable password 7 ", "0822455D0A16", ""),
        ("snmp-server community ", "foxtrots", " RO"),
        ("stored: ", "$2b$12$" + "a1B2" * 13 + "c", " for it"),
        ("hash = ", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$" + "Zm9v" * 10, ""),
        ("The code is ", "551209", "."),
        ("use ", "194466", " to sign in to Acme"),
        ("Your Acme code is ", "48213", ". It expires in 10 minutes."),
        ("Don't share this code with anyone: ", "903311", ""),
    ],
)  # fmt: skip
def test_a_secret_goes_and_nothing_else(before: str, secret: str, behind: str) -> None:
    assert redacted(before + secret + behind) == f"{before}<SECRET_1>{behind}"


@pytest.mark.parametrize(
    "text",
    [
        "mysql -u root -p sales", "grep -p pattern file", "ssh -p 2222 host", "docker run -p 8080:80 nginx",
        "curl -H 'X-Api-Key: $API_KEY' https://api.example.com", "openssl req -passin file:pw.txt -passout env:PW",
        "env:\n  NPM_TOKEN: ***\n  CI: true", "TOKEN=*** npm publish", "echo hello | sudo tee /etc/motd",
        "echo $PASSWORD | sudo -S apt update", "7z x archive.7z -password", "net use", "zip -r out.zip dir",
        "ConvertTo-SecureString $env:PW -AsPlainText -Force", "mysql -u app -p$MYSQL_PASSWORD shop",
        'user.login("name", "password")', 'self.login("username", "passwordField")', 'store.connect("tcp", "node")',
        "backup codes: keep them safe", "the color combination is 12-34-56", "helm install x --set replicas=2",
        '{"auth": "OAuth2ClientCredentials"}', "auth = Instance(hmac.HMAC)", "error code 482913 appeared again",
        "the code is 404, not 403", "promo code SAVE20 still works", "exit code 137 (OOM)", "country code 49 and area code 0301",
        "the product code is 991823", "use 250000 to compute the fee", "The code is 200 lines long",
        "OAuth client ID of the Device Code login flow (RFC 8628), do not share", "It failed with an error: the code is 482913",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_vault_block_goes_whole_and_its_tag_stays() -> None:
    text = "smtp:\n  login: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    62303463633630\n    39383135666\nnext: 1"
    made = redacted(text)
    assert made == "smtp:\n  login: !vault |\n    <SECRET_1>\nnext: 1"


def test_a_login_that_is_piped_goes_with_its_password() -> None:
    assert redacted('echo "petrak:foxtrot" | chpasswd') == 'echo "<USER_ID_1>:<SECRET_1>" | chpasswd'


def test_a_line_of_a_password_file_of_postgres_may_mean_any_host() -> None:
    assert redacted("*:*:*:petrak:foxtrot") == "*:*:*:<USER_ID_1>:<SECRET_1>"


def test_a_document_has_a_password_of_its_user_and_one_of_its_owner() -> None:
    assert redacted("qpdf --encrypt foxtrot tangozulu 256 -- a b") == "qpdf --encrypt <SECRET_1> <SECRET_2> 256 -- a b"

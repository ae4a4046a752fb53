"""What is typed into a shell: options with values, `-u user:password`, headers of curl, variables set by a blank."""

from __future__ import annotations

import re
from typing import Final

from agentlog.redaction.documents.clues import Clue, both, clue, login, pair, secret
from agentlog.redaction.documents.fields import Fields, identifier, unquoted
from agentlog.redaction.forms.credentials import placeholder, random_like

_WORD: Final = re.compile(r"\"[^\"\n]{0,200}\"|\S{1,200}")
_ARGUMENTS: Final = frozenset("password passwd pass pwd secret token username user email login name".split())
_WITH_PASSWORD: Final = frozenset(("user", "auth", "creds", "proxy-user"))


def _option(fields: Fields, match: re.Match[str]) -> None:
    value, quoted = unquoted(match.string, *match.span(2))
    if match.group(2).startswith(("$", '"$')):
        return  # a variable of the shell
    if match.group(1) not in _WITH_PASSWORD or ":" not in match.string[slice(*value)]:
        fields.pair(match.span(1), value, quoted, login=True)


def _header(fields: Fields, match: re.Match[str]) -> None:
    """A header of a request: a token there is one, whatever it looks like."""
    if placeholder(match.group(3).rpartition(" ")[2]):
        return
    if match.group(2).lower().endswith(("token", "crumb", "-api")) and " " not in match.group(3):
        fields.secret(*match.span(3))
    fields.pair(match.span(2), match.span(3), quoted=True)


def _netrc(fields: Fields, match: re.Match[str]) -> None:
    if match.group(1) == "password":
        fields.secret(*match.span(2))
    else:
        fields.login(*match.span(2))


def _hash(fields: Fields, match: re.Match[str]) -> None:
    """`hset key field value field value`."""
    parts = [unquoted(match.string, *word.span())[0] for word in _WORD.finditer(match.string, *match.span(1))]
    fields.open()
    for key, value in zip(parts[::2], parts[1::2], strict=False):
        fields.pair(key, value, quoted=True)
    fields.close()


def _arguments(fields: Fields, match: re.Match[str]) -> None:
    """`login("name", "password")`: words that a program calls them by are neither."""
    if not (identifier(match.group(4)) or match.group(4).lower() in _ARGUMENTS):
        fields.login(*match.span(2))
        fields.secret(*match.span(4))


def _token(fields: Fields, match: re.Match[str]) -> None:
    if any(map(str.isdigit, match.group(1))) or random_like(match.group(1)):
        fields.secret(*match.span(1))


def _named_in_one(fields: Fields, match: re.Match[str]) -> None:
    """`-storagekey …`: words without a seam, so that the value has to look like one."""
    if random_like(match.group(3)):
        fields.secret(*match.span(3))
    else:
        fields.pair(match.span(1), match.span(3), quoted=bool(match.group(2)))


def _net_use(fields: Fields, match: re.Match[str]) -> None:
    r"""`net use Z: \\server\share password /user:DOMAIN\name`, or with the password behind the name."""
    before = match.group(1)
    if before and not before.startswith("\\") and not before.endswith(":"):
        fields.secret(*match.span(1))
    fields.login(*match.span(2))
    if match.group(3):
        fields.secret(*match.span(3))


def _piped(fields: Fields, match: re.Match[str]) -> None:
    """`name:password` for `chpasswd`, else a password alone."""
    start, end = match.span(2)
    colon = match.string.find(":", start, end) if "chpasswd" in match.group() else -1
    if colon > start:
        fields.login(start, colon)
    fields.secret(colon + 1 if colon > start else start, end)


CLUES: Final[tuple[Clue, ...]] = (
    clue(
        "password passwd passphrase pass token key secret user username login email mail phone api apikey auth credentials creds cookie pwd",
        "--| -p| -P| -u| -U| -k| -t| -auth| -e| -s",
        r"(?<![\w-])--?([A-Za-z][A-Za-z0-9]{1,30}(?:[-_.][A-Za-z0-9]{1,30}){0,4})(?:=|[ \t]{1,4}|[\"'],[ \t]{0,2}(?=[\"']))"
        r"(\"[^\"\n]{1,400}\"|'[^'\n]{1,400}'|[^\s\"'`;|&<>()-][^\s\"'`;|&<>()]{0,400})",
        _option,
    ),
    clue(
        "",
        "key |Key |secret |Secret |token |Token |password |Password ",
        r"(?<!\S)--?([A-Za-z][\w-]{2,40}(?:[Kk]ey|[Ss]ecret|[Tt]oken|[Pp]assword))[ \t]{1,4}([\"']?)([^\s\"'`$<>%;|&(){}-][^\s\"'`;|&(){}]{7,400})\2(?!\S)",
        _named_in_one,
    ),
    clue(  # of Jenkins, encrypted: whoever has its master key can read it
        "secret password passphrase privatekey token apitoken",
        "}</",
        r"<(?:\w{0,30}[Ss]ecret|\w{0,30}[Pp]assword|passphrase|privateKey|\w{0,30}[Tt]oken)>\{((?:[\w.-]{1,40}[ ])?(?:AQAAABAAA[ ]?)?[A-Za-z0-9][^\s{}<>]{7,4096})\}</",
        secret(1),
    ),
    clue(
        "setenv setx env arg set put",
        "",
        r"^[ \t+]{0,20}(?:setenv|setx|SETX|ENV|ARG|set -[A-Za-z]{1,4}|set(?= [A-Z_]{4,})|put|config set)[ \t]{1,4}([A-Za-z_][\w.-]{1,60})[ \t]{1,8}(\S.{0,400})$",
        pair(1, 2, quoted=False, login=True),
    ),
    clue(
        "machine",
        "",
        r"(?:^[ \t]*|(?<=[ \t]))(login|password)[ \t]{1,4}(\S{3,256})(?=[ \t]*$|[ \t]+(?:login|password|account|macdef)[ \t])",
        _netrc,
    ),
    clue("host", "User |user ", r"^[ \t]{0,12}User[ \t=]{1,4}([A-Za-z][\w.-]{2,40})[ \t]*$", login(1)),
    clue(
        "auth requirepass masterauth",
        "",
        r"^[ \t>]{0,8}(?:AUTH(?: [\w-]{1,40})?|auth(?: [\w-]{1,40})?|requirepass|masterauth) (\S{4,256})[ \t]*$",
        secret(1),
    ),
    clue(
        "hset hmset",
        "",
        r"(?<!\S)(?:hm?set|HM?SET)[ \t]{1,2}\S{1,100}((?:[ \t]{1,2}(?:\"[^\"\n]{0,200}\"|\S{1,200})){2,40})",
        _hash,
    ),
    clue(
        "az bcp curl docker ftp git helm http httpie https kubectl ldapsearch lftp mariadb mongo mongosh mysql mysqladmin mysqldump podman psql redis smbclient sqlcmd ssh sshpass svn wget",
        "-u|-a|-U|--user|--auth|--proxy-user|--creds",
        r"(?<!\S)(?:-u|-a|--user|--auth|--proxy-user|--creds|-U)[ =]{0,2}(?:\\\r?\n[ \t]{0,40})?[\"']?(?:\{?([^\s\"':$<{-][^\s\"':]{0,64}))?+[\"']?:[\"']?\{?([^\s\"'<{$\[][^\s\"']{0,255})",
        both(login(1), secret(2)),
    ),
    clue(
        "docker podman mysql mysqldump mysqladmin mariadb psql mongo mongosh sqlcmd bcp ssh helm ldapsearch curl wget smbclient svn az",
        " -u| -U| -l",
        r"(?<!\S)-[uUl][ ]?[\"']?([A-Za-z][\w.@-]{2,63})(?![\w:])",
        login(1),
    ),
    clue(
        "curl http https httpie wget",
        " -H| --header|'-H|\"-H",
        r"(?<!\S)(?:-H|--header)[ =]{0,2}([\"'])([A-Za-z][\w-]{1,60}):[ ]{0,4}([^\"'\n]{1,2000})\1",
        _header,
    ),
    clue(
        "curl",
        " -b| --cookie",
        r"(?<!\S)(?:-b|--cookie)[ =]{0,2}([\"'])([^\"'\n]{4,2000}=[^\"'\n]{1,2000})\1",
        secret(2),
    ),
    clue(  # of routers: `username x password 7 …`, `enable secret 0 …`
        "password secret key",
        " 7 ",
        r"(?:password|secret|key)[ ]7[ ]([0-9A-F]{6,255})(?!\S)",
        secret(1),
    ),
    clue(
        "enable username",
        "password 0 |password 6 |secret 0 |secret 6 ",
        r"(?:enable|username)[ ][^\n]{0,100}?(?:password|secret)[ ][06][ ](\S{3,255})[ \t]*\r?$",
        secret(1),
    ),
    clue(
        "community",
        " RO| RW| ro| rw",
        r"community[ ]([^\s\"'<$]{2,64})[ ](?:view[ ]\S{1,64}[ ])?[Rr][OoWw](?!\w)",
        secret(1),
    ),
    clue(
        "ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldapcompare ldapmodrdn",
        " -w",
        r"(?<!\S)-w[ ]{0,2}[\"']?([^\s\"'$<-][^\s\"']{1,255})",
        secret(1),
    ),
    clue(
        "ldappasswd",
        " -w| -s| -a",
        r"(?<!\S)-[wsa][ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{1,255})",
        secret(1),
    ),
    clue(  # PowerShell
        "securestring",
        "SecureString",
        r"ConvertTo-SecureString(?:[ \t]{1,4}-(?:AsPlainText|Force)){0,2}(?:[ \t]{1,4}-String)?[ \t]{1,4}([\"'])([^\"'\n]{2,256})\1",
        secret(2),
    ),
    clue(
        "networkcredential pscredential",
        "",
        r"(?:NetworkCredential|PSCredential)[ ]?\(?[ ]?([\"'])([^\"'\n]{2,64})\1[ ]?,[ ]?([\"'])([^\"'\n]{2,256})\3",
        both(login(2), secret(4)),
    ),
    clue(
        "directoryentry opendsobject",
        "",
        r"(?:DirectoryEntry|OpenDSObject)[ ]?\(\s{0,40}\"[^\"\n]{3,200}\"\s{0,4},\s{0,40}\"([^\"\n]{2,64})\"\s{0,4},\s{0,40}\"([^\"\n]{3,128})\"",
        both(login(1), secret(2)),
        re.IGNORECASE,
    ),
    clue(  # Windows: the password has no name of its own
        "use",
        "/user:|/USER:|/u:",
        r"(?<!\w)net(?:\.exe)?[ ]{1,2}use[ ][^\n/]{0,200}?(?:[ ]([^\s\"'/*][^\s\"']{0,127}))?[ ]{1,4}/u(?:ser)?:[\"']?(?:[\w.-]{1,64}\\{1,4})?([\w.-]{2,64})(?:[ ]{1,4}([^\s\"'/*][^\s\"']{1,127}))?",
        _net_use,
        re.IGNORECASE,
    ),
    clue(
        "user",
        "/add|/ADD",
        r"(?<!\w)net(?:\.exe)?[ ]{1,2}user[ ]{1,2}[\"']?([A-Za-z][\w.-]{1,63})[\"']?[ ]{1,2}[\"']?([^\s\"'/*][^\s\"']{1,127})[\"']?[ ][^\n]{0,60}/add",
        both(login(1), secret(2)),
        re.IGNORECASE,
    ),
    clue(
        "pass password p pw rp storepass keypass passphrase",
        "/pass|/PASS| /p:| /rp| /RP|-pw |-storepass|-keypass",
        r"(?<!\S)(?:/(?:pass(?:word)?|p|rp)[:= ]|-(?:pw|storepass|keypass|srcstorepass|deststorepass)[ ]{1,3})[\"']?([^\s\"'$<%/*-][^\s\"']{2,127})",
        secret(1),
        re.IGNORECASE,
    ),
    clue(  # a pipe into something that asks for a password
        "echo printf",
        " -S|chpasswd|kinit|--passphrase-fd|--stdin|--password-stdin",
        r"(?<!\w)(?:echo|printf)(?:[ ]-[en]{1,2})?[ ]{1,2}([\"']?)([^\s\"'$<>|&;]{3,128})\1[ ]{0,2}\|[ ]{0,2}(?:sudo[ ]-S|sudo[ ](?:-[A-Za-z]{1,3}[ ])?chpasswd|chpasswd|passwd[ ]--stdin|(?:docker|podman|helm)[ ][^\n|]{0,100}--password-stdin|kinit(?=[ ])|gpg[ ][^\n|]{0,100}--passphrase-fd|su(?=[ ]))",
        _piped,
    ),
    clue(
        "openssl",
        " -k ",
        r"openssl[ ][^\n|]{1,200}?[ ]-k[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{2,127})",
        secret(1),
    ),
    clue(  # a name and a password as arguments of a function
        "login pdo getconnection mysqli mysql connect authenticate",
        "ogin(|sqli_connect(|sql_connect(|PDO(|getConnection(|uthenticate(",
        r"(?:\.login\(|\.authenticate\(|(?:mysqli?_connect|PDO|getConnection)\([^()\"'\n]{0,40}(?:[\"'][^\"'\n]{0,120}[\"'][ ]{0,2},[ ]{0,2})?(?:[0-9]{2,5}[ ]{0,2},[ ]{0,2})?)"
        r"[ ]{0,2}([\"'])([^\s\"']{2,64})\1[ ]{0,2},[ ]{0,2}([\"'])([^\s\"']{3,128})\3(?=[ ]{0,2}[,)])",
        _arguments,
    ),
    clue(
        "",
        "@tcp(|@unix(",
        r"(?<![\w.$@/-])([\w.-]{2,64}):([^\s\"'@$<{]{2,128})@(?:tcp|unix)\(",
        both(login(1), secret(2)),
    ),
    clue(  # what a script answers when it is asked for a password
        "send sendline",
        "assword|assphrase",
        r"ass(?:word|phrase)[^\n]{0,40}(?:\r?\n|;|\{)[ \t]{0,24}(?:[\w.]{1,40}\.)?send(?:line)?[ (]{1,3}(?:--[ ])?b?([\"'])([^\"'\\\n$]{3,128})(?:\\{1,2}[rn]){0,2}\1",
        secret(2),
    ),
    clue(
        "helm",
        "--set",
        r"--set(?:-string)?[= ][\"']?(?:[^\s\"',]{1,120},){0,20}?([\w.]{0,60}(?:[Pp]assword|[Ss]ecret|[Tt]oken|[Kk]ey))=([^\s,\"'$<{]{3,256})",
        pair(1, 2),
    ),
    clue(
        "password administratorpassword",
        "<Value>",
        r"Password>\s{0,40}<Value>([^<\n]{2,200})</Value>",
        secret(1),
    ),
    clue("vault", "login ", r"vault[ ]login[ ](?:-\S{1,60}[ ]){0,4}([A-Za-z0-9._-]{8,200})(?![\w=-])", _token),
    clue(
        "useradd usermod",
        " -p",
        r"user(?:add|mod)[ ][^\n|]{0,120}?-p[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{2,255})",
        secret(1),
    ),
    clue("keygen", " -N| -P", r"(?<!\S)-[NP][ ]{1,2}([\"']?)([^\s\"'$<-][^\"'\n]{2,127}?)\1(?=[ ]|$)", secret(2)),
    clue(
        "mosquitto",
        " -P",
        r"(?<!\S)-P[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{2,127})",
        secret(1),
    ),
    clue(
        "kinit cryptsetup gpg sudo bw",
        "<<<",
        r"(?<!\w)(?:kinit|cryptsetup|gpg|sudo|bw)[ ][^\n|<]{0,120}<<<[ ]{0,2}([\"']?)([^\s\"'$<]{3,128})\1",
        secret(2),
    ),
    clue(  # Gradle, for an app of Android
        "buildconfigfield resvalue",
        "",
        r"(?:buildConfigField|resValue)[ \t(]{1,4}[\"'][Ss]tring[\"'][ \t]{0,4},[ \t]{0,4}[\"'](\w{2,60})[\"'][ \t]{0,4},[ \t]{0,4}[\"']{1,2}(?:\\?\")?([^\s\"'\\$]{6,400})",
        pair(1, 2),
    ),
    clue(  # of Bundler, for a server of gems
        "bundle",
        "",
        r"BUNDLE_\w{2,80}__(?:COM|ORG|NET|IO|DEV)[\"']?[ ]{0,2}[:=][ ]{0,2}[\"']?([\w.-]{2,64}:[^\s\"';&|]{3,128})",
        secret(1),
    ),
    clue("pdftk", "_pw ", r"(?:user|owner|input)_pw[ ]{1,2}[\"']?([^\s\"'$<]{3,128})", secret(1)),
    clue(
        "qpdf",
        "--encrypt ",
        r"--encrypt[ ]([^\s\"'$<-]{2,128})[ ]([^\s\"'$<-]{2,128})[ ](?:40|128|256)(?!\w)",
        secret(1, 2),
    ),
    clue(  # Terraform
        "variable",
        "default",
        r"variable[ ]\"([\w-]{2,60})\"[ ]\{[^{}]{0,400}?default[ \t]{0,12}=[ \t]{0,12}\"([^\"\n$]{2,400})\"",
        pair(1, 2),
    ),
    clue(
        "htpasswd",
        "",
        r"htpasswd[ ]{1,2}(?:-\w{1,4}[ ]{1,2}){1,3}(?:[^\s-]\S{0,100}[ ]{1,2})?([A-Za-z][\w.@-]{1,63})[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{2,127})",
        both(login(1), secret(2)),
    ),
    clue(
        "sqlplus expdp impdp rman oracle",
        "/",
        r"(?:(?:sqlplus|expdp|impdp|exp|imp|rman[ ]target)[ ]{1,2}(?:-\w{1,4}[ ]{1,2}){0,3}|jdbc:oracle:(?:thin|oci):)[\"']?([A-Za-z][\w$#]{1,60})/([^\s\"'@/$<{][^\s\"'@/]{1,127})(?=[@\s\"']|\Z)",
        both(login(1), secret(2)),
    ),
    clue(
        "smbclient smbmap rpcclient winexe wmic cifs",
        "%",
        r"(?<!\S)(?:-U|--user)[ =]{0,2}[\"']?(?:[\w.-]{1,64}[\\/]{1,4})?([A-Za-z][\w.-]{1,63})%([^\s\"'$<{][^\s\"']{1,127})",
        both(login(1), secret(2)),
    ),
    clue("nmcli", "password", r"nmcli[ ][^\n]{1,160}?[ ]password[ ]{1,2}[\"']?([^\s\"'$<][^\s\"']{3,127})", secret(1)),
    clue(
        "zip unzip 7z 7za rar unrar",
        " -P| -p",
        r"(?:(?<!\S)(?:7za?|un?rar)(?=[ ])[^\n|]{0,160}?[ ]-p(?!assw)|(?<!\S)(?:un)?zip(?=[ ])[^\n|]{0,160}?[ ]-P[ ]{0,2})[\"']?([^\s\"'$<-][^\s\"']{2,127})",
        secret(1),
    ),
    clue(
        "snmpwalk snmpget snmpset snmpbulkwalk",
        " -c| -A| -X",
        r"(?<!\S)-[cAX][ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{3,127})",
        secret(1),
    ),
    clue("ipmitool", " -P", r"(?<!\S)-P[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{2,127})", secret(1)),
    clue(
        "psexec mongo mongosh mongodump mongorestore sqlcmd bcp osql xfreerdp rdesktop",
        " -p| -P",
        r"(?<!\S)-[pP][ ]{0,2}[\"']?([^\s\"'$<:-][^\s\"']{2,127})",
        secret(1),
    ),
    clue("sshpass", " -p", r"(?<!\S)-p[\"']?([^\s\"'$<-][^\s\"']{2,127})", secret(1)),
    clue("login sshpass", " -p", r"(?<!\S)-p[ ]{1,2}[\"']?([^\s\"'$<-][^\s\"']{3,255})", secret(1)),
    clue("mysql mysqldump mysqladmin mariadb", " -p", r"(?<!\S)-p[\"']?([^\s\"'$<=-][^\s\"']{3,255})", secret(1)),
)

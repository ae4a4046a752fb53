"""Texts made to be slow for the readers of containers: the work grows with their length, not with its square."""

from __future__ import annotations

import pytest
from work import calls

from agentlog.redaction import Redactor

PIECES = (
    "a: b\n", "- a: b\n", "- - - a\n", " a:\n", "key: |\n", "password: |\n  ", "[a]\n", "a: [", "a: {b: ", "a = (", "{a:", "User(a=", "x[a=",
    "name,email\n", '"a","', 'name,"\n', '"', "a;b;c\n", "|a|b|\n", "name | email\n", "│ a │ b │\n", "name  email\n", "a  b\n", "a\tb\n", "+--\n",
    "<td>", "<tr><td>name</td>", "<a b='", '<a b="c" ', "</a>", "<![CDATA[", "<!--", "<name>", "<a", "<", "<script>", "<input name=a value=",
    "insert into t (a) values (", "insert into t (a) values ('b'),('", "insert into users (first_name) values (?) (", "('", "where a='", "in ('a',",
    "identified by '", "Key (", "copy t (a) from stdin\n", "Duplicate entry '", "(&(sn=", "params (", "a=", "a='", 'token="', "a = 'b", "''", "('a','",
    "password=", "user=a&", "a.b=", "-H '", "--password ", "curl -u a:b ", "mysql -pa ", "setenv a ", "hset a b ", "machine login ", "-p a ",
    "From: ", "Cc: A B, ", "To: Aa Bb; ", "> ", ">> Aa\n", "On Mon, Aa Bb ", "wrote ", "-- \nAa Bb\n", "[1:1] Aa Bb", "Received: from a", "<a@",
    "BEGIN:VCARD\nN:", "dn: uid=a,", "~a/", "\\\\a\\Users\\", "/home/", "/Users/a", "C:\\Users\\", "://", "http://a/b", "/users/", "GET /a",
    "a:b:1:c:", "a:x:1:1:", "-rw-r--r-- 1 ", "a\tTRUE\t", "for user '", "@@ -1 +1 @@\n+", "kind: Secret\ndata:\n", "....", "Name ....", "1. a: b\n", "map[a:[",
    "auth=('a','", "`", "{{", "${", "%20", "&nbsp;", "Bearer ", "*" , "**a:** ", "a\u00a0:", "User(name=" + "@" * 1_900 + " b)", "x.nil = (" * 3, "\x00", "\\", "\r\n",
)  # fmt: skip
CALLS_PER_CHARACTER = 60


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_for_a_hostile_document_is_bounded_by_its_length(piece: str) -> None:
    redactor = Redactor(None, pseudonym_key=b"k")
    redactor.text("warm: 1\nwarm: 2\n")
    short, long = piece * (4_000 // len(piece)), piece * (32_000 // len(piece))
    few, many = calls(lambda: redactor.text(short)), calls(lambda: redactor.text(long))
    assert many < CALLS_PER_CHARACTER * len(long)
    assert many < 12 * few + 5_000

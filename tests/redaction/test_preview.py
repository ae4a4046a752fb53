import copy
import io
import json
import logging
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from agentlog.errors import ConfigurationError
from agentlog.redaction import RedactionPolicy, Redactor, preview
from agentlog.redaction import analysis as analysis_module
from agentlog.redaction.policies.recognizers import Pattern
from agentlog.redaction.showing import reasons as reasons_module

CONVERSATION = [
    {"role": "user", "content": "My name is Mia Li, my card is 4111 1111 1111 1111. Call (415) 555-2671"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_mia", "type": "function", "function": {"name": "find", "arguments": '{"email": "mia@example.com"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "call_mia", "name": "find", "content": '{"user_id": "mia_li_3668", "emails": ["m@foo.org"]}'},
    {"role": "assistant", "content": "Thank you. I will tell Mia, at 4155552671."},
]  # fmt: skip


def reasons(seen):
    return {one.original: one.reason for one in seen.findings}


def spliced(shown):
    """A text with its findings exchanged, by their places alone."""
    made, position = "", 0
    for one in shown.findings:
        assert position <= one.start < one.end
        assert one.original == shown.before[one.start : one.end]
        made += shown.before[position : one.start] + one.replacement
        position = one.end
    return made + shown.before[position:]


def test_a_preview_shows_before_and_after_and_why():
    seen = preview("My name is Mia Li, zip: 94110")
    assert (seen.before, seen.after) == (
        "My name is Mia Li, zip: 94110",
        "My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>, zip: <ZIP_1>",
    )
    assert [(one.entity, one.start, one.end, one.replacement) for one in seen.findings] == [
        ("PERSON", 11, 14, "<PERSON_1_GIVEN>"),
        ("PERSON", 15, 17, "<PERSON_1_FAMILY>"),
        ("ZIP", 24, 29, "<ZIP_1>"),
    ]
    assert reasons(seen)["Mia"] == "reads like a name, behind “My name is”"
    assert "zip:" in reasons(seen)["94110"]
    assert seen.counts == {"PERSON": 2, "ZIP": 1}


def test_messages_are_one_trace_and_keep_their_shape():
    given_ = copy.deepcopy(CONVERSATION)
    seen = preview(given_)
    assert given_ == CONVERSATION
    assert seen.after[3]["content"] == "Thank you. I will tell <PERSON_1_GIVEN>, at <PHONE_1>."
    assert seen.after[1] == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_mia", "type": "function", "function": {"name": "find", "arguments": '{"email": "<EMAIL_1>"}'}}
        ],
    }
    assert json.loads(seen.after[2]["content"]) == {"user_id": "<USER_ID_1>", "emails": ["<EMAIL_2>"]}
    why = reasons(seen)
    assert why["mia@example.com"] == "the key “email” says so"
    assert why["m@foo.org"] == "the key “emails” says so"
    assert why["4155552671"] == "known from message 1, user: “(415) 555-2671”"
    assert why["4111 1111 1111 1111"].startswith("the form of a card")
    last = [one for one in seen.findings if one.where == "message 4, assistant"]
    assert last[0].reason.startswith("reads like a name")
    assert last[1].reason == "known from message 1, user: “(415) 555-2671”"


def test_the_way_in_which_a_disguised_value_was_read_is_told():
    seen = preview("contact: mia%2Eli%40example.com and mia\u200b.li3818@example.com")
    assert [one.reason.split(":")[0] for one in seen.findings] == [
        "percent escapes are decoded",
        "look-alike and invisible characters are read as what they look like",
    ]


@pytest.mark.parametrize("raw", ['"note"', "'note'"])
def test_what_stands_in_an_escaped_string_is_found_at_its_place(raw):
    text = '{"note": "Caf\\u00e9 \\"x\\"\\nmy name is Mia Li, /home/mia", "n": 1}'.replace('"note"', raw)
    (shown,) = preview(text).texts
    assert [one.original for one in shown.findings] == ["Mia", "Li", "mia"]
    assert spliced(shown) == shown.after


PIECES = st.sampled_from(
    (
        "Mia Li", "mia.li@example.com", "4111 1111 1111 1111", "password=Hunter22!", "my name is ", "zip: 94110", '{"email": "',
        '"}', "\\n", "\\u00e9", '\\"', "\n", "%40", "\u200b", "/home/mia", '{"a": "{\\"first_name\\": \\"Mia\\"}"}', "王小明先生",
        "<PERSON_1>", "2135", "\ud83d", "<b>", '["', "born April 5, 1990", " ",
    )
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_findings_account_for_all_that_was_changed(text):
    (shown,) = preview(text).texts if text else (None,)
    if shown is None:
        return
    assert spliced(shown) == shown.after
    assert shown.after == Redactor(None, pseudonym_key=b"k").text(text) or "BLOB" in shown.after
    assert all(one.reason and one.entity for one in shown.findings)


def test_every_built_in_detector_has_a_reason_of_its_own():
    seen = preview(
        "Dear Mia Li, token sk-proj-abcdefghijklmnopqrstuvwxyz012345, my user id is x7_9, card ending in 2135, ip 8.8.8.8"
    )
    assert len(seen.findings) >= 5
    assert not [one for one in seen.findings if one.reason.startswith("looks like one of these")]


@pytest.mark.parametrize(
    ("text", "original", "reason"),
    [
        ('{"zip": "94110"}', "94110", "the key “zip” says so"),
        ("id,first_name\n1,Tomasz\n2,Adaeze", "Adaeze", "its field in the document says so"),
        ("https://x.example/cb?access_token=qwertyuiop&x=1", "qwertyuiop", "the key “access_token” says so"),
        ("https://mia:hunter22@shop.example.com/x", "hunter22", "its field in the document says so"),
        ("look into /home/mia/notes.txt", "mia", "the owner of a home folder"),
        ("token sk-proj-abcdefghijklmnopqrstuvwxyz012345", "sk-proj-abcdefghijklmnopqrstuvwxyz012345", "the form of a password, key or token"),
        ("电话13812345678", "13812345678", "the words before it: “电话”"),
        ("Mein Name ist Jörg", "Jörg", "reads like a name, behind “Mein Name ist”"),
        ("call (415) 555-2671", "(415) 555-2671", "the form of a phone number"),
        ("my user id is x7_9", "x7_9", "the words before it: “my user id is”"),
        ("ship it to 12 Larkspur Lane", "12 Larkspur Lane", "a street, a flat or a box with its number"),
        ("10 Downing Street, London SW1A 2AA", "SW1A 2AA", "a postal code where an address has one"),
        ("my card ending in 2135", "2135", "the words before it: “my card ending in”"),
        ("my passport number is C01X00T47", "C01X00T47", "the words before it: “my passport number is”"),
        ("call four one five five five five two six seven one", "four one five five five five two six seven one", "said aloud, digit by digit"),
        ("my surname is spelled L-I-N", "L-I-N", "said aloud, letter by letter"),
        ("born July fourth nineteen ninety", "July fourth nineteen ninety", "a date said aloud"),
        ("And your zip code? Caller: 90210", "90210", "it answers a question"),
        ("Dear Mia,", "Mia", "reads like a name, behind “Dear”"),
        ("Spoke w/ T. Hanley", "Hanley", "reads like a name in a note, behind “Spoke w/”"),
    ],
)  # fmt: skip
def test_each_detector_tells_its_reason(text, original, reason):
    assert reasons(preview(text))[original] == reason


def test_what_answers_the_message_before_is_told_as_that():
    seen = preview([{"role": "assistant", "content": "And your zip code?"}, {"role": "user", "content": "90210"}])
    assert reasons(seen) == {"90210": "it answers a question"}


def test_what_only_the_policy_asks_for_is_told_as_that():
    seen = preview("I am 34 years old", policy=RedactionPolicy(entities=("AGE",)))
    assert reasons(seen)["34"].startswith("your policy asks for it: ages")


def test_every_detector_that_the_analysis_asks_is_asked_for_reasons():
    asked = {name for name in vars(analysis_module) if name.startswith(("find_", "read_documents", "islands"))}
    assert len(asked) >= 13
    assert asked <= set(vars(reasons_module))


def test_an_entity_of_ones_own_is_told_as_the_policys():
    seen = preview("E-123456 wrote", policy=RedactionPolicy(recognizers=(Pattern("EMPLOYEE_ID", r"E-[0-9]{6}"),)))
    assert (seen.after, seen.findings[0].reason) == ("<EMPLOYEE_ID_1> wrote", "your policy's Pattern('EMPLOYEE_ID', …)")


def test_what_the_policy_keeps_is_no_finding():
    seen = preview("mia@example.com from 93.184.216.34", policy=RedactionPolicy(keep=("IP",)))
    assert seen.after == "<EMAIL_1> from 93.184.216.34"
    assert [one.entity for one in seen.findings] == ["EMAIL"]


def test_a_function_and_off_are_shown_too():
    seen = preview("my name is Mia", policy=lambda text: text.replace("Mia", "somebody"))
    assert (seen.after, [(one.original, one.reason) for one in seen.findings]) == (
        "my name is somebody",
        [("Mia", "changed by your function")],
    )
    assert preview("my name is Mia", policy="off").after == "my name is Mia"
    with pytest.raises(ConfigurationError, match="takes a RedactionPolicy"):
        preview("x", policy=3)


def test_a_text_that_cannot_be_redacted_is_shown_as_its_shape():
    def fails(text):
        raise ValueError(text)

    seen = preview([{"role": "user", "content": "my name is Mia"}], policy=fails)
    assert seen.failed
    assert seen.after[0]["content"] == "<REDACTION_FAILED type=str len=14>"
    assert "ValueError" in seen.findings[0].reason
    assert "Mia" not in seen.findings[0].reason
    assert not preview("fine").failed


def test_a_long_text_is_a_shape():
    assert preview("a " * 1_100_000).after == "<REDACTION_FAILED type=str len=2200000>"


def test_parts_of_messages_and_other_json_are_looked_through():
    image = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB" * 4
    seen = preview(
        {
            "messages": [
                {"role": "user", "name": "Mia", "content": [{"type": "text", "text": "my name is Mia Li"}, {"type": "image_url", "image_url": {"url": image}}]},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "find", "input": {"email": "mia@example.com", "n": 2}}]},
            ],
            "metadata": {"customer_email": "mia@example.com"},
            "tools": [{"type": "function", "function": {"name": "find", "parameters": {"properties": {"email": {"type": "string"}}}}}],
            "model": "gpt-4o",
            "stream": True,
        }
    )  # fmt: skip
    after = seen.after
    assert after["messages"][0]["content"][0]["text"] == "my name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>"
    assert re.fullmatch(
        r"<BLOB mime=image/png bytes=\d+ sha=\w+>", after["messages"][0]["content"][1]["image_url"]["url"]
    )
    assert after["messages"][1]["content"][0] == {
        "type": "tool_use", "id": "t1", "name": "find", "input": {"email": "<EMAIL_1>", "n": 2},
    }  # fmt: skip
    assert after["metadata"] == {"customer_email": "<EMAIL_1>"}
    assert after["tools"] == seen.before["tools"]
    assert (after["model"], after["stream"]) == ("gpt-4o", True)
    assert seen.before["messages"][0]["content"][0]["text"] == "my name is Mia Li"


def test_a_repr_holds_no_word_of_the_text():
    seen = preview(CONVERSATION)
    shown = repr(seen) + repr(seen.findings) + repr(seen.texts)
    assert repr(seen).startswith("<Preview of 4 texts: PERSON 3")
    for word in ("Mia", "4111", "example", "3668", "name is"):
        assert word not in shown


def test_it_is_printed_plainly_and_in_colours():
    seen = preview(CONVERSATION)
    for width in (60, 130):
        out = Console(file=io.StringIO(), width=width, force_terminal=True)
        out.print(seen)
        text = out.file.getvalue()
        assert "\x1b[" in text
        assert "<EMAIL_1>" in text
    assert "Mia → <PERSON_1_GIVEN>" in str(seen)
    assert "keep it out of logs" in str(seen)


def test_what_a_terminal_or_a_browser_obeys_is_not_passed_on():
    text = "\x1b[31mmy name is Mia Li <script>alert(1)</script> password='\"><img src=x>Hunter22!'"
    seen = preview([{"role": "<b>user", "content": text}])
    assert "\x1b" not in str(seen)
    out = Console(file=io.StringIO(), width=80, color_system=None)
    out.print(seen)
    assert "\x1b" not in out.file.getvalue()
    html = seen._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>user" not in html
    assert "&lt;script&gt;" in html
    assert html.count("<mark ") == 2 * len(seen.findings)


def test_a_notebook_is_not_given_more_than_it_can_show():
    html = preview([{"role": "user", "content": "word " * 30_000}] * 3)._repr_html_()
    assert "More texts are in this preview" in html
    assert len(html) < 400_000


def test_nothing_is_written_or_logged(tmp_path, caplog):
    """Every file that is opened for writing is seen by an audit hook, in a process of its own."""
    program = """
import sys
from agentlog.redaction import preview
import rich.console, agentlog.redaction.showing.painting
seen = []
sys.addaudithook(lambda name, given: seen.append(given) if name == "open" and given[1] and set(given[1]) & set("wax+") else None)
made = preview([{"role": "user", "content": "my name is Mia Li"}] * 2)
str(made), made._repr_html_()
assert not seen, seen
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not list(tmp_path.iterdir())
    with caplog.at_level(logging.DEBUG):
        preview(CONVERSATION)
    assert not caplog.records


def test_recording_does_not_load_what_only_shows():
    program = "import sys, agentlog.redaction; print([one for one in sys.modules if one.endswith(('showing', 'noting', 'painting'))])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_reasons_are_words_for_every_way_of_reading():
    from agentlog.redaction.disguises import WAYS

    assert set(WAYS) <= set(reasons_module._READ)

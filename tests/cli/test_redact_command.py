import gzip
import json
import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from agentlog.cli import redact as room
from agentlog.cli.app import app
from agentlog.errors import ConfigurationError, SourceError

CHAT = [
    {
        "messages": [
            {"role": "user", "content": "My name is Mia Li, mail mia.li@example.com"},
            {"role": "assistant", "content": "Hello Mia"},
        ],
        "metadata": {"customer_email": "mia.li@example.com", "order": 17},
    },
    {"messages": [{"role": "user", "content": "My name is Bob Ray"}, {"role": "assistant", "content": "Hello Bob"}]},
]
TEXT = "Dear Mia Li,\r\nzip: 94110"


def command(*words, stdin=None):
    return CliRunner().invoke(app, ["redact", *(str(word) for word in words)], input=stdin, catch_exceptions=False)


def agentlog(*words, **more):
    # what runs in the background of a script is told to ignore Ctrl-C, and passes that on
    listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    return subprocess.Popen(
        [sys.executable, "-c", f"{listens}; from agentlog.cli import main; main()", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # fmt: skip


@pytest.fixture
def chat(tmp_path):
    path = tmp_path / "chat.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in CHAT), encoding="utf-8")
    return path


def test_a_text_is_shown_before_and_after_with_reasons(tmp_path):
    path = tmp_path / "mail.txt"
    path.write_text(TEXT, encoding="utf-8", newline="")
    done = command(path)
    assert done.exit_code == 0
    assert "Dear Mia Li" in done.stdout
    assert "Dear <PERSON_1_GIVEN> <PERSON_1_FAMILY>" in done.stdout
    assert "94110 → <ZIP_1>  the words before it" in done.stdout
    assert "3 replaced in 1 text: PERSON 2, ZIP 1" in done.stdout


def test_as_a_filter_only_what_is_left_is_written_byte_for_byte():
    with agentlog("redact", "-", "--after-only") as done:
        out, errors = done.communicate(TEXT.encode())
    assert (done.returncode, errors) == (0, b"")
    assert out == b"Dear <PERSON_1_GIVEN> <PERSON_1_FAMILY>,\r\nzip: <ZIP_1>"


def test_each_line_of_jsonl_is_a_conversation_of_its_own(chat):
    done = command(chat, "--after-only")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["messages"][1]["content"] == "Hello <PERSON_1_GIVEN>"
    assert first["metadata"] == {"customer_email": "<EMAIL_1>", "order": 17}
    assert second["messages"][0]["content"] == "My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>"
    assert second["messages"][1]["content"] == "Hello <PERSON_1_GIVEN>"


@pytest.mark.parametrize(
    "write",
    [
        lambda messages: json.dumps(messages),
        lambda messages: json.dumps(messages, indent=2),
        lambda messages: "".join(json.dumps(one) + "\n" for one in messages),
    ],
    ids=["list", "indented list", "lines"],
)
def test_messages_that_stand_one_by_one_are_one_conversation(write, tmp_path):
    path = tmp_path / "messages.json"
    path.write_text(write(list(reversed(CHAT[0]["messages"]))), encoding="utf-8")
    done = command(path, "--json")
    (line,) = done.stdout.splitlines()
    assert [one["content"] for one in json.loads(line)["after"]] == [
        "Hello <PERSON_1_GIVEN>",
        "My name is <PERSON_1_GIVEN> <PERSON_1_FAMILY>, mail <EMAIL_1>",
    ]
    after = command(path, "--after-only").stdout
    assert len(after.splitlines()) == (1 if write(["x"])[:1] == "[" else 2)


def test_a_file_of_runs_is_looked_through_run_by_run(tmp_path):
    runs = [
        {"task_id": number, "traj": one["messages"], "info": {"user_id": "mia_li_3668"}}
        for number, one in enumerate(CHAT)
    ]
    path = tmp_path / "runs.json.gz"
    path.write_bytes(gzip.compress(json.dumps(runs).encode()))
    first, second = map(json.loads, command(path, "--after-only").stdout.splitlines())
    assert first["traj"][1]["content"] == second["traj"][1]["content"] == "Hello <PERSON_1_GIVEN>"
    assert first["info"] == {"user_id": "<USER_ID_1>"}
    assert second["task_id"] == 1


def test_a_log_of_json_and_of_lines_is_a_text():
    done = command("-", "--after-only", stdin='{"email": "a@b.org"}\nmail a@b.org\n')
    assert (done.exit_code, done.stdout) == (0, '{"email": "<EMAIL_1>"}\nmail <EMAIL_1>\n')


def test_a_json_text_without_messages_keeps_its_form(tmp_path):
    path = tmp_path / "user.json"
    path.write_text('{\n  "email": "mia@example.com",\n  "n": 1.50\n}\n', encoding="utf-8")
    assert command(path, "--after-only").stdout == '{\n  "email": "<EMAIL_1>",\n  "n": 1.50\n}\n'


def test_a_log_that_only_begins_like_json_is_a_text():
    done = command("-", "--after-only", stdin="[12:00:01] mail from mia@example.com\n{not json\n")
    assert (done.exit_code, done.stdout) == (0, "[12:00:01] mail from <EMAIL_1>\n{not json\n")


def test_json_holds_each_finding_with_its_place_and_reason(chat):
    first = json.loads(command(chat, "--json").stdout.splitlines()[0])
    assert first["before"] == CHAT[0]
    assert first["findings"][0] == {
        "where": "message 1, user", "entity": "PERSON", "start": 11, "end": 14, "replacement": "<PERSON_1_GIVEN>",
        "reason": "reads like a name, behind “My name is”", "original": "Mia",
    }  # fmt: skip


def test_a_line_that_cannot_be_read_is_told_without_its_words_and_the_others_are_shown(chat):
    with chat.open("a", encoding="utf-8") as file:
        file.write('{"messages": "mia@example.com\n' + json.dumps(CHAT[1]) + "\n")
    done = command(chat, "--after-only")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 3
    assert "chat.jsonl:3: no JSON" in done.stderr
    assert "mia@" not in done.stderr


def test_a_policy_is_read_from_a_file_or_named(tmp_path, monkeypatch):
    policy = tmp_path / "policy.toml"
    policy.write_text('[redaction]\nkeep = ["ZIP"]\n', encoding="utf-8")
    assert (
        command("-", "--after-only", "--policy", policy, stdin="zip: 94110, a@b.org").stdout == "zip: 94110, <EMAIL_1>"
    )
    assert command("-", "--after-only", "--policy", "off", stdin="a@b.org").stdout == "a@b.org"
    monkeypatch.setenv("AGENTLOG_REDACTION", "off")
    assert command("-", "--after-only", stdin="a@b.org").stdout == "a@b.org"
    assert command("-", "--after-only", "--policy", "default", stdin="a@b.org").stdout == "<EMAIL_1>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x7fELF\x00\x01", "is no text"),
        ("my name is Mia".encode("utf-16"), "UTF-16"),
        (b"", "is empty"),
        (b"my name is \xff\xfe Mia", "is no UTF-8"),
        (b"a" * 70_000 + b"\x00", "is no text"),
        (gzip.compress(b"my name is Mia" * 100)[:-20], "damaged"),
        (b"word " * 500_000, "one text of more than 2,000,000 characters"),
    ],
    ids=["binary", "utf-16", "empty", "no utf-8", "late nul", "cut gzip", "long"],
)
def test_what_cannot_be_shown_is_an_error_that_quotes_nothing(content, said, tmp_path):
    path = tmp_path / "input"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said) as error:
        command(path)
    assert "Mia" not in str(error.value)


@pytest.mark.parametrize(
    ("words", "code"), [(("-", "--after-only", "--json"), 2), (("nowhere",), 1)], ids=["wrong usage", "no such file"]
)
def test_an_error_is_a_line_and_an_exit_code(words, code, tmp_path):
    with agentlog("redact", *words, cwd=tmp_path) as done:
        out, errors = done.communicate(b"x")
    assert (done.returncode, out) == (code, b"")
    assert errors.startswith(b"error: ")
    assert b"Traceback" not in errors


def test_a_policy_that_is_not_there_is_wrong_usage():
    with pytest.raises(ConfigurationError, match="there is no file nowhere"):
        command("-", "--policy", "nowhere.toml", stdin="x")


def test_a_text_that_cannot_be_redacted_ends_with_1(tmp_path):
    deep = '{"a": ' * 1_200 + "1" + "}" * 1_200
    done = command("-", "--after-only", stdin="see " + deep)
    assert done.exit_code == 1
    assert done.stdout.startswith("<REDACTION_FAILED type=str")


def test_standard_input_is_bounded(monkeypatch):
    monkeypatch.setattr(room, "_MOST_STDIN", 1000)
    with pytest.raises(SourceError, match="standard input holds more than 1,000 bytes"):
        command("-", stdin="word " * 300)


def test_a_long_file_of_lines_is_read_line_by_line(tmp_path):
    """What is shown of the first line does not wait for the last."""
    path = tmp_path / "long.jsonl"
    path.write_text((json.dumps(CHAT[0]) + "\n") * 2_000, encoding="utf-8")
    values = room._Source.of(str(path)).values()
    next(values)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(CHAT[1]) + "\n")
    rest = list(values)
    assert len(rest) == 2_000
    assert rest[-1].value == CHAT[1]


def test_a_reader_who_has_seen_enough_ends_it_quietly(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text((json.dumps(CHAT[0]) + "\n") * 3_000, encoding="utf-8")
    with agentlog("redact", str(path), "--after-only") as done:
        assert done.stdout.readline()
        done.stdout.close()
        assert done.wait(60) == 0
        assert done.stderr.read() == b""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_it_with_130_and_without_a_traceback(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text((json.dumps(CHAT[0]) + "\n") * 30_000, encoding="utf-8")
    with agentlog("redact", str(path), "--after-only") as done:
        assert done.stdout.readline()  # it is at work
        done.send_signal(signal.SIGINT)
        _, errors = done.communicate()
    assert done.returncode == 130, errors
    assert b"Traceback" not in errors

"""What the consumers' own code reads: `datasets`, the OpenAI SDK's types, a chat template."""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging

import pytest

from agentlog.errors import ExportError, MissingExtra
from agentlog.exports import proofs
from agentlog.exports.proofs import difference, lines, prove
from agentlog.exports.training_set import FORMATS, Recipe, write


@pytest.fixture
def datasets():
    library = pytest.importorskip("datasets", minversion="4.7")
    library.disable_progress_bars()
    yield library
    library.enable_progress_bars()


def adversarial(calls, say, ask, result, offer):
    """Rows that a reader which guesses types gets wrong."""
    tools = [
        offer("book", day={"type": "string"}),
        offer("mail", to={"type": "string", "minLength": 1, "default": None}),
    ]
    calls.add("2026-01-01", answer="2026-01-02")
    calls.add(
        "2026-01-01T00:00:00Z",
        answer=say("assistant", ask("book", '{"day": "2026-01-02", "guests": 2}', "a")),
        tools=tools,
    )
    calls.add("1", answer=say("assistant", ask("mail", '{"to": "a@example.com", "body": null}', "b")), tools=tools)
    calls.add(
        "12:30", answer=say("assistant", ask("book", '{"guests": "two", "day": 7, "z": {}, "a": []}', "c")), tools=tools
    )
    calls.add(
        "true",
        answer=say(
            "assistant", ask("book", '{"n": 2.0, "big": 9223372036854775807, "deep": [[{"x": [1, "1", null]}]]}', "d")
        ),
    )
    calls.add("null", answer='{"json": "text"}')
    calls.add("\x00 \u2028 \u0085 \ufeff 😀 \\u0000", answer="[1, 2]")
    turn = say("assistant", "looking", ask("book", "{}", "x"), ask("mail", '{"to": "b"}', "y"))
    calls.add(
        "q",
        turn,
        say("tool", result("2026-01-01", "y")),
        say("tool", result({"n": 1}, "x")),
        answer="done",
        tools=tools[:1],
    )
    return calls


def test_datasets_reads_the_folder_as_it_was_written(datasets, calls, say, ask, result, offer, tmp_path):
    table = adversarial(calls, say, ask, result, offer).table()
    export = write(table, tmp_path / "out", Recipe("trl", prove=True, test_share=0.3))
    results = {one["how"]: one["result"] for one in export.manifest["proof"]}
    assert results["folder"] == results["files with types"] == "equal"
    loaded = datasets.load_dataset(str(export.path), cache_dir=str(tmp_path / "cache"))
    assert export.test > 0
    for side in ("train", "test"):
        written = list(lines(export.path / f"{side}.jsonl"))
        read = [{key: value for key, value in row.items() if value is not None} for row in loaded[side]]
        assert json.dumps(read, sort_keys=True) == json.dumps(written, sort_keys=True)


def test_rows_that_are_all_dates_survive_in_the_folder_and_a_warning_names_the_bare_file(
    datasets, calls, say, ask, tmp_path, caplog
):
    for number in range(4):
        day = f"2026-01-0{number + 1}"
        calls.add(
            day, answer=say("assistant", ask("book", json.dumps({"day": day, "n": number}), "a")), trace_id=f"t{number}"
        )
    with caplog.at_level(logging.WARNING, logger="agentlog.exports.proofs"):
        export = write(calls.table(), tmp_path / "out", Recipe("trl", prove=True))
    assert [one["result"] for one in export.manifest["proof"]] == ["equal", "equal", "4 rows differ"]
    assert "load the folder" in caplog.text
    loaded = datasets.load_dataset(str(export.path), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded[0]["completion"][0]["tool_calls"][0]["function"]["arguments"] == {"day": "2026-01-01", "n": 0}


def test_a_row_whose_number_the_loader_changes_is_refused_and_not_trained_wrong(datasets, calls, say, ask, tmp_path):
    for number in (0.7, 0.5, 47.376886912345, 2):
        calls.add(f"set {number}", answer=say("assistant", ask("set", json.dumps({"to": number}), "a")))
    changed = write(calls.table(), tmp_path / "out", Recipe("trl", prove=True))
    unproved = write(calls.table(), tmp_path / "unproved", Recipe("trl", prove=False))
    loaded = datasets.load_dataset(str(unproved.path), cache_dir=str(tmp_path / "cache"))["train"]
    bent = [row for row in loaded if row["prompt"][0]["content"] != f"set {arguments_of(row)['to']}"]
    assert len(bent) + sum(1 for _ in lines(changed.path / "train.jsonl")) >= len(loaded)
    assert changed.refused.get("number_changed_by_loader", 0) >= len(bent)
    for side in ("train", "test"):
        for row in lines(changed.path / f"{side}.jsonl"):
            assert row["prompt"][0]["content"] == f"set {arguments_of(row)['to']}"
    assert [one["result"] for one in changed.manifest["proof"]][:2] == ["equal", "equal"]
    text = write(calls.many(12).table(), tmp_path / "openai", Recipe("openai", prove=True))
    assert text.refused == {}  # arguments are text there


def arguments_of(row):
    return row["completion"][0]["tool_calls"][0]["function"]["arguments"]


def test_a_number_in_a_tools_definition_that_the_loader_rounds_is_counted_only(datasets, calls, offer, tmp_path):
    for number in range(3):
        calls.add(f"q{number}", answer="y", tools=[offer("set", to={"type": "number", "default": 0.7, "minimum": 0.3})])
    export = write(calls.table(), tmp_path / "out", Recipe("trl", prove=True))
    assert export.train + export.test == 3
    assert export.refused == {}
    loaded = datasets.load_dataset(str(export.path), cache_dir=str(tmp_path / "cache"))["train"]
    rounded = sum(
        difference(next(lines(export.path / "train.jsonl"))["tools"], row["tools"]) == "rounded" for row in loaded
    )
    assert (export.manifest["rows_with_a_rounded_number_in_tools"] > 0) == (rounded > 0)


def test_openai_rows_are_read_by_the_sdks_types_and_by_datasets(datasets, calls, say, ask, result, offer, tmp_path):
    pytest.importorskip("openai")
    table = adversarial(calls, say, ask, result, offer).many(12).table()
    export = write(table, tmp_path / "out", Recipe("openai", prove=True))
    accepted = {one["consumer"]: one for one in export.manifest["proof"]}["openai"]
    assert (accepted["result"], accepted["rows"]) == ("accepted", export.train + export.test)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"messages": [{"role": "user"}]}, "0"),
        ({"messages": [{"role": "assistant", "tool_calls": [{"id": "a", "type": "function"}]}]}, "0"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "0"),
        ({"messages": [], "tools": [{"type": "function", "function": {}}]}, "0"),
    ],
)
def test_the_sdks_types_reject_what_is_wrong_without_saying_the_words(tmp_path, line, where):
    pytest.importorskip("openai")
    (tmp_path / "train.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(ExportError, match=r"rejects train.jsonl, line 1, at ") as error:
        proofs._by_openai(tmp_path, proofs.Proof())
    assert '"x"' not in str(error.value)


def test_a_value_that_the_loader_changes_is_an_error_that_names_the_line(datasets, calls, tmp_path, monkeypatch):
    monkeypatch.setattr(proofs, "lines", lambda path: ({**line, "call_id": "other"} for line in lines(path)))
    with pytest.raises(ExportError, match=r"train.jsonl, line 1, column 'call_id'\. Nothing was written"):
        write(calls.many(3).table(), tmp_path / "out", Recipe("trl", prove=True))
    assert list(tmp_path.iterdir()) == []


def test_the_proof_leaves_no_copy_in_the_users_cache(datasets, calls, tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    write(calls.many(3).table(), tmp_path / "out", Recipe("trl", prove=True))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_consumer_that_is_not_installed_is_said_or_demanded(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    export = write(calls.many(12).table(), tmp_path / "out", Recipe("openai"))
    assert [(one["consumer"], one["result"]) for one in export.manifest["proof"]] == [
        ("datasets", "skipped: not installed"),
        ("openai", "skipped: not installed"),
    ]
    with pytest.raises(MissingExtra, match=r"agentlog\[study\]"):
        write(calls.table(), tmp_path / "demanded", Recipe("trl", prove=True))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_old_datasets_is_not_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(proofs, "version", lambda name: "3.6.0")
    assert prove(tmp_path, FORMATS["trl"], None).results == [
        {"consumer": "datasets", "version": "3.6.0", "result": "skipped: older than 4.7"}
    ]
    with pytest.raises(ExportError, match=r"datasets>=4\.7"):
        prove(tmp_path, FORMATS["trl"], True)


@pytest.mark.parametrize(
    ("written", "read", "verdict"),
    [
        ({"a": [1, "1", None, True]}, {"a": [1, "1", None, True]}, ""),
        (2, 2.0, "changed"),
        (1, True, "changed"),
        (0.7, 0.7000000000000001, "rounded"),
        (-0.0, 0.0, "rounded"),
        ([0.7, "x"], [0.7000000000000001, "y"], "changed"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "changed"),
        ({"a": 1}, {"a": 1, "b": None}, "changed"),
        ([1], [1, 2], "changed"),
        (None, [], "changed"),
        ("2026-01-01", "2026-01-01T00:00:00", "changed"),
    ],
)
def test_differences_are_told_apart(written, read, verdict):
    assert difference(written, read) == verdict


TEMPLATE = """
{%- if tools %}<tools>{% for tool in tools %}{{ tool | tojson }}{% endfor %}</tools>{% endif -%}
{%- for message in messages -%}
<{{ message.role }}>{{ message.content + "" }}
{%- for call in message.tool_calls or [] -%}
{{ call.function.name }}({% for key, value in call.function.arguments.items() %}{{ key }}={{ value | tojson }};{% endfor %})
{%- endfor -%}
</{{ message.role }}>
{%- endfor -%}
"""


def test_a_chat_template_renders_every_row_and_the_prompt_begins_the_whole(
    datasets, calls, say, ask, result, offer, tmp_path
):
    sandbox = pytest.importorskip("jinja2.sandbox")
    environment = sandbox.ImmutableSandboxedEnvironment(undefined=importlib.import_module("jinja2").ChainableUndefined)
    template = environment.from_string(TEMPLATE)
    export = write(
        adversarial(calls, say, ask, result, offer).table(), tmp_path / "out", Recipe("trl", prove=True, test_share=0)
    )
    loaded = datasets.load_dataset(str(export.path), cache_dir=str(tmp_path / "cache"))["train"]
    rendered = {}
    for row in loaded:
        prompt = template.render(messages=row["prompt"], tools=row["tools"])
        whole = template.render(messages=row["prompt"] + row["completion"], tools=row["tools"])
        assert whole.startswith(prompt)
        rendered[row["call_id"]] = whole[len(prompt) :]
    assert rendered["call-0001"] == '<assistant>book(day="2026-01-02";guests=2;)</assistant>'
    assert rendered["call-0002"] == '<assistant>mail(to="a@example.com";body=null;)</assistant>'

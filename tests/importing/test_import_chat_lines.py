from __future__ import annotations

import json

import pytest

from agentlog.dataset import open_dataset
from agentlog.importing import import_records
from agentlog.messages.parts import text_of

TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]


def line(*said, **keys):
    return {"messages": [{"role": role, "content": content} for role, content in said], **keys}


@pytest.fixture
def take(tmp_path):
    def taken(*records, **keywords):
        path = tmp_path / "chats.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
        imported = import_records(path, tmp_path / "records", **keywords)
        return imported, open_dataset(tmp_path / "records").to_arrow().to_pylist()

    return taken


def test_the_last_message_of_the_assistant_is_the_answer_and_the_rest_its_history(take):
    imported, (row,) = take(line(("system", "s"), ("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")))
    assert [(one["role"], text_of(one)) for one in row["input_messages"]] == [
        ("system", "s"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
    ]
    assert [text_of(one) for one in row["output_messages"]] == ["d"]
    assert (row["operation"], row["surface"], row["request_model"], row["finish_reasons"]) == (
        "chat",
        "unknown",
        None,
        None,
    )
    assert list(imported.files.values()) == ["chat"]


def test_metadata_and_all_that_is_no_parameter_is_kept_in_attributes(take):
    _, (row,) = take(
        line(("user", "a"), ("assistant", "b"), metadata={"ticket": 12}, split="train", temperature=0.5, model="gpt-5")
    )
    assert json.loads(row["attributes"]) == {"ticket": 12, "split": "train"}
    assert (row["request"], row["request_model"], row["name"]) == ('{"temperature": 0.5}', "gpt-5", "gpt-5")


def test_metadata_that_is_a_word_is_kept_too(take):
    _, (row,) = take(line(("user", "a"), ("assistant", "b"), metadata="batch-7"))
    assert json.loads(row["attributes"]) == {"metadata": "batch-7"}


def test_weights_are_kept_with_the_messages(take):
    said = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "weight": 0},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d", "weight": 1},
    ]
    _, (row,) = take({"messages": said})
    assert json.loads(row["attributes"]) == {"weight": 1}
    assert json.loads(row["request"])["extras"] == {"input_messages[1]": {"weight": 0}}


def test_tools_of_a_line_win_over_those_that_were_given(take):
    call = {
        "role": "assistant",
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    own = [{"type": "function", "function": {"name": "own"}}]
    imported, rows = take(
        {"messages": [{"role": "user", "content": "a"}, call], "tools": own},
        {"messages": [{"role": "user", "content": "b"}, call]},
        tools=TOOLS,
    )
    assert [json.loads(row["tool_definitions"])[0]["function"]["name"] for row in rows] == ["own", "f"]
    assert not imported.tools_absent


def test_a_tool_call_without_definitions_is_said(take):
    call = {
        "role": "assistant",
        "tool_calls": [{"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    imported, (row,) = take({"messages": [{"role": "user", "content": "a"}, call]})
    assert imported.tools_absent
    assert "their definitions are not in the source" in repr(imported)
    assert row["surface"] == "internal"


def test_messages_behind_the_answer_are_left_out_and_that_is_said(take):
    imported, (row,) = take(line(("user", "a"), ("assistant", "b"), ("user", "thanks")))
    assert [text_of(one) for one in row["input_messages"]] == ["a"]
    assert any(note.startswith("messages behind the assistant's last one") for note in imported.notes)


def test_lines_without_an_answer_are_reported(take):
    imported, rows = take(
        line(("user", "a"), ("assistant", "b")), line(("user", "a")), {"messages": []}, {"messages": "x"}
    )
    assert len(rows) == 1
    assert [place for _, place, _ in imported.bad] == [2, 3, 4]
    assert imported.bad[0][2] == "no message of an assistant among `messages`"


def test_the_same_line_twice_is_two_calls_and_stays_two(take):
    same = line(("user", "yes"), ("assistant", "ok"))
    first, rows = take(same, same)
    again, rows_again = take(same, same)
    assert (first.calls, again.calls, again.already) == (2, 0, 2)
    assert len(rows) == len(rows_again) == 2


def test_lines_that_were_added_later_are_all_that_a_second_import_adds(take):
    take(line(("user", "a"), ("assistant", "b")))
    again, rows = take(line(("user", "new"), ("assistant", "c")), line(("user", "a"), ("assistant", "b")))
    assert (again.calls, again.already, len(rows)) == (1, 1, 2)

from __future__ import annotations

import itertools
import json

import pytest

from agentlog.dataset import open_dataset
from agentlog.importing import import_records

TOOLS = [
    {
        "type": "function",
        "function": {"name": "get_user", "description": "Looks up a user.", "parameters": {"type": "object"}},
    }
]


def call(id, **arguments):
    return {"id": id, "type": "function", "function": {"name": "get_user", "arguments": json.dumps(arguments)}}


TRAJECTORY = {
    "task_id": 7,
    "trial": 2,
    "reward": 1.0,
    "info": {"task": {"instruction": "You are Mia Li and want a refund."}, "user_cost": 0.1},
    "traj": [
        {"role": "system", "content": "You are an airline agent."},
        {"role": "user", "content": "Hi, my address is mia.li@example.com"},
        {"role": "assistant", "content": "Could you tell me your user id?"},
        {"role": "user", "content": "mia_li_3668"},
        {"role": "assistant", "content": None, "tool_calls": [call("c1", user_id="mia_li_3668")]},
        {"role": "tool", "tool_call_id": "c1", "name": "get_user", "content": '{"email": "mia.li@example.com"}'},
        {"role": "assistant", "content": "Let me look again.", "tool_calls": [call("c2", user_id="mia_li_3668")]},
        {"role": "tool", "tool_call_id": "c2", "name": "get_user", "content": "gone"},
        {"role": "assistant", "content": "You are all set."},
        {"role": "user", "content": "###STOP###"},
    ],
}


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "runs.json"
    path.write_text(json.dumps([TRAJECTORY]))
    return path


def rows_of(directory):
    return open_dataset(directory).to_arrow().to_pylist()


def test_each_turn_of_the_assistant_and_of_a_tool_is_a_call_of_one_run(source, tmp_path):
    imported = import_records(source, tmp_path / "records", tools=TOOLS)
    rows = rows_of(tmp_path / "records")
    assert (imported.calls, imported.feedback, imported.operations) == (6, 1, {"chat": 4, "execute_tool": 2})
    assert [row["operation"] for row in rows] == ["chat", "chat", "execute_tool", "chat", "execute_tool", "chat"]
    assert len({row["trace_id"] for row in rows}) == 1
    assert [len(row["input_messages"] or ()) for row in rows] == [2, 4, 0, 6, 0, 8]
    assert all(later["time"] > earlier["time"] for earlier, later in itertools.pairwise(rows))
    assert (rows[0]["request_model"], rows[0]["provider"], rows[0]["usage"]) == (None, None, None)
    assert json.loads(rows[0]["attributes"]) == {"task_id": 7, "trial": 2}


def test_a_tools_call_hangs_on_the_model_call_that_asked_for_it(source, tmp_path):
    import_records(source, tmp_path / "records")
    rows = rows_of(tmp_path / "records")
    for model, tool in ((rows[1], rows[2]), (rows[3], rows[4])):
        asked = model["output_messages"][0]["parts"][-1]
        assert tool["parent_id"] == model["call_id"]
        assert (tool["name"], tool["tool_arguments"]) == ("get_user", asked["arguments"])
        assert json.loads(tool["attributes"]) == {"tool_call_id": asked["id"]}
    assert rows[4]["tool_result"] == "gone"


def test_replies_to_the_person_are_human_and_the_rest_is_internal(source, tmp_path):
    imported = import_records(source, tmp_path / "records")
    rows = rows_of(tmp_path / "records")
    assert [row["surface"] for row in rows] == ["human", "internal", "internal", "internal", "internal", "human"]
    assert rows[0]["surface_reason"] == "reply in a conversation"
    assert (imported.surfaces, imported.withheld) == ({"human": 2, "internal": 4}, 2)
    assert not rows[0]["output_messages"]


def test_the_reward_is_feedback_of_the_run(source, tmp_path):
    import_records(source, tmp_path / "records")
    (said,) = open_dataset(tmp_path / "records").feedback().to_pylist()
    assert (said["name"], said["score"], said["trace_id"]) == (
        "reward",
        1.0,
        rows_of(tmp_path / "records")[0]["trace_id"],
    )


def test_definitions_come_from_the_user_or_are_said_to_be_absent(source, tmp_path):
    without = import_records(source, tmp_path / "without")
    with_them = import_records(source, tmp_path / "with", tools=TOOLS)
    file = tmp_path / "tools.json"
    file.write_text(json.dumps(TOOLS, indent=1))
    import_records(source, tmp_path / "file", tools=file)
    assert (without.tools_absent, with_them.tools_absent) == (True, False)
    assert {row["tool_definitions"] for row in rows_of(tmp_path / "without")} == {None}
    for name in ("with", "file"):
        models = [row for row in rows_of(tmp_path / name) if row["operation"] == "chat"]
        assert all(json.loads(row["tool_definitions"])[0]["function"]["name"] == "get_user" for row in models)


def test_nothing_of_the_person_is_in_any_file_of_the_dataset(source, tmp_path):
    import_records(source, tmp_path / "records")
    whole = b"".join(path.read_bytes() for path in (tmp_path / "records").rglob("*") if path.is_file())
    text = json.dumps(rows_of(tmp_path / "records"), default=str)
    for secret in ("mia.li@example.com", "refund"):  # the second stands in `info` alone
        assert secret not in text
        assert secret.encode() not in whole


def test_importing_twice_adds_nothing(source, tmp_path):
    import_records(source, tmp_path / "records")
    again = import_records(source, tmp_path / "records")
    assert (again.calls, again.feedback, again.already) == (0, 0, 7)
    assert len(rows_of(tmp_path / "records")) == 6
    assert len(open_dataset(tmp_path / "records").feedback()) == 1


def test_results_without_an_id_belong_to_the_calls_in_their_order(tmp_path):
    traj = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": '{"a": 1}'}},
        {"role": "function", "name": "f", "content": "1"},
        {"role": "assistant", "content": "Done."},
    ]
    (tmp_path / "old.json").write_text(json.dumps([{"traj": traj}]))
    import_records(tmp_path / "old.json", tmp_path / "records")
    rows = rows_of(tmp_path / "records")
    assert (rows[1]["name"], rows[1]["tool_arguments"], rows[1]["parent_id"]) == ("f", '{"a": 1}', rows[0]["call_id"])


def test_a_trajectory_that_is_none_is_reported_and_the_others_are_imported(tmp_path):
    path = tmp_path / "runs.json"
    path.write_text(json.dumps([TRAJECTORY, {"traj": [{"role": "user"}, "words"]}, {"traj": 3}]))
    imported = import_records(path, tmp_path / "records")
    assert imported.calls == 6
    assert [(line, reason) for _, line, reason in imported.bad] == [
        (2, "`traj` holds something that is no message with a role"),
        (3, "no `traj` with a list of messages"),
    ]


def test_the_airline_runs_are_imported_whole(data, tmp_path):
    source = data / "tau_airline"
    imported = import_records(source, tmp_path / "records", tools=source / "tools.json")
    assert imported.operations == {"chat": 2454, "execute_tool": 1164}
    assert (imported.feedback, imported.surfaces, imported.bad) == (200, {"internal": 2328, "human": 1290}, ())
    assert imported.failed == 0
    assert len(open_dataset(tmp_path / "records")) == 3618
    rows = open_dataset(tmp_path / "records").to_arrow(["call_id", "parent_id", "operation"]).to_pylist()
    models = {row["call_id"] for row in rows if row["operation"] == "chat"}
    assert all(row["parent_id"] in models for row in rows if row["operation"] == "execute_tool")

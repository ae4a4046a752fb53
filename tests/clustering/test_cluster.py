from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from agentlog.clustering import cluster, mining
from agentlog.curation import curate
from agentlog.errors import ConfigurationError
from agentlog.messages import parts
from agentlog.records import Record
from agentlog.storage.folder import Folder
from agentlog.storage.parts import PartWriter


def found(tasks, truth):
    """For each task the true tasks of its calls."""
    return sorted(sorted(Counter(truth[call] for call in task.call_ids).items()) for task in tasks)


@pytest.mark.parametrize("runs", [3, 6, 12, 40, 150])
@pytest.mark.parametrize("redacted", [True, False])
@pytest.mark.parametrize("nodes", [True, False])
def test_the_five_tasks_of_a_support_agent_are_found(support, runs, redacted, nodes):
    made = support(runs, nodes=nodes, redacted=redacted)
    tasks = cluster(made.table)
    assert found(tasks, made.truth) == [[(name, runs)] for name in ("check", "choose", "extract", "reply", "triage")]
    assert tasks.unassigned == ()


def test_nodes_give_the_names_and_the_turn_tells_two_tasks_of_one_node(support):
    names = {task.name: (task.signature.nodes, task.signature.turn) for task in cluster(support().table)}
    assert names == {
        "triage": (("triage",), ""),
        "extract": (("extract",), ""),
        "answer: choose tool": (("answer",), "before tool"),
        "answer: write reply": (("answer",), "after tool"),
        "check": (("check",), ""),
    }


def test_without_nodes_the_prompt_gives_the_names(support):
    tasks = cluster(support(nodes=False).table)
    assert "extract name and order from the ticket as…" in [task.name for task in tasks]
    assert all(task.signature.nodes == () for task in tasks)


def test_the_same_calls_give_the_same_tasks_in_whatever_order_they_are_stored(support):
    table = support().table
    order = list(range(table.num_rows))
    random.Random(4).shuffle(order)
    shuffled = table.take(pa.array(order))
    tasks = cluster(table)
    assert cluster(table) == tasks
    assert cluster(shuffled) == tasks
    assert cluster(pa.concat_tables([shuffled.slice(0, 50), shuffled.slice(50)])) == tasks
    assert [task.id for task in cluster(table, seed=1)] != [task.id for task in tasks]


def test_the_figures_of_a_task_are_those_of_its_calls(support):
    made = support(10)
    for number, row in enumerate(made.rows):
        row["usage"] = {"input_tokens": number, "output_tokens": 2} if made.truth[row["call_id"]] != "check" else None
        row["cost_usd"] = 0.5 if made.truth[row["call_id"]] in ("triage", "reply") else None
    tasks = {task.name: task for task in cluster(made.table)}
    triage, check = tasks["triage"], tasks["check"]
    assert (triage.n_calls, triage.share, triage.n_traces, triage.n_examples) == (10, 0.2, 10, 10)
    assert triage.input_tokens == sum(range(0, 50, 5))
    assert triage.output_tokens == 20
    everything = sum(number + 2 for number in range(50) if number % 5 != 4)
    assert triage.token_share == pytest.approx((sum(range(0, 50, 5)) + 20) / everything)
    assert (triage.cost_usd, triage.cost_share) == (5.0, 0.5)
    assert (check.input_tokens, check.output_tokens, check.token_share, check.cost_usd, check.cost_share) == (None,) * 5
    assert triage.far_from_10k == 9_990
    assert (triage.output_kind, check.output_kind, check.n_distinct_outputs, check.label_entropy) == (
        "label",
        "json",
        1,
        0.0,
    )
    assert tasks["answer: choose tool"].signature.tools == ("create_ticket", "lookup_order")
    assert tasks["answer: choose tool"].signature.outputs == (("tool:lookup_order", 1.0),)


def test_one_node_with_two_prompts_is_two_tasks_and_two_nodes_with_one_prompt_are_two(traffic, ask):
    made = traffic()
    for number in range(20):
        run = f"run-{number}"
        made.add(
            "draft",
            run,
            "Write a short draft of the article that the notes describe.",
            [ask(f"Notes {number * 7}")],
            "…",
            node="write",
        )
        made.add(
            "title",
            run,
            "Find five titles for the text. One line each, no numbers.",
            [ask(f"Text {number * 3}")],
            "…",
            node="write",
        )
        made.add("first", run, "Translate the text into German.", [ask(f"Text {number}")], "…", node="translate")
        made.add("second", run, "Translate the text into German.", [ask(f"Text {number}")], "…", node="translate_again")
    assert found(cluster(made.table), made.truth) == [[(name, 20)] for name in ("draft", "first", "second", "title")]


def test_prompts_without_any_template_are_one_task_where_their_node_is_known(traffic, ask):
    made = traffic()
    words = "amber basil cedar dune ember fern grove heath iris jade kelp lotus maple nettle olive".split()
    chance = random.Random(0)
    for number in range(30):
        made.add(
            "free",
            f"run-{number}",
            None,
            [ask(" ".join(chance.sample(words, 9)))],
            "…",
            node="muse" if number % 2 else None,
        )
    tasks = cluster(made.table)
    assert [(task.name, task.n_calls) for task in tasks] == [("muse", 15)]
    assert len(tasks.unassigned) == 15


def test_stages_of_one_prompt_are_told_by_the_controlling_message(traffic, ask):
    made = traffic()
    steps = (
        "Select the files that have to be read for this issue.",
        "Write a patch for the issue.",
        "Review the patch and say what is missing.",
    )
    for number in range(20):
        history = [ask(f"<issue>\nIssue {number} of module {number * 31 % 17}\n</issue>")]
        for step in steps:
            history = [*history, ask(step)]
            made.add(step, f"run-{number}", "You are a developer of a large project.", history, f"{step} {number}")
            history = [*history, parts.message("assistant", parts.text(f"{step} {number}"))]
    tasks = cluster(made.table)
    assert found(tasks, made.truth) == sorted([(step, 20)] for step in steps)
    assert {task.signature.last for task in tasks} == {(step,) for step in steps}


def test_questions_that_recur_are_content_and_not_stages(traffic, ask):
    made = traffic()
    questions = (
        "Where is my parcel",
        "I want my money back now",
        "The app crashes when I open it",
        "Please delete my account today",
    )
    for number in range(80):
        made.add("triage", f"run-{number}", "Classify the ticket.", [ask("Hello!\n" + questions[number % 4])], "label")
    assert found(cluster(made.table), made.truth) == [[("triage", 80)]]


def test_an_agent_that_mixes_tools_and_replies_stays_one_task(traffic, ask):
    made = traffic()
    for number in range(60):
        last = (
            parts.message("tool", parts.tool_call_response(f"row {number}"))
            if number % 2
            else ask(f"question {number}")
        )
        answer = parts.tool_call("search", {"q": number}) if number % 3 else f"answer {number}"
        messages = [ask(f"request {number}"), parts.message("assistant", parts.tool_call("search", {})), last]
        made.add(
            "agent",
            f"run-{number}",
            "You are a clerk of a library.",
            messages,
            answer,
            tool_definitions='[{"name": "search"}]',
        )
    (task,) = cluster(made.table)
    assert dict(task.signature.outputs) == {"tool:search": pytest.approx(2 / 3), "text": pytest.approx(1 / 3)}


def test_a_reply_that_is_withheld_is_known_to_be_no_tool_call(support):
    made = support()
    for row in made.rows:
        if made.truth[row["call_id"]] == "reply":
            row["output_messages"], row["surface"] = None, "human"
    tasks = cluster(made.table)
    assert tasks["answer: write reply"].n_calls == 40
    assert tasks["answer: write reply"].output_kind == ""


def test_rare_calls_belong_to_no_task(support, traffic, ask):
    made = support(20)
    for number in range(5):
        made.add(
            "rare",
            f"other-{number}",
            "Summarise the minutes of the meeting in three lines.",
            [ask(f"Minutes {number}")],
            "…",
        )
    tasks = cluster(made.table)
    assert tasks.min_size == 8
    assert [made.truth[call] for call in tasks.unassigned] == ["rare"] * 5
    assert len(cluster(made.table, min_size=5)) == 6
    assert len(cluster(made.table, min_size=41)) == 0


def test_with_few_calls_small_groups_are_tasks(support):
    assert cluster(support(3).table).min_size == 2


def test_a_second_fit_keeps_ids_and_names_where_the_calls_are_the_same(support, traffic, ask):
    made = support(40)
    rows = made.rows
    made.rows = [row for row in rows if row["trace_id"] not in {f"run-0-{n}" for n in range(30, 40)}]
    before = cluster(made.table)
    made.rows = [
        row | {"node": "sort" if row["node"] == "triage" else row["node"]}
        for row in rows
        if row["trace_id"] > "run-0-10"
    ]
    for number in range(20):
        made.add(
            "new",
            f"new-{number}",
            "Summarise the minutes of the meeting in three lines.",
            [ask(f"Minutes {number}")],
            "…",
        )
    made.rows = [
        row | {"call_id": f"n-{row['trace_id']}"} if row["trace_id"].startswith("new") else row for row in made.rows
    ]
    after = cluster(made.table, previous=before)
    assert {task.id: task.name for task in before}.items() <= {task.id: task.name for task in after}.items()
    assert len(after) == 6
    assert after.retired == ()


def test_ids_are_carried_by_the_model_when_no_call_is_shared(support):
    before = cluster(support(40, seed=1).table)
    later = support(40, seed=2)
    for row in later.rows:
        row["call_id"] = "later-" + row["call_id"]
    after = cluster(later.table, previous=before, seed=9)
    assert {task.id: task.name for task in after} == {task.id: task.name for task in before}


def test_an_id_that_is_gone_is_retired_and_not_given_again(support):
    made = support(20)
    before = cluster(made.table)
    gone = before["check"].id
    made.rows = [row for row in made.rows if row["node"] != "check"]
    without = cluster(made.table, previous=before)
    assert without.retired == (gone,)
    again = cluster(support(20, seed=0).table, previous=without)
    assert gone not in {task.id for task in again}
    assert again.retired == (gone,)


def test_a_model_learned_from_some_of_the_runs_places_the_others_alike(support, monkeypatch):
    made = support(60)
    whole = cluster(made.table)
    monkeypatch.setattr(mining, "_MINED", 100)
    part = cluster(made.table)
    assert {task.call_ids for task in part} == {task.call_ids for task in whole}
    assert cluster(made.table.slice(7)) == cluster(made.table.slice(7))


def test_calls_of_one_run_only_count_call_by_call(support):
    made = support(12)
    for row in made.rows:
        row["trace_id"] = "the only run"
    assert found(cluster(made.table), made.truth) == [
        [(name, 12)] for name in ("check", "choose", "extract", "reply", "triage")
    ]


@pytest.mark.parametrize("rows", [0, 1])
def test_hardly_any_calls_give_no_tasks(support, rows):
    made = support(1)
    made.rows = made.rows[:rows]
    tasks = cluster(made.table)
    assert len(tasks) == 0
    assert len(tasks.unassigned) == rows


def test_records_of_tools_are_passed_over(support):
    made = support(10)
    for row in made.rows:
        if made.truth[row["call_id"]] == "check":
            row["operation"] = "execute_tool"
    tasks = cluster(made.table)
    assert (len(tasks), tasks.n_calls) == (4, 40)


def test_calls_without_content_belong_to_no_task(traffic):
    made = traffic()
    for number in range(20):
        made.add("nothing", f"run-{number}", None, [], None)
    assert len(cluster(made.table).unassigned) == 20


def test_the_demanded_output_schema_tells_tasks_apart(traffic, ask):
    made = traffic()
    for number in range(20):
        for name in ("Invoice", "Receipt"):
            wanted = {"type": "json_schema", "json_schema": {"name": name, "schema": {"properties": {"total": {}}}}}
            text = [ask(chr(97 + number) * 9 + name[::-1][: number % 7])]
            made.add(
                name,
                f"run-{number}",
                None,
                text,
                '{"total": 3}',
                request=json.dumps({"temperature": 0, "response_format": wanted}),
            )
    tasks = cluster(made.table)
    assert found(tasks, made.truth) == [[("Invoice", 20)], [("Receipt", 20)]]
    assert {task.name for task in tasks} == {"write Invoice", "write Receipt"}


def test_examples_a_dataset_and_its_folder_give_the_same_tasks(support, tmp_path):
    folder = Folder.create(tmp_path / "records", policy="policy-1")
    PartWriter(folder, "a" * 12).write(
        [Record(row | {"time": int(row["time"].timestamp() * 1e6)}) for row in support(10).rows]
    )
    examples = curate(folder.path)
    tasks = cluster(examples)
    assert len(tasks) == 5
    assert cluster(folder.path) == tasks == cluster(str(folder.path))
    assert tasks["check"].n_examples == len([1 for row in examples.kept().table.to_pylist() if row["node"] == "check"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"min_size": 0}, "min_size= is a number of calls from 1; found 0"),
        ({"min_size": True}, "found True"),
        ({"previous": 3}, "previous= takes earlier Tasks"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused(support, arguments, words):
    with pytest.raises(ConfigurationError, match=words):
        cluster(support(1).table, **arguments)


def test_what_holds_no_calls_is_refused():
    with pytest.raises(ConfigurationError, match="found dict"):
        cluster({"call_id": []})
    with pytest.raises(ConfigurationError, match="the table has no trace_id, time, input_messages"):
        cluster(pa.table({"call_id": ["a"]}))


DATA = Path(__file__).parents[2] / "../shared/data/cluster/A_dev.parquet"


@pytest.mark.skipif(not DATA.is_file(), reason="the labelled sets are not beside the checkout (shared/data/cluster)")
def test_recorded_agents_are_told_apart_by_the_place_in_the_code(traffic):
    import pyarrow.parquet as pq

    rows = [
        row
        for row in pq.read_table(DATA).to_pylist()
        if row["label_src"] == "site" and not row["app"].startswith("acr")
    ][::3]
    made = traffic()
    for row in rows:
        messages = [parts.message(one["role"], parts.text(one["content"])) for one in json.loads(row["messages"])]
        made.add(row["task"], row["run"], row["system"] or None, messages, row["out_text"])
    tasks = cluster(made.table)
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for task in tasks:
        labels[task.id].update(made.truth[call] for call in task.call_ids)
    assert len(tasks.unassigned) < 0.02 * len(rows)
    assert sum(max(one.values()) for one in labels.values()) >= 0.98 * tasks.n_calls
    assert len(tasks) <= len(set(made.truth.values())) + 1


FRAME = (
    "To give my best complete final answer to the task respond using the exact following format:\n"
    "Thought: I now can give a great answer\n"
    "Final Answer: Your final answer must be the great and the most complete as possible, it must be outcome described.\n"
    "I MUST use these formats, my job depends on it!"
)


@pytest.mark.parametrize("together", [True, False])
def test_roles_that_share_the_prompt_of_a_framework_are_told_apart_where_they_work_in_one_run(traffic, ask, together):
    made = traffic()
    roles = {"planner": "Plan the work.", "writer": "Write it down.", "editor": "Find what is wrong with it."}
    for number in range(30):
        for role, goal in roles.items():
            system = f"You are {role}. You know your trade.\nYour personal goal is: {goal}\n{FRAME}"
            run = f"run-{number}" if together else f"run-{number}-{role}"
            made.add(
                role,
                run,
                system,
                [ask(f"\nCurrent Task: topic {number * 7}\nBegin! Thought:")],
                f"Final Answer: {number}",
            )
    tasks = cluster(made.table)
    apart = [[("editor", 30)], [("planner", 30)], [("writer", 30)]]
    assert found(tasks, made.truth) == (apart if together else [[("editor", 30), ("planner", 30), ("writer", 30)]])

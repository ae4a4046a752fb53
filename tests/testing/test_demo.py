"""The demo, run as it is told, and held against what the scripted provider knows."""

from __future__ import annotations

import io
import json
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

import agentlog
from agentlog.cli.demo import places, story
from agentlog.cli.demo.measures import agreement, still_there, true_steps
from agentlog.cli.demo.script import STEPS, script, step_of
from agentlog.cli.demo.tickets import make_tickets
from agentlog.errors import AgentlogError, DatasetError, MissingExtra
from agentlog.testing import Reply, ScriptedProvider

TICKETS = 8


@dataclass(frozen=True)
class Told:
    directory: Path
    text: str
    work: story.Work
    rows: list[dict[str, Any]]

    def of(self, operation: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["operation"] == operation]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    for module in ("langgraph", "langchain_openai", "llama_index.core", "openai", "datasets"):
        pytest.importorskip(module, reason="needs agentlog[demo]")
    directory = tmp_path_factory.mktemp("demo") / "agentlog-demo"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_BASE_URL", "AGENTLOG_DISABLED"):
            patch.delenv(name, raising=False)
        console = Console(file=io.StringIO(), width=80, force_terminal=False)
        work = story.run(directory, tickets=TICKETS, console=console)
    files = sorted((directory / "records" / "calls").rglob("*.parquet"))
    rows = [row for path in files for row in pq.ParquetFile(path).read().to_pylist()]
    assert isinstance(console.file, io.StringIO)
    return Told(directory, console.file.getvalue(), work, sorted(rows, key=lambda row: row["time"]))


def test_each_request_to_the_provider_is_recorded_exactly_once(told: Told) -> None:
    assert told.work.requests is not None
    for operation, route in [("chat", "chat"), ("embeddings", "embeddings")]:
        usages = [
            exchange.response["usage"]
            for exchange in told.work.requests
            if exchange.route == route and exchange.response
        ]
        recorded = [row["usage"]["input_tokens"] for row in told.of(operation)]
        assert recorded == [usage["prompt_tokens"] for usage in usages]
    assert {exchange.status for exchange in told.work.requests} == {200}
    assert len(told.of("chat")) == 5 * TICKETS
    assert len(told.of("embeddings")) == TICKETS + 1


def test_each_tool_call_retrieval_and_run_is_recorded_once(told: Told) -> None:
    assert told.work.requests is not None
    called = Counter(
        call["function"]["name"]
        for exchange in told.work.requests
        if exchange.route == "chat" and exchange.response
        for call in exchange.response["choices"][0]["message"].get("tool_calls", ())
    )
    tools = {row["call_id"] for row in told.of("execute_tool")}
    outermost = [row for row in told.of("execute_tool") if row["parent_id"] not in tools]
    assert Counter(row["name"].rpartition(".")[2] for row in outermost) == called
    assert len(told.of("retrieval")) == TICKETS
    assert (
        len([row for row in told.rows if row["parent_id"] is None and row["operation"].startswith("invoke_")])
        == TICKETS
    )
    assert len({row["trace_id"] for row in told.of("chat")}) == TICKETS
    assert len({row["session"] for row in told.rows if row["session"]}) == TICKETS


def test_the_replies_are_human_facing_and_their_words_are_withheld(told: Told) -> None:
    assert told.work.requests is not None
    true = true_steps(told.work.requests, told.of("chat"))
    assert true is not None
    assert Counter(true.values()) == dict.fromkeys(STEPS, TICKETS)
    for row in told.of("chat"):
        wrote_the_reply = true[row["call_id"]] == STEPS[3]
        assert (row["surface"] == "human") == wrote_the_reply
        assert bool(row["output_messages"]) != wrote_the_reply


def _everything_below(folder: Path) -> str:
    """All bytes of all files, and the rows of Parquet files, decoded here and not by the demo."""
    texts = []
    for path in folder.rglob("*"):
        if path.is_file():
            texts.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            texts.append(json.dumps(pq.ParquetFile(path).read().to_pylist(), default=str, ensure_ascii=False))
    return "\n".join(texts)


def test_nothing_private_is_in_any_byte_of_the_dataset_or_of_the_export(told: Told) -> None:
    everything = _everything_below(told.directory)
    assert "Classify the support ticket" in everything, "what is not private is there"
    private = {value for ticket in told.work.tickets for value in ticket.private}
    assert len(private) > 3 * TICKETS
    found = {value for value in private if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", everything, re.IGNORECASE)}
    assert found == set()


def test_feedback_is_there_for_every_ticket(told: Told) -> None:
    files = list((told.directory / "records" / "feedback").rglob("*.parquet"))
    said = [row for path in files for row in pq.ParquetFile(path).read().to_pylist()]
    assert sum(row["score"] for row in said) == told.work.resolved
    assert len({row["session"] for row in said}) == TICKETS
    assert {row["session"] for row in said} <= {row["session"] for row in told.rows}


def test_the_export_trains_on_calls_of_the_dataset(told: Told) -> None:
    lineage = pq.ParquetFile(told.directory / "export" / "lineage.parquet").read().to_pylist()
    human = {row["call_id"] for row in told.of("chat") if row["surface"] == "human"}
    assert lineage
    assert {row["call_id"] for row in lineage} <= {row["call_id"] for row in told.of("chat")} - human
    lines = (told.directory / "export" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["completion"] for line in lines)


def test_the_story_fits_into_80_columns_and_needs_no_terminal(told: Told) -> None:
    assert "\x1b" not in told.text
    # paths and commands are not broken, and this test's folder has a long name
    assert max(len(line) for line in told.text.splitlines() if str(told.directory) not in line) <= 80
    for said in (
        "8 tickets",
        "Human-facing: 8 chat calls",
        "each request is one row",
        "none is in any file",
        "train.jsonl",
        "agentlog tasks",
    ):
        assert said in " ".join(told.text.split())


def test_a_second_run_replaces_the_first_and_leaves_other_files_alone(tmp_path: Path) -> None:
    first = places.prepare(tmp_path / "demo")
    first.records.mkdir()
    (first.records / "old").touch()
    (tmp_path / "demo" / "notes.txt").touch()
    places.prepare(tmp_path / "demo")
    assert not first.records.exists()
    assert (tmp_path / "demo" / "notes.txt").exists()


def test_a_folder_that_no_demo_made_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "check_packages", lambda: None)  # whatever is installed
    (tmp_path / "records").mkdir()
    with pytest.raises(DatasetError, match="no demo made it"):
        story.run(tmp_path, tickets=1, console=Console(file=io.StringIO()))
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(DatasetError, match="is a file"):
        places.prepare(file)
    assert (tmp_path / "records").exists()


def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "find_spec", lambda name: None if name == "langgraph" else object())
    with pytest.raises(MissingExtra, match=r"needs langgraph: pip install 'agentlog\[demo\]'"):
        story.run(tmp_path / "demo", tickets=1, console=Console(file=io.StringIO()))
    assert not (tmp_path / "demo").exists()


def test_an_interrupt_goes_through_and_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    agent = pytest.importorskip("agentlog.cli.demo.agent", reason="needs agentlog[demo]")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    before = set(threading.enumerate())

    def interrupt(self: Any, state: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(agent.SupportAgent, "__call__", interrupt)
    with pytest.raises(KeyboardInterrupt):
        story.run(tmp_path / "demo", tickets=2, console=Console(file=io.StringIO()))
    assert [one.name for one in set(threading.enumerate()) - before if one.name.startswith("agentlog")] == []
    assert agentlog.status().recorder != "thread"


def test_a_provider_that_refuses_is_an_error_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("agentlog.cli.demo.agent", reason="needs agentlog[demo]")
    with ScriptedProvider(lambda route, body: Reply(status=401)) as provider:
        monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with pytest.raises(AgentlogError, match=rf"the provider at {provider.base_url} .*AuthenticationError"):
            story.run(tmp_path / "demo", tickets=1, console=Console(file=io.StringIO()))


def test_a_real_provider_is_taken_from_the_environment() -> None:
    with places.endpoint({"OPENAI_BASE_URL": "http://models.internal/v1", "AGENTLOG_DEMO_MODEL": "qwen"}) as end:
        assert (end.base_url, end.api_key, end.model, end.provider) == (
            "http://models.internal/v1",
            "none",
            "qwen",
            None,
        )
    with places.endpoint({}) as end:
        assert end.provider is not None
        assert end.base_url == end.provider.base_url


def test_the_script_reads_nothing_but_the_request() -> None:
    ticket = make_tickets(1)[0]
    body = {"messages": [{"role": "system", "content": "Classify"}, {"role": "user", "content": ticket.text}]}
    with pytest.raises(KeyError):
        step_of(body)
    assert script("embeddings", {"input": "x"}) is None


def test_tickets_are_the_same_for_a_seed_and_say_what_is_private_in_them() -> None:
    tickets = make_tickets(50)
    assert tickets == make_tickets(50)
    assert tickets != make_tickets(50, seed=8)
    assert all(value in ticket.text for ticket in tickets for value in ticket.private)
    assert {ticket.kind for ticket in tickets} == {"refund", "shipping", "account", "technical"}


def test_no_private_value_of_a_ticket_can_be_a_surrogate() -> None:
    from agentlog.conversations.locales import ENGLISH
    from agentlog.conversations.surrogates import Surrogates

    private = {value.lower() for ticket in make_tickets(300) for value in ticket.private}
    assert private.isdisjoint(one.lower() for one, _ in (*ENGLISH.given, *ENGLISH.family))
    for number in range(300):
        rendered = Surrogates(f"trace-{number}").render("<EMAIL_1>|<PHONE_1>|<ADDRESS_1>|<ZIP_1>").lower()
        assert private.isdisjoint(rendered.split("|"))


def test_the_adjusted_rand_index_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is the second way of computing it")
    source = random.Random(0)
    for _ in range(50):
        true = {str(call): source.choice("abcd") for call in range(40)}
        found = {call: source.choice((step, source.choice("wxyz"))) for call, step in true.items()}
        expected = metrics.adjusted_rand_score(list(true.values()), list(found.values()))
        assert agreement(found, true).rand_index == pytest.approx(expected)
    assert agreement({"a": "1"}, {"a": "x"}).rand_index == 1.0


def test_agreement_is_one_for_the_same_partition_and_counts_what_is_mixed() -> None:
    true = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "y"}
    same = agreement({call: step.upper() for call, step in true.items()}, true)
    assert (same.rand_index, same.purity, same.calls) == (1.0, 1.0, 5)
    mixed = agreement({"a": "1", "b": "1", "c": "1", "d": "2"}, true)
    assert mixed.purity == 0.75
    assert mixed.rand_index < 1
    assert mixed.table["1"] == {"x": 2, "y": 1}


def test_a_value_is_found_in_the_rows_of_a_compressed_file(tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.table({"text": [[{"said": "call Zuzana"}]] * 1000})
    pq.write_table(table, tmp_path / "one.parquet", compression="zstd")
    (tmp_path / "two.txt").write_text("umberto@example.org", encoding="utf-8")
    assert still_there(["Zuzana", "Umberto", "Zuz", "Yusuf"], tmp_path) == {"Zuzana", "Umberto"}


def test_a_model_that_cannot_fill_in_a_form_fails_its_tickets_and_not_the_demo(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("agentlog.cli.demo.agent", reason="needs agentlog[demo]")

    def babble(route: str, body: dict[str, Any]) -> Any:
        return "no form at all" if body.get("response_format") else script(route, body)

    console = Console(file=io.StringIO(), width=80)
    with ScriptedProvider(babble) as provider:
        monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        work = story.run(tmp_path / "demo", tickets=2, console=console)
    assert (work.failed, work.resolved, work.requests) == (2, 0, None)
    assert isinstance(console.file, io.StringIO)
    assert "2 failed" in console.file.getvalue()
    assert "true task" not in console.file.getvalue()

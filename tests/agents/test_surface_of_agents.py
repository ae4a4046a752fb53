"""Some eighty runs of agents, each call labelled by hand: is every call judged as its label says?"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import itertools
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import agentlog
from agentlog import runtime
from agentlog.semconv import MODEL_OPERATIONS

for library in ("openai", "langchain.agents", "langchain_openai", "langgraph", "llama_index.core"):
    pytest.importorskip(library)
sys.path.insert(0, str(Path(__file__).parent))

agent_script = importlib.import_module("agent_script")
Desk, Said, Scene = agent_script.Desk, agent_script.Said, agent_script.Scene

SCENES: list[Scene] = [
    scene
    for module in ("plain_agents", "delivered_agents", "langgraph_agents", "llama_agents", "job_agents")
    for scene in importlib.import_module(module).SCENES
]
LEAST = 0.98
"""Of the calls that can be decided."""

pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecationWarning")


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> list[tuple[Scene, Said | None, dict[str, Any]]]:
    """Every row with its scene, and its label where it is a model call."""
    folder = tmp_path_factory.mktemp("agents") / "records"
    runtime.configure(folder, recorder="thread", redaction="off", store=("internal", "unknown", "human"),
                      pseudonym_key=b"a key for the tests of agents")  # fmt: skip
    begun = []
    with agentlog.instrument("openai", "langchain_core", "llama_index"):
        for scene in SCENES:
            begun.append((time.time_ns() // 1000, scene))
            _play(scene)
    runtime.shutdown(30.0)
    rows = agentlog.open_dataset(folder).to_arrow()
    rows = sorted(rows.set_column(0, "began", rows["time"].cast("int64")).to_pylist(), key=lambda row: row["began"])
    found = []
    for (start, scene), (end, _) in itertools.pairwise([*begun, (time.time_ns() // 1000, None)]):
        mine = [row for row in rows if start <= row["began"] < end]
        found += [(scene, said, row) for said, row in _labelled(scene, mine)]
    return found


def _play(scene: Scene) -> None:
    desk = Desk(scene.replies)
    try:
        returned = scene.agent(desk, scene.asked)
        if inspect.iscoroutine(returned):
            asyncio.run(returned)
        assert desk.all_said, f"{scene.name} did not ask for all that its models would say"
    finally:
        desk.close()


def _labelled(scene: Scene, rows: list[dict[str, Any]]) -> list[tuple[Said | None, dict[str, Any]]]:
    left = list(scene.replies)
    found: list[tuple[Said | None, dict[str, Any]]] = []
    for row in rows:
        if row["operation"] not in MODEL_OPERATIONS:
            found.append((None, row))
            continue
        said = next(one for one in left if _words(one) == _written(row))  # equal words: in the order of the calls
        left.remove(said)
        found.append((said, row))
    assert not left, f"{scene.name}: not every call was recorded"
    return found


def _words(said: Said) -> Any:
    if isinstance(said.words, tuple):
        return said.words
    return json.dumps(said.words) if isinstance(said.words, dict) else said.words


def _written(row: dict[str, Any]) -> Any:
    parts = [part for one in row["output_messages"] for part in one["parts"]]
    for part in parts:
        if part["type"] == "tool_call":
            return part["name"], json.loads(part["arguments"])
    return "".join(part["text"] or "" for part in parts if part["type"] == "text")


def test_there_are_enough_labelled_calls_of_enough_agents():
    replies = [said for scene in SCENES for said in scene.replies]
    assert len(replies) >= 200
    assert len({scene.name for scene in SCENES}) >= 12
    assert all(said.why for said in replies)


def test_no_call_that_a_person_reads_is_internal(judged):
    wrong = [
        (scene.name, _words(said), row["surface_reason"])
        for scene, said, row in judged
        if said is not None and said.surface == "human" and row["surface"] == "internal"
    ]
    assert not wrong


def test_nearly_all_that_can_be_decided_is_decided(judged):
    labels = Counter(
        (said.surface if said.decidable else "undecidable", row["surface"])
        for _, said, row in judged
        if said is not None
    )
    missed = [
        (scene.name, said.surface, _words(said), row["surface"], row["surface_reason"])
        for scene, said, row in judged
        if said is not None and said.decidable and row["surface"] != said.surface
    ]
    print("\n" + matrix(labels) + "\n".join(map(str, missed)))  # noqa: T201 - `pytest -s` shows the figures
    decidable = sum(said is not None and said.decidable for _, said, _ in judged)
    assert len(missed) <= (1 - LEAST) * decidable, missed


def matrix(labels: Counter[tuple[str, str]]) -> str:
    """Labels against surfaces, as a table."""
    kinds = ("internal", "human", "unknown")
    lines = [f"{'label':<13}" + "".join(f"{kind:>10}" for kind in kinds)]
    for label in ("internal", "human", "undecidable"):
        lines.append(f"{label:<13}" + "".join(f"{labels[label, kind]:>10}" for kind in kinds))
    return "\n".join(lines) + "\n"


def test_no_function_that_hands_on_a_persons_answer_is_internal(judged):
    """The row of a tool or an inner agent holds its result: the words that a person read are not stored there either."""
    for scene in SCENES:
        mine = [(said, row) for one, said, row in judged if one is scene]
        words = [said.words for said, _ in mine if said and said.surface == "human" and isinstance(said.words, str)]
        for said, row in mine:
            if said is None and row["operation"] != "retrieval" and row["surface"] == "internal":
                assert not any(len(one) > 20 and one in (row["tool_result"] or "") for one in words), (
                    scene.name,
                    row["name"],
                )


def test_the_replies_of_tau_bench_are_human_and_its_tool_calls_internal(data: Path, tmp_path: Path):
    """What the benchmark's agent says without calling a tool is sent to the person; all else the benchmark's program reads."""
    folder = tmp_path / "records"
    agentlog.import_records(
        data / "tau_airline" / "gpt-4o-airline.json.gz", folder, redaction="off", store=("internal", "unknown", "human")
    )
    labels: Counter[tuple[str, str]] = Counter()
    for row in agentlog.open_dataset(folder).to_arrow().to_pylist():
        if row["operation"] in MODEL_OPERATIONS:
            calls_a_tool = any(part["type"] == "tool_call" for one in row["output_messages"] for part in one["parts"])
            labels["internal" if calls_a_tool else "human", row["surface"]] += 1
    print("\n" + matrix(labels))  # noqa: T201 - as above
    assert labels.total() > 2_000
    assert set(labels) == {("human", "human"), ("internal", "internal")}

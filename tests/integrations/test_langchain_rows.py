"""From LangChain to the dataset: the rows of a graph with a model, a tool, structured output and a cache, as they are stored."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel

import agentlog

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # langgraph 1.0 warns of its own import
    from langgraph.prebuilt import ToolNode

USAGE = {
    "input_tokens": 90,
    "output_tokens": 12,
    "total_tokens": 102,
    "input_token_details": {"cache_read": 64, "cache_creation": 8},
    "output_token_details": {"reasoning": 4},
}


class Model(BaseChatModel):
    """Answers as it was told to, with all that a provider says of an answer."""

    answers: list[AIMessage]
    model_name: str = "house-1"

    @property
    def _llm_type(self) -> str:
        return "house"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model_name": self.model_name, "temperature": 0.25}

    def _get_ls_params(self, stop: Any = None, **kwargs: Any) -> Any:
        return {**super()._get_ls_params(stop=stop, **kwargs), "ls_provider": "house", "ls_model_name": self.model_name}

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.answers.pop(0))])

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        return self.bind(tools=[convert_to_openai_tool(one) for one in tools], tool_choice=tool_choice, **kwargs)


def said(text: str, reason: str = "stop", **kwargs: Any) -> AIMessage:
    about = {"finish_reason": reason, "model_name": "house-1-2026-11", "id": "resp-1"}
    return AIMessage(text, usage_metadata=USAGE, response_metadata=about, **kwargs)


@tool
def order_status(order: str, verbose: bool = False) -> str:
    """Say where an order is."""
    return f"{order} is in the van"


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    agentlog.configure(tmp_path / "records", pseudonym_key=b"sixteen bytes ok", redaction="off", recorder="thread")
    with agentlog.instrument("langgraph"):
        yield tmp_path / "records"


def stored(directory: Path) -> list[dict[str, Any]]:
    agentlog.flush(30)
    rows = agentlog.open_dataset(directory).to_arrow().to_pylist()
    return sorted(rows, key=lambda row: row["time"])


def test_the_rows_of_a_graph_hold_everything_under_its_name(directory):
    wanted = {"name": "order_status", "args": {"order": "A-17", "verbose": True}, "id": "call-7"}
    answers = [said("", "tool_calls", tool_calls=[wanted]), said("It is in the van.")]
    asked = Model(answers=answers).bind_tools([order_status], tool_choice="auto")

    def think(state: MessagesState) -> Any:
        return {"messages": [asked.invoke(state["messages"])]}

    def after(state: MessagesState) -> str:
        return "act" if getattr(state["messages"][-1], "tool_calls", None) else "__end__"

    graph = StateGraph(MessagesState).add_node(think).add_node("act", ToolNode([order_status]))
    graph.add_edge(START, "think").add_conditional_edges("think", after, ["act", "__end__"]).add_edge("act", "think")
    desk = graph.compile(name="desk")
    done = desk.invoke({"messages": [("user", "Where is A-17?")]}, {"configurable": {"thread_id": "t-9"}})
    assert isinstance(done["messages"][2], ToolMessage)

    root, first, called, last = stored(directory)
    assert [row["operation"] for row in (root, first, called, last)] == [
        "invoke_workflow",
        "chat",
        "execute_tool",
        "chat",
    ]
    assert {row["trace_id"] for row in (first, called, last)} == {root["trace_id"]}
    assert {row["parent_id"] for row in (first, called, last)} == {root["call_id"]}
    assert len({row["session"] for row in (root, first, called, last)}) == 1
    assert root["session"] not in (None, "t-9")

    assert (first["name"], first["node"], first["framework"], first["provider"]) == (
        "house-1",
        "think",
        "langgraph",
        "house",
    )
    assert (first["request_model"], first["response_model"]) == ("house-1", "house-1-2026-11")
    request = json.loads(first["request"])
    assert (request["temperature"], request["tool_choice"]) == (0.25, "auto")
    (definition,) = json.loads(first["tool_definitions"])
    schema = definition.get("function", definition)
    assert schema["name"] == "order_status"
    assert set(schema["parameters"]["properties"]) == {"order", "verbose"}
    (message,) = first["output_messages"]
    (part,) = (one for one in message["parts"] if one["type"] == "tool_call")
    assert (part["id"], part["name"], json.loads(part["arguments"])) == (
        "call-7",
        "order_status",
        {"order": "A-17", "verbose": True},
    )
    assert first["finish_reasons"] == ["tool_calls"]
    assert first["usage"] == {
        "input_tokens": 90,
        "output_tokens": 12,
        "cache_read_input_tokens": 64,
        "cache_creation_input_tokens": 8,
        "reasoning_output_tokens": 4,
    }

    assert (called["name"], called["node"]) == ("order_status", "act")
    assert json.loads(called["tool_arguments"]) == {"order": "A-17", "verbose": True}
    assert called["tool_result"] == "A-17 is in the van"
    assert called["usage"] is None or set(called["usage"].values()) == {None}

    assert [one["role"] for one in last["input_messages"]] == ["user", "assistant", "tool"]
    assert last["input_messages"][2]["parts"][0]["id"] == "call-7"
    assert last["finish_reasons"] == ["stop"]
    assert (last["surface"], first["surface"]) == ("human", "internal")


class City(BaseModel):
    """A city."""

    city: str


def test_structured_output_is_stored_with_its_schema_and_its_choice_of_a_tool(directory):
    wanted = {"name": "City", "args": {"city": "Oslo"}, "id": "call-1"}
    structured = Model(answers=[said("", "tool_calls", tool_calls=[wanted])]).with_structured_output(City)
    assert structured.invoke("which city?") == City(city="Oslo")
    _, chat = stored(directory)
    request = json.loads(chat["request"])
    (definition,) = json.loads(chat["tool_definitions"])
    assert definition.get("function", definition)["name"] == "City"
    assert request["tool_choice"] == "any"
    assert "city" in json.dumps(request)
    assert chat["surface"] == "internal"


def test_an_answer_from_a_cache_has_no_tokens(directory):
    asked = Model(answers=[said("It is in the van.")], cache=InMemoryCache())
    asked.invoke("where?")
    asked.invoke("where?")
    first, second = stored(directory)
    assert (first["cached"], second["cached"]) == (False, True)
    assert first["usage"]["input_tokens"] == 90
    assert second["usage"] is None or set(second["usage"].values()) == {None}


def test_several_choices_are_several_messages(directory):
    class Two(Model):
        def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
            return ChatResult(generations=[ChatGeneration(message=one) for one in self.answers])

    Two(answers=[said("Oslo"), said("Bergen", "length")]).invoke("which city?", n=2)
    (row,) = stored(directory)
    assert [one["parts"][0]["text"] for one in row["output_messages"]] == ["Oslo", "Bergen"]
    assert row["finish_reasons"] == ["stop", "length"]
    assert row["usage"]["output_tokens"] == 12
    assert json.loads(row["request"])["n"] == 2

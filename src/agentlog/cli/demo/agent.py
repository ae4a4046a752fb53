"""A support agent, as an application engineer writes one: LangGraph, LlamaIndex, ChatOpenAI, two tools.

    triage ─→ extract ─→ retrieve ─→ answer ─→ check
                                      │  ↑
                                      tools

All that it knows of agentlog is the decorator on its two tools.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final, cast

import openai
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import TextNode
from pydantic import BaseModel, Field, SecretStr

import agentlog
from agentlog.cli.demo.prompts import ANSWER, CHECK, EXTRACT, TRIAGE

HANDBOOK: Final = (
    "Refunds: a refund is paid within 5 working days to the card or account that was used for the order. An item that "
    "arrived broken does not have to be sent back.",
    "Shipping: a parcel leaves the depot on the next working day. Tracking starts when the parcel is scanned for the "
    "first time; a parcel that is 7 days late is sent again.",
    "Account, log in and password: a link to set a new password is valid for 30 minutes. After five failed attempts the "
    "account is locked for an hour.",
    "Account, personal data: an address or phone number can be changed under Settings, Profile. An account that is "
    "deleted is gone after 30 days.",
    "Technical, app and scanner: an error code that begins with 0 means that the local cache must be cleared under "
    "Settings, Storage; any other code goes to the second level.",
    "Technical, synchronisation: devices synchronise only while both run the same version of the app.",
)


@agentlog.capture
def lookup_order(order_id: str) -> str:
    """Look up the state of an order."""
    states = ("in transit, two stops from its address", "delivered", "being packed", "waiting for the supplier")
    return f"Order {order_id} is {states[zlib.crc32(order_id.encode()) % len(states)]}."


@agentlog.capture
def create_ticket(summary: str, urgent: bool = False) -> str:
    """Hand a problem over to the second level; a person takes it from there."""
    number = zlib.crc32(summary.encode()) % 9000 + 1000
    return f"Ticket T-{number} was opened{' and marked as urgent' if urgent else ''}."


class Details(BaseModel):
    """What is known about the customer and the problem."""

    customer: str = Field(description="the customer's name")
    email: str = Field(description="the customer's e-mail address")
    order_id: str = Field(description="the order's number, as A-12345")
    mood: str = Field(description="calm, worried or angry")


class Verdict(BaseModel):
    """What is true of a reply."""

    polite: bool
    answers_the_question: bool
    promises_too_much: bool


class Answered(MessagesState, total=False):
    """What comes out of the graph: the conversation, the reply last, and what the check says of it."""

    verdict: Verdict


class Ticket(Answered, total=False):
    """The state of the graph: the conversation, and what the nodes found out."""

    kind: str
    details: Details
    policy: str


class Embedding(BaseEmbedding):
    """Vectors from the OpenAI SDK."""

    _client: openai.OpenAI = PrivateAttr()

    def __init__(self, client: openai.OpenAI, model: str) -> None:
        super().__init__(model_name=model)
        self._client = client

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [one.embedding for one in self._client.embeddings.create(model=self.model_name, input=texts).data]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class SupportAgent:
    """Answers support tickets.

    Args:
        connections: an `openai.DefaultHttpxClient`, to be closed by whoever made it.
        base_url: an OpenAI-compatible provider.
        api_key: its key.
        model: the model that triages, extracts, answers and checks.
        embedding_model: the model behind the retrieval from the handbook.
        around: what stands in front of the model, like a router; nothing by default.
    """

    def __init__(
        self,
        connections: openai.DefaultHttpxClient,
        *,
        base_url: str,
        api_key: str,
        model: str,
        embedding_model: str,
        around: Callable[[BaseChatModel], BaseChatModel] = lambda llm: llm,
    ) -> None:
        client = openai.OpenAI(base_url=base_url, api_key=api_key, http_client=connections)
        llm = around(
            ChatOpenAI(
                model=model, base_url=base_url, api_key=SecretStr(api_key), temperature=0, http_client=connections
            )
        )
        handbook = VectorStoreIndex(
            nodes=[TextNode(text=text) for text in HANDBOOK], embed_model=Embedding(client, embedding_model)
        )
        self._retriever = handbook.as_retriever(similarity_top_k=1)
        self._llm = llm
        self._extract = llm.with_structured_output(Details, method="json_schema")
        self._check = llm.with_structured_output(Verdict, method="json_schema")
        tools = [tool(lookup_order), tool(create_ticket)]
        self._answer = llm.bind_tools(tools)

        graph = StateGraph(Ticket, output_schema=Answered)
        graph.add_node("triage", self.triage)
        graph.add_node("extract", self.extract)
        graph.add_node("retrieve", self.retrieve)
        graph.add_node("answer", self.answer)
        graph.add_node("tools", ToolNode(tools))
        graph.add_node("check", self.check)
        for start, end in [(START, "triage"), ("triage", "extract"), ("extract", "retrieve"), ("retrieve", "answer")]:
            graph.add_edge(start, end)
        graph.add_conditional_edges("answer", self.after_answer, ["tools", "check"])
        graph.add_edge("tools", "answer")
        graph.add_edge("check", END)
        self.graph = graph.compile(name="support")
        self.found: tuple[str, dict[str, str] | None] = ("", None)
        """What triage and extraction said of the last ticket."""

    def __call__(self, text: str) -> Answered:
        """Answer a ticket; the last message of what comes back is the reply."""
        return cast(Answered, self.graph.invoke({"messages": [HumanMessage(text)]}, {"recursion_limit": 16}))

    def triage(self, state: Ticket) -> dict[str, Any]:
        """What kind of ticket is it?"""
        said = self._llm.invoke([SystemMessage(TRIAGE), state["messages"][0]])
        self.found = said.text.strip().lower(), None
        return {"kind": self.found[0]}

    def extract(self, state: Ticket) -> dict[str, Any]:
        """Who writes, about which order, in what mood?"""
        details = cast(Details, self._extract.invoke([SystemMessage(EXTRACT), state["messages"][0]]))
        self.found = self.found[0], details.model_dump()
        return {"details": details}

    def retrieve(self, state: Ticket) -> dict[str, Any]:
        """What does the handbook say about it?"""
        found = self._retriever.retrieve(f"{state['kind']}: {state['messages'][0].text}")
        return {"policy": found[0].get_content()}

    def answer(self, state: Ticket) -> dict[str, Any]:
        """Call a tool, then write the reply."""
        instructions = SystemMessage(f"{ANSWER}\n\nThe handbook says:\n{state['policy']}")
        return {"messages": [self._answer.invoke([instructions, *state["messages"]])]}

    def after_answer(self, state: Ticket) -> str:
        """Where to go from an answer: to the tools that it calls, or to the check of the reply."""
        last = state["messages"][-1]
        return "tools" if isinstance(last, AIMessage) and last.tool_calls else "check"

    def check(self, state: Ticket) -> dict[str, Any]:
        """Is the reply fit to be sent?"""
        asked = f"Ticket:\n{state['messages'][0].text}\n\nReply:\n{state['messages'][-1].text}"
        return {"verdict": self._check.invoke([SystemMessage(CHECK), HumanMessage(asked)])}

"""Agents on LlamaIndex: a workflow, function agents, hand-over, a query engine that refines, a chat engine that streams.

Without `from __future__ import annotations`: LlamaIndex looks at the annotations of steps and tools as they are.
"""

import asyncio
from typing import Any

from agent_script import Desk, Scene, calls, human, internal, perhaps_internal
from llama_index.core import Document, MockEmbedding, SummaryIndex
from llama_index.core.agent.workflow import AgentWorkflow, FunctionAgent
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.memory import ChatMemoryBuffer
from llama_index.core.workflow import Event, StartEvent, StopEvent, Workflow, step


class Drafted(Event):
    draft: str


class JokeFlow(Workflow):
    desk: Any

    async def ask(self, words: str) -> str:
        return str((await self.desk.llama().achat([ChatMessage(role="user", content=words)])).message.content)

    @step
    async def write(self, event: StartEvent) -> Drafted:
        return Drafted(draft=await self.ask(f"Write a joke about {event.topic}."))

    @step
    async def improve(self, event: Drafted) -> StopEvent:
        return StopEvent(result=await self.ask(f"Make this joke better: {event.draft}"))


def joke_flow(desk: Desk, asked: str) -> str:
    async def run() -> Any:
        flow = JokeFlow(timeout=20)
        flow.desk = desk
        return await flow.run(topic=asked)

    return str(asyncio.run(run()))


def _memory() -> ChatMemoryBuffer:
    """A list: LlamaIndex's own memory is a database, which it leaves open."""
    return ChatMemoryBuffer.from_defaults(token_limit=10_000)


def stock(item: str) -> str:
    """Say how many there are."""
    return f"There are 12 {item}."


def function_agent(desk: Desk, asked: str) -> str:
    async def run() -> Any:
        return await FunctionAgent(name="clerk", tools=[stock], llm=desk.llama(), streaming=False).run(
            asked, memory=_memory()
        )

    return str(asyncio.run(run()))


def hand_over(desk: Desk, asked: str) -> str:
    """Reception hands over to the store."""

    async def run() -> Any:
        llm = desk.llama()
        reception = FunctionAgent(
            name="reception", description="r", tools=[], llm=llm, can_handoff_to=["store"], streaming=False
        )
        store = FunctionAgent(name="store", description="s", tools=[stock], llm=llm, streaming=False)
        return await AgentWorkflow(agents=[reception, store], root_agent="reception").run(
            user_msg=asked, memory=_memory()
        )

    return str(asyncio.run(run()))


def refine(desk: Desk, asked: str) -> str:
    """A query engine that improves its answer with each document."""
    documents = [Document(text="The mill was built in 1750."), Document(text="It burnt down in 1810.")]
    index = SummaryIndex.from_documents(documents)
    engine = index.as_query_engine(llm=desk.llama(), response_mode="refine", embed_model=MockEmbedding(embed_dim=4))
    return str(engine.query(asked))


def refine_in_parts(desk: Desk, asked: str) -> str:
    """The documents do not fit into one call: each answer is refined by the next."""
    from llama_index.core.response_synthesizers import Refine

    answer: Any = Refine(llm=desk.llama()).get_response(
        asked, ["The mill was built in 1750.", "It burnt down in 1810."]
    )
    return str(answer)


def chat_engine(desk: Desk, asked: str) -> str:
    engine = SimpleChatEngine.from_defaults(llm=desk.llama(), memory=_memory())
    return "".join(engine.stream_chat(asked).response_gen)


SCENES = [
    Scene(joke_flow, "pirates", [
        internal("Why do pirates sail? Because cars cannot swim.", "the next step is told it"),
        human("Why do pirates love the alphabet? They spend years at C.", "the workflow's result"),
    ]),
    Scene(joke_flow, "cats", [
        internal("A cat walks into a bar and walks out again.", "the next step is told it"),
        human("A cat walks into a bar, pushes a glass off it, and leaves.", "the workflow's result"),
    ]),
    Scene(function_agent, "How many chairs?", [
        calls("stock", item="chairs"),
        human("We have a dozen chairs in the store.", "the agent's answer"),
    ]),
    Scene(function_agent, "Chairs and tables?", [
        calls("stock", item="chairs and benches"),
        calls("stock", item="tables"),
        human("Twelve of each are left.", "the agent's answer"),
    ]),
    Scene(function_agent, "Hello.", [human("Hello! What are you looking for?", "the agent's answer")]),
    Scene(hand_over, "Do you have lamps?", [
        calls("handoff", to_agent="store", reason="lamps"),
        calls("stock", item="lamps"),
        human("Yes: twelve lamps, all of brass.", "the answer of the agent that took over"),
    ]),
    Scene(refine, "What happened to the mill?", [
        internal("The mill was built in 1750, and nothing else is known.", "the next call refines it"),
        human("It was built in 1750 and burnt down sixty years later.", "the engine's answer"),
    ]),
    Scene(refine_in_parts, "What happened to the mill?", [
        perhaps_internal("The mill was built in 1750, nothing else is known.", "the next call is told it; no run is around them"),
        perhaps_internal("The mill was built in 1750; a fire destroyed it in 1810.", "returned; no run is around it"),
    ]),
    Scene(chat_engine, "Tell me about owls.", [human("Owls hunt at night and turn their heads very far.", "the engine streams it")]),
]  # fmt: skip

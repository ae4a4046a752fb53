"""Agents on LangGraph: an agent as a tool, hand-over, a state of one's own, streams to a screen, interrupts, structured responses.

Without `from __future__ import annotations`: LangGraph looks at the annotations of states and nodes as they are.
"""

import asyncio
from typing import Annotated, Any, TypedDict

from agent_script import Desk, Scene, calls, human, internal, perhaps_human, perhaps_internal
from langchain.agents import create_agent
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, interrupt
from pydantic import BaseModel

import agentlog


@tool
def lookup_order(order_id: str) -> str:
    """Look up an order."""
    return f"Order {order_id} left the depot on Monday."


# ---------------------------------------------------------------- an agent as a tool


def _supervisor(desk: Desk) -> Any:
    clerk = create_agent(desk.chat_model(), [lookup_order], system_prompt="You find out about orders.", name="clerk")

    @tool
    def ask_the_clerk(question: str) -> str:
        """Ask the clerk about orders."""
        return str(clerk.invoke({"messages": [("user", question)]})["messages"][-1].text)

    return create_agent(desk.chat_model(), [ask_the_clerk], system_prompt="You help customers.", name="supervisor")


def supervisor(desk: Desk, asked: str) -> str:
    return str(_supervisor(desk).invoke({"messages": [("user", asked)]})["messages"][-1].text)


def supervisor_to_screen(desk: Desk, asked: str) -> str:
    """The screen shows the tokens of every model, the clerk's too."""
    shown = ""
    for chunk, _ in _supervisor(desk).stream({"messages": [("user", asked)]}, stream_mode="messages", subgraphs=False):
        shown += chunk.text
    return shown


@agentlog.capture
def supervisor_behind_a_function(desk: Desk, asked: str) -> dict[str, str]:
    """A decorated root around the graph: it returns the last message in a text of its own."""
    return {"html": f"<p>{supervisor(desk, asked)}</p>"}


# ---------------------------------------------------------------- streams to a screen


class Planned(MessagesState, total=False):
    plan: str


def _planner(desk: Desk) -> Any:
    model = desk.chat_model()

    def plan(state: Planned) -> Any:
        return {"plan": model.invoke([SystemMessage("Make a plan."), *state["messages"]]).text}

    def answer(state: Planned) -> Any:
        return {
            "messages": [model.invoke([SystemMessage(f"Answer by this plan: {state['plan']}"), *state["messages"]])]
        }

    graph = StateGraph(Planned)
    graph.add_node("plan", plan)
    graph.add_node("answer", answer)
    graph.add_edge(START, "plan")
    graph.add_edge("plan", "answer")
    return graph.compile(name="planner")


def planner(desk: Desk, asked: str) -> str:
    return str(_planner(desk).invoke({"messages": [HumanMessage(asked)]})["messages"][-1].text)


def planner_to_screen(desk: Desk, asked: str) -> str:
    """The screen shows the tokens of all nodes, the plan as "thoughts"."""
    return "".join(
        chunk.text for chunk, _ in _planner(desk).stream({"messages": [("user", asked)]}, stream_mode="messages")
    )


def planner_events(desk: Desk, asked: str) -> str:
    """The screen shows the tokens of `astream_events`."""

    async def shown() -> str:
        text = ""
        async for event in _planner(desk).astream_events({"messages": [("user", asked)]}, version="v2"):
            if event["event"] == "on_chat_model_stream":
                text += event["data"]["chunk"].text
        return text

    return asyncio.run(shown())


# ---------------------------------------------------------------- hand-over


class Desks(TypedDict, total=False):
    messages: Annotated[list[Any], add_messages]


def hand_over(desk: Desk, asked: str) -> str:
    """Triage hands the talk over to billing, which answers."""
    model = desk.chat_model()

    @tool
    def to_billing() -> Command[Any]:
        """Hand over to billing."""
        return Command(goto="billing", graph=Command.PARENT)

    triage = create_agent(model, [to_billing], system_prompt="You triage.", name="triage")
    billing = create_agent(model, [lookup_order], system_prompt="You are billing.", name="billing")
    graph = StateGraph(Desks)
    graph.add_node("triage", triage)
    graph.add_node("billing", billing)
    graph.add_edge(START, "triage")
    graph.add_edge("billing", END)
    return str(graph.compile().invoke({"messages": [HumanMessage(asked)]})["messages"][-1].text)


# ---------------------------------------------------------------- a state of one's own


class Mail(TypedDict, total=False):
    text: str
    kind: str
    reply: str
    polite: str


def mail_graph(desk: Desk, asked: str) -> str:
    """The state comes out whole; the application sends `reply`."""
    model = desk.chat_model()

    def say(system: str, user: str) -> str:
        return str(model.invoke([SystemMessage(system), HumanMessage(user)]).text)

    graph = StateGraph(Mail)
    graph.add_node("sort", lambda state: {"kind": say("refund, shipping or other?", state["text"])})
    graph.add_node("answer", lambda state: {"reply": say(f"Answer this {state['kind']} mail.", state["text"])})
    graph.add_node("check", lambda state: {"polite": say("Is it polite? yes or no.", state["reply"])})
    graph.add_edge(START, "sort")
    graph.add_edge("sort", "answer")
    graph.add_edge("answer", "check")
    return str(graph.compile().invoke({"text": asked})["reply"])


def formatted_by_a_node(desk: Desk, asked: str) -> str:
    """The last node makes a message of its own of the model's words, after a title was made of them."""
    model = desk.chat_model()

    def answer(state: MessagesState) -> Any:
        return {"messages": [model.invoke(state["messages"])]}

    def entitle(state: MessagesState) -> Any:
        reply = state["messages"][-1].text
        title = model.invoke([SystemMessage("Make a title."), HumanMessage(reply)]).text
        return {"messages": [AIMessage(f"<h1>{title}</h1>" + "".join(f"<p>{line}</p>" for line in reply.splitlines()))]}

    graph = StateGraph(MessagesState)
    graph.add_node("answer", answer)
    graph.add_node("entitle", entitle)
    graph.add_edge(START, "answer")
    graph.add_edge("answer", "entitle")
    return str(graph.compile().invoke({"messages": [HumanMessage(asked)]})["messages"][-1].text)


# ---------------------------------------------------------------- a person in the loop


class Letter(TypedDict, total=False):
    draft: str
    sent: bool


def approval(desk: Desk, asked: str) -> Any:
    """A person is shown the draft and agrees; then it is sent."""
    model = desk.chat_model()

    def write(state: Letter) -> Any:
        return {"draft": model.invoke([SystemMessage("Write a letter."), HumanMessage(asked)]).text}

    def approve(state: Letter) -> Any:
        return {"sent": interrupt({"please approve": state["draft"]})}

    graph = StateGraph(Letter)
    graph.add_node("write", write)
    graph.add_node("approve", approve)
    graph.add_edge(START, "write")
    graph.add_edge("write", "approve")
    compiled, config = graph.compile(checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    compiled.invoke({}, config)
    return compiled.invoke(Command(resume=True), config)


# ---------------------------------------------------------------- structured


class Reply(BaseModel):
    """What the page shows."""

    answer: str
    mood: str


class Kind(BaseModel):
    """What it is about."""

    topic: str
    urgent: bool


def structured_response(desk: Desk, asked: str) -> str:
    """The agent's structured response is shown."""
    agent = create_agent(desk.chat_model(), [lookup_order], response_format=ToolStrategy(Reply))
    return str(agent.invoke({"messages": [("user", asked)]})["structured_response"].answer)


def structured_node(desk: Desk, asked: str) -> str:
    """A node finds the topic by a schema; the next one answers."""
    model = desk.chat_model()
    finds = model.with_structured_output(Kind, method="json_schema")

    class Found(MessagesState, total=False):
        kind: Kind

    graph = StateGraph(Found)
    graph.add_node("find", lambda state: {"kind": finds.invoke(state["messages"])})
    graph.add_node("answer", lambda state: {"messages": [model.invoke(
        [SystemMessage(f"The topic is {state['kind'].topic}."), *state["messages"]])]})  # fmt: skip
    graph.add_edge(START, "find")
    graph.add_edge("find", "answer")
    return str(graph.compile().invoke({"messages": [HumanMessage(asked)]})["messages"][-1].text)


def tool_speaks(desk: Desk, asked: str) -> str:
    """The tool's result is the answer (`return_direct`)."""

    @tool(return_direct=True)
    def opening_hours(day: str) -> str:
        """Say the opening hours."""
        return f"On {day} we are open from eight to six."

    agent = create_agent(desk.chat_model(), [opening_hours])
    return str(agent.invoke({"messages": [("user", asked)]})["messages"][-1].text)


BY_ID = "the last message of the graph"

SCENES = [
    Scene(supervisor, "Where is A17?", [
        calls("ask_the_clerk", question="Where is order A17?"),
        calls("lookup_order", order_id="A17"),
        internal("A17 left the depot on Monday, says the system.", "the supervisor reads it"),
        human("Your order has been on its way since Monday.", BY_ID),
    ]),
    Scene(supervisor, "And B2, and B3?", [
        calls("ask_the_clerk", question="Where is order B2?"),
        calls("lookup_order", order_id="B2"),
        internal("B2: left the depot on Monday.", "the supervisor reads it"),
        calls("ask_the_clerk", question="Where is order B3?"),
        calls("lookup_order", order_id="B3"),
        internal("B3: also left the depot on Monday.", "the supervisor reads it"),
        human("Both orders left us on Monday, B2 and B3.", BY_ID),
    ]),
    Scene(supervisor, "Just tell me what the clerk says about C9.", [
        calls("ask_the_clerk", question="Where is order C9?"),
        calls("lookup_order", order_id="C9"),
        human("Order C9 left the depot on Monday and should be there by now.", "repeated word for word: a person reads these words"),
        human("Order C9 left the depot on Monday and should be there by now.", BY_ID),
    ]),
    Scene(supervisor, "Thanks!", [human("You are welcome.", BY_ID)]),
    Scene(supervisor_behind_a_function, "Where is D4?", [
        calls("ask_the_clerk", question="Where is order D4?"),
        calls("lookup_order", order_id="D4"),
        internal("D4 is out for delivery today.", "the supervisor reads it"),
        human("Good news: your parcel comes today.", "the root returns it in HTML"),
    ]),
    Scene(supervisor_to_screen, "Where is E5?", [
        calls("ask_the_clerk", question="Where is order E5?"),
        calls("lookup_order", order_id="E5"),
        perhaps_internal("E5 waits for customs in Hamburg.", "the supervisor reads it; tokens may have gone to the screen"),
        human("Your order waits for customs, sorry.", BY_ID),
    ]),
    Scene(planner, "Plan a trip to Rome.", [
        internal("First the season, then the hotels, then the sights.", "it stands in the next call's instructions"),
        human("Go in May, stay near the Pantheon, and walk.", BY_ID),
    ]),
    Scene(planner, "Plan a birthday.", [
        internal("Guests, cake, games, in this order.", "it stands in the next call's instructions"),
        human("Invite ten children, bake a cake, and play outside.", BY_ID),
    ]),
    Scene(planner_to_screen, "Plan a garden.", [
        perhaps_human("Look at the soil first, then at the sun.", "its tokens are shown as thoughts"),
        human("Plant beans where the sun is, and moss where it is not.", BY_ID),
    ]),
    Scene(planner_events, "Plan a house.", [
        perhaps_human("The ground first, then the walls, the roof last.", "its tokens are shown as thoughts"),
        human("Build on rock, with a roof that leans to the south.", BY_ID),
    ]),
    Scene(hand_over, "My bill for F6 is wrong.", [
        calls("to_billing"),
        calls("lookup_order", order_id="F6"),
        human("We have corrected the bill of order F6.", BY_ID),
    ]),
    Scene(hand_over, "What are your prices?", [
        calls("to_billing"),
        human("Delivery costs four euros, everything else is in the list.", BY_ID),
    ]),
    Scene(hand_over, "I pay too much.", [
        perhaps_internal(("to_billing", {}), "a remark beside the hand-over: some screens show it", beside="I hand you over to billing."),
        human("Your tariff is the cheapest one that we have.", BY_ID),
    ]),
    Scene(mail_graph, "I want my money back!", [
        perhaps_internal("refund", "it steers, and stands in the state that comes out"),
        human("We have sent your money back today.", "it stands in the state that comes out; the check is told it"),
        perhaps_internal("yes", "code reads it"),
    ]),
    Scene(mail_graph, "Where are you?", [
        perhaps_internal("other", "it steers, and stands in the state that comes out"),
        human("We are in the high street, beside the church.", "it stands in the state that comes out; the check is told it"),
        perhaps_internal("yes", "code reads it"),
    ]),
    Scene(formatted_by_a_node, "How do I boil an egg?", [
        human("Boil water.\nPut the egg in.\nWait for six minutes.", "a node puts HTML around it; another call was told it"),
        human("How to boil an egg", "the title of the same message"),
    ]),
    Scene(formatted_by_a_node, "How do I make tea?", [
        human("Boil water.\nPour it on the leaves.\nWait.", "a node puts HTML around it; another call was told it"),
        human("Tea in three steps", "the title of the same message"),
    ]),
    Scene(approval, "Invite the board.", [human("Dear members of the board, please come on Friday at nine.", "a person is asked to approve it")]),
    Scene(structured_response, "Where is G7?", [
        calls("lookup_order", order_id="G7"),
        human(("Reply", {"answer": "Your order G7 left our depot on Monday morning.", "mood": "calm"}), "the page shows a field of it"),
    ]),
    Scene(structured_response, "Is it there?", [
        calls("lookup_order", order_id="H8"),
        perhaps_human(("Reply", {"answer": "Not yet.", "mood": "calm"}), "the page shows a field of it; the state has all texts"),
    ]),
    Scene(structured_node, "My tap drips!", [
        internal({"topic": "plumbing", "urgent": True}, "a schema; the next node reads it"),
        human("Close the valve; a plumber comes within two hours.", BY_ID),
    ]),
    Scene(structured_node, "Which colour for the door?", [
        internal({"topic": "painting", "urgent": False}, "a schema; the next node reads it"),
        human("Blue goes well with your bricks.", BY_ID),
    ]),
    Scene(tool_speaks, "When are you open on Friday?", [calls("opening_hours", day="Friday")]),
]  # fmt: skip

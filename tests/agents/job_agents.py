"""Jobs and swarms: nobody reads what a batch says, calls at once, a session of several runs, a memory in the background."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from agent_script import Desk, Scene, calls, human, internal, perhaps_internal, tool

import agentlog


def _in_threads(function: Any, items: list[str]) -> list[Any]:
    with ThreadPoolExecutor(4) as pool:
        return [one.result() for one in [pool.submit(contextvars.copy_context().run, function, item) for item in items]]


# ---------------------------------------------------------------- batches


@agentlog.capture(surface="internal")
def marked_batch(desk: Desk, asked: str) -> list[dict[str, str]]:
    """Who runs it has said that no person reads it."""
    rows = []
    for text in asked.split("|"):
        summary = desk.say("Summarise the complaint.", text)
        rows.append({"summary": summary, "team": desk.say("Which team?", summary)})
    return rows


@agentlog.capture
def records_batch(desk: Desk, asked: str) -> list[dict[str, Any]]:
    """Labels for a table: the summaries are told to the labeller, only labels come out."""
    rows = []
    for number, text in enumerate(asked.split("|")):
        summary = desk.say("Summarise the complaint.", text)
        rows.append({"id": f"c-{number}", "team": desk.say("Which team?", summary)})
    return rows


@agentlog.capture
def silent_batch(desk: Desk, asked: str) -> None:
    """Writes into a database and returns nothing."""
    for text in asked.split("|"):
        summary = desk.say("Summarise the complaint.", text)
        desk.say("Which team?", summary)


@agentlog.capture
def long_batch(desk: Desk, asked: str) -> str:
    """More calls than the recorder holds without a reason: twelve parts, then the whole."""
    notes = [desk.say("Note what this chapter says.", f"chapter {number}") for number in range(int(asked))]
    return desk.say("Write the blurb from these notes.", "\n".join(notes))


# ---------------------------------------------------------------- at once


@agentlog.capture
def vote(desk: Desk, asked: str) -> str:
    """Three drafts at once, a judge that gives a number; the chosen draft is returned."""
    drafts = _in_threads(
        lambda style: desk.say(f"Write a slogan. {style}", asked), ["Short style.", "Bold style.", "Warm style."]
    )
    chosen = desk.say(
        "Which is best? Give the number.", "\n".join(f"{number}: {one}" for number, one in enumerate(drafts))
    )
    return str(drafts[int(chosen)])


@agentlog.capture
def same_at_once(desk: Desk, asked: str) -> str:
    """Two readers say the same; the editor is told both."""
    notes = _in_threads(lambda part: desk.say(f"What is in this part? {part}", asked), ["Part one.", "Part two."])
    return desk.say("Write the report from these notes.", "\n".join(notes))


@agentlog.capture
def plan_and_execute(desk: Desk, asked: str) -> str:
    """A plan as JSON that no schema asked for, a worker for each step, a report."""
    import json

    plan = json.loads(desk.say("Make a plan, as JSON.", asked))
    results = [desk.say("Do this step.", step) for step in plan["steps"]]
    return desk.say("Write the report.", "\n".join(results))


# ---------------------------------------------------------------- sub-agents of one's own, sessions, background


@agentlog.capture
def research(desk: Desk, topic: str) -> str:
    """A tool of the agent below, with a model of its own."""
    return f"Found: {desk.say('You research topics.', topic)}"


@agentlog.capture
def researcher(desk: Desk, asked: str) -> str:
    """A decorated tool that asks a model itself."""
    import json

    history: list[Any] = [{"role": "user", "content": asked}]
    while True:
        said = desk.ask("You answer with research.", history=history, tools=[tool("research", topic="what")])
        if not said.tool_calls:
            return str(said.content)
        call = said.tool_calls[0]
        found = research(desk, json.loads(call.function.arguments)["topic"])
        history += [said.to_dict(), {"role": "tool", "tool_call_id": call.id, "content": found}]


@agentlog.capture
def turn(desk: Desk, asked: str) -> str:
    """One turn of the session below."""
    return desk.say("You are a librarian.", asked)


def library(desk: Desk, asked: str) -> None:
    """A session: each turn is a run of its own, then a note for the memory without a run."""
    with agentlog.session("reader-7"):
        talk = [(one, turn(desk, one)) for one in asked.split("|")]
        desk.say("Summarise the talk.", "\n".join(f"{question} {answer}" for question, answer in talk))


@agentlog.capture
def remembering(desk: Desk, asked: str) -> str:
    """The memory is written in the background, after the answer has gone out."""
    reply = desk.say("You are a gardener.", asked)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, desk.say, "Note for the memory.", f"{asked} {reply}")
    return reply


@agentlog.capture
def deliver(text: str) -> str:
    """Shows it."""
    return text


@agentlog.capture
def marked_delivery(desk: Desk, asked: str) -> None:
    """A function that is marked human shows the answer, and a judge is told it."""
    reply = desk.say("You are a poet.", asked)
    agentlog.capture(surface="human")(lambda text: text)(reply)
    desk.say("Is it a poem?", reply)


SCENES = [
    Scene(marked_batch, "The lamp fell off the wall.|The bill is wrong.", [
        internal("A lamp fell off its wall in the hall.", "its run is marked internal"),
        internal("buildings", "its run is marked internal; a table's column"),
        internal("The sum on the bill was not right.", "its run is marked internal"),
        internal("accounting", "its run is marked internal; a table's column"),
    ]),
    Scene(records_batch, "The tap drips.|The heating is cold.|The lift is stuck.", [
        internal("A tap drips in the kitchen all night.", "told to the labeller"),
        perhaps_internal("plumbing", "a column of what the root returns"),
        internal("The heating in the office stays cold.", "told to the labeller"),
        perhaps_internal("heating", "a column of what the root returns"),
        internal("The lift is stuck on the second floor.", "told to the labeller"),
        perhaps_internal("lifts", "a column of what the root returns"),
    ]),
    Scene(silent_batch, "The door squeaks.|The key is lost.", [
        perhaps_internal("The front door squeaks badly.", "told to the labeller; but the run may show what it wants"),
        perhaps_internal("doors", "for the database"),
        perhaps_internal("Somebody has lost the key.", "told to the labeller; but the run may show what it wants"),
        perhaps_internal("keys", "for the database"),
    ]),
    Scene(long_batch, "14", [
        *[internal(f"In chapter {number} the hero meets friend number {number}.", "the last call is told it",
                   when=f"chapter {number}'") for number in range(14)],
        human("A hero, many friends, and a long way home.", "the root returns it"),
    ]),
    Scene(vote, "A bakery.", [
        internal("Bread. Butter. Bakery.", "the judge is told it", when="Short style"),
        human("The boldest bread in town!", "the judge is told it, and the root returns it", when="Bold style"),
        internal("Warm bread for warm hearts.", "the judge is told it", when="Warm style"),
        perhaps_internal("1", "code reads it", when="Which is best"),
    ]),
    Scene(vote, "A bookshop.", [
        human("Books. Tea. Time.", "the judge is told it, and the root returns it", when="Short style"),
        internal("Read or be read to!", "the judge is told it", when="Bold style"),
        internal("A warm chair and a good book.", "the judge is told it", when="Warm style"),
        perhaps_internal("0", "code reads it", when="Which is best"),
    ]),
    Scene(same_at_once, "An old letter.", [
        internal("Somebody writes about the harvest.", "the editor is told it", when="Part one"),
        internal("Somebody writes about the harvest.", "the editor is told it", when="Part two"),
        human("The letter is about a poor harvest, in both of its parts.", "the root returns it", when="report"),
    ]),
    Scene(plan_and_execute, "Compare two phones.", [
        internal({"steps": ["find prices", "find sizes"]}, "code takes it apart"),
        internal("One costs 300 euros, the other one 500.", "the report's writer is told it"),
        internal("Both are six inches in size.", "the report's writer is told it"),
        human("They are of one size, but one costs 200 euros more.", "the root returns it"),
    ]),
    Scene(plan_and_execute, "Find a hotel in Bern.", [
        internal({"steps": ["list hotels", "read reviews", "check dates"]}, "code takes it apart"),
        internal("There are the Bear, the Swan and the Key.", "the report's writer is told it"),
        internal("Guests like the Swan for its breakfast.", "the report's writer is told it"),
        internal("The Swan has free rooms in June only.", "the report's writer is told it"),
        human("Take the Swan: a good breakfast, and free in June.", "the root returns it"),
    ]),
    Scene(researcher, "How old is the oldest tree?", [
        calls("research", topic="oldest tree"),
        internal("A pine called Methuselah has about 4,850 rings.", "the agent is told it, in the tool's result"),
        human("The oldest tree is nearly five thousand years old.", "the root returns it"),
    ]),
    Scene(researcher, "And the tallest?", [
        calls("research", topic="tallest tree"),
        internal("Hyperion is a redwood of 116 metres.", "the agent is told it"),
        calls("research", topic="tallest tree by country"),
        internal("In Germany a Douglas fir has 67 metres.", "the agent is told it"),
        human("A redwood in California: 116 metres; in Germany it is a fir of 67.", "the root returns it"),
    ]),
    Scene(library, "Do you have Faust?|And Hamlet?", [
        human("Faust stands on shelf nine, beside the window.", "its run returns it; the memory is told it"),
        human("Hamlet is lent until Monday, I am sorry.", "its run returns it; the memory is told it"),
        perhaps_internal("A reader of plays: Faust, Hamlet.", "for the memory, without a run"),
    ]),
    Scene(remembering, "When do I plant beans?", [
        human("Plant beans in May, when the nights are warm.", "the root returns it; the memory is told it"),
        perhaps_internal("Wants to plant beans.", "for the memory"),
    ]),
    Scene(marked_delivery, "Autumn", [
        human("Leaves fall, and so does the light of the day.", "it goes through a function that is marked human"),
        perhaps_internal("Yes, a short poem.", "for a log"),
    ]),
]  # fmt: skip

"""Agents on the plain OpenAI SDK: without a root, with a decorated one, in a session."""

from __future__ import annotations

import json
from typing import Any

from agent_script import Desk, Scene, calls, human, internal, perhaps_human, perhaps_internal, tool

import agentlog

LOOKUP = tool("lookup_order", order_id="the order's number")
NO_ROOT = "its reply goes to the screen, but no run says so"


# ---------------------------------------------------------------- a tool loop without a root


def tool_loop(desk: Desk, asked: str) -> str:
    """Lookups until there is a reply; the application prints it."""
    history: list[Any] = [{"role": "user", "content": asked}]
    while True:
        said = desk.ask("You help customers of a shop.", history=history, tools=[LOOKUP])
        history.append(said.to_dict())
        if not said.tool_calls:
            return str(said.content)
        for call in said.tool_calls:
            number = json.loads(call.function.arguments)["order_id"]
            history.append({"role": "tool", "tool_call_id": call.id, "content": f"Order {number} is in transit."})


def console_chat(desk: Desk, asked: str) -> None:
    """Two turns; every third turn a summary goes into the memory. Nothing is returned, all is printed."""
    history: list[Any] = []
    for turn in asked.split("|"):
        history.append({"role": "user", "content": turn})
        history.append({"role": "assistant", "content": desk.say("You are a travel guide.", history=history)})
    talk = "\n".join(f"{one['role']}: {one['content']}" for one in history)
    desk.say("Summarise the talk for the memory.", talk)


def sorted_mail(desk: Desk, asked: str) -> Any:
    """A label by a schema, then fields by another one: code reads both."""
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    kind = json.loads(desk.say("Which kind of mail is this?", asked, response_format=schema))
    fields = json.loads(desk.say("Find the fields.", asked, response_format=schema))
    return {**kind, **fields}


# ---------------------------------------------------------------- a decorated root


@agentlog.capture(operation="retrieval")
def search(query: str) -> list[str]:
    """The documents for a query."""
    return [
        "Refunds are paid within 5 working days to the card that was used.",
        "Parcels leave the depot on the next day.",
    ]


@agentlog.capture
def rag(desk: Desk, asked: str) -> str:
    """Rewrite the question, search, answer."""
    query = desk.say("Rewrite the question as a search query.", asked)
    found = "\n".join(search(query))
    return desk.say(f"Answer from these documents:\n{found}", asked)


@agentlog.capture
def summariser(desk: Desk, asked: str) -> str:
    """Each part for itself, then the whole."""
    parts = [desk.say("Summarise this part in one sentence.", part) for part in asked.split("|")]
    return desk.say("Make one summary of these.", "\n".join(f"- {part}" for part in parts))


@agentlog.capture
def critic(desk: Desk, asked: str) -> str:
    """A draft, a critique, a revision."""
    draft = desk.say("You write replies to customers.", asked)
    critique = desk.say("You criticise replies.", f"Customer: {asked}\nDraft: {draft}")
    return desk.say("You revise replies.", f"Draft: {draft}\nCritique: {critique}")


@agentlog.capture
def reflection(desk: Desk, asked: str) -> str:
    """The writer sees its draft as its own turn, and the critique as a user's."""
    talk: list[Any] = [{"role": "user", "content": asked}]
    essay = desk.say("You write essays.", history=talk)
    critique = desk.say("You are a teacher. Grade this essay.", essay)
    talk += [{"role": "assistant", "content": essay}, {"role": "user", "content": critique}]
    return desk.say("You write essays.", history=talk)


@agentlog.capture
def checked(desk: Desk, asked: str) -> str:
    """A draft that goes out unchanged when the check says so."""
    draft = desk.say("You write replies to customers.", asked)
    verdict = desk.say("Is this reply fit to be sent? Say OK or what is wrong with it.", draft)
    return draft if verdict == "OK" else "A colleague will answer."


@agentlog.capture
def router(desk: Desk, asked: str) -> str:
    """Which specialist? Then that one answers."""
    kind = desk.say("Which department is this for? billing, shipping or returns.", asked)
    return desk.say(f"You are the specialist of the {kind} department.", asked)


# ---------------------------------------------------------------- short answers


@agentlog.capture
def yes_or_no(desk: Desk, asked: str) -> str:
    """One short answer; whatever was said before is logged."""
    answer = desk.say("Answer with one word.", asked)
    desk.say("Is the answer to the question yes or no? Note it for the statistics.", f"{asked}\n{answer}")
    return answer


@agentlog.capture
def guarded(desk: Desk, asked: str) -> str:
    """A guard says yes, and so does the answer."""
    guard = desk.say("Is this a question that may be answered?", asked)
    return desk.say("Answer with one word.", asked) if guard == "Yes" else "I must not answer that."


@agentlog.capture
def quiz(desk: Desk, asked: str) -> str:
    """Every answer is printed; the last one is returned too."""
    answer = ""
    for question in asked.split("|"):
        answer = desk.say("You answer quiz questions.", question)
    return answer


SCENES = [
    Scene(tool_loop, "Where is order A17?", [
        calls("lookup_order", order_id="A17"),
        perhaps_human("Your order A17 is in transit and will arrive soon.", NO_ROOT),
    ]),
    Scene(tool_loop, "Compare orders A18 and A19.", [
        calls("lookup_order", order_id="A18"),
        calls("lookup_order", order_id="A19"),
        perhaps_human("Both orders, A18 and A19, are in transit.", NO_ROOT),
    ]),
    Scene(tool_loop, "Do you sell shoes?", [perhaps_human("We do: boots, sneakers and sandals.", NO_ROOT)]),
    Scene(console_chat, "What is there to see in Rome?|And with children?", [
        perhaps_human("The Forum, the Pantheon and the Vatican museums.", "printed; then told to the memory's summariser"),
        perhaps_human("Take them to the Villa Borghese and for an ice cream.", "printed; then told to the summariser"),
        perhaps_internal("A family asks about Rome; they were told of sights and of the park.", "for the memory"),
    ]),
    Scene(console_chat, "Is it warm in May?", [
        perhaps_human("Yes", "printed"),
        perhaps_internal("Asked about May: yes, it is warm.", "for the memory"),
    ]),
    Scene(sorted_mail, "Please refund order B7. Mia Li, mia@example.org", [
        internal({"kind": "refund"}, "a label by a schema"),
        internal({"name": "Mia Li", "email": "mia@example.org", "order": "B7"}, "fields by a schema"),
    ]),
    Scene(sorted_mail, "The app crashes with error 17. Max", [
        internal({"kind": "technical", "urgent": True}, "a label by a schema"),
        internal({"name": "Max", "email": None, "error": 17}, "fields by a schema"),
    ]),
    Scene(rag, "my stuff broke when do i get money", [
        internal("refund time limit for broken items", "the query of the search"),
        human("You get your money within 5 working days.", "the root returns it"),
    ]),
    Scene(rag, "when does it leave??", [
        internal("time when parcels leave the depot", "the query of the search"),
        human("Parcels leave the depot on the next day.", "the root returns it, though the documents say the same"),
    ]),
    Scene(rag, "pay how", [
        internal("refunds", "the query of the search, one word"),
        human("Refunds go to the card that you used.", "the root returns it"),
    ]),
    Scene(summariser, "Sales rose in May.|Costs fell in June.|Staff grew.", [
        internal("In May the sales of the company rose.", "told to the last call"),
        internal("In June the costs of the company fell.", "told to the last call"),
        internal("The number of employees has grown.", "told to the last call"),
        human("Sales and staff grew while costs fell.", "the root returns it"),
    ]),
    Scene(summariser, "The bridge was closed.|The bridge is open again.", [
        internal("They closed the bridge because of the storm.", "told to the last call"),
        internal("Since Monday the bridge is open again.", "told to the last call"),
        human("After a storm the bridge was closed; since Monday it is open again.", "the root returns it"),
    ]),
    Scene(summariser, "One report only, about the harvest of apples.", [
        human("The harvest of apples was good this year.", "returned word for word by the last call: a person reads these words"),
        human("The harvest of apples was good this year.", "the root returns it"),
    ]),
    Scene(critic, "My parcel is late!", [
        internal("Dear customer, your parcel is late. Wait.", "the critic and the reviser read it"),
        internal("Too harsh; apologise, and say when it comes.", "the reviser reads it"),
        human("Dear customer, we are sorry for the delay. Your parcel comes on Friday.", "the root returns it"),
    ]),
    Scene(critic, "How do I return shoes?", [
        internal("Send the shoes back in their box within 30 days.", "the critic and the reviser read it"),
        internal("Good, but the label is missing in it.", "the reviser reads it"),
        human("Send the shoes back in their box within 30 days. Please put the label on the box.", "the root returns it"),
    ]),
    Scene(critic, "Can I pay by invoice?", [
        human("You can pay by invoice from the second order on.", "the reviser leaves it as it is: a person reads these words"),
        internal("Nothing is wrong with this reply.", "the reviser reads it"),
        human("You can pay by invoice from the second order on.", "the root returns it"),
    ]),
    Scene(reflection, "Write about the sea.", [
        internal("The sea is big and blue and it is wet.", "the teacher reads it, and the writer again"),
        internal("C minus: say something of your own.", "the writer reads it"),
        human("At night the sea breathes like a sleeping animal.", "the root returns it"),
    ]),
    Scene(reflection, "Write about mountains.", [
        internal("Mountains are high, and snow lies on top.", "the teacher reads it, and the writer again"),
        internal("Too short. Where are the people in it?", "the writer reads it"),
        human("Those who live below the mountains look up to see what weather comes.", "the root returns it"),
    ]),
    Scene(checked, "Where is my refund?", [
        human("Your refund was paid on the third of May.", "it goes out unchanged, though the check was told it"),
        perhaps_internal("OK", "code reads it; nothing shows that"),
    ]),
    Scene(checked, "Is my data safe?", [
        perhaps_internal("Nobody can ever steal your data, we promise.", "thrown away; the answer is no model's"),
        perhaps_internal("It promises too much.", "code reads it; nothing shows that"),
    ]),
    Scene(router, "My card was charged twice.", [
        internal("billing", "it chooses the specialist, and stands in its instructions"),
        human("We have paid the second charge back to your card.", "the root returns it"),
    ]),
    Scene(router, "It has not arrived.", [
        internal("shipping", "it chooses the specialist, and stands in its instructions"),
        human("It was handed to the carrier yesterday; please wait a day.", "the root returns it"),
    ]),
    Scene(router, "They do not fit me.", [
        internal("returns", "it chooses the specialist, and stands in its instructions"),
        human("No problem: returns are free, you find a label in the box.", "the root returns it; the word is in it by chance"),
    ]),
    Scene(yes_or_no, "Is water wet?", [
        human("Yes", "the root returns it, the statistics are told it too"),
        perhaps_internal("yes", "a note for the statistics; nothing shows that"),
    ]),
    Scene(yes_or_no, "What is six times seven?", [
        human("42", "the root returns it"),
        perhaps_internal("neither", "a note for the statistics; nothing shows that"),
    ]),
    Scene(guarded, "Is Rome in Italy?", [
        perhaps_internal("Yes", "the guard's; the answer is the same word by chance"),
        human("Yes", "the root returns it"),
    ]),
    Scene(quiz, "Is the moon a star? Say yes or no.|Is the sun one? Say yes or no.", [
        perhaps_human("No", "printed, and not returned"),
        human("Yes", "printed and returned"),
    ]),
    Scene(quiz, "Who wrote Faust? Was it Goethe?|Who painted it? Not Goethe, surely.", [
        perhaps_human("Goethe", "printed, and not returned; the next question has the word too"),
        human("Nobody painted Faust, it is a play.", "printed and returned"),
    ]),
]  # fmt: skip

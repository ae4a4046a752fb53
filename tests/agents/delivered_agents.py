"""Agents whose answers reach a person by another way than `return`: changed by code, streamed, sent by a tool, printed."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from agent_script import Desk, Scene, calls, human, internal, perhaps_human, perhaps_internal, tool

import agentlog

WRITER = "You answer customers."


def _remember(desk: Desk, asked: str, reply: str) -> None:
    desk.say("Write a note for the memory.", f"User: {asked}\nAssistant: {reply}")


def _draft_and_reply(desk: Desk, asked: str) -> str:
    draft = desk.say("Collect the facts for a reply.", asked)
    return desk.say(WRITER, f"{asked}\nFacts: {draft}")


# ---------------------------------------------------------------- changed by code, and remembered


@agentlog.capture
def as_html(desk: Desk, asked: str) -> str:
    reply = _draft_and_reply(desk, asked)
    _remember(desk, asked, reply)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in reply.splitlines())
    return f'<div class="answer"><p>Hello!</p><ul>{items}</ul></div>'


@agentlog.capture
def translated(desk: Desk, asked: str) -> str:
    reply = _draft_and_reply(desk, asked)
    _remember(desk, asked, reply)
    return {"The parcel comes on Friday, we are sorry.": "Das Paket kommt am Freitag, es tut uns leid.",
            "We refund your money within five days.": "我们会在五天之内把您的钱退还给您。"}[reply]  # fmt: skip


@agentlog.capture
def filled_in(desk: Desk, asked: str) -> dict[str, Any]:
    reply = _draft_and_reply(desk, asked)
    _remember(desk, asked, reply)
    return {"status": "ok", "message": textwrap.fill(reply.replace("{name}", "Mia Li").upper(), 30) + "\n-- the shop"}


@agentlog.capture
def cut(desk: Desk, asked: str) -> dict[str, Any]:
    reply = _draft_and_reply(desk, asked)
    _remember(desk, asked, reply)
    return {"preview": reply[:60] + "…", "length": len(reply)}


@agentlog.capture
def cards(desk: Desk, asked: str) -> list[dict[str, str]]:
    reply = desk.say(WRITER + " One sentence for each point.", asked)
    _remember(desk, asked, reply)
    return [{"card": sentence.strip()} for sentence in reply.split(".") if sentence.strip()]


# ---------------------------------------------------------------- structured answers


@agentlog.capture
def reply_field(desk: Desk, asked: str) -> str:
    """The reply is a field of a structured answer."""
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    facts = json.loads(desk.say("Find the facts.", asked, response_format=schema))
    said = desk.say(WRITER, f"{asked}\n{facts}", response_format=schema)
    return str(json.loads(said)["reply"])


def shown_fields(desk: Desk, asked: str) -> None:
    """Without a root: the answer's field is shown, the others steer the page."""
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    json.loads(desk.say(WRITER, asked, response_format=schema))


# ---------------------------------------------------------------- streamed


@agentlog.capture
def yielded(desk: Desk, asked: str) -> Iterator[str]:
    """A generator: the page shows what it yields. The facts are streamed too, and nobody sees them."""
    facts = "".join(desk.stream("Collect the facts for a reply.", asked))
    yield from desk.stream(WRITER, f"{asked}\nFacts: {facts}")


def page(desk: Desk, asked: str) -> str:
    return "".join(yielded(desk, asked))


@agentlog.capture
def pushed(desk: Desk, asked: str) -> dict[str, str]:
    """Pushes what is streamed to a socket, has a title made of it, and returns a status."""
    screen = "".join(desk.stream(WRITER, asked))
    title = desk.say("Make a title for this reply.", screen)
    return {"status": "done", "title": title}


@agentlog.capture
async def pushed_async(desk: Desk, asked: str) -> dict[str, str]:
    messages: Any = [{"role": "user", "content": asked}]
    screen = ""
    async with await desk.async_openai.chat.completions.create(model="m", messages=messages, stream=True) as chunks:
        async for chunk in chunks:
            screen += chunk.choices[0].delta.content or "" if chunk.choices else ""
    title = (await desk.async_openai.chat.completions.create(model="m", messages=[
        {"role": "system", "content": "Make a title for this reply."}, {"role": "user", "content": screen}])).choices[0]  # fmt: skip
    await desk.async_openai.close()
    return {"status": "done", "title": title.message.content or ""}


# ---------------------------------------------------------------- by a tool, or only printed


@agentlog.capture
def send_email(to: str, body: str) -> str:
    """Sends it."""
    return "sent"


@agentlog.capture
def mailer(desk: Desk, asked: str) -> str:
    """The model sends the mail; the root says that it is done."""
    said = desk.ask("Answer this mail.", asked, tools=[tool("send_email", to="whom", body="what")])
    send_email(**json.loads(said.tool_calls[0].function.arguments))
    return "1 mail was answered"


@agentlog.capture
def code_mailer(desk: Desk, asked: str) -> str:
    """Code sends what the model wrote."""
    send_email("mia@example.org", _draft_and_reply(desk, asked))
    return "done"


@agentlog.capture
def posted(desk: Desk, asked: str) -> dict[str, str]:
    """Posts the reply where nothing is recorded, remembers it, and returns a status."""
    _remember(desk, asked, _draft_and_reply(desk, asked))
    return {"status": "done"}


@agentlog.capture
def to_german(text: str) -> str:
    """A dictionary, no model."""
    return {"It is open until eight in the evening.": "Es ist bis acht Uhr am Abend geöffnet."}[text]


@agentlog.capture
def translated_by_a_function(desk: Desk, asked: str) -> dict[str, str]:
    """The answer is the result of a recorded function; a title by a model stands beside it."""
    reply = _draft_and_reply(desk, asked)
    return {"title": desk.say("Make a title for this reply.", reply), "text": to_german(reply)}


@agentlog.capture
def final_answer(desk: Desk, asked: str) -> str:
    """Searches, then answers by the tool `final_answer`."""
    tools = [tool("search", query="what"), tool("final_answer", answer="the answer")]
    history: list[Any] = [{"role": "user", "content": asked}]
    while True:
        said = desk.ask("Work with tools only.", history=history, tools=tools)
        call = said.tool_calls[0]
        arguments = json.loads(call.function.arguments)
        if call.function.name == "final_answer":
            return str(arguments["answer"])
        history += [
            said.to_dict(),
            {"role": "tool", "tool_call_id": call.id, "content": "Paris has 2.1 million people."},
        ]


@agentlog.capture
def ask_clerk(desk: Desk, asked: str) -> str:
    """A helper of the command line below: not a tool, although it is called inside another function."""
    return _draft_and_reply(desk, asked)


@agentlog.capture
def command_line(desk: Desk, asked: str) -> int:
    """Prints what the helper returns, has it judged for a log, and returns its exit code."""
    reply = ask_clerk(desk, asked)
    desk.say("How good is this reply, from 1 to 5?", reply)
    return 0


@agentlog.capture
def console(desk: Desk, asked: str) -> str:
    """Several turns in one run; replies are printed; a note for the memory now and then; says goodbye at the end."""
    history: list[Any] = []
    for turn in asked.split("|"):
        history.append({"role": "user", "content": turn})
        reply = desk.say("You are a doctor's assistant.", history=history)
        history.append({"role": "assistant", "content": reply})
    desk.say("Summarise the talk for the file.", "\n".join(one["content"] for one in history))
    return reply


SCENES = [
    Scene(as_html, "Where is it?", [
        internal("Handed to the carrier on Monday, two stops left.", "told to the writer"),
        human("It is two stops away & comes today.\nPlease be at home until six.", "HTML by code"),
        perhaps_internal("The user waits for a parcel.", "for the memory; nobody is told it in this run"),
    ]),
    Scene(as_html, "How long is the warranty?", [
        internal("Warranty of all devices is 24 months.", "told to the writer"),
        human("You have two years.\nKeep the receipt <in the box>.", "HTML by code"),
        perhaps_internal("The user has a device under warranty.", "for the memory"),
    ]),
    Scene(translated, "Where is the parcel?", [
        perhaps_internal("Late by two days, it comes on Friday.", "told to the writer; but the answer is in no model's words"),
        perhaps_human("The parcel comes on Friday, we are sorry.", "translated by code, told to the memory"),
        perhaps_internal("A parcel is late.", "for the memory"),
    ]),
    Scene(translated, "I want my money back.", [
        perhaps_internal("A refund takes up to five days.", "told to the writer; the answer is in no model's words"),
        perhaps_human("We refund your money within five days.", "translated into Chinese by code, told to the memory"),
        perhaps_internal("A refund was promised.", "for the memory"),
    ]),
    Scene(filled_in, "Hello?", [
        internal("The customer only says hello, order A17 is open.", "told to the writer"),
        human("Dear {name}, your order A17 is being packed and will leave us tomorrow.", "a name filled in, in capitals, wrapped"),
        perhaps_internal("Said hello.", "for the memory"),
    ]),
    Scene(filled_in, "Cancel it.", [
        internal("Order B4 can be cancelled until noon today.", "told to the writer"),
        human("Dear {name}, we have cancelled order B4 for you. Nothing will be charged.", "a name filled in, in capitals"),
        perhaps_internal("Cancelled B4.", "for the memory"),
    ]),
    Scene(cut, "Tell me all about delivery.", [
        internal("Delivery takes three days, islands take five days.", "told to the writer"),
        human("A delivery takes three days after it has left us. To the islands it takes five days, because the ship sails "
              "on Mondays and on Thursdays only.", "its beginning is shown"),
        perhaps_internal("Asked about delivery.", "for the memory"),
    ]),
    Scene(cards, "What do you sell?", [
        human("We sell bread from our own oven. We sell butter from the farm next door. We sell tea.", "a card for each sentence"),
        perhaps_internal("Wants to know what there is.", "for the memory"),
    ]),
    Scene(cards, "Who are you?", [
        human("We are a bakery with a shop. Our family has baked since 1902.", "a card for each sentence"),
        perhaps_internal("Wants to know who we are.", "for the memory"),
    ]),
    Scene(reply_field, "Order A17 is broken.", [
        internal({"order": "A17", "problem": "broken"}, "fields by a schema, told to the writer"),
        human({"tone": "sorry", "reply": "We are sorry that A17 arrived broken; a new one is on its way."}, "a field is returned"),
    ]),
    Scene(reply_field, "Is it open on Sunday?", [
        internal({"order": None, "problem": "opening hours"}, "fields by a schema"),
        human({"tone": "friendly", "reply": "No."}, "a field is returned, a short one"),
    ]),
    Scene(shown_fields, "How high is Mont Blanc?", [
        perhaps_human({"answer": "4,806 m", "confidence": 0.9}, "the field is shown, but no run says so"),
    ]),
    Scene(page, "When do you open?", [
        internal("Open from eight to six, closed on Mondays.", "told to the writer; the run yields other words"),
        human("We open at eight in the morning, but not on Mondays.", "the generator yields it"),
    ]),
    Scene(page, "Do you deliver?", [
        internal("Delivery within ten kilometres of the shop.", "told to the writer; the run yields other words"),
        human("Yes, within ten kilometres, and for free.", "the generator yields it"),
    ]),
    Scene(pushed, "Explain the offside rule.", [
        perhaps_human("A player is offside if he is nearer to the goal than the ball and the last but one.", "pushed to a socket"),
        human("The offside rule explained", "in what the root returns, for the list of talks"),
    ]),
    Scene(pushed_async, "Explain castling.", [
        perhaps_human("The king goes two squares towards a rook, which jumps over it.", "pushed to a socket"),
        human("Castling in a nutshell", "in what the root returns, for the list of talks"),
    ]),
    Scene(mailer, "My order is late. Mia", [
        perhaps_human(("send_email", {"to": "mia@example.org", "body": "Dear Mia, it comes tomorrow."}), "a tool sends it to her"),
    ]),
    Scene(code_mailer, "Thank you! Mia", [
        perhaps_internal("She only says thank you, no question.", "told to the writer; nothing says where the answer went"),
        perhaps_human("Dear Mia, thank you for writing to us.", "code sends it to her"),
    ]),
    Scene(posted, "Is the pool open?", [
        perhaps_internal("The pool opens at nine every day.", "told to the writer; nothing says where the answer went"),
        perhaps_human("Yes, the pool is open from nine on.", "posted; the memory is told it"),
        perhaps_internal("Likes to swim.", "for the memory"),
    ]),
    Scene(translated_by_a_function, "How long are you open?", [
        internal("Opening hours: from nine to eight.", "told to the writer"),
        perhaps_human("It is open until eight in the evening.", "translated by a function, and told to who makes the title"),
        human("Our opening hours", "in what the root returns"),
    ]),
    Scene(final_answer, "How many people live in Paris?", [
        calls("search", query="population of Paris"),
        human(("final_answer", {"answer": "2.1 million people live in Paris."}), "the tool's argument is returned"),
    ]),
    Scene(final_answer, "How many legs has a spider?", [
        calls("search", query="legs of a spider"),
        calls("search", query="spider anatomy legs"),
        human(("final_answer", {"answer": "8"}), "the tool's argument is returned"),
    ]),
    Scene(command_line, "What is the weather?", [
        perhaps_internal("Clouds from the west, 12 degrees.", "told to the writer; but what is printed is not known"),
        perhaps_human("It is cloudy today, and rather cool.", "printed, then told to the judge"),
        perhaps_internal("4 of 5: short and friendly.", "for a log"),
    ]),
    Scene(console, "My knee hurts.|Since yesterday, when I ran.|It is swollen too.", [
        perhaps_human("Since when does it hurt, and what did you do?", "printed; the person answers it"),
        perhaps_human("Then cool it, please. Is it swollen?", "printed; the person answers it"),
        human("Please come to see the doctor today.", "printed, and returned at the end"),
        perhaps_internal("Knee, swollen, since a run yesterday; comes today.", "for the file"),
    ]),
]  # fmt: skip

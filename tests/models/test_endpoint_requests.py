"""A recorded call as a chat request."""

import json
from pathlib import Path

import pytest

from agentlog.conversations import Refused
from agentlog.messages import parts
from agentlog.messages.anthropic import read_anthropic
from agentlog.models.requests import Disguise, asked, chat_request
from agentlog.tasks.reading import Answer

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def row(*said, request=None, tools=None, **columns):
    return {
        "trace_id": "run-1",
        "input_messages": [parts.message(role, parts.text(text)) for role, text in said],
        "request": None if request is None else json.dumps(request),
        "tool_definitions": None if tools is None else json.dumps(tools),
        **columns,
    }


def tool(name, **properties):
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": properties}}}


def test_messages_tools_and_parameters_are_those_of_the_record():
    asked_for = tool("lookup", order={"type": "string"})
    call = parts.message("assistant", parts.tool_call("lookup", {"order": "A-1"}, "c1"))
    answered = parts.message("tool", parts.tool_call_response("shipped", "c1", "lookup"))
    one = row(
        ("system", "Help."), ("user", "Where is A-1?"), request={"temperature": 0.2, "seed": 3}, tools=[asked_for]
    )
    one["input_messages"] += [call, answered]
    made = chat_request(one)
    assert made["messages"] == [
        {"role": "system", "content": "Help."},
        {"role": "user", "content": "Where is A-1?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "lookup", "arguments": '{"order": "A-1"}'}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "shipped"},
    ]
    assert made["tools"] == [asked_for]
    assert (made["temperature"], made["seed"]) == (0.2, 3)
    assert "tool_choice" not in made


def test_a_request_in_flight_needs_no_answer_and_a_recorded_answer_is_not_sent():
    one = row(("user", "Hi"), output_messages=[parts.message("assistant", parts.text("SECRET ANSWER"))])
    assert "SECRET ANSWER" not in json.dumps(chat_request(one))
    assert chat_request(row(("user", "Hi"))) == chat_request(one)


@pytest.mark.parametrize(
    "said",
    [
        {"response_format": {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA}}},
        {"text": {"format": {"type": "json_schema", "name": "place", "schema": SCHEMA}}},
        {"output_format": {"type": "json_schema", "name": "place", "schema": SCHEMA}},
        {"format": {**SCHEMA, "title": "place"}},
    ],
    ids=["chat", "responses", "anthropic", "ollama"],
)
def test_every_api_s_output_schema_becomes_a_response_format(said):
    made = chat_request(row(("user", "Hi"), request=said))["response_format"]
    assert made["type"] == "json_schema"
    assert made["json_schema"]["name"] == "place"
    assert made["json_schema"]["schema"]["required"] == ["city"]


def test_gemini_s_schema_gets_the_type_names_of_json_schema():
    said = {
        "generationConfig": {
            "responseSchema": {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}},
            "topP": 0.5,
        }
    }
    wanted = asked(json.dumps(said))
    assert wanted.schema == {"type": "object", "properties": {"n": {"type": "integer"}}}
    assert wanted.parameters == {"top_p": 0.5}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"tool_choice": "required"}, "required"),
        ({"tool_choice": {"type": "any"}}, "required"),
        ({"tool_choice": "none"}, "none"),
        (
            {"tool_choice": {"type": "function", "function": {"name": "b"}}},
            {"type": "function", "function": {"name": "b"}},
        ),
        ({"tool_choice": {"type": "tool", "name": "b"}}, {"type": "function", "function": {"name": "b"}}),
        ({"tool_choice": {"type": "function", "name": "b"}}, {"type": "function", "function": {"name": "b"}}),
        ({"function_call": {"name": "b"}}, {"type": "function", "function": {"name": "b"}}),
        ({"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}, "required"),
    ],
)
def test_every_api_s_tool_choice_becomes_openai_s(said, expected):
    made = chat_request(row(("user", "Hi"), request=said, tools=[tool("a"), tool("b")]))
    assert made["tool_choice"] == expected


def test_what_chat_has_no_word_for_is_named_and_not_sent():
    said = {"temperature": 0, "top_k": 4, "thinking": {"type": "enabled"}, "stream": True}
    assert asked(json.dumps(said)).left_out == ("thinking", "top_k")
    assert set(chat_request(row(("user", "Hi"), request=said))) == {"messages", "temperature"}


def test_a_call_to_anthropic_can_be_sent_to_a_chat_endpoint():
    read = read_anthropic(
        {
            "model": "claude", "max_tokens": 50, "stop_sequences": ["END"], "system": "Be short.",
            "messages": [{"role": "user", "content": "Hi"}], "tools": [{"name": "now", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        },
        {},
    )  # fmt: skip
    made = chat_request(read)
    assert made["messages"] == [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hi"}]
    assert (made["max_tokens"], made["stop"], made["parallel_tool_calls"]) == (50, ["END"], False)


def test_a_picture_that_is_not_stored_is_refused_with_its_reason():
    one = row(("user", "What is this?"))
    one["input_messages"][0]["parts"].append(parts.blob("image/png", "AAAA"))
    with pytest.raises(Refused) as refused:
        chat_request(one)
    assert refused.value.reason == "image_not_stored"


@pytest.mark.parametrize(
    "request_text", ["", "no json", "[1]", '{"response_format": 3, "tool_choice": 7, "text": "x"}']
)
def test_an_odd_request_demands_nothing(request_text):
    wanted = asked(request_text)
    assert (wanted.schema, wanted.json, wanted.choice) == (None, False, "auto")


def test_placeholders_get_values_and_the_answer_gets_them_back():
    disguise = Disguise(row(("user", "Cancel order <APP_ID_1> of <PERSON_1>, <EMAIL_1>.")))
    text = disguise.request["messages"][0]["content"]
    assert "<" not in text
    order = text.split()[2]
    mail = text.split()[-1].rstrip(".")
    given = disguise.answer(Answer(f"Done for {mail}", (("cancel", json.dumps({"order": order, "mail": mail})),)))
    assert given.text == "Done for <EMAIL_1>"
    assert json.loads(given.calls[0][1]) == {"order": "<APP_ID_1>", "mail": "<EMAIL_1>"}


def test_a_given_name_goes_back_to_the_person_it_was_read_off():
    disguise = Disguise(row(("user", "I am <PERSON_1>.")))
    given = disguise.request["messages"][0]["content"].split()[2]
    assert disguise.back(f"Dear {given},") == "Dear <PERSON_1_GIVEN>,"


def test_a_short_value_is_not_found_inside_a_longer_number():
    disguise = Disguise(row(("user", "The card ends in <CARD_LAST4_1>.")))
    last4 = disguise.request["messages"][0]["content"].split()[-1].rstrip(".")
    assert disguise.back(f"{last4} and 7{last4}7") == f"<CARD_LAST4_1> and 7{last4}7"


def test_one_person_has_one_name_in_all_calls_of_a_run_and_another_in_another_run():
    def name(trace):
        return Disguise(row(("user", "<PERSON_1>"), trace_id=trace)).request["messages"][0]["content"]

    assert name("run-1") == name("run-1")
    assert len({name(f"run-{number}") for number in range(20)}) > 1


def test_names_in_chinese_that_come_back_escaped_are_found():
    disguise = Disguise(row(("user", "请给 <PERSON_1> 退款")))
    name = disguise.request["messages"][0]["content"].split()[1]
    assert not name.isascii()
    given = disguise.answer(Answer("", (("refund", json.dumps({"who": name})),)))
    assert json.loads(given.calls[0][1]) == {"who": "<PERSON_1>"}


def test_recorded_calls_of_real_agents_can_be_sent_again(data: Path):
    import gzip

    runs = json.loads(gzip.decompress((data / "tau_airline" / "gpt-4o-airline.json.gz").read_bytes()))
    from agentlog.messages.chat import read_chat

    messages = runs[0]["traj"]
    last = max(place for place, one in enumerate(messages) if one["role"] == "user")
    read = read_chat({"messages": messages[: last + 1]}, {})
    assert [one["role"] for one in chat_request(read)["messages"]] == [one["role"] for one in messages[: last + 1]]

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentlog.conversations.conversation import read
from agentlog.conversations.reasons import REASONS, Refused
from agentlog.conversations.strict import dumps
from agentlog.exports.openai_chat import OpenAI
from agentlog.exports.trl import Trl
from agentlog.messages.parts import blob, file, json_block, message, reasoning, text, tool_call, tool_call_response, uri


def trl(row):
    return Trl().example(read(row))


def openai(row):
    return OpenAI().example(read(row))


def reason(row):
    with pytest.raises(Refused) as refused:
        read(row)
    assert refused.value.reason in REASONS
    return refused.value.reason


def test_a_plain_call_is_a_prompt_and_a_completion(calls):
    row = calls.add("hello", answer="hi")
    assert trl(row) == {
        "prompt": [{"role": "user", "content": "hello"}],
        "completion": [{"role": "assistant", "content": "hi"}],
    }
    assert openai(row) == {"messages": [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hi"}]}


def test_system_instructions_and_leading_system_messages_become_one(calls, say):
    row = calls.add(
        say("developer", "Be brief."), "hello", answer="hi", system_instructions=[{"type": "text", "text": "Be kind."}]
    )
    assert trl(row)["prompt"] == [
        {"role": "system", "content": "Be kind.\n\nBe brief."},
        {"role": "user", "content": "hello"},
    ]


def test_a_developer_message_later_on_is_a_system_message(calls, say):
    row = calls.add("hello", say("assistant", "hi"), say("developer", "Now in French."), "again", answer="salut")
    assert [message["role"] for message in trl(row)["prompt"]] == ["user", "assistant", "system", "user"]


def test_arguments_are_objects_for_trl_and_text_for_openai(calls, say, ask):
    row = calls.add("Paris?", answer=say("assistant", ask("weather", '{"city": "Paris", "days": 2}', "a")))
    assert trl(row)["completion"] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {
                    "id": "a",
                    "type": "function",
                    "function": {"name": "weather", "arguments": {"city": "Paris", "days": 2}},
                }
            ],
        }
    ]
    answer = openai(row)["messages"][-1]
    assert "content" not in answer
    assert answer["tool_calls"][0]["function"]["arguments"] == '{"city": "Paris", "days": 2}'


def test_text_beside_a_tool_call_stays(calls, say, ask):
    row = calls.add("Paris?", answer=say("assistant", "I look.", ask("weather", "{}", "a")))
    assert trl(row)["completion"][0]["content"] == openai(row)["messages"][-1]["content"] == "I look."


def test_parallel_results_stand_in_the_order_of_their_calls(calls, say, ask, result):
    row = calls.add(
        "both?",
        say("assistant", ask("weather", "{}", "a"), ask("time", "{}", "b")),
        say("tool", result("noon", "b")),
        say("tool", result("sunny", "a")),
        answer="sunny at noon",
    )
    tools = trl(row)["prompt"][2:]
    assert [(one["tool_call_id"], one["name"], one["content"]) for one in tools] == [
        ("a", "weather", "sunny"),
        ("b", "time", "noon"),
    ]
    assert openai(row)["messages"][2] == {"role": "tool", "tool_call_id": "a", "content": "sunny"}


def test_results_inside_a_users_turn_come_before_its_words(calls, say, ask, result):
    row = calls.add(
        "q", say("assistant", ask("weather", "{}", "a")), say("user", "and now?", result("sunny", "a")), answer="go"
    )
    assert [message["role"] for message in trl(row)["prompt"]] == ["user", "assistant", "tool", "user"]


def test_empty_and_repeated_ids_become_unique_and_their_results_follow(calls, say, ask, result):
    row = calls.add(
        "q",
        say("assistant", ask("f", "{}", "call_1"), ask("g", "{}", "call_1")),
        say("tool", result("1", "call_1")),
        say("tool", result("2", "call_1")),
        say("assistant", ask("f", "{}"), ask("h", "{}")),
        say("tool", result("4", name="h")),
        say("tool", result("3")),
        answer=say("assistant", ask("f", "{}", "call_1")),
    )
    prompt, completion = trl(row)["prompt"], trl(row)["completion"]
    asked = [call["id"] for message in [*prompt, *completion] for call in message.get("tool_calls", [])]
    answered = {message["tool_call_id"]: message["content"] for message in prompt if message["role"] == "tool"}
    assert len(set(asked)) == len(asked) == 5
    assert answered == dict(zip(asked[:4], "1234", strict=True))


def test_a_result_without_a_call_is_refused(calls, say, ask, result):
    assert reason(calls.add("q", say("tool", result("x", "a")), answer="y")) == "tool_result_orphaned"
    twice = calls.add(
        "q",
        say("assistant", ask("f", "{}", "a")),
        say("tool", result("x", "a")),
        say("tool", result("x", "a")),
        answer="y",
    )
    assert reason(twice) == "tool_result_orphaned"
    late = calls.add("q", say("assistant", ask("f", "{}", "a")), "wait", say("tool", result("x", "a")), answer="y")
    assert reason(late) == "tool_call_unanswered"


def test_a_call_without_a_result_is_refused(calls, say, ask, result):
    row = calls.add(
        "q", say("assistant", ask("f", "{}", "a"), ask("g", "{}", "b")), say("tool", result("x", "a")), answer="y"
    )
    assert reason(row) == "tool_call_unanswered"


def test_a_result_of_another_tool_is_refused(calls, say, ask, result):
    row = calls.add("q", say("assistant", ask("f", "{}", "a")), say("tool", result("x", "a", "g")), answer="y")
    assert reason(row) == "tool_result_mismatched"


@pytest.mark.parametrize("written", ["", "  ", "null", None, "{}"])
def test_no_arguments_are_an_empty_object(calls, say, written):
    part = {"type": "tool_call", "id": "a", "name": "now", "arguments": written}
    assert (
        trl(calls.add("q", answer=say("assistant", part)))["completion"][0]["tool_calls"][0]["function"]["arguments"]
        == {}
    )
    row = calls.add("q", answer=say("assistant", part))
    assert openai(row)["messages"][-1]["tool_calls"][0]["function"]["arguments"] == "{}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{"city": "Par', "arguments_not_json"),
        ("city=Paris", "arguments_not_json"),
        ('"{\\"city\\": \\"Paris\\"}"', "arguments_double_encoded"),
        ('"free text"', "arguments_not_object"),
        ("[1, 2]", "arguments_not_object"),
        ("7", "arguments_not_object"),
        ('{"a": NaN}', "arguments_not_strict"),
        ('{"a": -Infinity}', "arguments_not_strict"),
        ('{"a": 1e400}', "arguments_not_strict"),
        ('{"a": "\\ud800"}', "arguments_not_strict"),
        ('{"\\udc00": 1}', "arguments_not_strict"),
        ('{"a": ' + "[" * 150 + "]" * 150 + "}", "arguments_not_strict"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "arguments_not_strict"),
        ('{"a": 9223372036854775808}', "arguments_beyond_64_bits"),
        ('{"a": -9223372036854775809}', "arguments_beyond_64_bits"),
        ('{"a": ' + "9" * 5000 + "}", "arguments_beyond_64_bits"),
    ],
)
def test_arguments_that_consumers_would_bend_are_refused(calls, say, ask, result, written, expected):
    assert reason(calls.add("q", answer=say("assistant", ask("f", written, "a")))) == expected
    earlier = calls.add("q", say("assistant", ask("f", written, "a")), say("tool", result("x", "a")), answer="y")
    assert reason(earlier) == expected


def test_the_largest_integers_of_64_bits_are_taken(calls, say, ask):
    row = calls.add(
        "q", answer=say("assistant", ask("f", '{"a": 9223372036854775807, "b": -9223372036854775808}', "a"))
    )
    assert trl(row)["completion"][0]["tool_calls"][0]["function"]["arguments"] == {"a": 2**63 - 1, "b": -(2**63)}


@pytest.mark.parametrize("name", ["files.read", "", "x" * 65, "wetter für heute"])
def test_tool_names_that_trainers_refuse_are_refused(calls, say, ask, offer, name):
    assert reason(calls.add("q", answer=say("assistant", ask(name, "{}", "a")))) == "tool_name_invalid"
    assert reason(calls.add("q", answer="y", tools=[offer(name)])) == "tool_name_invalid"


def test_no_tools_are_no_key(calls):
    assert "tools" not in trl(calls.add("q", answer="y", tools=[]))
    assert "tools" not in openai(calls.add("q", answer="y", tools=[], request={"parallel_tool_calls": False}))


def test_tools_of_another_api_and_what_stands_beside_them_become_openai_functions(calls, offer):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tools = [{"name": "weather", "input_schema": schema}, {**offer("now"), "cache_control": {"type": "ephemeral"}}]
    assert trl(calls.add("q", answer="y", tools=tools))["tools"] == [
        {"type": "function", "function": {"name": "weather", "parameters": schema}},
        offer("now"),
    ]


def test_a_tool_that_is_no_function_is_refused(calls):
    assert reason(calls.add("q", answer="y", tools=[{"type": "web_search"}])) == "tool_definition_invalid"
    row = calls.add("q", answer="y", tools=[])
    row["tool_definitions"] = '[{"type": "function", "function": {"name": "f", "parameters": {"maximum": NaN}}}]'
    assert reason(row) == "tool_definition_invalid"


def test_parallel_tool_calls_is_taken_from_the_request(calls, offer):
    row = calls.add("q", answer="y", tools=[offer("f")], request={"parallel_tool_calls": False})
    assert openai(row)["parallel_tool_calls"] is False


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (blob("image/png", "aGk="), "image_not_stored"),
        (uri("https://example.com/a.png"), "image_by_address"),
        (file("file-1"), "image_by_address"),
        (json_block({"type": "odd"}, "odd"), "part_unknown"),
    ],
)
def test_a_row_with_more_than_text_is_refused(calls, say, part, expected):
    part.pop("data", None)
    assert reason(calls.add(say("user", "look:", part), answer="a cat")) == expected
    assert reason(calls.add("draw", answer=say("assistant", part))) == expected


def test_reasoning_stays_out_of_the_visible_text(calls, say):
    row = calls.add("q", answer=say("assistant", reasoning("Let me think."), reasoning(None, "sealed"), "42"))
    assert trl(row)["completion"] == [{"role": "assistant", "content": "42", "reasoning_content": "Let me think."}]
    assert openai(row)["messages"][-1] == {"role": "assistant", "content": "42"}


def test_reasoning_alone_is_no_answer(calls, say):
    assert reason(calls.add("q", answer=say("assistant", reasoning("hm")))) == "no_answer"
    assert reason(calls.add("q", answer=" \n")) == "no_answer"
    assert reason(calls.add("q", answer=[])) == "no_answer"


def test_the_first_of_several_choices_is_the_answer(calls, say):
    row = calls.add("q", answer=[say("assistant", "first"), say("assistant", "second")])
    assert trl(row)["completion"][0]["content"] == "first"


def test_a_prompt_must_end_with_the_user_or_a_tool(calls, say):
    assert reason(calls.add(answer="y")) == "prompt_empty"
    assert reason(calls.add(say("system", "s"), answer="y")) == "prompt_ends_with_system"
    assert reason(calls.add("q", say("assistant", "It is"), answer="y")) == "prompt_ends_with_assistant"


def test_unknown_roles_and_misplaced_calls_are_refused(calls, say, ask, result):
    assert reason(calls.add(say("critic", "hm"), answer="y")) == "role_unknown"
    assert reason(calls.add("q", answer=say("user", "y"))) == "role_unknown"
    assert reason(calls.add(say("user", ask("f", "{}", "a")), answer="y")) == "tool_call_misplaced"
    assert reason(calls.add("q", answer=say("assistant", ask("f", "{}", "a"), result("x", "a")))) == "server_side_tool"
    mixed = calls.add("q", say("assistant", ask("f", "{}", "a")), say("tool", "note", result("x", "a")), answer="y")
    assert reason(mixed) == "tool_message_mixed"


def test_a_call_whose_redaction_failed_is_refused(calls):
    row = calls.add("q", answer="y", redaction={"policy": "default", "counts": [], "failed": True, "withheld": None})
    assert reason(row) == "redaction_failed"


def test_earlier_turns_weigh_nothing_for_openai_unless_the_log_says_so(calls, say):
    turns = ("q", say("assistant", "a"), "r", say("assistant", "b"), "s")
    row = calls.add(*turns, answer="c", request={"extras": {"input_messages[3]": {"weight": 1}}})
    assert [message.get("weight") for message in openai(row)["messages"]] == [None, 0, None, 1, None, None]
    last = calls.add(*turns, answer="c", request={"extras": {"output_messages[0]": {"weight": 0}}})
    assert reason(last) == "last_turn_weight_0"
    odd = calls.add(*turns, answer="c", request={"extras": {"input_messages[1]": {"weight": 0.5}}})
    assert reason(odd) == "weight_not_0_or_1"


def test_a_speakers_name_stays_and_fits_openai(calls):
    named = {"role": "user", "name": "Ada Lovelace", "parts": [{"type": "text", "text": "hi"}]}
    row = calls.add(named, answer="y")
    assert trl(row)["prompt"][0]["name"] == "Ada Lovelace"
    assert openai(row)["messages"][0]["name"] == "Ada_Lovelace"


def test_equal_prompts_have_equal_keys_whatever_the_ids(calls, say, ask, result):
    def turns(id, args):
        return ("q", say("assistant", ask("f", args, id)), say("tool", result("x", id)))

    first, second = (
        calls.add(*turns("a", '{"x": 1, "y": 2}'), answer="1"),
        calls.add(*turns("b", '{"y":2,"x":1}'), answer="2"),
    )
    other = calls.add(*turns("a", '{"x": 1, "y": 3}'), answer="1")
    assert read(first).prompt_key() == read(second).prompt_key() != read(other).prompt_key()


def test_a_target_never_changes_the_arguments_that_the_model_wrote(calls, say, ask):
    written = '{"b":  [1.0, 1, "1"], "a": {"z": null, "ä": true}}'
    row = calls.add("q", answer=say("assistant", ask("f", written, "a")))
    assert openai(row)["messages"][-1]["tool_calls"][0]["function"]["arguments"] == written
    assert json.dumps(trl(row)["completion"][0]["tool_calls"][0]["function"]["arguments"]) == json.dumps(
        json.loads(written)
    )


words = st.text(max_size=3)
ids = st.sampled_from(["", "a", "b", "call_1", None])


@st.composite
def rounds(draw):
    """A user speaks, the assistant asks for tools, the tools answer in some order; ids are missing or used twice."""
    asks = [
        tool_call(draw(st.sampled_from("fg")), draw(st.sampled_from(["", "{}", '{"x": 1}'])), draw(ids))
        for _ in range(draw(st.integers(0, 3)))
    ]
    known = draw(st.booleans())
    answers = [
        tool_call_response(draw(words), ask["id"] if known else draw(ids), ask["name"] if draw(st.booleans()) else None)
        for ask in asks
    ]
    shuffled = draw(st.permutations(answers)) if known else answers
    one_message = draw(st.booleans())
    behind = (
        [message("user", *shuffled)] if one_message and shuffled else [message("tool", answer) for answer in shuffled]
    )
    thought = [reasoning(draw(words))] if draw(st.booleans()) else []
    return [message("user", text(draw(words))), message("assistant", *thought, text(draw(words)), *asks), *behind]


@st.composite
def conversations(draw):
    head = draw(
        st.lists(st.builds(message, st.sampled_from(["system", "developer"]), st.builds(text, words)), max_size=2)
    )
    prompt = [*head, *(turn for one in draw(st.lists(rounds(), max_size=3)) for turn in one)]
    if draw(st.booleans()):
        prompt.append(message("user", text("last")))
    *_, answer = (turn for turn in draw(rounds()) if turn["role"] == "assistant")
    return prompt, answer


@settings(max_examples=300)
@given(conversations())
def test_what_is_not_refused_keeps_the_rules_of_every_format_and_loses_nothing(conversation):
    prompt, answer = conversation
    try:
        found = read({"input_messages": prompt, "output_messages": [answer]})
    except Refused:
        return
    stored = [part for message in [*prompt, answer] for part in message["parts"]]
    for target, kept in ((Trl(), ("content", "reasoning_content")), (OpenAI(), ("content",))):
        line = json.loads(dumps(target.line(target.example(found), "e", "c")))
        assert list(target.problems(line)) == []
        messages = line.get("messages") or [*line["prompt"], *line["completion"]]
        assert sum(len(message.get("tool_calls", [])) for message in messages) == sum(
            part["type"] == "tool_call" for part in stored
        )
        said = "".join(message.get(key, "") for message in messages for key in kept)
        for part in stored:
            if part["type"] != "reasoning" or "reasoning_content" in kept:
                assert (part.get("text") or part.get("result") or "") in said

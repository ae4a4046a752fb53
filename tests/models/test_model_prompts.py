from __future__ import annotations

import json

from agentlog.models.answers import canonical
from agentlog.models.fields import JSON, Style, leaves, put_together, style_of, taken_apart
from agentlog.models.prompts import Reader, row_of, texts
from agentlog.models.tokens import tokens_of
from agentlog.tasks.reading import Answer


def test_lines_that_nearly_all_prompts_hold_are_dropped():
    rows = [row_of(f"Text:\n  ticket {number}", system="Classify.\nBe brief.") for number in range(40)]
    reader = Reader.fit(rows)
    assert reader.template == {"Classify.", "Be brief.", "Text:"}
    reading = reader.read(rows[3])
    assert (reading.last, reading.rest, reading.template) == ("ticket 3", "", 3)


def test_a_line_that_one_prompt_in_ten_lacks_is_no_template():
    rows = [row_of("x", system="Rare." if number % 10 else "Other.") for number in range(40)]
    assert "Rare." not in Reader.fit(rows).template


def test_the_last_message_stands_apart():
    reading = Reader().read(row_of("and now?", before=["first", "second"]))
    assert (reading.last, reading.rest) == ("and now?", "first\nsecond")


def test_persons_lose_their_numbers_and_keep_their_kind():
    assert Reader().read(row_of("<PERSON_3_GIVEN> paid <CARD_12>")).last == "<PERSON_GIVEN> paid <CARD>"


def test_a_long_text_is_cut_in_its_middle_and_its_length_is_kept():
    reading = Reader().read(row_of("a" * 3000 + "b" * 3000))
    assert reading.size == 6000 and len(reading.last) == 4001
    assert reading.last.startswith("a") and reading.last.endswith("b")


def test_the_offer_is_the_same_whatever_the_order_of_keys_and_changes_with_the_tools():
    def offer(tools, request=None):
        return Reader().read({**row_of("x"), "tool_definitions": json.dumps(tools), "request": request}).offer

    one = offer([{"name": "f", "parameters": {"a": 1, "b": 2}}])
    assert one == offer([{"parameters": {"b": 2, "a": 1}, "name": "f"}])
    assert one != offer([{"name": "f", "parameters": {"a": 1, "c": 2}}])
    plain = offer([], '{"temperature": 0.3, "user": "u1"}')
    assert plain == offer([], '{"temperature": 0.9, "user": "u2"}')
    assert plain != offer([], '{"response_format": {"type": "json_object"}}')


def test_odd_rows_read_as_empty_ones():
    for row in ({}, {"input_messages": None}, {"input_messages": [{"role": "user", "parts": None}]}, {"request": "{"}):
        assert Reader().read(row).last == ""
    assert texts({"system_instructions": [], "input_messages": []}) == []


def test_tool_results_are_read():
    row = {"input_messages": [{"role": "tool", "parts": [{"type": "tool_call_response", "result": "42 left"}]}]}
    assert Reader().read(row).last == "42 left"


def test_answers_are_compared_by_value():
    assert canonical(Answer('{"a":1}', ())) == canonical(Answer('{ "a": 1 }', ()))
    assert canonical(Answer('{"a":1}', ())) != canonical(Answer('{"a":"1"}', ()))
    assert canonical(Answer("yes ", ())) == canonical(Answer("yes", ()))
    assert canonical(Answer("", (("f", '{"x":1}'),))) != canonical(Answer("", (("g", '{"x":1}'),)))


def test_an_answer_is_put_together_as_it_was_taken_apart():
    for written in ('{"a": {"b": [1, "x"], "c": null}, "d": 2.5}', '{"a":{"b":[1,"x"],"c":null},"d":2.5}'):
        shape, values = taken_apart(Answer(written, ()))
        assert shape == JSON
        assert put_together(shape, values, list(values), style_of([written])).text == written


def test_a_call_keeps_its_name():
    answer = Answer("", (("book", '{"city": "Köln"}'),))
    shape, values = taken_apart(answer)
    assert put_together(shape, values, list(values), Style()) == answer


def test_escaped_letters_are_a_style():
    assert style_of(['{"city": "K\\u00f6ln"}']).ascii
    assert not style_of(['{"city": "Köln"}']).ascii


def test_other_answers_have_no_shape():
    for answer in (Answer("yes", ()), Answer("[1]", ()), Answer("{broken", ()), Answer("", (("f", "{}"), ("f", "{}")))):
        assert taken_apart(answer) == ("", {})
    assert leaves({"a": {}}) == {("a",): {}}


def test_tokens_know_their_places():
    tokens = tokens_of("at 7:30pm for <PERSON_2_GIVEN> <PERSON_2_FAMILY>!")
    assert [tokens.text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)] == [
        "at", "7", ":", "30", "pm", "for", "<PERSON_2_GIVEN>", "<PERSON_2_FAMILY>", "!",
    ]  # fmt: skip
    assert tokens.words[-3:] == ("<PERSON_GIVEN>", "<PERSON_FAMILY>", "!")


def test_a_schema_is_the_same_in_whatever_words_a_layer_says_it():
    properties = {"customer": {"type": "string", "title": "Customer"}, "title": {"type": "string"}}
    schema = {"type": "object", "properties": properties, "required": ["customer"], "additionalProperties": False}
    plain = {"type": "object", "properties": {"customer": {"type": "string"}, "title": {"type": "string"}}, "required": ["customer"]}  # fmt: skip
    requests = [
        {"response_format": {"type": "json_schema", "json_schema": {"name": "D", "schema": schema, "strict": True}}},
        {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": {"name": "D", "schema": plain}}},
    ]
    offers = {Reader().read({**row_of("x"), "request": json.dumps(one)}).offer for one in requests}
    assert len(offers) == 1 and offers != {""}
    del plain["properties"]["title"]
    assert Reader().read({**row_of("x"), "request": json.dumps(requests[1])}).offer not in offers

import json

import pytest

from agentlog.messages import parts
from agentlog.recorder.evidence import plain
from agentlog.recorder.structure import asks_for_structure, speaks, words_for_a_reader
from agentlog.recorder.surface import Run, decide, judge, needs_the_end
from agentlog.records import Draft

ANSWER = "Dear Mia, your parcel is on its way."
SCHEMA = '{"response_format": {"type": "json_schema", "json_schema": {}}}'


def model(
    call_id="m", text="", tool=None, parent="root", *, told=(), system=None, ids=(), mark="", at=1, history=(), **row
):
    said = [parts.text(text)] if text else []
    if tool:
        said.append(parts.tool_call(*tool) if isinstance(tool, tuple) else parts.tool_call(tool, {}))
    row = {
        "call_id": call_id,
        "parent_id": parent,
        "operation": "chat",
        "time": at,
        "system_instructions": [parts.text(system)] if system else None,
        "input_messages": [*history, *(parts.message("user", parts.text(one)) for one in told)],
        "output_messages": [parts.message("assistant", *said)],
        **row,
    }
    return Draft(row, root=parent is None, message_ids=tuple(ids), mark=mark)


def root(*answers, ids=(), mark="", asked=None, **row):
    row = {"call_id": "root", "operation": "invoke_workflow", "tool_arguments": asked, **row}
    return Draft(row, root=True, answer_texts=answers, answer_ids=tuple(ids), mark=mark)


def tool_row(call_id="t", result=None, parent="root"):
    row = {"call_id": call_id, "parent_id": parent, "operation": "execute_tool", "tool_result": result}
    return Draft(row, root=False)


def surfaces(*drafts):
    run = Run()
    for one in drafts:
        run.note(one)
    judge(drafts, run)
    return {one.row["call_id"]: one.row["surface"] for one in drafts}


# ---------------------------------------------------------------- marks and identity


def test_a_mark_wins_over_everything():
    assert surfaces(model(tool="lookup", mark="human"), root("x"))["m"] == "human"
    assert surfaces(model(text=ANSWER, mark="internal"), root(ANSWER))["m"] == "internal"


def test_the_message_that_is_the_runs_answer_is_human():
    one, two = model("a", "a draft of the reply", ids=["lc_run--1"]), model("b", "the final reply", ids=["lc_run--2"])
    assert surfaces(one, two, root("the final reply", ids=["lc_run--2"])) == {
        "a": "unknown",
        "b": "human",
        "root": "human",
    }


def test_what_goes_through_a_function_that_is_marked_human_is_human():
    shown = Draft({"call_id": "f", "parent_id": "root", "operation": "execute_tool"}, root=False, mark="human",
                  answer_texts=(ANSWER,))  # fmt: skip
    assert surfaces(model(text=ANSWER), shown, root())["m"] == "human"


def test_words_in_the_answer_of_a_run_that_is_marked_internal_are_internal():
    assert surfaces(model(text=ANSWER), model("s", "refund"), root(ANSWER, "refund", mark="internal")) == {
        "m": "internal",
        "s": "internal",
        "root": "internal",
    }


# ---------------------------------------------------------------- the run's answer


@pytest.mark.parametrize(
    "given",
    [
        f"Subject: parcel\n{ANSWER} Bye",
        "<p>Dear <b>Mia</b>,</p>\n<p>your parcel is on its way.</p>",
        "DEAR MIA, YOUR PARCEL\nIS ON ITS WAY.",
        json.dumps({"html": "Dear Mia,\nyour parcel is on its way."}),
        "Dear Mia, your parcel is on its w…",
        "Dear Max, your parcel is on its way.",
    ],
    ids=["beside other words", "markup", "another case, other lines", "JSON", "cut", "a name filled in"],
)
def test_words_that_stand_in_the_runs_answer_are_human_although_code_changed_it(given):
    later = model("later", "noted", told=[ANSWER], at=2)
    assert surfaces(model(text=ANSWER), later, root(given))["m"] == "human"


def test_an_answer_in_no_models_words_may_be_any_of_them_translated():
    drafts = model(text=ANSWER), model("later", "noted", told=[ANSWER], at=2)
    assert surfaces(*drafts, root("Liebe Mia, dein Paket ist unterwegs."))["m"] == "unknown"
    assert surfaces(*drafts, root("亲爱的米娅您的包裹已经在路上了"))["m"] == "unknown"
    assert surfaces(*drafts, root("done"))["m"] == "unknown"


def test_what_a_function_made_of_a_models_words_may_be_their_translation():
    translate = tool_row("t", "Liebe Mia, dein Paket ist unterwegs.")
    translate.row["tool_arguments"] = json.dumps({"text": ANSWER})
    drafts = model(text=ANSWER), translate, model("later", "It was noted, as asked.", told=[ANSWER], at=2)
    assert surfaces(*drafts, root("Liebe Mia, dein Paket ist unterwegs.", "It was noted, as asked."))["m"] == "unknown"


def test_what_the_run_was_asked_and_what_a_tool_found_are_no_unknown_words_of_an_answer():
    policy = "A parcel takes three days, and five in winter."
    drafts = (
        model("m", "It will take three days, as always.", told=["?"]),
        model("n", "Three days it is.", told=["It will take three days, as always."], at=2),
        tool_row(result=policy),
        root(
            "Three days it is.",
            policy,
            "How long does a parcel take in summer?",
            asked='["How long does a parcel take in summer?"]',
        ),
    )
    assert surfaces(*drafts)["m"] == "internal"


def test_a_short_answer_that_stands_in_a_longer_text_by_chance_is_no_evidence():
    assert surfaces(model(text="yes"), root("eyes\nyesterday"))["m"] == "unknown"
    assert surfaces(model(text="yes"), root("yes"))["m"] == "human"


def test_a_phrase_inside_the_answer_of_another_call_is_that_ones():
    asked = model("m", "refund of shoes", told=["?"])
    final = model("f", "We are happy to explain the refund of shoes.", system="Search: refund of shoes", at=2)
    assert surfaces(asked, final, root("We are happy to explain the refund of shoes.")) == {
        "m": "internal",
        "f": "human",
        "root": "human",
    }


def test_a_draft_that_the_last_call_leaves_as_it_is_was_read_by_a_person():
    draft = model("m", ANSWER)
    assert surfaces(draft, model("f", ANSWER, told=[ANSWER], at=2), root(ANSWER))["m"] == "human"


def test_the_call_whose_words_explain_a_changed_answer_is_the_one_not_its_draft():
    first = "We regret that your order is late, it comes on Friday at noon."
    last = "We regret that your order {number} is late, it comes on Friday at noon or before."
    given = last.replace("{number}", "A17").upper()
    assert surfaces(model("m", first), model("f", last, told=[first], at=2), root(given)) == {
        "m": "internal",
        "f": "human",
        "root": "human",
    }


def test_a_field_of_a_structured_answer_that_the_run_gives_back_is_human():
    one = model(text='{"mood": "calm", "reply": "No."}', request=SCHEMA)
    assert surfaces(one, root("No."))["m"] == "human"
    final = model(tool=("final_answer", {"answer": "8"}))
    assert surfaces(final, root("8"))["m"] == "human"


# ---------------------------------------------------------------- told to another call


def test_words_that_a_later_call_is_told_are_internal_where_the_run_answers_otherwise():
    one = model(text="A long note about the parcel.")
    other = model("f", ANSWER, told=["Notes: a long note\nabout the parcel."], at=2)
    assert surfaces(one, other, root(ANSWER))["m"] == "internal"


@pytest.mark.parametrize(
    ("part", "surface"), [("system", "internal"), ("user", "internal"), ("tool", "internal"), ("assistant", "unknown")]
)
def test_an_assistants_turn_that_comes_back_is_no_evidence(part, surface):
    one = model(text="A long note about the parcel.")
    held = (
        parts.tool_call_response("A long note about the parcel.")
        if part == "tool"
        else parts.text("A long note about the parcel.")
    )
    other = model("f", ANSWER, history=[parts.message(part, held)], at=2)
    assert surfaces(one, other, root(ANSWER))["m"] == surface


def test_the_query_of_a_search_is_told_to_a_program():
    search = Draft({"call_id": "r", "parent_id": "root", "operation": "retrieval", "time": 2,
                    "tool_arguments": '{"query": "time limit of refunds"}'}, root=False)  # fmt: skip
    drafts = model(text="time limit of refunds"), search, model("f", ANSWER, at=3), root(ANSWER)
    assert surfaces(*drafts)["m"] == "internal"


def test_words_that_were_told_before_are_no_evidence():
    said = model(text="A long note about the parcel.", told=["Repeat: A long note about the parcel."], at=1)
    again = model("f", ANSWER, told=["Repeat: A long note about the parcel."], at=2)
    assert surfaces(said, again, root(ANSWER))["m"] == "unknown"


def test_a_reply_that_somebody_outside_answered_is_not_internal_though_a_summary_was_made_of_it():
    reply = "Since when does it hurt, please?"
    talk = [parts.message("user", parts.text("It hurts.")), parts.message("assistant", parts.text(reply)),
            parts.message("user", parts.text("Since yesterday."))]  # fmt: skip
    drafts = (
        model(text=reply),
        model("last", ANSWER, history=talk, at=2),
        model("memory", "A note", told=[f"It hurts. {reply} Since yesterday."], at=3),
        root(ANSWER),
    )
    assert surfaces(*drafts)["m"] == "unknown"


def test_a_critique_that_a_model_wrote_is_nobody_outside():
    essay, critique = "The sea is big and it is wet.", "Say something of your own."
    talk = [parts.message("assistant", parts.text(essay)), parts.message("user", parts.text(critique))]
    drafts = (
        model("essay", essay, system="You write."),
        model("critique", critique, told=[essay], at=2),
        model("final", ANSWER, system="You write.", history=talk, at=3),
        root(ANSWER),
    )
    assert surfaces(*drafts)["essay"] == "internal"


def test_a_word_that_steers_another_call_is_internal_unless_it_is_one_of_several_answers():
    final = model("f", ANSWER, system="You are the billing clerk.", at=2)
    assert surfaces(model(text="billing", system="Which desk?"), final, root(ANSWER))["m"] == "internal"
    quiz = model("f", ANSWER, system="You answer.", told=["Was it Goethe?"], at=2)
    assert surfaces(model(text="Goethe", system="You answer."), quiz, root(ANSWER))["m"] == "unknown"


def test_what_somebody_watched_coming_is_not_internal_unless_the_run_itself_streams():
    one = model(text="A long note about the parcel.", time_to_first_chunk_s=0.1)
    other = model("f", ANSWER, told=["A long note about the parcel."], at=2)
    assert surfaces(one, other, root(ANSWER))["m"] == "unknown"
    assert surfaces(one, other, root(ANSWER, time_to_first_chunk_s=0.2))["m"] == "internal"


@pytest.mark.parametrize(
    "how", [{"error_type": "ValueError"}, {"finish_reasons": ["abandoned"]}, {"finish_reasons": ["interrupted"]}]
)
def test_a_run_without_its_answer_says_nothing_of_its_calls(how):
    drafts = (
        model(text="A long note about the parcel."),
        model("f", "Noted so.", told=["A long note about the parcel."], at=2),
    )
    assert surfaces(*drafts, root("something", **how))["m"] == "unknown"
    assert surfaces(*drafts, root())["m"] == "unknown"
    assert surfaces(*drafts)["m"] == "unknown"


# ---------------------------------------------------------------- structure


def test_only_tool_calls_are_internal_and_words_beside_them_are_not():
    assert decide(model(tool="lookup"), Run()) == ("internal", "only tool calls")
    assert decide(model(text="Let me look.", tool="lookup"), Run())[0] == "unknown"


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("send_email", {"to": "x", "body": "Dear Mia"}, True),
        ("final_answer", {"answer": "42"}, True),
        ("askUser", {"question": "Which city?"}, True),
        ("ask", {"text": "Which city?"}, True),
        ("say", "hello", True),
        ("ask_the_clerk", {"question": "Where is it?"}, False),
        ("send_certificate", {"user_id": "u", "amount": 100}, False),
        ("lookup_order", {"text": "A17"}, False),
        ("write_file", {"content": "print()"}, False),
    ],
)
def test_a_tool_that_speaks_to_somebody_is_not_internal(name, arguments, says):
    assert speaks(parts.tool_call(name, arguments)) is says
    assert decide(model(tool=(name, arguments)), Run())[0] == ("unknown" if says else "internal")


def test_structured_output_is_internal_but_not_what_it_holds_for_a_reader():
    assert decide(model(text='{"kind": "refund"}', request=SCHEMA), Run()) == ("internal", "structured output")
    assert decide(model(text='```json\n{"kind": 1}\n```', request=SCHEMA), Run())[0] == "internal"
    for text in ('{"answer": "42"}', json.dumps({"summary": "word " * 30}), '{"answer": "cut o'):
        assert decide(model(text=text, request=SCHEMA), Run())[0] == "unknown"
    assert (
        decide(model(text=json.dumps({"reasoning": "word " * 30, "kind": "a"}), request=SCHEMA), Run())[0] == "internal"
    )


def test_json_that_no_schema_asked_for_is_internal_where_the_run_answers_otherwise():
    assert decide(model(text='{"kind": "refund"}'), Run())[0] == "unknown"
    assert surfaces(model(text='{"kind": "refund"}'), model("f", ANSWER), root(ANSWER))["m"] == "internal"


@pytest.mark.parametrize(
    ("request_", "structured"),
    [
        ('{"response_format": {"type": "text"}}', False),
        ('{"response_format": {"type": "json_object"}}', True),
        ('{"text": {"format": {"type": "text"}}}', False),
        ('{"text": {"format": {"type": "json_schema", "schema": {}}}}', True),
        ('{"generationConfig": {"responseMimeType": "application/json"}}', True),
        ('{"temperature": 0}', False),
        ("not json", False),
        (None, False),
    ],
)
def test_what_asks_for_structure(request_, structured):
    assert asks_for_structure(request_) is structured


def test_what_is_for_a_reader_in_a_structured_answer():
    value = {"kind": "refund", "message": "Hello", "notes": "word " * 40, "body": ["word " * 40]}
    assert words_for_a_reader(value) == ["Hello", ("word " * 40).strip()]


def test_below_a_tool_is_internal_only_when_the_run_has_ended():
    one = model(text="some words of a sub-agent", parent="t")
    final = model("f", ANSWER, at=2)
    assert surfaces(one, tool_row(), final, root(ANSWER))["m"] == "internal"
    assert surfaces(one, tool_row(), final)["m"] == "unknown"


def test_a_sub_agents_words_that_reach_the_answer_are_human_although_below_a_tool():
    one = model(text="The refund was paid on Monday.", parent="t")
    assert surfaces(one, tool_row(), root("The refund was paid on Monday."))["m"] == "human"


# ---------------------------------------------------------------- what is no model call


def test_tools_and_embeddings_are_internal_and_the_outermost_call_is_unknown():
    assert decide(tool_row(), Run())[0] == "internal"
    assert decide(Draft({"call_id": "e", "operation": "embeddings"}, root=True), Run())[0] == "internal"
    assert decide(root("x"), Run())[0] == "unknown"


def test_whoever_hands_on_the_runs_answer_is_human_too():
    drafts = model(text=ANSWER, parent="t"), tool_row(result=f"<p>{ANSWER}</p>"), root(ANSWER)
    assert surfaces(*drafts) == {"m": "human", "t": "human", "root": "human"}


def test_a_function_with_a_model_inside_is_not_internal_while_nobody_knows_what_the_run_gave_back():
    drafts = model(text="A long note about the parcel.", parent="t"), tool_row(result="A long note about the parcel.")
    assert surfaces(*drafts, root())["t"] == "unknown"
    assert surfaces(*drafts)["t"] == "unknown"
    assert surfaces(tool_row(result="shipped"), root())["t"] == "internal"


def test_a_model_call_without_a_run_and_evidence_is_unknown():
    assert decide(model(text="hello", parent=None), Run()) == ("unknown", "no run around it")


def test_a_call_that_cannot_be_judged_counts_as_human():
    broken = model(text="hello there, whoever you are")
    broken.row["output_messages"] = [7]
    other = model("other", tool="lookup")
    noted, final = model("noted", "A long note about it."), model("final", ANSWER, told=["A long note about it."], at=2)
    found = surfaces(broken, other, noted, final, root(ANSWER))
    assert found == {"m": "human", "other": "internal", "noted": "internal", "final": "human", "root": "human"}


# ---------------------------------------------------------------- who waits


def test_only_a_call_that_the_runs_answer_can_tell_of_waits_for_it():
    assert needs_the_end(model(text=ANSWER))
    assert not needs_the_end(model(text=ANSWER, parent=None))
    assert not needs_the_end(model(text=ANSWER, mark="human"))
    assert not needs_the_end(model(tool="lookup"))
    assert not needs_the_end(model(text="billing"))
    assert not needs_the_end(tool_row())


def test_a_long_trace_is_remembered_within_bounds(monkeypatch):
    monkeypatch.setattr("agentlog.recorder.surface._PLACES", 10)
    run = Run()
    for number in range(100):
        run.note(model(f"m{number}", "x", parent=f"t{number}"))
    assert len(run._above) == len(run._around_models) == 10


def test_plain_words_are_the_same_whatever_is_around_them():
    assert plain("<b>Zürich</b>,\n&amp; 42!") == plain("zürich & 42") == " zürich 42 "
    assert plain('"Z\\u00fcrich\\n42"') == " zürich 42 "
    assert plain("我们 退还") == plain("我们退还")

from agentlog.messages import parts
from agentlog.recorder.layers import merge, same_call
from agentlog.recorder.links import Links
from agentlog.records import Draft


def draft(call_id, said, answer="", *, system=None, response_id=None, **row):
    return Draft(
        {
            "call_id": call_id,
            "trace_id": call_id,
            "operation": "chat",
            "system_instructions": [parts.text(system)] if system else None,
            "input_messages": [parts.message(role, parts.text(text)) for role, text in said],
            "output_messages": [parts.message("assistant", parts.text(answer))] if answer else None,
            **row,
        },
        sequences=(1,) if call_id == "outer" else (2,),
        response_id=response_id,
    )


def test_equal_input_is_the_same_call_whatever_the_layer_calls_the_roles():
    outer = draft("outer", [("system", "Be brief."), ("user", "hi")])
    assert same_call(outer, draft("inner", [("developer", "Be brief."), ("user", "hi")]))
    assert same_call(outer, draft("inner", [("user", "hi")], system="Be brief."))
    assert not same_call(outer, draft("inner", [("system", "Be brief."), ("user", "bye")]))


def test_the_providers_answer_id_decides_where_both_have_one():
    outer = draft("outer", [("user", "hi")], response_id="r1")
    assert same_call(outer, draft("inner", [("user", "other")], response_id="r1"))
    assert not same_call(outer, draft("inner", [("user", "hi")], response_id="r2"))


def test_two_empty_inputs_are_not_the_same_call():
    assert not same_call(draft("outer", []), draft("inner", []))


def test_the_row_has_the_outer_place_and_the_inner_truth():
    outer = draft("outer", [("user", "hi")], "hello", node="triage", usage=None, request='{"a": 1}')
    inner = draft("inner", [("user", "hi")], "hello", usage={"input_tokens": 3}, request='{"temperature": 0}')
    merge(outer, inner)
    assert outer.row["node"] == "triage"
    assert outer.row["usage"] == {"input_tokens": 3}
    assert outer.row["request"] == '{"temperature": 0}'
    assert outer.row["call_id"] == "outer"
    assert outer.sequences == (1, 2)


def test_a_call_that_extends_an_earlier_one_belongs_to_its_trace():
    links = Links()
    first = draft("first", [("system", "s"), ("user", "hi")], "hello")
    second = draft("second", [("system", "s"), ("user", "hi"), ("assistant", "hello"), ("user", "more")], "yes")
    third = draft("third", [*[("system", "s"), ("user", "hi"), ("assistant", "hello"), ("user", "more")],
                            ("assistant", "yes"), ("user", "bye")])  # fmt: skip
    other = draft("other", [("system", "s"), ("user", "hi"), ("assistant", "other words"), ("user", "more")])
    for one in (first, second, third, other):
        links.link(one)
    assert [one.row["trace_id"] for one in (first, second, third, other)] == ["first", "first", "first", "other"]


def test_the_same_question_asked_twice_is_two_traces():
    links = Links()
    first, second = draft("first", [("user", "hi")], "hello"), draft("second", [("user", "hi")], "hello")
    links.link(first)
    links.link(second)
    assert second.row["trace_id"] == "second"


def tool(call_id, name, arguments, framework=None):
    row = {"call_id": call_id, "operation": "execute_tool", "name": name, "tool_arguments": arguments}
    return Draft({**row, "framework": framework}, root=False)


def test_a_frameworks_tool_and_the_function_it_calls_are_one_call():
    outer = tool("outer", "lookup_order", '{"order_id": "A17"}', "langchain")
    assert same_call(outer, tool("inner", "tools.<locals>.lookup_order", '{"order_id":"A17"}'))
    assert not same_call(outer, tool("inner", "fetch", '{"order_id": "A17"}'))
    assert not same_call(outer, tool("inner", "lookup_order", '{"order_id": "A18"}'))
    assert not same_call(tool("outer", "lookup_order", "{}"), tool("inner", "lookup_order", "{}"))

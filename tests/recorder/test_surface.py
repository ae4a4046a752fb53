import pytest

from agentlog.messages import parts
from agentlog.recorder.surface import Run, asks_for_structure, decide, judge
from agentlog.records import Draft


def model(call_id="m", text="", tool=None, parent="root", request=None, ids=(), mark=""):
    said = [parts.text(text)] if text else []
    if tool:
        said.append(parts.tool_call(tool, {}))
    row = {
        "call_id": call_id,
        "parent_id": parent,
        "operation": "chat",
        "output_messages": [parts.message("assistant", *said)],
        "request": request,
    }
    return Draft(row, root=parent is None, message_ids=tuple(ids), mark=mark)


def root(answer=None, ids=(), operation="invoke_workflow"):
    return Draft({"call_id": "root", "operation": operation}, root=True, answer_text=answer, answer_ids=tuple(ids))


def run_of(*drafts, ended=True):
    run = Run()
    for draft in drafts:
        run.note(draft)
    run.ended = ended
    return run


def test_a_mark_wins_over_everything():
    one = model(tool="lookup", mark="human")
    assert decide(one, run_of(one)) == ("human", "marked")


def test_the_message_that_is_the_runs_answer_is_human():
    one, two = model("a", "draft", ids=["lc_run--1"]), model("b", "final", ids=["lc_run--2"])
    run = run_of(one, two, root(ids=["lc_run--2"]))
    assert decide(two, run)[0] == "human"
    assert decide(one, run)[0] == "unknown"


def test_words_that_stand_in_the_runs_answer_are_human():
    one = model(text="Dear Mia, your parcel is on its way.")
    assert decide(one, run_of(one, root("Subject: parcel\nDear Mia, your parcel is on its way. Bye")))[0] == "human"


def test_a_short_answer_that_stands_in_a_longer_text_by_chance_is_no_evidence():
    one = model(text="yes")
    assert decide(one, run_of(one, root("eyes\nyesterday")))[0] == "unknown"
    assert decide(one, run_of(one, root("yes")))[0] == "human"


def test_only_tool_calls_are_internal_and_words_beside_them_are_not():
    assert decide(model(tool="lookup"), Run()) == ("internal", "only tool calls")
    assert decide(model(text="Let me look.", tool="lookup"), Run())[0] == "unknown"


def test_structured_output_is_internal():
    one = model(text='{"kind": "refund"}', request='{"response_format": {"type": "json_schema", "json_schema": {}}}')
    assert decide(one, Run()) == ("internal", "structured output")


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


def test_below_a_tool_is_internal_only_when_the_run_has_ended():
    tool = Draft({"call_id": "t", "parent_id": "root", "operation": "execute_tool"}, root=False)
    one = model(text="some words of a sub-agent", parent="t")
    assert decide(one, run_of(one, tool, root("other")))[0] == "internal"
    assert decide(one, run_of(one, tool, ended=False))[0] == "unknown"


def test_a_sub_agents_words_that_reach_the_answer_are_human_although_below_a_tool():
    tool = Draft({"call_id": "t", "parent_id": "root", "operation": "execute_tool"}, root=False)
    one = model(text="The refund was paid on Monday.", parent="t")
    assert decide(one, run_of(one, tool, root("The refund was paid on Monday.")))[0] == "human"


def test_tools_and_embeddings_are_internal_and_the_outermost_call_is_unknown():
    assert decide(Draft({"call_id": "t", "operation": "execute_tool"}, root=False), Run())[0] == "internal"
    assert decide(Draft({"call_id": "e", "operation": "embeddings"}, root=True), Run())[0] == "internal"
    assert decide(root("x"), Run())[0] == "unknown"


def test_the_outermost_call_that_gave_a_person_the_answer_is_human_too():
    one, outer = model(text="Dear Mia, your parcel is on its way."), root("Dear Mia, your parcel is on its way.")
    judge([outer, one], run_of(one, outer))
    assert (one.row["surface"], outer.row["surface"]) == ("human", "human")


def test_a_model_call_without_a_run_and_evidence_is_unknown():
    assert decide(model(text="hello", parent=None), Run()) == ("unknown", "no run around it")

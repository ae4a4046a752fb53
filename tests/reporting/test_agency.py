"""Who decides what runs next, told from records."""

from __future__ import annotations

import pytest

from agentlog.reporting.agency import agency, is_forced

TOOL = '[{"type": "function", "function": {"name": "lookup"}}]'
TWO = '[{"type": "function", "function": {"name": "lookup"}}, {"type": "function", "function": {"name": "refund"}}]'


def asks(*names):
    parts = [{"type": "tool_call", "id": name, "name": name, "arguments": "{}"} for name in names]
    return {"role": "assistant", "parts": parts}


def of(agent, tmp_path):
    return agency(agent.write(tmp_path / "records"))


def only(found):
    (kind,) = [kind for kind, count in found.runs.items() if count]
    return kind


def test_a_model_that_chooses_every_tool_is_language_model_agency(agent, tmp_path):
    agent.chat(0, "s", "a", asks("lookup", "refund"), tool_definitions=TWO)
    agent.tool(0, "lookup")
    agent.tool(0, "refund")
    agent.chat(0, "s", "b", "done", tool_definitions=TWO, surface="human")
    found = of(agent, tmp_path)
    assert only(found) == "language-model"
    assert (found.choosing, found.told, found.executions, found.asked, found.talking) == (2, 0, 2, 2, 1)


def test_models_and_tools_in_an_order_of_the_program_are_code_agency(agent, tmp_path):
    agent.chat(0, "s", "a", "refund")
    agent.tool(0, "lookup")
    agent.chat(0, "s", "b", "yes")
    found = of(agent, tmp_path)
    assert only(found) == "code"
    assert (found.choosing, found.told, found.executions, found.asked) == (0, 2, 1, 0)


def test_a_graph_in_which_one_model_chooses_is_both(shared):
    found = agency(shared)
    assert only(found) == "mixed" and found.runs["mixed"] == 60
    assert (found.choosing, found.told, found.executions, found.asked) == (120, 60, 60, 60)


def test_a_tool_that_code_runs_beside_a_model_that_chooses_is_both(agent, tmp_path):
    agent.chat(0, "s", "a", asks("lookup"), tool_definitions=TOOL)
    agent.tool(0, "lookup")
    agent.tool(0, "lookup")  # asked for once
    found = of(agent, tmp_path)
    assert only(found) == "mixed" and (found.executions, found.asked) == (2, 1)


def test_an_execution_inside_the_call_that_asked_for_it_needs_no_name(agent, tmp_path):
    call = agent.chat(0, "s", "a", asks("lookup"), tool_definitions=TOOL)
    agent.tool(0, "Lookup.run", parent_id=call)
    assert of(agent, tmp_path).asked == 1


def test_a_tool_before_its_call_was_not_asked_for(agent, tmp_path):
    agent.tool(0, "lookup")
    agent.chat(0, "s", "a", asks("lookup"), tool_definitions=TOOL)
    assert of(agent, tmp_path).asked == 0


def test_a_forced_tool_is_structured_output_and_code_leads(agent, tmp_path):
    forced = '{"tool_choice": {"type": "function", "function": {"name": "lookup"}}}'
    agent.chat(0, "s", "a", asks("lookup"), tool_definitions=TWO, request=forced)
    agent.chat(0, "s", "b", "yes")
    found = of(agent, tmp_path)
    assert only(found) == "code" and (found.choosing, found.forced) == (0, 1)


def test_one_call_alone_leads_nothing_and_a_retrieval_before_it_is_code(agent, tmp_path):
    agent.chat(0, "s", "a", "b")
    agent.add(1, operation="retrieval", name="index")
    agent.chat(1, "s", "a", "b")
    agent.add(2, operation="embeddings", request_model="e")
    found = of(agent, tmp_path)
    assert found.runs == {"language-model": 0, "mixed": 0, "code": 1, "single": 1} and found.n_runs == 2


def test_what_a_chosen_tool_retrieves_belongs_to_it(agent, tmp_path):
    agent.chat(0, "s", "a", asks("lookup"), tool_definitions=TOOL)
    tool = agent.tool(0, "lookup")
    agent.add(0, operation="retrieval", name="index", parent_id=tool)
    assert only(of(agent, tmp_path)) == "language-model"


def test_a_withheld_answer_may_have_asked_for_what_it_was_offered(agent, tmp_path):
    hidden = {"policy": "p", "counts": [], "failed": False, "withheld": "output: human-facing"}
    agent.chat(0, "s", "a", "", tool_definitions=TOOL, output_messages=None, redaction=hidden)
    agent.tool(0, "lookup")
    agent.tool(0, "audit")
    found = of(agent, tmp_path)
    assert (found.executions, found.asked) == (2, 1)


def test_a_called_tool_shows_that_tools_were_offered(agent, tmp_path):
    agent.chat(0, "s", "a", asks("lookup"))
    agent.tool(0, "lookup")
    assert only(of(agent, tmp_path)) == "language-model"


@pytest.mark.parametrize(
    ("request_json", "offered", "forced"),
    [
        (None, 1, False),
        ("{}", 2, False),
        ("no json", 2, False),
        ('{"tool_choice": "auto"}', 1, False),
        ('{"tool_choice": "required"}', 2, False),
        ('{"tool_choice": "required"}', 1, True),
        ('{"tool_choice": "none"}', 2, True),
        ('{"tool_choice": "lookup"}', 2, True),
        ('{"tool_choice": {"type": "function", "name": "lookup"}}', 2, True),
        ('{"tool_choice": {"type": "tool", "name": "lookup"}}', 2, True),
        ('{"tool_choice": {"type": "any"}}', 2, False),
        ('{"tool_choice": {"type": "any"}}', 1, True),
        ('{"tool_choice": {"type": "auto"}}', 1, False),
        ('{"tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{}, {}]}}', 2, False),
        ('{"tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [{}]}}', 2, True),
        ('{"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}', 2, False),
        ('{"toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["lookup"]}}}', 2, True),
        ('{"tool_config": {"function_calling_config": {"mode": "AUTO"}}}', 1, False),
        ('{"toolConfig": {"toolChoice": {"tool": {"name": "lookup"}}}}', 2, True),
        ('{"toolConfig": {"toolChoice": {"auto": {}}}}', 2, False),
        ('{"toolConfig": {"tools": []}}', 2, False),
    ],
)
def test_who_forces_a_tool_in_each_providers_words(request_json, offered, forced):
    assert is_forced(request_json, ("lookup", "refund")[:offered]) is forced

"""What the router decides, and why: task, state, gates, threshold, validation, audits."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

import agentlog
from agentlog.errors import ConfigurationError, DatasetError, UnknownName
from agentlog.models import Prediction
from agentlog.redaction import RedactionPolicy
from agentlog.routing import Router
from agentlog.routing.runs import drawn
from agentlog.storage.schema import CALLS
from agentlog.tasks.reading import Answer

REFUND = Answer("refund", ())


def test_without_a_model_the_llm_answers_and_the_task_is_known(kit, router, triage_id):
    decision = router.decide(kit.triage("please refund the lamp"))
    assert (decision.route, decision.task, decision.state, decision.reason) == ("llm", triage_id, "off", "no model")
    assert decision.answer is None and not decision.wants_outcome


def test_a_call_of_no_task_goes_to_the_llm(router):
    decision = router.decide([{"role": "user", "content": "Write a long poem about the sea, in verse."}])
    assert (decision.route, decision.task, decision.reason) == ("llm", None, "no known task")
    assert router.status().unassigned == 1


def test_in_shadow_the_model_is_asked_and_the_llm_answers(kit, router, place, triage_id):
    model = kit.Small()
    router.put(triage_id, place(model))
    decision = router.decide(kit.triage("please refund the lamp"))
    assert (decision.route, decision.state, decision.reason, decision.score) == ("llm", "shadow", "shadow", 0.999)
    assert decision.answer is None and decision.wants_outcome and len(model.rows) == 1


def test_switched_on_the_model_answers(kit, router, place, triage_id, tasks):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    decision = router.decide(kit.triage("please refund the lamp"))
    assert (decision.route, decision.answer, decision.score, decision.audit) == ("model", REFUND, 0.999, False)
    assert decision.model == f"agentlog/{tasks[triage_id].name}@0123456789ab"
    status = router.status()
    assert status.served == 1 and status.saved_usd == pytest.approx(0.002)


def test_the_lost_prompt_cache_is_taken_from_the_saving(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0, cache_lost_usd=0.0005)
    router.decide(kit.triage("please refund the lamp"))
    assert router.status().saved_usd == pytest.approx(0.0015)


def test_a_task_is_found_by_its_name_too_and_an_unknown_one_is_named(kit, router, place, tasks, triage_id):
    router.put(tasks[triage_id].name, place(kit.Small()), state="on")
    with pytest.raises(UnknownName, match="nonsense"):
        router.put("nonsense", place(kit.Small()))


@pytest.mark.parametrize(
    ("said", "score", "reason"),
    [
        (Prediction(REFUND, 0.999, "unknown words"), 0.999, "novel: unknown words"),
        (REFUND, 0.5, "unsure"),
        (None, 0.999, "no answer"),
        (Answer("", (("no_such_tool", "{}"),)), 0.999, "invalid: "),
        (Answer("write to <EMAIL_7>", ()), 0.999, "placeholder: "),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_the_llms(kit, router, place, triage_id, said, score, reason):
    router.put(triage_id, place(kit.Small(lambda text: said, score=score)), state="on", audit_share=0.0)
    decision = router.decide(kit.triage("please refund the lamp"))
    assert decision.route == "llm" and decision.answer is None
    assert decision.reason.startswith(reason)


def test_a_model_without_a_threshold_never_answers(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small(score=1.0, threshold=float("inf"))), state="on", audit_share=0.0)
    assert router.decide(kit.triage("please refund the lamp")).reason == "unsure"
    assert json.loads((router._keeper.folder / "routing.json").read_text())["routes"][triage_id]["threshold"] is None


def test_a_threshold_given_by_hand_holds(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small(score=0.7)), state="on", audit_share=0.0, threshold=0.6)
    assert router.decide(kit.triage("please refund the lamp")).route == "model"


def test_a_required_argument_that_is_missing_is_found_out(kit, router, place, lookup_id):
    pytest.importorskip("jsonschema")
    says = Answer("", (("find_customer", '{"name": "<PERSON_1_GIVEN>"}'),))
    router.put(lookup_id, place(kit.Small(lambda text: says)), state="on", audit_share=0.0)
    decision = router.decide(kit.lookup("I am Mia Li, my address is mia@example.com, number 7"), tools=kit.TOOLS)
    assert decision.task == lookup_id and decision.route == "llm" and decision.reason.startswith("invalid")
    assert router.status().routes[0].invalid == 1


def test_placeholders_are_filled_back_in_tool_arguments(kit, router, place, lookup_id):
    pytest.importorskip("jsonschema")
    model = kit.Small(
        lambda text: Answer(
            "", (("find_customer", '{"email": "<EMAIL_1>", "name": "<PERSON_1_GIVEN> <PERSON_1_FAMILY>"}'),)
        )
    )
    router.put(lookup_id, place(model), state="on", audit_share=0.0)
    decision = router.decide(kit.lookup("I am Mia Li, my address is mia@example.com, number 7"), tools=kit.TOOLS)
    assert "mia" not in json.dumps(model.rows).lower()
    assert decision.route == "model", decision.reason
    assert json.loads(decision.answer.calls[0][1]) == {"email": "mia@example.com", "name": "Mia Li"}


def test_a_value_with_two_spellings_goes_to_the_llm(kit, router, place, lookup_id):
    pytest.importorskip("jsonschema")
    says = Answer("", (("find_customer", '{"email": "<EMAIL_1>"}'),))
    router.put(lookup_id, place(kit.Small(lambda text: says)), state="on", audit_share=0.0)
    text = "my address is mia@example.com, I mean Mia@Example.com, number 7"
    decision = router.decide(kit.lookup(text), tools=kit.TOOLS)
    assert decision.route == "llm" and decision.reason.startswith("placeholder")


def test_a_model_that_raises_costs_nothing_but_its_answer(kit, router, place, triage_id, caplog):
    def says(text: str) -> Answer:
        raise RuntimeError(f"secret words: {text}")

    router.put(triage_id, place(kit.Small(says)), state="on", audit_share=0.0)
    for _ in range(3):
        decision = router.decide(kit.triage("please refund the lamp"))
        assert (decision.route, decision.reason) == ("llm", "failed: RuntimeError")
    assert "secret words" not in caplog.text
    assert router.status().routes[0].failed == 3


def test_a_damaged_model_folder_is_refused_when_put_and_survived_when_loaded(
    kit, router, place, triage_id, tmp_path, caplog
):
    broken = tmp_path / "models" / "broken"
    broken.mkdir(parents=True)
    (broken / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError):
        router.put(triage_id, broken)
    good = place(kit.Small())
    router.put(triage_id, good, state="on", audit_share=0.0)
    table = router._keeper.folder / "routing.json"
    table.write_text(table.read_text(encoding="utf-8").replace("models/small", "models/broken"), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        again = Router.load(table, key=kit.KEY)
    decision = again.decide(kit.triage("please refund the lamp"))
    assert decision.route == "llm" and "cannot be opened" in decision.reason
    assert "cannot be opened" in repr(again.status())
    again.close()


def test_a_model_that_was_exchanged_in_its_folder_is_not_asked(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    place(kit.Small(version="ffffffffffff"))
    again = kit.reopened(router)
    decision = again.decide(kit.triage("please refund the lamp"))
    assert decision.route == "llm" and "another one" in decision.reason
    again.close()


def test_a_model_of_another_task_or_another_redaction_is_refused(kit, router, place, triage_id, lookup_id):
    stranger = kit.Small()
    stranger.task_id = lookup_id
    with pytest.raises(ConfigurationError, match="is the model of task"):
        router.put(triage_id, place(stranger))
    with pytest.raises(ConfigurationError, match="redacted by"):
        router.put(triage_id, place(kit.Small(), policy="off"))


def test_under_another_redaction_everything_goes_to_the_llm_and_it_is_said_once(kit, router, place, triage_id, caplog):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    router.flush()
    with caplog.at_level(logging.WARNING):
        other = Router.load(router._keeper.folder, redaction=RedactionPolicy(keep=("IP",)), key=kit.KEY)
        decisions = [other.decide(kit.triage("please refund the lamp")) for _ in range(3)]
    assert {one.route for one in decisions} == {"llm"} and "redaction" in decisions[0].reason
    assert caplog.text.count("nothing is routed") == 1
    assert "Nothing is routed" in repr(other.status())
    other.close()


def test_a_canary_serves_exactly_the_traces_that_the_hash_draws(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="canary", share=0.3, audit_share=0.0)
    traces = [f"trace-{n}" for n in range(300)]
    served = {one for one in traces if router.decide(kit.triage("please refund the lamp"), trace=one).route == "model"}
    assert served == {one for one in traces if drawn(triage_id, one) < 0.3}
    assert 60 < len(served) < 120


def test_without_a_trace_the_same_request_always_draws_the_same(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="canary", share=0.5, audit_share=0.0)
    texts = [f"please refund order {n}" for n in range(40)]
    first = [router.decide(kit.triage(text)).route for text in texts]
    assert first == [router.decide(kit.triage(text)).route for text in texts]
    assert set(first) == {"llm", "model"}


def test_audits_are_the_share_that_was_asked_for(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.05)
    decisions = [router.decide(kit.triage(f"please refund order {n}")) for n in range(1000)]
    audits = [one for one in decisions if one.audit]
    assert 25 < len(audits) < 80
    assert all(one.route == "llm" and one.wants_outcome and one.answer is None for one in audits)
    assert all(one.route == "model" for one in decisions if not one.audit)


def test_a_run_stays_with_the_llm_that_it_began_with(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="shadow", audit_share=0.0)
    assert router.decide(kit.triage("please refund the lamp"), trace="old").route == "llm"
    router.move(triage_id, "canary", share=1.0, why="a test")
    router.move(triage_id, "on", why="a test")
    assert router.decide(kit.triage("refund it now"), trace="old").route == "llm"
    assert router.decide(kit.triage("refund it now"), trace="new").route == "model"


def test_a_run_stays_with_its_model_when_another_is_put_and_leaves_it_when_that_is_taken_back(
    kit, router, place, triage_id
):
    router.put(triage_id, place(kit.Small(), "one"), state="on", audit_share=0.0)
    assert router.decide(kit.triage("please refund the lamp"), trace="run").model.endswith("@0123456789ab")
    router.put(triage_id, place(kit.Small(version="ffffffffffff"), "two"), state="on", audit_share=0.0)
    assert router.decide(kit.triage("refund it now"), trace="run").model.endswith("@0123456789ab")
    assert router.decide(kit.triage("refund it now"), trace="other").model.endswith("@ffffffffffff")
    router.move(triage_id, "rolled_back", why="a test")
    assert router.decide(kit.triage("refund it at once"), trace="run").route == "llm"


def test_one_person_has_one_placeholder_in_a_trace(kit, router, place, triage_id):
    model = kit.Small()
    router.put(triage_id, place(model), state="on", audit_share=0.0)
    router.decide(kit.triage("my name is Mia Li, where is my parcel"), trace="run")
    router.decide(kit.triage("this is Bo Ek speaking, and Mia wants a refund"), trace="run")
    assert "<PERSON_1_GIVEN> wants" in model.rows[1]["input_messages"][-1]["parts"][0]["text"]


def test_the_users_id_never_reaches_the_model(kit, router, place, triage_id):
    model = kit.Small()
    router.put(triage_id, place(model), state="on", audit_share=0.0)
    router.decide(kit.triage("refund mia_li_3668 please"), user="mia_li_3668")
    router.decide(kit.triage("refund bo_ek_4711 please"), request={"user": "bo_ek_4711"})
    assert "3668" not in json.dumps(model.rows) and "4711" not in json.dumps(model.rows)


def test_a_body_of_a_chat_request_is_decided_like_its_parts(kit, router, place, lookup_id):
    pytest.importorskip("jsonschema")
    says = Answer("", (("find_customer", '{"email": "<EMAIL_1>"}'),))
    router.put(lookup_id, place(kit.Small(lambda text: says)), state="on", audit_share=0.0)
    body = {
        "model": "gpt-5",
        "messages": kit.lookup("my address is mia@example.com"),
        "tools": kit.TOOLS,
        "temperature": 0,
    }
    decision = router.decide_request(body)
    assert decision.route == "model" and "mia@example.com" in decision.answer.calls[0][1]


def test_a_tool_changed_in_place_is_seen(kit, router, place, lookup_id):
    model = kit.Small()
    router.put(lookup_id, place(model), state="on")
    tools = json.loads(json.dumps(kit.TOOLS))
    router.decide(kit.lookup("my address is mia@example.com"), tools=tools)
    tools[0]["function"]["parameters"]["required"] = ["name"]
    router.decide(kit.lookup("my address is mia@example.com"), tools=tools)
    assert model.rows[0]["tool_definitions"] != model.rows[1]["tool_definitions"]


@pytest.mark.parametrize(
    "messages",
    [
        None, 7, "text", [], [None], [7], [{}], [{"role": None, "content": None}], [{"content": {"a": object()}}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}],
        [{"role": "tool", "content": b"\xff"}], {"role": "user"}, object(), [{"role": "user", "content": "\ud800"}],
        [{"role": "user", "content": "x" * 3_000_000}], [[["deep"]]],
    ],
)  # fmt: skip
def test_garbage_never_raises_and_goes_to_the_llm(kit, router, place, triage_id, messages):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    decision = router.decide(messages, tools=object(), request={"a": object()})
    assert decision.route == "llm" and decision.reason
    router.outcome(decision, None)
    assert router.decide_request({"messages": messages}).route == "llm"


def test_odd_arguments_never_raise(router):
    assert router.decide_request(None).route == "llm"  # type: ignore[arg-type]
    assert router.decide([], dialect="no such dialect").reason == "the router failed: ValueError"
    router.outcome(None, None)  # type: ignore[arg-type]
    router.outcome(router.decide([]), object())  # type: ignore[arg-type]


def test_a_template_that_names_somebody_is_known_in_its_redacted_form(tmp_path, kit):
    rows = kit.traffic().to_pylist()
    for row in rows:
        row["input_messages"][0]["parts"][0]["text"] = "<EMAIL_1> is the customer who wrote.\nSort it."
    router = Router.create(
        tmp_path, agentlog.cluster(pa.Table.from_pylist(rows, schema=CALLS), min_size=10), key=kit.KEY
    )
    said = [
        {"role": "system", "content": "mia@example.com is the customer who wrote.\nSort it."},
        {"role": "user", "content": "a refund please"},
    ]
    assert router.decide(said).task is not None
    router.close()


def test_the_content_of_a_request_is_left_as_it_was(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on")
    messages = kit.triage("my name is Mia Li")
    before = json.dumps(messages)
    router.decide(messages, tools=kit.TOOLS, request={"user": "u-1", "temperature": 0})
    assert json.dumps(messages) == before


def test_other_dialects_find_the_same_task(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on", audit_share=0.0)
    system, user = kit.triage("please refund the lamp")
    for messages, dialect, request in (
        (
            [{"type": "system", "content": system["content"]}, {"type": "human", "content": user["content"]}],
            "langchain",
            {},
        ),
        ([user], "anthropic.messages", {"system": system["content"]}),
        ([user], "openai.responses", {"instructions": system["content"]}),
    ):
        decision = router.decide(messages, dialect=dialect, request=request)
        assert (decision.task, decision.route) == (triage_id, "model"), dialect


def test_many_threads_decide_and_learn_at_once(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="shadow", pinned=True)

    def one(n: int) -> str:
        decision = router.decide(kit.triage(f"my name is Mia Li, refund order {n}"), trace=f"run-{n % 7}")
        router.outcome(decision, REFUND)
        return decision.route

    with ThreadPoolExecutor(8) as pool:
        routes = list(pool.map(one, range(200)))
    router.flush()
    status = router.status()
    assert set(routes) == {"llm"} and status.decisions == 200
    assert status.routes[0].compared + status.dropped == 200 and status.routes[0].agreed == status.routes[0].compared


def test_a_closed_router_leaves_everything_to_the_llm(kit, router, place, triage_id):
    router.put(triage_id, place(kit.Small()), state="on")
    router.close()
    assert router.decide(kit.triage("please refund the lamp")).reason == "the router is closed"


def test_the_task_model_is_made_anew_before_it_remembers_too_much(kit, router, monkeypatch):
    monkeypatch.setattr("agentlog.routing.finding._RENEW", 3)
    before = router._finding._model
    for n in range(3):
        router.decide(kit.triage(f"order {n}"))
    router._tidy()
    assert router._finding._model is not before
    assert router.decide(kit.triage("please refund the lamp")).task is not None


def test_a_router_is_made_once(kit, router, tasks):
    with pytest.raises(ConfigurationError, match="exists already"):
        Router.create(router._keeper.folder, tasks, key=kit.KEY)


def test_a_router_can_stand_on_tasks_that_are_saved_elsewhere(kit, tmp_path: Path, tasks, triage_id):
    tasks.save(tmp_path / "tasks")
    made = Router.create(tmp_path / "routing", tmp_path / "tasks", key=kit.KEY)
    assert json.loads((tmp_path / "routing" / "routing.json").read_text())["tasks"] == "../tasks"
    assert kit.reopened(made).decide(kit.triage("please refund the lamp")).task == triage_id

"""How often the LLM agrees with itself."""

import gzip
import json

import pytest

from agentlog.evaluation import replay, self_agreement
from agentlog.messages.chat import read_messages
from agentlog.testing import ScriptedProvider


def test_equal_inputs_are_compared_pair_by_pair(make_ticket, make_task):
    rows = []
    for number in range(60):
        rows += [
            make_ticket(2 * number + one, f"ticket {number}", "refund" if one or number % 4 else "shipping")
            for one in (0, 1)
        ]
    found = self_agreement(make_task(rows).calls())
    assert (found.inputs, found.share.n) == (60, 60)
    assert found.share.value == 0.75
    assert found.measurable and "60 inputs, by repeats" in str(found)


def test_duplicates_that_curate_sets_aside_count(make_ticket, make_task):
    rows = [
        make_ticket(
            number, f"ticket {number // 2}", "refund", verdicts=["duplicate"] if number % 2 else [], kept=not number % 2
        )
        for number in range(8)
    ]
    found = self_agreement(make_task(rows).calls())
    assert (found.inputs, found.share.value) == (4, 1.0)


@pytest.mark.parametrize("columns", [{"verdicts": ["truncated"]}, {"verdicts": ["routed"]}, {"cached": True}])
def test_answers_that_are_not_the_llm_s_own_do_not_count(make_ticket, make_task, columns):
    rows = [make_ticket(0, "ticket", "refund"), make_ticket(1, "ticket", "refund", **columns)]
    assert self_agreement(make_task(rows).calls()).inputs == 0


def test_another_model_s_answer_is_no_repetition(make_ticket, make_task):
    rows = [make_ticket(0, "ticket", "refund"), make_ticket(1, "ticket", "refund", request_model="gpt-5")]
    assert self_agreement(make_task(rows).calls()).inputs == 0


def test_few_repetitions_are_no_measure_and_are_said(make_ticket, make_task):
    rows = [make_ticket(number, f"ticket {number // 2}", "refund") for number in range(14)]
    found = self_agreement(make_task(rows).calls())
    assert not found.measurable and found.share.value == 1.0
    assert "only 7 inputs repeat" in str(found)


def test_the_airline_runs_repeat_seven_inputs_whose_answers_are_not_stored(data, make_task, make_ticket):
    runs = json.loads(gzip.decompress((data / "tau_airline" / "gpt-4o-airline.json.gz").read_bytes()))
    rows = []
    for number, run in enumerate(runs):
        for place, message in enumerate(run["traj"][:8]):  # longer histories are all different
            if message["role"] == "assistant":
                spoken = not message.get("tool_calls")  # a person read it: it is not stored
                row = make_ticket(
                    len(rows),
                    "",
                    "",
                    trace_id=f"run-{number}",
                    verdicts=["withheld"] if spoken else [],
                    kept=not spoken,
                )
                row["input_messages"] = read_messages(run["traj"][:place])
                row["output_messages"] = [] if spoken else read_messages([message])
                rows.append(
                    {
                        **row,
                        "input_messages": plain(row["input_messages"]),
                        "output_messages": plain(row["output_messages"]),
                    }
                )
    found = self_agreement(make_task(rows).calls())
    assert found.inputs == 7 and found.share is None
    assert "only 7 inputs repeat" in str(found) and "not stored" in str(found)


def plain(messages):
    """Without what stands beside the columns."""
    return [
        {"role": one["role"], "parts": [{k: v for k, v in part.items() if k != "extra"} for part in one["parts"]]}
        for one in messages
    ]


def test_a_replay_measures_it_too(labels):
    pytest.importorskip("openai")
    with ScriptedProvider(lambda route, body: "refund") as provider:
        url = f"{provider.base_url}#gpt-4o"
        few, enough = (self_agreement(replay(labels, url, limit=limit)) for limit in (20, 60))
    assert not few.measurable and "only 20 calls" in str(few)
    assert enough.measurable and enough.how == "replay"
    assert enough.share.low < enough.share.value < enough.share.high

# ruff: noqa: RUF001 - Chinese punctuation is part of what is read
"""What an export makes of placeholders, amounts and dates, in the bytes that are written."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from agentlog.errors import ConfigurationError
from agentlog.exports.training_set import Recipe, write


def lines(folder):
    return [json.loads(line, parse_float=Decimal) for line in (folder / "train.jsonl").read_text().splitlines()]


def recipe(**options):
    return Recipe("trl", test_share=0, prove=False, **options)


def test_each_trace_is_rendered_in_its_own_language(calls, tmp_path):
    calls.add(
        "Ich bin <PERSON_1> und habe meine Karte nicht bekommen, was ist mit der Lieferung?",
        answer="Danke, <PERSON_1>.",
        trace_id="a",
    )
    calls.add("我叫<PERSON_1>，住<ADDRESS_1>。", answer="你好，<PERSON_1>！", trace_id="b")
    calls.add("I am <PERSON_1>, please help me with the order", answer="Thanks, <PERSON_1>.", trace_id="c")
    write(calls.table(), tmp_path / "out", recipe())
    said = {
        one["call_id"]: one["prompt"][0]["content"] + "|" + one["completion"][0]["content"]
        for one in lines(tmp_path / "out")
    }
    assert re.fullmatch(r"Ich bin (\w+ \w+) und .*\|Danke, \1\.", said["call-0000"])
    assert re.fullmatch(r"我叫([\u4e00-\u9fff]{2,4})，住.+路\d+号。\|你好，\1！", said["call-0001"])
    assert re.fullmatch(r"I am ([A-Z]\w+ [A-Z]\w+), .*\|Thanks, \1\.", said["call-0002"])


def test_a_number_that_was_replaced_in_arguments_is_a_number_for_the_trainer(calls, tmp_path, ask, offer):
    calls.add("Where is it?", answer=[{"role": "assistant", "parts": [ask("find", '{"zip": "<ZIP_1_NUMBER>", "city": "Bonn"}')]}],
              tools=[offer("find", zip={"type": "integer"}, city={"type": "string"})])  # fmt: skip
    write(calls.table(), tmp_path / "out", recipe())
    (call,) = lines(tmp_path / "out")[0]["completion"][0]["tool_calls"]
    assert type(call["function"]["arguments"]["zip"]) is int


def test_figures_are_kept_unless_they_are_to_be_shifted(calls, tmp_path):
    calls.add("I paid $120 for 2 bags on 2026-03-04, and $30 for the rest.", answer="So $150 in all.", trace_id="a")
    calls.add("And in May 2026?", "I paid $120 on 2026-03-04", answer="It was $120.", trace_id="a")
    write(calls.table(), tmp_path / "kept", recipe())
    assert "$120 for 2 bags on 2026-03-04" in (tmp_path / "kept" / "train.jsonl").read_text()
    done = write(calls.table(), tmp_path / "shifted", recipe(figures="shifted"))
    text = (tmp_path / "shifted" / "train.jsonl").read_text()
    first, second = lines(tmp_path / "shifted")
    amounts = [Decimal(one) for one in re.findall(r"\$([0-9]+(?:\.[0-9]+)?)", json.dumps(first, default=str))]
    assert amounts[0] + amounts[1] == amounts[2]
    assert "$120" not in text and "2026-03-04" not in text and "for 2 bags on" in text
    assert f"${amounts[0]}" in json.dumps(second, default=str)  # one trace, one factor
    assert done.manifest["figures"] == "shifted"
    assert "scaled and moved" in (tmp_path / "shifted" / "README.md").read_text()


def test_what_was_invented_is_not_shifted_again(calls, tmp_path):
    for name, figures in (("kept", "kept"), ("shifted", "shifted")):
        calls.rows.clear()
        calls.add("born <DOB_1>, phone <PHONE_1>", answer="Thank you very much.", trace_id="a")
        write(calls.table(), tmp_path / name, recipe(figures=figures))
    assert lines(tmp_path / "kept")[0]["prompt"] == lines(tmp_path / "shifted")[0]["prompt"]


def test_there_are_two_ways_with_figures():
    with pytest.raises(ConfigurationError, match="figures= is one of kept, shifted"):
        Recipe("trl", figures="hidden")

from __future__ import annotations

import hashlib
import json
import os
import stat

import pyarrow.parquet as pq
import pytest

from agentlog.conversations.strict import canonical
from agentlog.errors import ConfigurationError, ExportError, UnknownName
from agentlog.exports import proofs, training_set
from agentlog.exports.proofs import lines
from agentlog.exports.training_set import Recipe, write


def unproved(format: str = "trl", **settings) -> Recipe:
    return Recipe(format, prove=False, **settings)


def test_an_export_is_files_a_card_lineage_and_a_manifest(calls, tmp_path):
    export = write(calls.many(30).table(), tmp_path / "out", unproved(source="records"))
    assert {path.name for path in export.files} == {
        "README.md",
        "lineage.parquet",
        "manifest.json",
        "test.jsonl",
        "train.jsonl",
    }
    assert export.train + export.test == 30
    assert export.test > 0
    assert export.manifest == json.loads((export.path / "manifest.json").read_text())
    assert str(tmp_path) not in (export.path / "manifest.json").read_text()
    for name, said in export.manifest["files"].items():
        content = (export.path / name).read_bytes()
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert set(export.manifest["files"]) == {path.name for path in export.files} - {"manifest.json"}
    assert repr(export).startswith(f"Export(trl: {export.train} train, {export.test} test → ")


@pytest.mark.parametrize("format", ["trl", "openai"])
def test_lineage_leads_from_every_example_to_its_call(calls, tmp_path, format):
    table = calls.many(40).table()
    export = write(table, tmp_path / "out", unproved(format))
    lineage = pq.read_table(export.path / "lineage.parquet")
    assert lineage.column_names == ["example_id", "split", "call_id", "trace_id"]
    written = {}
    for side in ("train", "test"):
        for line in lines(export.path / f"{side}.jsonl"):
            example = {key: value for key, value in line.items() if key not in ("example_id", "call_id")}
            written[hashlib.sha256(canonical(example)).hexdigest()] = side
            if format == "trl":
                assert line["example_id"] in written
    assert {row["example_id"]: row["split"] for row in lineage.to_pylist()} == written
    traces = dict(zip(table["call_id"].to_pylist(), table["trace_id"].to_pylist(), strict=True))
    assert {row["call_id"]: row["trace_id"] for row in lineage.to_pylist()} == traces


def test_the_same_seed_gives_the_same_bytes_whatever_the_order_of_rows(calls, tmp_path):
    calls.add("I am <PERSON_1>, mail <EMAIL_1>", answer="Hello <PERSON_1>")
    table = calls.many(30).table()
    first = write(table, tmp_path / "a", unproved())
    second = write(table.take(list(reversed(range(table.num_rows)))), tmp_path / "b", unproved())
    assert first.manifest["files"] == second.manifest["files"]
    other = write(table, tmp_path / "c", unproved(seed=1))
    assert other.manifest["files"]["train.jsonl"] != first.manifest["files"]["train.jsonl"]


def test_old_rows_keep_side_and_id_as_data_grows(calls, tmp_path):
    small = write(calls.many(12).table(), tmp_path / "a", unproved())
    large = write(calls.many(200).table(), tmp_path / "b", unproved())
    before, after = (
        {row["example_id"]: row["split"] for row in pq.read_table(one.path / "lineage.parquet").to_pylist()}
        for one in (small, large)
    )
    assert before.items() <= after.items()


def test_what_curation_did_not_keep_is_not_written_and_counted(calls, tmp_path):
    calls.many(3)
    calls.add("q", answer="cut", kept=False, verdicts=["truncated", "empty"])
    calls.add("q", answer="no verdict", kept=None)
    calls.add("q", answer=" ")
    export = write(calls.table(), tmp_path / "out", unproved())
    assert export.train + export.test == 3
    assert export.refused == {"no_answer": 1}
    assert export.manifest["funnel"] == {"seen": 6, "no verdict": 1, "truncated": 1, "kept": 4, "written": 3}
    assert "| `no_answer` | 1 |" in (export.path / "README.md").read_text()


def test_equal_examples_are_written_once(calls, tmp_path):
    for _ in range(3):
        calls.add("q", answer="a", trace_id="t")
    calls.many(2)
    assert write(calls.table(), tmp_path / "out", unproved()).refused == {"same_example": 2}


def test_a_prompt_never_stands_on_both_sides(calls, tmp_path):
    for number in range(40):
        calls.add(f"prompt {number % 4}", answer=f"answer {number}")
    export = write(calls.table(), tmp_path / "out", unproved(test_share=0.4))
    prompts = {
        side: {json.dumps(line["prompt"]) for line in lines(export.path / f"{side}.jsonl")}
        for side in ("train", "test")
    }
    assert not prompts["train"] & prompts["test"]
    assert export.refused["prompt_on_other_side"] > 0
    assert export.manifest["leakage"] == {"traces": 0, "sessions": 0, "prompts": 0}


def test_prompts_that_differ_by_surrogates_only_count_as_equal(calls, tmp_path):
    for number in range(20):
        calls.add("I am <PERSON_1>", answer=f"answer {number}")
    export = write(calls.table(), tmp_path / "out", unproved(test_share=0.5))
    assert export.test == 0
    assert export.train == sum(1 for _ in lines(export.path / "train.jsonl"))
    assert len({line["prompt"][0]["content"] for line in lines(export.path / "train.jsonl")}) > 1


def test_one_trace_has_no_test_file_and_a_card_without_one(calls, tmp_path):
    calls.add("q", answer="a", trace_id="t")
    calls.add("r", answer="b", trace_id="t")
    export = write(calls.table(), tmp_path / "out", unproved())
    assert (export.train, export.test) == (2, 0)
    assert not (export.path / "test.jsonl").exists()
    assert "test.jsonl" not in (export.path / "README.md").read_text()


def test_surrogates_are_the_same_in_prompt_and_arguments(calls, say, ask, offer, tmp_path):
    tools = [offer("find", name={"type": "string", "description": "such as <PERSON_1>"})]
    calls.add(
        "I am <PERSON_1>, 电话 <PHONE_1>",
        answer=say("assistant", ask("find", '{"name": "<PERSON_1>", "x<ZIP_1>": "<PHONE_1>"}', "a")),
        tools=tools,
    )
    export = write(calls.table(), tmp_path / "out", unproved())
    (line,) = lines(export.path / "train.jsonl")
    arguments = line["completion"][0]["tool_calls"][0]["function"]["arguments"]
    assert arguments["name"] in line["prompt"][0]["content"]
    assert next(value for key, value in arguments.items() if key != "name") in line["prompt"][0]["content"]
    assert "<" not in json.dumps(line)
    stored = write(calls.table(), tmp_path / "stored", unproved(render="placeholder"))
    (line,) = lines(stored.path / "train.jsonl")
    assert line["prompt"][0]["content"] == "I am <PERSON_1>, 电话 <PHONE_1>"


def test_a_line_separator_in_a_text_does_not_break_a_line(calls, tmp_path):
    text = "a\u2028b\u2029c\u0085d\x0ce\r\nf\ufeff"
    calls.add(text, answer=text)
    export = write(calls.table(), tmp_path / "out", unproved())
    content = (export.path / "train.jsonl").read_text(encoding="utf-8")
    assert len(content.splitlines()) == 1
    assert json.loads(content)["prompt"][0]["content"] == text


def test_an_unknown_format_lists_those_there_are():
    with pytest.raises(UnknownName, match=r"'sharegpt'\. There is: trl, openai"):
        Recipe("sharegpt")


@pytest.mark.parametrize(
    "settings", [{"test_share": 1.0}, {"test_share": -0.1}, {"test_share": float("nan")}, {"render": "raw"}]
)
def test_settings_that_cannot_be_used_are_refused(settings):
    with pytest.raises(ConfigurationError, match=next(iter(settings))):
        Recipe("trl", **settings)


def test_a_folder_that_exists_is_never_overwritten(calls, tmp_path):
    table = calls.many(3).table()
    (tmp_path / "out").mkdir()
    with pytest.raises(ConfigurationError, match="overwrite=True"):
        write(table, tmp_path / "out", unproved())
    assert list((tmp_path / "out").iterdir()) == []


def test_overwrite_replaces_an_export_and_nothing_else(calls, tmp_path):
    write(calls.many(3).table(), tmp_path / "out", unproved())
    export = write(calls.many(3).table(), tmp_path / "out", unproved(overwrite=True))
    assert export.train + export.test == 6
    assert os.listdir(tmp_path) == ["out"]
    (tmp_path / "empty").mkdir()
    assert write(calls.table(), tmp_path / "empty", unproved(overwrite=True)).train > 0
    (tmp_path / "thesis").mkdir()
    for mine in (tmp_path / "thesis" / "chapter.txt", tmp_path / "out" / "checkpoint"):
        mine.write_text("x")
        with pytest.raises(ConfigurationError, match=rf"no export wrote \({mine.name}\)"):
            write(calls.table(), mine.parent, unproved(overwrite=True))
        with pytest.raises(ConfigurationError, match="is a file"):
            write(calls.table(), mine, unproved(overwrite=True))
        assert mine.read_text() == "x"


def test_too_few_rows_are_an_error_that_says_how_many_and_why(calls, tmp_path):
    calls.many(6)
    calls.add("q", answer=" ")
    calls.add("q", answer="cut", kept=False, verdicts=["truncated"])
    with pytest.raises(
        ExportError, match=r"5 rows in train, and openai takes no fewer than 10\. .*truncated 1.*no_answer 1"
    ):
        write(calls.table(), tmp_path / "out", unproved("openai"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [True, False])
def test_no_row_at_all_is_an_error_that_shows_the_funnel(calls, tmp_path, kept):
    calls.add("q", answer=" ", kept=kept, verdicts=["empty"])
    with pytest.raises(ExportError, match=r"no row is left for train\. .*seen 1; .*(empty|no_answer) 1"):
        write(calls.table(), tmp_path / "out", unproved())
    with pytest.raises(ExportError, match="seen 0; kept 0; written 0"):
        write(calls.table().slice(0, 0), tmp_path / "out", unproved())


def test_a_failing_proof_or_ctrl_c_leaves_nothing_behind(calls, tmp_path, monkeypatch):
    table = calls.many(3).table()

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training_set, "prove", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(table, tmp_path / "deep" / "er" / "out", unproved())
    assert list(tmp_path.iterdir()) == []


def test_a_failing_overwrite_leaves_the_old_export(calls, tmp_path, monkeypatch):
    write(calls.many(3).table(), tmp_path / "out", unproved())
    before = (tmp_path / "out" / "train.jsonl").read_bytes()

    def fail(*args: object) -> None:
        raise ExportError("no")

    monkeypatch.setattr(training_set, "prove", fail)
    with pytest.raises(ExportError):
        write(calls.many(9).table(), tmp_path / "out", unproved(overwrite=True))
    assert (tmp_path / "out" / "train.jsonl").read_bytes() == before
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_that_comes_into_being_meanwhile_is_left_alone(calls, tmp_path, monkeypatch):
    def other(*args: object) -> proofs.Proof:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "theirs").touch()
        return proofs.Proof()

    monkeypatch.setattr(training_set, "prove", other)
    with pytest.raises(ConfigurationError, match="exists"):
        write(calls.many(3).table(), tmp_path / "out", unproved())
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "theirs"]


def test_a_line_that_breaks_a_rule_stops_the_export(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(training_set.FORMATS["trl"], "problems", lambda line: iter(["it is odd"]), raising=False)
    with pytest.raises(ExportError, match=r"call call-0000 breaks a rule of trl: it is odd\. Nothing was written"):
        write(calls.many(3).table(), tmp_path / "out", unproved())
    assert list(tmp_path.iterdir()) == []


def test_a_leaking_split_stops_the_export(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(
        training_set.sides,
        "assign",
        lambda rows, share, seed: [
            setattr(row, "side", ("train", "test")[place % 2]) for place, row in enumerate(rows)
        ],
    )
    calls.many(4)
    for row in calls.rows:
        row["session"] = "s"
    with pytest.raises(ExportError, match=r"the split leaks: .*'sessions': 1"):
        write(calls.table(), tmp_path / "out", unproved())
    assert list(tmp_path.iterdir()) == []


def test_the_card_says_when_redaction_was_off(calls, tmp_path):
    calls.add("q", answer="a", redaction={"policy": "off", "counts": [], "failed": False, "withheld": None})
    export = write(calls.table(), tmp_path / "out", unproved())
    assert "Redaction was off" in (export.path / "README.md").read_text()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_an_export_is_its_owners_only(calls, tmp_path):
    export = write(calls.many(3).table(), tmp_path / "out", unproved())
    assert stat.S_IMODE(export.path.stat().st_mode) == 0o700


def test_a_skipped_proof_is_said_in_the_manifest(calls, tmp_path):
    export = write(calls.many(3).table(), tmp_path / "out", unproved())
    assert export.manifest["proof"] == [{"consumer": "all", "result": "skipped: prove=False"}]

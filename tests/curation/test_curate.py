from __future__ import annotations

import pytest

from agentlog.curation import curate
from agentlog.errors import ConfigurationError, DatasetError, NotBuilt
from agentlog.storage.schema import CALLS


def test_only_model_calls_are_examples_and_all_their_columns_are_there(dataset, chat):
    rows = [
        chat(1),
        chat(2, operation="execute_tool"),
        chat(3, "x", operation="text_completion"),
        chat(4, operation="embeddings"),
    ]
    examples = curate(dataset(rows))
    assert examples.table["call_id"].to_pylist() == ["call-1", "call-3"]
    assert examples.table.schema.names == [*CALLS.names, "verdicts", "duplicate_of", "kept", "weight"]
    assert examples.others == {"execute_tool": 1, "embeddings": 1}


def test_a_folder_is_opened(dataset, chat):
    opened = dataset([chat(1), chat(2)])
    assert curate(opened.path).table.equals(curate(str(opened.path)).table)
    assert len(curate(opened.path)) == 1


def test_the_examples_show_their_funnel(dataset, chat):
    examples = curate(dataset([chat(1), chat(2), chat(3, "y", finish_reasons=["length"]), chat(4, "z", said=None)]))
    assert examples.funnel() == {"seen": 4, "truncated": 1, "empty": 1, "duplicate": 1, "kept": 1}
    assert repr(examples).splitlines() == [
        "1 of 4 model calls kept",
        "  truncated  1  the answer was cut by a length limit or a content filter",
        "  empty      1  the answer holds neither text nor a tool call",
        "  duplicate  1  equal to an earlier call: prompt, tools and answer",
    ]
    assert "<code>truncated</code>" in examples._repr_html_()
    assert repr(examples.kept()) == "1 of 1 model calls kept"


def test_a_dataset_without_model_calls_gives_no_examples_and_says_so(dataset, chat):
    examples = curate(dataset([chat(1, operation="execute_tool")]))
    assert len(examples) == 0
    assert examples.funnel() == {"seen": 0, "kept": 0}
    assert repr(examples).startswith("no examples: ")
    assert repr(examples).endswith("holds no model calls (1 execute_tool)")


def test_an_empty_dataset_gives_no_examples(dataset):
    assert "no records at all" in repr(curate(dataset([])))


def test_the_shown_examples_hold_no_markup_of_the_dataset(dataset, chat):
    examples = curate(dataset([chat(1, operation="<b>tool</b>")]))
    assert "<b>" not in examples._repr_html_()


def test_what_cannot_be_curated_is_refused(tmp_path, dataset, chat):
    with pytest.raises(DatasetError):
        curate(tmp_path / "nothing")
    with pytest.raises(ConfigurationError, match="found list"):
        curate([chat(1)])
    with pytest.raises(NotBuilt, match="paraphrase"):
        curate(dataset([chat(1)]), paraphrase=True)

from __future__ import annotations

import pytest

from agentlog.curation import curate
from agentlog.errors import UnknownName


def kept(examples):
    return examples.kept().table["call_id"].to_pylist()


@pytest.fixture
def six(chat):
    """Calls 0 to 5 in the runs 0, 1, 2; the last two in one session."""
    return [chat(i, f"question {i}", session="s-1" if i > 3 else None) for i in range(6)]


@pytest.mark.parametrize(
    ("feedback", "expected"),
    [
        ([{"call_id": "call-1", "score": 1.0}], ["call-1"]),
        ([{"trace_id": "run-1", "score": 1.0}], ["call-2", "call-3"]),
        ([{"session": "s-1", "score": 1.0}], ["call-4", "call-5"]),
        ([{"call_id": "call-0", "score": 0.5}, {"call_id": "call-1", "score": 0.49}], ["call-0"]),
        ([{"call_id": "call-0", "label": "Yes"}, {"call_id": "call-1", "label": "no"}], ["call-0"]),
        ([{"call_id": "call-0", "label": "thumbs up"}, {"call_id": "call-1"}], ["call-0"]),
        ([{"call_id": "call-0", "label": "yes", "score": 0.0}], []),
        ([{"trace_id": "run-0", "score": 1.0}, {"call_id": "call-1", "score": 0.0}], ["call-0"]),
        ([{"session": "s-1", "score": 0.0}, {"trace_id": "run-2", "score": 1.0}], ["call-4", "call-5"]),
        ([{"call_id": "call-0", "score": 1.0}, {"call_id": "call-0", "score": 0.0}], []),
        ([{"call_id": "call-0", "score": 0.0}, {"call_id": "call-0", "score": 1.0}], ["call-0"]),
        ([{"call_id": "call-0", "score": 1.0}, {"call_id": "call-1", "score": 1.0, "name": "polite"}], ["call-0"]),
    ],
)
def test_the_nearest_and_last_feedback_decides(dataset, six, feedback, expected):
    examples = curate(dataset(six, feedback), require_feedback="resolved")
    assert kept(examples) == expected
    assert examples.funnel().get("missing_feedback", 0) == 6 - len(expected)


def test_without_require_feedback_nobody_is_asked(dataset, six):
    assert len(curate(dataset(six, [{"call_id": "call-0", "score": 0.0}]))) == 6


def test_of_equal_calls_the_approved_one_is_kept(dataset, chat):
    examples = curate(dataset([chat(1), chat(2)], [{"call_id": "call-2", "score": 1.0}]), require_feedback="resolved")
    assert kept(examples) == ["call-2"]
    assert examples.table["verdicts"].to_pylist() == [["missing_feedback"], []]


def test_an_unknown_name_is_answered_with_those_that_are_there(dataset, six):
    opened = dataset(six, [{"call_id": "call-0", "score": 1.0, "name": "solved"}])
    with pytest.raises(UnknownName, match=r"no feedback is called 'resolved'. There is: 'solved' \(1\)"):
        curate(opened, require_feedback="resolved")


def test_a_dataset_without_any_feedback_says_so(dataset, six):
    with pytest.raises(UnknownName, match="There is: none at all"):
        curate(dataset(six), require_feedback="resolved")

"""The fixtures that come with the library, used as a user's own test would use them."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

import agentlog
from agentlog.testing import ScriptedProvider
from agentlog.testing.fixtures import RecordedCalls


def test_the_provider_fixture_is_running(agentlog_provider: ScriptedProvider) -> None:
    body = json.dumps({"model": "any", "messages": [{"role": "user", "content": "hi"}]}).encode()
    request = urllib.request.Request(agentlog_provider.base_url + "/chat/completions", body)
    with urllib.request.urlopen(request, timeout=10) as response:
        assert json.load(response)["choices"][0]["message"]["content"]
    assert len(agentlog_provider.requests) == 1


def test_the_records_fixture_gives_the_calls_of_this_test_in_order(agentlog_records: RecordedCalls) -> None:
    @agentlog.capture
    def double(number: int) -> int:
        return 2 * number

    assert double(4) == 8
    assert [row["tool_result"] for row in agentlog_records.flush()] == ["8"]
    double(5)
    rows = agentlog_records.flush()
    assert [json.loads(row["tool_arguments"]) for row in rows] == [{"number": 4}, {"number": 5}]
    assert rows[0]["name"].endswith("double")


def test_the_records_fixture_begins_with_an_empty_dataset_in_the_tests_folder(
    agentlog_records: RecordedCalls, tmp_path: Path
) -> None:
    assert agentlog_records.flush() == []
    assert agentlog_records.directory.is_relative_to(tmp_path)


pytest_plugins = ["pytester"]

USERS_TEST = """
import agentlog

def test_one(agentlog_records, agentlog_provider):
    @agentlog.capture
    def look_up(city):
        return "sunny in " + city

    look_up("Paris")
    assert [row["name"].rpartition(".")[2] for row in agentlog_records.flush()] == ["look_up"]
    assert agentlog_provider.requests == []

def test_two(agentlog_records):
    assert agentlog_records.flush() == []
"""


def test_the_plugin_serves_a_project_of_its_own_and_loads_nothing_of_ours_unused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_users=USERS_TEST)
    pytester.makepyfile(
        test_unused="import sys\ndef test_nothing():\n    assert 'agentlog.testing.provider' not in sys.modules\n"
        "    assert 'pyarrow' not in sys.modules\n"
    )
    options = ("-p", "no:langsmith_plugin", "-p", "no:randomly", "-p", "no:asyncio", "-W", "error")
    pytester.runpytest_subprocess(*options, "test_unused.py").assert_outcomes(passed=1)
    pytester.runpytest_subprocess(*options, "test_users.py").assert_outcomes(passed=2)

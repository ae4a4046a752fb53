"""A policy out of TOML: in pyproject.toml, in a file of its own, named by a variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentlog import settings
from agentlog.errors import ConfigurationError
from agentlog.recorder import choice
from agentlog.redaction import Pattern, RedactionPolicy, Redactor
from agentlog.redaction.policies.tables import policy_from
from agentlog.runtime import check_redaction

KEY = b"a key for the tests"
POLICY = """
keep = ["IP"]
safe_keys = ["badge"]
allow = ["support@acme.com", { regex = '.*@acme\\.org' }]
strict = true
vocabulary = { CUSTOMER = "customers.txt", PARTNER = ["Zanzibar"] }
recognizers = [{ entity = "EMPLOYEE_ID", regex = 'E-[0-9]{6}' }]

[KEYS]
loyalty_no = "USER_ID"

[OPERATORS]
EMAIL = { operator = "replace", new_value = "[mail]" }
SECRET = "redact"
"""
RAW = "E-123456 of Acme Rockets and Zanzibar, mia@example.com, support@acme.com, bo@acme.org, 93.184.216.34"
MADE = "<EMPLOYEE_ID_1> of <CUSTOMER_1> and <PARTNER_1>, [mail], support@acme.com, bo@acme.org, 93.184.216.34"


def written(folder: Path, prefix: str) -> str:
    (folder / "customers.txt").write_text("Acme Rockets\n", encoding="utf-8")
    tables = POLICY.replace("[KEYS]", f"[{prefix}keys]").replace("[OPERATORS]", f"[{prefix}operators]")
    return (f"[{prefix[:-1]}]\n" if prefix else "") + tables


def redacted(redaction: Any) -> str:
    return Redactor(redaction, pseudonym_key=KEY).text(RAW)


def test_pyproject_says_the_policy(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(written(tmp_path, "tool.agentlog.redaction."), encoding="utf-8")
    (tmp_path / "deeper").mkdir()
    found = settings.load(environment={}, folder=tmp_path / "deeper").redaction
    check_redaction(found)
    assert redacted(found) == MADE


@pytest.mark.parametrize("prefix", ["", "redaction.", "tool.agentlog.redaction."])
def test_a_file_says_the_policy_by_a_variable_by_pyproject_and_by_from_toml(prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(written(tmp_path, prefix), encoding="utf-8")
    assert redacted(settings.load(environment={"AGENTLOG_REDACTION": str(path)}).redaction) == MADE
    (tmp_path / "pyproject.toml").write_text('[tool.agentlog]\nredaction = "policy.toml"\n', encoding="utf-8")
    assert redacted(settings.load(environment={}, folder=tmp_path).redaction) == MADE
    assert redacted(RedactionPolicy.from_toml(path)) == MADE


def test_a_policy_from_toml_is_the_policy_from_code() -> None:
    table = {"recognizers": [{"entity": "A_B", "regex": "ab"}], "strict": True, "keys": {"badge": "USER_ID"}}
    code = RedactionPolicy(recognizers=(Pattern("A_B", "ab"),), strict=True, keys={"badge": "USER_ID"})
    assert policy_from(table, Path(), "here").name == code.name


def test_the_recorder_gets_a_policy_and_not_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    class Thread:
        def __init__(self, channel: Any, its_settings: Any, problem: Any, reason: str) -> None:
            given.append(its_settings.redaction)

        def start(self) -> None: ...

    monkeypatch.setattr(choice, "RecorderThread", Thread)
    table = settings.PolicyTable({"strict": True}, tmp_path, "here")
    choice.start(settings.Settings(directory=tmp_path, recorder="thread", redaction=table), lambda what, error: None)
    assert given == [RedactionPolicy(strict=True)]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"stict": True}, "no field 'stict'"),
        ({"strict": "yes"}, "true or false"),
        ({"keep": "IP"}, "is a list"),
        ({"keep": ["EMIAL"]}, "EMIAL"),
        ({"keys": ["badge"]}, "is a table"),
        ({"operators": {"EMAIL": 3}}, "operators.EMAIL"),
        ({"operators": {"EMAIL": "shout"}}, "shout"),
        ({"allow": [3]}, "allow"),
        ({"allow": [{"regex": "("}]}, "cannot be used"),
        ({"recognizers": [{"entity": "A_B"}]}, "recognizers"),
        ({"recognizers": [{"entity": "A_B", "regex": "x", "flag": 3}]}, "entity, regex, flag"),
        ({"recognizers": ["no.such.module:find"]}, "cannot be imported"),
        ({"recognizers": [{"ner": "no/such/folder"}]}, "Nothing is downloaded"),
        ({"vocabulary": "none.txt"}, "cannot read"),
        ({"vocabulary": {"CUSTOMER": 3}}, "vocabulary"),
        (["keep"], "is a table"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(table: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=said) as refused:
        policy_from(table, tmp_path, "policy.toml")
    assert str(refused.value).startswith("policy.toml: ")


def test_a_wrong_policy_is_refused_when_it_is_configured(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no field"):
        check_redaction(settings.PolicyTable({"kep": []}, tmp_path, "pyproject.toml"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for environment in ({"AGENTLOG_REDACTION": str(tmp_path / "none.toml")}, {"AGENTLOG_REDACTION": "of"}):
        with pytest.raises(ConfigurationError, match="AGENTLOG_REDACTION"):
            settings.load(environment=environment)
    (tmp_path / "broken.toml").write_text("keep = [", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is no TOML"):
        RedactionPolicy.from_toml(tmp_path / "broken.toml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        RedactionPolicy.from_toml(tmp_path / "none.toml")


def test_a_recognizer_of_a_module_is_imported_by_its_name() -> None:
    policy = policy_from({"recognizers": ["re:findall"]}, Path(), "here")
    assert policy.recognizers[0].__name__ == "findall"

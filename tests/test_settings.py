from pathlib import Path

import pytest

import agentlog
from agentlog import settings
from agentlog.errors import ConfigurationError, NotBuilt


def load(given=None, environment=None, folder="/nowhere"):
    return settings.load(given, environment or {}, Path(folder))


def test_keyword_wins_over_environment_over_pyproject_over_default(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.agentlog]\nservice = "file"\nroll_s = 5\nstore = ["internal"]\n')
    found = load({"service": "keyword"}, {"AGENTLOG_SERVICE": "environment", "AGENTLOG_ROLL_S": "7"}, tmp_path)
    assert found.service == "keyword"
    assert found.roll_s == 7.0
    assert found.store == ("internal",)
    assert found.directory == Path("agentlog-records")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"store": ("internal", "public")}, "internal, human, unknown"),
        ({"store": "internal"}, "tuple"),
        ({"recorder": "fork"}, "auto, process, thread, off"),
        ({"sample_rate": 2}, "0 to 1"),
        ({"roll_s": 0}, "above 0"),
    ],
)
def test_a_bad_value_says_what_is_allowed(given, word):
    with pytest.raises(ConfigurationError, match=word):
        load(given)


def test_a_bad_environment_variable_is_named():
    with pytest.raises(ConfigurationError, match="AGENTLOG_SAMPLE_RATE"):
        load(environment={"AGENTLOG_SAMPLE_RATE": "much"})


def test_an_unknown_setting_in_pyproject_is_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.agentlog]\ndirektory = "x"\n')
    with pytest.raises(ConfigurationError, match="direktory"):
        load(folder=tmp_path)


@pytest.mark.parametrize("given", [{"encryption": "roles"}, {"emit_spans": True}])
def test_what_is_not_built_raises_and_is_not_silently_left_out(given, tmp_path):
    with pytest.raises(NotBuilt, match="not there yet"):
        agentlog.configure(tmp_path / "records", **given)


@pytest.mark.parametrize("redaction", ["on", 3, object()])
def test_a_redaction_that_is_none_is_refused(redaction, tmp_path):
    with pytest.raises(ConfigurationError, match="RedactionPolicy"):
        agentlog.configure(tmp_path / "records", redaction=redaction)


def test_a_short_pseudonym_key_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="16 bytes"):
        agentlog.configure(tmp_path / "records", pseudonym_key=b"short")

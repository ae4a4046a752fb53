import types

import pytest

import agentlog
from agentlog.errors import MissingExtra, UnknownName
from agentlog.instrumentation import integration
from agentlog.instrumentation.integration import Coverage


class Fake:
    extra = "fake"
    library = "json"
    events: list[str] = []

    def install(self):
        self.events.append("install")
        return Coverage(("fake 1.0: calls",), ("fake streams: the release has none",))

    def uninstall(self):
        self.events.append("uninstall")


class Absent(Fake):
    library = "no_such_library"


@pytest.fixture
def fake(monkeypatch):
    Fake.events.clear()
    entries = {
        name: types.SimpleNamespace(name=name, value=cls.__name__, load=lambda cls=cls: cls)
        for name, cls in (("fake", Fake), ("fake_core", Fake), ("absent", Absent))
    }
    monkeypatch.setattr(integration, "_known", lambda: entries)
    yield Fake.events
    agentlog.uninstrument()


def test_an_unknown_target_names_those_there_are_and_the_nearest():
    with pytest.raises(UnknownName, match=r"'lanchain'\. Did you mean 'langchain'\? Installed: .*openai"):
        agentlog.instrument("lanchain")


def test_a_framework_that_is_not_installed_names_the_command(fake):
    with pytest.raises(MissingExtra, match=r"pip install 'agentlog\[fake\]'"):
        agentlog.instrument("absent")


def test_it_says_what_is_covered_and_what_is_not_and_why(fake):
    done = agentlog.instrument("fake")
    assert repr(done) == "covered      fake 1.0: calls\nnot covered  fake streams: the release has none"
    assert agentlog.status().covered == ("fake 1.0: calls",)


def test_twice_is_once_and_the_last_uninstrument_restores(fake):
    agentlog.instrument("fake", "fake_core")
    agentlog.instrument(types.ModuleType("fake.sub"))
    assert fake == ["install"]
    agentlog.uninstrument("fake")
    assert fake == ["install"]
    agentlog.uninstrument("fake_core")
    assert fake == ["install", "uninstall"]
    assert agentlog.status().covered == ()


def test_a_with_block_undoes_it(fake):
    with agentlog.instrument("fake"):
        assert fake == ["install"]
    assert fake == ["install", "uninstall"]


def test_disabled_it_does_nothing_and_says_so(fake, monkeypatch):
    monkeypatch.setenv("AGENTLOG_DISABLED", "1")
    assert "AGENTLOG_DISABLED" in repr(agentlog.instrument("fake"))
    assert fake == []

import sys
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


class Broken(Fake):
    def install(self):
        super().install()
        raise AttributeError("no such method in this release")


class Sticky(Fake):
    def uninstall(self):
        super().uninstall()
        raise RuntimeError("somebody else hooked over us")


@pytest.fixture
def also(fake, monkeypatch):
    """Two integrations that fail."""
    entries = dict(integration._known())
    for name, cls in (("broken", Broken), ("sticky", Sticky)):
        entries[name] = types.SimpleNamespace(name=name, value=cls.__name__, load=lambda cls=cls: cls)
    monkeypatch.setattr(integration, "_known", lambda: entries)
    return fake


def test_a_release_that_the_hooks_do_not_fit_is_said_and_the_application_starts(also, caplog):
    done = agentlog.instrument("broken", "fake")
    assert "not covered  broken: its integration failed (AttributeError)" in repr(done)
    assert "covered      fake 1.0: calls" in repr(done)
    assert also == ["install", "uninstall", "install"]  # the half that was hooked is taken out again
    assert agentlog.status().covered == ("fake 1.0: calls",)
    assert "broken" in caplog.text
    assert "broken" in agentlog.status().last_error


def test_without_a_target_a_framework_that_is_half_there_does_not_stop_the_others(also, monkeypatch):
    monkeypatch.setattr(integration, "_present", lambda known: [known["absent"], known["fake"]])
    done = agentlog.instrument()
    assert done.covered == ("fake 1.0: calls",)
    assert "absent: instrument('absent') needs no_such_library" in repr(done)


def test_an_uninstrument_that_fails_is_logged_and_raises_nothing(also, caplog):
    with agentlog.instrument("sticky", "fake"):
        pass
    assert also.count("uninstall") == 2
    assert "Sticky could not be taken out" in caplog.text


FRAMEWORKS = ("anthropic", "langchain_core", "llama_index", "openai")
ROOTS = (
    "anthropic",
    "langchain_core",
    "langchain",
    "langgraph",
    "llama_index",
    "llama_index_instrumentation",
    "openai",
    "httpx",
)


def _attributes():
    """Every function, class and method of the frameworks' modules, by its identity; and what their lists hold."""
    found = {}
    for name, module in sorted(sys.modules.items()):
        if module is None or name.partition(".")[0] not in ROOTS:
            continue
        for key, value in list(vars(module).items()):
            # by type(): to ask an object of openai's for its class makes a client
            if issubclass(type(value), types.ModuleType):
                continue  # a sub-module that is imported later
            found[name, key] = value, list(value) if type(value) is list else None
            if type(value).__name__ == "Dispatcher":  # LlamaIndex keeps its listeners there
                for member, content in vars(value).items():
                    found[name, key, member] = content, list(content) if type(content) is list else None
            if issubclass(type(value), type) and value.__module__.partition(".")[0] in ROOTS:
                for member, content in list(vars(value).items()):
                    if callable(content) or isinstance(content, (property, classmethod, staticmethod)):
                        found[name, key, member] = content, None
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_uninstrument_leaves_every_attribute_of_a_framework_as_it_was(framework):
    pytest.importorskip(framework)
    agentlog.instrument(framework)  # what our hooks import, and what is lazy in the framework, is there then
    agentlog.uninstrument(framework)
    before = _attributes()
    assert len(before) > 1000
    done = agentlog.instrument(framework)
    assert done.covered
    agentlog.uninstrument(framework)
    after = _attributes()
    assert [key for key, (value, held) in before.items() if after[key][0] is not value or after[key][1] != held] == []
    assert set(after) == set(before)

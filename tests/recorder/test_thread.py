import pytest

from agentlog import settings
from agentlog.recorder import thread
from agentlog.recorder.thread import RecorderThread
from agentlog.recording.channel import MemoryChannel


class Clock:
    """Of a process in which the application uses `theirs` of a processor while the recorder works."""

    def __init__(self, theirs: float) -> None:
        self.wall = self.own = self.application = 0.0
        self.theirs = theirs
        self.slept: list[float] = []

    def work(self, seconds: float) -> None:
        self.own += seconds
        self._pass(seconds)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        self.wall += seconds
        self.application += seconds * self.theirs

    def monotonic(self) -> float:
        return self.wall

    def thread_time(self) -> float:
        return self.own

    def process_time(self) -> float:
        return self.own + self.application


def recorder(monkeypatch, theirs):
    clock = Clock(theirs)
    monkeypatch.setattr(thread, "time", clock)
    return RecorderThread(MemoryChannel(), settings.load(), lambda what, error: None), clock


def busy_for(one, clock, seconds, piece=0.0007):
    begun = clock.thread_time()
    while clock.own < seconds:
        clock.work(piece)
        begun = one._rest(begun)


def test_beside_a_busy_application_it_works_at_most_a_quarter_of_the_time(monkeypatch):
    one, clock = recorder(monkeypatch, theirs=0.9)
    busy_for(one, clock, 1.0)
    assert clock.own / clock.wall <= 0.26
    assert max(clock.slept) <= 0.25


def test_beside_an_idle_application_it_does_not_rest(monkeypatch):
    one, clock = recorder(monkeypatch, theirs=0.0)
    busy_for(one, clock, 1.0)
    assert clock.slept == []


@pytest.mark.parametrize("hurry", ["flush", "pressure"])
def test_a_flush_and_a_channel_that_fills_do_not_wait(monkeypatch, hurry):
    one, clock = recorder(monkeypatch, theirs=0.9)
    if hurry == "flush":
        one._hurry = 1
    else:
        one._channel = MemoryChannel(capacity=10)
        one._channel.put(b"123456")
    busy_for(one, clock, 0.2)
    assert clock.slept == []

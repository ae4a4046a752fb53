import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

ring = pytest.importorskip("agentlog.recording.ring", reason="the ring needs mmap and fcntl")
if not hasattr(os, "memfd_create"):
    pytest.skip("the ring needs memfd", allow_module_level=True)

from agentlog.recording.ring import NEAR, RingReader, RingWriter, mapped  # noqa: E402

MEGABYTE = 1 << 20


def nobody(burst):
    return None


def both(capacity=MEGABYTE, attend=nobody):
    writer = RingWriter(attend, capacity)
    return writer, RingReader(mapped(writer.fd))


def durable(reader, count=1 << 20):
    """Takes frames and acknowledges them."""
    frames = reader.take(count)
    reader.acknowledge([sequence for sequence, _ in frames])
    reader.report(0, 0, 0, 0)
    return [frame for _, frame in frames]


def test_frames_come_out_in_order_with_their_numbers():
    writer, reader = both()
    assert reader.empty
    for frame in (b"a", b"bb" * 500, b"", b"c"):
        assert writer.put(frame)
    assert reader.take(2) == [(0, b"a"), (1, b"bb" * 500)]
    assert reader.take(9) == [(2, b""), (3, b"c")]
    assert reader.take(9) == []
    assert not reader.empty


def test_space_is_given_back_when_a_frame_is_durable_not_when_it_is_read():
    writer, reader = both(capacity=64)  # room for two frames
    assert [writer.put(b"x" * 20) for _ in range(3)] == [True, True, False]
    reader.take(9)
    assert not writer.put(b"x" * 20)
    reader.acknowledge([1])  # the first one is still under way
    assert not writer.put(b"x" * 20)
    assert (writer.held, writer.dropped) == (1, 3)
    reader.acknowledge([0])
    assert writer.held == 0
    assert reader.empty
    assert writer.put(b"x" * 20)


def test_after_any_history_the_whole_ring_is_there_again(monkeypatch):
    monkeypatch.setattr(ring, "NEAR", 256)
    dice = random.Random(7)
    writer, reader = both(capacity=4096)
    for _ in range(300):
        for _ in range(dice.randrange(1, 9)):
            writer.put(bytes(dice.randrange(0, 700)))
        durable(reader)
        assert reader.empty
        # a ring that told of its jump by a mark in the data had room for its first part only
        kept = [writer.put(b"x" * 120) for _ in range(4096 // 128)]
        assert sum(kept) >= 4096 // 128 - 1
        assert durable(reader) == [b"x" * 120] * sum(kept)


def test_when_all_is_durable_it_goes_on_in_the_pages_that_are_warm():
    writer, reader = both(capacity=8 * MEGABYTE)
    for _ in range(100):
        for _ in range(3):
            writer.put(b"x" * 300_000)
        durable(reader)
    pages = range(ring.HEADER, ring.HEADER + 8 * MEGABYTE, 4096)
    places = sum(any(writer.memory[at : at + 4096]) for at in pages)
    assert places * 4096 < 3 * MEGABYTE


def test_frames_of_all_sizes_come_out_as_they_went_in_and_what_does_not_fit_is_counted(monkeypatch):
    monkeypatch.setattr(ring, "NEAR", 1024)
    dice = random.Random(3)
    writer, reader = both(capacity=16_384)
    sent, got, refused, under_way = [], [], 0, []
    for number in range(20_000):
        frame = number.to_bytes(4, "big") + bytes([number & 255]) * dice.choice([0, 1, 7, 8, 100, 900, 5000])
        if writer.put(frame):
            sent.append(frame)
        else:
            refused += 1
        if dice.random() < 0.3:
            under_way += reader.take(dice.randrange(1, 9))
        if under_way and dice.random() < 0.3:
            dice.shuffle(under_way)
            done, under_way = under_way[:5], under_way[5:]
            reader.acknowledge([sequence for sequence, _ in done])
            got += done
    rest = under_way + reader.take(1 << 20)
    reader.acknowledge([sequence for sequence, _ in rest])
    assert [frame for _, frame in sorted(got + rest)] == sent
    assert 0 < refused == writer.dropped == 20_000 - len(sent)
    assert (writer.held, reader.used) == (0, 0.0)


def test_a_frame_larger_than_the_ring_is_dropped_and_counted():
    writer, reader = both(capacity=4096)
    assert not writer.put(b"x" * 5000)
    assert writer.put(b"y")
    assert durable(reader) == [b"y"]
    assert writer.dropped == 1


@pytest.mark.parametrize("acknowledged", [[], [0], [1, 2], [0, 1, 2]])
def test_another_reader_goes_on_after_what_is_durable(acknowledged):
    writer, first = both()
    for number in range(4):
        writer.put(b"%d" % number)
    first.take(3)
    first.acknowledge(acknowledged)
    first.report(3, 2, 1, 0)
    second = RingReader(mapped(writer.fd))
    assert not first.resumed
    assert second.resumed
    assert (second.read_before, second.counted) == (3, (3, 2, 1, 0, 0, 0, 0))
    begin = 0
    while begin in acknowledged:
        begin += 1
    frames = second.take(9)
    assert frames == [(number, b"%d" % number) for number in range(begin, 4)]
    second.acknowledge([sequence for sequence, _ in frames])
    assert writer.held == 0


def test_another_reader_goes_on_after_a_jump_to_the_beginning(monkeypatch):
    monkeypatch.setattr(ring, "NEAR", 256)
    writer, first = both(capacity=4096)
    writer.put(b"x" * 600)
    durable(first)
    writer.put(b"after the jump")
    assert RingReader(mapped(writer.fd)).take(9) == [(1, b"after the jump")]


def test_nothing_is_lost_or_doubled_with_many_threads():
    writer, reader = both(capacity=64 * MEGABYTE)
    threads = [
        threading.Thread(target=lambda n=n: [writer.put(f"{n}-{i}".encode()) for i in range(500)]) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads) or not reader.empty:
        frames = reader.take(100)
        reader.acknowledge([sequence for sequence, _ in frames])
        seen += frames
    assert len({frame for _, frame in seen}) == 4000
    assert [sequence for sequence, _ in seen] == list(range(4000))
    assert (writer.held, writer.dropped) == (0, 0)


def test_a_signal_handler_may_put_a_frame_while_one_is_put():
    writer, reader = both(capacity=16 * MEGABYTE)
    mine, theirs = [], []

    def handler(number, frame):
        theirs.append(writer.put(b"handler"))

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for _ in range(20_000):
            mine.append(writer.put(b"x" * 200))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    frames = durable(reader)
    assert all(mine + theirs)
    assert (frames.count(b"x" * 200), frames.count(b"handler")) == (20_000, len(theirs))
    assert len(theirs) > 10


def test_an_exception_in_the_middle_of_a_put_leaves_a_ring_that_works():
    writer, reader = both(capacity=16 * MEGABYTE)
    interrupted = 0

    def handler(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, handler)
    try:
        for _ in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0002)
                while True:
                    writer.put(b"x" * 200)
            except KeyboardInterrupt:
                interrupted += 1
            durable(reader)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert interrupted == 300
    other = threading.Thread(target=writer.put, args=(b"from another thread",))
    other.start()
    other.join(10)
    assert not other.is_alive()
    assert durable(reader)[-1:] == [b"from another thread"]


def test_a_writer_that_is_killed_in_the_middle_leaves_whole_frames_only(tmp_path):
    script = tmp_path / "writer.py"
    script.write_text(
        textwrap.dedent(
            """
            import sys
            from agentlog.recording.ring import RingWriter
            writer = RingWriter(lambda burst: None, 3 << 20)
            print(writer.fd, flush=True)
            number = 0
            while True:
                number += writer.put(number.to_bytes(4, "big") + bytes([number & 255]) * (number * 37 % 3000))
            """
        )
    )
    for run in range(3):
        with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as child:
            reader = RingReader(mapped(os.open(f"/proc/{child.pid}/fd/{int(child.stdout.readline())}", os.O_RDWR)))
            until = time.monotonic() + 0.1 + run * 0.05
            frames = []
            while time.monotonic() < until:
                frames += durable(reader)
            child.kill()
        frames += durable(reader)
        assert len(frames) > 100
        assert frames == [n.to_bytes(4, "big") + bytes([n & 255]) * (n * 37 % 3000) for n in range(len(frames))]


def test_what_something_else_wrote_over_is_counted_and_what_comes_then_is_read():
    writer, reader = both()
    for _ in range(3):
        writer.put(b"x" * 100)
    writer.memory[ring.HEADER : ring.HEADER + 300] = b"\xee" * 300
    assert reader.take(9) == []
    writer.put(b"good")
    reader._next = 0
    assert [frame for _, frame in reader.take(9)] == [b"good"]
    reader.report(1, 1, 0, 0)
    assert writer.words[ring.FAILED] == 3


def test_a_late_put_into_a_ring_that_is_closed_raises_and_harms_nobody():
    writer, _ = both()
    writer.put(b"x")
    put = writer.put
    writer.close()
    with pytest.raises(ValueError, match="released"):
        put(b"y")
    assert (writer.held, writer.dropped, writer.waiting) == (1, 0, 0)


def test_it_wakes_a_reader_when_a_quarter_has_filled_and_looks_after_it_now_and_then():
    told = []
    writer, _ = both(capacity=MEGABYTE, attend=told.append)
    writer.put(b"x")
    assert told == [False]
    for _ in range(30):
        writer.put(b"x" * 10_000)
    assert told == [False, True]


def test_other_memory_is_no_ring():
    fd = os.memfd_create("other")
    os.ftruncate(fd, ring.HEADER + NEAR)
    with pytest.raises(ValueError, match="no ring"):
        RingReader(mapped(fd))
    os.close(fd)


def test_it_stays_out_of_core_dumps():
    writer, _ = both()
    with open("/proc/self/smaps", encoding="ascii") as file:
        areas = file.read().split("memfd:agentlog")[1:]
    flags = [next(line for line in area.splitlines() if line.startswith("VmFlags")) for area in areas]
    assert flags
    assert all(" dd" in line for line in flags)
    assert writer.fd > 2

import threading

from agentlog.recording.channel import MemoryChannel


def test_frames_come_out_in_order_with_their_numbers():
    channel = MemoryChannel()
    for frame in (b"a", b"b", b"c"):
        assert channel.put(frame)
    assert channel.take(2) == [(0, b"a"), (1, b"b")]
    assert channel.take(9) == [(2, b"c")]
    assert channel.take(9) == []


def test_space_is_given_back_when_a_frame_is_durable_not_when_it_is_read():
    channel = MemoryChannel(capacity=10)
    channel.put(b"12345")
    channel.put(b"12345")
    channel.take(2)
    assert not channel.put(b"x")
    channel.acknowledge([1])
    assert channel.put(b"x")
    assert channel.held == 2


def test_full_the_newest_is_dropped_and_counted():
    channel = MemoryChannel(capacity=4)
    assert [channel.put(b"ab") for _ in range(4)] == [True, True, False, False]
    assert channel.dropped == 2
    assert [frame for _, frame in channel.take(9)] == [b"ab", b"ab"]
    assert channel.used == 1.0


def test_nothing_is_lost_or_doubled_with_many_threads():
    channel = MemoryChannel()
    threads = [
        threading.Thread(target=lambda n=n: [channel.put(f"{n}-{i}".encode()) for i in range(500)]) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads) or channel.waiting:
        seen += channel.take(100)
    assert len({frame for _, frame in seen}) == 4000
    assert sorted(sequence for sequence, _ in seen) == list(range(4000))
    channel.acknowledge(sequence for sequence, _ in seen)
    assert (channel.held, channel.used) == (0, 0.0)

import os
import threading
import time
import warnings

import pytest

from agentlog.recording import forks

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)


def test_a_fork_waits_until_an_import_of_ours_is_done_and_the_child_may_import():
    begun, done = threading.Event(), []

    def importing():
        with forks.lock:
            begun.set()
            time.sleep(0.3)
            done.append(1)

    thread = threading.Thread(target=importing)
    thread.start()
    begun.wait(10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of fork in a process with threads
        child = os.fork()
    if not child:
        os._exit(0 if done and forks.lock.acquire(timeout=1) else 1)
    thread.join(10)
    assert os.waitpid(child, 0)[1] == 0
    assert forks.lock.acquire(timeout=1)
    forks.lock.release()


def test_a_fork_does_not_wait_forever(monkeypatch):
    monkeypatch.setattr(forks, "_PATIENCE_S", 0.05)
    release = threading.Event()

    def stuck():
        with forks.lock:
            release.wait(30)

    thread = threading.Thread(target=stuck)
    thread.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        os._exit(0 if forks.lock.acquire(timeout=1) else 1)
    release.set()
    thread.join(10)
    assert os.waitpid(child, 0)[1] == 0
    assert forks.lock.acquire(timeout=1)
    forks.lock.release()

"""One arm of the comparison, in a process and an environment of its own. `benchmarks/capture.py` starts it and asks it by lines of JSON.

    python benchmarks/peers/worker.py ADAPTER WHERE

WHERE is what the adapter sends to: the address of a local sink, or a folder. An adapter is a module `use_….py` beside this file with

    start(where)            set the peer up as its documentation says for production: in batches, in the background
    decorate(function)      `function(messages)` so that its input and output are captured
    langchain()             context manager: LangChain is captured inside; gives what `invoke` takes as its config
    llama_index()           the same for LlamaIndex; gives nothing
    quiet()                 context manager, where needed: nothing is captured inside
    flush()                 everything is sent
    beside()                where needed: ids of processes that work for this one
    sends                   False: nothing leaves the process, because nothing is installed that could send it

`langchain` or `llama_index` may be a string instead: why there is none.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import sys
import time
from typing import Any

import lanes
from payloads import ANSWER, CONVERSATIONS, about, odd


def chat(messages: list[dict[str, Any]]) -> dict[str, str]:
    """A model that answers at once."""
    return ANSWER


def end(call: Any, how: str, calls: int) -> None:
    """Make calls 5 ms apart, then end in one of six ways."""
    if how.startswith("fork"):
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            os._exit(0)
    for number in range(calls):
        call(CONVERSATIONS[number % 50])
        time.sleep(0.005)
    if how == "exit":
        sys.exit(0)
    if how == "fork, child lives on":
        time.sleep(8)
    if how in ("SIGTERM", "SIGKILL"):
        os.kill(os.getpid(), signal.SIGTERM if how == "SIGTERM" else signal.SIGKILL)
        time.sleep(60)
    os._exit(0)


def odd_payloads(call: Any, flush: Any) -> dict[str, Any]:
    """Each odd value in a message, beside a plain one: what is raised into the call, how long it takes, what to look for."""
    found = {}
    for name, value in odd().items():
        raised = None
        begun = time.perf_counter()
        try:
            call([{"role": "system", "content": about(name)}, {"role": "user", "content": value}])
        except Exception as error:  # noqa: BLE001 - that is what is counted
            raised = type(error).__name__
        found[name] = {"raised": raised, "s": time.perf_counter() - begun, "about": about(name)}
        try:
            flush()
        except Exception:
            # what could not be sent is not recorded, and that is seen at the other end
            logging.getLogger(__name__).exception("flush after %s", name)
    return found


def answer(adapter: Any, call: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """One question of the driver."""
    what, calls = asked.pop("do"), asked.pop("calls", 0)
    if what == "end":
        end(call, asked["how"], calls)
    if what == "odd":
        return odd_payloads(call, adapter.flush)
    return getattr(lanes, what)(adapter, chat, call, calls, **asked)


def main() -> None:
    """Answer until nobody asks any more."""
    # what libraries print must not get between the answers
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    adapter = importlib.import_module(sys.argv[1])
    try:
        adapter.start(sys.argv[2])
        call = adapter.decorate(chat)
        call(CONVERSATIONS[0])
        adapter.flush()
        said: dict[str, Any] = {"sends": getattr(adapter, "sends", True)}
    except Exception as error:
        logging.getLogger(__name__).exception("start")
        said = {"error": f"{type(error).__name__}: {error}"}
    while True:
        print(json.dumps(said), file=answers, flush=True)
        line = sys.stdin.readline()
        if not line:
            break
        try:
            said = answer(adapter, call, json.loads(line))
        except lanes.Missing as missing:
            said = {"missing": str(missing)}
        except Exception as error:
            logging.getLogger(__name__).exception("%s", line)
            said = {"error": f"{type(error).__name__}: {error}"}
    adapter.flush()


if __name__ == "__main__":
    main()

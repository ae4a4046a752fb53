"""Recorded exchanges with providers, and a server on 127.0.0.1 that answers with their bytes: whole, cut short, or torn.

A client asks below `/x/<id>`, and is answered as in the exchange of that id. What it sent is kept, for it is what a record has to say.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

APIS = ("chat", "responses", "completions", "embeddings", "messages")
DATA = Path(__file__).parents[2] / "../shared/data/exchanges/pypi_sdists.jsonl.gz"

Exchange = dict[str, Any]
"""`{id, provider, api, path, status, ctype, stream, request, response}`: `request` is JSON, `response` the text of the body."""


def load(path: Path = DATA, apis: tuple[str, ...] = APIS) -> list[Exchange]:
    """The exchanges that can be had again through the openai and anthropic SDKs."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [one for one in map(json.loads, lines) if one["api"] in apis and one["provider"] != "bedrock"]


def blocks(text: str) -> list[str]:
    """The server-sent events in the text of a stream."""
    return [one for one in text.replace("\r\n", "\n").split("\n\n") if one.strip()]


def events(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in server-sent events."""
    for block in blocks(text):
        data = "\n".join(line[5:].strip() for line in block.split("\n") if line.startswith("data:"))
        if data and data != "[DONE]":
            yield json.loads(data)


def kept(exchange: Exchange, ending: str) -> str:
    """The text of the answer as far as it comes: streams that do not come `whole` stop in their middle."""
    if ending == "whole" or not exchange["stream"]:
        return str(exchange["response"])
    there = blocks(exchange["response"])
    return "".join(f"{one}\n\n" for one in there[: (len(there) + 1) // 2])


class Server:
    """Answers with recorded bytes. A context manager.

    Args:
        exchanges: what can be asked for.
        ending: of the streams: "whole"; "cut": they end early, as if they were over; "torn": the connection breaks.
    """

    def __init__(self, exchanges: list[Exchange], ending: str = "whole") -> None:
        self.exchanges = {one["id"]: one for one in exchanges}
        self.ending = ending
        self.received: dict[str, Any] = {}
        """Id of an exchange → the JSON body that the client sent."""
        self._server = _Threads(("127.0.0.1", 0), _Handler)
        self._server.replay = self
        self.url = f"http://127.0.0.1:{self._server.server_port}/x"

    def __enter__(self) -> Server:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    replay: Server

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up as they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    server: _Threads

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        replay = self.server.replay
        exchange = replay.exchanges[self.path.split("/")[2]]
        replay.received[exchange["id"]] = body
        with suppress(ConnectionError):
            self._answer(exchange, kept(exchange, replay.ending), torn=replay.ending == "torn")

    def _answer(self, exchange: Exchange, text: str, *, torn: bool) -> None:
        self.send_response(exchange["status"])
        # some cassettes hide it
        known = exchange["ctype"] if "/" in exchange["ctype"] else "application/json"
        self.send_header("content-type", "text/event-stream" if exchange["stream"] else known)
        self.send_header("x-should-retry", "false")
        if not exchange["stream"]:
            self.send_header("content-length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())
            return
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for block in blocks(text):
            data = f"{block}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()
        if torn:
            self.close_connection = True  # without the last chunk: the answer is not over, and nothing more comes
        else:
            self.wfile.write(b"0\r\n\r\n")

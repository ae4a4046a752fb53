"""The HTTP side of the scripted provider: connections, threads, bodies, server-sent events, and a clean end."""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from agentlog.testing import routes
from agentlog.testing.faults import error_fields
from agentlog.testing.wire import Answer, Body, Event

if TYPE_CHECKING:
    from agentlog.testing.provider import Exchange, ScriptedProvider
    from agentlog.testing.scripts import Reply

_SECRETS: Final = frozenset({"authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie"})
_STOP_S: Final = 0.05
"""How often the accepting thread looks whether it has to stop, in seconds."""


class Cut(ConnectionError):
    """The script drops the connection."""


class Server(socketserver.TCPServer):
    """Accepts on 127.0.0.1, one thread for each connection; `close` ends all of them."""

    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, provider: ScriptedProvider, port: int) -> None:
        # TCPServer and not HTTPServer, which asks the resolver for a name and may wait for it
        super().__init__(("127.0.0.1", port), _Handler)
        self.provider = provider
        self.port: int = self.server_address[1]
        self.stopping = threading.Event()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._accepting = threading.Thread(
            target=self.serve_forever, args=(_STOP_S,), name="agentlog-scripted-provider", daemon=True
        )
        self._accepting.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own."""
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), name="agentlog-scripted-connection", daemon=True
        )
        with self._lock:
            self._open[thread] = request
        thread.start()

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        try:
            with suppress(ConnectionError):  # the client left, or the script dropped the connection
                self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - a fault in here is to be seen, and not to end the server
            self.handle_error(request, client_address)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)
            self.shutdown_request(request)

    def close(self) -> None:
        """Accept no more, shut the open connections (clients keep them alive) and wait for their threads."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        self.shutdown()
        self._accepting.join()
        self.server_close()
        with self._lock:
            left = dict(self._open)
        for connection in left.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in left:
            if thread is not threading.current_thread():
                thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "agentlog-scripted-provider"
    disable_nagle_algorithm = True  # else every small write waits 40 ms for the client's delayed acknowledgement
    wbufsize = 65536
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: `requests` holds what happened."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].rstrip("/")
        if path.endswith("/models"):
            self._send_json(200, routes.models_document())
        elif path.rpartition("/")[0].endswith("/models"):
            self._send_json(200, routes.model_document(path.rpartition("/")[2]))
        else:
            self._send_json(404, routes.openai_error(404, error_fields(404, f"There is no GET {path} here.")))

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        raw = self._read_body()
        route = routes.find_route(path)
        if route is None:
            self._send_json(404, routes.openai_error(404, error_fields(404, f"There is no POST {path} here.")))
            return
        try:
            body = json.loads(raw)
            if not isinstance(body, dict):
                raise ValueError("no object")
        except ValueError:
            self._send_json(400, route.error(400, error_fields(400, "The body of the request is no JSON object.")))
            return
        body |= routes.gemini_fields(path)
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower() not in _SECRETS}
        begun = time.perf_counter()
        exchange, reply = self.server.provider.take(route, path, headers, raw, body)
        try:
            self._reply(route, exchange, reply)
            exchange.outcome = "sent"
        except Cut:
            exchange.outcome = "cut"
            raise
        except ConnectionError:
            exchange.outcome = "left"
            raise
        finally:
            exchange.duration_s = time.perf_counter() - begun

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            raw = b"".join(self._chunks())
        else:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        return gzip.decompress(raw) if self.headers.get("content-encoding") == "gzip" else raw

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            """Trailers, and the empty line after them."""

    def _reply(self, route: routes.Route, exchange: Exchange, reply: Reply) -> None:
        provider = self.server.provider
        self._wait(provider.delay_s + reply.delay_s)
        streams = exchange.stream and exchange.route != "embeddings"
        fields = error_fields(reply.status if reply.status != 200 else 500, reply.error)
        if reply.raw is not None:
            exchange.status = reply.status
            self._send(reply.status, reply.raw, reply.cut_after is not None)
        elif reply.status >= 400 or (reply.error is not None and not streams):
            exchange.status = reply.status if reply.status >= 400 else 500
            exchange.response = route.error(exchange.status, fields)
            self._send_json(exchange.status, exchange.response)
        else:
            answer = route.answer(exchange.request, reply, exchange.id)
            exchange.status, exchange.response = reply.status, answer.document
            if not streams:
                self._send_json(reply.status, answer.document, cut=reply.cut_after is not None)
            elif exchange.route == "gemini" and "alt=sse" not in self.path:
                self._send_json(reply.status, [event.data for event in answer.events])
            else:
                self._stream(route, answer, reply, fields)

    def _wait(self, seconds: float) -> None:
        """Wait, unless the server is closed first: then there is nobody to answer any more."""
        if seconds > 0 and self.server.stopping.wait(seconds):
            raise Cut

    def _send_json(self, status: int, document: Body | list[Any], *, cut: bool = False) -> None:
        self._send(status, json.dumps(document, ensure_ascii=False).encode(), cut)

    def _send(self, status: int, content: bytes, cut: bool) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        if status in (429, 503):
            self.send_header("retry-after-ms", "1")  # a client that tries again does so at once
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.wfile.flush()
        if cut:
            raise Cut

    def _stream(self, route: routes.Route, answer: Answer, reply: Reply, fields: Body) -> None:
        self.send_response(reply.status)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        cut_after = reply.cut_after if reply.error is None or reply.cut_after is not None else 2
        for number, event in enumerate(answer.events):
            if number == cut_after:
                if reply.error is None:
                    raise Cut
                self._send_event(route.broken_off(fields))
                break
            self._wait(self.server.provider.token_delay_s if number else 0)
            self._send_event(event)
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _send_event(self, event: Event) -> None:
        data = event.data if isinstance(event.data, str) else json.dumps(event.data, ensure_ascii=False)
        content = (f"event: {event.name}\n" if event.name else "") + f"data: {data}\n\n"
        encoded = content.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(encoded), encoded))
        self.wfile.flush()

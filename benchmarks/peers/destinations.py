"""Where an arm's records arrive: a local HTTP sink for the peers, a folder of Parquet for agentlog. Both are counted the same way."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.dataset

# what LangSmith's server says of itself: it takes runs in parts, many at once, compressed
LANGSMITH = {
    "version": "0.13.0",
    "instance_flags": {"zstd_compression_enabled": True},
    "batch_ingest_config": {
        "use_multipart_endpoint": True,
        "scale_up_qsize_trigger": 1000,
        "scale_up_nthreads_limit": 16,
        "scale_down_nempty_trigger": 4,
        "size_limit": 100,
        "size_limit_bytes": 20_971_520,
    },
}
_OUTPUTS = re.compile(rb'name="(?:post|patch)\.([0-9a-f-]{36})\.outputs"')


class Destination(Protocol):
    """Where records arrive."""

    where: str
    """What the adapter is told."""

    def received(self) -> int:
        """Records that have arrived."""

    def holds(self, text: str) -> bool:
        """Whether a record with this text in it has arrived."""

    def clear(self) -> None:
        """Count from zero."""

    def close(self) -> None:
        """Nothing arrives any more."""


class Sink:
    """A server on 127.0.0.1 that answers at once and looks at what it got when it is asked: OTLP over HTTP, LangSmith's runs."""

    def __init__(self) -> None:
        self._bodies: list[tuple[str, str, bytes]] = []
        self._counted = 0
        self._spans = 0
        self._runs: set[bytes] = set()
        bodies = self._bodies

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(LANGSMITH)

            def do_POST(self) -> None:
                if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                    body = b"".join(self._chunks())
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                bodies.append((self.path, self.headers.get("Content-Encoding", ""), body))
                self._answer({})

            do_PATCH = do_PUT = do_POST

            def _chunks(self) -> Iterator[bytes]:
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    yield self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()

            def _answer(self, value: Any) -> None:
                # to an OTLP client an empty body is an answer in full
                body = json.dumps(value).encode() if value else b""
                self.send_response(200)
                self.send_header("Content-Type", "application/json" if value else "application/x-protobuf")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # a client that was killed in the middle of a request

        self._server = Server(("127.0.0.1", 0), Handler)
        self.where = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def received(self) -> int:
        """Records that have arrived."""
        bodies = self._bodies[self._counted :]
        self._counted += len(bodies)
        for path, encoding, body in bodies:
            plain = _plain(encoding, body)
            if path.endswith("/v1/traces"):
                self._spans += _spans(plain)
            elif "runs" in path:
                self._runs.update(_OUTPUTS.findall(plain))
        return self._spans + len(self._runs)

    def holds(self, text: str) -> bool:
        """Whether a record with this text in it has arrived."""
        return any(text.encode() in _plain(encoding, body) for _, encoding, body in self._bodies)

    def clear(self) -> None:
        """Count from zero."""
        self._bodies.clear()
        self._runs.clear()
        self._counted = self._spans = 0

    def close(self) -> None:
        """Nothing arrives any more."""
        self._server.shutdown()
        self._server.server_close()
        self._bodies.clear()


class Folder:
    """A dataset of agentlog. What is in no finished part has not arrived."""

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._calls = path / "calls"
        self._from = 0

    def _all(self) -> int:
        return pyarrow.dataset.dataset(self._calls, format="parquet").count_rows() if self._calls.is_dir() else 0

    def received(self) -> int:
        """Records that have arrived."""
        return self._all() - self._from

    def holds(self, text: str) -> bool:
        """Whether a record with this text in it has arrived."""
        rows = pyarrow.dataset.dataset(self._calls, format="parquet").to_table(columns=["input_messages"])
        return any(text in str(row) for row in rows["input_messages"].to_pylist())

    def clear(self) -> None:
        """Count from zero."""
        self._from = self._all()

    def close(self) -> None:
        """Nothing to be done."""


def _plain(encoding: str, body: bytes) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "zstd":
        return pa.input_stream(pa.BufferReader(body), compression="zstd").read()
    return body


def _spans(request: bytes) -> int:
    """Spans in an ExportTraceServiceRequest: resource_spans = 1, in it scope_spans = 2, in it spans = 2."""
    return sum(1 for resource in _fields(request, 1) for scope in _fields(resource, 2) for _ in _fields(scope, 2))


def _fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """The length-delimited fields of this number in a protobuf message."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            _, at = _varint(message, at)
        elif kind == 1:
            at += 8
        elif kind == 5:
            at += 4
        else:
            size, at = _varint(message, at)
            if key >> 3 == wanted:
                yield message[at : at + size]
            at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7

"""Bad weather between DuckDB and an S3 server: a proxy on loopback, in a process of its own, that passes on, refuses
or freezes.
"""

from __future__ import annotations

import http.client
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

FORK = multiprocessing.get_context("fork")

REFUSALS = {
    "503": (503, "SlowDown", "Please reduce your request rate."),
    "credentials": (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
}
"""Status, code and text, as S3 has them."""
KINDS = ("fair", "frozen", *REFUSALS)

OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Weather:
    """What the proxy on `port` does, until when, and to how many requests it was not fair."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._kind = FORK.RawValue("i", 0)
        self._until = FORK.RawValue("d", 0.0)
        self._struck = FORK.Value("i", 0)

    @property
    def struck(self) -> int:
        return int(self._struck.value)

    def turn(self, kind: str, seconds: float = float("inf")) -> None:
        """From now on do this, for so long."""
        self._struck.value = 0
        self._until.value = time.monotonic() + seconds
        self._kind.value = KINDS.index(kind)

    def strike(self) -> tuple[int, str, str] | None:
        """What a request is refused with; None where it is passed on, at once or when it thaws."""
        kind = self._now()
        if kind != "fair":
            with self._struck.get_lock():
                self._struck.value += 1
        while self._now() == "frozen":
            time.sleep(0.1)
        return REFUSALS.get(kind)

    def _now(self) -> str:
        return KINDS[self._kind.value] if time.monotonic() < self._until.value else "fair"


@contextmanager
def before(port: int) -> Iterator[Weather]:
    """A proxy before the S3 server on a port of loopback."""
    Proxy.behind = port
    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    Proxy.weather = Weather(server.server_address[1])
    process = FORK.Process(target=server.serve_forever, daemon=True)
    process.start()
    server.socket.close()
    try:
        yield Proxy.weather
    finally:
        process.terminate()
        process.join()


class Proxy(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    behind: ClassVar[int]
    weather: ClassVar[Weather]

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if refusal := self.weather.strike():
            status, code, text = refusal
            content = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>".encode()
            return self._send(status, {"Content-Type": "application/xml"}, content, len(content))
        server = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=120)
        server.request(self.command, self.path, body or None, dict(self.headers))
        found = server.getresponse()
        content = found.read()
        headers = {name: value for name, value in found.getheaders() if name.lower() not in OF_ONE_CONNECTION}
        length = int(found.headers.get("Content-Length") or len(content))  # of a HEAD, what a GET would send
        server.close()
        return self._send(found.status, headers, content, length)

    def _send(self, status: int, headers: dict[str, str], content: bytes, length: int) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer

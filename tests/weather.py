"""Bad weather between DuckDB and an S3 server: a proxy on loopback that passes on, refuses, freezes or forgets."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

REFUSALS = {
    "503": (503, "SlowDown", "Please reduce your request rate."),
    "credentials": (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
}
"""Status, code and text, as S3 has them."""

HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "proxy-connection"}


class Weather:
    """What the proxy does, and to how many requests it did it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.kind = "fair"
        self.met: Counter[str] = Counter()
        self._over = threading.Event()

    def turn(self, kind: str, seconds: float | None = None) -> None:
        """From now on do this; after so many seconds all is fair again."""
        self._over.clear()
        self.kind = kind
        if seconds is not None:
            timer = threading.Timer(seconds, self.clear)
            timer.daemon = True
            timer.start()

    def clear(self) -> None:
        """Pass everything on, also what was frozen."""
        self.kind = "fair"
        self._over.set()

    def strike(self) -> tuple[int, str, str] | None:
        """What a request is refused with; None where it is passed on."""
        kind = self.kind
        self.met[kind] += 1
        if kind == "frozen":
            self._over.wait()
        return REFUSALS.get(kind)


@contextmanager
def before(port: int) -> Iterator[Weather]:
    """A proxy before the S3 server on a port of loopback. Yields its weather; it listens on `weather.port`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        weather: ClassVar[Weather]

        def log_message(self, *_: Any) -> None:
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if refusal := self.weather.strike():
                status, code, text = refusal
                content = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>".encode()
                return self._send(status, {"Content-Type": "application/xml"}, content, len(content))
            server = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            try:
                server.request(self.command, self.path, body or None, dict(self.headers))
                found = server.getresponse()
                content = found.read()
                headers = {name: value for name, value in found.getheaders() if name.lower() not in HOP}
                length = int(headers.pop("Content-Length", headers.pop("content-length", len(content))))
                return self._send(found.status, headers, content, length)
            finally:
                server.close()

        def _send(self, status: int, headers: dict[str, str], content: bytes, length: int) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Who hangs up in bad weather is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    weather = Handler.weather = Weather(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield weather
    finally:
        weather.clear()
        server.shutdown()
        server.server_close()
        thread.join()

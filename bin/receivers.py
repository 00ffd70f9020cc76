"""A mail server and a webhook on this machine that keep what they receive: for tests and for provoke_notices.py."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
RECIPIENTS = "duty@broadsheet.example, desk@broadsheet.example"


@dataclass
class Received:
    """What has arrived so far, and the environment that sets where Airflow sends it."""

    environment: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def receivers() -> Iterator[Received]:
    """Run both servers, each on a free port."""
    received = Received()

    class Mailbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
            received.mails.append(message)
            return "250 kept"

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.posts.append({"path": self.path, "token": self.headers["X-Token"], **json.loads(body)})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Not to the screen."""

    mail = Controller(Mailbox(), hostname=HOST, port=_free_port())
    mail.start()
    web = ThreadingHTTPServer((HOST, 0), Hook)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    received.environment = connections(mail.port, web.server_port)
    try:
        yield received
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def connections(smtp_port: int, webhook_port: int) -> dict[str, str]:
    """The two connections, in the form in which Airflow reads them from the environment."""
    smtp = {
        "conn_type": "smtp",
        "host": HOST,
        "port": smtp_port,
        # A server on this machine, without a certificate; a real one has neither of these two.
        "extra": {
            "from_email": "broadsheet@broadsheet.example",
            "to": RECIPIENTS,
            "disable_ssl": True,
            "disable_tls": True,
        },
    }
    webhook = {
        "conn_type": "http",
        "host": f"http://{HOST}:{webhook_port}/hooks/broadsheet",
        "extra": {"X-Token": "kept-from-logs"},
    }
    return {
        "AIRFLOW_CONN_BROADSHEET_SMTP": json.dumps(smtp),
        "AIRFLOW_CONN_BROADSHEET_WEBHOOK": json.dumps(webhook),
    }

"""Folders elsewhere for tests: a web server with index pages and ranges, OpenSSH's sshd, a bucket. All on loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from local_services import HOST, free_port, wait_for

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

needs_sshd = pytest.mark.skipif(SSHD is None, reason="waits for sshd: apt-get install openssh-server")


@dataclass
class Folder:
    """A folder elsewhere, which a server gives from one of the disk."""

    root: Path
    base: str
    """Its address, without a slash at the end."""

    def put(self, name: str, content: bytes, modified_at: float = 1_700_000_000) -> None:
        """Put a file there, changed at this time."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (modified_at, modified_at))

    def is_timed(self) -> bool:
        """Whether a file has the time that it was given."""
        return True


@dataclass
class Bucket(Folder):
    """A folder of a bucket."""

    def put(self, name: str, content: bytes, modified_at: float = 0) -> None:
        bucket, _, folder = self.base.removeprefix("s3://").partition("/")
        boto3.client("s3").put_object(Bucket=bucket, Key=f"{folder}/{name}", Body=content)

    def is_timed(self) -> bool:
        return False


@dataclass
class Web(Folder):
    """A web server's folder, and how it misbehaves."""

    faults: dict[str, Any] = field(default_factory=dict)
    """By the name of a file: a status (206 is a part that nobody asked for); a number of bytes after which it ends, or
    is silent; headers that it gives, or what makes them of the number of the answer."""
    times: Counter[str] = field(default_factory=Counter)
    """How often a fault still happens; without a number, always."""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, name and range of every question."""
    is_ended: threading.Event = field(default_factory=threading.Event)
    login: str | None = None
    """The one Authorization that it lets in."""


class _Handler(SimpleHTTPRequestHandler):
    web: Web

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        name = Path(self.translate_path(self.path)).name
        self.web.asked.append((method, name, self.headers.get("Range")))
        fault = self.web.faults.get(name)
        if fault is not None and name in self.web.times:
            self.web.times[name] -= 1
            fault = None if self.web.times[name] < 0 else fault
        if self.web.login and self.headers.get("Authorization") != self.web.login:
            self.send_error(401)
        elif isinstance(fault, int) and fault >= 300 and fault < 600:
            self.send_error(fault)
        elif Path(self.translate_path(self.path)).is_file():
            self._give(method, Path(self.translate_path(self.path)), fault)
        else:
            super().do_GET()

    def _give(self, method: str, path: Path, fault: Any) -> None:
        content = path.read_bytes()
        changed = self.date_time_string(path.stat().st_mtime)
        begins = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(begins[1]) if begins and self.headers.get("If-Range") == changed else 0
        given = {"Content-Length": str(len(content) - start), "Last-Modified": changed}
        if start:
            given["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        if callable(fault):
            fault = fault(len(self.web.asked))
        self.send_response(206 if start or fault == 206 else 200)
        for header, value in (given | (fault if isinstance(fault, dict) else {})).items():
            self.send_header(header, value)
        self.end_headers()
        if method == "GET":
            end = fault[1] if isinstance(fault, tuple) else len(content)
            self.wfile.write(content[start:end])
            if isinstance(fault, tuple) and fault[0] == "is silent at":
                self.wfile.flush()
                self.web.is_ended.wait(30)


@contextmanager
def web(root: Path) -> Iterator[Web]:
    """A web server of a folder."""
    root.mkdir(parents=True, exist_ok=True)
    found = Web(root, "")
    handler = type("Handler", (_Handler,), {"web": found})
    with ThreadingHTTPServer((HOST, 0), lambda *args: handler(*args, directory=str(root))) as server:  # type: ignore[arg-type]
        found.base = f"http://{HOST}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        found.is_ended.set()
        server.shutdown()


@contextmanager
def sshd(folder: Path) -> Iterator[int]:
    """An sshd that lets the key in `folder`/.ssh in, for a user whose home that is. Yields its port."""
    assert SSHD
    ours = folder / ".ssh"
    ours.mkdir(parents=True, mode=0o700)
    for key in (folder / "host_key", ours / "id_ed25519"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    port = free_port()
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress {HOST}\nHostKey {folder}/host_key\nAuthorizedKeysFile {ours}/id_ed25519.pub\n"
        "PidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\n"
        "Subsystem sftp internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    public = (folder / "host_key.pub").read_text().rsplit(" ", 1)[0]
    (ours / "known_hosts").write_text(f"[{HOST}]:{port} {public}\n")
    server = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def in_child(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

"""A web server that hangs, drips, lies or leads astray costs its own feed a reason in words, and little time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from local_services import HOST

from etl.intake import fetching, remote
from etl.intake.fetching import Fetched
from etl.intake.remote import Login, https
from etl.model import Feed

Answers = Callable[[str, str], Iterator[bytes]]
"""Takes a method and a path; yields the bytes of an answer, heads and all."""


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """A server of raw bytes. Yields its address."""
    with socket.create_server((HOST, 0)) as server:

        def one(client: socket.socket) -> None:
            with client, suppress(OSError):
                method, path, _ = client.recv(65536).decode().split(" ", 2)
                for piece in answers(method, path):
                    client.sendall(piece)

        def all_of_them() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=one, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=all_of_them, daemon=True).start()
        yield f"http://{HOST}:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(https, "PAUSES", (0.0,))
    monkeypatch.setattr(https, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(remote, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(fetching, "TRIES", 2)


def head(length: int | str | None, *more: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", "Content-Type: text/html", *more]
    return "\r\n".join([*lines, *([] if length is None else [f"Content-Length: {length}"]), "", ""]).encode()


def hangs(method: str, path: str) -> Iterator[bytes]:
    time.sleep(3)
    yield b""


def drips(method: str, path: str) -> Iterator[bytes]:
    yield head(1000)
    while method == "GET":
        time.sleep(0.1)
        yield b"x"


def speaks_no_http(method: str, path: str) -> Iterator[bytes]:
    yield b"220 ftp ready\r\n" * 10


def has_an_endless_head(method: str, path: str) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: " + b"x" * 1000 + b"\r\n"


def leads_in_circles(method: str, path: str) -> Iterator[bytes]:
    yield head(0, f"Location: {path}x", status="302 Found")


def gives_more(method: str, path: str) -> Iterator[bytes]:
    if method == "HEAD":
        yield head(10)
    else:
        yield head(None)
        yield b"x" * 1000


def changes_meanwhile(method: str, path: str) -> Iterator[bytes]:
    yield head(10, f"Last-Modified: Mon, 16 Mar 2026 08:00:0{method == 'HEAD':d} GMT")
    yield b"x" * 10


def states_a_size_that_none_has(method: str, path: str) -> Iterator[bytes]:
    yield head(10**18)
    yield b"x"


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (hangs, "does not answer within"),
        (drips, "gives less than"),
        (speaks_no_http, "breaks off"),
        (has_an_endless_head, "breaks off"),
        (leads_in_circles, "leads from one address to the next without end"),
        (gives_more, "gives more than the 10 bytes that it states"),
        (changes_meanwhile, "changed while it was fetched"),
        (states_a_size_that_none_has, "breaks off"),
    ],
)
def test_a_server_that_misbehaves_is_told_in_words(tmp_path: Path, answers: Answers, reason: str) -> None:
    with serving(answers) as base:
        (problem,) = fetch(f"{base}/a.zip", tmp_path).problems
    assert reason in problem
    assert problem.isprintable()
    assert [file for file in (tmp_path / "landing").rglob("*") if file.is_file()] == []


def fetch(address: str, folder: Path) -> Fetched:
    (folder / "landing").mkdir(exist_ok=True)
    feed = Feed("wire", address=address, settle_seconds=0)
    return fetching.fetch(feed, Login(), [], folder / "landing", folder / "fetching", time.time())


def test_a_file_that_is_larger_than_the_disk_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: fetching.shutil._ntuple_diskusage(100, 91, 9))
    with serving(gives_more) as base:
        (problem,) = fetch(f"{base}/a.zip", tmp_path).problems
    assert "cannot be written here: 10 bytes are more than is free" in problem


def test_an_index_page_without_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(method: str, path: str) -> Iterator[bytes]:
        yield head(None)
        while True:
            yield b'<a href="a.zip">a</a>' * 100

    monkeypatch.setattr(https, "INDEX_BYTES", 100_000)
    with serving(endless) as base:
        (problem,) = fetch(f"{base}/out/*.zip", tmp_path).problems
    assert "index page of more than" in problem


def test_a_page_leads_to_no_other_host_and_no_other_folder(tmp_path: Path) -> None:
    asked: list[str] = []

    def leads_astray(method: str, path: str) -> Iterator[bytes]:
        asked.append(path)
        page = b'<a href="../x.zip"><a href="/x.zip"><a href="//127.0.0.2/out/x.zip"><a href="http://[/x.zip">'
        page += b'<a href="..%2f..%2fx.zip"><a href="%2e%2e"><a href="x.zip?delete=1"><a href="javascript:x.zip">'
        yield head(len(page)) + page

    with serving(leads_astray) as base:
        found = fetch(f"{base}/out/*", tmp_path)
    assert asked == ["/out/"]
    assert (found.files, found.problems) == ([], [])
    assert "can be no file's here" in found.warnings[0]


@pytest.mark.parametrize(
    "refusal",
    [
        head(0, status="416 Range Not Satisfiable"),
        head(90, "Content-Range: bytes 10-99/100", status="206 Partial Content") + b"x" * 90,
        head(60, status="206 Partial Content") + b"x" * 60,
    ],
)
def test_a_file_is_begun_anew_where_another_range_is_given_than_was_asked_for(tmp_path: Path, refusal: bytes) -> None:
    whole = b"0123456789" * 10
    calls = iter(range(100))

    def breaks_then_refuses_ranges(method: str, path: str) -> Iterator[bytes]:
        number = next(calls)
        tag = 'ETag: "same"'
        if method == "HEAD":
            yield head(100, tag)
        elif number == 1:
            yield head(100, tag) + whole[:40]
        elif number == 2:
            yield refusal
        else:
            yield head(100, tag) + whole

    with serving(breaks_then_refuses_ranges) as base:
        assert fetch(f"{base}/a.zip", tmp_path).problems == []
    assert (tmp_path / "landing/wire/a.zip").read_bytes() == whole


def test_no_redirect_leaves_tls() -> None:
    with pytest.raises(remote.Unreached, match="without TLS"):
        https._only_tls(https.httpx.Request("GET", "http://elsewhere.example/a.zip"))

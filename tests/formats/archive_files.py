"""Invented records of web archives."""

from __future__ import annotations

TEXT = "The ferry was late again on Monday, and nobody on the pier could say why that was, or “would”."
PAGE = f"<html><h1>Ferry late</h1><p>{TEXT}</p></html>".encode()
DAY = "2026-03-09T01:02:03Z"


def response(
    body: bytes = PAGE, *headers: str, status: str = "200 OK", kind: str = "text/html", url: str = "http://a.example/1"
) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "", ""])
    return record("response", head.encode() + body, url)


def record(kind: str, block: bytes, url: str = "http://a.example/1", length: int | str | None = None) -> bytes:
    size = len(block) if length is None else length
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {DAY}",
        f"Content-Length: {size}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def arc_record(body: bytes, length: int | None = None, date: str = "20260309010203", kind: str = "text/html") -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    return f"http://a.example/1 192.0.2.1 {date} {kind} {length or len(block)}\n".encode() + block + b"\n"

"""Hostile letters, mailboxes and pages saved as mail, for benchmarks/hostile.py."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections.abc import Callable

GIGABYTE = 1 << 30
_FROM = b"From a@b.example Mon Mar  9 07:00:00 2026\n"
_MAIL = b"From: a@b.example\nSubject: Ferry\nMessage-ID: <1@b.example>\n"
_SAVED = b"From: <Saved by Blink>\nSnapshot-Content-Location: https://tidings.example/ferry\nMIME-Version: 1.0\n"
_FRAME = b'\n<html><body><h1>Ferry</h1><iframe src=3D"cid:f@mhtml.blink"></iframe></body></html>\n'


def inputs() -> dict[str, Callable[[], bytes]]:
    """The files by name; each is made only when it is written."""
    return {
        "mail, 1,000 messages deep": lambda: (
            (_MAIL + b"Content-Type: message/rfc822\n\n") * 1_000 + _MAIL + b"\nLate.\n"
        ),
        "mail, 1,000 multiparts deep": lambda: _MAIL + b"".join(map(_multipart, range(1_000))) + b"\nLate.\n",
        "mail, a million parts": lambda: _MAIL + _multipart(0) + b"\nLate.\n--b0\n" * 1_000_000,
        "mail, 50 MB of parts": lambda: _MAIL + _multipart(0) + (b"\n" + b"Late. " * 8_000 + b"\n--b0\n") * 1_000,
        "mail, headers of 100 MB": lambda: _MAIL + b"X-Long: a\n" * (10 << 20) + b"\nLate.\n",
        "mail, a header of 100 MB": lambda: _MAIL + b"X-Long: " + b"a\n " * (35 << 20) + b"\nLate.\n",
        "mail, 48 MB in base64": lambda: _MAIL + b"Content-Transfer-Encoding: base64\n\n" + b"TGF0ZSA=" * (6 << 20),
        "mail, a gigabyte attached": lambda: _attached(gzip.compress(bytes(GIGABYTE), 6)),
        "mail, 100 archives deep": lambda: _attached(_in_archives(b"Late.", 100)),
        "mail, attached to itself": lambda: _attached_letters(200),
        "mail, encoded words": lambda: _MAIL + b"To: " + b"=?utf-8?B?TGF0ZSA=?= " * 500_000 + b"\n\nLate.\n",
        "mail, a boundary of 1 MB": lambda: (
            _MAIL + b"Content-Type: multipart/mixed; boundary=" + b"b" * 1_000_000 + b"\n\n" + b"--b\n" * 1_000_000
        ),
        "mhtml, a frame in itself": lambda: _saved(_frame(b"f") * 2),
        "mhtml, 20,000 frames": lambda: _saved(b"".join(_frame(b"f%d" % number) for number in range(20_000))),
        "mailbox, a line of 200 MB": lambda: _FROM + _MAIL + b"\n" + b"From " * (40 << 20),
        "mailbox, 100 MB of lines": lambda: _FROM + _MAIL + b"\n" + b"From 2026 10:10\n" * (6 << 20),
        "mailbox, 30,000 messages": lambda: (_FROM + _MAIL + b"\n") * 30_000,
    }


def _multipart(number: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)


def _attached(data: bytes) -> bytes:
    coded = base64.encodebytes(data)
    return _MAIL + _multipart(0) + b"Content-Transfer-Encoding: base64\n\n" + coded + b"--b0--\n"


def _attached_letters(levels: int) -> bytes:
    """A letter in a letter, each in base64, as far as half a megabyte reaches: every level is a third longer."""
    letter = _MAIL + b"\nLate.\n"
    for _ in range(levels):
        if len(letter) > 500_000:
            break
        letter = _attached(letter).replace(b"Content-Transfer", b"Content-Type: message/rfc822\nContent-Transfer", 1)
    return letter


def _in_archives(data: bytes, levels: int) -> bytes:
    for _ in range(levels):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a", data)
        data = packed.getvalue()
    return data


def _saved(parts: bytes) -> bytes:
    head = b'Content-Type: multipart/related; type="text/html"; boundary=b0\n\n'
    return _SAVED + head + parts + b"--b0--\n"


def _frame(name: bytes) -> bytes:
    """A part of a saved page, whose frame is the part of that name."""
    head = b"Content-Type: text/html\nContent-ID: <%s@mhtml.blink>\nContent-Transfer-Encoding: quoted-printable\n"
    return b"--b0\n" + head % name + b"Content-Location: cid:%s@mhtml.blink\n" % name + _FRAME

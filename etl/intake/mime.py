"""One message of e-mail (RFC 5322, MIME) as its parts: where each begins and ends, what it is said to be, its bytes.

The headers are read by the standard library. The parts are cut here: its parser takes a time that grows with the
product of lines and levels, and ends in a RecursionError where a sender has nested them deep enough.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from itertools import islice
from typing import NamedTuple

from etl.formats.common.encoding import decode_damaged
from etl.formats.common.pieces import Unreadable
from etl.model import DumpError
from etl.text_codecs import text_codec

MAX_HEADER_BYTES = 256 << 10
LONG_HEADERS = f"has headers of more than {MAX_HEADER_BYTES >> 10} KB, which no mail program writes"
MAX_NESTED = 20
"""How deep multiparts may be nested in each other within one message."""
MAX_PARTS = 1_000

_HEADERS = re.compile(
    rb"(?:\xef\xbb\xbf)?+(?:[!-9;-~]{1,200}[ \t]*+:[^\n]*+(?:\n|\Z)(?:[ \t][^\n]*+(?:\n|\Z))*+)*+(?:\r?\n)?"
)
"""Up to the blank line, or to the first line that is not a header."""
_LONG = re.compile(r"^([!-9;-~]{1,200}:(?:[^\n]|\n[ \t]){2000})(?:[^\n]|\n[ \t])*+", re.MULTILINE)
"""A header is cut there: for one of many parameters the standard library takes a time that grows with their square."""
_WHITE = re.compile(rb"\s*+\Z")
_BLANK = b" \t\r\n"
_ENCRYPTED = "is encrypted, or signed as a whole; open it in a mail program, and save what is in it"
FAULT = "x-not-there"
"""The encoding of a part that is not there; why, it says itself: so parts are told of that other files held."""
_LOCKED = {
    "application/pgp-encrypted": _ENCRYPTED,
    "application/pkcs7-mime": _ENCRYPTED,
    "application/x-pkcs7-mime": _ENCRYPTED,
    "message/partial": "is only a piece of a message; put it together in a mail program, and save it",
    "message/external-body": "is only a link to what was sent; fetch that itself",
}
_LONGEST_FAULT = 300
_KEPT_APART = "is not in the message: Apple Mail keeps it in a file beside it; save the attachments from Mail"
CUT_OFF = "is cut off: the message ends before the line that closes its parts; fetch it again"


class Step(NamedTuple):
    """A multipart that holds a part: its kind, where it begins, and where that of its parts begins which is the way."""

    kind: str
    start: int
    child: int


@dataclass(frozen=True)
class Leaf:
    """A part that holds no others."""

    message: bytes
    start: int
    end: int
    headers: Message
    within: tuple[Step, ...] = ()
    """The multiparts that it is in, from the outermost."""
    fault: str = ""
    """Why it cannot be read, where that is known before it is decoded."""

    @property
    def kind(self) -> str:
        """Its content type: `text/html`."""
        return self.headers.get_content_type()

    @property
    def alternatives(self) -> list[Step]:
        """The multiparts of which one part is to be read, and it is in one of them."""
        return [step for step in self.within if step.kind == "multipart/alternative"]

    @property
    def filename(self) -> str:
        """The name that the sender gave it; '' without one."""
        return decoded(self.headers.get_filename() or "")

    @property
    def is_attached(self) -> bool:
        """Whether it is a file, and not shown with the message."""
        return bool(self.filename) or self.headers.get_content_disposition() == "attachment"

    @property
    def is_text(self) -> bool:
        """Whether it is of letters."""
        return self.headers.get_content_maintype() == "text"

    @property
    def is_html(self) -> bool:
        """Whether it is a page."""
        return self.kind == "text/html"

    @property
    def is_body(self) -> bool:
        """Whether it is text that is shown with the message."""
        return self.is_text and not self.is_attached

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not self.fault and _WHITE.match(self.message, self.start, self.end) is not None

    def content(self) -> bytes:
        """What is in it. Raises Unreadable where it is broken."""
        if self.fault:
            raise Unreadable(self.fault)
        if why := _LOCKED.get(self.kind):
            raise Unreadable(why)
        data = self.message[self.start : self.end]
        encoding = str(self.headers.get("Content-Transfer-Encoding", "")).strip().lower()
        if encoding in ("", "7bit", "8bit", "binary"):
            return data
        if encoding == "quoted-printable":
            return quopri.decodestring(data)
        if encoding == "base64":
            return _base64(data)
        if encoding == FAULT:
            raise Unreadable(decoded(data[:_LONGEST_FAULT].decode("utf-8", "replace")))
        raise Unreadable(f"is written in {encoding[:40]!r}, which is not known; save it from the mail program")

    def text(self) -> bytes:
        """What is in a part of text, in UTF-8 with a mark of it where the message states the encoding, and it fits.

        A charset that does not fit is ignored: what the text itself states, or shows, is better then.
        """
        data = self.content()
        codec = text_codec(str(self.headers.get_content_charset("")))
        if not codec or data.isascii():
            return data
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                return data
        return b"\xef\xbb\xbf" + text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")


def _base64(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data.translate(None, _BLANK), strict_mode=True)
    except binascii.Error as error:
        raise Unreadable(f"is damaged: not base64 ({error}); ask the sender for it again") from None


def headers_of(message: bytes, start: int = 0, end: int | None = None) -> tuple[Message, int]:
    """The headers of a message or part, and where its body begins. Raises Unreadable where they are too long."""
    stop = len(message) if end is None else end
    found = _HEADERS.match(message, start, min(stop, start + MAX_HEADER_BYTES + 1))
    body = found.end() if found else start
    if body - start > MAX_HEADER_BYTES:
        raise Unreadable(LONG_HEADERS)
    try:
        text, _ = decode_damaged(message[start:body].replace(b"\0", b""), None)
    except DumpError:
        text = message[start:body].decode("latin-1")
    headers = HeaderParser().parsestr(_LONG.sub(r"\1", text))
    try:
        headers.get_params()
        headers.get_params(header="Content-Disposition")
    except ValueError:
        raise Unreadable("has a header whose parameters cannot be read") from None
    return headers, body


def decoded(value: str) -> str:
    """A header's value on one line, its encoded words as text; as it stands where they are broken."""
    line = " ".join(str(value).split())
    try:
        return "".join(part if isinstance(part, str) else _word(part, name) for part, name in decode_header(line))
    except (HeaderParseError, binascii.Error, ValueError):
        return line


def _word(data: bytes, name: str | None) -> str:
    return data.decode(text_codec(name or "ascii") or "ascii", "replace")


def leaves(message: bytes) -> Iterator[Leaf]:
    """The parts of a message that hold no others, in their order.

    Raises Unreadable where its headers cannot be read. A broken part is a Leaf with a fault, and so is all that is
    nested too deep, or comes after too many others.
    """
    headers, body = headers_of(message)
    for number, leaf in enumerate(_within(message, headers, body, len(message), ())):
        if number == MAX_PARTS:
            yield Leaf(message, leaf.start, len(message), Message(), (), f"is behind the first {MAX_PARTS:,} parts")
            return
        yield leaf


def _within(message: bytes, headers: Message, start: int, end: int, within: tuple[Step, ...]) -> Iterator[Leaf]:
    whole = Leaf(message, start, end, headers, within)
    if headers.get_content_maintype() != "multipart":
        yield replace(whole, fault=_KEPT_APART) if whole.is_blank and _is_kept_apart(headers) else whole
        return
    if len(within) == MAX_NESTED:
        yield Leaf(message, start, end, headers, (), f"has parts nested more than {MAX_NESTED} deep")
        return
    cuts = list(islice(_cuts(message, start, end, str(headers.get_boundary(""))), MAX_PARTS + 1))
    for at, stop, is_closed in cuts:
        inside = (*within, Step(headers.get_content_type(), start, at))
        try:
            inner, body = headers_of(message, at, stop)
        except Unreadable as error:
            yield Leaf(message, at, stop, Message(), inside, str(error))
            continue
        if headers.get_content_type() == "multipart/digest" and "Content-Type" not in inner:
            inner["Content-Type"] = "message/rfc822"  # RFC 2046, 5.1.5
        if is_closed or inner.get_content_maintype() == "multipart":
            yield from _within(message, inner, body, stop, inside)
        else:
            yield Leaf(message, body, stop, inner, inside, CUT_OFF)
    if not cuts and not whole.is_blank:
        yield Leaf(
            message, start, end, Message(), within, "has no line that separates its parts, although it names one"
        )


def _is_kept_apart(headers: Message) -> bool:
    """Whether Apple Mail has a file elsewhere, which is no picture, and only its headers in the message."""
    return "X-Apple-Content-Length" in headers and headers.get_content_maintype() not in ("image", "audio", "video")


def _cuts(message: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int, bool]]:
    """For each part of a multipart: its beginning, its end, and whether a line of the boundary is there."""
    if not boundary:
        return
    line = re.compile(rb"\r?\n--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    at = None
    place = max(start - 1, 0)  # the line of the boundary may be the first one
    while found := line.search(message, place, end):
        if at is not None:
            yield at, found.start(), True
        if found[1]:
            return
        at = found.end()
        place = at - 1
    if at is not None:
        yield at, end, False

"""A message of Outlook (.msg) as the message of e-mail that it was (RFC 5322), for etl.intake.mail to choose from.

Its headers are those that it came with, or else are written from its properties: sender, subject, date in UTC, number,
and what it answers. Text and page are alternatives; files and messages are attached. Text that is there as RTF alone is
rejected by name.

Layout: [MS-OXMSG], [MS-OXPROPS] and [MS-OXCMAIL] by Microsoft, whose names of properties are given. See
docs/decisions/0022-mail.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import sha256
from itertools import count

from etl.formats.workbook.ole_file import Ole
from etl.formats.workbook.ole_kinds import is_message
from etl.intake.letter_bodies import shown_in
from etl.intake.mailboxes import LARGEST_MESSAGE_BYTES, TOO_LONG
from etl.intake.mime import FAULT, LONG_HEADERS, MAX_HEADER_BYTES, MAX_NESTED, MAX_PARTS
from etl.intake.outlook_properties import TOP_BYTES, Properties
from etl.intake.streams import Part
from etl.model import DumpError

_CLASS, _HEADERS, _SUBJECT, _SENT, _MESSAGE_ID = 0x001A, 0x007D, 0x0037, 0x0039, 0x1035
_IN_REPLY_TO, _REFERENCES = 0x1042, 0x1039
_AUTHOR, _SENDER = (0x0042, 0x5D02, 0x0065), (0x0C1A, 0x5D01, 0x0C1F)
"""The name, the address on the internet, and the address, which may be one of Exchange."""
_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_METHOD, _DATA, _MIME, _LONG_NAME = 0x3705, 0x3701, 0x370E, 0x3707
_NAMES = (_LONG_NAME, 0x3704, 0x3001)
"""PidTagAttachLongFilename, PidTagAttachFilename, PidTagDisplayName."""
_PATHS = (0x370D, 0x3708)
"""Of a file that is only named: PidTagAttachLongPathname, PidTagAttachPathname."""
_BY_REFERENCE, _OBJECT = (2, 3, 4, 7), 6
"""Methods by which something is attached."""

_NO_LETTERS = {
    **dict.fromkeys(
        ("ipm.appointment", "ipm.ole.class.", "ipm.schedule.", "ipm.task", "ipm.activity", "ipm.stickynote"),
        "text/calendar",
    ),
    **dict.fromkeys(("ipm.contact", "ipm.distlist"), "text/vcard"),
    **dict.fromkeys(("ipm.note.rules.", "ipm.outlook.recall", "ipm.recall."), "message/disposition-notification"),
    "report.": "message/delivery-status",
}
"""Items of Outlook that are no mail, by the beginning of their class (PidTagMessageClass), and what their text is in
one: a calendar (RFC 5545) has tasks, too, and notes; an address book has lists; what programs answer is a report."""

_ATTACHED = "__attach_version1.0_"
_HEADER = re.compile(r"^([!-9;-~]{1,200})[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.MULTILINE)
_OF_CONTENT = re.compile(r"content-|mime-version\Z")
"""Headers that say how the message was written when it was sent, which it is no longer."""
_KIND = re.compile(r"(?!multipart/)[\w.+-]{1,100}/[\w.+-]{1,100}\Z", re.ASCII)
_SIGNED = re.compile(rb"\s*(?:mime-version:[^\n]{0,80}\n)?(?=content-type:\s{0,9}multipart/signed)", re.IGNORECASE)
_DAY_0 = datetime(1601, 1, 1, tzinfo=UTC)
_LONGEST_NAME = 200

_IS_OBJECT = "is an object of another program, and no file; open the message in Outlook, and save what is in it"
_IS_RTF = "is the only text of the message, and is in the RTF of Outlook; save the message as .eml or HTML"
_TOO_DEEP = f"is a message nested more than {MAX_NESTED} deep"
_NOT_THERE = "is not in the message, which only names it; ask for it again"


def as_mail(part: Part) -> Part:
    """A message of Outlook as one of e-mail; any other old Office file as a file that holds no others.

    Raises MemberError where it is damaged, or too long.
    """
    with part.open() as stream:
        data = stream.read(LARGEST_MESSAGE_BYTES + 1)
    if not is_message(data):
        return replace(part, kind="file")
    if len(data) > LARGEST_MESSAGE_BYTES:
        raise part.error(TOO_LONG)
    try:
        message = _written(data)
    except DumpError as error:
        raise part.error(str(error)) from None
    return replace(part, open=partial(io.BytesIO, message), kind="mail")


def _written(data: bytes) -> bytes:
    ole = Ole(data)
    digest = sha256(data).hexdigest()  # no part of a file holds that of the whole
    boundaries = (f"{digest}-{number}" for number in count())
    return b"".join(_Message(Properties(ole, ole.top, TOP_BYTES), boundaries).pieces())


@dataclass(frozen=True)
class _Message:
    """A message that is written: how its parts are told apart, and how deep in others it is."""

    properties: Properties
    boundaries: Iterator[str]
    depth: int = 0

    def pieces(self) -> Iterator[bytes]:
        """Its headers and its parts. Raises DumpError where it is damaged itself, and not one of its parts."""
        yield _headers(self.properties)
        attached = sorted(name for name in self.properties.entries if name.startswith(_ATTACHED))[: MAX_PARTS + 1]
        if len(attached) == 1 and self.properties.text(_CLASS).endswith(".MultipartSigned"):
            yield from self._signed(self.properties.inside(attached[0]))
            return
        bodies = list(_bodies(self.properties))
        parts: list[Iterable[bytes]] = [self._multipart("alternative", bodies)] if bodies else []
        parts += map(self._attached, attached)
        yield from self._multipart("mixed", parts) if parts else (b"\n",)

    def _multipart(self, kind: str, parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
        boundary = next(self.boundaries)
        yield f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
        for part in parts:
            yield f"--{boundary}\n".encode()
            yield from part
            yield b"\r\n"  # so that a carriage return before it is the part's own
        yield f"--{boundary}--\n".encode()

    def _signed(self, file: Properties) -> Iterator[bytes]:
        """What was signed: it is attached as it was sent, with headers of its own."""
        data = file.content(_DATA) or b""
        found = _SIGNED.match(data)
        whole = _part("application/octet-stream", data, file.text(_LONG_NAME))
        yield from (data[found.end() :],) if found else self._multipart("mixed", [whole])

    def _attached(self, storage: str) -> Iterable[bytes]:
        """A file or a message that is attached; why it cannot be had, where it is damaged."""
        name = "attachment"
        try:
            file = self.properties.inside(storage)
            name = next(filter(None, map(file.text, _NAMES)), name)
            return self._file(file, name)
        except DumpError as error:
            return _fault(name, str(error))

    def _file(self, file: Properties, name: str) -> Iterable[bytes]:
        method, inner = file.number(_METHOD), file.embedded(_DATA)
        if method in _BY_REFERENCE:
            path = next(filter(None, map(file.text, _PATHS)), "?")
            return _part("message/external-body", path.encode("utf-8", "replace"), name)
        if inner is not None and inner.is_message:
            return self._embedded(inner, name)
        if inner is not None or method == _OBJECT:
            return _fault(name, _IS_OBJECT)
        data, kind = file.content(_DATA), file.text(_MIME).partition(";")[0].strip()
        if data is None:
            return _fault(name, _NOT_THERE)
        return _part(kind if _KIND.match(kind) else "application/octet-stream", data, name)

    def _embedded(self, inner: Properties, name: str) -> Iterable[bytes]:
        if self.depth == MAX_NESTED:
            return _fault(f"{name}.eml", _TOO_DEEP)
        message = replace(self, properties=inner, depth=self.depth + 1)
        return (b"Content-Type: message/rfc822\n\n", *message.pieces())


def _bodies(properties: Properties) -> Iterator[Iterable[bytes]]:
    """The text and the page of a message; why it has neither, where they show nothing or are missing beside RTF."""
    is_there, item = False, properties.text(_CLASS).lower()
    is_rtf = bool(properties.content(_RTF))
    other = next((kind for beginning, kind in _NO_LETTERS.items() if item.startswith(beginning)), "")
    for number, kind in ((_TEXT, other or "text/plain"), (_HTML, other or "text/html")):
        try:
            data, codec = properties.letters(number)
        except DumpError as error:
            yield (f"Content-Type: {kind}\nContent-Transfer-Encoding: {FAULT}\n\n{error}".encode(),)
        else:
            if data and not (is_rtf and _is_blank(data, codec, is_html=number == _HTML)):
                is_there = True
                yield _part(f"{kind}; charset={codec}" if codec else kind, data)
    if is_rtf and not is_there:
        yield _fault("text.rtf", _IS_RTF)


def _is_blank(data: bytes, codec: str, *, is_html: bool) -> bool:
    """Whether a text or a page shows no letters."""
    if not data.strip():
        return True
    try:
        shown = shown_in(data.decode(codec or "latin-1", "replace").encode("utf-8", "replace"), is_html)
    except DumpError:
        return False
    return not any(map(str.isalnum, shown))


def _part(kind: str, data: bytes, name: str = "") -> Iterable[bytes]:
    """A part of a message: what it is, and, if it is attached, by which name."""
    shown = f"Content-Disposition: attachment; filename={_quoted(name[-_LONGEST_NAME:])}\n" if name else ""
    return f"Content-Type: {kind}\n{shown}\n".encode("utf-8", "replace"), data


def _fault(name: str, why: str) -> Iterable[bytes]:
    """A part that cannot be had."""
    head, data = _part(f"application/octet-stream\nContent-Transfer-Encoding: {FAULT}", why.encode(), name)
    return head, data


def _headers(properties: Properties) -> bytes:
    """The headers that a message came with, and of those that are missing what its properties say."""
    found: dict[str, list[str]] = {}
    text = properties.text(_HEADERS)
    if len(text) > MAX_HEADER_BYTES:
        raise DumpError(LONG_HEADERS)
    for header in _HEADER.finditer(text.replace("\r\n", "\n")):
        if not _OF_CONTENT.match(header[1].lower()):
            found.setdefault(header[1].lower(), []).append(header[0])
    written = {
        "From": _sender(properties),
        "Subject": properties.text(_SUBJECT),
        "Date": _date(properties.moment(_SENT)),
        "Message-ID": properties.text(_MESSAGE_ID),
        "In-Reply-To": properties.text(_IN_REPLY_TO),
        "References": properties.text(_REFERENCES),
    }
    lines = [line for lines in found.values() for line in lines]
    lines += [f"{name}: {_line(value)}" for name, value in written.items() if value and name.lower() not in found]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _sender(properties: Properties) -> str:
    """Who wrote it, rather than who sent it for them; an address of Exchange alone is none."""
    for name, *addresses in (_AUTHOR, _SENDER):
        shown = properties.text(name)
        address = next((text for text in map(properties.text, addresses) if "@" in text), "")
        if shown or address:
            return f"{_quoted('' if shown == address else shown)} <{_line(address)}>"
    return ""


def _date(ticks: int | None) -> str:
    """A moment of Windows, in tenths of a microsecond since 1601; '' for none, or one that no calendar has."""
    try:
        return format_datetime(_DAY_0 + timedelta(microseconds=ticks // 10)) if ticks else ""
    except OverflowError:
        return ""


def _quoted(text: str) -> str:
    return '"{}"'.format(re.sub(r'[\\"]', r"\\\g<0>", _line(text)))


def _line(text: str) -> str:
    return " ".join(text.split())

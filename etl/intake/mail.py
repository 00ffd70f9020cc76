"""E-mail as a container: the parts and attachments of a message, each a member with a name for people.

What is read of a message, and what its headers say of it: see docs/decisions/0022-mail.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.message import Message
from email.utils import parseaddr
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from etl.formats.common.pieces import Unreadable, without_empty
from etl.intake import apple_mail, forwards, mailboxes, replies
from etl.intake.archives import Names
from etl.intake.kinds import LINKS, LONGER_TEXT
from etl.intake.letter_bodies import ENCODED, LETTER, TWIN
from etl.intake.letter_texts import answering, texts, whole
from etl.intake.letters import AUTOMATIC, FILE, MAIL, READ, REPLY, Beginning, roles
from etl.intake.mime import MAX_PARTS, Leaf, decoded, headers_of, leaves
from etl.intake.streams import Part
from etl.model import DumpError, Reject, Skip

APPLE = "message of Apple Mail"
HEAD_BYTES = 16_000
"""In which it is seen that a file is a message: those who carried it may have written long headers first."""

_BLOCK = re.compile(
    rb"(?:\xef\xbb\xbf)?((?:[!-9;-~]{1,100}:[^\n]*+(?:\n|\Z)(?:[ \t][^\n]*+(?:\n|\Z))*+)++)(?=\r?\n|\Z)"
)
_SURE = frozenset((b"mime-version", b"message-id", b"received", b"return-path", b"delivered-to", b"dkim-signature"))
_USUAL = frozenset((b"from", b"date", b"subject", b"content-type"))
_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
_MAILBOX = re.compile(mailboxes.FIRST)

_SUFFIXES = {"text/html": "html", "text/plain": "txt", "text/calendar": "ics", "text/vcard": "vcf"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f!]")
_NOT_OF_NAMES = re.compile(r"[^\w.,()'&+ -]")
ALERTS = ("googlealerts-noreply@google.com",)
"""Who sends links to articles with a few words of each, and no text."""
MOST_CHARACTERS = 80
"""Of a name."""
KEPT_BYTES = 1_000_000
"""Of a broken part, in quarantine."""
_SAVED_BY = re.compile(r"[\s\"<]*Saved by\b", re.IGNORECASE)
_SAVED = "Snapshot-Content-Location"
"""A header by which a browser says that a message is a web page that it saved (MHTML)."""


def kind_of(head: bytes) -> str | None:
    """`mailbox`, `mail` or APPLE where a file that begins so is one; None for anything else.

    A message has headers up to a blank line, among them one that only those who carry mail write: an article that
    begins with "From:" has none.
    """
    if len(head) >= HEAD_BYTES:  # it may end within a header
        head = head[: head.rfind(b"\n", 0, HEAD_BYTES) + 1]
    if head.startswith(b"From "):
        return "mailbox" if _MAILBOX.match(head) else None
    if length := apple_mail.LENGTH.match(head):
        return APPLE if _is_message(head, length.end()) else None
    return "mail" if _is_message(head, 0) else None


def _is_message(head: bytes, start: int) -> bool:
    block = _BLOCK.match(head, start)
    names = {name.lower() for name in _NAME.findall(block[1])} if block else set()
    return bool(names & _SURE and names & _USUAL)


def mailbox_parts(part: Part) -> Iterator[Part | Reject]:
    """The messages of a mailbox; a Reject for one that is too long, and where another count finds more or fewer."""
    number = 0
    with part.open() as stream:
        for number, message in enumerate(mailboxes.messages(stream), 1):
            name = f"message {number}"
            if message is None:
                yield Reject(part.name_of(name), mailboxes.TOO_LONG)
            else:
                inner = part.inside(f"{name} {_subject(message)}".strip(), partial(io.BytesIO, message), len(message))
                yield replace(inner, kind="mail")
    with part.open() as stream:
        counted = mailboxes.count(stream)
    if counted != number:
        yield Reject(
            part.name_of("(the mailbox)"),
            f"{counted:,} of its lines look as if they began a message, and {number:,} messages were read; "
            "save its messages one by one",
        )


def mail_parts(part: Part, beginning: Beginning) -> Iterator[Part | Reject | Skip]:
    """The parts of a message that may hold articles; a Reject for a broken one, a Skip for what is none.

    Raises MemberError where the message is too long, or has headers that are.
    """
    with part.open() as stream:
        message = stream.read(mailboxes.LARGEST_MESSAGE_BYTES + 1)
    if len(message) > mailboxes.LARGEST_MESSAGE_BYTES:
        raise part.error(mailboxes.TOO_LONG)
    try:
        found = list(leaves(message))
        headers = headers_of(message)[0]
        facts = _facts(headers)
    except Unreadable as error:
        raise part.error(str(error)) from None
    if all(leaf.is_blank for leaf in found):
        yield Skip(part.name_of("text.txt"), "empty message")
    names = Names()
    is_alert = facts.get("extra", {}).get("mail_from") in ALERTS
    for leaf, role in whole(found, roles(found, beginning)):
        if leaf.is_blank:
            continue
        role = LINKS if role in (LETTER, TWIN, LONGER_TEXT) and is_alert else role
        role, said = _answer(leaf, headers, facts) if role == LETTER else (role, facts)
        if role in READ:
            yield from _read(part, leaf, names, role, said, forwards.is_of_list(headers))
        else:
            yield Skip(part.name_of(names.unlike(_name(leaf, role))), role)
        if leaf.is_body and not leaf.is_html:
            yield from _encoded_in(part, leaf, names)


def _encoded_in(part: Part, leaf: Leaf, names: Names) -> Iterator[Reject]:
    """Files that an old mail program wrote into the text."""
    with suppress(Unreadable):
        for number, found in enumerate(ENCODED.finditer(leaf.content())):
            if number == MAX_PARTS:
                yield Reject(
                    part.name_of(names.unlike("others")), f"are behind the first {MAX_PARTS:,} files in a text"
                )
                return
            given = _safe(found[1].decode("utf-8", "replace")) or "attachment"
            yield Reject(part.name_of(names.unlike(given)), _WITHIN_TEXT, found[0][:KEPT_BYTES])


_WITHIN_TEXT = "is a file within the text of a message (uuencode); save it from a mail program, and deliver that"
_LOCKED = re.compile(
    rb"^-----BEGIN PGP MESSAGE-----[ \t]*\r?\n(?:[\w-]{1,40}: [^\n]*\n){0,9}\s{0,9}[\w+/=]{4}", re.MULTILINE
)
_IS_LOCKED = "holds a message that is encrypted (PGP); open it in a mail program, and save what is in it"


def _read(
    part: Part, leaf: Leaf, names: Names, role: str, facts: dict[str, Any], is_list: bool
) -> Iterator[Part | Reject | Skip]:
    """A part of a message, perhaps one of a list, that is read; with what the headers say of it if it is the letter.

    Of a letter that forwards several messages each is a part; a Skip for one that it quotes below a long answer.
    """
    name = names.unlike(_name(leaf, role))
    try:
        content = leaf.text() if leaf.is_text else leaf.content()
        if role != LETTER:
            inner = part.inside(name, partial(io.BytesIO, content), len(content))
            yield replace(inner, kind=MAIL if role == MAIL else "" if leaf.is_attached else FILE)
            return
        if not leaf.is_html and _LOCKED.search(content):
            raise Unreadable(_IS_LOCKED)
        for number, text in enumerate(texts(leaf, content, facts, is_list)):
            called = names.unlike(_name(leaf, role)) if number else name
            if text.role == LETTER:
                inner = part.inside(called, partial(io.BytesIO, text.content), len(text.content))
                format_name = "html" if leaf.is_html else "plain_txt"
                yield replace(inner, kind=FILE, format=format_name, says=_location(leaf) | text.says)
            else:
                yield Skip(part.name_of(called), text.role)
    except (Unreadable, DumpError) as error:
        yield Reject(part.name_of(name), str(error), leaf.message[leaf.start : leaf.end][:KEPT_BYTES])


def _location(leaf: Leaf) -> dict[str, str]:
    """Where a page is on the web, if it says so."""
    place = decoded(leaf.headers.get("Content-Location", ""))
    return {"url": place} if place.startswith(("http://", "https://")) else {}


def _answer(leaf: Leaf, headers: Message, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The role of a letter, by whether it answers one, and what is known of it: a long answer is told as such."""
    if replies.is_automatic(headers):
        return AUTOMATIC, facts
    try:
        words = replies.own_words(headers, leaf.text(), leaf.is_html)
    except (Unreadable, DumpError):
        words = None
    if words is None:
        return LETTER, facts
    return (REPLY, facts) if words < replies.FEWEST_WORDS_OF_ARTICLE else (LETTER, answering(facts, headers))


def _facts(headers: Message) -> dict[str, Any]:
    """What the headers say of the letter: who publishes it, and when. Of a saved page they say only where it was."""
    values = {name: decoded(headers.get(name, "")) for name in ("Subject", "Date", "Message-ID", "List-Id", _SAVED)}
    sender = str(headers.get("From", ""))
    if values[_SAVED] or _SAVED_BY.match(sender):
        return without_empty({"url": values[_SAVED]})
    try:
        name, address = parseaddr(sender)
    except RecursionError:  # comments nested in each other
        name, address = "", sender[:MOST_CHARACTERS]
    extra = {
        "mail_from": address,
        "mail_subject": values["Subject"],
        "mail_date": values["Date"],
        "message_id": values["Message-ID"],
        "list_id": values["List-Id"],
    }
    fields = {"publication": decoded(name), "headline": values["Subject"], "published": values["Date"]}
    return without_empty({**fields, "extra": without_empty(extra)})


def _name(leaf: Leaf, role: str) -> str:
    """What a part is called: as its sender called it, or what it is."""
    if given := _safe(leaf.filename):
        return given
    if role == MAIL:
        return f"{_subject(leaf.message[leaf.start : leaf.end]) or 'message'}.eml"
    is_letter = leaf.kind in ("text/html", "text/plain")
    what = "text" if is_letter else role if role not in READ else "attachment"
    suffix = re.sub(r"^(x-)?|\+.*|[^a-z0-9].*", "", leaf.kind.partition("/")[2])
    return f"{what}.{_SUFFIXES.get(leaf.kind, suffix)}"


def _safe(given: str) -> str:
    """A name that a sender gave a file, as one that a member may have; '' where nothing is left of it."""
    return _UNSAFE.sub(" ", PurePosixPath(given.replace("\\", "/")).name).strip(" .")[-MOST_CHARACTERS:]


def _subject(message: bytes) -> str:
    """The subject of a message as a name for people; '' where it has none."""
    try:
        subject = decoded(headers_of(message)[0].get("Subject", ""))
    except Unreadable:
        return ""
    return " ".join(_NOT_OF_NAMES.sub(" ", subject).split())[:MOST_CHARACTERS].strip(" .")

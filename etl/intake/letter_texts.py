"""The texts of a letter that are articles, and what is known of each: its own, or those that it forwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.message import Message
from typing import Any, NamedTuple

from etl.formats.common.encoding import decode_damaged
from etl.formats.common.facts import DOUBTED, UNORDERED
from etl.formats.common.pieces import Unreadable, without_empty
from etl.intake import forwards, replies
from etl.intake.letter_bodies import ENCODED, LETTER, REST
from etl.intake.letter_pages import joined, page_of, page_of_text
from etl.intake.letters import QUOTED
from etl.intake.mail_dates import with_iso_day
from etl.intake.mail_heads import sender_of
from etl.intake.mime import Leaf
from etl.model import DumpError

ANSWERED = "in_reply_to"
"""In `extra` of a letter that answers another one, and is an article nevertheless: which."""

_WITH_OTHERS = (
    "in the text of a forwarded message stand heads of others, which may be articles of their own, or the answers of "
    "those who sent it on; all of it was read as one; see if it is, else ask for each in a message of its own"
)
_FLOWED = re.compile(r"(?<!\n--)(?<=\S) \r?\n(?=[^\s>])")
_FLOWED_WITHIN_WORDS = re.compile(r"(?<!\n--)(?<!\n) \r?\n(?=[^\s>])")
"""Of a text with DelSp=yes (RFC 3676): the space at the end of a line is no part of it."""


class Text(NamedTuple):
    """A text, what is known of it, and its role."""

    content: bytes
    says: dict[str, Any]
    role: str = LETTER


def answering(facts: dict[str, Any], headers: Message) -> dict[str, Any]:
    """What is known of a letter, and that it answers another one."""
    answered = replies.answered(headers) or forwards.plain_subject(facts.get("headline", ""))
    return {**facts, "extra": {**facts.get("extra", {}), ANSWERED: answered}}


def whole(leaves: Sequence[Leaf], roles: Sequence[str]) -> Iterator[tuple[Leaf, str]]:
    """The parts of a message with their roles, each letter with the rest of it."""
    rests: dict[int, list[Leaf]] = {}
    letter = 0
    for at, role in enumerate(roles):
        if role == LETTER:
            letter = at
        elif role == REST:
            rests.setdefault(letter, []).append(leaves[at])
    for at, role in enumerate(roles):
        if role != REST:
            yield from ((leaf, role) for leaf in _together([leaves[at], *rests.get(at, [])]))


def _together(leaves: list[Leaf]) -> list[Leaf]:
    """Texts as one; as they are where one cannot be read."""
    try:
        return [_joined(leaves)] if len(leaves) > 1 else leaves
    except (Unreadable, DumpError):
        return leaves


def _joined(leaves: Sequence[Leaf]) -> Leaf:
    """Texts as one: a page where one of them is. Raises Unreadable or DumpError where one cannot be read."""
    headers = Message()
    if any(leaf.is_html for leaf in leaves):
        headers["Content-Type"] = "text/html"
        pages = (leaf.text() if leaf.is_html else page_of_text(_unwrapped(leaf.text(), leaf)) for leaf in leaves)
        content = joined(list(pages))
    else:
        headers["Content-Type"] = "text/plain; charset=utf-8"
        content = _encoded("\n\n".join(_unwrapped(leaf.text(), leaf).strip("\r\n") for leaf in leaves))
    return Leaf(content, 0, len(content), headers, leaves[0].within)


def texts(leaf: Leaf, content: bytes, facts: dict[str, Any], is_list: bool) -> Iterator[Text]:
    """The texts of a letter: one, or those of the messages that it forwards, each without its head.

    A page is one for `html`; a text has its subject above, as plain text has its headline, and lines that were wrapped
    are whole again. One of a list may quote a message. Raises DumpError where it cannot be read.
    """
    if leaf.is_html:
        yield from _pages(content, facts, is_list)
    else:
        yield from _plain(ENCODED.sub(b"", content), leaf, facts, is_list)


def _pages(content: bytes, facts: dict[str, Any], is_list: bool) -> Iterator[Text]:
    subject = facts.get("headline", "")
    if _is_answer(facts) or not forwards.may_forward(content, subject):
        yield Text(content, facts)
        return
    page = page_of(content)
    found = forwards.originals(page.text, subject, is_list)
    for one in found:
        yield Text(page.only(one.start, one.end), _of_original(facts, one, page.text))
    if not found:
        yield Text(content, _of_forward(facts))


def _plain(content: bytes, leaf: Leaf, facts: dict[str, Any], is_list: bool) -> list[Text]:
    text = _unwrapped(content, leaf)
    subject = facts.get("headline", "")
    if _is_answer(facts):
        head = replies.quoted_head(text, subject)
        quoted = [Text(_encoded(text[head.top :]), facts, QUOTED)] if head else []
        return [_below_subject(text[: head.top] if head else text, facts), *quoted]
    found = forwards.originals(text, subject, is_list)
    forwarded = [_below_subject(one.text_of(text), _of_original(facts, one, text)) for one in found]
    return forwarded or [_below_subject(text, _of_forward(facts))]


def _unwrapped(content: bytes, leaf: Leaf) -> str:
    """The text of a part, with the lines whole that it says were wrapped."""
    text, _ = decode_damaged(content, None)
    if str(leaf.headers.get_param("format", "")).lower() != "flowed":
        return text
    is_space_deleted = str(leaf.headers.get_param("delsp", "")).lower() == "yes"
    return _FLOWED_WITHIN_WORDS.sub("", text) if is_space_deleted else _FLOWED.sub(" ", text)


def _below_subject(text: str, facts: dict[str, Any]) -> Text:
    return Text(_encoded(f"{facts.get('headline', '')}\n\n{text}".lstrip()), facts)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_answer(facts: dict[str, Any]) -> bool:
    return ANSWERED in facts.get("extra", {})


def _of_original(facts: dict[str, Any], found: forwards.Original, text: str) -> dict[str, Any]:
    """What is known of a message that a letter forwards: what its head states. Who forwarded it is kept apart.

    Of one that itself forwards another, whose head is missing, paper and day are unknown.
    """
    name, address = sender_of(found.head.sender)
    day = with_iso_day(found.head.date, found.head.above, facts.get("published", ""))
    dated = {UNORDERED: found.head.date} if day is None else {"published": day}
    fields = {"publication": name, "headline": found.head.subject, **dated}
    if forwards.is_forwarded(found.head.subject):
        fields = {"headline": forwards.plain_subject(found.head.subject)}
    if found.has_others:
        fields[DOUBTED] = _WITH_OTHERS
    extra = {
        "mail_from": address,
        "mail_subject": found.head.subject,
        "mail_date": found.head.date,
        "forwarded_by": _forwarder(facts),
        "forwarder_s_note": found.note_of(text),
    }
    return without_empty({**fields, "extra": without_empty(extra)})


def _of_forward(facts: dict[str, Any]) -> dict[str, Any]:
    """What is known of a letter without the head of another: nothing of paper and day if its subject is a forward's."""
    subject = facts.get("headline", "")
    if not forwards.is_forwarded(subject):
        return facts
    return {"headline": forwards.plain_subject(subject), "extra": {"forwarded_by": _forwarder(facts)}}


def _forwarder(facts: dict[str, Any]) -> dict[str, Any]:
    return without_empty({"name": facts.get("publication"), "date": facts.get("published")} | facts.get("extra", {}))

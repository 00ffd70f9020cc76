"""Newsletters that somebody forwarded: whose text a letter is.

Who published it, when, and its subject are those of the head that a mail program put above its text, and never those
of who forwarded it. What stands below a head is kept, whatever it is: a head farther down is text, unless little or
nothing stands above it (what was forwarded was itself forwarded), or its own line says that another message follows.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from etl.intake.mail_heads import TAG, Head, bare, heads

MOST_WORDS_ABOVE = 150
"""Of what the forwarder says before it, and of what each one said who forwarded it before: a disclaimer, too."""
MOST_WORDS_BETWEEN = 50
"""Of what somebody said who answered it, before it was forwarded."""
MOST_MESSAGES = 20
"""In one letter; what is below the last one's head is its text."""

_FORWARDED = re.compile(
    rf"{TAG}\s*(?:fwd?|wg|tr|rv|enc|vs|vb|vl|vid|pd|i|ilt|doorst|πρθ|转发|轉寄|전달)\s?[:：]\s*|\s*\[fwd:\s*",
    re.IGNORECASE,
)
_SURELY_FORWARDED = re.compile(rf"{TAG}\s*(?:fwd?|wg|πρθ|转发|轉寄|전달)\s?[:：]|\s*\[fwd:", re.IGNORECASE)
_SIGN = re.compile(rb"gmail_quote|moz-forward|divRplyFwdMsg|-{5,}|={5,}|_{20,}|forwarded message", re.IGNORECASE)


class Original(NamedTuple):
    """A forwarded message: its head, and where in the letter it begins, with what was said above, and its text is."""

    head: Head
    begin: int
    start: int
    end: int
    has_others: bool = False
    """Whether heads of other messages, with an address, stand in its text."""

    def note_of(self, text: str) -> str:
        """What those said above it who forwarded it, with their heads where they were several."""
        return " ".join(text[self.begin : self.head.top].split())

    def text_of(self, text: str) -> str:
        """Its text, without the signs of a quotation where all of it is one."""
        own = text[self.start : self.end].lstrip("\r\n")
        is_quoted = self.head.is_quoted or all(line.startswith(">") for line in own.splitlines() if line.strip())
        return re.sub(r"^>[ ]?", "", own, flags=re.MULTILINE) if is_quoted else own


def is_forwarded(subject: str) -> bool:
    """Whether a subject is surely that of a forward."""
    return _SURELY_FORWARDED.match(subject) is not None


def may_be_forwarded(subject: str) -> bool:
    """Whether a subject may be that of a forward: in some languages its mark is a word, too."""
    return _FORWARDED.match(subject) is not None


def plain_subject(subject: str) -> str:
    """A subject without what a mail program put before it."""
    mark = _FORWARDED.match(subject)
    if mark is None:
        return subject.strip()
    return subject[mark.end() :].removesuffix("" if "]" in mark[0] or "[" not in mark[0] else "]").strip()


def is_of_list(headers: Message) -> bool:
    """Whether a letter went to all who subscribed to it: a newsletter, or what somebody wrote to a list."""
    return "List-Id" in headers or "List-Unsubscribe" in headers


def may_forward(content: bytes, subject: str) -> bool:
    """Whether a page may forward a message: by its subject, or by what a program announces that with."""
    return may_be_forwarded(subject) or _SIGN.search(content) is not None


def originals(text: str, subject: str, is_list: bool = False) -> list[Original]:
    """The messages that a letter, perhaps one of a list, forwards, in order; none where it is no forward."""
    found: list[Original] = []
    below = -1
    for head in heads(text, subject):
        last = found[-1] if found else None
        if last is None:
            if _words(text[: head.top], MOST_WORDS_ABOVE) is None:
                break
            if _is_forward(head, subject, is_list):
                found.append(Original(head, 0, head.text, len(text)))
        elif below == last.start and _goes_on(last.head, head, text):
            found[-1] = last._replace(head=head, start=head.text)
        elif head.is_forwarded and head.has_address and len(found) < MOST_MESSAGES:
            found[-1] = last._replace(end=head.top)
            found.append(Original(head, head.top, head.text, len(text)))
        elif head.has_address:
            found[-1] = last._replace(has_others=True)
        below = head.text
    return found


def _is_forward(head: Head, subject: str, is_list: bool) -> bool:
    """Whether a head with little above it is that of a message that the letter forwards.

    It has an address or the subject of the letter, unless both say so: a memo that an article quotes has neither. In a
    newsletter, whose subject does not say that it is a forward, an address is not enough, unless the line above says
    it: it may quote a message.
    """
    if may_be_forwarded(subject):
        return head.has_address or head.is_of(subject) or (head.is_announced and is_forwarded(subject))
    if head.is_of(subject):
        return head.is_announced or head.is_below_rule
    return head.has_address and (head.is_forwarded or (head.is_announced and not is_list))


def _goes_on(outer: Head, inner: Head, text: str) -> bool:
    """Whether the message below the outer head is only there to forward that below the inner one."""
    if not (inner.has_address or inner.is_of(outer.subject)):
        return False
    most = MOST_WORDS_ABOVE if may_be_forwarded(outer.subject) else MOST_WORDS_BETWEEN
    between = _words(text[outer.text : inner.top], most)
    is_sent_on = inner.is_of(outer.subject) and bare(outer.subject) != " ".join(outer.subject.casefold().split())
    return between == "" or (between is not None and is_sent_on)


def _words(text: str, most: int) -> str | None:
    """A text on one line; None where it has more words."""
    words = text[: most * 100].split()
    return " ".join(words) if len(words) <= most and len(text) <= most * 100 else None

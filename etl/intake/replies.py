"""Letters that answer another one, and are no articles of their senders; an answer that is long may be one."""

from __future__ import annotations

import re
from email.message import Message
from typing import NamedTuple

from lxml import etree

from etl.formats.common.encoding import decode_damaged
from etl.intake import forwards
from etl.intake.letter_pages import lines_of, tree_of
from etl.intake.mail_heads import Head, heads
from etl.intake.mime import decoded

LOOKED_AT_BYTES = 200_000
"""Of a letter, to see whether it quotes."""
FEWEST_WORDS_OF_ARTICLE = 150
"""Of a letter that answers one, without what it quotes: a correspondent may answer with what was asked for."""

LONGEST_ATTRIBUTION = 300
"""Of two lines, as it may be wrapped."""

_REPLIED = re.compile(
    r"\s*(?:re|r|aw|sv|antw|odp|ynt|rif|res|vá|απ|回复|答复|回覆|답장)\.?(?:\s?\[\d+\]|\^\d)?\s?[:：]", re.IGNORECASE
)
_HOST = re.compile(r"@([^\s<>@]+)>")
_NAMES = re.compile(r"[^:：]{3,40}[:：]")
"""How a program begins the subject of its answer, in any language: "Automatic reply: "."""
_QUOTES = re.compile(r"gmail_quote|moz-cite-prefix|yahoo_quoted|protonmail_quote|divRplyFwdMsg")
"""Of elements by which mail programs mark what they quote: classes, and a number."""
_ATTRIBUTION = re.compile(r".*(?:@|\d{4}).*[:：]")
"""What stands above a quotation that says who wrote it and when."""


class _Said(NamedTuple):
    own: int
    quoted: int
    is_marked: bool
    """Whether a mail program marks the quotation: an article may begin lines with ">", too."""

    @property
    def is_quoting(self) -> bool:
        return self.is_marked or self.quoted > self.own


def is_automatic(headers: Message) -> bool:
    """Whether a program answered for one who is away (RFC 3834), and it is neither of a list nor a newsletter.

    Such an answer is `auto-replied`; Exchange calls its own `auto-generated`, as alerts are called, which may refer to
    the alert before them, one of the same host.
    """
    how = str(headers.get("Auto-Submitted", "")).strip().lower()
    if "List-Id" in headers or "List-Unsubscribe" in headers:
        return False
    return how.startswith("auto-replied") or (how.startswith("auto-generated") and _refers_to_another(headers))


def _refers_to_another(headers: Message) -> bool:
    """Whether one is in reply, or refers to a message of another host, and names it behind a word for what it is."""
    if "In-Reply-To" in headers:
        return True
    own, others = (set(_HOST.findall(decoded(headers.get(name, "")))) for name in ("Message-ID", "References"))
    return not others <= own and _NAMES.match(decoded(headers.get("Subject", ""))) is not None


def answered(headers: Message) -> str:
    """Which message one answers, by its headers; '' where they do not say."""
    return decoded(headers.get("In-Reply-To", "")) or decoded(headers.get("References", "")).rpartition(" ")[2]


def own_words(headers: Message, content: bytes, is_html: bool) -> int | None:
    """How many words a letter says itself that answers another one; None where it answers none.

    It is in reply by its headers, and by its subject or a quotation. Without those headers, which not all programs
    write or keep, both must say so. Raises DumpError where it cannot be read.
    """
    subject = decoded(headers.get("Subject", ""))
    is_replied, is_in_reply = _REPLIED.match(subject) is not None, bool(answered(headers))
    if not (is_replied or is_in_reply) or forwards.may_be_forwarded(subject):
        return None
    text, said = _said(content[:LOOKED_AT_BYTES], is_html, subject)
    if is_replied:
        return said.own if is_in_reply or said.is_quoting else None
    return said.own if said.is_quoting and not forwards.originals(text, subject) else None


def quoted_head(text: str, subject: str) -> Head | None:
    """The head of the message that a letter has below its own text, without signs of a quotation; None without one."""
    found = (one for one in heads(text, subject) if one.has_address or one.is_of(subject))
    return next((one for one in found if not one.is_quoted), None)


def _said(content: bytes, is_html: bool, subject: str) -> tuple[str, _Said]:
    """The text of a letter, and how much of it is its own."""
    quoted = 0
    if is_html:
        root = tree_of(content)
        text = lines_of(root).text
        marked = _marked(root)
        quoted = sum(len("".join(one.itertext()).split()) for one in marked)
        for one in marked:
            one.clear(keep_tail=True)
        own = lines_of(root).text
    else:
        text = own = decode_damaged(content, None)[0]
        marked = []
    head = quoted_head(own, subject)
    lines = [line.strip() for line in (own[: head.top] if head else own).split("\n")]
    cited = [line for line in lines if line.startswith(">")]
    quoted += len(" ".join(cited).split()) + (len(own[head.top :].split()) if head else 0)
    words = sum(len(line.split()) for line in lines if not line.startswith(">"))
    return text, _Said(words, quoted, bool(marked) or head is not None or _is_attributed(lines))


def _marked(root: etree._Element) -> list[etree._Element]:
    """The elements of a page that a mail program marks as quoted; of those within each other the outermost."""
    found = [
        one
        for one in root.iter(etree.Element)
        if (one.tag == "blockquote" and one.get("type", "").lower() == "cite")
        or _QUOTES.search(f"{one.get('class', '')} {one.get('id', '')}")
    ]
    known = set(found)
    return [one for one in found if known.isdisjoint(one.iterancestors())]


def _is_attributed(lines: list[str]) -> bool:
    """Whether a line says whom what is quoted below it is from."""
    filled = ["", "", *filter(None, lines)]
    return any(
        line.startswith(">") and _ATTRIBUTION.fullmatch(f"{before} {above}"[-LONGEST_ATTRIBUTION:]) is not None
        for before, above, line in zip(filled, filled[1:], filled[2:], strict=False)
    )

"""What each part of a message of e-mail is read as: a dump that it brings, the letter itself, or nothing.

A letter is an article of its sender (a newsletter), unless it was written to go with what it brings: a dump, or a file
that cannot be read. Beside such a file it is short and speaks like a letter; beside a dump one of both is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from io import BytesIO

from etl import formats
from etl.formats.common.pieces import Unreadable
from etl.intake.kinds import LONG_LETTER, kind_of
from etl.intake.letter_bodies import BLANK, ENCODED, LETTER, VENDOR, Body, format_of, in_order, shown_in, twins
from etl.intake.mime import Leaf
from etl.model import DumpError, Feed

Beginning = Callable[[bytes], bytes | None]
"""Of an attachment, what the formats are asked about; None where it holds others."""
FILE, MAIL = "file", "mail"
READ = (FILE, LETTER, MAIL)
"""The roles of what is read; any other is the kind of what is not."""
COVERING, REPLY, AUTOMATIC = "covering letter", "reply to a message", "automatic reply"
QUOTED = "message that an answer quotes"
MOST_WORDS = 150
"""Of a covering letter, if nothing in it speaks like one."""

LOOKED_AT_BYTES = 200_000
"""Of a letter, to see whether it is a covering letter."""

_GREETS = re.compile(
    r"^[ \t>]{0,9}(?:dear|hello|hi|good (?:morning|day)|sehr geehrte\w*|liebe[rs]?|hallo|guten (?:tag|morgen)|moin|"
    r"beste|geachte|bonjour|bonsoir|madame|monsieur|ch[eè]re?s?|estimad[oa]s?|hola|querid[oa]s?|gentil[ei]|buongiorno|"
    r"car[oaie]|prezad[oa]s?|kære|hej|hei|bästa|szanown\w+|dobrý den)\b[^\n.]{0,60}[,!:]",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKS_OF_FILE = re.compile(
    r"\b(?:attach(?:ed|ment)|enclosed|please find|anbei|im anhang|angehängt|beigefügt|beiliegend|bijlage|bijgevoegd|"
    r"bijgaand|ci-joint|pi[eè]ces? jointe|adjunt|allegat|(?:em|en) anexo|bifoga|bilaga|vedhæft|vedlagt|vedlegg|załącz|"
    r"příloh|liitteenä)",
    re.IGNORECASE,
)
_KINDS = {
    "text/calendar": "calendar",
    "application/ics": "calendar",
    "text/vcard": "contact card",
    "text/x-vcard": "contact card",
    "text/css": "stylesheet",
    "application/pgp-signature": "signature",
    "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
    "message/delivery-status": "delivery report",
    "message/disposition-notification": "delivery report",
    "text/rfc822-headers": "delivery report",
    "message/rfc822": MAIL,
    "message/global": MAIL,
}
_MAIN_KINDS = {"image": "picture", "audio": "audio", "video": "video", "font": "font"}


def roles(leaves: list[Leaf], beginning: Beginning) -> list[str]:
    """The role of each part: FILE, LETTER, REST (of the letter before) or MAIL, or the kind of what holds no article.

    Of alternatives the one is read that a vendor's reader knows, else the page if it has words, else the text.
    """
    found = [_by_type(leaf) for leaf in leaves]
    bodies = {Body(leaf): at for at, (leaf, role) in enumerate(zip(leaves, found, strict=True)) if role == LETTER}
    worse = twins(list(bodies))
    for body, at in bodies.items():
        found[at] = worse.get(body, FILE if body.rank == VENDOR else LETTER)
    letters = [at for at, role in enumerate(found) if role == LETTER]
    is_dump_there = any(map(partial(_is_brought, beginning), leaves, found))
    if is_dump_there or any(map(partial(_may_bring, beginning), leaves, found)):
        text = _beginning_of([leaves[at] for at in letters])
        is_short = len(text.split()) <= MOST_WORDS
        is_letter = bool(_GREETS.search(text) or _SPEAKS_OF_FILE.search(text))
        if (is_letter and is_short) or (is_dump_there and (is_letter or is_short)):
            return [(COVERING if is_short else LONG_LETTER) if role == LETTER else role for role in found]
    for body, role in in_order(leaves, {body: at for body, at in bodies.items() if found[at] == LETTER}).items():
        found[bodies[body]] = role
    return found


_WORD = "nexis_docx"


def _by_type(leaf: Leaf) -> str:
    if leaf.is_blank:
        return BLANK
    if leaf.fault:
        return FILE
    kind = _KINDS.get(leaf.kind) or _MAIN_KINDS.get(leaf.headers.get_content_maintype())
    return kind or (LETTER if leaf.is_body else FILE)


def _is_brought(beginning: Beginning, leaf: Leaf, role: str) -> bool:
    """Whether a part is a dump that the letter brings, or another message."""
    if role != FILE:
        return role == MAIL
    try:
        content = leaf.content()
    except Unreadable:
        return False
    head = beginning(content)
    name = "" if head is None else format_of(head)
    return head is None or (_has_articles(content) if name == _WORD else bool(name))


def _may_bring(beginning: Beginning, leaf: Leaf, role: str) -> bool:
    """Whether a part is a file that may be a dump and cannot be read: broken, or of no format. In a text, too."""
    try:
        content = leaf.content()
    except Unreadable:
        return role == FILE
    if role != FILE:
        return role == LETTER and ENCODED.search(content) is not None
    is_wrapped = beginning(content) != content
    return not is_wrapped and not content.startswith(b"PK") and kind_of(content[:4096], leaf.filename) is None


def _beginning_of(letters: list[Leaf]) -> str:
    """As much of the text of letters as shows whether they are short, and how they greet."""
    text = ""
    for letter in letters:
        text += f"{_words_of(letter)}\n\n"
        if len(text) > LOOKED_AT_BYTES:
            break
    return text


def _words_of(leaf: Leaf) -> str:
    """The text of a letter, without the files within it; '' where it cannot be read."""
    try:
        return shown_in(leaf.text()[:LOOKED_AT_BYTES], leaf.is_html)
    except (Unreadable, DumpError):
        return ""


def _has_articles(word_file: bytes) -> bool:
    """Whether a Word file is an export, and not any document: its reader takes every one for its own."""
    try:
        return formats.named(_WORD).count_marks(BytesIO(word_file), Feed("")) > 0
    except DumpError:
        return True

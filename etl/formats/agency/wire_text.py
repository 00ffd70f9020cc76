"""The text of a news agency's message: hard-wrapped lines joined to paragraphs, and the body separated from the rest.

Agencies print more than the article: a byline, notes to editors and key points before it; the initials of the desk,
"ends" or a copyright line after it. None of it is lost: each goes into a part of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

MOST_HEAD_BLOCKS = 12
MOST_TAIL_BLOCKS = 4
LONGEST_BYLINE = 120
LONGEST_NOTE = 500
BYLINE, NOTE, POINT = "byline", "note", "point"

_BY = re.compile(r"(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|DI|Door|DOOR|Av|AV|Af|AF)\s+(?=[^\W\d_a-z])")
_ENGLISH_BY = ("By ", "BY ")
_SMALL = """
    and und et og och en y e in for with of the de da do du di del della van von der den la le los das dos ter ten
    zu zum bin al el für aus à
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_SIGN_OFF = re.compile(
    r"\(?(?:[Ee]nds?|ENDS?)\)?\.?"  # PA
    r"|[a-zß-öø-ÿ]{1,6}(?:/[a-zß-öø-ÿ]{1,6}){1,8}"  # AFP: initials of author and editors
    r"|/[\w.-]{2,20}/"  # Ritzau
    r"|\([A-Z]{2,4}/[a-z]{2,4}(?: [a-z]{2,4}){0,3}\)"  # Keystone-ATS
    r"|(?:AAP|AFP|AP|APA|ATS|NTB|SDA|dpa|apa|sda|sid)(?:\s(?:[a-z][a-z\d]{0,4}|[A-Z]{2,5})){1,6}"  # the desk
    r"|(?:©|\([cC]\)|Copyright\b|COPYRIGHT\b).{0,400}"
)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_GAP = re.compile(r" {2,}|\t")
_RULE = re.compile(r"[-_=*.]{5,}")
_POINT = re.compile(r"[*•]\s*\S")


class Body(NamedTuple):
    """A body, and what stood around it. All but `paragraphs` may be empty."""

    paragraphs: list[str]
    byline: str = ""
    notes: Sequence[str] = ()
    points: Sequence[str] = ()
    sign_off: Sequence[str] = ()
    embeds: Sequence[str] = ()


def split_body(blocks: Sequence[str]) -> Body:
    """The article's paragraphs, separated from what agencies print before and after them.

    Notes and points before the text are separated only where text follows.
    """
    embeds = [block for block in blocks if is_markup(block)]
    texts = [block for block in blocks if not is_markup(block)]
    tail = len(list(takewhile(is_sign_off, reversed(texts[-MOST_TAIL_BLOCKS:]))))
    texts, sign_off = texts[: len(texts) - tail], texts[len(texts) - tail :]
    kinds = list(takewhile(bool, map(_head_kind, texts[:MOST_HEAD_BLOCKS])))
    bylines, notes, points = (
        [text for text, kind in zip(texts, kinds, strict=False) if kind == wanted] for wanted in (BYLINE, NOTE, POINT)
    )
    if len(kinds) == len(texts):  # no text follows: all but the bylines is the text
        texts, notes, points = [text for text in texts if text not in bylines], [], []
    elif bylines or notes:
        texts = texts[len(kinds) :]
    else:
        points = []
    return Body(texts, "; ".join(bylines), notes, points, sign_off, embeds)


def _head_kind(block: str) -> str:
    if is_note(block):
        return NOTE
    if _POINT.match(block):
        return POINT
    return BYLINE if is_byline(block) else ""


def is_byline(block: str) -> bool:
    """Whether a paragraph is only a byline such as "By Jane Doe", in one of several languages."""
    words = block.split()
    if len(block) > LONGEST_BYLINE or not 2 <= len(words) <= 14 or not _BY.match(block) or block[-1] in ".!?:;…":
        return False
    names = [word for before, word in pairwise(words) if word not in _SMALL_WORDS and not before.endswith(",")]
    if any(char.isdigit() for char in block) or any(word[0].islower() for word in names):
        return False
    return len(names) >= (1 if block.startswith(_ENGLISH_BY) else 2)


def is_note(block: str) -> bool:
    """Whether a whole paragraph is in brackets: a note to editors."""
    is_bracketed = block.startswith("(") and block.find(")") == len(block) - 1
    return is_bracketed and " " in block and len(block) <= LONGEST_NOTE


def is_sign_off(block: str) -> bool:
    """Whether a paragraph marks the end: "ends", initials, the desk, a copyright line."""
    return _SIGN_OFF.fullmatch(" ".join(block.split())) is not None


def is_markup(block: str) -> bool:
    """Whether a paragraph is markup that was printed as text: an embedded widget."""
    return block.startswith("<") and block.endswith(">") and not _TAG.sub("", block).strip()


def unwrap(text: str) -> list[str]:
    """Paragraphs of hard-wrapped text: a blank line, an indented line or a bullet begins one; tables stay."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped or line[:2] in ("  ", " \t") or line[:1] == "\t" or _POINT.match(line):
            paragraphs.append([])
        if stripped:
            paragraphs[-1].append(stripped)
    joined: list[str] = []
    for lines in paragraphs:
        joined += lines if _is_table(lines) else [" ".join(lines)] if lines else []
    return joined


def is_wrapped(text: str) -> bool:
    """Whether the lines of a text within markup are its layout: some begin flush left, others do not.

    Where all begin at the margin or none does, they are only the layout of the markup.
    """
    lines = [line for line in text.split("\n")[1:] if line.strip()]
    is_flush = any(not line[0].isspace() for line in lines)
    return is_flush and (any(line[0].isspace() for line in lines) or _is_table([line.strip() for line in lines]))


def _is_table(lines: list[str]) -> bool:
    in_columns = sum(1 for line in lines if _is_in_columns(line) or _RULE.fullmatch(line))
    return len(lines) > 1 and 3 * in_columns >= len(lines)


def _is_in_columns(line: str) -> bool:
    """Whether blanks separate the parts of a line. Two blanks also end a sentence, so once is not enough."""
    return "   " in line or len(_GAP.findall(line)) > 1

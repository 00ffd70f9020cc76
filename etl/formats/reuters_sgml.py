"""Reuters-21578: the agency's wire of 1987 in SGML, as D. Lewis distributed it in 1997 (`lewis.dtd`).

Layout: `<REUTERS ... NEWID="1">`, then DATE, the labels (TOPICS, PLACES, PEOPLE, ORGS, EXCHANGES, COMPANIES) as lists
of `<D>`, the wire's header (UNKNOWN), and TEXT with TITLE, AUTHOR, DATELINE and BODY. Two kinds have no BODY: a BRIEF
is only a headline, after stars and before a filler; in UNPROC the first line is the headline. Control bytes stand
as `&#2;`, which no XML parser accepts. A paragraph is an indented line; `Reuter`, `REUTER` or `More` ends the text.

NEWID is unique within this collection, which is closed: prefixed with the collection's name, it is unique worldwide.
The same text on another day is another article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from etl.formats.common import sgml
from etl.formats.common.pieces import Unreadable, without_empty_extra
from etl.formats.common.streams import chunks
from etl.model import Feed, Piece, Range, RawRecord

NATIVE_ID_IS_GLOBAL = True
COLLECTION = "reuters21578"
LABELS = ("TOPICS", "PLACES", "PEOPLE", "ORGS", "EXCHANGES", "COMPANIES")
ONCE = ("DATE", "TEXT", "TITLE", "DATELINE", "BODY")
FILLER = "Blah blah blah."

_COUNTED = (b"<reuters", b"</reuters", b"<text", b"<date")
_OPENING = re.compile(rb"<REUTERS(?=[\s>])")
_NAMES = "|".join(("REUTERS", "D", "MKNOTE", "UNKNOWN", "AUTHOR", *ONCE, *LABELS))
_TAG = re.compile(rf"<(/?(?:{_NAMES}))(\s[^<>]*)?>")
_ATTRIBUTE = re.compile(r'([A-Z]{1,40})="([^"]*)"')
_OTHER_TAG = re.compile(r"</?[A-Za-z][\w.:-]*[^<>]*>")
_CONTROL = re.compile(r"&#(?:[0-8]|1[1245-9]|2[0-9]|3[01]|127);")
_INDENT = re.compile(r"\n[ \t]+(?=\S)")
_END = re.compile(
    r"(?:^|\n)[ \t]*((?i:re?u[ei]?ters?|reute|more)\d?(?:\.{3})?(?: [A-Z]{1,3})?(?:\^M)?)$"
    r"|[ \t](REUTER(?:\.{3}|\d\d:\d\d/[A-Z]+)?)$"
)
_LONGEST_END = 40
_AGENCY = re.compile("reuters?", re.IGNORECASE)


def recognise(head: bytes, name: str) -> float:
    """By its document type, or by the opening tag of an article with its number."""
    return 1.0 if re.search(rb'<!DOCTYPE lewis\b|<REUTERS\s[^<>]{0,400}\bNEWID="', head[:8192]) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags that open an article, end it, or hold its text or date: whichever are most."""
    return sgml.count_tags(stream, *_COUNTED)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article; a Reject for each whose tags are missing, doubled or out of order."""
    return read_range(stream, feed, b"", 0)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches from an opening tag on. What an article is, no other one tells."""
    return sgml.ranges_at_marks(stream, _OPENING, target_bytes, _COUNTED)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of a stretch with so many lines before it."""
    return sgml.articles(chunks(stream), _OPENING, partial(_article, feed=feed), before)


def _article(data: bytes, position: str, feed: Feed) -> RawRecord:
    """One article from its opening tag on. Raises Unreadable."""
    attributes, found = _elements(sgml.decoded(data, feed.encoding))
    title, dateline, body = ("".join(found[name]) for name in ("TITLE", "DATELINE", "BODY"))
    before, *after = found["TEXT"]
    beside = _text("".join(after))
    if not found["TITLE"] and not found["BODY"]:
        title, _, body = (_text(before + dateline) + beside).strip().partition("\n")
        before = dateline = ""
    elif beside.strip() not in ("", FILLER):
        # The tags were set by a program, which sometimes took the first lines of a table for a title and a dateline.
        dateline, body = "", beside + dateline + body
    body, end = _without_end(_text(body).strip())
    date, *codes = _CONTROL.split("".join(found["DATE"]), maxsplit=1)
    extra = {
        **{name.lower(): value for name, value in attributes.items() if name != "NEWID"},
        "date": "".join(found["DATE"]).strip() if codes else "",
        "mknote": " ".join(found["MKNOTE"]).strip(),
        "unknown": [text.strip() for text in found["UNKNOWN"] if text.strip()],
        "before_title": _text(before).strip(),
        "end": end,
    }
    record: RawRecord = {
        "position": position,
        "native_id": f"{COLLECTION}:{attributes['NEWID']}" if "NEWID" in attributes else None,
        "headline": _text(title).strip(),
        "byline": "; ".join(author for text in found["AUTHOR"] if (author := _text(text).strip())),
        "dateline": _text(dateline).strip().rstrip("-").rstrip(),
        "body": _INDENT.sub("\n\n", body),
        "agency": sent[0] if (sent := _AGENCY.match(end)) else "",
        "published": date.strip(),
        "labels": [[scheme, _text(code).strip(), ""] for scheme in LABELS for code in found[scheme] if code.strip()],
        "is_partial": not found["BODY"],
        "extra": extra,
    }
    return without_empty_extra(record)


def _elements(source: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The attributes of an article and of its TEXT, and the texts of each element by its name (a `<D>` by its list's).

    Raises Unreadable where tags do not pair, come twice, are unknown, or have text beside them where none may stand.
    """
    attributes: dict[str, str] = {}
    found: dict[str, list[str]] = defaultdict(list)
    path: list[str] = []
    parts = _TAG.split(source)
    for tag, inside, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if tag[0] == "/":
            if not path or path.pop() != tag[1:]:
                raise Unreadable(f"found <{tag}>, but <{tag[1:]}> is not the element that is open there")
            if path and path[-1] == "TEXT":
                found["TEXT"].append(text)
            elif text.strip():
                raise Unreadable(f"found {text.strip()[:40]!r} after <{tag}>, where no text may stand")
            continue
        if tag in ONCE and tag in found:
            raise Unreadable(f"holds <{tag}> twice; expected it once between <REUTERS> and </REUTERS>")
        if inside:
            attributes |= _ATTRIBUTE.findall(inside)
        found[path[-1] if tag == "D" and path else tag].append(text)
        path.append(tag)
    if path:
        raise Unreadable(f"breaks off: </{path[-1]}> is missing")
    if "TEXT" not in found:
        raise Unreadable("holds no <TEXT>; expected it around the article")
    texts = (text for name in found for text in found[name] if "<" in text)
    if other := next(filter(None, map(_OTHER_TAG.search, texts)), None):
        raise Unreadable(f"found {other[0][:40]}, a tag that no article has; it may be the mark of another")
    return attributes, found


def _text(source: str) -> str:
    """Characters for entities; control bytes, which framed the text on the wire, left out."""
    if "&" not in source:
        return source
    return _CONTROL.sub("", source).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _without_end(body: str) -> tuple[str, str]:
    """The text, and the mark after it that says who sent it or that more follows."""
    tail = body[-_LONGEST_END:]
    match = _END.search(tail)
    if not match:
        return body, ""
    return body[: len(body) - len(tail) + match.start()].rstrip(), match[1] or match[2]

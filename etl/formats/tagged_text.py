"""News collections for research, in tags that look like XML but are not: TREC's and those modelled on them.

Layout: `<DOC>`, in it one element for each fact, `</DOC>`, and so on. In small letters or capitals; perhaps in a
wrapper. Names differ by collection:

- TREC's disks (AP, Wall Street Journal, Financial Times, Los Angeles Times, San Jose Mercury News; 1986-1994) and
  AQUAINT: DOCNO, HEAD, HL, HEADLINE or TITLE, BYLINE, DD or DATE, LP and LEADPARA (the text's first paragraphs), TEXT;
- LDC's Gigaword, where the number is an attribute (`<DOC id="..." type="story">`);
- CLEF and NTCIR (European and East Asian newspapers): the same with TI, LD, TX or LANG; the Dutch with TI, LE, TE;
- Sogou (Chinese news sites, 2008-2012; GBK): url, docno, contenttitle, content. No date except in the address.

Elements without a field go into `extra` under their names. Numbers are unique within a collection only, so they are
not keys.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from etl.formats import HEAD_BYTES
from etl.formats.common import gbk_damage, sgml
from etl.formats.common.encoding import doubts_of_codec, sniff
from etl.formats.common.pieces import Unreadable, unwrap_singles, without_empty
from etl.formats.common.streams import chunks
from etl.model import Feed, Piece, Range, RawRecord

ELEMENTS = {
    "native_id": "docno docid id",
    "url": "url",
    "publication": "pub so journal newspaper publication source src media",
    "headline": "contenttitle headline hl head title ttl ti",
    "deck": "abstract summary subtitle",
    "byline": "byline author authors au",
    "dateline": "dateline",
    "published": "date date_time datetime pubdate pubtime publish_time dd date1 time",
    "section": "section category cat channel",
    "page": "page pg.col",
    "edition": "edition",
    "language": "language lang",
}
"""Raw field -> the elements that may hold it, the first that is present and not empty."""
_BODY_NAMES = "lp leadpara ld le text content tx te body"
BODIES = frozenset(_BODY_NAMES.split())
_LABEL_NAMES = "in tp ns gv co cn subject descript kw keyword keywords"
LABELS = frozenset(_LABEL_NAMES.split())
_BREAK_NAMES = "p br table row tablerow tablecell rowrule cellrule h1 h2 h3 h4 h5 h6 ul ol li div"
BREAKS = frozenset(_BREAK_NAMES.split())
_INLINE_NAMES = "b i u em strong font f fig sup sub span a tt"
INLINE = frozenset(_INLINE_NAMES.split())
MARKUP = BREAKS | INLINE

_FACTS = BODIES.union(*map(str.split, ELEMENTS.values()))
_COUNTED = (b"<doc", b"</doc", b"<docno", b"<docid")
_OPENING = re.compile(rb"<doc(?=[\s>])", re.IGNORECASE)
_SIGNS = re.compile(rb"<doc(?:\s[^<>]{0,400})?>\s*<(?:docno|docid|url|headline|contenttitle)>", re.IGNORECASE)
_WITH_ID = re.compile(rb"<doc\s+id=\"[^\"<>]{1,200}\"\s+type=\"", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)(\s[^<>]*)?>")
_ATTRIBUTE = re.compile(r'([A-Za-z_:]{1,60})\s{0,9}=\s{0,9}"([^"]*)"')
_TEXT = re.compile(rb"(<(?:content|text)>)([^<]*)(?=</)", re.IGNORECASE)
_INDENT = re.compile(r"\n[ \t]{2,}(?=\S)")
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n[ \t]*")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_FILED = re.compile(r"[A-Z]{2,4}-[A-Z]{1,4}-(\d\d-\d\d-\d\d \d{4}[A-Z]{3})")
"""AP's FILEID: the wire, and when it was sent."""
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?(?:[A-Z]{1,5}|[+-]\d{2}:?\d{2}))?")
LONGEST_FACT, LONGEST_OUTSIDE = 1_000, 100
"""Characters of an element that is not the text, and of what stands in none. Longer ones may be the text."""
FEWEST_OTHERS = 3
"""Different elements without a meaning, one after the other in a text: of another article."""
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_NTCIR_LANGUAGES = {"CH": "zh", "JP": "ja", "KR": "ko"}
"""What its LANG means where ISO 639 means another language, or none."""


def recognise(head: bytes, name: str) -> float:
    """By a `<doc>` that begins with its number, address or headline; or by one whose number and type are attributes."""
    return 0.9 if _SIGNS.search(head) or _WITH_ID.search(head) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags that open an article, end it, or hold its number: whichever are most."""
    return sgml.count_tags(stream, *_COUNTED)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each `<doc>`; a Reject for each that has no text, or whose elements do not end.

    Raises DumpError where its encoding cannot be recognised.
    """
    pieces = chunks(stream)
    first = next(pieces, b"")
    yield from _read(chain((first,), pieces), feed, first[:HEAD_BYTES], 0)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches from an opening tag on. The encoding is that of the head."""
    return sgml.ranges_at_marks(stream, _OPENING, target_bytes, _COUNTED)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of a stretch with so many lines before it."""
    return _read(chunks(stream), feed, head[:HEAD_BYTES], before)


def _read(pieces: Iterable[bytes], feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    codec = codecs.lookup(sniff(head, feed.encoding)).name
    article = partial(_article, codec=None if codec == "utf-8" else _SUPERSETS.get(codec, codec))
    if not before:
        yield from doubts_of_codec(head, feed.encoding)
    yield from sgml.articles(pieces, _OPENING, article, before)


def _article(data: bytes, position: str, codec: str | None) -> RawRecord:
    """One article from its opening tag on. Raises Unreadable."""
    notes: dict[str, Any] = {}
    if codec == "gb18030" and b"?" in data:
        data = _TEXT.sub(partial(_repair, notes=notes), data)
    attributes, elements, outside = _elements(_CDATA.sub("", sgml.decoded(data, codec)))
    body = "\n\n".join(_INDENT.sub("\n\n", text) for name, text in elements if name in BODIES)
    values: dict[str, list[str]] = defaultdict(list)
    for name, text in elements:
        if name not in BODIES:
            values[name].append(text)
    clock = values["time"].pop() if len(values["time"]) == 1 and _CLOCK.fullmatch(values["time"][0]) else ""
    record: RawRecord = {
        "position": position,
        **{field: _first(values, names) for field, names in ELEMENTS.items()},
        "labels": [[name, "", label] for name in sorted(LABELS & values.keys()) for label in _labels(values.pop(name))],
        "body": body,
        "is_partial": not body,
    }
    record["language"] = _NTCIR_LANGUAGES.get(record["language"], record["language"])
    record["native_id"] = record["native_id"] or attributes.pop("id", None)
    if not body and not record["headline"]:
        raise Unreadable("holds neither a headline nor a text")
    if clock and (record["published"] is None or _CLOCK.search(record["published"])):
        values["time"].append(clock)  # no date of its own
    elif clock:
        record["published"] += f" {clock}"
    record["published"] = record["published"] or _filed(values)
    if not body:
        _refuse_text_elsewhere({**values, "abstract": [record["deck"] or ""], "doc": [outside]})
    record["extra"] = (
        notes | attributes | unwrap_singles(without_empty(values)) | ({"outside": outside} if outside else {})
    )
    return without_empty(record)


def _elements(source: str) -> tuple[dict[str, str], list[tuple[str, str]], str]:
    """The attributes of a `<doc>`, its elements that have a text, in order; and what stands outside of them.

    An element around others is a wrapper and does not count. Raises Unreadable where one does not end, or begins within
    another.
    """
    parts = _TAG.split(source)
    attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(parts[3] or "")}
    found: list[tuple[str, str]] = []
    outside, inside = [parts[4]], [""]
    name, is_blank, is_over = "", True, False
    opened: set[str] = set()
    ended: set[str] = set()
    for slash, tag, more, after in zip(parts[5::4], parts[6::4], parts[7::4], parts[8::4], strict=True):
        key = tag.lower()
        if key == "doc" and name:
            raise Unreadable(f"breaks off: </{name}> is missing")
        if is_over or key == "doc":
            if after.strip():
                raise Unreadable(f"found {after.strip()[:40]!r} after </doc>")
            is_over = True
        elif slash and key == name:
            found.append((name, "".join(inside).strip()))
            outside.append(after)
            name = ""
        elif not name and slash:
            outside.append(after)
        elif not name or (not slash and is_blank and _may_wrap(name) and key not in MARKUP):
            name, inside, is_blank = key, [after], not after.strip()
            opened, ended = set(), set()
        elif key in BODIES and not slash:
            raise Unreadable(f"<{tag}> begins before </{name}>")
        else:
            # What is not known markup is text in angle brackets, unless it looks like another article.
            (ended if slash and key in opened else opened).add(key)
            if len(ended - MARKUP) >= FEWEST_OTHERS:
                raise Unreadable(f"</{name}> is missing before <{tag}>, or it holds elements of another layout")
            inside += ["\n\n" if key in BREAKS else "" if key in INLINE else f"<{slash}{tag}{more or ''}>", after]
            is_blank = is_blank and not after.strip()
    if not is_over:
        raise Unreadable(f"breaks off: </{name or 'doc'}> is missing")
    found = [(name, _BLANK_LINES.sub("\n\n", text)) for name, text in found if text]
    return attributes, found, " ".join(" ".join(outside).split())


def _may_wrap(name: str) -> bool:
    return name == "body" or name not in _FACTS


def _first(values: dict[str, list[str]], names: str) -> str | None:
    """The first text of the first of these elements that is there, taken out."""
    return next((values[name].pop(0) for name in names.split() if values.get(name)), None)


def _refuse_text_elsewhere(values: dict[str, list[str]]) -> None:
    """Raise Unreadable where an element that is not the text is so long that it may be the text."""
    for name, texts in values.items():
        if any(len(text) > (LONGEST_OUTSIDE if name == "doc" else LONGEST_FACT) for text in texts):
            raise Unreadable(
                f"holds no text in {_BODY_NAMES.upper()}, but a long one in <{name}>, which is not read as one"
            )


def _filed(values: dict[str, list[str]]) -> str | None:
    """When AP sent it: its articles have no other date. It stays where it stands, too."""
    return next((found[1] for text in values.get("fileid", ()) if (found := _FILED.fullmatch(text))), None)


def _labels(texts: list[str]) -> list[str]:
    return [label for text in texts for part in re.split(r"[;\n]", text) if (label := part.strip().rstrip("."))]


def _repair(element: re.Match[bytes], notes: dict[str, Any]) -> bytes:
    """An element with its damaged text repaired where the repair is certain; either way `notes` says so."""
    if not gbk_damage.is_damaged(element[2]):
        return element[0]
    repaired = gbk_damage.repair(element[2])
    if repaired is None:
        notes["damaged"] = (
            "bytes may be lost where a ? stands, but what was meant is not sure; the text is left as it stood"
        )
        return element[0]
    notes["repaired"] = (
        f"paragraph marks, at which bytes were lost; characters that cannot be told (U+FFFD): {repaired.lost}"
    )
    return element[1] + repaired.text.encode("gb18030")

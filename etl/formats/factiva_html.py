"""Factiva HTML: the page that its "Display Options" save or print, many articles a file.

Layouts since about 2005. Each article stands in a `div` of the class `article xxArticle` (xx: its language). In the
older one, "Full Article plus Indexing", a table names each part by Factiva's code. In the newer one the parts have no
names and are in the interface's language: section; headline; author; then word count, date, source, its code and,
in varying number, edition, page and time; language; copyright; the paragraphs; captions, publisher and the accession
number. There they are recognised by place and kind. Summaries of the search stand outside the articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise, takewhile
from typing import BinaryIO, NamedTuple

from lxml import etree

from etl.formats.common.markup import decode_page, inline, leaves, local_name, paragraphs, parse_html, read_whole
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.vendor import endings, factiva
from etl.formats.vendor.factiva_head import head_fields
from etl.model import DumpError, Feed, Piece

NATIVE_ID_IS_GLOBAL = True
LEAST_ACCOUNTED_SHARE = 0.6
"""Labels and codes are a large part of short articles."""

_TITLE = re.compile(rb"<title>\s*(?:Dow Jones\s+)?Factiva\b", re.IGNORECASE)
_SIGN = re.compile(
    rb"""class\s*=\s*["']?(?:article\s+(?P<container>[a-z]{2}(?:-?[a-z]{2,4})?Article)\b|(?P<part>articleParagraph\b"""
    rb"""|[a-z]{2,6}Headline\b|index["'\s>]))""",
    re.IGNORECASE,
)
_START = re.compile(
    r"""<div\b[^<>]*?\bclass\s*=\s*["']?article\s+[a-z]{2}(?:-?[a-z]{2,4})?Article\b[^<>]*>""", re.IGNORECASE
)
_MARK = re.compile(rb"""class\s*=\s*["']?article\s+[\w-]{2,10}Article\b""", re.IGNORECASE)
_HEADLINE = re.compile(rb"""class\s*=\s*["']?[a-z]{2,6}Headline\b""", re.IGNORECASE)
_DOCUMENT = re.compile(rb">[^<>]{0,40}?\b[A-Z0-9]{8}(?:19|20)\d{6}[a-z0-9]{9}\s*<", re.IGNORECASE)
"""An accession number as it is printed after an article: source, date and a serial, 25 characters."""
_CODE = re.compile(r"[A-Z]{2,4}")
_ACCESSION = re.compile(r"(?:\S{1,20}\s)?((?=[\w-]*\d)[\w-]{10,40})")
_NUMBER = re.compile(r"(\d{1,6})\) ")
_KINDS = {"author": "author", "articleParagraph": "paragraph"}
_LONGEST_PUBLISHER = 100


class _Part(NamedTuple):
    """A piece of an article without codes: `headline`, `number`, `author`, `paragraph`, `div` or `p`, and its text."""

    kind: str
    text: str


def recognise(head: bytes, name: str) -> float:
    """By the page's title, or by the class of an article's container and that of a part, which only Factiva has."""
    text = head.replace(b"\0", b"")  # UTF-16
    found = [match.lastgroup for match in _SIGN.finditer(text)]
    return 1.0 if _TITLE.search(text) or ("container" in found and "part" in found) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The classes of containers, in whatever element; between two of them the headlines, or the accession numbers that
    are printed, if more.
    """
    before, *marked = _MARK.split(read_whole(stream).replace(b"\0", b""))
    return _printed(before) + sum(max(1, _printed(part)) for part in marked)


def _printed(part: bytes) -> int:
    """How many articles a part of the page has by what each prints once."""
    return max(sum(1 for _ in kind.finditer(part)) for kind in (_DOCUMENT, _HEADLINE))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each container, a Reject for one whose parts cannot be recognised, and a doubt where the page
    breaks off.

    Raises DumpError where there is no container, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    starts = [match.start() for match in _START.finditer(page)]
    if not starts:
        raise DumpError(
            'holds no <div class="article ...Article">; expected one for each article; save the page of full articles '
            "from Factiva again (a list of headlines holds none)"
        )
    yield from doubts
    yield from endings.doubts_of_page(page)
    for number, (start, end) in enumerate(pairwise([*starts, len(page)]), 1):
        position, markup = f"article {number}", page[start:end]
        yield guarded(partial(_piece, markup, position), position, partial(markup.encode, "utf-8", "replace"))


def _piece(markup: str, position: str) -> Piece:
    container = parse_html(markup.encode("utf-8", "replace"), "utf-8").find("body/div")
    if container is None:
        raise Unreadable("its container is not closed as it was opened; save it from Factiva again")
    return factiva.record(position, _by_code(container) or _by_place(container))


def _by_code(container: etree._Element) -> dict[str, str]:
    """The fields of the layout with codes; empty where there are no codes. What stands beside them is kept below."""
    fields: dict[str, str] = {}
    below = []
    for row in container.iterfind("table//tr"):
        cells = [cell for cell in row if local_name(cell) in ("td", "th")]
        code = inline(cells[0]) if len(cells) == 2 else ""
        is_named = bool(_CODE.fullmatch(code)) and (cells[0].get("class") == "index" or code in factiva.CODES)
        if not is_named:
            below += [] if _is_nested(row, container) else [inline(row)]
        elif code == "HD":
            fields |= {"HD" if part.kind == "headline" else part.kind: part.text for part in _headline(cells[1])}
        else:
            value = paragraphs(cells[1]) if code in ("LP", "TD") else inline(cells[1])
            fields[code] = f"{fields[code]}\n\n{value}" if code in fields else value
    if fields:
        fields["AN"] = _accession(fields.get("AN", ""))
        fields["below"] = "\n\n".join(filter(None, below))
    return fields


def _is_nested(row: etree._Element, container: etree._Element) -> bool:
    """Whether a row stands in a cell of the container's table: its text is that cell's."""
    inside = takewhile(lambda above: above is not container, row.iterancestors())
    return any(local_name(above) in ("td", "th") for above in inside)


def _by_place(container: etree._Element) -> dict[str, str]:
    """The fields of the layout without codes."""
    parts = [part for part in _parts(container) if part.text]
    start = next((at for at, part in enumerate(parts) if part.kind in ("paragraph", "p")), len(parts))
    end = max((at + 1 for at, part in enumerate(parts) if part.kind == "paragraph"), default=start)
    tail = [part.text for part in parts[end:]]
    last = max((at for at, text in enumerate(tail) if _ACCESSION.fullmatch(text)), default=None)
    accession = _accession("" if last is None else tail.pop(last))
    fields = _head(parts[:start], accession)
    fields["LP"] = "\n\n".join(part.text for part in parts[start:end])
    fields["AN"] = accession
    if tail and len(tail[-1]) <= _LONGEST_PUBLISHER:
        fields["PUB"] = tail.pop()
    fields["below"] = "\n\n".join(tail)
    return fields


def _head(parts: list[_Part], accession: str) -> dict[str, str]:
    """The fields that stand before the text."""
    texts = {kind: [part.text for part in parts if part.kind == kind] for kind in ("headline", "number", "author")}
    at = next((at for at, part in enumerate(parts) if part.kind == "headline"), 0)
    above = [part.text for part in parts[:at] if part.kind not in texts]
    fields = head_fields([part.text for part in parts[at:] if part.kind not in texts], accession)
    if fields is None:
        found = " | ".join(part.text for part in parts)[:100]
        raise Unreadable(
            f"found {found!r} before the text; expected a word count and a date there; save it from Factiva again"
        )
    if above:
        fields |= {"SE": above[-1], "CLM": "\n".join(above[:-1])}
    return fields | {
        "HD": " ".join(texts["headline"]),
        "BY": "; ".join(texts["author"]),
        "number": "".join(texts["number"]),
    }


def _parts(container: etree._Element) -> Iterator[_Part]:
    """The pieces of an article in order."""
    for piece in leaves(container, lambda node: _kind(node) is not None):
        if isinstance(piece, str):
            yield _Part("p", piece)
            continue
        kind = _kind(piece) or ("div" if local_name(piece) == "div" else "p")
        if kind == "headline":
            yield from _headline(piece)
        else:
            yield _Part(kind, paragraphs(piece) if kind == "paragraph" else inline(piece))


def _kind(node: etree._Element) -> str | None:
    """What an element is by its class; None where the class does not say."""
    classes = (node.get("class") or "").split()
    if node.get("id") == "hd" or any(name.endswith("Headline") for name in classes):
        return "headline"
    return next((kind for name, kind in _KINDS.items() if name in classes), None)


def _headline(element: etree._Element) -> Iterator[_Part]:
    """The headline, and before it the number of the article on the page, where its class shows that it has one."""
    line = inline(element)
    is_counted = any("counted" in (node.get("class") or "").split() for node in element.iter())
    number = _NUMBER.match(line) if is_counted else None
    if number:
        yield _Part("number", number[1])
    yield _Part("headline", line[number.end() :] if number else line)


def _accession(line: str) -> str:
    """The accession number in `Document ABC0000020260301em31000dx`."""
    match = _ACCESSION.fullmatch(line)
    if match is None:
        raise Unreadable(
            f'found {line[:60]!r} where its accession number stands ("Document ..."); it may be cut off or not shown; '
            "save it from Factiva again"
        )
    return match[1]

"""An article of Europresse, read from either of its two layouts (see `europresse_html`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lxml import etree

from etl.formats.common.label_keys import label_key
from etl.formats.common.markup import BLOCKS, UNSEEN, inline, leaves, local_name, paragraphs
from etl.formats.common.pieces import Unreadable, without_empty
from etl.formats.vendor.labels import WEEKDAYS, is_word_unit

Fields = dict[str, Any]
NAME, HEADER, TITLE = "docpublicationname", "docheader", "titrearticlevisu"
"""Classes, in small letters: the layouts differ in their capitals."""

_TITLES = (TITLE, "rdp__articletitle", "titrearticle")
_DECK = "rdp__subtitle"
_SUBSECTION = "doctitresoussection"
"""An element of this class is followed by the header."""
_AROUND_NAME = {*UNSEEN, "button", "div", "select", "small", "table", "ul"}
"""What the page can unfold beside a publication's name."""
_LONGEST_HEADER, _LONGEST_BYLINE, _LONGEST_COPYRIGHT = 500, 200, 300

_ISSUE = re.compile(r",\s*(?=(?:no|n°|nº|num|vol|volume|issue|#)[.\s]*\d)", re.IGNORECASE)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:er|st|nd|rd|th)?\.?\s(?:de\s)?[^\W\d_]{1,30}\.?,?\s(?:de\s)?\d{4}(?!\d)"
    r"|[^\W\d_]{1,30}\.?\s\d{1,2},?\s\d{4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
)
_TIME = re.compile(r"\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?[AaPp][Mm]\b)?(?:\s(?:UTC|GMT)\b)?(?:\s?[+-]\d{2}:?\d{2})?")
_COUNT = re.compile(r"\d[\d\s]{0,9} (?P<unit>[^\W\d_]+)")
_PAGE = re.compile(r"pp?\. ?(?P<page>\S.*)")
_NUMBER = re.compile(r"\b\w{1,20}·\d{8}·[^\s·]{1,40}·[^\s·]{1,80}")
_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_SEEN_IN = re.compile(r"Cet article est paru dans|This article appeared in", re.IGNORECASE)


class _Line(NamedTuple):
    """A line of the older layout: its text, its class ('' without one), and whether it ends a paragraph."""

    text: str
    kind: str = ""
    ends: bool = True


def by_element(article: etree._Element) -> Fields:
    """The fields of the layout with `article` elements. Raises Unreadable where it is not an article of the press."""
    header = article.find("header")
    title = None if header is None else _first(header, *_TITLES)
    if header is None or title is None:
        raise Unreadable(
            f"has no header with a headline; found {inline(article)[:100]!r}; if it is not an article of the press, "
            "leave it out"
        )
    body = _first(article, "dococcurrcontainer", "doctext")
    body = article.find("section") if body is None else body
    number = _NUMBER.search(" ".join(inline(footer) for footer in article.iter("footer")))
    image = header.find(".//*[@sourcecode]")
    link = next((link for link in article.iter("a") if _SEEN_IN.match(inline(link))), None)
    found = _header(header, title)
    extra = {
        "aside": "\n\n".join(paragraphs(aside) for aside in article.iter("aside")),
        "copyright": inline(article.find("footer//small")),
        "source_code": "" if image is None else image.get("sourcecode", ""),
    }
    return found | {
        "url": None if link is None else link.get("href"),
        "body": "" if body is None else paragraphs(body),
        "native_id": number and number[0],
        "extra": found["extra"] | without_empty(extra),
    }


def by_line(root: etree._Element) -> Fields:
    """The fields of the layout in lines. Raises Unreadable where it has no headline or breaks off before its number."""
    lines = list(_lines(root))
    title = next((at for at, line in enumerate(lines) if line.kind == TITLE), None)
    number = next((at for at, line in enumerate(lines) if _NUMBER.search(line.text)), None)
    if title is None or number is None or number < title:
        found = " | ".join(line.text for line in lines if line.text)[:100]
        raise Unreadable(
            f"has no headline, or no number of the document at its end; found {found!r}; "
            "it may be cut off: save it from Europresse again"
        )
    texts = {kind: [line.text for line in lines[:title] if line.kind == kind] for kind in (NAME, HEADER, "")}
    byline, rest = _byline(lines[title + 1 : number])
    body, copyright_ = _without_copyright(_paragraphs(rest))
    kicker = " ".join(filter(None, texts[""]))
    match = _NUMBER.search(lines[number].text)
    return _headed(texts[NAME], texts[HEADER], {"copyright": copyright_, "kicker": kicker}) | {
        "headline": lines[title].text,
        "byline": byline,
        "body": "\n\n".join(body),
        "native_id": match and match[0],
    }


def _header(header: etree._Element, title: etree._Element) -> Fields:
    """What stands before the text in the newer layout: parts are recognised by class, or else by place."""
    marked = {NAME, HEADER, _SUBSECTION, _DECK, "docauthors"}
    texts: dict[str, list[str]] = {kind: [] for kind in (NAME, HEADER, _SUBSECTION, _DECK, "kicker", "title", "byline")}
    for piece in leaves(header, lambda node: node is title or bool(_classes(node) & marked)):
        classes = set() if isinstance(piece, str) else _classes(piece)
        text = piece if isinstance(piece, str) else _name(piece) if NAME in classes else inline(piece)
        if texts[_SUBSECTION] and not texts[HEADER]:
            kind = HEADER
        elif piece is title:
            kind = "title"
        else:
            by_place = "byline" if texts["title"] else "kicker"
            kind = next((name for name in (NAME, HEADER, _SUBSECTION, _DECK) if name in classes), by_place)
        if text:
            texts[kind].append(text)
    kicker = "\n".join(texts[_SUBSECTION] + texts["kicker"])
    below = "\n".join(texts["byline"][1:])
    return _headed(texts[NAME], texts[HEADER], {"kicker": kicker, "below_headline": below}) | {
        "headline": " ".join(texts["title"]),
        "deck": "\n".join(texts[_DECK]),
        "byline": "".join(texts["byline"][:1]),
    }


def _headed(names: Sequence[str], headers: Sequence[str], extra: dict[str, str]) -> Fields:
    """Publication, issue, section, date and page from the two lines that open an article.

    Raises Unreadable where they hold neither publication nor date.
    """
    name, *below = re.split(r"\s*\n\s*|\s{8,}", "\n".join(names).strip())
    publication, *issue = _ISSUE.split(name, maxsplit=1)
    fields, rest = _dated(" ".join(headers))
    if not publication and "published" not in fields:
        raise Unreadable(
            f"has neither a publication nor a date before its headline; found {' '.join(headers)[:100]!r}; "
            "save it from Europresse again"
        )
    extra = {"issue": "".join(issue), "below_publication": "\n".join(below), **rest, **extra}
    return {"publication": publication, **fields, "extra": without_empty(extra)}


def _dated(header: str) -> tuple[Fields, dict[str, str]]:
    """`Politique, jeudi 5 octobre 2013 838 mots, p. 03`; the second dict holds the rest."""
    date = next(iter(list(_DATE.finditer(header[:_LONGEST_HEADER]))[-1:]), None)
    if date is None:
        return {}, {"header": header}
    before, after = header[: date.start()].rstrip(), header[date.end() :]
    published = date[0]
    weekday = before.rpartition(" ")[2]
    if weekday and label_key(weekday.rstrip(",")) in WEEKDAYS:
        before = before.removesuffix(weekday)
        published = f"{weekday} {published}"
    time = _TIME.search(after)
    after = after.replace(time[0], " ", 1) if time else after
    count = next((match[0] for match in _COUNT.finditer(after) if is_word_unit(match["unit"])), "")
    parts = [part.strip(" -") for part in after.replace(count, " ", 1).split(",")]
    pages = [match["page"] for part in parts if (match := _PAGE.fullmatch(part))]
    rest = ", ".join(part for part in parts if part and not _PAGE.fullmatch(part))
    fields = {
        "section": before.strip(" ,"),
        "published": f"{published} {time[0]}" if time else published,
        "page": ", ".join(pages),
    }
    return fields, {"word_count": count, "header": rest}


def _lines(root: etree._Element) -> Iterator[_Line]:
    """The lines of the older layout, with the empty ones, by which a byline is recognised."""
    held: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, node in walker:
        name, kind = local_name(node), next(iter(_classes(node) & {NAME, HEADER, TITLE}), "")
        ends = name in BLOCKS
        if (kind and event == "start") or ends or (name == "br" and event == "start"):
            yield _Line(" ".join("".join(held).split()), ends=ends)
            held = []
        if event == "end":
            held.append(node.tail or "")
        elif kind:
            walker.skip_subtree()
            yield _Line(_name(node) if kind == NAME else inline(node), kind)
        elif name in UNSEEN:
            walker.skip_subtree()
        else:
            held.append(node.text or "")
    yield _Line(" ".join("".join(held).split()))


def _byline(lines: list[_Line]) -> tuple[str, list[_Line]]:
    """The author, alone on a line before an empty paragraph, and the lines after it; '' without one."""
    start = next((at for at, line in enumerate(lines) if line.text), len(lines))
    first, *after = lines[start:] or [_Line("")]
    is_byline = (
        bool(after)
        and not first.ends
        and after[0] == _Line("")
        and len(first.text) <= _LONGEST_BYLINE
        and first.text[-1:] not in '.!?…»"”'
    )
    return (first.text, after) if is_byline else ("", lines)


def _paragraphs(lines: list[_Line]) -> list[str]:
    """Lines joined to paragraphs; an empty line also ends one."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.text:
            found[-1].append(line.text)
        if line.ends or not line.text:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def _without_copyright(texts: list[str]) -> tuple[list[str], str]:
    """The paragraphs without the copyright lines at their end, and those lines."""
    end = len(texts)
    while end and len(texts[end - 1]) <= _LONGEST_COPYRIGHT and _COPYRIGHT.match(texts[end - 1]):
        end -= 1
    return texts[:end], "\n".join(texts[end:])


def _first(element: etree._Element, *kinds: str) -> etree._Element | None:
    """The first element of the first of these classes that occurs."""
    return next((node for kind in kinds for node in element.iter() if kind in _classes(node)), None)


def _classes(node: etree._Element) -> set[str]:
    return set((node.get("class") or "").lower().split())


def _name(node: etree._Element) -> str:
    """A publication's name in its lines, without what the page can unfold beside it."""
    texts = [node.text or ""]
    for child in node:
        texts += ["" if local_name(child) in _AROUND_NAME else inline(child), child.tail or ""]
    return "".join(texts).strip()

"""Retriever (Mediearkivet in Swedish, Atekst in Norwegian) as text: often 100 articles a file, after a list of them.

Made there by choosing articles and exporting them as TXT with the usual settings, a table of contents among them. All
of it is kept.

Layout: who exported it and when; `Nyheter:` (`Innehållsförteckning:`, `Nyhetsklipp:`) and, for each article, a line
`> headline, paper, 2026-03-14 09:31`; then for each its headline, in the Norwegian layout a line of hyphens, the paper
with its day, perhaps the author, `Sida 15`, `Publicerat i print.`, the paragraphs, a copyright, and a link to
Retriever's own copy. A line of equals signs stands between two articles.

Lines are wrapped within a paragraph: a long one, or one that ends with a space, goes on in the next. A headline has as
many lines as in the list. Where the link
leads to a web page and the text ends with dots, it is its first words: the article is partial. The link is kept beside
the article, for it is not the paper's address. Captions stay in the text. An article without copyright and link, where
most others have one, breaks off: it is partial, too. Where a line of equals signs is lost, the list tells the articles
apart, or both are rejected.

Written from public programs that read such files (markivet, atekstR) and the examples they are tested with, in both
languages; no real export was at hand, and none in Danish or Finnish was seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.whole_text import read_text
from etl.formats.vendor.retriever import DAY, HYPHENS, MOST_OF_HEAD, SOURCE, filled, heads_in, parts_of
from etl.model import Declared, Doubt, DumpError, Feed, Piece, RawRecord, Reject, Skip

LONG_LINE = 70
LONGEST_RIGHTS = 200
"""Characters behind a ©: more is a text, whose picture is somebody's."""
LONGEST_ENTRY = 800
MOST_ABOVE_LIST = 20
"""Lines: who exported it, when, and how many."""
FEWEST_LISTED, LEAST_LISTED = 20, 0.8
"""Entries of a list by which alone a file is known, and of its lines those that are entries: some are on two lines."""

_LISTED = re.compile(rf"> \S.{{0,800}}, (?:{DAY})(?: \d{{2}}:\d{{2}}(?::\d{{2}})?)?")
_LIST = re.compile(r"(?:Nyheter|Innehållsförteckning|Nyhetsklipp):")
_MEDIUM = re.compile(r"(?:Publicerat|Publisert|Sänt) (?:i|på) [^.]{1,40}\.")
_PAGE = re.compile(r"Sid(?:a|e|or|er) (\S.{0,40})")
_RULE = re.compile(r"={60,100}")
_LINK = re.compile(
    r"(?:Läs hela (?:artikeln|nyheten)|Les hele (?:nyheten|artikkelen)|(?P<web>Se webartik(?:eln|kelen))) på"
    r"\s+(?P<link>https?://\S+)"
)
_SEVERAL = (
    "shares what stands between two lines of equals signs with another paper and its day: either the line between two "
    "articles is lost, or a text quotes another one; export it again by itself"
)
_NOTICE = "Artiklar får ej distribueras utanför"
_IS_CUT = ("...", "…")
_BREAK = re.compile(rb"^={60,100}[ \t]*$", re.MULTILINE)
_HEAD = re.compile(
    rb"^(?!> )\S[^\n]{0,300}, (?:\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4})(?: \d\d:\d\d(?::\d\d)?)?[ \t]*\n"
    rb"(?:[^\n]{0,100}\n){0,4}?(?:Publicerat|Publisert|S\xc3\xa4nt) ",
    re.MULTILINE,
)


def recognise(head: bytes, name: str) -> float:
    """By a paper with its day, soon followed by where it was published, and a list of articles or the vendor's link."""
    text = unify_newlines(decode_head(head))
    lines = [line.strip() for line in text.split("\n")]
    sources = (at for at, line in enumerate(lines) if SOURCE.fullmatch(line))
    if not any(_MEDIUM.fullmatch(line) for at in sources for line in lines[at + 1 : at + 6]):
        return 0.9 if _is_long_list(lines) else 0.0
    return 0.9 if "http://ret.nu/" in text or any(map(_LISTED.fullmatch, lines)) else 0.0


def _is_long_list(lines: list[str]) -> bool:
    """Whether it begins with a list so long that no article is in sight."""
    start = next((at for at, line in enumerate(lines[:MOST_ABOVE_LIST]) if _LIST.fullmatch(line)), len(lines))
    below = list(filter(None, lines[start + 1 :]))
    listed = sum(map(bool, map(_LISTED.fullmatch, below)))
    return listed >= FEWEST_LISTED and listed >= LEAST_LISTED * len(below)


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The stretches between lines of equals signs that are not blank; in one with several heads, those."""
    stretches = _BREAK.split(read_whole(utf8(stream, feed.encoding)))
    return sum(max(1, len(_HEAD.findall(stretch))) for stretch in stretches if stretch.strip())


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one without a paper and a day; a Skip for the cover with the list, and
    the total that the list states.

    Raises DumpError where no line names a paper and a day, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    lines = text.split("\n")
    first = _first(lines)
    if first is None:
        raise DumpError(
            "holds no line such as `Hamnposten, 2026-03-14` below a headline; export the articles from Retriever "
            "again, with their texts"
        )
    yield from doubts
    listed = list(_entries(lines[:first]))
    if listed:
        yield Declared(len(listed))
    if cover := "\n".join(filter(str.strip, lines[:first])):
        yield Skip("line 1", "cover page", cover)
    known = frozenset(listed)
    rules = [at for at, line in enumerate(lines) if at > first and _RULE.fullmatch(line.strip())]
    stretches = (
        own for before, end in pairwise([first - 1, *rules, len(lines)]) if (own := filled(before + 1, end, lines))
    )
    parts = (part for stretch in stretches for part in parts_of(stretch, lines, known))
    yield from _with_ends([piece for part in parts for piece in _pieces(part, lines, known)])


def _pieces(part: range, lines: list[str], known: Collection[str]) -> Iterator[Piece]:
    """A record or a Reject for a part; a Reject for each paper in it, where it has several."""
    own = [range(start, end) for start, end in pairwise([part.start, *heads_in(part, lines)[1:], part.stop])]
    for each in own:
        position, held = f"line {each.start + 1}", lines[each.start : each.stop]
        kept = "\n".join(held).encode("utf-8", "replace")
        is_one = len(own) == 1
        yield (
            guarded(partial(_piece, held, known, position), position, kept)
            if is_one
            else Reject(position, _SEVERAL, kept)
        )


def _with_ends(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces; where most records, or all but the last, have a copyright or link at their end, the others are
    partial, which is told."""
    is_open = [_is_open(piece) for piece in pieces if isinstance(piece, dict)]
    if not any(is_open) or (2 * sum(is_open) >= len(is_open) and is_open != [False, True]):
        yield from pieces
        return
    for piece in pieces:
        yield {**piece, "is_partial": True} if isinstance(piece, dict) and _is_open(piece) else piece
    yield Doubt(
        f"{sum(is_open):,} of its articles have neither copyright nor link at their end, as the others do: they are "
        "partial; export these again"
    )


def _is_open(record: RawRecord) -> bool:
    return not {"copyright", "link"} & record.get("extra", {}).keys()


def _first(lines: list[str]) -> int | None:
    """Where the headline of the first article stands: above the first paper that is not in the list."""
    bare = list(map(str.strip, lines))
    sources = [at for at, line in enumerate(bare) if SOURCE.fullmatch(line)]
    if not sources:
        return None
    in_article = (at for at in sources if any(map(_MEDIUM.fullmatch, bare[at + 1 : at + 6])))
    start = next(in_article, sources[0])
    while start and (above := lines[start - 1].strip()) and not _LISTED.fullmatch(above):
        start -= 1
    return start


def _entries(lines: list[str]) -> Iterator[str]:
    """The entries of the list, without the sign before them; one may go on in further lines."""
    entry = ""
    for line in map(str.strip, lines):
        goes_on = line and 0 < len(entry) < LONGEST_ENTRY
        entry = line if line.startswith("> ") else f"{entry} {line}" if goes_on else ""
        if _LISTED.fullmatch(entry):
            yield " ".join(entry[2:].split())
            entry = ""


def _piece(lines: list[str], listed: Collection[str], position: str) -> Piece:
    bare = [line.strip() for line in lines]
    source = _source_at(bare)
    match = None if source is None else SOURCE.fullmatch(bare[source])
    if source is None or match is None:
        found = " | ".join(filter(None, bare))[:80]
        raise Unreadable(f"found {found!r}; expected a headline, and below it a paper and its day; export it again")
    headline, below = _headline([line for line in lines[:source] if line.strip()], bare[source], listed)
    end = _end_of_head(bare, source)
    facts, beside = _facts(bare[source + 1 : end], is_norwegian=any(map(HYPHENS.fullmatch, bare[:source])))
    paragraphs, behind, is_web = _text("\n".join(lines[end:]))
    return without_empty_extra(
        {
            "position": position,
            "headline": headline,
            "publication": match[1],
            "published": match[2],
            **facts,
            "body": "\n\n".join(paragraphs),
            "is_partial": is_web and any(text.endswith(_IS_CUT) for text in paragraphs[-1:]),
            "extra": {"below_headline": below, **beside, **behind},
        }
    )


def _headline(lines: list[str], source: str, listed: Collection[str]) -> tuple[str, str]:
    """The headline, and what stands between it and the paper: as many lines as the list has; where it has not this
    article, one, or two if the first is as long as lines that go on."""
    titles = [line for line in lines if not HYPHENS.fullmatch(line.strip())]
    bare = [" ".join(line.split()) for line in titles]
    counts = range(1, len(bare) + 1)
    count = next((count for count in counts if f"{' '.join(bare[:count])}, {source}" in listed), None)
    if count is None:
        count = 2 if titles and (titles[0].endswith(" ") or len(titles[0]) >= LONG_LINE) else 1
    return " ".join(bare[:count]), "\n".join(bare[count:])


def _source_at(lines: list[str]) -> int | None:
    """Where the paper and its day stand: right above where it was published; for a headline may end in a day, too."""
    found = [at for at, line in enumerate(lines[:MOST_OF_HEAD]) if SOURCE.fullmatch(line)]
    if not found:
        return None
    end = next((at for at in range(found[0], min(MOST_OF_HEAD, len(lines))) if not lines[at]), MOST_OF_HEAD)
    medium = next((at for at in range(found[0], min(end, len(lines))) if _MEDIUM.fullmatch(lines[at])), 0)
    return max((at for at in found if at < medium), default=found[0])


def _end_of_head(lines: list[str], source: int) -> int:
    """Where the text begins: behind where it was published; where that is not said, at a blank line."""
    near = range(source + 1, min(source + MOST_OF_HEAD, len(lines)))
    medium = next((at + 1 for at in near if _MEDIUM.fullmatch(lines[at])), None)
    return medium or next((at for at in near if not lines[at]), min(source + 1, len(lines)))


def _facts(lines: list[str], is_norwegian: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The page, in the Norwegian layout the author; and what is kept beside them."""
    facts, beside, others = {}, {}, []
    for line in filter(None, lines):
        if match := _PAGE.fullmatch(line):
            facts["page"] = match[1]
        elif _MEDIUM.fullmatch(line):
            beside["medium"] = line
        else:
            others.append(line)
    if is_norwegian and len(others) == 1 and not re.search(r"[\d.:]", others[0]):
        facts["byline"] = others.pop()
    return facts, {"head": "\n".join(others), **beside}


def _text(text: str) -> tuple[list[str], dict[str, str], bool]:
    """The paragraphs of an article; the copyright and link behind them; whether that leads to a web page."""
    links = list(_LINK.finditer(text))
    if links:
        text = text[: links[-1].start()] + text[links[-1].end() :]
    found = [_joined(part.split("\n")) for part in re.split(r"\n[ \t]*\n\s*", text.strip("\n"))]
    paragraphs = [part for part in found if part and not part.startswith(_NOTICE)]
    behind = {"notice": "\n".join(part for part in found if part.startswith(_NOTICE))}
    if paragraphs and "©" in paragraphs[-1] and len(paragraphs[-1].rpartition("©")[2]) <= LONGEST_RIGHTS:
        last, _, rights = paragraphs.pop().rpartition("©")
        behind["copyright"] = f"©{rights}"
        paragraphs += filter(None, [last.strip()])
    return paragraphs, behind | {"link": links[-1]["link"] if links else ""}, bool(links and links[-1]["web"])


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph: a long one, or one that ends with a space, goes on in the next."""
    text = ""
    for line in lines:
        text += line.rstrip() + (" " if line.endswith(" ") or len(line) >= LONG_LINE else "\n")
    return text.strip()

"""Factiva as text: many articles a file, each ending with its accession number.

What Factiva's `RTF` and `PDF` buttons write (article format), with or without codes (`Display Options`: "Full
Article/Report plus Indexing" prints them). With codes, a line begins with the code of its field (`HD`, `WC`, `PD`), and
a tab. Without, the parts have no names and are in the interface's language: section; headline; author; word count,
date, source, its code, perhaps page, edition and time; language; copyright; the paragraphs; the publisher; and
`Document` with the accession number. Which of two lines above the word count is the headline is told by an author's
`By`, else by length; `extra` keeps both. Written from public descriptions and scripts: no real file was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, NamedTuple

from etl.formats.agency.wire_text import is_byline
from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.headings import is_heading
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.whole_text import read_text
from etl.formats.vendor import factiva
from etl.formats.vendor.factiva_head import head_fields, is_count
from etl.formats.vendor.labels import is_language
from etl.formats.vendor.nexis_head import Block, has_rights, is_rights
from etl.model import DumpError, Feed, Piece, Reject, Skip

NATIVE_ID_IS_GLOBAL = True
LEAST_ACCOUNTED_SHARE = 0.6
"""Labels and codes are a large part of short articles."""
MOST_ABOVE = 5
"""Lines between a page break and the word count."""
MOST_SMALL = 2
"""Words in small letters in the line of an author; in a headline there are more."""
MOST_BELOW = 14
"""Lines between the word count and the text."""

_LINE = re.compile(r"(?m)^.*$")
_END = re.compile(r"(?:AN\s+)?(?:\S{1,20}\s)?([A-Z0-9]{8}(?:1[89]|20)\d{6}[a-z0-9]{9})")
_CODE = re.compile(r"\s*([A-Z]{2,4})(?:\t+|\s{2,}|\s*\Z)(.*)")
_BY = re.compile(r"(?:By|BY) [^\W\d_a-z][^:?!]{1,100}")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,40}"
_NAME = rf"{_CAPITAL}(?: {_CAPITAL}){{1,3}}"
_BY_NAME = re.compile(rf"(?:By|BY) {_NAME}, [^:?!]{{1,100}}")
_AND = r"(?:,| (?:and|und|et|en|y|e|och|og|&)) "
_NAMES = re.compile(rf"{_NAME}(?:{_AND}{_NAME}){{0,9}}(?: (?:in|at|à|en|em|i) {_CAPITAL}(?: {_CAPITAL}){{0,3}})")
"""Of those who write, at a place; without it they may be a headline, too."""
_MARK = re.compile(rb"[A-Z0-9]{8}(?:1[89]|20)\d{6}[a-z0-9]{9}[ \t]*$", re.MULTILINE)
_NUMBER = rb"\d(?:[\d.,' ]|\xc2?\xa0|\xe2\x80\xaf){0,12}"  # with the no-break spaces of UTF-8 and Latin-1
_WORDS = rb"(?:[Ww]\S{3,6}|mots?|pala\S{3,5}|paro\S{2})[ \t]*$"
_DATED = rb"\s{1,9}^[ \t]*[\dA-Z][^\n]{0,30}(?:1[89]|20)\d\d(?![^\n]{12})[^.\n]*$"
_COUNTED = re.compile(
    rb"^[ \t]*(?:WC[ \t]+%(number)b%(words)b|%(number)b%(words)b%(dated)b)"
    % {b"number": _NUMBER, b"words": _WORDS, b"dated": _DATED},
    re.MULTILINE,
)


class _Line(NamedTuple):
    number: int
    text: str
    is_heading: bool


def recognise(head: bytes, name: str) -> float:
    """By a line that ends with an accession number, below a word count or a date with its code."""
    lines = [line.strip() for line in unify_newlines(decode_head(head)).split("\n")]
    end = next((at for at, line in enumerate(lines) if _END.fullmatch(line)), 0)
    return 0.95 if any(is_count(line) or _code(line)[0] in ("PD", "WC") for line in lines[:end]) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The accession numbers that end a line; between two of them the word counts above a date, if more."""
    *marked, after = _MARK.split(read_whole(stream).replace(b"\r", b"\n"))
    return sum(max(1, len(_COUNTED.findall(part))) for part in marked) + len(_COUNTED.findall(after))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one whose parts cannot be recognised or that has no accession number.

    Raises DumpError where none has one, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    yield from doubts
    lines: list[_Line] = []
    found = False
    for number, found_line in enumerate(_LINE.finditer(text), start=1):
        lines.append(line := _Line(number, found_line[0].strip(), is_heading(found_line[0])))
        if end := _END.fullmatch(line.text):
            yield from _pieces(lines, end[1], is_first=not found)
            lines, found = [], True
    if not found:
        raise DumpError(
            "holds no line such as `Document ABC0000020260301em31000dx`; expected one after each article; save the "
            "full articles from Factiva again"
        )
    yield from _after(lines)


def _pieces(lines: list[_Line], accession: str, is_first: bool) -> Iterator[Piece]:
    """An article, and what stands above it: of the first one a list of all."""
    lines = lines[next(at for at, line in enumerate(lines) if line.text) :]
    start = _start(lines)
    above = "\n".join(line.text for line in lines[:start] if line.text)
    if above and is_first:
        yield Skip(f"line {lines[0].number}", "cover page", above)
        above = ""
    own = lines[start:]
    position = f"line {own[0].number}"
    yield guarded(partial(_piece, own, accession, above, position), position, partial(_as_bytes, own))


def _after(lines: list[_Line]) -> Iterator[Piece]:
    """What stands after the last article: what was searched for, or an article that is cut off."""
    filled = [line for line in lines if line.text]
    if not filled:
        return
    position = f"line {filled[0].number}"
    if any(is_count(line.text) or _code(line.text)[0] == "HD" for line in filled):
        reason = "its accession number (`Document ...`) is missing after it; save it from Factiva again"
        yield Reject(position, reason, _as_bytes(filled))
    else:
        yield Skip(position, "search summary", "\n".join(line.text for line in filled))


def _start(lines: list[_Line]) -> int:
    """Where an article begins: the lines above its word count up to a page break, or its first code."""
    codes = (at for at, line in enumerate(lines) if _code(line.text)[0])
    count = next((at for at, line in enumerate(lines) if is_count(line.text)), None)
    if count is None or (first := next(codes, count + 1)) <= count:
        return next((at for at, line in enumerate(lines) if _code(line.text)[0]), 0) if count is None else first
    at = count
    while at and (lines[at - 1].text or (at > 1 and lines[at - 2].text and count - at < MOST_ABOVE)):
        at -= 1
    return at


def _piece(lines: list[_Line], accession: str, above: str, position: str) -> Piece:
    fields = _by_code(lines) or _by_place(lines, accession)
    return factiva.record(position, {**fields, "AN": accession, "before": above})


def _by_code(lines: list[_Line]) -> dict[str, str]:
    """The fields of the layout with codes; empty where there are none."""
    fields: dict[str, str] = {}
    code = ""
    for line in lines:
        named, text = _code(line.text)
        code = named or code
        if not code:
            return {}
        mark = "\n\n" if code in ("LP", "TD") else " "
        if text := text.strip():
            fields[code] = f"{fields[code]}{mark}{text}" if code in fields else text
    return fields


def _code(line: str) -> tuple[str, str]:
    """The code of the field that a line begins, and the rest; no code where it goes on."""
    match = _CODE.fullmatch(line)
    return (match[1], match[2]) if match and match[1] in factiva.CODES else ("", line)


def _by_place(article: list[_Line], accession: str) -> dict[str, str]:
    """The fields of the layout without codes."""
    lines = [line.text for line in article[:-1]]
    count = next((at for at, line in enumerate(lines) if is_count(line)), None)
    if count is None:
        raise Unreadable(
            f"found {' | '.join(filter(None, lines))[:100]!r}; expected a word count and a date above the text; "
            "save it from Factiva again"
        )
    start = _body_at(lines, count)
    fields = head_fields([line for line in lines[count:start] if line], accession) or {}
    body = [line for line in lines[start:] if line]
    if len(body) > 1 and body[-1] in (fields.get("CY", "") + fields.get("SN", "")):
        fields["PUB"] = body.pop()
    return {**fields, **_titles([line for line in article[:count] if line.text]), "LP": "\n\n".join(body)}


def _body_at(lines: list[str], count: int) -> int:
    """Where the text begins: after the language and the copyright, or after an empty line."""
    is_spaced = lines[count + 1 : count + 2] == [""]  # an empty line below each line, as in a text made of a PDF
    near = range(count + 1, min(len(lines), count + MOST_BELOW * (1 + is_spaced)))
    language = next((at for at in near if is_language(lines[at])), None)
    if language is None:
        return next((at for at in near if at > count + 2 and not lines[at]), min(len(lines), count + 1))
    if is_spaced and lines[language + 1 : language + 2] == [""]:
        return language + 2 + has_rights("".join(lines[language + 2 : language + 3]))
    below = next((at for at in range(language + 1, len(lines)) if lines[at]), language)
    if is_rights(Block(lines[below])):  # perhaps on the next page
        return below + 1
    after = lines[language + 1 : language + 3]
    has_copyright = bool(after) and (has_rights(after[0]) or (after[0] != "" and after[1:] == [""]))
    return language + 1 + has_copyright


def _titles(above: list[_Line]) -> dict[str, str]:
    """Section, headline and author, of the lines above the word count: headlines, too, begin with `By` or `Von`."""
    lines = [line.text for line in above]
    heading = _heading(above)
    authors = next((at for at in range(len(lines) - 1, 0, -1) if _is_author(lines[at], lines[at - 1])), 0)
    longest = max(range(len(lines)), key=lambda at: len(lines[at]), default=0)
    at = heading if heading is not None else authors - 1 if authors else longest
    is_sure = len(lines) < 2 or heading is not None or 0 < authors == len(lines) - 1
    return {
        "SE": "".join(lines[:at][-1:]),
        "CLM": "\n".join(lines[:at][:-1]),
        "HD": "".join(lines[at : at + 1]),
        "BY": "; ".join(lines[at + 1 :]),
        "lines_above": "" if is_sure else "\n".join(lines),
    }


def _heading(lines: list[_Line]) -> int | None:
    """Which line was bold or large, unlike others, with nothing but authors below it; None where that does not show."""
    marked = [at for at, line in enumerate(lines) if line.is_heading]
    if not marked or len(marked) == len(lines):
        return None
    at = marked[-1]
    is_author = at > 0 and _is_author(lines[at].text, lines[at - 1].text)
    below = [line.text for line in lines[at + 1 :]]
    may_be_authors = all(_is_author(line, lines[at].text) or _has_names(line) for line in below)
    return at if may_be_authors and not is_author else None


def _has_names(line: str) -> bool:
    """Whether most words of a line are no words in small letters."""
    words = line.split()
    return 2 * sum(word[0].islower() for word in words) < len(words)


def _is_author(line: str, above: str) -> bool:
    """Whether a line names an author after `By`, perhaps with a place (`By Ann Lee at the High Court`) or an office; or
    authors without it, below a line that can be a headline."""
    small = sum(word[0].islower() for word in line.split())
    is_in_english = _BY.fullmatch(line) is not None and small <= MOST_SMALL
    if is_in_english or is_byline(line[:1].upper() + line[1:]):
        return True
    is_below_headline = " " in above and any(word[0].islower() for word in above.split())
    return is_below_headline and (_BY_NAME.match(line) is not None or _NAMES.fullmatch(line) is not None)


def _as_bytes(lines: list[_Line]) -> bytes:
    return "\n".join(line.text for line in lines).encode("utf-8", "replace")

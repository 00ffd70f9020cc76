"""A page as the lines that a reader sees, by its tags alone: for the scan that counts articles.

Nothing here is shared with what reads an article (`blocks`, `article`): no parser, no names, no repair of markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

_INLINE_NAMES = """
    a abbr acronym b big bdi bdo cite code del em font i img input ins kbd label mark nobr q s samp small span strike
    strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_INLINE_TAGS = _INLINE | {f"/{name}" for name in _INLINE}
_EMPTY_NAMES = "area base br col embed hr img input link meta param source track wbr"
_EMPTY = frozenset(_EMPTY_NAMES.split())
_CLOSED_BY_THE_NEXT = frozenset(("dd", "dt", "li", "option", "p", "td", "th", "tr"))
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"))
_ASIDES = frozenset(("aside", "footer", "nav"))
_DEEPEST = 100
_NOTHING, _ARTICLE = frozenset[str](), frozenset(("article",))

_UNSEEN = re.compile(
    r"<(?:!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|![a-z][^<>]*>"
    r"|(?=[stni])(script|style|textarea|title|noscript|iframe)\b(?:[^<]++|<(?!/\1\b))*+(?:</\1\b[^<>]*>?|\Z))",
    re.I,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]{0,20})([^<>]{0,2000}+)[^<>]*+>")
_TAG_NAME = re.compile(r"<(/?[a-zA-Z][\w:]{0,20})[^<>]*+>")
_NAMES = re.compile(r"""(?=[ci])\b(?:class|id)\s{0,3}=\s{0,3}["']?\s{0,9}([^"'>]{1,200})""", re.I)
_NOT_THE_ARTICLE = re.compile(
    r"comment|kommentar|comentario|reacties|disqus|respond|repl(?:y|ies)\b|discussion|footer|related|recirc|most-?read"
    r"|newsletter|cookie|consent|breadcrumb",
    re.I,
)
_DATETIME = re.compile(r"""datetime\s{0,3}=\s{0,3}["']?\s{0,3}\d{4}-\d\d""", re.I)
_VARIES = re.compile(r"\d+|\b(?:odd|even|first|last|active|alt)\b", re.I)


class Line(NamedTuple):
    """A line of a page between two ends of a block or breaks."""

    place: int
    """The character of the page where it begins."""
    kind: str
    """The names of the elements right around its first word, without what varies: alike for what looks alike."""
    block: str
    """The name of the innermost of them that is not part of a sentence."""
    text: str
    linked: int
    bold: int
    """How many of its characters are links, and how many are bold."""
    opened: frozenset[str]
    """Which elements began between the line before and this one."""
    is_aside: bool
    """Whether an element around it names itself something other than an article: comments, a footer."""


def lines_of(page: str) -> Iterator[Line]:
    """The lines of a page that are not blank."""
    shown = _UNSEEN.sub(_blank, page)
    around: list[_Open] = []
    line = _Growing()
    place = 0
    for tag in _TAG.finditer(shown):
        start, end = tag.span()
        if start > place and not (text := shown[place:start]).isspace():
            if "\n" in text and around and around[-1].is_pre:
                yield from _laid_out(line, text, place, around)
            else:
                line.take(text, place, around)
        place = end
        is_end, name, facts = tag.groups()
        name = name.lower()
        if line.parts and name not in _INLINE:
            yield line.ended()
        if is_end:
            _close(around, name)
            continue
        element = _alone(name, facts)
        line.opened.add(element.noted)
        if name not in _EMPTY and len(around) < _DEEPEST:
            if name in _CLOSED_BY_THE_NEXT and around and around[-1].name == name:
                around.pop()
            around.append(_within(around[-1], element) if around else element)
    line.take(shown[place:], place, around)
    if line.parts:
        yield line.ended()


def bare_lines_of(page: str) -> Iterator[Line]:
    """The same lines, but of each only its text and whether an `article` begins there: fast, and none is an aside."""
    line, *rest = _TAG_NAME.split(_UNSEEN.sub(" ", page))
    tags = [tag.lower() for tag in rest[::2]]
    if "pre" in tags:
        yield from lines_of(page)
        return
    opened = _NOTHING
    for tag, after in zip([*tags, ""], [*rest[1::2], ""], strict=True):
        if tag in _INLINE_TAGS:
            line += " " + after
            continue
        if not line.isspace() and (words := " ".join((unescape(line) if "&" in line else line).split())):
            yield Line(0, "", "", words, 0, 0, opened, is_aside=False)
            opened = _NOTHING
        if tag == "article":
            opened = _ARTICLE
        line = after


def _laid_out(line: _Growing, text: str, start: int, around: list[_Open]) -> Iterator[Line]:
    """The lines of a text that is laid out by line ends; the last goes on."""
    for part in text.splitlines(keepends=True):
        line.take(part, start, around)
        start += len(part)
        if part.endswith("\n") and line.parts:
            yield line.ended()


def _blank(unseen: re.Match[str]) -> str:
    """As many blanks, so that places stay what they are."""
    return " " * len(unseen[0])


class _Open(NamedTuple):
    """An element that is open, and what the elements around it say of it too."""

    name: str
    kind: str
    noted: str
    """Its name; of a box to tick, and of a time that a machine can read, what it is."""
    is_aside: bool
    is_linked: bool
    is_bold: bool
    is_pre: bool


def _within(outer: _Open, own: _Open) -> _Open:
    """An element within another."""
    if not outer.is_aside and not outer.is_linked and not outer.is_bold and not outer.is_pre:
        return own
    return _Open(
        own.name,
        own.kind,
        own.noted,
        own.is_aside or outer.is_aside,
        own.is_linked or outer.is_linked,
        own.is_bold or outer.is_bold,
        own.is_pre or outer.is_pre,
    )


def _alone(name: str, facts: str) -> _Open:
    """What an element is by its own tag."""
    if not facts:
        return _named(name, "", name, False, False)
    names = " ".join([found.split()[0] for found in _NAMES.findall(facts) if not found.isspace()])
    noted = name
    if name == "input" and "checkbox" in facts.lower():
        noted = "checkbox"
    elif name == "time" and _DATETIME.search(facts):
        noted = "datetime"
    return _named(name, names, noted, name == "a" and "href" in facts, "bold" in facts)


@lru_cache(maxsize=2**12)
def _named(name: str, names: str, noted: str, is_linked: bool, is_bold: bool) -> _Open:
    """Cached, because pages repeat themselves."""
    is_aside = name in _ASIDES or (name != "body" and _NOT_THE_ARTICLE.search(names) is not None)
    kind = f"{name}.{_VARIES.sub('', names)}"
    return _Open(name, kind, noted, is_aside, is_linked, is_bold or name in _BOLD, name == "pre")


def _close(around: list[_Open], name: str) -> None:
    """Close the element of that name, and those within it that were left open."""
    for at in range(len(around) - 1, max(-1, len(around) - 12), -1):
        if around[at].name == name:
            del around[at:]
            return


class _Growing:
    """The line that is being read."""

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self.parts: list[str] = []
        self.place, self.kind, self.block = 0, "", ""
        self.linked = self.bold = 0
        self.is_aside = False

    def take(self, text: str, start: int, around: list[_Open]) -> None:
        """Add a text that begins at that character of the page."""
        words = " ".join((unescape(text) if "&" in text else text).split())
        if not words:
            return
        inner = around[-1] if around else None
        if not self.parts:
            self.place = start + len(text) - len(text.lstrip())
            self.kind = ">".join(item.kind for item in around[-2:])
            self.block = next((item.kind for item in reversed(around) if item.name not in _INLINE), "")
            self.is_aside = inner is not None and inner.is_aside
        self.parts.append(words)
        if inner is not None:
            self.linked += inner.is_linked and len(words)
            self.bold += inner.is_bold and len(words)

    def ended(self) -> Line:
        """The line; the next one begins."""
        text, opened = " ".join(self.parts), frozenset(self.opened)
        line = Line(self.place, self.kind, self.block, text, self.linked, self.bold, opened, self.is_aside)
        self.parts, self.linked, self.bold, self.opened = [], 0, 0, set()
        return line

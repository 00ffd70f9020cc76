"""Wikitext, the notation of MediaWiki's pages, as the text that a reader of the page sees.

Small on purpose: templates are not expanded, for their definitions are elsewhere. Those that state the day or the place
give facts, those that only show a text in the line give that text, all others are kept as they stand. Notation as
described in MediaWiki's help pages ("Help:Formatting", "Help:Links", "Help:Templates").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

DATES = frozenset(("date", "datum", "data", "dato", "fecha", "дата"))
"""Templates of Wikinews whose argument is the day, in the languages seen."""
BYLINES = frozenset(("byline",))
"""Templates with the day and the place of a report: `{{byline|date=...|location=...}}`."""
SHOWN = frozenset(("w", "wikipedia", "lang", "nowrap", "nobr", "small", "quote"))
"""Templates that show their last argument in the line."""
FILES = frozenset(("file", "image"))
CATEGORIES = frozenset(("category",))

MOST_NESTED = 20
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LITERAL = re.compile(r"<nowiki>((?:(?!<nowiki>).)*?)</nowiki>", re.DOTALL | re.IGNORECASE)
_REFERENCE = re.compile(r"<ref\b[^<>]*/>|<ref\b[^<>]*(?<!/)>((?:(?!<ref\b).)*?)</ref\s*>", re.DOTALL | re.IGNORECASE)
_GALLERY = re.compile(r"<gallery\b[^<>]*>((?:(?!<gallery\b).)*?)</gallery\s*>", re.DOTALL | re.IGNORECASE)
_BRACES = re.compile(r"\{\{|\}\}")
_TABLE = re.compile(r"^[ :]*\{\||^[ ]*\|\}", re.MULTILINE)
_LINK = re.compile(r"\[\[([^\[\]]*)\]\]")
_ADDRESS = re.compile(r"\[((?:https?|ftp|mailto):[^\s\[\]]+)(?:[^\S\n]+([^\[\]\n]*))?\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,12})?")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_SWITCH = re.compile(r"__[A-Z]{3,30}__")
_EMPHASIS = re.compile("''+")
_LINE_END = "\v"
_MARKS = "[]{}|'=*#:;<>_"
_HIDDEN = str.maketrans({mark: chr(0xE000 + at) for at, mark in enumerate(_MARKS)})
_SHOWN_AGAIN = str.maketrans({hidden: chr(mark) for mark, hidden in _HIDDEN.items()})


@dataclass
class Page:
    """What a page of wikitext says."""

    body: str = ""
    date: str = ""
    place: str = ""
    categories: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    interwiki: list[str] = field(default_factory=list)


def page_of(text: str, files: frozenset[str] = FILES, categories: frozenset[str] = CATEGORIES) -> Page:
    """A page from its wikitext. `files`, `categories`: the wiki's names for those, in lower case."""
    page = Page()
    text = _LITERAL.sub(lambda found: found[1].translate(_HIDDEN), _COMMENT.sub("", text.replace("\r", "")))
    text = _without_templates(text, page, 0)
    text = _without_tables(text, page)
    text = _GALLERY.sub(lambda found: _of_gallery(page, found[1]), text)
    text = _ADDRESS.sub(lambda found: found[2] or found[1], text)
    for _ in range(MOST_NESTED):  # a caption may hold links
        text, count = _LINK.subn(lambda found: _linked(found[1], page, files, categories), text)
        if not count:
            break
    text = _REFERENCE.sub(lambda found: _noted(page.references, found[1]), text)
    page.body = "\n\n".join(_paragraphs(text))
    page.captions, page.references = (
        list(filter(None, (_line(one) for one in texts))) for texts in (page.captions, page.references)
    )
    page.templates, page.tables = (
        [one.translate(_SHOWN_AGAIN) for one in raw] for raw in (page.templates, page.tables)
    )
    return page


def _outermost(text: str, brackets: re.Pattern[str], ends: str) -> Iterator[tuple[int, int]]:
    """Where what stands between brackets begins and ends, without what is within another such place."""
    opened: list[int] = []
    spans: list[tuple[int, int]] = []
    for found in brackets.finditer(text):
        if not found[0].endswith(ends):
            opened.append(found.start())
        elif opened:
            start = opened.pop()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, found.end()))
    return iter(spans)


def _without_templates(text: str, page: Page, depth: int) -> str:
    """The text with what its templates show in their places; what else they say is noted."""
    parts, at = [], 0
    for start, end in _outermost(text, _BRACES, "}}"):
        parts += [text[at:start], _shown(text[start:end], page, depth)]
        at = end
    return "".join([*parts, text[at:]])


def _shown(template: str, page: Page, depth: int) -> str:
    """What a template shows in the line."""
    name, *arguments = _split(template[2:-2])
    name = name.strip().lower()
    named = {
        key.strip().lower(): value.strip() for key, mark, value in (one.partition("=") for one in arguments) if mark
    }
    others = [one.strip() for one in arguments if "=" not in one]
    if name in SHOWN and others and depth < MOST_NESTED:
        return _without_templates(others[-1], page, depth + 1)
    if name in DATES and others and not page.date:
        page.date = " ".join(others)
    elif name in BYLINES and named.keys() <= {"date", "location"}:
        page.date, page.place = page.date or named.get("date", ""), named.get("location", "")
    else:
        page.templates.append(template)
    return ""


def _split(inside: str) -> list[str]:
    """The name and the arguments of a template; a bar within another template or a link parts none."""
    parts, level = [""], 0
    for piece in re.split(r"(\{\{|\}\}|\[\[|\]\]|\|)", inside):
        if piece in ("{{", "[["):
            level += 1
        elif piece in ("}}", "]]"):
            level -= 1
        if piece == "|" and not level:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _without_tables(text: str, page: Page) -> str:
    parts, at = [], 0
    for start, end in _outermost(text, _TABLE, "|}"):
        page.tables.append(text[start:end].strip())
        parts.append(text[at:start])
        at = end
    return "\n\n".join([*parts, text[at:]])


def _noted(notes: list[str], text: str | None) -> str:
    if text:
        notes.append(text)
    return ""


def _of_gallery(page: Page, text: str) -> str:
    page.captions += [line.partition("|")[2] for line in text.split("\n")]
    return "\n\n"


def _linked(inside: str, page: Page, files: frozenset[str], categories: frozenset[str]) -> str:
    """What a link shows in the line."""
    target, *labels = inside.split("|")
    target = target.strip()
    prefix, colon, name = target.partition(":")
    kind = prefix.strip().lower() if colon else ""
    if kind in files:
        page.captions += [one for one in labels[-1:] if " " in one.strip() or one.endswith(".")]
        return ""
    if kind in categories:
        page.categories.append(_line(name))
        return ""
    if not labels and _LANGUAGE.fullmatch(prefix) and colon:
        page.interwiki.append(_line(target))
        return ""
    return labels[-1] if labels else target.removeprefix(":")


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text without templates and links; a heading above nothing is left out."""
    found: list[tuple[int, str]] = []
    held: list[str] = []
    for line in [*_BREAK.sub(_LINE_END, text).split("\n"), ""]:
        line = line.strip(" \t")
        level = _level(line)
        is_alone = level or line[:1] in "*#:;-" or not line
        if is_alone and held:
            found.append((0, " ".join(held)))
            held = []
        if level:
            found.append((level, line.strip("= \t")))
        elif is_alone:
            found.append((0, line.lstrip("*#:; ") if line.strip("-") else ""))
        else:
            held.append(line)
    kept: list[str] = []
    below = 7
    for level, raw in reversed([(level, _line(raw)) for level, raw in found]):
        is_above_nothing = level and (not kept or below <= level)
        if raw and not is_above_nothing:
            kept.append(raw)
            below = level or 7
    return kept[::-1]


def _level(line: str) -> int:
    """The level of a heading; 0 for a line that is not one."""
    equals = len(line) - len(line.lstrip("="))
    return min(equals, 6) if equals and len(line) > 2 * equals and line.endswith("=" * equals) else 0


def _line(text: str) -> str:
    """A line without what is left of its markup."""
    text = _SWITCH.sub("", _EMPHASIS.sub("", _TAG.sub("", text)))
    lines = (" ".join(line.split()) for line in unescape(text).translate(_SHOWN_AGAIN).split(_LINE_END))
    return "\n".join(lines).strip()

"""The text in a feed's item: a string of HTML, or of plain text, as paragraphs."""

from __future__ import annotations

import re

from lxml import etree

from etl.formats.common.html_text import NOT_TEXT
from etl.formats.common.markup import paragraphs, parse_html

_MARKUP = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9]*[\s/>]|!--)|&(?:[a-zA-Z]{2,8}|#\d{1,6});")
_LINE_END = re.compile(r"(?<![>\s])\n(?![<\s])")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
# WordPress: [caption id="x"]<img> Somebody[/caption] is removed with its content, [dropcap]M[/dropcap] leaves the M.
_SHOWN_CODES = re.compile(r"\[(caption|gallery|embed|audio|video|playlist|wp_caption)\b[^\[\]]*\](?:[^\[]*\[/\1\])?")
_CODES = re.compile(
    r"\[/?[a-z][a-z0-9]*[_-][a-z0-9_-]+(?:\s[^\[\]]*)?\]"
    r"|\[[a-z][a-z0-9_-]*\s+[a-z_-]+=[^\[\]]*\]"
    r"|\[([a-z][a-z0-9_-]*)\](?=[^\[]*\[/\1\])|\[/[a-z][a-z0-9_-]*\]"
)


def text_of_markup(markup: str) -> str:
    """The paragraphs of a string that may be HTML. Raises DumpError where it cannot be parsed."""
    if not _MARKUP.search(markup):
        return markup.strip()
    return paragraphs(parse_html(f"<body>{markup}".encode("utf-8", "replace"), "utf-8"), NOT_TEXT)


def text_of_post(markup: str) -> str:
    """The paragraphs of a WordPress post as it is stored: with blank lines between them, and codes of plug-ins."""
    plain = _CODES.sub("", _SHOWN_CODES.sub("", markup.replace("\r\n", "\n"))).strip()
    if "<pre" not in plain:
        plain = _LINE_END.sub("<br>", _BLANK_LINE.sub("<p>", plain))
    return text_of_markup(plain)


def text_of_element(element: etree._Element) -> str:
    """The paragraphs of XHTML in the feed's own elements."""
    return paragraphs(element, NOT_TEXT)


def line_of(markup: str) -> str:
    """A headline: one line, without markup."""
    return " ".join(text_of_markup(markup).split())

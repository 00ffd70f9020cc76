"""Text that may be HTML, as columns and feeds hold it, as paragraphs."""

from __future__ import annotations

import re

from etl.formats.common.markup import UNSEEN, paragraphs, parse_html

NOT_TEXT = UNSEEN | {"audio", "button", "embed", "figure", "form", "map", "object", "select", "svg", "video"}
"""Not part of the text: pictures with their captions, players, forms."""
_NAMES = (
    "a|abbr|article|aside|b|blockquote|center|cite|code|dd|del|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|header"
    "|i|iframe|ins|li|main|mark|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|table|tbody|td|th"
    "|thead|tr|u|ul|video"
)
_ELEMENT = re.compile(rf"<({_NAMES})(?:\s[^<>]*)?>(?:(?!</?\1[\s>]).)*+</\1\s*>", re.IGNORECASE | re.DOTALL)
"""An element with both of its tags and none of its own kind in it: prose that quotes a tag rarely closes it, too."""
_BREAK = re.compile(r"(?<! )<br\s*/?>|<br\s*/?>(?! )|<img\s[^<>]*\bsrc\s*=|^\s*<(?:p|div)[\s>]", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|div|br|article|section)[\s/>]", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def is_html(text: str) -> bool:
    """Whether a text is HTML: `a < b`, `<3` and a tag that prose mentions are not."""
    return "<" in text and ">" in text and bool(_BREAK.search(text) or _ELEMENT.search(text))


def text_of_html(text: str) -> str:
    """The paragraphs of a text that is HTML, as it stands where it is not. Raises DumpError where it cannot be parsed.

    Blank lines are paragraphs, too, and where there are no blocks, so are line ends.
    """
    if not is_html(text):
        return text
    markup = text.replace("\r\n", "\n")
    if "<pre" not in markup:
        has_blocks = _BLOCK.search(markup)
        markup = _BLANK_LINE.sub("<p>", markup.strip())
        markup = markup if has_blocks else markup.replace("\n", "<br>")
    return paragraphs(parse_html(f"<body>{markup}".encode("utf-8", "replace"), "utf-8"), NOT_TEXT)


def line_of_html(text: str) -> str:
    """A headline: on one line where it is HTML, as it stands where it is not."""
    return " ".join(text_of_html(text).split()) if is_html(text) else text

"""The parts of NITF that occur alone (`nitf`) as well as within NewsML: headline, byline and text."""

from __future__ import annotations

from lxml import etree

from etl.formats.agency.iptc import all_at, text_at, text_of
from etl.formats.agency.message_text import Text, text_of_element, text_of_plain
from etl.formats.common.markup import local_name

FULL_TEXT = "full_text"
"""Class of the block that holds the whole text, where others repeat its lead (The New York Times)."""
NORMALISED = "normalized_byline"


def headline_of(nitf: etree._Element) -> str | None:
    """The main headline, else the title."""
    headlines = [text for found in all_at(nitf, "body/body.head//hl1") if (text := text_of(found))]
    return " ".join(headlines) or text_at(nitf, "head/title")


def byline_of(nitf: etree._Element) -> str:
    """All bylines as one, titles separated from names."""
    found = [byline for byline in all_at(nitf, "body/body.head/byline") if byline.get("class") != NORMALISED]
    return "; ".join(filter(None, map(_byline, found)))


def normalised_byline_of(nitf: etree._Element) -> str:
    """The names again, as an archive writes them: "EK, MARA"."""
    found = [byline for byline in all_at(nitf, "body/body.head/byline") if byline.get("class") == NORMALISED]
    return "; ".join(filter(None, map(_byline, found)))


def _byline(element: etree._Element) -> str:
    """`By <person>A</person><person>B</person><byttl>T</byttl>` as "By A; B, T"."""
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        is_next_person = name == "person" and not parts[-1].strip() and len(parts) > 1
        parts += [", " if name == "byttl" else "; " if is_next_person else " ", text_of(child), " ", child.tail or ""]
    return " ".join("".join(parts).split()).replace(" ,", ",").replace(" ;", ";").strip(" ,;")


def text_of_nitf(nitf: etree._Element, headline: str | None = None) -> Text:
    """The text of the body; where its blocks repeat each other, that of the full one."""
    content = next(all_at(nitf, "body/body.content"), None)
    if content is None:
        content = next(all_at(nitf, "body"), None)
    if content is None:
        return Text([], [])
    blocks = [block for block in all_at(content, "block") if block.get("class")]
    if any(block.get("class") == FULL_TEXT for block in blocks):
        for block in blocks:
            if block.get("class") != FULL_TEXT:
                content.remove(block)
    return text_of_element(content, headline)


def text_of_content(content: etree._Element, headline: str | None = None) -> Text:
    """The text of an element of NewsML that holds NITF, other markup, or a string."""
    nitf = next(content.iter("{*}nitf"), None)
    if nitf is not None:
        return text_of_nitf(nitf, headline)
    return text_of_element(content, headline) if len(content) else text_of_plain(content.text or "", headline)

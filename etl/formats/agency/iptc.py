"""IPTC's XML formats (NITF, NewsML 1, NewsML-G2): what their readers share.

Names are compared without their namespaces: vendors leave them out, change them, and bind other prefixes to them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, BinaryIO, TypeVar

from lxml import etree

from etl.formats.common.encoding import bom_codec
from etl.formats.common.markup import local_name, parse_xml, read_whole
from etl.formats.common.pieces import unwrap_singles
from etl.model import DumpError, Feed

MOST_MARKS = 1_500_000
"""Tags and attributes of a document; each costs a hundred bytes and more once it is parsed."""
MOST_ITEMS = 30_000
"""Items of a document: this many real ones would be larger than a document can be."""
SUBJECT_CODES = "subj"
MEDIA_TOPICS = "medtop"
_MEDIA_NAMES = "picture image photo graphic infographic video audio animation event planning component"
MEDIA = frozenset(_MEDIA_NAMES.split())
"""Kinds of items that are not articles, whatever text they have: as a rule, a caption."""
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

T = TypeVar("T")

_TAG = re.compile(r"<(?:[\w.-]{1,100}:)?([\w.-]{1,100})([^>]{0,20000})")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]{0,2000}(?:\[[^\]]{0,20000}\]\s{0,99})?>")
_PROLOG = re.compile(rb"<\?xml\s[^<>]{0,200}\?>\s{0,99}(?:<!DOCTYPE\s[^\[<>]{0,2000}(?:\[[^\]]{0,20000}\]\s{0,99})?>)?")
_ENCODING = re.compile(rb"<\?xml[^<>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z][\w.-]{1,40})[\"']")
_STAMP = re.compile(r"\d{4}|\d{1,2}[./-]")
_CODE_LISTS = {
    "mediatopic": MEDIA_TOPICS,
    "medtop": MEDIA_TOPICS,
    "subjectcode": SUBJECT_CODES,
    "iptcsubjectcodes": SUBJECT_CODES,
    "iptc": SUBJECT_CODES,
    "": SUBJECT_CODES,
}


def opening(head: bytes) -> tuple[str, str]:
    """Name (without prefix) and attributes of the first element of XML that begins with `head`; '' if it is not XML."""
    text = head.decode(bom_codec(head) or "latin-1", "ignore").lstrip("\ufeff \t\r\n")
    while text.startswith(("<?", "<!--", "<!DOCTYPE")):
        if text.startswith("<!DOCTYPE"):
            found = _DOCTYPE.match(text)
            rest = text[found.end() :] if found else ""
        else:
            rest = text.partition("?>" if text.startswith("<?") else "-->")[2]
        text = rest.lstrip()
    tag = _TAG.match(text)
    return (tag[1], tag[2]) if tag else ("", "")


def parse(stream: BinaryIO, feed: Feed) -> etree._Element:
    """The root element of a document, or an element around several that follow one another.

    Raises DumpError where it cannot be read.
    """
    data = read_whole(stream).lstrip(b" \t\r\n")
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise DumpError(f"has more than {MOST_MARKS:,} tags and attributes, which no message has; split it")
    try:
        return parse_xml(data, feed.encoding)
    except DumpError:
        if len(_PROLOG.findall(data)) < 2:
            raise
    stated = _ENCODING.match(data)
    declared = feed.encoding or (stated and stated[1].decode("ascii"))
    return parse_xml(b"<documents>" + _PROLOG.sub(b"", data) + b"</documents>", declared or None)


def few_enough(items: list[T]) -> list[T]:
    """The items of a document. Raises DumpError where there are more than a document can hold."""
    if len(items) > MOST_ITEMS:
        raise DumpError(f"holds {len(items):,} items; the most that one document may hold is {MOST_ITEMS:,}; split it")
    return items


def all_at(element: etree._Element, path: str) -> Iterator[etree._Element]:
    """The descendants at `a/b//c`, names without namespaces."""
    return element.iterfind(_anywhere(path))


@cache
def _anywhere(path: str) -> str:
    return "/".join(name and f"{{*}}{name}" for name in path.split("/"))


def text_of(element: etree._Element | None) -> str:
    """All text of an element on one line, its parts separated by blanks; '' for None."""
    return "" if element is None else " ".join(" ".join(element.itertext()).split()).replace(" ,", ",")


def text_at(element: etree._Element, *paths: str) -> str | None:
    """The first text that stands at one of these paths; None where there is none."""
    return next((text for path in paths for found in all_at(element, path) if (text := text_of(found))), None)


def value_at(element: etree._Element, path: str, attribute: str) -> str | None:
    """The first value of an attribute at a path; None where there is none."""
    return next((value for found in all_at(element, path) if (value := (found.get(attribute) or "").strip())), None)


def stamp(*values: str | None) -> str | None:
    """The first value that looks like a date; some are empty, or placeholders (`YYYYMMDD`)."""
    return next((value.strip() for value in values if value and _STAMP.match(value.strip())), None)


def scheme_of(name: str | None) -> str:
    """The name under which the labels of a code list are kept: one name for each of IPTC's, else the vendor's own."""
    name = (name or "").strip()
    return _CODE_LISTS.get(name.lower(), name)


def label_of_uri(uri: str, name: str) -> list[str]:
    """The label for an address such as http://cv.iptc.org/newscodes/mediatopic/20000523."""
    before, _, code = uri.rstrip("/").rpartition("/")
    code_list = before.rpartition("/")[2].lower()
    return [_CODE_LISTS[code_list], code, name] if code_list in _CODE_LISTS and code_list else ["uri", uri, name]


def rest(parents: Iterable[etree._Element | None], without: Collection[str]) -> dict[str, Any]:
    """The children of these elements, except those named in `without`: name -> text, attributes, or a list of them."""
    found: dict[str, list[Any]] = {}
    for parent in parents:
        for child in () if parent is None else parent:
            name = local_name(child)
            if name not in without and (content := _content(child)):
                found.setdefault(name, []).append(content)
    return unwrap_singles(found)


def _content(element: etree._Element) -> str | dict[str, str]:
    text = text_of(element)
    attributes = {etree.QName(name).localname: value for name, value in element.attrib.items() if value.strip()}
    if len(element):
        nested = [value for child in element.iterdescendants() for value in child.attrib.values() if value.strip()]
        text = " ".join(filter(None, [text, *nested]))
    if not attributes:
        return text
    if text:
        return {**attributes, "text": text}
    return next(iter(attributes.values())) if len(attributes) == 1 else attributes

"""Cut a byline into parts: one for each person, credit, agency or place that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from etl.normalise._byline_east_asian import HAS_EAST_ASIAN, east_asian_parts
from etl.normalise._byline_parts import EMAIL, LONGEST_PART, Part, is_other_than_name, read_part
from etl.normalise._byline_words import CREDITS, PARTICLES, SUFFIXES, WITH
from etl.normalise._date_words import MONTHS
from etl.normalise._names import INITIALS, LOWER, UPPER, agency_of
from etl.normalise._places import is_place
from etl.normalise.text import decode_entities

_TAG = re.compile(r"</?[a-zA-Z][^<>@]*>")
_URL = re.compile(r"(?:https?:)?//\S+|www\.\S+")
_FOLLOW = re.compile(r"(?:^|(?<=[;.]))\s*Follow\s[^;]*?\son\s(?:Twitter|X|Facebook|Instagram)\b[^;]*")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATED = re.compile(
    rf"(?:\b(?:on|published|posted|updated)\b:?\s{{1,9}}){{0,3}}\b(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:{_MONTH})\.?,?\s\d{{4}}"
    rf"|(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")
_WIDE = str.maketrans("（）〔〕【】", "()    ")
_FIRST_ASIDE = re.compile(r"\s*\((?:[^()=]*=)?([^()]*)\)\s*(?=\w)")
_LEAD = re.compile(
    r"[-–—•*|\s]*(?:(?:(?:written|reported|story|text|words|posted|published)\s+)?by(?::\s*|\s+|$)"
    r"|(?-i:By(?=[A-Z][a-z]))|(?:byline|authors?|auteurs?|autore?s?):\s*)?",
    re.IGNORECASE,
)

# "and" before another name, as Unicode CLDR joins the items of a list in these languages. The short words are also
# initials, prepositions or parts of a name (José Ortega y Gasset): they join only what has a first and a last name.
_ANDS = "and und et och og ja ve dan és și şi eta và и та й і και و"
_SHORT_ANDS = "y e i a en un ir"
ANDS, SHORT_ANDS = _ANDS.split(), _SHORT_ANDS.split()
_JOINING = "|".join([*ANDS, "And", *(word.upper() for word in ANDS if word.isascii() and word not in ("ja", "dan"))])
_JOINING_SHORT = "|".join([*SHORT_ANDS, "Y"])
_LINKS = "|".join(sorted(PARTICLES - {"y"}))
_WITH = (
    rf"(?:{'|'.join(WITH)}|With)(?:\s(?:additional\s)?(?:files|reporting|research|material|Material|input|reports|contributions"
    r"|informaci[óo]n|informaç[õã]o?es|informazioni|colaboración)(?:\s(?:from|by|von|der|des|vom|de|da|do|di))?)?"
)
_SEPARATOR = re.compile(
    r"\s?([;,/|•、，،：／＝]"
    rf"|(?<=\s)(?:{_JOINING}|&|[-–—+·]|as\stold\sto|via)(?=\s)"
    rf"|(?:(?<=\s)|^){_WITH}(?=\s)|^Mit\sMaterial(?:\s(?:von|der|des|vom))?(?=\s)"
    rf"|(?<=\s)(?:{_JOINING_SHORT})(?=\s[{UPPER}][^\s,;]*\s(?:(?:{_LINKS})\s)*[{UPPER}])"
    rf"|(?<=[{LOWER}]{{3}})(?<!\bProf)(?<!\bRev)(?<!\bHon)\.(?=\s[{UPPER}]\w))\s?"
)
_AND = re.compile(rf"{_JOINING}|{_JOINING_SHORT}|[&+]|as\stold\sto|{_WITH}")

# Where another credit begins without a separator: "... Photos: Jane Doe", "... Fotos Jane Doe", "... By Jane Doe".
_LABEL = re.compile(r"\s(?=[^\W\d_]+\s?:\s)")
_NEXT_CREDIT = re.compile(
    rf"(?<=\w)\s(?=(?:additional\s)?(?:{CREDITS})\s(?:by|von|par|por|di)\s)"
    rf"|(?<=\w)\s(?=(?:fotos?|photos?|photographs|pictures|bilder|사진)\s\w)",
    re.IGNORECASE,
)
_NEXT_BY = re.compile(rf"(?<=\w)\s(?=(?:By|BY)\s[{UPPER}])")

# "von der Leyen, Ursula", "Smith, John A.", "Rohr, Mathieu von"
_LAST = r"(?P<last>(?:(?i:von|van|de|der|den|zu|du|da|di|le|la)\s)*[^\s,;@]+)"
_FIRST = rf"(?P<first>[^\s,;@/&]{{2,}}(?:\s(?:[{UPPER}]\.?|von|van|de|der|zu|du|da|di))*)"
_LAST_FIRST = re.compile(rf"{_LAST},\s*{_FIRST}")
_LAST_FIRST_MIDDLE = re.compile(rf"(?P<last>[^\s,;@]+),\s*(?P<first>[{UPPER}][{LOWER}]*\.?\s[{UPPER}][{LOWER}]+)")
_LAST_FIRST_MORE = re.compile(rf"{_LAST_FIRST.pattern}\s*,\s*(?P<more>[^,;]+)")
_LISTED = re.compile(r"(?P<last>[^,;@]+),\s*(?P<first>[^,;@]+)")


def without_markup(text: str) -> str:
    """Decode entities; remove tags, dates, web addresses and invitations to follow somebody."""
    if "&" in text and ";" in text:
        text = decode_entities(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "//" in text or "www." in text:
        text = _URL.sub(" ; ", text)
    if not text.isascii():
        text = text.translate(_WIDE)
    if text.startswith("(") and (aside := _FIRST_ASIDE.match(text)):  # "(AP) Jane Doe"
        text = f"{agency_of(aside[1].strip()) or ''} ; {text[aside.end() :]}"
    if _YEAR.search(text):
        text = _DATED.sub(" ; ", text)
    return _FOLLOW.sub("", text) if "Follow" in text else text


def cut(text: str) -> Iterator[tuple[str, str]]:
    """Yields the parts of a byline without markup, each with the separator before it."""
    text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr]  # it also matches the empty text
    if "," in text and not HAS_EAST_ASIAN.search(text):
        text = _first_names_first(text)
    pieces = _SEPARATOR.split(text)
    for mark, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if "@" in piece:
            yield from ((mark, whose) for whose in _at_addresses(piece))
        elif len(piece) <= LONGEST_PART and HAS_EAST_ASIAN.search(piece):
            yield from ((mark, part) for part in east_asian_parts(piece))
        elif piece:
            yield from ((mark, part) for part in _at_credits(piece))


def is_and(mark: str) -> bool:
    """Whether a separator joins people ("and", "with"), as a comma does not always."""
    return _AND.fullmatch(mark) is not None


def _at_credits(piece: str) -> Iterator[str]:
    """Cut where another credit begins: "Text: Jane Doe Photos: John Roe", "Jane Doe By John Roe"."""
    cuts: set[int] = set()
    if " " in piece:
        for found in chain(_NEXT_CREDIT.finditer(piece), _NEXT_BY.finditer(piece)):
            before = piece[max(cuts, default=0) : found.start()].strip()
            if " " in before and not is_other_than_name(before):
                cuts.add(found.start())
    if piece.count(":") > 1:
        cuts.update(found.start() for found in _LABEL.finditer(piece) if ":" in piece[: found.start()])
    for start, end in pairwise([0, *sorted(cuts), len(piece)]):
        yield piece[start:end].strip()


def _at_addresses(piece: str) -> Iterator[str]:
    """Cut after each address, or before each where the text begins with one."""
    cuts = [match.end() for match in EMAIL.finditer(piece)]
    if cuts and EMAIL.match(piece):
        cuts = [match.start() for match in EMAIL.finditer(piece)][1:]
    for start, end in pairwise([0, *cuts, len(piece)]):
        if whose := piece[start:end].strip():
            yield whose


def _first_names_first(text: str) -> str:
    """Returns the names of "Doe, Jane; Roe, Richard" the other way round."""
    items = [item.strip() for item in text.split(";") if item.strip()]
    if len(items) == 1:
        return _swapped_alone(items[0]) or text
    pairs = [_LISTED.fullmatch(item) for item in items]
    if not any(pair and _LAST_FIRST.fullmatch(pair[0]) for pair in pairs):
        return text
    return "; ".join(
        _swapped_alone(item) or (pair and _swapped(pair)) or item for pair, item in zip(pairs, items, strict=True)
    )


def _swapped_alone(text: str) -> str | None:
    if pair := _LAST_FIRST.fullmatch(text) or _LAST_FIRST_MIDDLE.fullmatch(text):
        return _swapped(pair)
    if pair := _LAST_FIRST_MORE.fullmatch(text):  # "Doe, Jane, The Hill Journal", "Doe, Jane, Jr."
        is_more = pair["more"].strip().casefold() in SUFFIXES or is_other_than_name(pair["more"])
        swapped = _swapped(pair) if is_more else None
        return f"{swapped}, {pair['more']}" if swapped else None
    return None


def _swapped(pair: re.Match[str]) -> str | None:
    last, first = pair["last"], pair["first"]
    is_first = INITIALS.fullmatch(first) or _is_plain_name(read_part(_in_title_case(first)))
    if not is_first or not _is_plain_name(read_part(_in_title_case(last))) or is_place(first):
        return None
    return f"{first} {last if ' ' in last else last[:1].upper() + last[1:]}"


def _in_title_case(side: str) -> str:
    return side.title() if side.isupper() or side.islower() else side


def _is_plain_name(part: Part) -> bool:
    return part.name is not None and part.role is None and part.agency is None

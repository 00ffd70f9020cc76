"""Cut a byline into parts: one for each person, credit, agency or place that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from etl.normalise._byline_east_asian import HAS_EAST_ASIAN, east_asian_parts, without_east_asian_place
from etl.normalise._byline_last_first import first_names_first
from etl.normalise._byline_parts import EMAIL, LONGEST_PART, is_other_than_name
from etl.normalise._byline_words import ANDS, CREDITS, PARTICLES, SHORT_ANDS, WITH
from etl.normalise._date_words import MONTHS
from etl.normalise._names import LOWER, UPPER, agency_of
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

_HELP = (  # "Jane Doe unter Mitarbeit von John Roe"
    r"(?i:unter|mit|avec|con|com|met|med|with)\s(?:(?:la|a|de|der|the)\s|l['’])?(?:Mitarbeit|Unterstützung|Hilfe"
    r"|collaboration|colaboración|colaboração|collaborazione|medewerking|bistand|hjälp|hjelp|ayuda|ajuda|aide|aiuto"
    r"|hulp|dank|help|assistance)\s(?:von|van|aan|der|des|de|di|da|do|del|from|of|av|af)"
)
_WITH_ASIDE = re.compile(rf"\((?=(?:{_HELP}|{'|'.join(WITH)})\s)", re.IGNORECASE)  # "Jane Doe (avec John Roe et AFP)"
_JOINING = "|".join([*ANDS, "And", *(word.upper() for word in ANDS if word.isascii() and word not in ("ja", "dan"))])
_JOINING_SHORT = "|".join([*SHORT_ANDS, "Y"])
_LINKS = "|".join(sorted(PARTICLES - {"y"}))
_WITH = (
    rf"(?:{'|'.join(WITH)}|With)(?:\s(?:additional\s|an?\s)?(?:files|reporting|report|help|research|material|Material|input|reports|contributions"
    r"|informaci[óo]n|informaç[õã]o?es|informazioni|colaboración)(?:\s(?:from|by|von|der|des|vom|de|da|do|di))?)?"
)
_SEPARATOR = re.compile(
    r"\s?([;,/|•、，،：／＝]"
    rf"|(?<=\s)(?:{_JOINING}|&|[-–—+·]|as\stold\sto|via)(?=\s)"
    rf"|(?:(?<=\s)|^)(?:{_HELP}|{_WITH})(?=\s)|^Mit\sMaterial(?:\s(?:von|der|des|vom))?(?=\s)"
    rf"|(?<=\s)(?:{_JOINING_SHORT})(?=\s[{UPPER}][^\s,;]*\s(?:(?:{_LINKS})\s)*[{UPPER}])"
    rf"|(?<=[{LOWER}]{{3}})(?<!\bProf)(?<!\bRev)(?<!\bHon)(?<!\bmed)(?<!\bphil)(?<!\bjur)(?<!\bnat)(?<!\bMag)(?<!\bIng)\.(?=\s[{UPPER}]\w))\s?"
)
_AND = re.compile(rf"{_JOINING}|{_JOINING_SHORT}|[&+]|as\stold\sto|{_WITH}|{_HELP}")

# Where another credit begins without a separator: "... Photos: Jane Doe", "... Fotos Jane Doe", "... By Jane Doe".
_LABEL = re.compile(r"\s(?=[^\W\d_]+\s?:\s)")
_NEXT_CREDIT = re.compile(
    rf"(?<=\w)\s(?=(?:additional\s)?(?:{CREDITS})\s(?:by|von|par|por|di)\s)"
    rf"|(?<=\w)\s(?=(?:fotos?|photos?|photographs|pictures|bilder|사진)\s\w)",
    re.IGNORECASE,
)
_NEXT_BY = re.compile(rf"(?<=\w)\s(?=(?:By|BY)\s[{UPPER}])")


# Arabic and Hebrew join "and" to the name behind it. These words begin with the same letter.
_JOINED_ANDS = {"و": "و", "ו": ";"}
_HAS_JOINED_AND = re.compile(r"\s[وו]\w")
_NO_AND = re.compile(
    "و(?:ليد|سام|سيم|ائل|فاء|جدي|حيد|داد|ردة?|صفي|ضاح|فيق|هبة|هبي|هيب|لاء|لي|قاص|ديع|جيهة?|رود|اصف|كالة|زارة|ال.*|سائل)"
    "|ו(?:רדה?|יקי|יקטור|ילי|ולף|ייס|יינר|ינוגרד|יינברג|יזל|ייצמן|קסלר)"
)


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
    if "(" in text:
        text = _WITH_ASIDE.sub(" ", text)
    if text.startswith("(") and (aside := _FIRST_ASIDE.match(text)):  # "(AP) Jane Doe"
        text = f"{agency_of(aside[1].strip()) or ''} ; {text[aside.end() :]}"
    if _YEAR.search(text):
        text = _DATED.sub(" ; ", text)
    return _FOLLOW.sub("", text) if "Follow" in text else text


def cut(text: str) -> Iterator[tuple[str, str]]:
    """Yields the parts of a byline without markup, each with the separator before it."""
    text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr]  # it also matches the empty text
    if HAS_EAST_ASIAN.search(text):
        text = without_east_asian_place(text)
    elif "," in text:
        text = first_names_first(text)
    if _HAS_JOINED_AND.search(text):
        text = " ".join(_ands_apart(text.split()))
    pieces = _SEPARATOR.split(text)
    for mark, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if "@" in piece:
            yield from ((mark, whose) for whose in _at_addresses(piece))
        elif len(piece) <= LONGEST_PART and HAS_EAST_ASIAN.search(piece):
            yield from ((mark, part) for part in east_asian_parts(piece))
        elif piece:
            yield from ((mark, part) for part in _at_credits(piece))


def _ands_apart(words: list[str]) -> Iterator[str]:
    """Yields the words with a mark for the "and" that Arabic and Hebrew join to the second of two full names."""
    start = 0
    for place, word in enumerate(words):
        is_and = len(word) > 3 and word[0] in _JOINED_ANDS and not _NO_AND.fullmatch(word)
        if is_and and place - start > 1 and len(words) - place > 1:
            start = place
            yield from (_JOINED_ANDS[word[0]], word[1:])
        else:
            yield word


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

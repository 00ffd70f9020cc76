"""Bylines with the last name first: "Doe, Jane; Roe, Richard"."""

from __future__ import annotations

import re

from etl.normalise._byline_parts import Part, is_other_than_name, read_part
from etl.normalise._byline_words import ANDS, HISPANIC_SURNAMES, SHORT_ANDS, SUFFIXES
from etl.normalise._names import INITIALS, LOWER, UPPER
from etl.normalise._places import is_place

# "von der Leyen, Ursula", "García Márquez, Gabriel", "Smith, John A.", "Rohr, Mathieu von"
_TWO = "|".join(sorted(HISPANIC_SURNAMES))
_LAST = rf"(?P<last>(?:(?i:von|van|de|der|den|zu|du|da|di|le|la|{_TWO})\s)*[^\s,;@]+)"
_FIRST = rf"(?P<first>[^\s,;@/&]{{2,}}(?:\s(?:[{UPPER}]\.?|von|van|de|der|zu|du|da|di))*)"
_LAST_FIRST = re.compile(rf"{_LAST},\s*{_FIRST}")
_LAST_FIRST_MIDDLE = re.compile(rf"(?P<last>[^\s,;@]+),\s*(?P<first>[{UPPER}][{LOWER}]*\.?\s[{UPPER}][{LOWER}]+)")
_LAST_FIRST_MORE = re.compile(rf"{_LAST_FIRST.pattern}\s*,\s*(?P<more>[^;]+)")
_TITLE = re.compile(
    r"(?:(?:Prof|Dr|Mag|Dipl|Ing|med|phil|jur|iur|rer|nat|Rev|Fr|Sir|Dame|Lord|Lady|Mrs?|Ms)\.?\s)+(?=[^\s,;]+,)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?P<last>[^,;@]+),\s*(?P<first>[^,;@]+)")
_JOINING = "|".join([*ANDS, *SHORT_ANDS, "&"])
_AND = re.compile(rf"\s(?:{_JOINING})\s", re.IGNORECASE)
_AND_FIRST = re.compile(rf"(?:{_JOINING})\s\S+\s\S", re.IGNORECASE)
_BAR = re.compile(r"\s*[|/(]|\s[-–—]\s")
_BETWEEN = re.compile(rf"{_AND.pattern}|\s*[|/]\s*", re.IGNORECASE)


def first_names_first(text: str) -> str:
    """Returns the names of "Doe, Jane; Roe, Richard" and of "Doe, Jane and Roe, Richard" the other way round."""
    items = [item.strip() for item in text.split(";") if item.strip()]
    if len(items) == 1:
        return (
            _swapped_list(items[0])
            or _swapped_alone(items[0])
            or _swapped_by_and(items[0])
            or _swapped_in_front(items[0])
            or text
        )
    pairs = [_LISTED.fullmatch(item) for item in items]
    if not any(
        (pair and _LAST_FIRST.fullmatch(pair[0])) or _swapped_alone(item)
        for pair, item in zip(pairs, items, strict=True)
    ):
        return text
    return "; ".join(
        _swapped_alone(item) or (pair and _swapped(pair)) or item for pair, item in zip(pairs, items, strict=True)
    )


def _swapped_list(text: str) -> str | None:
    """ "Doe, Jane, Roe, Richard": nothing but single names, in pairs."""
    swapped: list[str] = []
    for listed in _AND.split(text):
        names = [name.strip() for name in listed.split(",")]
        pairs = [f"{last}, {first}" for last, first in zip(names[::2], names[1::2], strict=False)]
        matches = map(_LAST_FIRST.fullmatch, pairs)
        found = [_swapped(match) if match else None for match in matches]
        if len(names) % 2 or not all(found):
            return None
        swapped += filter(None, found)
    return "; ".join(swapped) if "," in text and len(swapped) > 1 else None


def _swapped_by_and(text: str) -> str | None:
    swapped = [_swapped_alone(item) or "" for item in _BETWEEN.split(text)]
    return "; ".join(swapped) if len(swapped) > 1 and all(swapped) else None


def _swapped_in_front(text: str) -> str | None:
    """ "Doe, Jane | Reuters", "Doe, Jane (The Hill Journal)"."""
    bar = _BAR.search(text)
    swapped = _swapped_alone(text[: bar.start()]) if bar else None
    return f"{swapped}{text[bar.start() :]}" if bar and swapped else None


def _swapped_alone(text: str) -> str | None:
    if title := _TITLE.match(text):
        swapped = _swapped_alone(text[title.end() :])
        return f"{title[0]}{swapped}" if swapped else None
    if pair := _LAST_FIRST.fullmatch(text) or _LAST_FIRST_MIDDLE.fullmatch(text):
        return _swapped(pair)
    if (pair := _LAST_FIRST_MORE.fullmatch(text)) and (swapped := _swapped(pair)):
        more = _where(pair["more"])
        return f"{swapped}{more}" if more else None
    return None


def _where(more: str) -> str | None:
    """Returns what stands behind "Doe, Jane," as it is read behind a name: "Jr.", "The Hill Journal", "and Ann Poe".

    What might be a person elsewhere is a paper here. None where the text is another list: "Doe, Roe, Poe and Low".
    """
    if _AND_FIRST.match(more):
        return f", {more}"
    parts = [part.strip() for part in more.split(",") if part.strip()]
    are_names = [
        part.casefold() not in SUFFIXES and _is_plain_name(read_part(part)) and not is_other_than_name(part)
        for part in parts
    ]
    if len(parts) > 1 and all(are_names):
        return None
    if any(map(_are_several, parts)):
        return None
    return "".join(f" ({part})" if is_name else f", {part}" for part, is_name in zip(parts, are_names, strict=True))


def _are_several(part: str) -> bool:
    """Whether this is more than one person: "Brown and Miller", not "Globe and Mail"."""
    several = _BETWEEN.split(part)
    return len(several) > 1 and not any(map(is_other_than_name, several))


def _swapped(pair: re.Match[str]) -> str | None:
    last, first = pair["last"], pair["first"]
    is_first = INITIALS.fullmatch(first) or _is_plain_name(read_part(_in_title_case(first)))
    if not is_first or not _is_plain_name(read_part(_in_title_case(last[:1].upper() + last[1:]))) or is_place(first):
        return None
    return f"{first} {last if ' ' in last else last[:1].upper() + last[1:]}"


def _in_title_case(side: str) -> str:
    return side.title() if side.isupper() or side.islower() else side


def _is_plain_name(part: Part) -> bool:
    return part.name is not None and part.role is None and part.agency is None

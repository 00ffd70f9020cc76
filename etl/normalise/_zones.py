"""Time zones that are printed by name: which is meant, if only one can be."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from etl.normalise._cldr import own_data
from etl.normalise._date_words import MONTHS, OF_SEVERAL_ZONES, WEEKDAYS, ZONE_HOURS, ZONE_PLACES, plain
from etl.normalise._wire_dates import zone_named

_CONTINENTS = "Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific|US"
_REGION = re.compile(rf"\s?[\[(]?\b(?P<name>(?:{_CONTINENTS})/[A-Za-z_/-]+)[\])]?$")
_PRINTED = re.compile(r"[A-Z]{2,4}T")
_CAPITALS = re.compile(r"\b[A-Z]{3,4}\b")
_LETTER = re.compile(r"\d:\d\d ?([A-GIK-TV-Y])$")
"""The zone of a time in one letter, as RFC 822 has it and often in error; H and U may be hours."""
_AMERICAN = ("America/", "US/", "Canada/")


def without_region(text: str) -> tuple[str, str | None]:
    """Returns a text without the IANA name at its end ("2018-01-05T10:30[Europe/Paris]"), and that name."""
    if (match := _REGION.search(text)) and _is_region(match["name"]):
        return text[: match.start()], match["name"]
    return text, None


@cache
def _is_region(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def printed_name(word: str | None, text: str) -> str | None:
    """Returns the name of a zone in a text, in small letters, given the word after its time.

    That is the word, if it is a known name, or capitals that look like one (XYT), whose zone is then not known; else a
    known name in capitals elsewhere ("10:30, 5 January 2018 IST"), or a single letter, which nobody can rely on (K).
    """
    if word and word not in MONTHS and word not in WEEKDAYS:
        if _is_known(word):
            return word
        if _PRINTED.fullmatch(word.upper()) and re.search(rf"\b{word.upper()}\b", text):
            return word
    names = [name.lower() for name in _CAPITALS.findall(text) if _is_known(name.lower())]
    return names[0] if names else letter[1].lower() if (letter := _LETTER.search(text)) else None


def _is_known(name: str) -> bool:
    return name in OF_SEVERAL_ZONES or name in ZONE_HOURS or name in ZONE_PLACES


def is_of_other_zone(long_name: str, source: str) -> bool:
    """Whether words in small letters are what CLDR calls a zone in English ("eastern time"), neither GMT nor the
    source's own."""
    return _metazones().get(long_name) not in (None, "GMT", get_global("meta_zones").get(source))


@cache
def _metazones() -> dict[str, str]:
    """Returns what CLDR calls zones with the same clocks (America_Eastern), by their English names in small letters."""
    zones = own_data("en")["meta_zones"].items()
    return {plain(name): zone for zone, names in zones for name in names.get("long", {}).values()}


def zone_meant(name: str, moment: datetime, source: str, is_mail: bool) -> tzinfo | None:
    """Returns the zone of a printed name; None where it has several meanings or is not known.

    In: the name, the time printed with it, the source's own zone. First counts what the source's clocks are called at
    that time: IST in Asia/Kolkata is India's. In a mail's stamp (RFC 5322) CST is American.
    """
    if moment.replace(tzinfo=ZoneInfo(source)).tzname() == name.upper():
        return ZoneInfo(source)
    if name in OF_SEVERAL_ZONES and not (name == "cst" and (is_mail or source.startswith(_AMERICAN))):
        return None
    return zone_named(name)

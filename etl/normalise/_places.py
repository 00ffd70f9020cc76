"""Places in bylines: where a person reports from, which is not part of the name."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from babel.core import get_global

from etl.normalise._byline_places import CITIES, MORE_PLACES
from etl.normalise._byline_words import PARTICLES, REPORTING, WHERE
from etl.normalise._cldr import own_data

# Languages whose names of places are known, by a letter of their script. The first that is not greater is the script.
_LANGUAGES = {
    "A": ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "da", "pl", "tr"),
    "Ͱ": ("el",),
    "Ѐ": ("ru", "uk"),
    "\u0590": ("he",),
    "\u0600": ("ar", "fa"),
    "\u0900": ("hi",),
    "\u0e00": ("th",),
    "\u3040": ("ja", "zh", "zh_Hant"),
    "\uac00": ("ko",),
}

Split = tuple[list[str], str]
"""The words of the name, and what else is said about the person."""


def is_place(name: str) -> bool:
    """Whether this is the name of a country or a large city in a language of its script, as Unicode CLDR has it."""
    return is_city(name) or _key(name) in _places_of(name).countries


def is_city(name: str) -> bool:
    """Whether this is the name of a large city."""
    key = _key(name)
    return key in CITIES or key in MORE_PLACES or key in _places_of(name).cities or name.endswith((" Valley", " City"))


def _key(name: str) -> str:
    """Returns the name in small letters; an İ has no dot above then."""
    return name.casefold().replace("\u0307", "")


class _Places(NamedTuple):
    """The countries of the world, and the cities after which time zones are called. Case-folded."""

    countries: frozenset[str]
    cities: frozenset[str]


def _places_of(name: str) -> _Places:
    script = next((first for first in reversed(_LANGUAGES) if name >= first), "A")
    return _places_in(script)


@cache
def _places_in(script: str) -> _Places:
    known = [own_data(language) for language in _LANGUAGES[script]]
    countries = {name for names in known for code, name in names["territories"].items() if code.isalpha()}
    cities = {zone["city"] for names in known for zone in names["time_zones"].values() if "city" in zone}
    if script == "A":  # in English most cities are called as their zones
        zones = get_global("zone_territories")
        cities.update(zone.rpartition("/")[2].replace("_", " ") for zone in zones if "/" in zone)
    return _Places(frozenset(map(_key, countries)), frozenset(map(_key, cities)))


def split_report(words: list[str], keys: list[str]) -> Split | None:
    """Returns name and role of "Aus Chicago berichtet Jane Doe" and "Jane Doe berichtet"; None if no one reports."""
    if keys and keys[-1] in REPORTING:
        verb = 2 if keys[-2:-1] == ["contributed"] else 1
        return words[:-verb], " ".join(words[-verb:])
    if not keys or keys[0] not in WHERE:
        return None
    end = next((place for place, key in enumerate(keys, 1) if key in REPORTING), None)
    if end is None and len(words) > 3 and is_place(words[1]):  # "Aus Peking Jane Doe"
        end = 2
    return (words[end:], " ".join(words[:end])) if end else None


def split_city(words: list[str], keys: list[str]) -> Split:
    """ "Jane Doe Madrid": a city after a full name is where she is, after a particle ("de Madrid") part of her name."""
    for length in (2, 1):
        end = len(words) - length
        if end >= 2 and " ".join(keys[end:]) in CITIES and keys[end - 1] not in PARTICLES:
            end -= end > 2 and words[end - 1] == "i"  # "Jane Doe i Oslo"
            return words[:end], " ".join(words[end:])
        if end > 2 and words[end - 1] == "i" and is_place(" ".join(words[end:])):
            return words[: end - 1], " ".join(words[end - 1 :])
    return words, ""

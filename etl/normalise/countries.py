"""Countries as dumps print them, as ISO 3166-1 codes."""

from __future__ import annotations

from functools import cache

ALPHA_3 = {"USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ITA": "IT", "ESP": "ES", "CHN": "CN", "IND": "IN"}
OTHER_NAMES = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "united states of america": "US",
    "hong kong": "HK",
    "macau": "MO",
    "south korea": "KR",
    "north korea": "KP",
    "russia": "RU",
    "czech republic": "CZ",
    "turkey": "TR",
    "ivory coast": "CI",
    "myanmar": "MM",
    "burma": "MM",
    "trinidad and tobago": "TT",
}


def country_code(name: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country given by code or English name; None where it is neither.

    English names are those of the Unicode CLDR, as the library Babel carries them.
    """
    text = " ".join(name.split())
    if len(text) == 2 and text.upper() in _codes():
        return text.upper()
    if text.upper() in ALPHA_3:
        return ALPHA_3[text.upper()]
    plain = text.casefold().removeprefix("the ").replace("&", "and")
    return OTHER_NAMES.get(plain) or _by_name().get(plain)


@cache
def _codes() -> dict[str, str]:
    from babel import Locale

    territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in PSEUDO}


PSEUDO = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
"""Two letters that CLDR names and that are no country."""


@cache
def _by_name() -> dict[str, str]:
    return {name.casefold().replace("&", "and"): code for code, name in _codes().items()}

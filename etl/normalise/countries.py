"""Countries by the codes and names that dumps print."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

# Printed names that CLDR spells differently.
_OTHER_NAMES = {
    "america": "US",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "macau": "MO",
    "macao": "MO",
    "korea": "KR",
    "republic of korea": "KR",
    "russian federation": "RU",
    "people's republic of china": "CN",
    "mainland china": "CN",
    "czech republic": "CZ",
    "turkey": "TR",
    "burma": "MM",
    "myanmar": "MM",
    "swaziland": "SZ",
    "macedonia": "MK",
    "ivory coast": "CI",
    "cote d'ivoire": "CI",
    "congo": "CG",
    "republic of the congo": "CG",
    "democratic republic of the congo": "CD",
    "drc": "CD",
    "palestine": "PS",
    "uae": "AE",
    "vatican": "VA",
    "east timor": "TL",
    "cabo verde": "CV",
    "viet nam": "VN",
    "brunei darussalam": "BN",
    "republic of ireland": "IE",
    "reunion": "RE",
    "curacao": "CW",
    "u.s.": "US",
    "u.s.a.": "US",
    "u.k.": "GB",
    "united states of america": "US",
}

# Two-letter codes in CLDR that are not countries in ISO 3166.
_NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def country_code(name: str | None) -> str | None:
    """Returns the ISO 3166 alpha-2 code for an alpha-2 code, an alpha-3 code or an English name; None if unknown.

    Names and codes are those of Unicode CLDR, through babel. Kosovo is XK, as in CLDR.
    """
    if not isinstance(name, str):
        return None
    return _codes().get(_key(name))


@cache
def _codes() -> dict[str, str]:
    territories = Locale("en").territories.items()
    names = {code: name for code, name in territories if len(code) == 2 and code not in _NOT_ISO}
    replaced = get_global("territory_aliases").items()
    aliases = {old: new[0] for old, new in replaced if old.isalpha() and len(new) == 1}
    return (
        {_key(old): code for old, code in aliases.items() if code in names}
        | {_key(code): code for code in names}
        | {_key(name): code for code, name in names.items()}
        | _OTHER_NAMES
    )


def _key(name: str) -> str:
    name = name.casefold().replace("’", "'").replace("&", "and").replace("saint ", "st. ")
    return " ".join(name.removeprefix("the ").split())

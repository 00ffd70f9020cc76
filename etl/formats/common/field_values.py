"""How the value of a column becomes that of a field: text, paragraphs, names, labels, flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.entities import html5
from typing import Any
from urllib.parse import urlsplit

from etl.formats.common.html_text import line_of_html, text_of_html
from etl.formats.common.pieces import Unreadable
from etl.formats.common.values import array_of, inner_of, is_nothing, parts_of, plain, storable

Convert = Callable[[Any], Any]

_TAG = "tag"
"""The vocabulary of a topic that names none."""
_VOCABULARIES = ("scheme", "taxonomy", "kind", "type", "@type")
_SEPARATOR, _ENTITY = re.compile("[;,]"), re.compile(r"&(#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});|[A-Za-z]\w{1,31};)")
_VOCABULARY = re.compile(r"[^\W\d][\w.: -]{1,39}")

_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")
_KINDS = {bool: "true or false", int: "a number", float: "a number", dict: "an object", list: "a list of other things"}
"""What a person calls the types of JSON."""
LONGEST_DATE = 50
_DATE = re.compile(r"\d{4}|\d[^\W\d_]*\s*[\s./-]\s*\w+\s*[\s./-]\s*'?\d\d")
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?/?")
_CUT = re.compile(
    r"\s*(?:…|\.{3})?\s*\[\+?[\d,. ]+ (?:chars?|characters|words|more words)\]\s*$"  # NewsAPI, GNews
    r"|\s*(?:\[(?:…|\.{3}|&hellip;|&#8230;|&#x2026;)\])\s*$"  # excerpts of WordPress
    r"|\s*(?:…|\.{3}|&hellip;|&#8230;|\[…\]|\[\.{3}\])\s*"
    r"(?:\(?(?:read (?:more|on|the (?:full|whole|rest))|continue reading"
    r"|weiterlesen|mehr lesen|lire la suite|lire plus|leer más|seguir leyendo|leggi (?:tutto|di più)|continua a leggere"
    r"|lees (?:meer|verder)|ler mais|leia mais|läs mer|les mer|læs mere|czytaj dalej|читать далее)\b[^\n]{0,100})$"
    r"|^\s*ONLY AVAILABLE IN [A-Z ,]{3,60} PLANS?\s*$",  # newsdata.io
    re.IGNORECASE,
)


_CELL_OF_EXCEL_CHARACTERS, _TEXT_OF_MYSQL_BYTES = 32_767, 65_535
_LONGEST_TEASER, _LONGEST_NOTICE = 2_000, 250
_PAYWALL_PHRASES = (
    *("to continue reading", "to keep reading", "subscribe to continue", "subscribe to keep", "subscribe to read"),
    *("subscribe now to ", "subscribe to unlock", "subscribe to access", "to subscribers only", "for subscribers only"),
    *("already a subscriber", "already have a subscription", "already subscribed", "sign in to continue"),
    *("sign in to read", "log in to continue", "log in to read", "only available to subscribers"),
    *("available only to subscribers", "reserved for subscribers", "only for subscribers", "members-only article"),
    *("nur für abonnent", "bereits abonnent", "schon abonnent", "bereits ein abo", "schon ein abo", "jetzt abonnieren"),
    *("réservé aux abonnés", "réservée aux abonnés", "réservé à nos abonnés", "abonnez-vous pour", "déjà abonné"),
    *("pour lire la suite", "solo para suscriptores", "exclusivo para suscriptores", "suscríbete para"),
    *(
        "exclusivo para assinantes",
        "assine para",
        "já é assinante",
        "riservato agli abbonati",
        "abbonati per continuare",
    ),
    *("abbonati per leggere", "sei già abbonato", "alleen voor abonnees", "exclusief voor abonnees", "al abonnee?"),
    *("tylko dla prenumeratorów", "tylko dla subskrybentów", "för prenumeranter", "for abonnenter"),
    *("только для подписчиков", "この記事は有料会員", "会員限定記事", "구독자 전용"),
)
_PAYWALL_STEMS = (
    *("scr", "bon", "assi", "num", "subsk", "reading", "g in to", "n in to", "ein abo", "la suite", "embers-"),
    *("подпис", "会員", "구독"),
)
"""One of them is in each of those phrases: a first check, because all are slow."""
_LINKS_TO_REST = tuple(
    f"{before}{words}"
    for before in ("\n", ". ", "! ", "? ", "… ", '" ', "] ")
    for words in (
        *("continue reading", "read more", "read the full article", "read the full story", "weiterlesen"),
        *("lire la suite", "leer más", "leggi tutto", "lees verder", "leia mais"),
    )
)
_POST = re.compile(r"(?:…|\.{3}|&#8230;|&hellip;)\]?\s*the post .{1,200} appeared first on .{1,100}$")
"""How feeds of WordPress end, which send the beginning."""


def text(value: Any, field: str = "") -> str | None:
    """A scalar as text, a list of them joined by "; ", the name of an object; None for anything else."""
    value = plain(value)
    if isinstance(value, str):
        return None if is_nothing(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return text(inner_of(field, value)[0], field)
    if isinstance(value, list | tuple):
        return "; ".join(part for item in value if (part := text(item, field))) or None
    found = storable(value)
    return None if found is None else str(found)


def publication(value: Any) -> str | None:
    """The first name, and of an address its host."""
    value = plain(value)
    if isinstance(value, list | tuple):
        return next((name for item in value if (name := publication(item))), None)
    name = text(value, "publication")
    return (host_of(name) or name) if name and "://" in name else name


def is_host(name: str) -> bool:
    """Whether what is called a publication is a domain or an address."""
    return "." in name and (_HOST.fullmatch(name) is not None or "://" in name)


def host_of(address: str) -> str | None:
    """The host of an address, without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def is_page(value: Any) -> bool:
    """Whether a value is the address of a page, other than a home page."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")) or " " in value:
        return False
    return len(value.split("/", 3)) == 4 and len(value.split("/", 3)[3]) > 1


def body(value: Any) -> str | None:
    """Paragraphs: a text, HTML, or a list of them. Raises Unreadable where it is anything else."""
    found = plain(value)
    if isinstance(found, dict):
        if all(map(is_nothing, found.values())):
            return None
        found = inner_of("body", found)[0] or found
    if not isinstance(found, str) and isinstance(found, list | tuple) and (parts := list(parts_of(found))):
        found = "\n\n".join(parts)
    if is_nothing(found):
        return None
    if not isinstance(found, str):
        if isinstance(found, list | tuple) and all(isinstance(item, str | None) for item in found):
            return None
        kind = _KINDS.get(type(found), type(found).__name__)
        raise Unreadable(f"the body is {kind}; expected text or a list of paragraphs")
    return (text_of_html(found) or None) if "<" in found else found


def is_cut_by_cell(text: str) -> bool:
    """Whether a text is exactly as long as a cell of Excel, or a TEXT of MySQL, can be: what was longer was cut."""
    if _CELL_OF_EXCEL_CHARACTERS // 2 <= len(text) <= _CELL_OF_EXCEL_CHARACTERS and (
        len(text) + sum(letter > "\uffff" for letter in text) == _CELL_OF_EXCEL_CHARACTERS
    ):  # Excel counts as UTF-16 does: two for an emoji
        return True
    is_near = _TEXT_OF_MYSQL_BYTES // 4 <= len(text) <= _TEXT_OF_MYSQL_BYTES
    return is_near and _TEXT_OF_MYSQL_BYTES - 4 < len(text.encode("utf-8", "replace")) <= _TEXT_OF_MYSQL_BYTES


def is_cut_by_paywall(text: str) -> bool:
    """Whether a short text ends with, or is nothing but, the words of a paywall, or a link to the rest."""
    if len(text) > _LONGEST_TEASER:
        return False
    end = text[-_LONGEST_NOTICE:].lower()
    if f"\n{end}".rstrip(" .…»>→\n").endswith(_LINKS_TO_REST):
        return True
    for stem in _PAYWALL_STEMS:
        if stem in end:
            return any(phrase in end for phrase in _PAYWALL_PHRASES) or _is_post(end)
    return _is_post(end)


def _is_post(end: str) -> bool:
    return "appeared first on" in end and _POST.search(end) is not None


def has_usual_end(text: str) -> bool:
    """Whether a text ends as sentences do: then nothing marks that it was cut."""
    return text[-1] in '!?"”’»。' or (text[-1] == "." and text[-2:] != "..")


def without_cut(text: str) -> tuple[str, bool]:
    """A body without the mark of a service that cuts it (`… [+2219 chars]`, `[...]`), and whether it had one."""
    mark = _CUT.search(text, max(len(text) - 160, 0))
    return (text[: mark.start()].rstrip(), True) if mark else (text, False)


def headline(value: Any) -> str | None:
    """Text without markup."""
    return _line(text(value, "headline"))


def deck(value: Any) -> str | None:
    """Text without markup."""
    return _line(text(value, "deck"))


def _line(found: str | None) -> str | None:
    return (line_of_html(found) or None) if found and "<" in found else found


def url(value: Any) -> str | None:
    """An address."""
    return text(value, "url")


def country(value: Any) -> str | None:
    """A code or name: `NA` is Namibia."""
    return "NA" if value == "NA" else text(value, "country")


def utc(value: Any) -> str | None:
    """A time that is in UTC though it does not say so; WordPress has zeros for none."""
    found = text(value)
    if found is None or found.startswith("0000"):
        return None
    return f"{found}Z" if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", found) else found


def labels(value: Any) -> list[list[str]] | None:
    """Topics, each of the vocabulary that its object names. Numbers are ids that say nothing, and Guardian's
    contributors are people."""
    value = plain(value)
    if isinstance(value, str):
        value = array_of(value)
    if isinstance(value, str):
        names: Any = _separated(value)
    else:
        names = _flat(value)
    topics = ((_TAG, _name(item)) if item.__class__ is str else _topic(item) for item in names)
    return [[scheme, "", name] for scheme, name in topics if name] or None


def _flat(value: Any) -> Iterator[Any]:
    """What is in lists, also in lists in lists and in objects that hold nothing but lists and objects."""
    if isinstance(value, dict) and _is_of_lists(value):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        yield value
        return
    for item in value:
        if item.__class__ is str:
            yield item
        else:
            yield from _flat(item)


def _is_of_lists(value: dict[str, Any]) -> bool:
    kinds = {type(item) for item in value.values() if item is not None}
    return list in kinds and kinds <= {list, dict}


def _separated(written: str) -> list[str]:
    """The names in a text, between commas and semicolons, but not those that end an entity: `Foxes &amp; Geese`."""
    if "&" not in written:
        return _SEPARATOR.split(written)
    entities = (match for match in _ENTITY.finditer(written) if match[1][0] == "#" or match[1] in html5)
    ends = {match.end() for match in entities}
    cuts = [match.span() for match in _SEPARATOR.finditer(written) if match.end() not in ends]
    starts, stops = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(written)]
    return [written[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _topic(item: Any) -> tuple[str, str | None]:
    if isinstance(item, (int, float)) or (isinstance(item, dict) and item.get("type") == "contributor"):
        return _TAG, None
    scheme = _vocabulary(item)
    if isinstance(item, dict) and "value" in item:  # its name is that of the vocabulary
        item = {key: held for key, held in item.items() if key != "name"}
    return scheme, _name(text(item, "labels") or "")


def _vocabulary(item: Any) -> str:
    """What an object says that its topic is: `{"type": "person", "name": ...}`, `{"name": "persons", "value": ...}`."""
    if not isinstance(item, dict):
        return _TAG
    keys = ("name", *_VOCABULARIES) if "value" in item else _VOCABULARIES
    stated = (item.get(key) for key in keys)
    return next((each for each in stated if isinstance(each, str) and _VOCABULARY.fullmatch(each)), _TAG)


@lru_cache(maxsize=10_000)
def _name(written: str) -> str | None:
    """The name of a topic; remembered, because a dump has many articles on few topics."""
    return None if is_nothing(written) else written.strip()


def flag(value: Any) -> bool | None:
    """Yes or no."""
    word = str(value).strip().casefold()
    return True if word in _YES else False if word in _NO else None


def time(value: Any, field: str) -> str | None:
    """A time, of PHP with the zone beside it, or in parts. What says yes or no is none: a column `published` may."""
    if isinstance(value, bool) or (isinstance(value, dict | str | int) and flag(value) is not None):
        return None
    found = text(value, field) or _of_parts(value)
    if found and isinstance(value, dict) and re.search(r"\d:\d\d", found):
        zone = str(value.get("timezone") or "")
        found = re.sub(r"\.0+$", "", found)
        found += "Z" if zone in ("UTC", "Z") else zone if re.fullmatch(r"[+-]\d\d:\d\d", zone) else ""
    return found


def _of_parts(value: Any) -> str | None:
    """A date in an object with its year, month and day."""
    if not isinstance(value, dict):
        return None
    parts = [str(value.get(name) or "") for name in ("year", "month", "day")]
    parts = parts[: parts.index("")] if "" in parts else parts
    is_date = all(map(str.isdecimal, parts)) and parts and len(parts[0]) == 4
    return "-".join(part.zfill(2) for part in parts) if is_date else None


def dated(value: Any) -> str | None:
    """A time in a column whose name is also that of other things: `data` is a date in Portuguese."""
    found = text(value, "published") if not isinstance(value, dict | list | tuple) else None
    is_date = found is not None and len(found) <= LONGEST_DATE and _DATE.search(found)
    return found if is_date and flag(found) is None else None

"""Web addresses without what only tracks the reader."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa

from etl.normalise._columns import pc, to_arrow, to_frame

TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_(?:campaign|kwd)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|mkt_tok"
    r"|_ga|cmpid|ocid|ncid|ito|ref_src|smid|xtor)=",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\s*(https?)://(?:[^/?#@\s]*@)?([^/?#:\s]+)(?::(\d*))?([^?#\s]*)(?:\?([^#\s]*))?", re.IGNORECASE)
DEFAULT_PORTS = {"http": "80", "https": "443"}

_TRACKING_ALONE = r"utm_[a-z]+=[!-\"$%'-~]*"
_PLAIN = (
    r"^(?P<url>https?://(?P<host>[a-z0-9._-]+)/[!-\"$->@-~]*)"
    rf"(?:\?{_TRACKING_ALONE}(?:&{_TRACKING_ALONE})*)?(?:#[!-~]*)?$"
)
"""Addresses in which nothing is to be written otherwise, apart from what is cut at their ends: most of them."""

HOME_PAGE = re.compile(
    r"index|default|home|homepage|main|start|startseite|startsida|forside|accueil|inicio|portada|welcome|front"
    r"|frontpage|latest|today|edition|e-?paper|rss|feed|atom|m|mobile|amp|[a-z]{2}(?:[-_][a-z]{2})?|"
)
"""The parts of the path of the page that a site, or its edition in a language, opens with, or that has all its news."""
SEARCH_PAGE = re.compile(
    r"search(?:es|[-_]?results)?|results?|suche|buscar|busca|busqueda|buscador|recherche|rechercher|pesquisa|zoeken"
    r"|ricerca|cerca|sok|szukaj|poisk|arama"
)
"""What the last part of a path says where the page lists what somebody searched for."""
LONGEST_NAME = len("search-results")
_LONG_NAME = rf"^[a-z]+://[^/?]*/(?:[^?]*/)?[^/?;.]{{{LONGEST_NAME + 1}}}[^/?]*(?:\?|$)"
"""An address whose page has a longer name than any of these: nearly all."""
LONGEST_CODE = len("en")
"""A value so short may be the number of an article in letters."""
SAYS_HOW = re.compile(
    r"(?:hl|lang|language|locale|lg|lng|edition|region|country|ref|refer|referer|referrer|source|src|from|via|view|mode"
    r"|theme|skin|sort|device|mobile|amp|s|q|query|search|keywords?|_|t|ts|time|timestamp|rnd|rand|random|cb|nocache"
    r"|cachebuster|sid|session|sessionid|phpsessid|jsessionid|accountid|login|logout|utm)(?:=|$)",
    re.IGNORECASE,
)
"""Parameters that say how a home page is shown, or what is searched for, and never which article it is."""


def canonical_urls(urls: pd.Series) -> pd.DataFrame:
    """Returns each address without tracking parameters and fragment, its scheme and host in lower case.

    In: strings. Out: `url`, `domain` (its host without www) and `url_key` (the address, where it can identify an
    article), all string; null where the value is not an http address.
    """
    texts = to_arrow(urls).combine_chunks()
    plain = pc.extract_regex(texts, _PLAIN)
    others = [_canonical(url) if url else (None, None) for url in pc.if_else(plain.is_valid(), None, texts).to_pylist()]
    domains = pc.replace_substring_regex(pc.struct_field(plain, "host"), r"^www\.", "")
    addresses = pc.coalesce(pc.struct_field(plain, "url"), pa.array([url for url, _ in others], pa.string()))
    is_long = pc.match_substring_regex(addresses, _LONG_NAME)
    shorts = pc.if_else(is_long, None, addresses).to_pylist()
    short_keys = pa.array([url if url and can_identify(url) else None for url in shorts], pa.string())
    columns = {
        "url": addresses,
        "domain": pc.coalesce(domains, pa.array([domain for _, domain in others], pa.string())),
        "url_key": pc.if_else(is_long, addresses, short_keys),
    }
    return to_frame(columns, urls.index)


def canonical_url(url: str) -> str | None:
    """Returns one address as `canonical_urls` does; None where it is not an http address."""
    return _canonical(url)[0]


def can_identify(address: str) -> bool:
    """Whether a canonical address may be that of one article: not if it is a home page or lists what was searched for.

    By its form alone, and only where that is sure; that several articles share an address is found by their texts.
    """
    path, _, query = address.partition("?")
    *folders, page = path.rstrip("/").split("/")[3:] or [""]
    name = page.partition(";")[0].partition(".")[0].lower()
    if len(name) > LONGEST_NAME:  # nearly all
        return True
    if SEARCH_PAGE.fullmatch(name):
        return False
    is_home = HOME_PAGE.fullmatch(name) and all(HOME_PAGE.fullmatch(folder.lower()) for folder in folders)
    return not is_home or not all(_names_nothing(part) for part in query.split("&") if part)


def _names_nothing(parameter: str) -> bool:
    """Whether a parameter of a home page names no article: by its name, or as its value is empty or names the page."""
    _, equals, value = parameter.partition("=")
    is_page = not value or (len(value) > LONGEST_CODE and HOME_PAGE.fullmatch(value.lower()))
    return bool(SAYS_HOW.match(parameter) or (equals and is_page))


def _canonical(url: str) -> tuple[str | None, str | None]:
    found = ADDRESS.match(url)
    if not found:
        return None, None
    scheme, host, port, path, query = found.groups()
    scheme, host = scheme.lower(), host.lower()
    if port and port != DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    kept = [part for part in query.split("&") if part and not TRACKING.match(part)] if query else []
    address = f"{scheme}://{host}{path or '/'}{'?' if kept else ''}{'&'.join(kept)}"
    return address, host.removeprefix("www.")


def address_of(url: str) -> str:
    """Returns what tells an address from others: without scheme, `www.`, a slash at the end, and the order of its
    parameters; what is not an http address stays as it is."""
    canonical = canonical_url(url)
    if canonical is None:
        return url.strip()
    page, _, query = canonical.partition("://")[2].removeprefix("www.").partition("?")
    return f"{page.rstrip('/')}{'?' if query else ''}{'&'.join(sorted(query.split('&')))}"

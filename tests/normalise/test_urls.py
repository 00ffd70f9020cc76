"""Addresses: what only tracks the reader is gone, and what cannot be the address of one article is no key."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise.identity import STRING
from etl.normalise.urls import can_identify, canonical_url, canonical_urls


def keys(*urls: str | None) -> list[str | None]:
    found = canonical_urls(pd.Series(pd.array(urls, dtype=STRING)))["url_key"]
    return [None if pd.isna(key) else key for key in found]


@pytest.mark.parametrize(
    "address",
    [
        "https://lamp.example",
        "https://lamp.example/",
        "HTTPS://WWW.LAMP.EXAMPLE:443//",
        "https://lamp.example/#top",
        "https://lamp.example/#!/article/5",
        "https://lamp.example/?utm_source=mail&fbclid=1",
        "https://lamp.example/?ref=nav&lang=nb",
        "https://lamp.example/?s=pier",
        "https://lamp.example/index.html",
        "https://lamp.example/Default.aspx?_ga=2.1",
        "https://lamp.example/index.jsp;jsessionid=9A.b?region=north",
        "https://lamp.example/home/",
        "https://lamp.example/en/",
        "https://lamp.example/en-gb/index.php",
        "https://m.lamp.example/m",
        "https://lamp.example/default.asp?id=",
        "https://lamp.example/?p=home",
        "https://lamp.example/latest",
        "https://lamp.example/en/today/",
        "https://lamp.example/epaper",
        "https://lamp.example/rss.xml",
        "https://archive.example/search?crid=9f-12&q=pier&page=2",
        "https://archive.example/ui/results.aspx",
        "https://archive.example/suche",
        "lamp.example",
        "//lamp.example/1",
        "/1",
        "#",
        "about:blank",
        "javascript:void(0)",
        "mailto:desk@lamp.example",
        "file:///C:/saved/page.html",
        "",
        None,
    ],
)
def test_a_home_page_a_list_of_hits_and_what_is_no_address_identify_nothing(address: str | None) -> None:
    assert keys(address) == [None]


@pytest.mark.parametrize(
    "address",
    [
        "https://lamp.example/2024/05/01/pier",
        "https://lamp.example/?p=123",
        "https://lamp.example/index.php?id=5",
        "https://lamp.example/?id=ab",
        "https://lamp.example/?pier",
        "https://lamp.example/2024/05/01/today",
        "https://lamp.example/default.aspx?ArticleID=9&lang=en",
        "https://lamp.example/en/pier-4",
        "https://lamp.example/home/garden/roses.html",
        "https://lamp.example/search-for-the-lost-boat",
        "https://lamp.example/results/2024/match-7",
        "https://lamp.example/abc",
        "https://lamp.example/politics/",
    ],
)
def test_an_address_that_may_be_an_articles_is_a_key(address: str) -> None:
    assert keys(address) == [address]


BEGINNINGS = ["http://lamp.example", "https://www.", "https://LAMP.example", "HTTPS://", "http://ann@", ""]
PARTS = ["lamp.example", "Ä.example", ":443", ":8080", "/", "/a/b", "/index.html", "/search", "/a-very-long-name.html"]
PARTS += [";s=1", "?", "&", "#", "utm_source=rss", "utm_x=", "id=5", "q=x", "fbclid=", "é", "İ", '"', "%20"]
PARTS += [" ", "\n", "\u2003", ".", "..", "-", "_", "\x7f"]
ADDRESSES = st.builds("{}{}".format, st.sampled_from(BEGINNINGS), st.lists(st.sampled_from(PARTS)).map("".join))


@given(st.lists(ADDRESSES, min_size=1))
def test_addresses_are_read_together_as_each_alone(addresses: list[str]) -> None:
    together = canonical_urls(pd.Series(addresses, dtype="str"))
    alone = [canonical_url(address) for address in addresses]
    assert [None if pd.isna(url) else url for url in together["url"]] == alone
    keys = [url if url and can_identify(url) else None for url in alone]
    assert [None if pd.isna(key) else key for key in together["url_key"]] == keys

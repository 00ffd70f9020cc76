"""What a web page's head says of the article: JSON-LD, OpenGraph and other meta elements, microdata, links.

Sites contradict themselves, so the sources have an order; the one made for describing articles to machines
(schema.org) comes first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

from etl.formats.common.markup import inline
from etl.formats.web.feed_text import text_of_markup
from etl.formats.web.json_ld import ARTICLE_TYPES, article_in, as_list, objects_in

_LONGEST_VALUE = 2_000
_LONGEST_SCRIPTS = 1 << 20
_MOST_ITEMS = 500
_ITEMS = frozenset(("author", "datemodified", "datepublished", "headline"))
_URL = re.compile(r"https?://|//|www\.|/")
_TITLE_SIGN = re.compile(r"\s?[|–—·:«»-]\s")
_TITLE_DATE = re.compile(r"(?:^|\s[|–—·:«»-]\s)[^|]{0,30}\d{4}[^|]{0,10}$")
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "publisher")
_WITH_ITEMPROP = etree.XPath("body//*[@itemprop]")
_NO_YEAR = re.compile(r"0{3}[01]-|1970-01-01T00:00:00")


class Facts(NamedTuple):
    """What a page says of itself, not interpreted: names and values by source."""

    meta: dict[str, list[str]]
    """By `name`, `property`, `itemprop` or `http-equiv`, in lower case."""
    item: dict[str, list[str]]
    """Microdata in the page's body, by `itemprop` in lower case."""
    article: dict[str, Any]
    """The JSON-LD object of the article; empty where there is none."""
    link: dict[str, str]
    """Addresses by `rel`."""
    language: str | None
    title: str | None


def facts_of(root: etree._Element) -> Facts:
    """Collect what a parsed page says of itself."""
    meta: dict[str, list[str]] = defaultdict(list)
    link: dict[str, str] = {}
    scripts = []
    room = _LONGEST_SCRIPTS
    title = None
    for node in root.iter("meta", "link", "script", "title"):
        if node.tag == "meta":
            names = node.get("property") or node.get("name") or node.get("itemprop") or node.get("http-equiv") or ""
            if (value := _value(node.get("content"))) is not None:
                meta[names.strip().lower()].append(value)
        elif node.tag == "link":
            if (href := _value(node.get("href"))) is not None:
                link.setdefault(node.get("rel", "").lower(), href)
        elif node.tag == "title":
            title = title or inline(node) or None
        elif "ld+json" in node.get("type", "").lower():
            script = node.text or ""
            room -= len(script)
            if room >= 0:
                scripts.append(script)
    objects = [item for script in scripts for item in objects_in(script)]
    return Facts(meta, _items(root), article_in(objects), link, _value(root.get("lang")), title)


def first(*values: Any) -> str | None:
    """The first that is text and not empty."""
    return next((value for value in values if isinstance(value, str) and value), None)


def titles(facts: Facts) -> list[str]:
    """All titles that the page gives itself, the article's own first."""
    named = [_text(facts.article.get("headline")), *_all(facts, "og:title", "twitter:title", "dc.title", "title")]
    return [title for title in [*named, facts.title] if title]


def descriptions(facts: Facts) -> list[str]:
    """All summaries that the page gives of itself."""
    named = _all(facts, "og:description", "description", "twitter:description")
    return [text for text in [_text(facts.article.get("description")), *named] if text]


def authors(facts: Facts) -> list[str]:
    """The names of those who are said to have written it, as they stand: people, or whoever else."""
    names = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator")
    sources = [_names(facts.article.get("author")), _names(facts.article.get("creator")), facts.item.get("author", [])]
    for source in [*sources, *(facts.meta.get(name, []) for name in names)]:
        if found := [name for name in source if not _URL.match(name)]:
            return list(dict.fromkeys(found))
    return []


def organisations(facts: Facts) -> list[str]:
    """Those authors that are said to be organisations."""
    said = [*as_list(facts.article.get("author")), *as_list(facts.article.get("creator"))]
    return _names(
        [item for item in said if isinstance(item, dict) and any(map(_is_organisation, as_list(item.get("@type"))))]
    )


def _is_organisation(name: Any) -> bool:
    return isinstance(name, str) and name.endswith(("Organization", "Corporation", "WebSite"))


def houses(facts: Facts, publication: str | None) -> list[str]:
    """All names of the paper or site that the page gives."""
    named = [
        *_names(facts.article.get("publisher")),
        *_names(facts.article.get("isPartOf")),
        *_all(facts, *_SITE_NAMES),
    ]
    return [*named, *filter(None, [publication]), *(handle.lstrip("@") for handle in _all(facts, "twitter:site"))]


def publication(facts: Facts, headline: str | None) -> str | None:
    """The name of the paper or site; where only the window's title has it, what follows the headline there."""
    part_of = facts.article.get("isPartOf")
    outer = [item.get("name") for item in as_list(part_of) if isinstance(item, dict)]
    named = _all(facts, *_SITE_NAMES)
    found = first(*_names(facts.article.get("publisher")), *map(_text, outer), *named, _title_end(facts, headline))
    return None if found and _URL.match(found) else found


def _title_end(facts: Facts, headline: str | None) -> str | None:
    for own in filter(None, [*titles(facts), headline]):
        end = (facts.title or "").removeprefix(own)
        if end != facts.title and (sign := _TITLE_SIGN.match(end)):
            return _TITLE_DATE.sub("", end[sign.end() :]).strip() or None
    return None


def published(facts: Facts) -> str | None:
    """When it was published, as stated for machines."""
    said = [facts.article.get("datePublished"), *facts.item.get("datepublished", [])]
    names = (
        "article:published_time", "datepublished", "date", "pubdate", "publishdate", "dc.date", "dc.date.issued",
        "dcterms.date", "dcterms.created", "sailthru.date", "parsely-pub-date", "og:published_time", "publish-date",
        "article:published", "og:article:published_time", "article.published", "article_date_original", "pdate",
        "publication_date", "analyticsattributes.articledate", "cxenseparse:recs:publishtime",
    )  # fmt: skip
    dates = [*said, *_all(facts, *names), facts.article.get("dateCreated"), *_all(facts, "datecreated")]
    return first(*(date for date in map(_text, dates) if date and not _NO_YEAR.match(date)))


def modified(facts: Facts) -> str | None:
    """When it was last changed, as stated for machines."""
    names = ("article:modified_time", "datemodified", "og:updated_time", "last-modified", "dcterms.modified")
    dates = [facts.article.get("dateModified"), *facts.item.get("datemodified", []), *_all(facts, *names)]
    return first(*(date for date in map(_text, dates) if date and not _NO_YEAR.match(date)))


def section(facts: Facts) -> str | None:
    """The section of the paper it stands in."""
    said = [_text(item) for item in as_list(facts.article.get("articleSection"))]
    found = first(*said, *_all(facts, "article:section", "section", "parsely-section", "cxenseparse:section"))
    return None if found and _URL.match(found) else found


def more_sections(facts: Facts) -> list[str]:
    """All sections of the paper that it is said to stand in, where there are several."""
    said = [text for item in as_list(facts.article.get("articleSection")) if (text := _text(item))]
    return said if len(said) > 1 else []


def body(facts: Facts) -> str:
    """The text as stated for machines: pages that a script fills in the browser have it nowhere else."""
    said = facts.article.get("articleBody")
    lines = text_of_markup(said).splitlines() if isinstance(said, str) else []
    return "\n\n".join(filter(None, map(str.strip, lines)))


def language(facts: Facts) -> str | None:
    """The declared language; None where the page contradicts itself."""
    said = [
        facts.language,
        *_all(facts, "content-language", "language", "dc.language"),
        _text(facts.article.get("inLanguage")),
    ]
    codes = {code.strip().replace("_", "-").split("-")[0].split(",")[0].lower(): code for code in said if code}
    return next(iter(codes.values())) if len(codes) == 1 else None


def address(facts: Facts) -> str | None:
    """Its own address."""
    main = facts.article.get("mainEntityOfPage")
    inner = [item.get("@id") or item.get("url") for item in as_list(main) if isinstance(item, dict)]
    said = [facts.link.get("canonical"), *_all(facts, "og:url", "twitter:url"), _text(facts.article.get("url")), *inner]
    said += [_text(main)]
    return first(*(text for text in said if isinstance(text, str) and text.startswith(("http://", "https://"))))


def keywords(facts: Facts) -> list[str]:
    """Its subjects, as the site names them."""
    said = as_list(facts.article.get("keywords"))
    found = [word for item in said if (text := _text(item)) for word in re.split("[,;]", text)]
    found = found or _all(facts, "article:tag")
    for name in ("news_keywords", "keywords", "sailthru.tags", "parsely-tags"):
        found = found or [word for text in facts.meta.get(name, []) for word in re.split("[,;]", text)]
    return list(dict.fromkeys(word.strip() for word in found if word.strip()))


def _all(facts: Facts, *names: str) -> list[str]:
    return [value for name in names for value in facts.meta.get(name, [])]


def _value(text: str | None) -> str | None:
    value = " ".join(text.split()) if text and len(text) <= _LONGEST_VALUE else ""
    return value or None


# Values


def _names(value: Any) -> list[str]:
    """The names in what JSON-LD gives for people: texts, objects, and lists of both."""
    found = []
    for item in as_list(value):
        name = item.get("name") if isinstance(item, dict) else item
        found += [text for one in as_list(name) if (text := _text(one))]
    return found


def _text(value: Any) -> str | None:
    return _value(value) if isinstance(value, str) else None


# Microdata


def _items(root: etree._Element) -> dict[str, list[str]]:
    """Values of `itemprop` in the body that belong to the article, not to a comment or a picture."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in islice(_WITH_ITEMPROP(root), _MOST_ITEMS):
        for name in node.get("itemprop", "").lower().split():
            if name in _ITEMS and _is_articles(node) and (value := _item_value(node)):
                found[name].append(value)
    return found


def _is_articles(node: etree._Element) -> bool:
    scope = next((outer for outer in node.iterancestors() if outer.get("itemscope") is not None), None)
    kind = scope.get("itemtype", "").rstrip("/").rpartition("/")[2] if scope is not None else ""
    return kind in ("", "WebPage", "CreativeWork") or ARTICLE_TYPES.match(kind) is not None


def _item_value(node: etree._Element) -> str | None:
    if node.get("itemscope") is not None:
        inner: Iterable[etree._Element] = node.iterfind(".//*[@itemprop='name']")
        return next((value for item in inner if (value := _item_value(item))), None)
    given = node.get("content") or node.get("datetime")
    return _value(given or inline(node))

"""The divisions of a TEI text: which are articles, which may be, and what stands beside them."""

from __future__ import annotations

from itertools import takewhile

from lxml import etree

from etl.formats.common.label_keys import label_key
from etl.formats.common.markup import inline, local_name
from etl.formats.newspaper.tei_header import within

_ENGLISH = [
    f"{before}{kind}" for before in ("", "j", "news", "news-", "news_") for kind in ("article", "item", "story")
]
_OTHERS = """
artikel artikkel artikkeli articolo articulo artigo articol artykuł clanek clanak cikk makale статья стаття αρθρο 記事
기사 文章
"""
ARTICLES = frozenset(map(label_key, (*_ENGLISH, *_OTHERS.split())))
SECTIONS = frozenset(("", "section", "subsection", "sec", "chapter", "part", "entry", "comments", "body"))
"""What divides one article."""
BETWEEN = ("pb", "cb", "fw", "lb")
"""What stands between parts without being one."""
NO_TYPE = "no type"


def divisions(text: etree._Element) -> list[etree._Element]:
    """All in a text, whatever their level."""
    return [part for part in text.iter(etree.Element) if _is_division(part)]


def _is_division(part: etree._Element) -> bool:
    return local_name(part).rstrip("01234567") == "div"


def is_article(part: etree._Element) -> bool:
    """Whether it is a division that is called an article."""
    return _is_division(part) and label_key(part.get("type") or "") in ARTICLES


def outermost(text: etree._Element) -> list[etree._Element]:
    """The articles that are within no other one."""
    return [part for part in divisions(text) if is_article(part) and not any(map(is_article, part.iterancestors()))]


def nested(text: etree._Element) -> list[etree._Element]:
    """The articles within another one that have a heading and a text, and may be ones of their own."""
    inner = (part for part in divisions(text) if is_article(part) and any(map(is_article, part.iterancestors())))
    return list(filter(_has_head_and_text, inner))


def beside(text: etree._Element, articles: list[etree._Element]) -> list[etree._Element]:
    """The outermost divisions that are in no article and hold none."""
    around = {above for part in articles for above in part.iterancestors()}
    taken, beside = set(articles), []
    for part in divisions(text):
        if part not in taken and part not in around and not any(above in taken for above in part.iterancestors()):
            taken.add(part)
            beside.append(part)
    return beside


def loose(text: etree._Element, articles: list[etree._Element]) -> list[etree._Element]:
    """What stands around articles, in no division of its own; but for headings and page headers."""
    around = {above for part in articles for above in part.iterancestors()}
    own = set(articles)
    inside = (part for above in text.iter(etree.Element) if above in around for part in above)
    return [
        part
        for part in inside
        if isinstance(part.tag, str)
        and part not in around
        and part not in own
        and local_name(part) not in ("head", "fw")
        and inline(part)
    ]


def unnamed(document: etree._Element, has_author: bool) -> list[str]:
    """The types of divisions that may each be an article: beside articles, or several of a type that no section has; or
    without one, where they are all that there is and the document has no author."""
    found = list(filter(is_article, divisions(document)))
    kinds = [
        part.get("type") or ""
        for part in (beside(document, found) if found else divisions(document))
        if _has_head_and_text(part)
    ]
    kinds = [kind for kind in kinds if label_key(kind) not in SECTIONS]
    untyped = [] if has_author else [NO_TYPE for body in within(document, "body") for _ in _untyped(body)]
    return kinds if found else [*untyped, *(kind for kind in kinds if kinds.count(kind) > 1)]


def _untyped(body: etree._Element) -> list[etree._Element]:
    """The divisions without a type into which a whole text is divided, each with a heading and a text; 2 at least."""
    parts = [part for part in body if isinstance(part.tag, str) and local_name(part) not in BETWEEN]
    are_alike = all(_is_division(part) and not part.get("type") and _has_head_and_text(part) for part in parts)
    return parts if are_alike and len(parts) > 1 else []


def _has_head_and_text(part: etree._Element) -> bool:
    return bool(heads(part)) and any(local_name(one) in ("p", "ab") for one in part)


def pages(text: etree._Element, articles: list[etree._Element]) -> dict[etree._Element, str]:
    """The page on which each article begins."""
    pages, page, own = {}, "", set(articles)
    for part in text.iter(etree.Element):
        if local_name(part) == "pb":
            page = part.get("n") or page
        elif part in own:
            pages[part] = page
    return pages


def heads(part: etree._Element) -> list[etree._Element]:
    """The headings with which a division begins."""
    beginning = takewhile(lambda one: local_name(one) in ("head", *BETWEEN), part)
    return [one for one in beginning if local_name(one) == "head"]

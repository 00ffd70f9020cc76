"""What makes two records one article, and one revision.

Strong keys are the native id, where it is globally unique or the stanza names the id column, and the address, where it
can be that of one article.
Without one the content is the key. Headline and date are never keys: different texts under "Letters" are
different articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from etl.normalise._columns import pc, to_arrow, to_series
from etl.normalise.urls import canonical_urls

Key = tuple[str, str]
"""(kind, value); see ops.article_alias."""

STRING = pd.ArrowDtype(pa.string())
GLOBAL_ID = r"(?i:urn:[a-z0-9-]{2,32}|tag:[^,:]{1,99},\d{4}[\d-]{0,6}):"
NO_ID = r"(?i:[\W_0]*|n/?a|null|none|nil|nan|unknown|(?:javascript|about|mailto|data):.*)$"
"""What stands in place of an id: nothing but signs or zeros, words for nothing, addresses that lead nowhere."""
ADDRESS = r"^\s*(?i:https?://|www\.|/)"
"""What an address begins with, also one within a site: for pandas and for DuckDB."""
WHITESPACE = b" \t\n\r\x0b\x0c"
NO_BREAK_SPACE = "\xa0".encode()
HASHED_FIELDS = (
    "headline",
    "deck",
    "byline",
    "dateline",
    "body",
    "published",
    "modified",
    "embargo_until",
    "status",
    "native_version",
    "manifest_published_on",
)
_KEYED = itemgetter(HASHED_FIELDS.index("headline"), HASHED_FIELDS.index("body"))


def content_identity(raw: pd.DataFrame, publications: pd.Series) -> dict[str, pd.Series]:
    """Returns what distinguishes articles and their revisions by what is printed, ignoring whitespace.

    In: the columns of HASHED_FIELDS, strings, and the clean names of the publications. Out, each of 32 hexadecimal
    digits (128 bits of SHA-256):

    - `content_key`: of publication, headline and body: the key of an article without a strong one.
    - `content_hash`: of what a dump and its manifest state about the article, before any cleaning. A better normaliser
      does not change it, and so revises nothing.
    """
    printed = zip(*(_without_spaces(raw[name]) for name in HASHED_FIELDS), strict=True)
    rows = zip(_without_spaces(publications), printed, strict=True)
    found = [(_digest((publication, *_KEYED(texts))), _digest(texts)) for publication, texts in rows]
    return {
        "content_key": _series(raw, (key for key, _ in found)),
        "content_hash": _series(raw, (content_hash for _, content_hash in found)),
    }


def _without_spaces(texts: pd.Series) -> Iterator[bytes]:
    """Yields each text as bytes without any whitespace: five times as fast as collapsing it, and as good as a key."""
    if texts.isna().all():
        return repeat(b"", len(texts))
    printed = _encoded(to_arrow(texts))
    return (text.translate(None, WHITESPACE).replace(NO_BREAK_SPACE, b"") if text else b"" for text in printed)


def body_hashes(bodies: pd.Series) -> pd.Series:
    """Returns the hash of each clean body, ignoring its paragraphs; null where there is no body."""
    texts = _encoded(pc.replace_substring(to_arrow(bodies), "\n\n", " "))
    return _series(bodies, (_digest([text]) if text else None for text in texts))


def native_kinds(raw: pd.DataFrame, named_by_stanza: pd.Series) -> pd.Series:
    """Returns the kind of each native id as a key: `native_id`, `native_id:<source>`, or null where it is not a key.

    URNs and tag URIs are globally unique, whatever the format of the dump. What stands in place of an id, or is the
    address of a home page, is not a key, whatever says that it is one.
    """
    ids = raw["native_id"]
    has_id = ids.notna() & ~ids.str.match(NO_ID).fillna(False) & ~_is_home_page(ids)
    is_global = raw["is_global_id"] | raw["native_id"].str.match(GLOBAL_ID).fillna(False)
    kinds = pd.Series(pd.NA, index=raw.index, dtype=STRING)
    kinds = kinds.mask(has_id & named_by_stanza, "native_id:" + raw["source"])
    return kinds.mask(has_id & is_global, "native_id")


def _is_home_page(ids: pd.Series) -> pd.Series:
    """Whether each id is an address, or a part of one, that cannot identify an article."""
    is_address = ids.str.match(ADDRESS).fillna(False)
    is_home = pd.Series(False, index=ids.index, dtype=is_address.dtype)
    if is_address.any():
        addresses = canonical_urls(_series(ids[is_address], map(_whole, ids[is_address])))
        is_home[is_address] = addresses["url"].notna() & addresses["url_key"].isna()
    return is_home


def _whole(address: str) -> str:
    """An address that is given from `www.` or from its path on, with what is left out."""
    if address.lstrip()[:1] == "/":
        return f"https://any.example/{address.strip().lstrip('/')}"
    return address if "://" in address[:10] else f"https://{address.strip()}"


class Assignment(NamedTuple):
    """The article of each record, and the keys that lead to it from now on."""

    article_ids: list[int]
    new_aliases: list[tuple[str, str, int, int]]
    """(kind, value, article id, place of the record that gave the key)."""
    next_article_id: int


def assign_articles(
    records: Iterable[Sequence[Key]],
    owners: dict[Key, int],
    kinds_of: dict[int, set[str]],
    next_article_id: int,
) -> Assignment:
    """Find the article of each record, or make a new one, in the order of arrival.

    A record's keys come strongest first. Any of them finds its article, but not a weaker key where a stronger one
    says that it is another article: the same text under another id of the same kind is another article. `owners`
    (key -> article id) and `kinds_of` (article id -> kinds of its keys) hold what is stored about these keys and
    articles; what is assigned is added to both.
    """
    article_ids: list[int] = []
    new_aliases: list[tuple[str, str, int, int]] = []
    for place, keys in enumerate(records):
        article_id = _found(keys, owners, kinds_of)
        if article_id is None:
            article_id = next_article_id
            next_article_id += 1
        kinds = kinds_of.setdefault(article_id, set())
        for key in keys:
            if key not in owners:
                owners[key] = article_id
                kinds.add(key[0])
                new_aliases.append((*key, article_id, place))
        article_ids.append(article_id)
    return Assignment(article_ids, new_aliases, next_article_id)


def _found(keys: Sequence[Key], owners: dict[Key, int], kinds_of: dict[int, set[str]]) -> int | None:
    for place, key in enumerate(keys):
        article_id = owners.get(key)
        if article_id is not None and not any(kind in kinds_of[article_id] for kind, _ in keys[:place]):
            return article_id
    return None


def _digest(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()[:32]


def _encoded(texts: pa.ChunkedArray) -> list[bytes | None]:
    """Returns texts in UTF-8, as Arrow holds them."""
    encoded: list[bytes | None] = texts.cast(pa.binary()).to_pylist()
    return encoded


def _series(like: pd.DataFrame | pd.Series, values: Iterable[str | None]) -> pd.Series:
    return to_series(pa.array(list(values), pa.string()), like.index)

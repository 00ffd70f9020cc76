"""Authors' e-mail addresses hashed or left out, in every text of the article.

An address counts as an author's own when it is in the byline or the metadata (`extra`) of the article. It is then
covered everywhere in the article, including the body. An address that is only in the body is news, and stays.

Runs after everything that is derived from the texts: keys, hashes, counts, language and names are those of the text
as printed, so that another setting creates no new revision.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa

from etl.normalise._columns import pc, to_arrow
from etl.schemas import covered_columns

_AT = r"(?:@|＠|%40|&#64;|&#x40;|&commat;)"
_MAY_HAVE_AT = re.compile("[@＠%&]")  # a single class is fast to search
_ANY_AT = re.compile(_AT)
_ADDRESS = re.compile(rf"[\w.+-]{{1,64}}{_AT}[\w-]+(?:\.[\w-]+)+")
# The second finds addresses among letters of a script without spaces: 记者zhang@x.example报道.
_ADDRESSES = (_ADDRESS, re.compile(_ADDRESS.pattern, re.ASCII))

LEFT_OUT = "[e-mail]"


class Cover(NamedTuple):
    """How addresses are covered: by a hash with this secret, or left out where there is none."""

    secret: bytes | None

    def __call__(self, address: str) -> str:
        """Returns what replaces an address in a text: `email:` and 16 hexadecimal digits, the same for an address
        in upper and lower case; or `[e-mail]`."""
        if self.secret is None:
            return LEFT_OUT
        digest = hmac.new(
            self.secret, _ANY_AT.sub("@", address).lower().encode("utf-8", "surrogatepass"), hashlib.sha256
        )
        return f"email:{digest.hexdigest()[:16]}"


def cover_emails(articles: pd.DataFrame, cover: Cover) -> pd.DataFrame:
    """Cover the authors' own addresses. In and out: etl.schemas.ARTICLE, the rows in their order."""
    has_any = [
        pc.fill_null(pc.match_substring_regex(to_arrow(articles[name]), _AT), False) for name in ("byline", "extra")
    ]
    rows = np.flatnonzero(pc.or_(*has_any).to_numpy())
    if not len(rows):
        return articles
    covers = [_covering(cover, byline, extra) for byline, extra in _taken(articles, rows, "byline", "extra")]
    covered = {
        name: [
            _everywhere(value, replaced)
            for (value,), replaced in zip(_taken(articles, rows, name), covers, strict=True)
        ]
        for name in covered_columns()
    }
    covered["extra"] = [
        orjson.dumps(_everywhere(orjson.loads(extra), replaced)).decode() if extra else None
        for (extra,), replaced in zip(_taken(articles, rows, "extra"), covers, strict=True)
    ]
    if cover.secret is None:
        covered["authors"] = [[{**person, "email": None} for person in people or ()] for people in covered["authors"]]
    return articles.assign(**{name: _with(articles[name], rows, values) for name, values in covered.items()})


def _taken(articles: pd.DataFrame, rows: Any, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(articles[name].array._pa_array.take(rows).to_pylist() for name in names), strict=True)


def _with(column: pd.Series, rows: Any, values: list[Any]) -> pd.Series:
    """Returns the column with these values in these rows. Uses take, because Arrow cannot replace lists by a mask."""
    before = column.array._pa_array.combine_chunks()
    places = np.arange(len(before))
    places[rows] = len(before) + np.arange(len(rows))
    both = pa.concat_arrays([before, pa.array(values, before.type)])
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([both.take(pa.array(places))])), index=column.index)


def _covering(cover: Cover, byline: str | None, extra: str | None) -> Callable[[str], str]:
    """Returns a function that covers, in one article, every address in its byline or metadata."""
    strings = [byline or "", *(_strings(orjson.loads(extra)) if extra else ())]
    own = {
        found.strip(".-+")
        for text in filter(_MAY_HAVE_AT.search, strings)
        for pattern in _ADDRESSES
        for found in pattern.findall(text)
    }
    if not own:
        return lambda text: text
    pattern = _pattern(tuple(sorted({_ANY_AT.sub("@", address).lower() for address in own}, key=len, reverse=True)))

    def covered(paragraph: str) -> str:
        return pattern.sub(lambda found: cover(found[0]), paragraph) if _MAY_HAVE_AT.search(paragraph) else paragraph

    return lambda text: "\n".join(map(covered, text.split("\n")))


@lru_cache(maxsize=4096)
def _pattern(addresses: tuple[str, ...]) -> re.Pattern[str]:
    """Returns a pattern that finds these addresses, the longest first, in either case, not in the middle of a word."""
    spelled = "|".join(_AT.join(map(re.escape, address.split("@"))) for address in addresses)
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{spelled})(?![A-Za-z0-9_])", re.IGNORECASE)


def _strings(value: Any) -> Iterator[str]:
    """Yields every string in a JSON value, including keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _everywhere(value: Any, replaced: Callable[[str], str]) -> Any:
    """Returns the JSON value with every string in it replaced, including keys."""
    if isinstance(value, str):
        return replaced(value)
    if isinstance(value, dict):
        return {replaced(key): _everywhere(inner, replaced) for key, inner in value.items()}
    if isinstance(value, list):
        return [_everywhere(inner, replaced) for inner in value]
    return value

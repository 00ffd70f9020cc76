"""What a takedown is asked for, and which stored articles that is.

With an article goes what came under the same address, which may be written in several ways (`http`, `www.`, a slash at
its end): each is an article of its own to us, and the same page to who asks.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from etl import words
from etl.normalise.urls import address_of, can_identify, canonical_url
from etl.repair import RepairError
from etl.repair.rows import REPAIR
from etl.settings import Settings
from etl.stages import email_secret
from etl.warehouse import statements

SHOWN_ARTICLES = 50


@dataclass(frozen=True)
class Asked:
    """What is to be taken down: `by` is id, url or email. An id is the dump's own, or `article 17` for ours."""

    by: str
    value: str
    reason: str
    requested_by: str


def nothing(asked: Asked) -> RepairError:
    """The error where no article is what was asked for."""
    return RepairError(
        f"no article, stored or in quarantine, has the {asked.by} {asked.value!r}; look it up in mart.article "
        "(native_id, url) or give our own id as `article 17`"
    )


def emails(settings: Settings, asked: Asked) -> list[str]:
    """The address as it was printed, and as it is stored if addresses are hashed."""
    if asked.by != "email":
        return []
    address = asked.value.strip().lower()
    cover = email_secret.email_cover(settings)
    return [address, cover(address)] if cover and cover.secret else [address]


def article_ids(connection: sa.Connection, settings: Settings, asked: Asked) -> list[int]:
    """The articles that are asked for, and those under the same addresses, in order.

    Raises RepairError for an id or address of different articles: it would take down more than what is meant.
    """
    value = asked.value.strip()
    parameters = {"by": asked.by, "value": value, "emails": ",".join(emails(settings, asked))}
    found = {int(row[0]) for row in statements.run_file(connection, REPAIR / "asked_articles.sql", parameters)}
    if asked.by == "url":
        value = canonical_url(value) or value
        under = _under(connection, [value])
        is_owned = any(each.is_owner for each in under) and all(each.article_id for each in under)
        if (under and not is_owned) or (canonical_url(value) and not can_identify(value)):
            raise _shared(asked, {each.article_id for each in under})
        found = {each.article_id for each in under}
    elif asked.by == "id":
        rows = statements.run_file(connection, REPAIR / "asked_stored.sql", {"value": value})
        if not (stored := {int(row[0]) for row in rows}) <= found:
            raise _shared(asked, stored)
    return _with_same_address(connection, found)


def registered_ids(connection: sa.Connection, article_ids: list[int]) -> AbstractContextManager[None]:
    """Let SQL see articles as `asked_article`."""
    table = pa.table({"article_id": pa.array(article_ids, pa.int64())})
    return statements.registered(connection, "asked_article", table)


def same_addresses(url: str) -> list[str]:
    """The forms of an address without its scheme, with and without `www.`, to be looked for in texts."""
    host = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return [f"://{host}", f"://www.{host}"] if host else [url]


@dataclass(frozen=True)
class _Under:
    """An article under an address; its id is 0 where different articles are known to share the address."""

    url: str
    article_id: int
    is_owner: bool


def _under(connection: sa.Connection, urls: list[str]) -> list[_Under]:
    """What is known and stored under addresses, however they are written."""
    addresses = {address_of(url) for url in urls}
    pages = sorted({address.partition("?")[0].rstrip("/") for address in addresses})
    with statements.registered(connection, "asked_page", pa.table({"page": pa.array(pages, pa.string())})):
        rows: Any = statements.run_file(connection, REPAIR / "asked_pages.sql", {})
        return [_Under(*row) for row in rows if address_of(row[0]) in addresses]


def _with_same_address(connection: sa.Connection, found: set[int]) -> list[int]:
    """Articles with those under their addresses, and again with those under theirs; not by a shared address."""
    seen, asked = set[int](), found
    while asked:
        with registered_ids(connection, sorted(asked)):
            urls = [row[0] for row in statements.run_file(connection, REPAIR / "asked_addresses.sql", {})]
        under = _under(connection, urls)
        shared = {address_of(each.url) for each in under if not each.article_id}
        seen |= asked
        asked = {each.article_id for each in under if address_of(each.url) not in shared} - seen
    return sorted(seen)


def _shared(asked: Asked, article_ids: set[int]) -> RepairError:
    stored = [f"article {article_id}" for article_id in sorted(article_ids - {0})]
    lines = words.first_lines(stored, SHOWN_ARTICLES)
    return RepairError(
        f"the {asked.by} {asked.value!r} is not one article's own: different articles can have it; ask for the "
        f"article by our own id, such as `article 17`{'; stored under it: ' if lines else ''}{', '.join(lines)}"
    )

"""Cases that share one warehouse, each from a feed and of papers of its own: to load them together costs as one."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from newsroom import Newsroom

Dump = list[dict[str, Any]]


def load_side_by_side(newsroom: Newsroom, *cases: list[Dump]) -> list[str]:
    """Load the first dumps of all cases together, then the second ones, and so on. Returns the feeds, one per case.

    The papers of a case are "... of <feed>", and have a host of their own.
    """
    feeds = [f"case{place}" for place in range(len(cases))]
    for feed in feeds:
        newsroom.stanza(f'[feed.{feed}]\npath = "{feed}/*"\nid_column = "id"\nsettle_seconds = 0')
    for night, dumps in enumerate(zip_longest(*cases)):
        for feed, dump in zip(feeds, dumps, strict=True):
            if dump:
                newsroom.drop(f"{feed}/{night}.jsonl", [_of(feed, record) for record in dump])
        newsroom.load()
    return feeds


def _of(feed: str, record: dict[str, Any]) -> dict[str, Any]:
    keys = {name: str(record[name]).replace("courier.", f"{feed}.") for name in ("url", "id") if record.get(name)}
    return {"id": None, **record, **keys, "publication": f"{record['publication']} of {feed}"}


def by_feed(newsroom: Newsroom, query: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a query by their first column: a feed, or a paper of it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for feed, *row in newsroom.query(query):
        found.setdefault(feed.split(" of ")[-1], []).append(tuple(row))
    return found

"""A column that the stanza names must be in the dump: in a table by its header, in JSON by any record of any member."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
from newsroom import Newsroom, article, read_raw
from packed import zipped

from etl.run import Request, begin

FEED = '[feed.wire]\npath = "*"\nid_column = "nr"\nsettle_seconds = 0\n'


def read(newsroom: Newsroom) -> dict[str, Any]:
    """What extraction says of the one dump of the night."""
    run = begin(newsroom.settings, "manual", Request())
    (delivery,) = pq.read_table(read_raw(run).deliveries).to_pylist()
    return dict(delivery)


def documents(*articles: dict[str, Any]) -> bytes:
    """A zip with each of them in a file of its own."""
    return zipped({f"{number}.json": json.dumps(each).encode() for number, each in enumerate(articles)})


def test_a_dump_of_json_that_lacks_it_in_every_record_is_refused(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(1, Nr="1"), article(2, Nr="2")])
    found = read(newsroom)
    assert (found["state"], found["articles_read"]) == ("refused", 2)
    assert found["reason"].startswith('the stanza names the column "nr" (perhaps "Nr"), which it lacks; found url, ')


def test_a_record_of_json_may_lack_it_where_another_one_has_it(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(1), article(2, nr="2")])
    assert read(newsroom)["state"] == "read"


def test_a_member_may_lack_it_where_another_one_has_it(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.zip", documents(article(1), article(2, nr="2"), article(3)))
    assert read(newsroom)["state"] == "read"


def test_an_archive_in_which_every_member_lacks_it_is_refused(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.zip", documents(article(1), article(2)))
    assert read(newsroom)["state"] == "refused"


def test_a_column_that_is_optional_may_be_missing_everywhere(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED + 'optional = ["nr"]')
    newsroom.drop("a.jsonl", [article(1)])
    assert read(newsroom)["state"] == "read"

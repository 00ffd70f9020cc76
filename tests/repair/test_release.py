"""A parked dump is tried again once it is released."""

from __future__ import annotations

import pytest
from newsroom import Newsroom, article

from etl.repair import RepairError
from etl.repair.release import release_delivery
from etl.run import Request, begin


def state(newsroom: Newsroom) -> list[tuple[object, ...]]:
    return newsroom.query("select state, attempts from ops.dump_status")


def test_a_released_dump_is_taken_and_parked_again_only_after_three_more_refusals(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.txt"\nformat = "csv"\nsettle_seconds = 0\n')
    newsroom.drop("a.txt", "one;two\n1;2\n")
    for _ in range(4):
        newsroom.ingest()
    assert state(newsroom) == [("parked", 3)]
    assert release_delivery(begin(newsroom.settings, "release", Request()), "a.txt", "stanza mended") == "a.txt"
    assert state(newsroom) == [("new", 3)]
    newsroom.ingest()
    assert state(newsroom) == [("refused", 4)]
    newsroom.stanza('columns = { headline = "one", body = "two" }\ndelimiter = ";"')
    assert newsroom.ingest().dumps[0]["state"] == "loaded"
    assert state(newsroom) == [("loaded", 5)]


def test_a_loaded_dump_is_not_released(newsroom: Newsroom) -> None:
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1)]))
    with pytest.raises(RepairError, match="none of its deliveries is parked, refused, failed or unloaded: 1 is loaded"):
        release_delivery(begin(newsroom.settings, "release", Request()), "a.jsonl", "by mistake")

"""mart.source_watermark: how far the data of each feed go."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_each_feed_has_its_own(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.a]\npath = "a/*"\nsettle_seconds = 0\n[feed.b]\npath = "b/*"\nsettle_seconds = 0')
    newsroom.drop("a/1.jsonl", [article(1), article(2, published="2026-03-20"), article(3, published=None)])
    newsroom.drop("a/2.jsonl", [article(4, publication="Lamp", published="2026-02-01")])
    newsroom.drop("b/1.json", '[{"headline": "Torn", "body": "Torn"')
    newsroom.load()
    columns = "source, deliveries, articles, publications, first_date::varchar, last_date::varchar"
    assert newsroom.query(f"select {columns} from mart.source_watermark order by source") == [
        ("a", 2, 4, 2, "2026-02-01", "2026-03-20"),
        ("b", 0, 0, 0, None, None),
    ]
    loaded = (
        "select source, last_loaded_at is not null, last_refused_at is not null from mart.source_watermark order by 1"
    )
    assert newsroom.query(loaded) == [("a", True, False), ("b", False, True)]

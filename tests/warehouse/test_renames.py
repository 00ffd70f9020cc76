"""A renamed feed keeps what it delivered: nothing is loaded twice, and its articles stay the same articles."""

from __future__ import annotations

import re

import pytest
from newsroom import Newsroom, article

from etl.declared.sources import load_sources

STANZA = '[feed.{name}]\npath = "{folder}/*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
COUNTS = "select count(distinct article_id), count(*), min(source), max(source) from news.fact_article"


def renamed(newsroom: Newsroom, *stanzas: str) -> None:
    newsroom.settings.sources.write_text("\n".join(['landing = "landing"', *stanzas]))


def stanza(name: str, folder: str = "wire", former: str = "") -> str:
    return STANZA.format(name=name, folder=folder) + (f"former_names = {former}\n" if former else "")


def test_what_was_delivered_under_the_former_name_is_not_loaded_again(newsroom: Newsroom) -> None:
    renamed(newsroom, stanza("agency"))
    newsroom.drop("wire/a.jsonl", [article(1, id="a"), article(2, id="b")])
    newsroom.load()
    renamed(newsroom, stanza("wire", former='["older", "agency"]'))
    newsroom.drop("wire/b.jsonl", [article(1, id="a", body="Corrected: the ferry was early.", modified="2026-11-03")])
    newsroom.load()
    assert newsroom.query("select path, source, attempts from ops.dump_status order by path") == [
        ("wire/a.jsonl", "wire", 1),
        ("wire/b.jsonl", "wire", 1),
    ]
    assert newsroom.query(COUNTS) == [(2, 3, "wire", "wire")]
    assert newsroom.query("select distinct kind from ops.article_alias where kind like 'native_id%'") == [
        ("native_id:wire",)
    ]


def test_what_was_delivered_under_both_names_stays_where_it_is(newsroom: Newsroom) -> None:
    newsroom.drop("wire/a.jsonl", [article(1, id="a")])
    for name in ("agency", "wire"):
        renamed(newsroom, stanza(name))
        newsroom.load()
    renamed(newsroom, stanza("wire", former='["agency"]'))
    newsroom.load()
    assert newsroom.query("select source, attempts from ops.dump_status order by source") == [
        ("agency", 1),
        ("wire", 1),
    ]


@pytest.mark.parametrize(
    ("stanzas", "message"),
    [
        ([stanza("wire", former='["agency"]'), stanza("agency", "agency")], "is the name of a feed today"),
        ([stanza("wire", former='["wire"]')], "is the name of a feed today"),
        ([stanza("wire", former='["a"]'), stanza("court", "court", '["a"]')], r"claimed by \[feed\.wire\] too"),
        ([stanza("wire", former='["a", "a"]')], r"claimed by \[feed\.wire\] too"),
        ([stanza("wire", former='["ad_hoc"]')], "belongs to no feed"),
        ([stanza("wire", former='"agency"')], "expected a list of names"),
        ([stanza("wire", former="[1]")], "expected a list of names"),
    ],
)
def test_a_former_name_that_is_not_the_feeds_alone_is_refused(
    newsroom: Newsroom, stanzas: list[str], message: str
) -> None:
    renamed(newsroom, *stanzas)
    (problem,) = load_sources(newsroom.settings).problems
    assert re.match(rf"sources\.toml: \[feed\.\w+\] former_names: .*{message}", problem)


def test_two_former_names_that_share_a_key_leave_every_key_unique(newsroom: Newsroom) -> None:
    newsroom.drop("wire/a.jsonl", [article(1, id="a")])
    for name in ("older", "agency"):
        renamed(newsroom, stanza(name))
        newsroom.load()
    renamed(newsroom, stanza("wire", former='["older", "agency"]'))
    newsroom.load()
    keys = newsroom.query("select kind from ops.article_alias where kind like 'native_id%' order by kind")
    assert keys == [("native_id:older",), ("native_id:wire",)]

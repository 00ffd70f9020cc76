"""Accepted articles through today's normaliser, in place: no revision is made."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl import pipeline
from etl.repair import RepairError
from etl.repair.renormalise import Chosen, renormalise_chosen
from etl.run import Request, begin

KEYS = "select article_key, article_id, revision, loaded_at, content_hash, dump_key from news.fact_article order by 1"


def run_over(newsroom: Newsroom, **chosen: Any) -> dict[str, int]:
    run = begin(newsroom.settings, "renormalise", Request())
    counts = renormalise_chosen(run, Chosen(**chosen))
    assert pipeline.finish(run).state == "succeeded"
    return counts


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("loaded"))
    newsroom.stanza('[feed.quay]\npath = "quay/*.jsonl"\nsettle_seconds = 0')
    newsroom.stanza('[feed.wire]\npath = "wire/*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    dump = [article(n, id=f"w{n}", url=None, published=f"0{n}/04/2026", byline="By Ola Berg") for n in (1, 2)]
    newsroom.drop("wire/a.jsonl", dump)
    newsroom.drop("wire/b.jsonl", [{**dump[0], "headline": "Revised"}, dump[1]])
    newsroom.drop("quay/c.jsonl", [article(9, tags=["boats"])])
    newsroom.ingest()
    newsroom.settings.sources.write_text(newsroom.settings.sources.read_text() + 'date_order = "dmy"\n')
    return newsroom


@pytest.fixture
def loaded(loaded_once: Newsroom, tmp_path: Path) -> Newsroom:
    """Two feeds; the stanza of one did not say yet, when they were loaded, that its dates begin with the day."""
    return copy_of(loaded_once, tmp_path / "copy")


def test_articles_are_normalised_anew_under_the_keys_that_they_have(loaded: Newsroom) -> None:
    before, redelivered = loaded.query(KEYS), loaded.query("select article_key, position from ops.article_redelivery")
    assert loaded.query("select distinct published_date_key from news.fact_article where source = 'wire'") == [(0,)]
    assert run_over(loaded, source="wire") == {"chosen": 3, "renormalised": 3}
    assert loaded.query(KEYS) == before
    assert loaded.query("select article_key, position from ops.article_redelivery") == redelivered != []
    dated = loaded.ask_published("select headline, published_date from mart.article where source = 'wire' order by 1")
    assert dated == [("Boat number 2 leaves the harbour", date(2026, 4, 2)), ("Revised", date(2026, 4, 1))]
    assert loaded.query("select count(*) from news.bridge_article_author") == [(4,)]
    assert [dump["state"] for dump in loaded.loaded().dumps] == []


def test_articles_follow_their_publication_to_another_name(loaded: Newsroom) -> None:
    publications = loaded.settings.sources.with_name("publications.toml")
    publications.write_text('[publication.Courier]\naliases = ["Harbour Courier"]\ntime_zone = "Europe/Dublin"\n')
    before = loaded.query(KEYS)
    run_over(loaded)
    assert loaded.query(KEYS) == before
    assert loaded.query("select publication_name, time_zone from news.dim_publication where publication_key > 0") == [
        ("Courier", "Europe/Dublin")
    ]
    assert loaded.ask_published("select distinct published_local from mart.article where published_at is not null") == [
        (datetime(2026, 3, 14, 6),)
    ]
    # What is delivered again under the old name is the same article.
    loaded.drop("quay/d.jsonl", [article(9, tags=["boats"])])
    assert [dump["unchanged"] for dump in loaded.loaded().dumps] == [1]


DECLARED = """
    select distinct publication_name, dim_publication.country_code, time_zone, published_local
    from news.fact_article
    inner join news.dim_publication using (publication_key)
    where published_at is not null
"""


def test_what_publications_toml_declares_is_followed_by_the_next_load_and_so_is_what_it_takes_back(
    loaded: Newsroom,
) -> None:
    publications = loaded.settings.sources.with_name("publications.toml")
    publications.write_text('[publication."Harbour Courier"]\ncountry = "IE"\ntime_zone = "Europe/Kyiv"\n')
    loaded.drop("quay/d.jsonl", [article(3, published=None)])
    loaded.ingest()
    declared = [("Harbour Courier", "IE", "Europe/Kyiv", datetime(2026, 3, 14, 8))]
    assert loaded.query(DECLARED) == declared
    publications.write_text(publications.read_text() + '[publication.Quay]\ncountry = "Atlantis"\n')
    loaded.drop("quay/e.jsonl", [article(4, published=None)])
    loaded.ingest()  # a slip takes nothing away
    assert loaded.query(DECLARED) == declared
    publications.unlink()
    loaded.drop("quay/f.jsonl", [article(5, published=None)])
    loaded.ingest()
    assert loaded.query(DECLARED) == [("Harbour Courier", None, None, None)]


def test_what_is_mended_in_publications_toml_reaches_analysts_without_a_new_dump(loaded: Newsroom) -> None:
    publications = loaded.settings.sources.with_name("publications.toml")
    right = '[publication."Harbour Courier"]\ntime_zone = "Europe/Kyiv"\n'
    publications.write_text(right)
    loaded.ingest()
    local = "select published_local, count(*) from mart.article where published_at is not null group by all"
    at_eight = (datetime(2026, 3, 14, 8),)
    ((when, number),) = loaded.ask_published(local)
    assert (when,) == at_eight
    publications.write_text("[publication")
    loaded.drop("quay/g.jsonl", [article(7)])
    loaded.ingest()
    assert (None, 1) in loaded.ask_published(local)
    publications.write_text(right)
    loaded.ingest()
    assert loaded.ask_published(local) == [(*at_eight, number + 1)]
    runs = loaded.query("select count(*) from ops.load_run")
    loaded.ingest()
    assert loaded.query("select count(*) from ops.load_run") == runs


def test_what_publications_toml_takes_back_is_gone_after_a_renormalisation_and_the_feed_says_the_country(
    loaded: Newsroom,
) -> None:
    sources = loaded.settings.sources
    sources.write_text(sources.read_text() + 'country = "GB"\n')
    publications = sources.with_name("publications.toml")
    publications.write_text(
        '[publication.Courier]\naliases = ["Harbour Courier"]\ncountry = "IE"\ntime_zone = "Europe/Kyiv"\n'
    )
    run_over(loaded)
    assert loaded.query(DECLARED) == [("Courier", "IE", "Europe/Kyiv", datetime(2026, 3, 14, 8))]
    publications.write_text('[publication.Courier]\n[publication.Quay]\naliases = ["Harbour Courier"]\n')
    run_over(loaded)
    assert loaded.query(DECLARED) == [("Quay", "GB", None, None)]
    assert loaded.query("select count(*) from news.dim_publication where publication_key > 0") == [(1,)]


def test_only_what_is_chosen_is_touched(loaded: Newsroom) -> None:
    run_over(loaded, source="wire", dump="wire/a.jsonl")
    assert loaded.query("select position, published_date_key from news.fact_article order by article_key") == [
        ("line 1", 20260314),
        ("line 1", 20260401),
        ("line 2", 20260402),
        ("line 1", 0),
    ]
    assert run_over(loaded, from_date=date(2026, 4, 2), to_date=date(2026, 4, 30)) == {"chosen": 1, "renormalised": 1}
    with pytest.raises(RepairError, match="no article matches"):
        run_over(loaded, source="nobody")


def test_a_dump_that_is_gone_or_another_leaves_its_articles_alone(
    loaded: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    (loaded.landing / "wire/a.jsonl").unlink()
    with (loaded.landing / "wire/b.jsonl").open("a") as file:
        file.write("\n")
    assert run_over(loaded, source="wire") == {"chosen": 3, "renormalised": 0}
    assert "wire/a.jsonl: its articles stay unchanged: cannot be read" in caplog.text
    assert "is not the file that was loaded" in caplog.text


def test_a_record_that_reads_otherwise_today_is_left_alone_and_the_way_out_is_named(
    loaded: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    loaded.settings.sources.write_text(loaded.settings.sources.read_text() + 'columns = { deck = "byline" }\n')
    (key,) = loaded.query("select dump_key from ops.dump where path = 'wire/b.jsonl'")[0]
    assert run_over(loaded, dump="wire/b.jsonl") == {"chosen": 1, "renormalised": 0}
    assert "wire/b.jsonl: unchanged: 1 revision; the raw record itself reads otherwise today" in caplog.text
    assert f"broadsheet unload {key} --reason ..., then: broadsheet release {key}" in caplog.text

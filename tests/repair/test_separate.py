"""Articles that a shared address had merged come back, each as one of its own, from what the warehouse still has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import snapshot
from newsroom import Newsroom, article, make_newsroom

from etl import pipeline
from etl.doctor import Finding, State, examine
from etl.normalise import urls
from etl.normalise.other_articles import Pair, Verdict
from etl.repair import RepairError
from etl.repair.separate import separate_merged
from etl.run import Request, begin
from etl.stages import verify
from etl.warehouse import comparison

HOME, SECTION = "https://courier.example/", "https://courier.example/quay/"
PIER = "The harbour council met on Monday evening and agreed to rebuild the old pier before the winter storms arrive."
BREAD = "A baker in the upper town keeps bread fresh for nine days by resting the dough in clay jars in her cellar."
LAMPS = "Forty lamps will light the valley road from spring, after a petition by the pupils of the evening school."
DOGS = "The tax on dogs stays as it is, the treasurer said, because most owners live alone and have little money."
FERRY = "The ferry to the islands was delayed by fog, and forty passengers waited in the hall until noon."

NIGHTS = [
    [
        article(1, url=HOME, headline="Old pier to be rebuilt", body=PIER),
        article(3, url=SECTION, headline="Lamps for the valley", body=LAMPS, byline="By Tom Okafor"),
        article(5, headline="Ferry delayed", body=FERRY),
    ],
    [
        article(2, url=HOME, headline="Bread that lasts nine days", body=BREAD),
        article(4, url=SECTION, headline="No higher tax on dogs", body=DOGS),
        article(5, headline="Ferry delayed by five hours", body=FERRY + " All got coffee."),
    ],
]
ARTICLES = """
    select headline, revision, is_current, identity_basis, valid_to is null
    from news.fact_article inner join news.article_text using (article_key) order by headline
"""
SEPARATE = [
    ("Bread that lasts nine days", 1, True, "content", True),
    ("Ferry delayed", 1, False, "url", False),
    ("Ferry delayed by five hours", 2, True, "url", True),
    ("Lamps for the valley", 1, True, "content", True),
    ("No higher tax on dogs", 1, True, "content", True),
    ("Old pier to be rebuilt", 1, True, "content", True),
]


def load(newsroom: Newsroom) -> None:
    for number, night in enumerate(NIGHTS, 1):
        newsroom.load(newsroom.drop(f"{number}.jsonl", night))


def none_are_others(texts: pa.Table, pairs: Sequence[Pair]) -> list[Verdict]:
    return [Verdict(are_others=False, are_alike=False)] * len(pairs)


@pytest.fixture
def merged(newsroom: Newsroom) -> Newsroom:
    """What was loaded while every address identified an article."""
    with pytest.MonkeyPatch.context() as before:
        before.setattr(urls, "can_identify", lambda address: True)
        before.setattr(comparison, "judge", none_are_others)
        load(newsroom)
    assert newsroom.query("select count(*) from mart.article") == [(3,)]
    return newsroom


def separate(newsroom: Newsroom) -> dict[str, int]:
    run = begin(newsroom.settings, "separate", Request())
    counts = separate_merged(run)
    assert pipeline.finish(run).state == "succeeded"
    return counts


def doctors(newsroom: Newsroom) -> Finding:
    return dict(examine(newsroom.settings))["merged articles"]


def test_doctor_names_what_was_merged_and_the_way_back_leads_to_what_todays_rules_would_have_loaded(
    merged: Newsroom, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert doctors(merged) == Finding(
        State.problem,
        "2 articles absorbed others that came under the same id or address; for example, article 1 holds both 'Old "
        "pier to be rebuilt' and 'Bread that lasts nine days', under https://courier.example/",
        "bring them back, each as an article of its own, with: broadsheet separate",
    )
    assert separate(merged) == {"keys": 2, "articles": 2, "revisions": 2}
    assert merged.query(ARTICLES) == SEPARATE
    assert merged.query("select kind, state, reason from ops.dump_load where kind = 'separate'") == [
        (
            "separate",
            "loaded",
            "2 revisions are now articles apart: different articles share the id or address under which they were "
            "stored",
        )
    ]
    assert merged.query("select path, state from ops.dump_status order by 1") == [
        ("1.jsonl", "loaded"),
        ("2.jsonl", "loaded"),
    ]
    assert doctors(merged).state is State.ok
    with pytest.raises(RepairError, match="nothing to do"):
        separate_merged(begin(merged.settings, "separate", Request()))

    anew = make_newsroom(tmp_path_factory.mktemp("anew"))
    load(anew)
    pipeline.finish(begin(anew.settings, "manual", Request()))
    found, expected = (snapshot.snapshot(room.settings.home) for room in (merged, anew))
    for name in ("articles", "authors", "stories", "aliases", "rejected"):
        assert found[name].equals(expected[name]), name
    counted = "select publication, published_date_key, articles, words from mart.daily_volume order by all"
    assert merged.query(counted) == anew.query(counted)
    assert merged.query("select author, articles from mart.author_output order by all") == anew.query(
        "select author, articles from mart.author_output order by all"
    )

    merged.load(merged.drop("again/2.jsonl", NIGHTS[1]))
    assert merged.query("select unchanged from ops.dump_load order by loaded_at desc limit 1") == [(3,)]


def test_a_separation_that_is_stopped_changes_nothing_and_is_done_again(
    merged: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = merged.query(ARTICLES)
    with monkeypatch.context() as stopped:
        stopped.setattr(verify, "verify_repaired", lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            separate_merged(begin(merged.settings, "separate", Request()))
    assert merged.query(ARTICLES) == before
    assert separate_merged(begin(merged.settings, "separate", Request()))["revisions"] == 2
    assert merged.query(ARTICLES) == SEPARATE


def test_nothing_is_separated_where_nothing_was_merged(newsroom: Newsroom, tmp_path: Path) -> None:
    load(newsroom)
    assert doctors(newsroom) == Finding(State.ok, "no id or address has merged different articles")


@pytest.mark.parametrize("shared", ["/quay/", "7"])
def test_what_an_id_that_is_used_again_had_merged_comes_back(newsroom: Newsroom, shared: str) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    texts = {"Old pier to be rebuilt": f"{PIER} {FERRY}", "Bread that lasts nine days": f"{BREAD} {LAMPS}"}
    with pytest.MonkeyPatch.context() as before:
        before.setattr(comparison, "judge", none_are_others)
        for number, (headline, body) in enumerate(texts.items()):
            night = [article(number, id=shared, headline=headline, body=body)]
            newsroom.load(newsroom.drop(f"{number}.jsonl", night))
    assert newsroom.query("select count(*) from mart.article") == [(1,)]
    assert f"both 'Old pier to be rebuilt' and 'Bread that lasts nine days', under {shared}" in doctors(newsroom).found
    assert separate(newsroom) == {"keys": 1, "articles": 1, "revisions": 1}
    assert newsroom.query("select count(*) from mart.article") == [(2,)]
    assert doctors(newsroom).state is State.ok

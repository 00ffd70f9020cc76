"""A delivery unloaded is as one that was never loaded."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from invented import paragraphs
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom, read
from snapshot import QUERIES

from etl import pipeline
from etl.repair import RepairError, rows
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.stages.verify import VerifyFailed

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0'


def unload_dump(newsroom: Newsroom, dump: str) -> dict[str, int]:
    run = begin(newsroom.settings, "unload", Request())
    counts = unload_delivery(run, dump, "wrong delivery")
    assert pipeline.finish(run).state == "succeeded"
    return counts


def tables(newsroom: Newsroom, *but: str) -> dict[str, list[Any]]:
    """What is stored, over natural keys, and every name in the dimensions."""
    wanted = {name: query for name, query in QUERIES.items() if name not in but}
    for name in ("author", "publication", "section"):
        wanted[name] = f"select {name}_name from news.dim_{name} order by all"
    with newsroom.reader() as connection:
        return {name: connection.execute(query).fetchall() for name, query in wanted.items()}


def test_an_unloaded_dump_leaves_no_row(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(n, id=f"a{n}", section="Quay", tags=["boats"]) for n in range(3)])
    newsroom.load()
    before = tables(newsroom)
    other = [article(n, id=f"b{n}", byline="By Ole Brandt", publication="Evening Lamp", section=f"S{n}") for n in "xyz"]
    newsroom.drop("b.jsonl", other)
    newsroom.load()
    assert tables(newsroom) != before
    assert unload_dump(newsroom, "b.jsonl") == {"revisions": 3, "articles": 3, "handed_on": 0}
    after = tables(newsroom)
    assert after.pop("ledger") == [*before.pop("ledger"), ("b.jsonl", "unloaded", 0, 0, 0, 0, 0)]
    assert after == before
    assert newsroom.ask_published("select count(*) from mart.article") == [(3,)]
    # It stays out, though its file still lies there.
    assert newsroom.loaded().dumps == []
    assert newsroom.loaded(newsroom.landing / "b.jsonl", force=True).dumps[0]["inserted"] == 3


def test_a_topic_keeps_its_key_as_long_as_another_spelling_of_it_stays(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    for name, tag, status in (("a", "Ice", "usable"), ("b", "ice", "canceled")):
        newsroom.load(newsroom.drop(f"{name}.jsonl", [article(1, id=name, url=None, tags=[tag], status=status)]))
    unload_delivery(begin(newsroom.settings, "unload", Request()), "a.jsonl", "wrong delivery")
    newsroom.load(newsroom.drop("c.jsonl", [article(2, id="c", tags=["ICE"])]))
    assert newsroom.query("select topic_name, same_as_key from news.dim_topic where topic_key > 0") == [
        ("Ice", 1),
        ("ice", 1),
        ("ICE", 1),
    ]


def test_an_earlier_revision_becomes_current_again(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(1, id="a", headline="First")])
    newsroom.load()
    newsroom.drop("b.jsonl", [article(1, id="a", headline="Second")])
    newsroom.load()
    assert newsroom.query("select headline from mart.article") == [("Second",)]
    unload_dump(newsroom, "b.jsonl")
    assert newsroom.query("select headline from mart.article") == [("First",)]
    assert newsroom.query("select revision, is_current, valid_to from news.fact_article") == [(1, True, None)]


def test_what_another_dump_brought_too_stays(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(1, id="a"), article(2, id="b")])
    newsroom.load()
    newsroom.drop("b.jsonl", [article(2, id="b")])
    newsroom.load()
    assert unload_dump(newsroom, "a.jsonl") == {"revisions": 1, "articles": 1, "handed_on": 1}
    stored = newsroom.query(
        "select native_id, path, position from news.fact_article inner join ops.dump using (dump_key)"
    )
    assert stored == [("b", "b.jsonl", "line 1")]
    assert newsroom.query("select count(*) from ops.article_redelivery") == [(0,)]


def test_a_dump_that_is_not_there_or_not_loaded_is_named(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1)]))
    with pytest.raises(RepairError, match=r"z\.jsonl: there is no such delivery"):
        unload_dump(newsroom, "z.jsonl")
    unload_dump(newsroom, "1")
    with pytest.raises(RepairError, match=r"a\.jsonl: none of its deliveries is loaded: 1 is unloaded"):
        unload_dump(newsroom, "a.jsonl")


def test_two_deliveries_of_one_path_are_told_apart_by_their_keys(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1)]))
    newsroom.load(newsroom.drop("a.jsonl", [article(2)]))
    with pytest.raises(RepairError, match=r"2 deliveries have that path; name one by its key: 1 \(loaded"):
        unload_dump(newsroom, "a.jsonl")
    unload_dump(newsroom, "2")
    assert newsroom.query("select url from mart.article") == [("https://courier.example/1",)]


def test_an_unload_that_would_break_the_tables_changes_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1)]))
    before = tables(newsroom)
    whole = rows._delete_in

    def forgetful(connection: Any, table: Any, *rest: str) -> None:
        if table.name != "bridge_article_author":
            whole(connection, table, *rest)

    monkeypatch.setattr(rows, "_delete_in", forgetful)
    with pytest.raises(VerifyFailed, match=r"nothing was changed.*every article_key is a key of news\.fact_article"):
        unload_dump(newsroom, "a.jsonl")
    assert tables(newsroom) == before


WIRE = paragraphs(1)
TEXTS = {"u": WIRE, "v": WIRE[:5], "w": WIRE[3:]}
"""The first is like both others, which are not like each other."""

# Ids of which each occurs once in a dump; texts that several ids may share, so that stories are told too.
revision = st.tuples(st.sampled_from("uvw"), st.none() | st.sampled_from(["2026-03-14", "2026-03-15"]))
dumps = st.lists(st.dictionaries(st.sampled_from("abc"), revision, min_size=1), min_size=2, max_size=4)


# Not shrunk: an example costs seconds, and is small as drawn.
@pytest.mark.nightly
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example([{"a": ("u", "2026-03-14")}, {"b": ("u", None)}, {"a": ("u", None), "c": ("u", None), "b": ("v", None)}], 1)
@given(dumps, st.integers(0, 3))
def test_unload_after_load_equals_never_loaded(drawn: list[Any], chosen: int) -> None:
    taken_out = chosen % len(drawn)
    with TemporaryDirectory() as folder:
        (Path(folder) / "loaded").mkdir()
        loaded = make_newsroom(Path(folder) / "loaded")
        loaded.stanza(FEED)
        for number, records in enumerate(drawn[:taken_out]):
            _load(loaded, f"{number}.jsonl", records)
        never = copy_of(loaded, Path(folder) / "never")
        _load(loaded, f"{taken_out}.jsonl", drawn[taken_out])
        for number, records in enumerate(drawn[taken_out + 1 :], taken_out + 1):
            for room in (loaded, never):
                _load(room, f"{number}.jsonl", records)
        run = begin(loaded.settings, "unload", Request())
        unload_delivery(run, f"{taken_out}.jsonl", "a property")
        assert tables(loaded, "ledger") == tables(never, "ledger")


def _load(room: Newsroom, name: str, records: dict[str, tuple[str, str | None]]) -> None:
    """Drop and load, without the costly verification and publish."""
    dump = [
        article(
            1,
            id=id_,
            url=None,
            headline=f"Boat {id_}",
            published=day,
            body="\n\n".join(TEXTS[text]),
            byline=f"By Ola {text}",
        )
        for id_, (text, day) in records.items()
    ]
    room.drop(name, dump)
    run = begin(room.settings, "manual", Request((str(room.landing / name),)))
    read(run)
    pipeline.check(run)
    pipeline.load(run)

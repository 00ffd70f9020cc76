"""Marts that are counted incrementally equal marts counted from scratch, whatever was loaded, revised and removed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, make_newsroom

from etl.repair.asked import Asked
from etl.repair.renormalise import Chosen, renormalise_chosen
from etl.repair.takedown import take_down
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.warehouse import opening, schema, statements
from etl.warehouse.catalogue import all_tables

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
COUNTED = [table for table in all_tables().values() if table.schema == "mart" and table.kind == "table"]
BODIES = {
    "u": "The bank left its rate where it was.\n\nThe rate is four per cent.",
    "v": "The bank raised its rate.\n\nThe rate is four per cent.",
    "w": "Snow fell. Snow fell again.",
}


def rows(connection: sa.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every counted mart, without the run that counted them."""
    found = {}
    for table in COUNTED:
        columns = [sa.column(column.name) for column in table.columns if column.name != "run_id"]
        query = sa.select(*columns).select_from(statements.as_sql(table))
        found[table.full_name] = sorted(map(tuple, connection.execute(query)), key=repr)
    return found


def hold(newsroom: Newsroom) -> int:
    """Compare the marts with marts counted from scratch; returns their number of rows."""
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        kept = rows(connection)
        schema.recount(connection, all_tables())
        assert kept == rows(connection)
        connection.rollback()
    return sum(map(len, kept.values()))


def play(newsroom: Newsroom, number: int, step: Any) -> None:
    """Apply one step to the warehouse, if there is anything to apply it to."""
    match step:
        case dict():
            records = [article(1, id=id_, url=None, headline=f"Boat {id_}", **fields) for id_, fields in step.items()]
            newsroom.load(newsroom.drop(f"{number}.jsonl", records))
        case "renormalise" if newsroom.query("select 1 from news.fact_article limit 1"):
            run = begin(newsroom.settings, "renormalise", Request())
            newsroom.settings.sources.write_text('landing = "landing"\n' + FEED + 'date_order = "dmy"\n')
            renormalise_chosen(run, Chosen())
        case ("take down", id_):
            asked = Asked("id", id_, "court order 7", "ada")
            take_down(begin(newsroom.settings, "takedown", Request()), asked, "bo")
        case int() if newsroom.query(f"select 1 from ops.dump_status where path = '{step}.jsonl' and state = 'loaded'"):
            unload_delivery(begin(newsroom.settings, "unload", Request()), f"{step}.jsonl", "a property")


def fields(body: str = "u", day: Any = "2026-03-14", paper: Any = "Courier", **more: Any) -> dict[str, Any]:
    return {"body": BODIES[body], "published": day, "publication": paper, **more}


revision = st.fixed_dictionaries(
    {
        "body": st.sampled_from([*BODIES.values()]),
        "published": st.sampled_from(
            [None, "2026-03-14", "2026-03-15T08:00:00Z", "2026-04-01T00:30:00Z", "02/04/2026"]
        ),
        "publication": st.sampled_from([None, "Courier", "Lamp"]),
        "byline": st.sampled_from([None, "By Ola Berg", "By Ola Berg and Mara Lind"]),
        "tags": st.sampled_from([[], ["boats"], ["boats", "ice"]]),
        "status": st.sampled_from(["usable", "usable", "canceled"]),
    }
)
dump = st.dictionaries(st.sampled_from("abcd"), revision, min_size=1)
steps = st.lists(dump | dump | dump | st.integers(0, 4) | st.just("renormalise"), min_size=2, max_size=5)

MOVES = [
    {"a": fields("u", paper="Courier"), "b": fields("v", paper="Lamp", tags=["ice"])},
    # An older article carries the story of `a`: what was the first is now a copy.
    {"c": fields("u", "2026-03-10", "Lamp"), "d": fields("w", "02/04/2026")},
    # `a` moves to another day, paper, author; `b` is canceled.
    {"a": fields("v", "2026-04-01", "Lamp", byline="By Ola Berg"), "b": fields("v", status="canceled")},
    "renormalise",
    1,
    ("take down", "b"),
    2,
    0,
]


# Not shrunk: an example costs seconds, and is small as drawn.
@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(MOVES)
@given(st.tuples(dump, steps).map(lambda drawn: [drawn[0], *drawn[1]]))
def test_kept_marts_equal_marts_counted_anew(drawn: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        newsroom = make_newsroom(Path(folder))
        newsroom.stanza(FEED)
        for number, step in enumerate(drawn):
            play(newsroom, number, step)
            hold(newsroom)

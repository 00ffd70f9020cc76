"""Marts that are counted incrementally equal marts counted from scratch, whatever was loaded, revised and removed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from hypothesis import Phase, given, settings
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


def play(newsroom: Newsroom, number: int, steps: dict[int, Any]) -> None:
    """Apply the step of each case to the warehouse, if there is anything to apply it to. Their dumps are one load."""
    dumps = {case: step for case, step in steps.items() if isinstance(step, dict)}
    if dumps:
        newsroom.load(*(newsroom.drop(f"{case}-{number}.jsonl", records(case, step)) for case, step in dumps.items()))
    for case, step in steps.items():
        loaded = f"select 1 from ops.dump_status where path = '{case}-{step}.jsonl' and state = 'loaded'"
        match step:
            case ("take down", id_):
                asked = Asked("id", f"{case}{id_}", "court order 7", "ada")
                take_down(begin(newsroom.settings, "takedown", Request()), asked, "bo")
            case int() if newsroom.query(loaded):
                unload_delivery(begin(newsroom.settings, "unload", Request()), f"{case}-{step}.jsonl", "a property")
    if "renormalise" in steps.values():
        run = begin(newsroom.settings, "renormalise", Request())
        newsroom.settings.sources.write_text('landing = "landing"\n' + FEED + 'date_order = "dmy"\n')
        renormalise_chosen(run, Chosen())


def records(case: int, step: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of a dump, with ids and papers that no other case has."""
    return [
        article(1, url=None, headline=f"Boat {id_}", **fields)
        | {"id": f"{case}{id_}", "publication": fields["publication"] and f"{fields['publication']} {case}"}
        for id_, fields in step.items()
    ]


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


drawn_cases = st.tuples(dump, steps).map(lambda drawn: [drawn[0], *drawn[1]])


# One example of several cases, because each example is a warehouse; different ones, so not only the simplest. Not
# shrunk: it costs seconds, and is small as drawn.
@settings(max_examples=1, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(drawn_cases, min_size=4, max_size=4, unique_by=repr))
def test_kept_marts_equal_marts_counted_anew(drawn: list[list[Any]]) -> None:
    cases = [MOVES, *drawn]
    with TemporaryDirectory() as folder:
        newsroom = make_newsroom(Path(folder))
        newsroom.stanza(FEED)
        for number in range(max(map(len, cases))):
            play(newsroom, number, {case: steps[number] for case, steps in enumerate(cases) if number < len(steps)})
            hold(newsroom)

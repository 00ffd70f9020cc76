"""SQLite: the table that has the articles, both counts of its rows, and what a stranger's database may not do."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl.formats import sqlite
from etl.formats.common import sqlite_file
from etl.model import Doubt, DumpError, Feed, Piece, Reject

FEED = Feed("archive")


def database(*statements: str, rows: Any = ()) -> bytes:
    """A database after these statements, the last one for each of the rows."""
    connection = sqlite3.connect(":memory:")
    for statement in statements[:-1] if rows else statements:
        connection.execute(statement)
    if rows:
        connection.executemany(statements[-1], rows)
    connection.commit()
    return connection.serialize()


def pieces(data: bytes, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    found = list(sqlite.read(io.BytesIO(data), feed))
    assert sqlite.count_marks(io.BytesIO(data), feed) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


ARTICLES = "create table article (title text, text text)"
INSERT = "insert into article values (?, ?)"


@pytest.mark.parametrize("sample", samples("sqlite"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert pieces(sample.read_bytes()) == expected(sample)


@pytest.mark.parametrize("kind", ["", "without rowid"])
@pytest.mark.parametrize("number", [0, 1, 3_000])
def test_rows_on_many_pages_are_counted_without_sqlite(kind: str, number: int) -> None:
    rows = [(f"{each:05}", "It sails. " * (each % 90)) for each in range(number)]
    create = f"create table article (title text primary key, text text) {kind}"
    assert len(pieces(database(create, INSERT, rows=rows) if rows else database(create))) == number


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=3_000)), max_size=30), st.integers(0, 30))
def test_both_counts_agree_after_rows_were_deleted(rows: list[tuple[str, str]], deleted: int) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(ARTICLES)
    connection.executemany(INSERT, rows)
    connection.execute("delete from article where rowid <= ?", [deleted])
    connection.commit()
    assert len(pieces(connection.serialize())) == max(len(rows) - deleted, 0)


def test_the_stanza_names_a_table_or_a_view() -> None:
    data = database(
        ARTICLES,
        "create table letter (title text, text text)",
        "insert into article values ('Ferry', 'It sails.')",
        "insert into letter values ('Dear editor', 'It is late.')",
        "create view both as select * from article union all select * from letter",
    )
    with pytest.raises(DumpError, match=r"several tables with articles \(.*article.*\); name one"):
        pieces(data)
    assert len(pieces(data, Feed("archive", table="letter"))) == 1
    assert len(pieces(data, Feed("archive", table="both"))) == 2
    with pytest.raises(DumpError, match='names the table "news", which it lacks; found'):
        pieces(data, Feed("archive", table="news"))


def test_tables_of_an_index_of_words_are_not_taken_for_articles() -> None:
    data = database(
        ARTICLES, "create virtual table found using fts5(title, text)", INSERT, rows=[("Ferry", "It sails.")]
    )
    assert len(pieces(data)) == 1


def test_a_virtual_table_is_named_where_nothing_else_has_articles_and_read_where_the_stanza_names_it() -> None:
    create = "create virtual table letter using fts5(title, text)"
    data = database(create, "insert into letter values (?, ?)", rows=[("Ferry", "It sails.")])
    with pytest.raises(DumpError, match=r"found letter \(a virtual table\).*names it: table ="):
        pieces(data)
    with pytest.raises(DumpError, match=r"lacks; found letter;"):
        pieces(data, Feed("archive", table="news"))
    assert len(pieces(data, Feed("archive", table="letter"))) == 1


def test_a_table_without_known_columns_is_refused_with_those_that_are_there() -> None:
    data = database(
        "create table artikel (kopf text, rumpf text)", "insert into artikel values ('Fähre', 'Sie fährt.')"
    )
    with pytest.raises(DumpError, match=r"found artikel\.kopf, artikel\.rumpf"):
        pieces(data)
    (record,) = pieces(data, Feed("archive", columns={"headline": "kopf", "body": "rumpf"}))
    assert isinstance(record, dict)
    assert (record["headline"], record["body"]) == ("Fähre", "Sie fährt.")


def test_a_row_that_is_not_utf8_is_rejected_alone_and_bytes_that_are_are_text() -> None:
    data = database(
        ARTICLES,
        "insert into article values ('One', cast(x'ff' as text)), ('Two', x'c3a4'), ('Three', 'ä')",
    )
    one, two, three = pieces(data)
    assert isinstance(one, Reject)
    assert "column 'text' is not UTF-8" in one.reason
    assert isinstance(two, dict)
    assert isinstance(three, dict)
    assert two["body"] == three["body"] == "ä"


def test_a_database_with_a_log_beside_it_is_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute(ARTICLES)
        connection.execute("insert into article values ('Ferry', 'It sails.')")
    connection.close()
    record, doubt = pieces((tmp_path / "a.db").read_bytes())
    assert isinstance(record, dict)
    assert isinstance(doubt, Doubt)
    assert "`-wal`" in doubt.warning


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n)"


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (f"{ENDLESS} select i title, i text from n", "more than 10,000 rows"),
        (f"{ENDLESS} select i title, i text from n where i < 0", "takes too long"),
        ("select 'a' title, zeroblob(1 << 30) text", "damaged or cannot be read"),
        ("select load_extension('/tmp/x.so') title, 'a' text", "cannot be read"),
        ("select title, text from gone", "cannot be read"),
    ],
)
def test_a_view_that_does_not_end_or_does_something_else_is_refused(
    view: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "MOST_LOOKS", 3)
    data = database(f"create view article as {view}")
    with pytest.raises(DumpError, match=reason):
        list(sqlite.read(io.BytesIO(data), Feed("archive", table="article")))


@pytest.mark.parametrize("cut", [50, 4_000, 9_000])
def test_a_torn_database_is_refused(cut: int) -> None:
    data = database(ARTICLES, INSERT, rows=[("Ferry", "It sails. " * 99)] * 50)
    with pytest.raises(DumpError, match=r"damaged|no column"):
        list(sqlite.read(io.BytesIO(data[:cut]), FEED))

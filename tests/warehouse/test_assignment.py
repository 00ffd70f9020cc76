"""Which article a candidate is: the quick way for what shares no key gives what looking at each one gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.normalise.identity import Key, assign_articles
from etl.warehouse import assignment, statements

TABLES = """
create schema ops;
create table ops.article_alias (kind varchar, value varchar, article_id bigint, dump_key bigint);
create table candidate (
    ordinal bigint, dump_key bigint, native_kind varchar, native_id varchar, url varchar, alike_key varchar,
    content_key varchar, identity_basis varchar, has_id_collision boolean
);
create table known_alias (kind varchar, value varchar, article_id bigint);
"""

maybe = st.none() | st.sampled_from("abcdef")
candidates = st.lists(st.tuples(maybe, maybe, maybe, st.sampled_from("uvwxyz")), max_size=12)
stored = st.dictionaries(
    st.tuples(st.sampled_from(["native_id:wire", "url", "content"]), st.sampled_from("abcdefuvwxyz")),
    st.integers(1, 3),
    max_size=4,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        statements.raw(connection).execute(TABLES)
        yield connection
    engine.dispose()


@given(drawn=candidates, known=stored)
@settings(deadline=None, max_examples=60)
def test_each_candidate_is_the_article_that_it_would_be_if_all_were_looked_at(
    connection: sa.Connection, drawn: list[tuple[str | None, ...]], known: dict[Key, int]
) -> None:
    kinds: dict[int, set[str]] = {}
    for (kind, _), article_id in known.items():
        kinds.setdefault(article_id, set()).add(kind)
    next_id = max(known.values(), default=0) + 1
    expected = assign_articles([_keys(*row) for row in drawn], dict(known), kinds, next_id)

    article_ids, aliases = _assigned(connection, drawn, known)

    assert article_ids == expected.article_ids
    assert aliases == sorted((kind, value, id_, 100 + place) for kind, value, id_, place in expected.new_aliases)


def test_what_ties_candidates_of_different_chunks_is_seen(
    connection: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment, "ASSIGNED_AT_ONCE", 1)
    rows = [("a", None, None, "x"), (None, None, None, "u"), ("b", None, None, "y"), ("b", "c", None, "z")]
    rows += [("a", None, None, "v"), (None, "c", None, "w")]
    assert _assigned(connection, rows, {})[0] == [1, 2, 3, 3, 1, 3]


def _keys(native: str | None, url: str | None, alike: str | None, content: str) -> list[Key]:
    found = [("native_id:wire", native), ("url", url), ("content", alike), ("content", content)]
    return [(kind, value) for kind, value in found if value is not None]


def _assigned(
    connection: sa.Connection, rows: list[tuple[str | None, ...]], known: dict[Key, int]
) -> tuple[list[int], list[tuple[str, str, int, int]]]:
    """The articles of the candidates, in order, and the new keys, each with the delivery that brought it."""
    raw = statements.raw(connection)
    for table in ("ops.article_alias", "candidate", "known_alias"):
        raw.execute(f"create or replace table {table} as from {table} limit 0")
    for (kind, value), article_id in known.items():
        raw.execute("insert into known_alias values ($1, $2, $3)", [kind, value, article_id])
        raw.execute("insert into ops.article_alias values ($1, $2, $3, 0)", [kind, value, article_id])
    for place, (native, url, alike, content) in enumerate(rows):
        kind = "native_id:wire" if native else None
        values = [10 * place, 100 + place, kind, native, url, alike, content]
        raw.execute("insert into candidate values ($1, $2, $3, $4, $5, $6, $7, '', false)", values)
    assignment.assign(connection)
    article_ids = [row[0] for row in raw.execute("select article_id from assignment order by ordinal").fetchall()]
    new = "select kind, value, article_id, dump_key from ops.article_alias where dump_key > 0"
    return article_ids, sorted(raw.execute(new).fetchall())

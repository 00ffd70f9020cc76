"""An interrupted migration: a large warehouse of the oldest schema, opened by today's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from chaos.aftermath import last_words, left_behind
from chaos.child import Ended
from chaos.homes import Home
from etl.settings import SQL
from etl.warehouse import opening, reading
from etl.warehouse.catalogue import live_columns, live_comments

OLDEST = Path(__file__).resolve().parent.parent / "schemas" / "0000.sql"
ARTICLES = 600_000
COMMAND = ("rejected",)
"""A mild command that opens the warehouse to write."""

# The oldest schema is never edited, and so this need not be either.
HELD = """
insert into ops.dump values (1, 'a.jsonl', 'wire', 'jsonl', repeat('a', 64), '', 9, timestamp '2026-03-14 02:00:00');
insert into ops.load_run values
    ('old', 'schedule', timestamp '2026-03-14 02:00:00', timestamp '2026-03-14 02:01:00', 'verified', '{}');
insert into ops.dump_load
select 'old', 1, 'loaded', null, $articles, $articles, $articles, 0, 0, 0, '{}', null, timestamp '2026-03-14 02:00:00';
insert into ops.article_alias
select kind, kind || md5(number::varchar), number
from range(1, $articles + 1) as numbers (number) cross join (values ('content'), ('url')) as kinds (kind);
insert into news.fact_article by name
select
    number as article_key, number as article_id, 1 as revision, true as is_current,
    timestamp '2026-03-14' as valid_from, timestamp '2026-03-14 02:00:00' as loaded_at, 0 as published_date_key,
    'unknown' as date_basis, 'unknown' as date_precision, 0 as publication_key, 0 as section_key, 0 as language_key,
    0 as language_confidence, 1 as dump_key, 'wire' as source, 'line ' || number as position,
    'content' as identity_basis, 'usable' as status, false as is_partial, 1 as word_count, 1 as character_count,
    1 as paragraph_count, 0 as author_count, md5(number::varchar) as content_hash
from range(1, $articles + 1) as numbers (number);
"""


def old_home(home: Home) -> Home:
    """Fill an empty home with a warehouse of the oldest schema."""
    file = home.folder / "warehouse" / "broadsheet.duckdb"
    file.parent.mkdir(parents=True)
    with duckdb.connect(file, config={"storage_compatibility_version": opening.STORAGE_VERSION}) as connection:
        connection.execute(OLDEST.read_text())
        for statement in duckdb.extract_statements(HELD):
            named = dict.fromkeys(statement.named_parameters, ARTICLES)
            connection.execute(statement, named or None)
    return home


Contents = dict[str, Any]


def contents(home: Home) -> Contents:
    """Every table of the warehouse: its columns, its comments, its rows as their number and the sum of their hashes."""
    with reading.attached(home.folder / "warehouse" / "broadsheet.duckdb") as connection:
        columns = {name: set(found) for name, found in live_columns(connection).items()}
        # When it was migrated is the one thing that may differ.
        rows = {
            name: connection.sql(f"from {name}").aggregate("count(*), sum(hash(columns(*))::hugeint)").fetchone()
            for name in columns
            if name != "ops.schema_version"
        }
        versions = connection.execute("select version, fingerprint from ops.schema_version order by all").fetchall()
        return {"columns": columns, "comments": live_comments(connection), "rows": rows, "versions": versions}


def wrong(expected: Contents, home: Home, again: Ended) -> list[str]:
    """What is not as in a warehouse that was migrated undisturbed."""
    if again.code:
        return [f"the command, given again, ended with {again.code}: {last_words(again)}"]
    found = contents(home)
    return [f"{name} differ" for name in expected if found[name] != expected[name]] + left_behind(home)


def newest() -> int:
    """The number of the last migration."""
    return max(int(path.name[:4]) for path in (SQL / "migrations").glob("*.sql"))

"""An interrupted takedown: the text must be gone from every table and file, whenever it was killed."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
from snapshot import Snapshot

from chaos.aftermath import last_words, same_as
from chaos.child import Ended
from chaos.homes import Home
from etl.warehouse import reading

NUMBER = 130
"""An article of both yesterday's repeats and tonight's dumps, revised in the last of them."""
COMMAND = (
    "take-down",
    "--id",
    f"w{NUMBER}",
    "--reason",
    "order 7",
    "--requested-by",
    "a",
    "--approved-by",
    "b",
    "--yes",
)
DONE_BEFORE = "no article, stored or in quarantine, has the"


def wrong(expected: Snapshot, home: Home, again: Ended) -> list[str]:
    """What is not as after an undisturbed takedown. A takedown that was complete when it was killed has nothing left
    to find, and says so."""
    if again.code and DONE_BEFORE not in again.text:
        return [f"the takedown, given again, ended with {again.code}: {last_words(again)}"]
    published = home.broadsheet("publish")
    return [*same_as(expected, home, published), *(f"the text still stands in {name}" for name in holding(home))]


def holding(home: Home) -> list[str]:
    """The files below home, read and decoded, in which the headline still stands."""
    wanted = f"boat {NUMBER} leaves|boat {NUMBER}$"
    files = [path for path in home.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    tables = [path for path in files if path.suffix == ".parquet" and _in_parquet(path, wanted)]
    warehouses = [path for path in files if path.suffix in (".duckdb", ".part") and _in_warehouse(path, wanted)]
    return [str(path.relative_to(home.folder)) for path in tables + warehouses]


def _in_parquet(path: Path, wanted: str) -> bool:
    table = pq.read_table(path)
    if "headline" not in table.column_names:
        return wanted.split("|")[0] in str(table.to_pylist()).lower()
    return bool(pc.any(pc.match_substring_regex(table["headline"], wanted, ignore_case=True)).as_py())


def _in_warehouse(path: Path, wanted: str) -> bool:
    query = "select count(*) from news.article_text where regexp_matches(lower(headline), $wanted)"
    with reading.attached(path) as connection:
        return connection.execute(query, {"wanted": wanted}).fetchall() != [(0,)]

"""How long a search takes in a published file of any size, beside SQLite's FTS5 and tantivy over the same articles.

    python benchmarks/search.py PUBLISHED --folder FOLDER [--times 5]

Words come from the index itself: rare ones (in a hundred articles), middling ones (in a hundredth of all) and the most
common ones; phrases are two words that follow each other in some article. Each engine is asked for its ten best, by
turns, on one thread; p50 and p95 in milliseconds. What the others build is kept in FOLDER and built once; their
processor time and size are printed. Broadsheet's own time is that of `broadsheet index`.

FTS5 keeps no texts (content='') and folds accents; tantivy, where it is installed, stores numbers alone. Broadsheet
prints headline, publication, status and story of what it found, which the others cannot.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

import duckdb

from etl.warehouse import reading, search

try:
    import tantivy  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    tantivy = None

BY_FREQUENCY = """
with
terms as (
    select term, sum(len(hits)) as articles
    from ops.search_posting
    where regexp_matches(term, '^[a-z]{2,}$')
    group by term
)

select term
from terms
order by abs(ln(articles) - ln($articles)), term
limit 10
"""
TEXTS = """
select article_key, concat_ws(' ', headline, deck, body)
from news.article_text
where article_key between $first and $last
order by article_key
"""
Ask = Callable[[str], int]
BLOCK_BYTES = 262_144


def main() -> None:
    """Build what is not built yet, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    asked.folder.mkdir(exist_ok=True)
    with reading.attached(asked.published) as connection:
        connection.execute("set threads = 1")
        (articles,) = connection.execute("select count(*) from news.fact_article").fetchone() or (0,)
        segments = connection.execute("select list(revisions order by segment_key) from ops.search_segment").fetchall()
        print(f"Broadsheet: {articles:,} revisions, segments {segments}, {_size_of_index(connection):,} bytes")
        questions = dict(_questions(connection, articles))
        engines: dict[str, Ask] = {"Broadsheet": lambda question: len(search.find(connection, question, 10))}
        engines["Broadsheet, no snippets"] = lambda question: len(
            connection.execute("from mart.find_articles($1, top := 10)", [question]).fetchall()
        )
        engines["FTS5"] = _fts5(connection, asked.folder / "fts5.sqlite")
        if tantivy:
            engines["tantivy"] = _tantivy(connection, asked.folder / "tantivy")
        for kind, some in questions.items():
            spent: dict[str, list[float]] = {name: [] for name in engines}
            for question in some * asked.times:
                for name, ask in engines.items():
                    begun = time.perf_counter()
                    ask(question)
                    spent[name].append(1000 * (time.perf_counter() - begun))
            for name, times in spent.items():
                cuts = quantiles(times, n=20)
                print(f"{kind:14} {name:24} p50 {cuts[9]:8.1f} ms, p95 {cuts[18]:8.1f} ms", flush=True)


def _questions(connection: duckdb.DuckDBPyConnection, articles: int) -> Iterator[tuple[str, list[str]]]:
    for kind, number in {"rare": 100, "middling": articles // 100, "common": articles}.items():
        words = [row[0] for row in connection.execute(BY_FREQUENCY, {"articles": max(number, 1)}).fetchall()]
        yield f"{kind} word", words
        if kind != "rare":
            yield f"two {kind}", [f"{one} {other}" for one, other in zip(words, words[1:] + words[:1], strict=True)]
    chosen = random.Random(7).sample(range(1, articles), 40)
    texts = connection.execute(
        "select body from news.article_text where article_key in (select unnest($1))", [chosen]
    ).fetchall()
    pairs = [re.findall(r"\b([a-z]{4,}) ([a-z]{4,})\b", body or "") for (body,) in texts]
    yield "phrase", [f'"{one} {other}"' for found in pairs if found for one, other in found[3:4]]


def _size_of_index(connection: duckdb.DuckDBPyConnection) -> int:
    """The bytes of the blocks that only the postings use."""
    (blocks,) = connection.execute(
        "select count(distinct block_id) from pragma_storage_info('ops.search_posting') where block_id >= 0"
    ).fetchone() or (0,)
    return int(blocks) * BLOCK_BYTES


def _chunks(connection: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[int, str]]]:
    (last,) = connection.execute("select max(article_key) from news.article_text").fetchone() or (0,)
    for first in range(1, last + 1, 10_000):
        yield connection.execute(TEXTS, {"first": first, "last": first + 9_999}).fetchall()


def _fts5(connection: duckdb.DuckDBPyConnection, path: Path) -> Ask:
    if not path.exists():
        half = path.with_suffix(".half")
        database = sqlite3.connect(half)
        database.execute(
            "create virtual table texts using fts5(text, content='', tokenize='unicode61 remove_diacritics 2')"
        )
        spent = 0.0
        for chunk in _chunks(connection):
            begun = time.process_time()
            with database:
                database.executemany("insert into texts (rowid, text) values (?, ?)", chunk)
            last = time.process_time() - begun
            spent += last
        database.close()
        half.rename(path)
        print(f"FTS5: {spent:.1f} CPU-s, the last 10,000 in {last:.1f}, {path.stat().st_size:,} bytes with positions")
    opened = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    sql = "select rowid from texts where texts match ? order by rank limit 10"
    return lambda question: len(opened.execute(sql, [question]).fetchall())


def _tantivy(connection: duckdb.DuckDBPyConnection, path: Path) -> Ask:
    schema = tantivy.SchemaBuilder()
    schema = schema.add_integer_field("key", stored=True).add_text_field("text", stored=False).build()
    if not path.exists():
        half = path.with_suffix(".half")
        half.mkdir(exist_ok=True)
        writer = tantivy.Index(schema, str(half)).writer(256 << 20, 1)
        spent = 0.0
        for chunk in _chunks(connection):
            begun = time.process_time()
            for key, text in chunk:
                writer.add_document(tantivy.Document(key=key, text=text))
            writer.commit()
            spent += time.process_time() - begun
        writer.wait_merging_threads()
        half.rename(path)
        size = sum(file.stat().st_size for file in path.rglob("*"))
        print(f"tantivy: {spent:.1f} CPU-s, {size:,} bytes with positions")
    index = tantivy.Index.open(str(path))
    searcher = index.searcher()
    return lambda question: len(
        searcher.search(index.parse_query(question, ["text"], conjunction_by_default=True), 10).hits
    )


if __name__ == "__main__":
    main()

"""Load a dump with polars, as a straightforward script does it.

    python polars_load.py DUMP FOLDER

`polars.read_ndjson` stops at the first damaged line, so lines without a readable id are left out first.
"""

import sys

import duckdb
import polars as pl

TEXTS = ["id", "url", "title", "byline", "publication", "section", "published_at", "body"]
ARTICLE = pl.Struct({**dict.fromkeys(TEXTS, pl.String), "tags": pl.List(pl.String)})
DATES = ("%Y-%m-%dT%H:%M:%S%#z", "%a, %d %b %Y %H:%M:%S GMT", "%B %d, %Y")


def date(shape: str) -> pl.Expr:
    zoned = shape.endswith("z")
    found = pl.col("published_at").str.to_datetime(shape, strict=False, time_zone="UTC" if zoned else None)
    return found if zoned else found.dt.replace_time_zone("UTC")


def clean(column: str) -> pl.Expr:
    return pl.col(column).str.normalize("NFC").str.replace_all(r"[\s--\n]+", " ").str.strip_chars()


dump, folder = sys.argv[1:]
articles = (
    pl.scan_lines(dump, name="line")
    .filter(pl.col("line").str.json_path_match("$.id").is_not_null())
    .select(pl.col("line").str.json_decode(ARTICLE))
    .unnest("line")
    .drop_nulls(["id", "body"])
    .unique("id", keep="last")
    .with_columns(
        clean("title"),
        clean("body"),
        pl.col("url").str.replace(r"\?utm_.*", ""),
        pl.col("byline")
        .str.replace_all(r"^By |, Staff Writer$", "")
        .str.replace_all(" and ", ", ")
        .str.split(", ")
        .alias("authors"),
        pl.coalesce(map(date, DATES)).alias("published_at"),
    )
    .with_columns(pl.col("body").str.count_matches(r"\S+").alias("word_count"))
    .collect()
)
with duckdb.connect(f"{folder}/articles.duckdb") as connection:
    connection.execute("create table article as select * from articles")

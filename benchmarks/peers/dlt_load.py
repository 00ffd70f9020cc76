"""Load a dump with dlt, merged by id.

    python dlt_load.py DUMP FOLDER rows     as in dlt's introduction: a generator of dicts, every setting as it is
    python dlt_load.py DUMP FOLDER tuned    Arrow tables that DuckDB reads, as Parquet, no second process

Lines that are not JSON and articles without an id are left out: a merge needs a key.
"""

import json
import sys
from collections.abc import Iterator

import dlt
import duckdb
import pyarrow as pa

ROWS_AT_ONCE = 50_000


def rows(dump: str) -> Iterator[dict]:
    with open(dump, encoding="utf-8") as lines:
        for line in lines:
            try:
                article = json.loads(line)
            except ValueError:
                continue
            if article["id"]:
                yield article


def tables(dump: str) -> Iterator[pa.Table]:
    found = duckdb.sql(
        "select * from read_json($dump, format = 'newline_delimited', ignore_errors = true) where id is not null",
        params={"dump": dump},
    )
    for batch in found.to_arrow_reader(ROWS_AT_ONCE):
        yield pa.Table.from_batches([batch])


dump, folder, way = sys.argv[1:]
resource = dlt.resource(
    tables(dump) if way == "tuned" else rows(dump), name="article", write_disposition="merge", primary_key="id"
)
pipeline = dlt.pipeline(
    "articles",
    pipelines_dir=f"{folder}/dlt",
    destination=dlt.destinations.duckdb(f"{folder}/articles.duckdb"),
    dataset_name="raw",
)
pipeline.run(resource, loader_file_format="parquet" if way == "tuned" else None).raise_on_failed_jobs()

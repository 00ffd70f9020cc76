"""The limit: DuckDB's own CREATE TABLE AS, nothing made of the articles.

python limit.py DUMP FOLDER
"""

import sys

import duckdb

dump, folder = sys.argv[1:]
with duckdb.connect(f"{folder}/articles.duckdb") as connection:
    connection.execute(
        "create table article as select * from read_json(?, format = 'newline_delimited', ignore_errors = true)", [dump]
    )

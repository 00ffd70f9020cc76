"""Load a dump with plain pandas, as a straightforward script does it.

    python pandas_load.py DUMP FOLDER

`pandas.read_json(lines=True)` stops at the first damaged line, so the lines are parsed with json first.
"""

import json
import sys

import duckdb
import pandas as pd


def parsed(line: str) -> dict:
    try:
        return json.loads(line)
    except ValueError:
        return {}


dump, folder = sys.argv[1:]
with open(dump, encoding="utf-8") as lines:
    articles = pd.DataFrame(map(parsed, lines)).dropna(subset=["id", "body"]).drop_duplicates("id", keep="last")
for column in ("title", "body"):
    articles[column] = articles[column].str.normalize("NFC").str.replace(r"[^\S\n]+", " ", regex=True).str.strip()
articles["url"] = articles["url"].str.replace(r"\?utm_.*", "", regex=True)
articles["authors"] = (
    articles["byline"].str.replace(r"^By |, Staff Writer$", "", regex=True).str.split(r", | and ", regex=True)
)
articles["published_at"] = pd.to_datetime(articles["published_at"], format="mixed", utc=True, errors="coerce")
articles["word_count"] = articles["body"].str.split().str.len()
with duckdb.connect(f"{folder}/articles.duckdb") as connection:
    connection.execute("create table article as select * from articles")

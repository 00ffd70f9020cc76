"""How often bylines are split into the right people; see tests/truth/README.md.

    python benchmarks/bylines.py [--show | --held]

Compares `normalise` with bylines.json, through the readers of the real dumps, and with bylines_invented.json. A byline
is right if all of its people are found and nobody else. Every third of the hand-read ones is held out: reported apart,
and not shown by `--show`, which lists what is wrong. `--held` lists the held-out ones that are wrong.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from truth import TRUTH, same_agencies, same_names

from etl import formats
from etl.model import Declared, Feed
from etl.normalise._byline_lines import with_lines_apart
from etl.normalise._houses import without_publication
from etl.normalise.bylines import split_bylines
from etl.normalise.text import clean_lines
from etl.normalise.urls import canonical_urls

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
STRING = pd.ArrowDtype(pa.string())

Row = dict[str, Any]


def main() -> None:
    """Compare, and print."""
    invented = found(json.loads((TRUTH / "bylines_invented.json").read_text()))
    report("invented", invented, "--show" in sys.argv)
    if not CORPORA.is_dir():
        sys.exit(f"the folder of the real dumps, {CORPORA}, does not exist")
    rows = found([printed(row) for row in json.loads((TRUTH / "bylines.json").read_text())])
    report("hand-read", [row for place, row in enumerate(rows) if place % 3], "--show" in sys.argv)
    report("hand-read, held out", rows[::3], "--held" in sys.argv)
    report("hand-read, all", rows, False)


def printed(row: Row) -> Row:
    """Returns a row of the truth with the byline, publication and url that its reader gives."""
    if "byline" in row:
        return row
    piece = pieces(row["file"])[row["position"] - 1]
    return {**{name: piece.get(name) for name in ("byline", "publication", "url")}, **row}


@cache
def pieces(file: str) -> list[Row]:
    """Returns the records of a dump in their order, an empty one for every other piece."""
    data = (CORPORA / file).read_bytes()
    if file.endswith(".html.gz"):
        data = gzip.decompress(data)
    name = formats.recognise(data[: formats.HEAD_BYTES], Path(file).name)
    read = formats.named(name).read(io.BytesIO(data), Feed("bylines")) if name else []
    return [dict(piece) if isinstance(piece, dict) else {} for piece in read if not isinstance(piece, Declared)]


def found(rows: list[Row]) -> list[Row]:
    """Returns the rows with `found`, the names, and `found_agency`."""
    column = {
        name: pd.Series([row.get(name) for row in rows], dtype=STRING) for name in ("byline", "publication", "url")
    }
    domains = canonical_urls(column["url"])["domain"]
    lines = without_publication(
        clean_lines(with_lines_apart(column["byline"])), clean_lines(column["publication"]), domains
    )
    split = split_bylines(lines)
    return [
        {**row, "found": [person["name"] for person in people], "found_agency": None if pd.isna(agency) else agency}
        for row, people, agency in zip(rows, split["people"], split["agency"], strict=True)
    ]


def report(title: str, rows: list[Row], is_shown: bool) -> None:
    """Print the share that is right, and the rows that are wrong."""
    wrong = [row for row in rows if not same_names(row["people"], row["found"])]
    credited = [row for row in rows if "agency" in row]
    agencies = sum(same_agencies(row["agency"], row["found_agency"]) for row in credited)
    right = len(rows) - len(wrong)
    print(f"{title}: people {right} of {len(rows)}, {right / len(rows):.1%}; agencies {agencies} of {len(credited)}")
    for row in wrong if is_shown else ():
        print(f"  {row.get('byline')!r}: {'; '.join(row['people']) or 'nobody'}; found {row['found']}")


if __name__ == "__main__":
    main()

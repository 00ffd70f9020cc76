"""How long a search takes in a published file of any size.

    python benchmarks/search.py PUBLISHED [--times 5]

Words come from the index itself: rare ones (in a hundred articles), middling ones (in a hundredth of all) and the most
common ones, alone and in pairs. Prints p50 and p95 in milliseconds for finding the first ten articles and the count.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

import duckdb

from etl.warehouse import reading
from etl.warehouse.search import find

WORDS_QUERY = """
with
terms as (
    select term, sum(len(article_keys)) as articles
    from ops.search_posting
    group by term
)

select term
from terms
order by abs(ln(articles) - ln($articles)), term
limit 10
"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with reading.attached(asked.published) as connection:
        (articles,) = connection.execute("select count(*) from news.fact_article").fetchone() or (0,)
        (indexed,) = connection.execute(
            "select sum(last_article_key - first_article_key + 1) from ops.search_segment"
        ).fetchone() or (0,)
        print(f"{articles:,} revisions, {indexed or 0:,} of them in the index")
        for kind, number in {"rare": 100, "middling": articles // 100, "common": articles}.items():
            words = [row[0] for row in connection.execute(WORDS_QUERY, {"articles": max(number, 1)}).fetchall()]
            for questions in (words, [" ".join(pair) for pair in pairwise(words)]):
                print(f"{kind:9} {len(questions[0].split())} word(s): {_timed(connection, questions, asked.times)}")


def _timed(connection: duckdb.DuckDBPyConnection, questions: list[str], times: int) -> str:
    spent = []
    for words in questions * times:
        begun = time.monotonic()
        find(connection, words, 10)
        spent.append(1000 * (time.monotonic() - begun))
    cuts = quantiles(spent, n=20)
    return f"p50 {cuts[9]:,.0f} ms, p95 {cuts[18]:,.0f} ms"


if __name__ == "__main__":
    main()

"""Many articles with revisions, rejects and repairs, in a warehouse file, in a lake, moved back from it into a file,
and in a file whose dumps were read in parts of a megabyte: every table must hold the same.

    PYTHONPATH=.:tests python benchmarks/equality.py [--articles 200000]

Two nights, then unload, release, renormalise, separate, replay, dismiss, takedown, maintenance and the last check, each
done in all three at the same times. Needs PostgreSQL; exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import services
from newsroom import Newsroom

from benchmarks.comparison import invented_articles
from benchmarks.histories import FEEDS, OF_THE_CLOCK, Step, answer, different_tables, newsrooms, stanzas
from etl.warehouse import moving
from etl.warehouse.catalogue import all_tables

DUMPS = 8
PART_BYTES = 1_000_000
LEFT_OUT = {
    **OF_THE_CLOCK,
    "ops.search_segment": {"segment_key"},  # counts every attempt
    "ops.search_posting": {"segment_key"},
    "ops.rejected_article": {"ordinal"},  # where a part put it into its quarantine file
}
"""Columns that say how something was done, and not what is there."""
STEPS = (
    Step("ingest"),
    Step("ingest"),
    Step("unload", "wire/003.jsonl"),
    Step("release", "wire/003.jsonl"),
    Step("renormalise"),
    Step("separate"),
    Step("replay"),
    Step("dismiss", "wire/001.jsonl"),
    Step("take_down", ("id", "1-00000007")),
    Step("maintain", True),
    Step("finish"),
)


def main() -> int:
    """Do all steps in all newsrooms and compare. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200_000)
    asked = parser.parse_args()
    logging.disable()
    with services.postgres() as server, newsrooms(server) as (plain, in_lake):
        in_parts = plain.with_settings(home=plain.folder / "parts-home", part_bytes=PART_BYTES)
        moved = plain.with_settings(home=plain.folder / "moved-home")
        found = list(_different_answers([plain, in_lake, in_parts], asked.articles))
        moving.move(in_lake.settings, moved.settings)
        print(*_told(plain), sep="\n")
        tables = sum(not table.is_view for table in all_tables().values())
        for name, other in {"lake": in_lake, "moved back": moved, "in parts": in_parts}.items():
            differing = list(different_tables(plain, other, LEFT_OUT))
            print(f"{name}: {tables} tables compared; differences: {len(differing)}", *differing, sep="\n", flush=True)
            found += differing
    return 1 if found else 0


def _different_answers(rooms: list[Newsroom], articles: int) -> Iterator[str]:
    """Do the steps in each newsroom; says which did not answer the same."""
    folder = rooms[0].folder
    for number, step in enumerate(STEPS):
        _prepare(folder, number, step, articles)
        begun = time.process_time()
        answers = [answer(step, number, room) for room in rooms]
        print(f"{number} {step.kind}: {time.process_time() - begun:.0f} CPU-s: {answers[0][:200]}", flush=True)
        for other in answers[1:]:
            if other != answers[0]:
                print(f"ANOTHER ANSWER: {other[:500]}", flush=True)
                yield other


def _prepare(folder: Path, number: int, step: Step, articles: int) -> None:
    """Write what a step finds: the dumps of a night, another name of a publication."""
    if number == 0:
        (folder / "sources.toml").write_text(stanzas(FEEDS))
        lines = invented_articles.Newsroom(1).lines(articles)
        for count in range(DUMPS):
            _write(folder, f"{count:03}", islice(lines, -(-articles // DUMPS)))
    if number == 1:
        _write(folder, "revised", _revised(folder, articles // 10))
    if step.kind == "renormalise":
        (folder / "sources.toml").write_text(stanzas({**FEEDS, "wire": "Island Echo"}))


def _write(folder: Path, name: str, lines: Any) -> None:
    path = folder / "landing" / "wire" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))


def _revised(folder: Path, count: int) -> Iterator[str]:
    """So many articles of the first dumps again: most of them changed, some as they were, some under another id."""
    chance = random.Random(1)
    lines = [line for dump in ("000", "003") for line in (folder / f"landing/wire/{dump}.jsonl").open()]
    for line in chance.sample(lines, min(count, len(lines))):
        try:
            article = json.loads(line)
        except ValueError:
            yield line
            continue
        kind = chance.random()
        if kind < 0.6:
            article["body"] = f"{article['body']}\n\nCorrected."
        elif kind < 0.8:
            article["id"] = f"again-{article['id']}"
        yield json.dumps(article) + "\n"


def _told(room: Newsroom) -> Iterator[str]:
    """What the warehouse holds, for the reader of the result."""
    for table in ("news.fact_article", "ops.article_redelivery", "ops.rejected_article", "ops.load_run"):
        ((rows,),) = room.query(f"select count(*) from {table}")
        yield f"{table}: {rows:,} rows"


if __name__ == "__main__":
    sys.exit(main())

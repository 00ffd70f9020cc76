"""The dumps that everything is tried on: invented, generated, the same every time.

Yesterday's are loaded before the trouble begins; tonight's hold everything a load does: new articles, revisions and
repeats of yesterday's, rejected records, articles known by an id, by an address and by their content alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXT = """
the harbour council said that a boat with herring left for the island after the storm while nobody on the quay
waved because rain fell on crates ropes nets and gulls until the lamp went out over the pier and people walked
home along the wall to read about prices of salt bread coal and tickets for the ferry in the morning paper
"""

SOURCES = """landing = "landing"

[feed.wire]
path = "*.jsonl"
id_column = "id"
timezone = "Europe/Dublin"
settle_seconds = 0
"""


@dataclass(frozen=True)
class Size:
    """How many articles a dump holds, and how many dumps there are: yesterday's and tonight's."""

    articles: int
    yesterday: int
    tonight: int


SMALL = Size(articles=120, yesterday=1, tonight=2)
LARGE = Size(articles=4_000, yesterday=1, tonight=6)


def make(folder: Path, size: Size, first: int, dumps: int) -> None:
    """Write sources.toml and the dumps from number `first` on into a newsroom's folder."""
    landing = folder / "landing"
    landing.mkdir(parents=True, exist_ok=True)
    (folder / "sources.toml").write_text(SOURCES)
    for number in range(first, first + dumps):
        (landing / f"{number:03}.jsonl").write_text("".join(_lines(number, size.articles)))


def _lines(dump: int, articles: int) -> Iterator[str]:
    for place in range(articles):
        yield json.dumps(_article(dump * articles + place)) + "\n"
    if dump:
        before = range((dump - 1) * articles, dump * articles)
        for number in before[::10]:
            yield json.dumps({**_article(number), "headline": f"Mended: boat {number}"}) + "\n"
        for number in before[1::10]:
            yield json.dumps(_article(number)) + "\n"
    for number in range(5):
        yield json.dumps({**_article(dump * articles), "id": f"empty-{dump}-{number}", "url": None, "body": ""}) + "\n"
    yield '{"headline": "torn\n'


def _article(number: int) -> dict[str, Any]:
    chance, words = random.Random(number), TEXT.split()
    text = " ".join(chance.choices(words, k=90))
    written = {
        "id": f"w{number}",
        "url": f"https://courier.example/{number}",
        "publication": f"Courier {number % 3}",
        "section": f"Quay {number % 5}",
        "headline": f"Boat {number} leaves the harbour",
        "byline": f"By Mara Lindqvist{number % 40} and Jon Berg (jon{number % 7}@courier.example)",
        "published": f"2026-03-{1 + number % 28:02}T06:00:00Z",
        "tags": ["boats", f"pier {number % 7}"],
        "body": f"{text} {number}.\n\n{text[: len(text) // 2]}",
    }
    if number % 10 == 7:  # known by its address only
        del written["id"]
    if number % 10 == 8:  # known by its content only
        del written["id"], written["url"]
    if number % 10 == 9:  # a text that another publication carries too
        written["body"] = f"{_article(number - 9)['body']}"
    return written

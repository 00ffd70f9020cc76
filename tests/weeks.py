"""A newsroom with several weeks of papers, to see what the front page looks like after a while.

    PYTHONPATH=tests .venv/bin/python -m weeks FOLDER

makes one to look at. Each feed delivers a week of its paper every Monday night; wire stories are in several papers, two
papers miss days, one feed falls silent, and in the last night things go wrong: a torn line, no bodies, an empty dump.
It also brings a topic that nobody had, a correction, a withdrawal and articles under embargo.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from newsroom import Newsroom, make_newsroom

from etl import pipeline
from etl.reports.report import Report
from etl.run import Request, begin

LAST_NIGHT = datetime(2026, 11, 23, 2, 14)  # a Monday


@dataclass(frozen=True)
class Paper:
    """A paper with its feed: how many articles it prints a day, and on which days of the week (0 is Monday)."""

    feed: str
    name: str
    country: str
    language: str
    articles: int
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


PAPERS = (
    Paper("harbour_courier", "Harbour Courier", "IE", "en", 14, (0, 1, 2, 3, 4, 5)),
    Paper("evening_lamp", "The Evening Lamp", "GB", "en", 12),
    Paper("valley_wire", "Valley Wire", "CH", "en", 18),
    Paper("stadtblatt", "Stadtblatt Furt", "DE", "de", 11, (0, 1, 2, 3, 4, 5)),
    Paper("gaceta", "La Gaceta del Puerto", "ES", "es", 8),
    Paper("lighthouse_review", "Lighthouse Review", "US", "en", 20, (5,)),
    Paper("northern_post", "Northern Post", "CA", "en", 4),
    Paper("island_echo", "Island Echo", "NZ", "en", 3),
)

WHO = (
    *("Ferry crews", "City councillors", "Teachers", "Farmers on the plain", "Harbour pilots", "Tram drivers"),
    *("Two museums", "The bakers of Furt", "Librarians", "Astronomers", "River engineers", "Night nurses"),
)
WHAT = (
    *("vote to end a nine-day strike", "ask for warmer rooms before winter", "find a ledger thought lost since 1911"),
    *("warn of low water for a third week", "open their doors on Sunday", "reject the new timetable"),
    *("count fewer swallows than ever", "settle a quarrel about noise", "plan a bridge for bicycles only"),
)
SENTENCES = {
    "en": "The decision came late in the evening, after hours of talks behind closed doors. Nobody had expected it.",
    "de": "Die Entscheidung fiel am späten Abend nach stundenlangen Gesprächen. Niemand hatte damit gerechnet.",
    "es": "La decisión llegó tarde por la noche, después de horas de conversaciones. Nadie lo esperaba.",
}
AUTHORS = ("Mara Lindqvist", "Tom Aldous", "Ines Carvalho", "Jonas Weber", "Ruth Okafor", "Pilar Ibarra")
TAGS = ("transport", "politics", "culture", "weather", "science")


def weeks_in(folder: Path, weeks: int = 9, last: list[dict[str, Any]] | None = None, **settings: Any) -> Newsroom:
    """A newsroom with that many weeks, one night each; `last` is added to the records of the last night."""
    newsroom = make_newsroom(folder).with_settings(**settings)
    for paper in PAPERS:
        newsroom.stanza(
            f'[feed.{paper.feed}]\npath = "{paper.feed}/*"\nformat = "jsonl"\npublication = "{paper.name}"\n'
            f'country = "{paper.country}"\nlanguage = "{paper.language}"\nsettle_seconds = 0'
        )
    chance = random.Random(1854)
    for week in reversed(range(weeks)):
        night = LAST_NIGHT - timedelta(weeks=week)
        wire = [_story(number, chance) for number in range(12)]
        for paper in PAPERS:
            if not (week == 0 and paper.feed == "gaceta"):
                records = [*_issues(paper, night.date(), wire, chance)]
                newsroom.drop(f"{paper.feed}/{night:%Y-%m-%d}.jsonl", records)
        if week == 0:
            _spoil(newsroom, night.date(), last or [])
        ingest_at(newsroom if week == 0 else newsroom.with_settings(front_page=False), night)
    return newsroom


def ingest_at(newsroom: Newsroom, night: datetime) -> Report:
    """The nightly run as it would have been at that moment (UTC), with all dumps delivered before it."""
    for dump in newsroom.landing.rglob("*.jsonl"):
        before = min(dump.stat().st_mtime, night.replace(tzinfo=UTC).timestamp() - 3600)
        os.utime(dump, (before, before))
    run = begin(newsroom.settings, "schedule", Request(), f"scheduled__{night:%Y-%m-%dT%H%M}")
    return pipeline.run_all(replace(run, started_at=night))


def _issues(paper: Paper, night: date, wire: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """What the paper printed in the seven days before the night."""
    for back in range(7, 0, -1):
        day = night - timedelta(days=back)
        if day.weekday() not in paper.days or _is_lost(paper, day, night):
            continue
        share = 0.55 if day.weekday() >= 5 and paper.feed != "lighthouse_review" else 1.0
        for number in range(round(paper.articles * share * chance.uniform(0.75, 1.25))):
            yield _article(paper, day, number, chance)
        for story in wire:
            if story["day"] == back and story["spread"] > PAPERS.index(paper) and paper.language == "en":
                yield {**_article(paper, day, 100 + story["number"], chance), **story["fields"]}


def _is_lost(paper: Paper, day: date, night: date) -> bool:
    """Whether this day was never delivered: three days of the Evening Lamp, half a week of the Northern Post."""
    back = (LAST_NIGHT.date() - day).days
    return (paper.feed == "evening_lamp" and back in (4, 5, 16)) or (paper.feed == "northern_post" and 8 <= back <= 11)


def _article(paper: Paper, day: date, number: int, chance: random.Random) -> dict[str, Any]:
    headline = f"{chance.choice(WHO)} {chance.choice(WHAT)}"
    paragraphs = chance.randint(2, 9)
    first = f"{paper.name}, {day:%-d %B}, number {number}: {chance.random():.9f}."
    return {
        "url": f"https://{paper.feed.replace('_', '-')}.example/{day}/{number}",
        "headline": headline,
        "byline": f"By {chance.choice(AUTHORS)}",
        "published": f"{day}T{chance.randint(5, 21):02}:{chance.randint(0, 59):02}:00Z",
        "section": chance.choice(("News", "Business", "Culture", "Sport")),
        "tags": chance.sample(TAGS, 2),
        "body": "\n\n".join([first, *[SENTENCES[paper.language]] * paragraphs]),
    }


def _story(number: int, chance: random.Random) -> dict[str, Any]:
    """A wire story: its day, its fields, and how many of PAPERS, from the first, may carry it."""
    headline = f"{WHO[number]} {chance.choice(WHAT)}"
    body = "\n\n".join([f"{headline}, the agency reports: {chance.random():.9f}.", *[SENTENCES["en"]] * 4])
    return {
        "number": number,
        "day": chance.randint(1, 7),
        "spread": chance.choice((3, 3, 7, 8, 8)),
        "fields": {"headline": headline, "body": body, "byline": "By Our Correspondent, Valley Wire"},
    }


def _spoil(newsroom: Newsroom, night: date, last: list[dict[str, Any]]) -> None:
    """Damage the dumps of the last night, and add records unlike the others."""
    dump = newsroom.landing / f"harbour_courier/{night}.jsonl"
    lines = dump.read_text().splitlines()
    lines[3] = lines[3][:120]
    for place in (5, 9):
        lines[place] = json.dumps({**json.loads(lines[place]), "body": ""})
    dump.write_text("\n".join(lines) + "\n")
    newsroom.drop(f"stadtblatt/{night}-extra.jsonl", "")
    newsroom.drop(f"valley_wire/{night}-late.jsonl", [*_undated(), *_news_of_the_night(newsroom, night), *last])


def _news_of_the_night(newsroom: Newsroom, night: date) -> Iterator[dict[str, Any]]:
    """A correction and a withdrawal of what came a week before, three articles under embargo, and a new topic."""
    before = (newsroom.landing / f"valley_wire/{night - timedelta(days=7)}.jsonl").read_text().splitlines()
    corrected, withdrawn = (json.loads(line) for line in before[:2])
    changed = {"modified": f"{night}T00:30:00Z"}
    yield {**corrected, **changed, "headline": f"{corrected['headline']}, for once", "status": "corrected"}
    yield {**withdrawn, **changed, "status": "canceled"}
    day = night - timedelta(days=1)
    for number, until in enumerate(
        (f"{night}T01:00:00Z", f"{night}T17:00:00Z", f"{night + timedelta(days=1)}T06:30:00Z")
    ):
        headline = f"What the council will say on its harbour, part {number + 1}"
        address = f"https://valley-wire.example/embargo/{number}"
        yield {"url": address, "headline": headline, "body": f"{headline}.", "status": "embargoed", "embargo": until}
    for number in range(14):
        yield {
            "url": f"https://valley-wire.example/ice/{number}",
            "headline": f"Ice on the river: day {number}",
            "body": f"The river froze, as {number} people saw.",
            "published": f"{day}T{number + 6:02}:00:00Z",
            "tags": ["river ice"],
        }


def _undated() -> Iterator[dict[str, Any]]:
    for number in range(3):
        yield {
            "url": f"https://valley-wire.example/undated/{number}",
            "headline": "From our archive",
            "body": f"Words {number}.",
        }


if __name__ == "__main__":
    place = Path(sys.argv[1]).absolute()
    place.mkdir(parents=True)
    print(weeks_in(place, front_page=True).settings.published_folder / "index.html")

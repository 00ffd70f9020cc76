"""An invented archive for the cookbook and the marts: two months of four papers and a wire, loaded in three nights.

Everything is made from a fixed seed and loaded at fixed instants, so that every answer is known in advance.

    PYTHONPATH=tests python -m sample_archive

loads it and writes the answers of all queries in sql/queries/ to docs/cookbook/; read the diff.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsroom import Newsroom, make_newsroom

from etl import pipeline
from etl.reports.cookbook import ANSWERS, QUERIES
from etl.run import Request, Run
from etl.warehouse import reading
from etl.warehouse.published import LINK

QUESTIONS = sorted(QUERIES.glob("*.sql"))

FIRST_DAY, LAST_DAY = date(2026, 2, 2), date(2026, 3, 29)
NIGHTS = {
    "night-1": datetime(2026, 3, 1, 2),
    "night-2": datetime(2026, 3, 16, 2),
    "night-3": datetime(2026, 3, 30, 2),
}
STANZA = """
[feed.{name}]
path = "{name}/*.jsonl"
format = "jsonl"
publication = "{publication}"
country = "{country}"
language = "{language}"
timezone = "UTC"
id_column = "id"
settle_seconds = 0
"""
FEEDS = {
    "valley_wire": ("Valley Wire", "CH", "en"),
    "harbour_courier": ("Harbour Courier", "IE", "en"),
    "evening_lamp": ("The Evening Lamp", "GB", "en"),
    "stadtblatt": ("Stadtblatt Furt", "DE", "de"),
}
AUTHORS = {
    "valley_wire": ("Ines Carvalho", "Jonas Keller"),
    "harbour_courier": ("Mara Lindqvist", "Tom Okafor", "Ines Carvalho"),
    "evening_lamp": ("Priya Nair", "Ole Brandt"),
    "stadtblatt": ("Karla Brandt", "Timo Weiß"),
}
THEMES = {
    "en": {
        "harbour": ("Harbour", "ferry", "The new ferry", "The fishing fleet", "The old crane"),
        "water": ("Environment", "flood", "The upper dam", "The river board", "The spring thaw"),
        "trams": ("City", "tram", "The night tram", "The council", "The ticket office"),
        "schools": ("City", "pupils", "The music school", "The teachers", "The school board"),
        "rowing": ("Sport", "crew", "The women's eight", "The regatta", "The rowing club"),
    },
    "de": {
        "Verkehr": ("Lokales", "Bahnhof", "Der Nachtbus", "Die neue Brücke", "Der Bahnhof"),
        "Schule": ("Lokales", "Unterricht", "Die Musikschule", "Das Gymnasium", "Der Elternbeirat"),
        "Sport": ("Sport", "Tor", "Der TV Furt", "Das Pokalspiel", "Die Handballerinnen"),
    },
}
DEEDS = {
    "en": ("will close for a month", "opens again", "costs twice as much", "finds a new home", "waits for money"),
    "de": ("wird ein Jahr lang umgebaut", "bekommt mehr Geld", "zieht um", "feiert Geburtstag"),
}
SYLLABLES = (
    "bar",
    "den",
    "fol",
    "gim",
    "har",
    "kel",
    "lun",
    "mos",
    "nor",
    "pel",
    "rin",
    "sal",
    "tor",
    "ulm",
    "ver",
    "wes",
)

Record = dict[str, Any]


class Press:
    """Writes the papers of every day; they are always the same."""

    def __init__(self) -> None:
        self.random = random.Random(2026)
        self.numbers = dict.fromkeys(FEEDS, 0)

    def article(self, feed: str, day: date, hour: int | None, **fields: Any) -> Record:
        """A new article, with words that are in this order in no other text."""
        self.numbers[feed] += 1
        language = FEEDS[feed][2]
        topic = self.random.choice([*THEMES[language]])
        section, word, *subjects = THEMES[language][topic]
        return {
            "id": f"{feed[:2].upper()}-{self.numbers[feed]:04d}",
            "title": f"{self.random.choice(subjects)} {self.random.choice(DEEDS[language])}",
            "byline": self.random.choice(["By " + author for author in AUTHORS[feed]] + [""]),
            "published": f"{day}" if hour is None else f"{day}T{hour:02d}:{self.random.randrange(60):02d}:00Z",
            "section": section,
            "tags": [topic],
            "language": language,
            "body": self.body(word),
            **fields,
        }

    def body(self, word: str) -> str:
        """Two paragraphs that contain the word once."""
        words = ["".join(self.random.choices(SYLLABLES, k=2)) for _ in range(self.random.randrange(40, 90))]
        words.insert(12, word)
        half = len(words) // 2
        return "\n\n".join(" ".join(part).capitalize() + "." for part in (words[:half], words[half:]))

    def day(self, day: date) -> Iterator[tuple[str, Record]]:
        """The articles of a day: of the wire, of the papers that carry it, and of the papers themselves."""
        wire = [self.article("valley_wire", day, hour) for hour in (5, 9, 15)]
        for report in wire:
            yield "valley_wire", report
        for report in wire[: 2 if day.weekday() < 5 else 1]:
            copied = {"title": f"{report['title']}, agency says", "byline": "", "agency": "Valley Wire"}
            copied |= {"body": report["body"], "section": report["section"], "tags": report["tags"]}
            if day.day % 2:
                yield "harbour_courier", self.article("harbour_courier", day, 11, **copied)
            if day.day % 3:
                yield "evening_lamp", self.article("evening_lamp", day + timedelta(1), None, **copied)
        for hour in (6, 7, 18)[: 3 if day.weekday() < 5 else 2]:
            yield "harbour_courier", self.article("harbour_courier", day, hour)
        if day.weekday() != 6:
            yield "evening_lamp", self.article("evening_lamp", day, None)
            yield "stadtblatt", self.article("stadtblatt", day, None, is_partial=day.weekday() == 5)


MISSING = {
    (feed, first + timedelta(day))
    for feed, first in (
        ("harbour_courier", date(2026, 3, 10)),
        ("evening_lamp", date(2026, 3, 17)),
        ("stadtblatt", date(2026, 3, 23)),
    )
    for day in range(3)
}
"""Days on which a paper was not delivered."""


def archive() -> dict[str, dict[str, list[Record]]]:
    """The records that arrive in each night, by feed."""
    press = Press()
    nights: dict[str, dict[str, list[Record]]] = {night: {feed: [] for feed in FEEDS} for night in NIGHTS}
    day = FIRST_DAY
    while day <= LAST_DAY:
        night = next(night for night, started_at in NIGHTS.items() if day < started_at.date())
        for feed, record in press.day(day):
            if (feed, date.fromisoformat(record["published"][:10])) not in MISSING:
                nights[night][feed].append(record)
        day += timedelta(1)
    for before, after in (("night-1", "night-2"), ("night-2", "night-3")):
        nights[after]["valley_wire"] += list(revisions(nights[before]["valley_wire"]))
    last = nights["night-3"]
    last["harbour_courier"] += [
        press.article("harbour_courier", date(2026, 1, 17), 8, title="Found in the attic: the flood of 1926"),
        press.article(
            "harbour_courier", LAST_DAY, 19, title="Who paid for the crane?", embargo_until="2026-04-06T06:00:00Z"
        ),
        {"id": "HA-9999", "title": "A headline without a text", "published": "2026-03-28"},
    ]
    last["stadtblatt"].append(press.article("stadtblatt", LAST_DAY, None, title="Leserbrief", published=None, tags=[]))
    return nights


def revisions(reports: list[Record]) -> Iterator[Record]:
    """Later versions of some of the wire's reports, with another text, headline or byline; one is withdrawn."""
    for place, report in enumerate(reports[::17]):
        changed = datetime.fromisoformat(report["published"]) + timedelta(hours=3 + place)
        revised = {**report, "version": 2, "modified": changed.isoformat(), "status": "corrected"}
        if place % 4 == 0:
            revised["body"] += "\n\nAn earlier version gave another price."
        elif place % 4 == 1:
            revised["title"] += " (corrected)"
        elif place % 4 == 2:
            revised["byline"] = "By Jonas Keller and Ines Carvalho"
        yield {**revised, "status": "canceled"} if place == 3 else revised


def load(newsroom: Newsroom) -> None:
    """Load the archive night by night, through every stage, and publish it."""
    for name, (publication, country, language) in FEEDS.items():
        newsroom.stanza(STANZA.format(name=name, publication=publication, country=country, language=language))
    for night, dumps in archive().items():
        arrived = [newsroom.drop(f"{feed}/{night}.jsonl", records) for feed, records in dumps.items()]
        if night == "night-3":
            arrived.append(newsroom.drop("stadtblatt/torn.jsonl", '{"Titel": \n' * 3))
        for path in arrived:
            before = (NIGHTS[night] - timedelta(hours=1)).replace(tzinfo=UTC).timestamp()
            os.utime(path, (before, before))
        run = Run(newsroom.settings, night, NIGHTS[night], "schedule", Request())
        run.folder.mkdir(parents=True)
        pipeline.run_all(run)


def made_in(folder: Path) -> Newsroom:
    """The archive, loaded and published in an empty folder."""
    newsroom = make_newsroom(folder)
    load(newsroom)
    return newsroom


def answer(newsroom: Newsroom, query: Path) -> list[list[str]]:
    """The answer of the published file to a query: the names of the columns, then the rows, as text."""
    with reading.attached(newsroom.settings.published_folder / LINK) as connection:
        found = connection.sql(query.read_text("utf-8"))
        return [found.columns, *([_as_text(value) for value in row] for row in found.fetchall())]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return "" if value is None else str(value)


def write_answers(newsroom: Newsroom) -> None:
    """Write docs/cookbook/<query>.csv for every query."""
    ANSWERS.mkdir(exist_ok=True)
    for query in QUESTIONS:
        with (ANSWERS / f"{query.stem}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(answer(newsroom, query))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        write_answers(made_in(Path(folder)))

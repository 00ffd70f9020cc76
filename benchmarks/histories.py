"""Random histories of nights and repairs, in a warehouse file and in a lake: every table must hold the same.

    PYTHONPATH=tests python benchmarks/histories.py [--first SEED] [--count HISTORIES] [--only STEP ...]

Each history is a few steps: nights with new articles, revisions, repeats, wire copies, ids and addresses that articles
share, records that are rejected and dumps that are refused; unload, replay, renormalise, separate, release, dismiss,
takedown, maintenance. Both do the same steps at the same times, then all rows of all tables are compared (EXCEPT ALL,
both ways). Of a history that differs, the steps that it takes are searched for. Needs PostgreSQL; exit status 1 if any
differs.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import services
from newsroom import Newsroom, make_newsroom

from etl import maintain, pipeline
from etl.model import Trigger
from etl.repair import RepairError, deliveries, dismiss, release, renormalise, replay, separate, takedown, unload
from etl.repair.asked import Asked
from etl.run import Request, Run, begin
from etl.stages.discover import RequestError
from etl.stages.verify import VerifyFailed
from etl.warehouse import lake
from etl.warehouse.catalogue import all_tables
from etl.warehouse.statements import quoted

FIRST_NIGHT = datetime(2026, 9, 1, 2)

OF_THE_CLOCK = {
    "ops.load_run": {"finished_at"},
    "ops.publication": {"published_at"},
    "ops.schema_version": {"applied_at"},
    "ops.takedown": {"taken_down_at", "completed_at"},
}
"""Columns that say when the machine did something."""

FEEDS = {"wire": "Valley Wire", "courier": "Harbour Courier", "lamp": "The Evening Lamp"}
NAMES = ("Mara Lindqvist", "Tom Okafor", "Ines Carvalho", "Ole Brandt", "Our Correspondent, Valley Wire")
WORDS = (
    *("ferry", "harbour", "council", "bridge", "winter", "lamp", "baker", "river", "school", "tram", "museum", "night"),
    *("fog", "pilot", "farm", "ledger"),
)
EXPECTED = (RepairError, RequestError, VerifyFailed)
"""What a step may end in: an answer, as long as both give it."""


@dataclass(frozen=True)
class Step:
    """What is done next, and the files, by their paths, that are there before it."""

    kind: str
    argument: Any = None
    files: dict[str, str] = field(default_factory=dict)


class Archive:
    """What was invented so far, for what comes later to revise, repeat, copy or repair it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.articles: list[tuple[str, dict[str, Any]]] = []
        self.dumps: list[str] = []

    def night(self) -> Step:
        """One to three dumps, some of which come again under another name."""
        files = {}
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            feed = self.chance.choice(list(FEEDS))
            size = self.chance.choice((0, 1, 8, 20, 35, 60) if self.dumps else (20, 35, 60))
            lines = [self._line(feed) for _ in range(size)]
            if self.dumps and self.chance.random() < 0.05:
                lines += [json.dumps(article) for _, article in self.articles[-60:]]
            self.dumps.append(f"{feed}/{len(self.dumps):03}.jsonl")
            files[f"landing/{self.dumps[-1]}"] = "".join(line + "\n" for line in lines)
        return Step(self.chance.choice(("ingest", "load", "load", "load")), files=files)

    def _line(self, feed: str) -> str:
        kind = self.chance.random()
        if kind < 0.04:
            return self.chance.choice(('{"torn', '{"headline": "No body"}', '{"body": 5, "headline": []}', "null"))
        if kind < 0.12 and self.articles:
            return json.dumps(self.chance.choice(self.articles)[1])
        if kind < 0.3 and self.articles:
            article = self._revised()
        elif kind < 0.45 and self.articles:
            article = self._like(feed, self.chance.choice(self.articles)[1])
        else:
            article = self._new(feed)
        self.articles.append((feed, article))
        return json.dumps(article)

    def _new(self, feed: str) -> dict[str, Any]:
        number, chance = len(self.articles), self.chance
        day = FIRST_NIGHT - timedelta(days=chance.randint(0, 20), minutes=chance.randint(0, 1000))
        named = {"url": f"https://{feed}.example/{number}"}
        if feed == "wire":
            named = {"id": f"w{number}", "version": str(chance.randint(1, 3))}
        elif chance.random() < 0.06:
            named = {"url": f"https://{feed}.example/"}
        return {
            **named,
            "headline": f"{chance.choice(WORDS).title()} {chance.choice(WORDS)} {number}",
            "byline": f"By {chance.choice(NAMES)}",
            "published": chance.choice((f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day:%Y-%m-%d}", "")),
            "section": chance.choice(("News", "Sport", "")),
            "tags": chance.sample(WORDS, chance.randint(0, 3)),
            "body": "\n\n".join(self._paragraph() for _ in range(chance.randint(1, 6))),
        }

    def _paragraph(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(8, 60))).capitalize() + "."

    def _revised(self) -> dict[str, Any]:
        _, article = self.chance.choice(self.articles)
        changed = {
            "headline": f"{article['headline']}, again",
            "body": f"{article['body']}\n\n{self._paragraph()}",
            "status": self.chance.choice(("corrected", "canceled", "embargoed")),
            "byline": f"By {self.chance.choice(NAMES)} and {self.chance.choice(NAMES)}",
            "published": "",
            "version": str(self.chance.randint(1, 9)),
            "modified": f"{FIRST_NIGHT + timedelta(hours=self.chance.randint(0, 99)):%Y-%m-%dT%H:%M:%SZ}",
        }
        return {**article, **{name: changed[name] for name in self.chance.sample(list(changed), 2)}}

    def _like(self, feed: str, article: dict[str, Any]) -> dict[str, Any]:
        """A copy in another place, word for word or with a paragraph more."""
        more = f"\n\n{self._paragraph()}" if self.chance.random() < 0.5 else ""
        return {**self._new(feed), "headline": article["headline"], "body": article["body"] + more}

    def step(self) -> Step:
        """A night or a repair."""
        chance = self.chance
        kinds = ("night", "unload", "replay", "renormalise", "separate", "release", "dismiss", "take_down", "maintain")
        kind = chance.choices(kinds, (12, 5, 3, 3, 1, 2, 1, 1, 2))[0]
        if kind == "night":
            return self.night()
        if kind == "renormalise":
            names = {**FEEDS, chance.choice(list(FEEDS)): chance.choice(("Valley Wire", "Island Echo"))}
            aliases = (
                f'[publication."The Echo"]\naliases = ["Island Echo"]\ncountry = "{chance.choice(("IE", "GB"))}"\n'
            )
            return Step(kind, files={"sources.toml": stanzas(names), "publications.toml": aliases})
        if kind == "take_down":
            _, article = chance.choice(self.articles or [("", {"url": "https://lamp.example/none"})])
            return Step(kind, ("url", article["url"]) if "url" in article else ("id", article["id"]))
        return Step(kind, {"maintain": chance.random() < 0.5}.get(kind, chance.choice(self.dumps)))


def stanzas(names: dict[str, str]) -> str:
    """The text of sources.toml, with the publication of each feed."""
    feeds = (
        f'[feed.{feed}]\npath = "{feed}/*"\nformat = "jsonl"\npublication = "{name}"\nsettle_seconds = 0\n'
        + ('id_column = "id"\noptional = ["id"]\n' if feed == "wire" else "")
        for feed, name in names.items()
    )
    return 'landing = "landing"\n' + "".join(feeds)


def history(seed: int, between: int | None = None) -> list[Step]:
    """The steps of a history: a night, as many others `between` (by default three to five), and the last check."""
    archive = Archive(random.Random(seed))
    first = archive.night()
    first.files["sources.toml"] = stanzas(FEEDS)
    if between is None:
        between = archive.chance.randint(3, 5)
    return [first, *(archive.step() for _ in range(between)), Step("finish")]


def _load(run: Run, _: Any) -> Any:
    """A night that is not verified yet."""
    for part in pipeline.discover(run):
        pipeline.extract(run, *part)
    for files in pipeline.gather(run):
        pipeline.normalise(run, files)
    pipeline.check(run)
    return pipeline.load(run)


def _release(run: Run, dump: str) -> Any:
    release.release_deliveries(run, deliveries.Chosen(dump), "again")
    again = begin(run.settings, "manual", Request(), f"{run.run_id}-again")
    return _load(replace(again, started_at=run.started_at + timedelta(hours=1)), None)


def _take_down(run: Run, asked: tuple[str, str]) -> Any:
    return takedown.take_down(run, Asked(*asked, reason="a court", requested_by="Ada"), "Grace").articles


def _maintain(run: Run, recount: bool) -> Any:
    maintain.maintain_warehouse(run, always_rewrite=True, recount=recount)


DONE_BY: dict[str, Callable[[Run, Any], Any]] = {
    "ingest": lambda run, _: pipeline.run_all(run).failures,
    "load": _load,
    "finish": lambda run, _: pipeline.finish(run).failures,
    "unload": lambda run, dump: unload.unload_delivery(run, dump, "a mistake"),
    "replay": lambda run, _: replay.replay_chosen(run, replay.Chosen()),
    "renormalise": lambda run, _: renormalise.renormalise_chosen(run, renormalise.Chosen()),
    "separate": lambda run, _: separate.separate_merged(run),
    "release": _release,
    "dismiss": lambda run, dump: dismiss.dismiss_waiting(run, deliveries.Chosen(dump), "never"),
    "take_down": _take_down,
    "maintain": _maintain,
}
"""The answer of each is what both must give."""


def differences(steps: list[Step], room: Newsroom, in_lake: Newsroom) -> list[str]:
    """Do the steps in both newsrooms, which share their landing folder; returns what differs."""
    found = []
    for number, step in enumerate(steps):
        for name, text in step.files.items():
            file = room.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            os.utime(file, (FIRST_NIGHT.timestamp(), FIRST_NIGHT.timestamp()))
        answers = [answer(step, number, newsroom) for newsroom in (room, in_lake)]
        if answers[0] != answers[1]:
            found.append(f"step {number}, {step.kind}: the file answers {answers[0]}, the lake {answers[1]}")
    return [*found, *different_tables(room, in_lake)]


def answer(step: Step, number: int, newsroom: Newsroom) -> str:
    """Do a step; returns what it answers, or how it fails."""
    trigger = step.kind if step.kind in list(Trigger) else "manual"
    run = replace(
        begin(newsroom.settings, trigger, Request(), f"step-{number}"), started_at=FIRST_NIGHT + timedelta(days=number)
    )
    try:
        return f"{step.kind}: {DONE_BY[step.kind](run, step.argument)}"
    except EXPECTED as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error} {''.join(traceback.format_tb(error.__traceback__)[-2:])}"


def different_tables(
    room: Newsroom, other: Newsroom, left_out: Mapping[str, Collection[str]] = OF_THE_CLOCK
) -> Iterator[str]:
    """Says of each table which rows only one of two newsrooms has: the first has a file, the second that or a lake.
    `left_out`: columns by the names of their tables."""
    place = lake.of(other.settings)
    second = "lake" if place else "second"
    with duckdb.connect(config=lake.UNCHECKED) as connection:
        connection.execute(f"attach {quoted(room.settings.warehouse_file)} as file (read_only)")
        if place:
            lake.attach(connection, place, name=second)
        else:
            connection.execute(f"attach {quoted(other.settings.warehouse_file)} as {second} (read_only)")
        for table in all_tables().values():
            if not table.is_view:
                names = [
                    f'"{column.name}"'
                    for column in table.columns
                    if column.name not in left_out.get(table.full_name, ())
                ]
                rows = {side: f"select {', '.join(names)} from {side}.{table.full_name}" for side in ("file", second)}
                for one, two in (("file", second), (second, "file")):
                    only = connection.execute(f"{rows[one]} except all {rows[two]}").fetchall()
                    if only:
                        yield f"{table.full_name}: {len(only)} rows only in the {one}, first {str(only[0])[:600]}"


@contextmanager
def newsrooms(server: services.Postgres) -> Iterator[tuple[Newsroom, Newsroom]]:
    """Two that share all but the warehouse: a file, and a lake with rows in a folder."""
    connection = server.new_database()
    with tempfile.TemporaryDirectory(prefix="broadsheet-histories-") as name:
        room = make_newsroom(Path(name))
        yield (
            room,
            room.with_settings(
                home=room.folder / "lake-home",
                warehouse=f"{lake.PREFIX}{connection}",
                lake_data=str(room.folder / "lake"),
            ),
        )


def different(steps: list[Step], server: services.Postgres) -> list[str]:
    """What differs after these steps from nothing."""
    with newsrooms(server) as rooms:
        return differences(steps, *rooms)


def fewest(steps: list[Step], server: services.Postgres) -> list[int]:
    """The places of steps without any of which nothing differs."""
    kept = list(range(len(steps)))
    for place in reversed(range(1, len(steps))):
        fewer = [number for number in kept if number != place]
        if different(_chosen(steps, fewer), server):
            kept = fewer
    return kept


def _chosen(steps: list[Step], places: Collection[int]) -> list[Step]:
    return [step for place, step in enumerate(steps) if place in places]


def main() -> int:
    """Try the histories that the arguments name. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=1, help="the seed of the first history")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--only", type=int, nargs="+", help="only these steps of each, by their numbers")
    asked = parser.parse_args()
    logging.disable()
    done: Counter[str] = Counter()
    failed = []
    with services.postgres() as server:
        for seed in range(asked.first, asked.first + asked.count):
            steps = history(seed)
            steps = _chosen(steps, asked.only) if asked.only else steps
            begun = time.process_time()
            found = different(steps, server)
            done.update(step.kind for step in steps)
            kinds = " ".join(step.kind for step in steps)
            print(
                f"{seed}: {'DIFFERS' if found else 'same'}, {time.process_time() - begun:.1f} CPU-s: {kinds}",
                flush=True,
            )
            if found:
                failed.append(seed)
                print(*found, sep="\n", flush=True)
                if not asked.only:
                    print(f"fewest steps: {fewest(steps, server)}", flush=True)
    kinds = ", ".join(f"{number} {kind}" for kind, number in done.most_common())
    print(f"{asked.count} histories ({kinds}): {len(failed)} differ {failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Two loaders over one lake whose lock is taken away again and again, and three readers throughout."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any

from snapshot import snapshot, snapshot_of

from chaos import dumps
from chaos.aftermath import differences, last_words
from chaos.child import FORK
from chaos.homes import Home
from chaos.lakes import Shore, seen_in_lake, settings_of
from chaos.outcome import Outcome
from etl.warehouse import lake, lake_lock, reading
from etl.warehouse.published import NotPublished

READERS = 3
PAUSE_SECONDS = 0.2
ROBBERIES = 5
MOST_RUNS = 20
REFUSED = "lost its lock"

TORN = """
    with
    facts as (
        select count(*) as number, count(distinct article_key) as keys from news.fact_article
    ),
    untold as (
        select count(*) as number
        from news.fact_article
        full join news.article_text using (article_key)
        where fact_article.article_id is null or article_text.article_key is null
    ),
    ledger as (
        select coalesce(sum(inserted + revised), 0) as number,
            count(*) filter (articles_read <> inserted + revised + unchanged + rejected) as broken
        from ops.dump_load
    )
    select facts.number <> facts.keys, untold.number > 0, facts.number <> ledger.number, ledger.broken > 0
    from facts, untold, ledger
"""
"""A key twice, a fact without its text or a text without its fact, a batch half seen, a broken law."""
UNVERIFIED = "select count(*) from ops.load_run where state <> 'verified'"

ROB = f"""
    select pg_terminate_backend(pid)
    from ({lake_lock.HOLDER.replace("application_name,", "pid, application_name,")}) as holder
    where application_name like '%load of run%'
"""


@dataclass
class Seen:
    """What the readers counted, and how often a loader lost the lock and was refused."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    robbed: int = 0
    refused: int = 0
    runs: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        counted = ", ".join(f"{self.counts[name]:,} {name}" for name in ("reads", "errors", "torn", "unverified"))
        return (
            f"{counted}; the lock taken away {self.robbed} times, {self.refused} of {self.runs} runs refused, "
            f"{self.seconds:.0f} s"
        )


def disjoint_newsroom(shore: Shore, articles: int) -> dict[str, list[str]]:
    """Dumps of two loaders that have no article in common, so that the order of the loads does not matter."""
    folder = shore.theatre.new_folder()
    size = dumps.Size(articles, 0, 0)
    numbers = {"one": (10, 20, 30), "other": (40, 50, 60)}
    for number in chain.from_iterable(numbers.values()):
        dumps.make(folder, size, number, 1)
    return {name: [str(folder / "landing" / f"{number:03}.jsonl") for number in some] for name, some in numbers.items()}


def compete(shore: Shore, is_filled: bool, articles: int, chance: random.Random) -> Seen:
    """Load from two homes at once, robbing whoever has the lock; returns what was seen, with what is wrong in
    `errors`."""
    orders = disjoint_newsroom(shore, articles)
    newsroom = Path(orders["one"][0]).parents[1]
    empty = shore.copy(shore.base) if is_filled and shore.base else shore.new_home()
    first = replace(empty, newsroom=newsroom)
    homes = {"one": first, "other": _beside(shore, first)}
    seen = Seen()
    begun = time.monotonic()
    with_readers(first, seen, lambda: _load(homes, orders, seen, chance))
    seen.seconds = time.monotonic() - begun
    seen.errors += _wrong(shore, first, orders, is_filled)
    return seen


def _beside(shore: Shore, home: Home) -> Home:
    """Another machine: its own folders, the same lake, and what is published in common."""
    folder = shore.theatre.new_folder()
    (home.folder / "published").mkdir(exist_ok=True)
    (folder / "published").symlink_to(home.folder / "published")
    return replace(home, folder=folder)


def _load(homes: dict[str, Home], orders: dict[str, list[str]], seen: Seen, chance: random.Random) -> None:
    """Run both until both have ended well, taking the lock away at random moments while a load has it."""
    in_lake = lake.of(settings_of(homes["one"]))
    assert in_lake
    running: dict[str, Any] = {}
    left, next_robbery = set(homes), 0.0
    with lake.catalogue_of(in_lake, "the robber") as connection, connection.cursor() as cursor:
        while left:
            for name in sorted(left - set(running)):
                running[name] = homes[name].start("ingest", *orders[name])
                seen.runs += 1
            if seen.robbed < ROBBERIES and time.monotonic() > next_robbery:
                cursor.execute(ROB)
                if robbed := len(cursor.fetchall()):
                    seen.robbed += robbed
                    next_robbery = time.monotonic() + chance.uniform(2, 20)
            for name, process in [*running.items()]:
                if process.poll() is None:
                    continue
                text = process.communicate()[0]
                del running[name]
                if process.returncode == 0:
                    left.remove(name)
                elif "Traceback" in text or not ("lock" in text or "verified" in text):
                    seen.errors.append(f"{name} ended with {process.returncode}: {' '.join(text.split())[-600:]}")
                seen.refused += REFUSED in text
                if seen.runs > MOST_RUNS:
                    seen.errors.append("it does not end")
                    return
            time.sleep(0.05)


def with_readers(home: Home, seen: Seen, work: Callable[[], None]) -> None:
    """Do work while three processes read what analysts are handed, and the head of the lake."""
    ended, told = RawValue("i", 0), FORK.SimpleQueue()
    readers = [FORK.Process(target=_read, args=(home, ended, told)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        work()
    finally:
        ended.value = 1
        for _ in readers:
            counts, errors = told.get()
            seen.counts.update(counts)
            seen.errors += errors
        for reader in readers:
            reader.join()


def _read(home: Home, ended: Any, told: Any) -> None:
    counts: Counter[str] = Counter()
    errors: list[str] = []
    settings = settings_of(home)
    in_lake = lake.of(settings)
    assert in_lake
    while not ended.value:
        try:
            handed = seen_in_lake(home)
        except NotPublished:
            handed = None
        for place in filter(None, (handed, in_lake)):
            try:
                if place is in_lake and not lake.exists(in_lake):
                    continue
                with reading.attached(place) as connection:
                    counts["torn"] += any((connection.execute(TORN).fetchone() or ())[:])
                    if place is handed:
                        counts["unverified"] += (connection.execute(UNVERIFIED).fetchone() or (0,))[0]
                counts["reads"] += 1
            except Exception as error:
                counts["errors"] += 1
                errors.append(f"a reader of {place.name}: {type(error).__name__}: {str(error)[:300]}")
        time.sleep(PAUSE_SECONDS)
    told.put((counts, errors[:3]))


def _wrong(shore: Shore, home: Home, orders: dict[str, list[str]], is_filled: bool) -> list[str]:
    """What is not as one loader makes it in a plain file."""
    plain = Home(shore.theatre.new_folder(), home.newsroom)
    if is_filled:
        plain = replace(shore.theatre.copy_of("yesterday"), newsroom=home.newsroom)
    ended = plain.broadsheet("ingest", *chain.from_iterable(orders.values()))
    if ended.code:
        return [f"into a plain file it ended with {ended.code}: {last_words(ended)}"]
    return differences(snapshot(plain.folder), snapshot_of(seen_in_lake(home)))


def noted(seen: Seen, outcome: Outcome, what: str) -> None:
    """Keep what was seen."""
    outcome.notes.append(f"{what}: {seen}")
    bad = {name: number for name, number in seen.counts.items() if name != "reads" and number}
    outcome.problems += [f"{what}: {number} {name}" for name, number in bad.items()]
    outcome.problems += [f"{what}: {error}" for error in seen.errors]
    if not seen.robbed:
        outcome.problems.append(f"{what}: the lock was never taken away")

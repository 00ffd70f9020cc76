"""How accurate stories are, and what they cost. Leaves nothing behind but the home that `build` makes.

usage: python benchmarks/stories.py build HOME DUMP...   load dumps into a home, for the other commands
       python benchmarks/stories.py speed HOME           fingerprints per CPU-second
       python benchmarks/stories.py quality HOME         compare 5,000 texts with all others, by brute force
       python benchmarks/stories.py largest HOME         the largest stories and how their articles begin
       python benchmarks/stories.py edits HOME           edit 2,000 articles as papers edit a text, and load them
       python benchmarks/stories.py batch HOME DUMP      CPU-seconds of loading a dump into a copy of a home

With --language (zh, ja, ...), `edits` takes only articles in these languages. Each command prints its results.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl import pipeline
from etl.normalise import fingerprints as likeness
from etl.normalise._shingles import NOTHING, shingles
from etl.run import Request, Run, begin
from etl.settings import Settings
from etl.warehouse import reading, stories

SAMPLED = 5_000
EDITED = 2_000
REPEATS = 2
BLOCK = 2_000
"""Number of texts that are compared with the sample at once."""


def main() -> None:
    """Run the benchmark that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["build", "speed", "quality", "largest", "edits", "batch"])
    parser.add_argument("home", type=Path)
    parser.add_argument("dumps", type=Path, nargs="*")
    parser.add_argument("--language", action="append", default=[])
    parser.add_argument("--format", help="format of dumps that are not recognised by their content")
    asked = parser.parse_args()
    home = asked.home.resolve()
    match asked.what:
        case "build":
            for dump in asked.dumps:
                ingest(home, dump.resolve(), asked.format)
        case "speed":
            speed(home)
        case "quality":
            quality(home)
        case "largest":
            largest(home)
        case "edits":
            edits(home, asked.language)
        case "batch":
            batch(home, asked.dumps[0].resolve(), asked.format)


def settings_of(home: Path) -> Settings:
    """The settings of a home without feeds."""
    sources = home / "sources.toml"
    home.mkdir(parents=True, exist_ok=True)
    sources.write_text('landing = "landing"\n')
    return Settings(home=home, sources=sources)


def prepared(home: Path, dump: Path, format_: str | None = None) -> Run:
    """A run that has completed every stage before the load."""
    run = begin(settings_of(home), "benchmark", Request((str(dump),), format=format_))
    read(run)
    return run


def read(run: Run) -> None:
    """Every stage before the load."""
    for part in pipeline.discover(run):
        pipeline.extract(run, *part)
    for files in pipeline.gather(run):
        pipeline.normalise(run, files)
    pipeline.check(run)


def ingest(home: Path, dump: Path, format_: str | None = None) -> None:
    run = prepared(home, dump, format_)
    print(f"{dump.name}: {pipeline.load(run)}", flush=True)


@contextmanager
def asked(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with reading.attached(settings_of(home).warehouse_file) as connection:
        yield connection


def speed(home: Path) -> None:
    """Time the fingerprints of the clean bodies in the largest file of the work folder."""
    file = max(home.glob("work/*/batch-*/articles-*.parquet"), key=lambda path: path.stat().st_size)
    articles, seconds = 0, 0.0
    for group in pq.ParquetFile(file).iter_batches(8_192, columns=["body"]):
        bodies = group.to_pandas(types_mapper=pd.ArrowDtype)["body"]
        begun = time.process_time()
        likeness.fingerprints_of(bodies)
        seconds += time.process_time() - begun
        articles += len(bodies)
    print(f"{articles:,} fingerprints: {articles / seconds:,.0f} per CPU-second")


TEXTS_QUERY = """
select story_text.text_key, story_text.shingle_count, story_text.leader_key, min(article_story.story_key) as story_key,
    min(fact_article.article_key) as article_key
from ops.story_text
inner join news.article_story using (text_key)
inner join news.fact_article on fact_article.article_id = article_story.article_id and fact_article.is_current
where shingle_count >= $fewest
group by all order by article_key
"""


def quality(home: Path) -> None:
    """For pairs of a sampled text and any other: are they alike by all their shingles, and do they share a story?"""
    with asked(home) as connection:
        texts = connection.execute(TEXTS_QUERY, {"fewest": likeness.FEWEST_SHINGLES}).to_arrow_table().to_pandas()
        sample = np.sort(np.random.default_rng(1).choice(len(texts), min(SAMPLED, len(texts)), replace=False))
        true = alike_by_brute_force(connection, texts, sample)
    story = texts["story_key"].to_numpy()
    together = {
        (one, other)
        for one in sample.tolist()
        for other in np.flatnonzero(story == story[one]).tolist()
        if other != one
    }
    both = true & together
    leader = dict(zip(texts["text_key"], texts["leader_key"], strict=True))
    keys = texts["text_key"].to_numpy()
    led = sum(
        keys[other] in (leader[keys[one]],) or leader[keys[other]] == leader[keys[one]] for one, other in together
    )
    print(
        f"{len(sample):,} texts against {len(texts):,}: {len(true):,} pairs are alike, {len(together):,} share a story"
    )
    print(f"recall     {len(both) / max(len(true), 1):.4f}")
    print(f"precision  {len(both) / max(len(together), 1):.4f} of pairs; {led:,} of them are led by one text")
    for one, other in sorted(true - together)[:5]:
        print("missed:", texts.loc[[one, other], ["text_key", "shingle_count", "leader_key"]].to_dict("list"))


def alike_by_brute_force(
    connection: duckdb.DuckDBPyConnection, texts: pd.DataFrame, sample: np.ndarray
) -> set[tuple[int, int]]:
    """All pairs (place of a sampled text, place of any other) that are alike, without bands, sketches or leaders."""
    keys = texts["article_key"].to_numpy()
    sampled = [sets_of(connection, keys, places) for places in np.array_split(sample, len(sample) // BLOCK + 1)]
    owners, hashes = (np.concatenate(columns) for columns in zip(*sampled, strict=True))
    order = np.argsort(hashes, kind="stable")
    owners, hashes = owners[order], hashes[order]
    alike: set[tuple[int, int]] = set()
    for places in np.array_split(np.arange(len(keys)), len(keys) // BLOCK + 1):
        others, found = sets_of(connection, keys, places)
        alike |= alike_in_block(owners, hashes, others, found)
    return alike


def alike_in_block(owners: np.ndarray, hashes: np.ndarray, others: np.ndarray, found: np.ndarray) -> set[Any]:
    """Those of the pairs (owner, other) that share enough of their shingles; `hashes` are sorted."""
    low, high = np.searchsorted(hashes, found, "left"), np.searchsorted(hashes, found, "right")
    times = high - low
    nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    sharing = owners[np.repeat(low, times) + nth]
    pairs, shared = np.unique(sharing << 32 | np.repeat(others, times), return_counts=True)
    one, other = pairs >> 32, pairs & 0xFFFFFFFF
    sizes, other_sizes = np.bincount(owners, minlength=one.max() + 1), np.bincount(others, minlength=other.max() + 1)
    is_alike = (shared >= likeness.needed(sizes[one], other_sizes[other])) & (one != other)
    return set(zip(one[is_alike].tolist(), other[is_alike].tolist(), strict=True))


def sets_of(
    connection: duckdb.DuckDBPyConnection, keys: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The distinct shingles of some bodies: for each, the place of its text and the hash."""
    connection.register("wanted", pa.table({"place": places, "article_key": keys[places]}))
    found = connection.execute(
        "select place, body from news.article_text inner join wanted using (article_key) "
        f"where article_key between {keys[places[0]]} and {keys[places[-1]]} order by place"
    ).to_arrow_table()
    owners, hashes = [], []
    for start in range(0, len(found), 50):
        fours, _ = shingles(found["body"].slice(start, 50))
        kept = fours.hashes != NOTHING
        different = np.unique(np.stack([fours.texts[kept].astype(np.uint64), fours.hashes[kept]]), axis=1)
        owners.append(found["place"].to_numpy()[start + different[0].astype(np.int64)])
        hashes.append(different[1])
    return np.concatenate(owners), np.concatenate(hashes)


def largest(home: Path) -> None:
    """Print the number of stories by size, and how some articles of the largest stories begin."""
    with asked(home) as connection:
        counts = connection.execute(
            "select article_count, count(*) from news.dim_story where story_key > 0 group by all order by 1 desc"
        ).fetchall()
        print("number of stories by their articles:", ", ".join(f"{size}: {number:,}" for size, number in counts))
        top = connection.execute(
            "select story_key, article_count, publication_count from news.dim_story order by 2 desc, 1 limit 3"
        ).fetchall()
        for story_key, articles, publications in top:
            print(f"\nstory {story_key}: {articles} articles in {publications} publications")
            rows = connection.execute(
                "select shared_share, word_count, headline, left(body, 150) from news.article_story "
                "inner join news.fact_article on fact_article.article_id = article_story.article_id and is_current "
                "inner join news.article_text using (article_key) where story_key = $1 order by article_key",
                [story_key],
            ).fetchall()
            for share, words, headline, body in random.Random(1).sample(rows, min(8, len(rows))):
                print(f"  {share:.2f} {words:5} words  {(headline or '')[:60]!r}  {body!r}")


SPELLINGS = [
    (r"(?<=[a-z]{2})or\b", "our"),
    (r"(?<=[a-z]{2})iz(e|ed|es|ing|ation|ations)\b", r"is\1"),
    (r"\b(cent|theat|met|kilomet)er(s?)\b", r"\1re\2"),
    (r"\bpercent\b", "per cent"),
    (r"\b(def|off|lic)ense\b", r"\1ence"),
    (r"\bprogram(s?)\b", r"programme\1"),
    (r"\b(trave|cance|labe|mode)l(ed|ing)\b", r"\1ll\2"),
    (r"\btoward\b", "towards"),
    (r"\btons\b", "tonnes"),
]


def parts_of(body: str) -> list[str]:
    """The paragraphs of a body; of a text without paragraphs, its sentences."""
    parts = body.split("\n\n")
    return parts if len(parts) > 3 else re.findall(r"[^.!?。！？]+(?:[.!?。！？]+\s*|$)", body)


def joined(body: str, parts: list[str]) -> str:
    return "\n\n".join(parts) if len(body.split("\n\n")) > 3 else "".join(parts)


def cut(body: str, share: float, chance: random.Random) -> str:
    """The body without some of its paragraphs, until this share of the text is gone."""
    parts = parts_of(body)
    while len(parts) > 1 and sum(map(len, parts)) > (1 - share) * len(body):
        parts.pop(chance.randrange(len(parts)))
    return joined(body, parts)


def respelled(body: str) -> str:
    for american, british in SPELLINGS:
        body = re.sub(american, british, body)
    return body


def with_local_colour(body: str, other: str, chance: random.Random) -> str:
    """The body with part of another article, an eighth of its length, inserted."""
    parts = parts_of(body)
    parts.insert(chance.randint(1, len(parts)), other[: len(body) // 8].rsplit(" ", 1)[0] + " ")
    return joined(body, parts)


Edit = Callable[[str, str, random.Random], str]

EDITS: dict[str, Edit] = {
    "new headline and byline": lambda body, other, chance: body,
    "a quarter cut": lambda body, other, chance: cut(body, 0.25, chance),
    "two fifths cut": lambda body, other, chance: cut(body, 0.4, chance),
    "spelling": lambda body, other, chance: respelled(body),
    "local colour": with_local_colour,
    "a quarter cut, spelling and local colour": lambda body, other, chance: with_local_colour(
        respelled(cut(body, 0.25, chance)), other, chance
    ),
}

ORIGINALS_QUERY = """
select article_id, body
from news.fact_article
inner join news.article_text using (article_key)
inner join news.dim_language using (language_key)
where is_current and length(body) >= 200 and (len($languages) = 0 or list_contains($languages, language_code))
order by hash(article_id)
limit $number
"""

FOUND_QUERY = """
select
    split_part(edited.native_id, '/', 1) as kind,
    count(*),
    count(*) filter (where edited_story.story_key = original.story_key)
from news.fact_article as edited
inner join news.article_story as edited_story on edited_story.article_id = edited.article_id
inner join news.article_story as original on original.article_id = split_part(edited.native_id, '/', 2)::bigint
where edited.native_id like '%/%' and edited.source = 'edits'
group by kind
"""


def edits(home: Path, languages: list[str]) -> None:
    """Load edited copies of articles into a copy of the home; print how many are in the story of the original."""
    chance = random.Random(7)
    with asked(home) as connection:
        originals = connection.execute(ORIGINALS_QUERY, {"languages": languages, "number": EDITED}).fetchall()
    records, alike = [], {}
    for kind, edit in EDITS.items():
        bodies = [edit(body, chance.choice(originals)[1], chance) for _, body in originals]
        places = np.arange(len(bodies))
        pairs = pa.array([body for _, body in originals] + bodies, pa.large_string())
        alike[kind] = likeness.are_alike(pairs, places, places + len(bodies)).mean()
        records += [
            {
                "id": f"{kind}/{id_}",
                "headline": f"{kind} {id_}",
                "byline": "By Ida Holm",
                "publication": kind,
                "body": body,
            }
            for (id_, _), body in zip(originals, bodies, strict=True)
        ]
    with copied(home) as copy:
        dump = copy / "edits.jsonl"
        chance.shuffle(records)
        dump.write_text("".join(json.dumps(record) + "\n" for record in records))
        settings = settings_of(copy)
        settings.sources.write_text(f'landing = "{copy}"\n[feed.edits]\npath = "edits.jsonl"\nid_column = "id"\n')
        run = begin(settings, "benchmark", Request((str(dump),), source="edits"))
        read(run)
        pipeline.load(run)
        with reading.attached(settings.warehouse_file) as connection:
            found = {kind: (count, hits) for kind, count, hits in connection.execute(FOUND_QUERY).fetchall()}
    print(f"{len(originals):,} articles, each edited in {len(EDITS)} ways")
    print(f"{'':42} in its story  alike to it")
    for kind in EDITS:
        count, hits = found.get(kind, (0, 0))
        print(f"{kind:42} {hits / max(count, 1):12.4f} {alike[kind]:12.4f}  ({count:,} loaded)")


@contextmanager
def copied(home: Path) -> Iterator[Path]:
    """A temporary home with a copy of the warehouse of this one."""
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        copy = Path(folder)
        target = settings_of(copy).warehouse_file
        target.parent.mkdir(parents=True)
        if (warehouse_file := settings_of(home).warehouse_file).exists():
            shutil.copyfile(warehouse_file, target)
            os.sync()
        yield copy


def batch(home: Path, dump: Path, format_: str | None) -> None:
    """Load a dump into a copy of a home several times; time the whole stage and the part that finds stories."""
    settle, spent = stories.settle, [0.0]

    def timed(*arguments: Any) -> None:
        begun = time.process_time()
        settle(*arguments)
        spent[0] += time.process_time() - begun

    stories.settle = timed
    for _ in range(REPEATS):
        with copied(home) as copy:
            run = prepared(copy, dump, format_)
            before = run.settings.warehouse_file.stat().st_size if run.settings.warehouse_file.exists() else 0
            spent[0] = 0.0
            begun = time.process_time()
            counts = pipeline.load(run)
            seconds = time.process_time() - begun
            grown = run.settings.warehouse_file.stat().st_size - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{counts['inserted']:,} inserted: load {seconds:.2f} CPU-s, stories {spent[0]:.2f} of it; "
            f"file {before / 1e6:,.0f} MB, grown by {grown / 1e6:,.1f} MB; peak {peak:,.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()

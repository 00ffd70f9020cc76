"""Load the real dumps of ../shared/corpora, compare them with the truth, and write docs/fidelity.md.

    python benchmarks/fidelity.py [--show]

Reports the articles found and the articles that are there; per format and field the share that is filled and, compared
with the truth, the share that is right; articles per CPU-second of every reader. `--show` lists everything that is
wrong. Leaves nothing behind. Exit status 1 if a count is not met.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from truth import FIELDS, TRUTH, counts, facts, judge, truths

from etl import pipeline
from etl.declared.sources import load_sources
from etl.intake import bundles
from etl.model import Feed, Reject, Skip
from etl.run import Request, Run, begin
from etl.settings import PROJECT, Settings

CORPORA = PROJECT.parent / "shared" / "corpora"
SCOREBOARD = PROJECT / "docs" / "fidelity.md"
TIMED_CPU_SECONDS = 1.0

Judged = dict[str, dict[str, list[bool]]]


def main() -> int:
    """Load, judge, print and write the scoreboard. Returns the exit status."""
    if not CORPORA.is_dir():
        sys.exit("the folder of the real dumps, ../shared/corpora, does not exist")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), sources=TRUTH / "sources.toml")
        run = begin(settings, "manual", Request())
        report = pipeline.run_all(run)
        dumps, articles = _dumps(run), _articles(run)
    found, missed = _counted(dumps)
    judged, wrong = _judged(articles)
    board = "\n".join([*_head(), *found, "", *_fields(articles, judged), "", *_speeds(dumps, settings), ""])
    print(board)
    if "--show" in sys.argv:
        print(*wrong, sep="\n")
    SCOREBOARD.write_text(board)
    print(f"{report.state}: {len(missed)} counts not met", *missed, sep="\n  ")
    return 1 if missed else 0


def _dumps(run: Run) -> pd.DataFrame:
    """One row per dump: path, file, format, state, reason and all counts."""
    files = pq.read_table(run.plan, columns=["delivery", "file"]).to_pandas()
    return pq.read_table(run.dumps).to_pandas().merge(files, on="delivery")


def _articles(run: Run) -> pd.DataFrame:
    """All clean articles, with the path and the format of their dump, and `place`: 1 for the first piece of a dump."""
    frames = []
    for number in pq.read_table(run.plan)["batch"].unique().to_pylist():
        batch = run.batch(number)
        ordinals = _table(*batch.raw, *batch.pieces, columns=["delivery", "ordinal"])
        places = ordinals.groupby("delivery")["ordinal"].rank().astype(int)
        frames.append(_table(*batch.articles).merge(ordinals.assign(place=places), on=["delivery", "ordinal"]))
    dumps = _dumps(run)[["delivery", "path", "format"]]
    return pd.concat(frames, ignore_index=True).merge(dumps, on="delivery")


def _table(*files: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """The rows of all files."""
    return pd.concat((pq.read_table(file, columns=columns).to_pandas() for file in files), ignore_index=True)


def _counted(dumps: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The table of counts, and the counts that were not met."""
    names = "dump | format | articles | found | marks | declared | rejected | words | false refusals | skipped"
    lines = [f"| {names} | |", "|" + "---|" * (names.count("|") + 2)]
    missed = []
    for path, articles in counts().items():
        rows = dumps[(dumps["path"] == path) | dumps["path"].str.startswith(f"{path}/")]
        found, marks = int(rows["articles_read"].sum()), int(rows["marks_seen"].fillna(0).sum())
        declared = rows["articles_declared"].dropna()
        is_met = found == marks == articles and (rows["state"] != "refused").all()
        reasons = "; ".join(sorted(set(rows["reason"].dropna()))) if not is_met else ""
        if not is_met:
            missed.append(f"{path}: {found} of {articles}, marks {marks} {reasons}")
        cells = (
            path,
            " + ".join(sorted(set(rows["format"]))),
            articles,
            found,
            marks,
            int(declared.sum()) if len(declared) else "",
            int(rows["rejected"].sum()) or "",
            _share(rows),
            int(((rows["state"] != "loaded") & (articles > 0)).sum()) or "",
            _skipped(rows["skipped"]),
            "" if is_met else "**missed**",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines, missed


def _share(rows: pd.DataFrame) -> str:
    """The share of the words that ended in an article, a reject or a skip."""
    seen = int(rows["words_seen"].fillna(0).sum())
    return f"{int(rows['words_accounted'].fillna(0).sum()) / seen:.1%}" if seen else ""


def _skipped(columns: pd.Series) -> str:
    total: dict[str, int] = defaultdict(int)
    for skipped in columns.dropna():
        for kind, number in json.loads(skipped).items():
            total[kind] += number
    return ", ".join(f"{number} {kind}" for kind, number in total.items())


def _judged(articles: pd.DataFrame) -> tuple[Judged, list[str]]:
    """Per format and field which judgements are right, and a line for each that is wrong."""
    judged: Judged = defaultdict(lambda: defaultdict(list))
    wrong = []
    for format_name, truth in truths():
        for name, (is_right, expected, found) in judge(truth, _article_of(truth, articles)).items():
            judged[format_name][name].append(is_right)
            if not is_right:
                wrong.append(f"{truth['file']} {truth['position']} {name}: expected {expected!r}, found {found!r}")
    return judged, wrong


def _article_of(truth: dict[str, Any], articles: pd.DataFrame) -> pd.Series | None:
    inside = [truth["file"] == path or truth["file"].startswith(f"{path}/") for path in articles["path"]]
    rows = articles[pd.Series(inside, index=articles.index) & (articles["place"] == truth["position"])]
    return None if rows.empty else rows.iloc[0]


def _fields(articles: pd.DataFrame, judged: Judged) -> list[str]:
    """The scoreboard: per format and field the share filled, and how many of the judged articles are right."""
    lines = ["| format | articles | " + " | ".join(FIELDS) + " |", "|" + "---|" * (len(FIELDS) + 2)]
    for format_name, rows in articles.groupby("format"):
        filled = pd.DataFrame([facts(row) for _, row in rows.iterrows()])
        cells = []
        for name in FIELDS:
            share = filled[name].map(bool).mean()
            results = judged.get(str(format_name), {}).get(name, [])
            right = f", {sum(results)}/{len(results)}" if results else ""
            cells.append(f"{share:.0%}{right}")
        lines.append(f"| {format_name} | {len(rows):,} | " + " | ".join(cells) + " |")
    return lines


def _speeds(dumps: pd.DataFrame, settings: Settings) -> list[str]:
    """Articles per CPU-second of every reader, marks included."""
    feeds = load_sources(settings).feeds
    lines = ["| reader | articles per CPU-second | MB per CPU-second |", "|---|---|---|"]
    for format_name, rows in dumps[dumps["state"] != "refused"].groupby("format"):
        articles = size = 0
        begun = time.process_time()
        while (spent := time.process_time() - begun) < TIMED_CPU_SECONDS:
            for file, source in zip(rows["file"], rows["source"], strict=True):
                articles += _read(Path(file), str(format_name).split(" + ")[0], feeds[source])
                size += Path(file).stat().st_size
        lines.append(f"| {format_name} | {articles / spent:,.0f} | {size / spent / 1e6:.1f} |")
    return lines


def _read(file: Path, format_name: str, feed: Feed) -> int:
    articles = 0
    parts = [str(path) for path in bundles.parts_on_disk(file, bundles.named_parts(file))]
    for member, reader in bundles.readable(file, lambda _: format_name, parts):
        if isinstance(reader, Reject | Skip):
            continue
        with member.open() as stream:
            articles += sum(isinstance(piece, dict | Reject) for piece in reader.read(stream, feed))
        with member.open() as stream:
            reader.count_marks(stream, feed)
    return articles


def _head() -> list[str]:
    return [
        "# Fidelity",
        "",
        "Written by `make fidelity`: the real dumps of `../shared/corpora`, loaded with format `auto`, compared with",
        "the counts of their README and with what a person found in them (`tests/truth`). Per field: the share of all",
        "articles in which it is filled, then how many of the judged articles are right.",
        "",
    ]


if __name__ == "__main__":
    sys.exit(main())

"""What each reader makes of its samples, how fast it is, and what it holds in memory: a table in markdown.

    PYTHONPATH=.:tests:tests/formats python benchmarks/readers.py [FORMAT ...] [--seconds 25]

- samples: the files in tests/samples, and the articles that must come out of them.
- two counts: the articles that `read` gives, rejects among them, and those that `count_marks` finds.
- fields right: of all fields in the files of expected results, how many the reader gives exactly.
- articles per CPU-s, memory: of one pass of `read` over a large dump (large_dumps.py) in a process of its own. It has
  100,000 articles or 500 MB, or fewer where they would take more than `--seconds` of CPU time. Memory is the peak
  beyond the idle process. As many articles must be read as were written, and none rejected.

A rate that fell is shown beside that for a smaller dump. Files are opened as in a run: recognised by their content,
and mail, RTF and PDF unwrapped. Exit status 1 if something of a row is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any, NamedTuple

from hostile import cost_of, status_mb
from large_dumps import MAKERS, MOST_TIMES, Maker, zipped
from sample_dumps import SAMPLES, samples

from etl import formats
from etl.intake import bundles
from etl.intake.containers import Member, members
from etl.model import Feed, RawRecord, Reject, Skip

FEED = Feed("readers")
MOST_ARTICLES, MOST_BYTES = 100_000, 500_000_000
SLOWED = 0.7
"""A rate that is lower than this share of the rate for a smaller dump is shown beside it."""
REFUSALS = ("DumpError", "LimitError", "MemberError")
TRIED_TIMES = 100
HANG_SECONDS = 300
LINE = f"|{' {} |' * 7}"
CONTAINERS = ("mail",)
SEVERAL_KINDS = ("excel", "mail", "ninjs", "warc")
"""Formats whose kinds of files are told by their suffix."""
LIBRARIES = {
    "avro": "fastavro",
    "belga": "orjson",
    "csv": "csv (Python)",
    "excel": "python-calamine",
    "jsonl": "orjson",
    "mail": "email (Python), for heads",
    "ninjs": "orjson",
    "parquet": "pyarrow",
    "sqlite": "sqlite3 (Python)",
}
OPENED_BY_LXML = (
    *("factiva_xml", "feed", "html", "html_table", "kb_didl", "mediawiki", "mets_alto", "newsml_1", "newsml_g2"),
    *("nexis_docx", "nitf", "proquest_tdm", "ritzau", "tei", "warc", "xml"),
)
WRAPPINGS = {"PDF": "pypdfium2", "RTF": "ours (etl.intake.rich_text)"}


def main() -> int:
    """Print the rows that the arguments ask for. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="or mail; default: all that have samples")
    parser.add_argument("--seconds", type=float, default=25, help="CPU seconds that a large dump takes at most")
    asked = parser.parse_args()
    heads = "format", "opened by", "samples (articles)", "two counts", "fields right", "articles per CPU-s", "memory"
    print(LINE.format(*heads), LINE.format(*["---"] * len(heads)), sep="\n", flush=True)
    is_right = True
    for name in asked.formats or [*formats.all_formats(), *CONTAINERS]:
        for kind, files in _kinds(name).items():
            row = _row(name, kind, files, asked.seconds)
            is_right &= row.is_right
            print(LINE.format(*row.cells), flush=True)
    return 0 if is_right else 1


class _Row(NamedTuple):
    cells: tuple[str, ...]
    is_right: bool


def _kinds(name: str) -> dict[str, list[Path]]:
    """The samples of a format by the kind of file; '' where it has only one."""
    found = defaultdict(list)
    for file in samples(name) if (SAMPLES / name).is_dir() else ():
        if file.with_suffix(".expected.json").exists():
            found[_kind(name, file)].append(file)
    return found


def _kind(name: str, file: Path) -> str:
    if name in SEVERAL_KINDS:
        return file.suffix[1:]
    first = next(members(file))
    return first.wrapping if isinstance(first, Member) else ""


def _row(name: str, kind: str, files: list[Path], seconds: float) -> _Row:
    """Everything that the table says of one kind of files."""
    found = [_Sample.of(name, file) for file in files]
    articles, read, marks, rejected, right, fields = map(sum, zip(*found, strict=True))
    counts = f"{read}, {marks}" + (f" ({rejected} rejected)" if rejected else "")
    key = f"{name} {kind}".strip()
    maker = MAKERS.get(key) or _files(files, found)
    rate, memory, is_complete = _speed(key, maker, seconds)
    cells = (
        f"{name} ({kind})" if kind else name,
        _library(name, kind),
        f"{len(files)} ({articles})",
        counts,
        f"{right}/{fields}",
        rate,
        memory,
    )
    return _Row(cells, read == marks and right == fields and is_complete)


def _files(files: list[Path], found: list[_Sample]) -> Maker:
    """Many times the first sample of which nothing is rejected."""
    best = min(range(len(files)), key=lambda at: found[at].rejected)
    return zipped(files[best], found[best].articles)


def _library(name: str, kind: str) -> str:
    if kind in WRAPPINGS:
        return WRAPPINGS[kind]
    return LIBRARIES.get(name) or ("lxml" if name in OPENED_BY_LXML or name.endswith("_html") else "ours")


class _Sample(NamedTuple):
    """What a reader makes of a sample: the articles that must come out of it, its two counts, and the fields."""

    articles: int
    read: int
    marks: int
    rejected: int
    right: int
    fields: int

    @classmethod
    def of(cls, name: str, file: Path) -> _Sample:
        """Read a sample, and compare it with what must come out of it."""
        wanted = json.loads(file.with_suffix(".expected.json").read_text())
        by_member = wanted if isinstance(wanted, dict) else {"": wanted}
        truths = {member: truth for member, truth in by_member.items() if isinstance(truth, list)}
        total = cls(sum(map(len, truths.values())), 0, 0, 0, 0, 0)
        for member, reader in _readable(name, file):
            with member.open() as stream:
                pieces = [piece for piece in reader.read(stream, FEED) if isinstance(piece, dict | Reject)]
            with member.open() as stream:
                marks = reader.count_marks(stream, FEED)
            records = [piece for piece in pieces if isinstance(piece, dict)]
            right = _right(records, truths.get(member.name, []))
            total = total._replace(
                read=total.read + len(pieces),
                marks=total.marks + marks,
                rejected=total.rejected + len(pieces) - len(records),
                right=total.right + right,
            )
        return total._replace(fields=sum(len(article) for truth in truths.values() for article in truth))


def _readable(name: str, file: Path) -> Iterator[tuple[Member, formats.Format]]:
    """The members of a dump that are read, with their readers: recognised, where the format knows its own."""
    is_named = name not in CONTAINERS and not formats.can_recognise(formats.named(name))
    identified = partial(bundles.identified, path=file.name, wanted=name if is_named else "auto")
    parts = [str(path) for path in bundles.parts_on_disk(file, bundles.named_parts(file))]
    for member, reader in bundles.readable(file, identified, parts):
        if not isinstance(reader, Reject | Skip):
            yield member, reader


def _right(records: list[RawRecord], truth: list[dict[str, Any]]) -> int:
    """How many fields of the articles are exactly as they must be."""
    return sum(
        _given(record, field, value) == value
        for record, article in zip(records, truth, strict=False)
        for field, value in article.items()
    )


def _given(record: RawRecord, field: str, value: Any) -> Any:
    """A field of a record; `mail` is what a letter says of its articles, which is in `extra`."""
    if field != "mail":
        return record.get(field)
    return {name: record.get("extra", {}).get(name) for name in value}


def _speed(key: str, maker: Maker, seconds: float) -> tuple[str, str, bool]:
    """Articles per CPU-second of a large dump, its memory and size; and whether all of its articles were read."""
    smaller, found, is_refused = _largest(key, maker, seconds)
    size = f"{found.bytes / 1e6:,.0f} MB, {found.articles:,} articles" + (
        "" if key in MAKERS else ", a file each in a zip"
    )
    if not found.is_complete:
        return "", f"**{found.fault}** at {size}", False
    slowed = f" ({smaller.rate:,.0f} at {smaller.bytes / 1e6:,.0f} MB)" if found.rate < SLOWED * smaller.rate else ""
    most = "; much more is refused" if is_refused else ""
    return f"{found.rate:,.0f}{slowed}", f"+{found.memory_mb:,.0f} MB at {size}{most}", True


def _largest(key: str, maker: Maker, seconds: float) -> tuple[_Pass, _Pass, bool]:
    """Passes over a smaller dump and over one as large as it may be; and whether the reader refused a larger one."""
    name, times, is_refused = key.partition(" ")[0], TRIED_TIMES, False
    with tempfile.TemporaryDirectory() as folder:
        smaller = found = _Pass.of(name, maker, Path(folder) / "tried", times)
        for step, share in enumerate((0.1, 1, 1)):
            if not found.is_complete or is_refused:
                break
            most = min(MOST_ARTICLES / found.articles, MOST_BYTES / found.bytes, seconds / found.cpu_seconds)
            if step == 2 and most < 2:  # the first guess was good
                break
            smaller = found
            times = min(max(times, int(times * most * share)), MOST_TIMES.get(key, MOST_ARTICLES))
            found = _Pass.of(name, maker, Path(folder) / f"{step} {times}", times)
            while found.error.startswith(REFUSALS) and times > TRIED_TIMES:
                times, is_refused = times * 4 // 5, True
                found = _Pass.of(name, maker, Path(folder) / f"{step} {times}", times)
    return smaller, found, is_refused


class _Pass(NamedTuple):
    """A pass of a reader over a dump that was made for it."""

    articles: int
    bytes: int
    read: int = 0
    rejected: int = 0
    cpu_seconds: float = 0
    memory_mb: float = 0
    error: str = ""

    @classmethod
    def of(cls, name: str, maker: Maker, folder: Path, times: int) -> _Pass:
        """Write the dump, and read it in a process of its own."""
        folder.mkdir()
        file = folder / "DDD_ddd_990000001_mpeg21_didl.xml"  # of this one the name tells how its parts are called
        articles = maker(file, times)
        size = sum(path.stat().st_size for path in folder.iterdir())
        context = get_context("fork")
        answers = context.SimpleQueue()
        process = context.Process(target=_child, args=(name, file, answers))
        process.start()
        process.join(HANG_SECONDS)
        if process.is_alive():
            process.kill()
            return cls(articles, size, error=f"more than {HANG_SECONDS} s")
        if answers.empty():
            return cls(articles, size, error=f"died: exit status {process.exitcode}")
        return cls(articles, size, *answers.get())

    @property
    def is_complete(self) -> bool:
        """Whether every article was read that was written."""
        return self.read == self.articles and not self.rejected and not self.error

    @property
    def rate(self) -> float:
        """Articles per CPU-second."""
        return self.read / self.cpu_seconds

    @property
    def fault(self) -> str:
        """What is wrong."""
        return self.error or f"{self.read:,} of {self.articles:,} articles, {self.rejected:,} rejected"


def _child(name: str, file: Path, answers: Any) -> None:
    idle_mb = status_mb("VmRSS")
    (read, rejected, error), spent, memory_mb = cost_of(partial(_count, name, file))
    own = getrusage(RUSAGE_CHILDREN)  # a PDF is opened in one
    spent += own.ru_utime + own.ru_stime
    memory_mb += max(0.0, own.ru_maxrss / 1024 - idle_mb)
    answers.put((read, rejected, spent, memory_mb, error))


def _count(name: str, file: Path) -> tuple[int, int, str]:
    """The articles that are read, those among them that are rejected, and what stopped the reader."""
    read = rejected = 0
    try:
        for member, reader in _readable(name, file):
            with member.open() as stream:
                for piece in reader.read(stream, FEED):
                    read += isinstance(piece, dict | Reject)
                    rejected += isinstance(piece, Reject)
    except Exception as error:  # it stands in the table
        return read, rejected, f"{type(error).__name__}: {error}"[:200]
    return read, rejected, ""


if __name__ == "__main__":
    sys.exit(main())

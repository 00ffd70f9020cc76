"""Bytes to raw records: nothing interpreted, nothing lost.

Every record, every piece that could not be read and every piece that is no article is counted, and the
count is held against the article marks that the format's own scan finds in the same bytes.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats, issues, words
from etl.containers import Member
from etl.model import RAW_FIELDS, Declared, DumpChanged, DumpError, Feed, Piece, Reject, Skip
from etl.run import Batch, Run
from etl.settings import ad_hoc_feed, load_sources
from etl.storage import StorageError, writing

log = logging.getLogger(__name__)

PATH_FIELDS = ("path_published_on", "path_publication", "path_section", "path_page", "path_edition")

RAW_SCHEMA = pa.schema(
    [pa.field("delivery", pa.int64()), pa.field("ordinal", pa.int64())]
    + [pa.field(name, pa.bool_() if name == "is_partial" else pa.string()) for name in RAW_FIELDS]
    + [pa.field("is_global_id", pa.bool_())]
    + [pa.field(name, pa.date32() if name == "path_published_on" else pa.string()) for name in PATH_FIELDS]
)
"""raw.parquet: one row per raw record. `ordinal` counts records and rejected pieces of the batch in
order; labels and extra are JSON; `path_*` is what the stanza's path_pattern finds in the path."""

PIECES_SCHEMA = pa.schema(
    {
        "delivery": pa.int64(),
        "ordinal": pa.int64(),
        "position": pa.string(),
        "reason": pa.string(),
        "piece": pa.binary(),
    }
)
"""pieces.parquet: one row per piece that a reader rejected, with its bytes."""

DELIVERIES_SCHEMA = pa.schema(
    {
        "delivery": pa.int64(),
        "format": pa.string(),
        "state": pa.string(),
        "reason": pa.string(),
        "articles_declared": pa.int64(),
        "marks_seen": pa.int64(),
        "articles_read": pa.int64(),
        "rejected_pieces": pa.int64(),
        "skipped": pa.string(),
    }
)
"""deliveries.parquet: one row per delivery. `state` is read, refused (the dump's fault) or failed."""

WIDE_COLUMNS = ("body", "extra", "position", "url", "headline", "deck")


@dataclass
class Tally:
    """What was counted while one delivery was read."""

    delivery: int
    format: str = ""
    state: str = "read"
    reason: str | None = None
    articles_declared: int | None = None
    marks_seen: int | None = None
    articles_read: int = 0
    rejected_pieces: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def extract(run: Run, batch: Batch) -> dict[str, int]:
    """Read the deliveries of one batch into raw.parquet, pieces.parquet and deliveries.parquet."""
    batch.folder.mkdir(parents=True, exist_ok=True)
    plan = pq.read_table(run.plan, filters=[("batch", "=", batch.number)]).to_pylist()
    feeds = load_sources(run.settings.sources).feeds
    with Writer(batch, run.settings.chunk_articles) as writer:
        tallies = [_read_delivery(run, planned, feeds, writer) for planned in plan]
    return write_tallies(batch, tallies)


def write_tallies(batch: Batch, tallies: list[Tally]) -> dict[str, int]:
    """Write deliveries.parquet, the last file of an extraction."""
    rows = [{**asdict(tally), "skipped": orjson.dumps(tally.skipped).decode()} for tally in tallies]
    pq.write_table(pa.Table.from_pylist(rows, DELIVERIES_SCHEMA), batch.deliveries)
    log.info("Batch %s: %s.", batch.number, _told(tallies))
    return {"deliveries": len(tallies), "articles_read": sum(tally.articles_read for tally in tallies)}


def _told(tallies: list[Tally]) -> str:
    """What was read, and what could not be, in a line."""
    read = sum(tally.articles_read for tally in tallies)
    told = [f"read {words.counted(read, 'article')} of {words.counted(len(tallies), 'dump')}"]
    if pieces := sum(tally.rejected_pieces for tally in tallies):
        told.append(f"{pieces:,} of them could not be read")
    for kind, number in sum((tally.skipped for tally in tallies), Counter[str]()).items():
        told.append(f"skipped {number:,} × {kind}")
    states = Counter(tally.state for tally in tallies if tally.state != "read")
    told += [f"{words.counted(number, 'dump')} {state}" for state, number in states.items()]
    return "; ".join(told)


def _read_delivery(run: Run, planned: dict[str, Any], feeds: dict[str, Feed], writer: Writer) -> Tally:
    """Read one delivery. Whatever goes wrong in it is its verdict, and stops no other."""
    tally = Tally(planned["delivery"])
    try:
        if planned["refused"]:
            raise DumpError(planned["refused"])
        feed = feeds.get(planned["source"], ad_hoc_feed())
        with writing(run.folder):
            read_members(run, planned, feed, tally, writer)
        _refuse_change(planned)
        if not tally.articles_read and not tally.skipped:
            raise DumpError("there is no article in it; ask for it again, or take it out of the landing folder")
    except DumpError as error:
        tally.state, tally.reason = "refused", str(error).removeprefix(f"{Path(planned['file']).name}: ")
    except DumpChanged as error:
        tally.state, tally.reason = "failed", str(error)
    except StorageError:
        raise  # no fault of the dump
    except Exception as error:
        log.exception("reading %r", planned["path"])
        tally.state = "failed"
        tally.reason = f"reader stopped with {type(error).__name__}: {error}; this is a fault of Broadsheet: report it"
    return tally


def _refuse_change(planned: dict[str, Any]) -> None:
    try:
        stats = [Path(file).stat() for file in (planned["file"], *(planned["parts"] or ()))]
    except FileNotFoundError:
        raise DumpChanged("vanished while the run was reading it; it is taken when it is back") from None
    if issues.size_and_time(stats) != (planned["bytes"], planned["mtime_ns"]):
        raise DumpChanged("changed while the run was reading it; it is taken again next run")


def read_members(
    run: Run, planned: dict[str, Any], feed: Feed, tally: Tally, writer: Writer, wanted: set[str] | None = None
) -> None:
    """Read all members of one delivery; with `wanted`, only what stands at these positions, which are
    taken out of it as they are found; no marks are scanned then.

    Raises DumpError or DumpChanged where it cannot be read to the end.
    """
    _refuse_change(planned)
    found_formats: dict[str, None] = {}
    file, ratio = Path(planned["file"]), run.settings.max_unpack_ratio
    for member, reader in issues.readable(file, ratio, partial(_format_of, planned=planned), planned["parts"] or ()):
        if isinstance(reader, Skip):
            tally.skipped[reader.kind] += wanted is None
        elif isinstance(reader, Reject):
            if not member.name:
                raise DumpError("no format is recognised in it; name one in sources.toml or by --format")
            if wanted is None or _taken(reader, "", wanted):
                tally.articles_read += 1
                tally.marks_seen = (tally.marks_seen or 0) + 1
                tally.rejected_pieces += 1
                writer.reject(tally.delivery, reader)
        else:
            found_formats[formats.name_of(reader)] = None
            tally.format = " + ".join(found_formats)
            _read_member(run, planned, member, reader, feed, tally, writer, wanted)
    if not found_formats and tally.rejected_pieces:
        raise DumpError("no format is recognised in any of its members; name one in sources.toml or by --format")


def _format_of(member: Member, planned: dict[str, Any]) -> str | None:
    """The format of a member: as planned, but where its files are read together each is told by its content."""
    name = planned["format"]
    if name != "auto" and not formats.has_parts(formats.named(name)):
        return str(name)
    found = recognised(member, planned["path"])
    return found if name in ("auto", found) else None


def recognised(member: Member, path: str) -> str | None:
    """The format of a member, by its content; None where nothing knows it."""
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
    return formats.recognise(head, member.name or path)


def _read_member(
    run: Run,
    planned: dict[str, Any],
    member: Member,
    reader: formats.Format,
    feed: Feed,
    tally: Tally,
    writer: Writer,
    wanted: set[str] | None,
) -> None:
    in_path = path_facts(feed.path_pattern, f"{planned['path']}/{member.name}".rstrip("/"))
    fixed = {**in_path, "is_global_id": formats.is_id_global(reader)}
    place = f"{member.name}: " if member.name else ""
    with member.open() as stream:
        for piece in reader.read(stream, feed):
            if wanted is not None and not _taken(piece, place, wanted):
                continue
            match piece:
                case dict():
                    tally.articles_read += 1
                    if len(piece.get("body") or "") > run.settings.max_article_bytes:
                        piece = _too_long(piece, run.settings.max_article_bytes)
                        tally.rejected_pieces += 1
                        writer.reject(tally.delivery, piece, place)
                    else:
                        writer.add(tally.delivery, piece, fixed, place)
                case Reject():
                    tally.articles_read += 1
                    tally.rejected_pieces += 1
                    writer.reject(tally.delivery, piece, place)
                case Skip():
                    tally.skipped[piece.kind] += 1
                case Declared():
                    tally.articles_declared = (tally.articles_declared or 0) + piece.articles
    if wanted is None:
        with member.open() as stream:
            tally.marks_seen = (tally.marks_seen or 0) + reader.count_marks(stream, feed)


def _taken(piece: Piece, place: str, wanted: set[str]) -> bool:
    """Whether an article, readable or not, stands at a wanted position, which is then no longer wanted."""
    if isinstance(piece, Skip | Declared):
        return False
    position = place + (piece.position if isinstance(piece, Reject) else piece["position"])
    if position not in wanted:
        return False
    wanted.remove(position)
    return True


def _too_long(record: dict[str, Any], limit: int) -> Reject:
    length = len(record["body"])
    reason = (
        f"its body has {length:,} characters; the limit is {limit:,}; raise BROADSHEET_MAX_ARTICLE_BYTES to load it"
    )
    return Reject(record["position"], reason, orjson.dumps(record, default=str))


def path_facts(pattern: str | None, path: str) -> dict[str, Any]:
    """What a stanza's path_pattern finds in a path, as `path_*` fields; an impossible date is none."""
    facts: dict[str, Any] = dict.fromkeys(PATH_FIELDS)
    found = re.search(pattern, path) if pattern else None
    if found:
        named = found.groupdict()
        facts |= {f"path_{name}": value for name, value in named.items() if f"path_{name}" in facts}
        try:
            facts["path_published_on"] = date(int(named["year"]), int(named["month"]), int(named["day"]))
        except (KeyError, TypeError, ValueError):
            facts["path_published_on"] = None
    return facts


class Writer:
    """Writes raw.parquet and pieces.parquet of a batch, in chunks, so that memory stays bounded."""

    def __init__(self, batch: Batch, chunk_articles: int) -> None:
        self.chunk_articles = chunk_articles
        self.ordinal = 0
        self.chunk_bytes = 0
        self.records: list[tuple[int, int, dict[str, Any], dict[str, Any], str]] = []
        self.pieces: list[dict[str, Any]] = []
        narrow = [name for name in RAW_SCHEMA.names if name not in WIDE_COLUMNS]
        self.raw = pq.ParquetWriter(batch.raw, RAW_SCHEMA, compression="lz4", use_dictionary=narrow)
        self.rejected = pq.ParquetWriter(batch.pieces, PIECES_SCHEMA, compression="lz4", use_dictionary=False)

    def add(self, delivery: int, record: dict[str, Any], fixed: dict[str, Any], place: str) -> None:
        self.records.append((delivery, self.ordinal, record, fixed, place))
        self.ordinal += 1
        self.chunk_bytes += len(record.get("body") or "")
        if len(self.records) >= self.chunk_articles or self.chunk_bytes >= 64 * 1024**2:
            self._flush_records()

    def reject(self, delivery: int, piece: Reject, place: str = "") -> None:
        row = {"delivery": delivery, "ordinal": self.ordinal, "position": place + piece.position}
        self.pieces.append({**row, "reason": piece.reason, "piece": piece.piece})
        self.ordinal += 1
        self.chunk_bytes += len(piece.piece)
        if len(self.pieces) >= self.chunk_articles or self.chunk_bytes >= 64 * 1024**2:
            self._flush_pieces()

    def _flush_records(self) -> None:
        self.raw.write_table(_raw_table(self.records))
        self.records, self.chunk_bytes = [], 0

    def _flush_pieces(self) -> None:
        self.rejected.write_table(pa.Table.from_pylist(self.pieces, PIECES_SCHEMA))
        self.pieces, self.chunk_bytes = [], 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        if self.records:
            self._flush_records()
        if self.pieces:
            self._flush_pieces()
        self.raw.close()
        self.rejected.close()


def _raw_table(records: list[tuple[int, int, dict[str, Any], dict[str, Any], str]]) -> pa.Table:
    """One chunk of records as columns, in RAW_SCHEMA."""
    columns: dict[str, Iterable[Any]] = {
        **{name: [record.get(name) for _, _, record, _, _ in records] for name in RAW_FIELDS},
        **{name: [fixed[name] for _, _, _, fixed, _ in records] for name in ("is_global_id", *PATH_FIELDS)},
        "delivery": [delivery for delivery, _, _, _, _ in records],
        "ordinal": [ordinal for _, ordinal, _, _, _ in records],
        "position": [place + record["position"] for _, _, record, _, place in records],
        "labels": _json_column(records, "labels"),
        "extra": _json_column(records, "extra"),
    }
    arrays = [pa.array(list(columns[name]), RAW_SCHEMA.field(name).type) for name in RAW_SCHEMA.names]
    return pa.Table.from_arrays(arrays, schema=RAW_SCHEMA)


def _json_column(records: list[tuple[int, int, dict[str, Any], dict[str, Any], str]], name: str) -> Iterator[Any]:
    for *_, record, _, _ in records:
        value = record.get(name)
        yield orjson.dumps(value, default=str).decode() if value else None

"""The Parquet files in a run's work folder: the columns that its stages pass to each other."""

from __future__ import annotations

import pyarrow as pa

from etl.model import RAW_FIELDS

WORK_COMPRESSION = "none"
"""Of raw-*.parquet and articles-*.parquet. With lz4 they are 0.7 times as large, and cost four times the processor time
to write and twice to read; they are removed after some days."""

TIMESTAMP = pa.timestamp("us")
PEOPLE = pa.list_(pa.struct({"name": pa.string(), "email": pa.string(), "role": pa.string()}))
TOPICS = pa.list_(pa.struct({"scheme": pa.string(), "code": pa.string(), "name": pa.string()}))

PLAN = pa.schema(
    {
        "delivery": pa.int64(),
        "batch": pa.int64(),
        "kind": pa.string(),
        "path": pa.string(),
        "file": pa.string(),
        "source": pa.string(),
        "format": pa.string(),
        "sha256": pa.string(),
        "manifest_sha256": pa.string(),
        "stated": pa.string(),
        "bytes": pa.int64(),
        "mtime_ns": pa.int64(),
        "parts": pa.list_(pa.string()),
        "seen": pa.list_(pa.string()),
        "published_on": pa.date32(),
        "publication": pa.string(),
        "language": pa.string(),
        "expected_articles": pa.int64(),
        "is_partial": pa.bool_(),
        "refused": pa.string(),
    }
)
"""plan.parquet: one row per delivery; see etl.model.Delivery."""

PARTS = pa.schema(
    {
        "batch": pa.int64(),
        "part": pa.int64(),
        "delivery": pa.int64(),
        "start": pa.int64(),
        "end": pa.int64(),
        "before": pa.int64(),
        "prologue_bytes": pa.int64(),
    }
)
"""parts.parquet: one row per delivery in a part, in order; without a range, the whole delivery. See
etl.stages.parts."""

PATH_FIELDS = ("path_published_on", "path_publication", "path_section", "path_page", "path_edition")

RAW = pa.schema(
    [pa.field("delivery", pa.int64()), pa.field("ordinal", pa.int64())]
    + [pa.field(name, pa.bool_() if name == "is_partial" else pa.string()) for name in RAW_FIELDS]
    + [pa.field("is_global_id", pa.bool_())]
    + [pa.field(name, pa.date32() if name == "path_published_on" else pa.string()) for name in PATH_FIELDS]
)
"""raw-*.parquet: one row per raw record. `ordinal` numbers records and rejected pieces of the batch in order, each part
from its own multiple of 2^32 on; labels and extra are JSON; `path_*` is what the stanza's path_pattern finds in the
path."""

PIECES = pa.schema(
    {
        "delivery": pa.int64(),
        "ordinal": pa.int64(),
        "position": pa.string(),
        "reason": pa.string(),
        "piece": pa.binary(),
        "stage": pa.string(),
    }
)
"""pieces-*.parquet: one row per piece that a reader rejected, with its bytes, and per record or piece that holds what
was taken down, without them; `stage` is extract or takedown."""

DELIVERIES = pa.schema(
    {
        "delivery": pa.int64(),
        "format": pa.string(),
        "state": pa.string(),
        "reason": pa.string(),
        "articles_declared": pa.int64(),
        "marks_seen": pa.int64(),
        "words_seen": pa.int64(),
        "words_accounted": pa.int64(),
        "articles_read": pa.int64(),
        "rejected_pieces": pa.int64(),
        "skipped": pa.string(),
    }
)
"""deliveries.parquet: one row per delivery. `state` is read, refused (the dump's fault) or failed."""

DATE_HABITS = pa.schema(
    {
        "delivery": pa.int64(),
        "field": pa.string(),
        "date_order": pa.string(),
        "dotted_order": pa.string(),
        "is_year_last": pa.bool_(),
        "is_serial": pa.bool_(),
        "is_midnight": pa.bool_(),
    }
)
"""date_habits.parquet: one row per date column whose values show together what one alone does not; see
etl.normalise.date_columns. A replay, which reads a part of a dump, writes there what the whole dump shows."""

ARTICLE = pa.schema(
    {
        "delivery": pa.int64(),
        "ordinal": pa.int64(),
        "position": pa.string(),
        "source": pa.string(),
        "native_kind": pa.string(),
        "native_id": pa.string(),
        "native_version": pa.string(),
        "version_number": pa.decimal128(28, 8),
        "url": pa.string(),
        "url_key": pa.string(),
        "content_key": pa.string(),
        "content_hash": pa.string(),
        "body_hash": pa.string(),
        "publication_name": pa.string(),
        "publication_country_code": pa.string(),
        "publication_language_code": pa.string(),
        "publication_domain": pa.string(),
        "section_name": pa.string(),
        "page": pa.string(),
        "edition": pa.string(),
        "has_headline": pa.bool_(),
        "headline": pa.string(),
        "deck": pa.string(),
        "dateline": pa.string(),
        "byline": pa.string(),
        "body": pa.string(),
        "extra": pa.string(),
        "authors": PEOPLE,
        "author_count": pa.int32(),
        "topics": TOPICS,
        "agency": pa.string(),
        "status": pa.string(),
        "embargo_until": TIMESTAMP,
        "is_partial": pa.bool_(),
        "published_at": TIMESTAMP,
        "published_local": TIMESTAMP,
        "published_date": pa.date32(),
        "modified_at": TIMESTAMP,
        "date_basis": pa.string(),
        "date_precision": pa.string(),
        "has_unreadable_date": pa.bool_(),
        "language_code": pa.string(),
        "language_name": pa.string(),
        "language_confidence": pa.float32(),
        "word_count": pa.int32(),
        "character_count": pa.int32(),
        "paragraph_count": pa.int32(),
        "shingle_count": pa.int32(),
        "story_bands": pa.list_(pa.uint32()),
        "story_sketch": pa.binary(),
    }
)
"""articles-*.parquet: one row per clean article. Instants are in UTC; texts are clean and never empty. `url_key` is the
address where it can identify the article: not if it is a home page."""

WITHOUT_ADDRESS = (
    "position",
    "source",
    "native_kind",
    "native_id",
    "native_version",
    "url",
    "url_key",
    "content_key",
    "content_hash",
    "body_hash",
    "publication_country_code",
    "publication_language_code",
    "publication_domain",
    "extra",
    "status",
    "date_basis",
    "date_precision",
    "language_code",
    "language_name",
)
"""Text columns in which authors' e-mail addresses are not covered: keys, codes, places. `extra` is JSON and is covered
separately. Every other text column is covered, so that a new one cannot leak an address by being forgotten."""


def covered_columns(schema: pa.Schema = ARTICLE) -> tuple[str, ...]:
    """Returns the columns (texts and lists of texts) in which authors' e-mail addresses are covered when asked for."""
    return tuple(field.name for field in schema if _holds_text(field.type) and field.name not in WITHOUT_ADDRESS)


def _holds_text(type_: pa.DataType) -> bool:
    if pa.types.is_list(type_):
        return _holds_text(type_.value_type)
    if pa.types.is_struct(type_):
        return any(_holds_text(field.type) for field in type_)
    return pa.types.is_string(type_)


JUDGED = pa.schema(
    [
        ARTICLE.field(name)
        for name in (
            "delivery",
            "ordinal",
            "position",
            "publication_name",
            "has_headline",
            "status",
            "is_partial",
            "published_date",
            "has_unreadable_date",
            "language_code",
            "character_count",
        )
    ]
)
"""judged-*.parquet: of each clean article what the suite `incoming_article` looks at, and its place; no text. The
judge, who may be another machine, reads these few bytes and not the articles."""

REJECTED = pa.schema(
    {
        "delivery": pa.int64(),
        "ordinal": pa.int64(),
        "position": pa.string(),
        "stage": pa.string(),
        "reason": pa.string(),
        "quarantine_file": pa.string(),
    }
)
"""rejected.parquet: one row per article of the batch that must not be loaded. unclean-*.parquet, which the normaliser
writes, have the same columns for the articles that it could not clean."""

DUMPS = pa.schema(
    {
        "delivery": pa.int64(),
        "batch": pa.int64(),
        "kind": pa.string(),
        "path": pa.string(),
        "source": pa.string(),
        "format": pa.string(),
        "sha256": pa.string(),
        "manifest_sha256": pa.string(),
        "stated": pa.string(),
        "bytes": pa.int64(),
        "state": pa.string(),
        "reason": pa.string(),
        "articles_declared": pa.int64(),
        "marks_seen": pa.int64(),
        "words_seen": pa.int64(),
        "words_accounted": pa.int64(),
        "articles_read": pa.int64(),
        "rejected": pa.int64(),
        "skipped": pa.string(),
    }
)
"""dumps.parquet: one row per delivery of the run. `state` is loaded (still to be loaded), refused or failed."""

RESULT = pa.schema(
    {
        "suite": pa.string(),
        "expectation": pa.string(),
        "column_name": pa.string(),
        "severity": pa.string(),
        "success": pa.bool_(),
        "unexpected_count": pa.int64(),
        "observed_value": pa.string(),
        "reason": pa.string(),
        "element_count": pa.int64(),
    }
)
"""quality.parquet: one row per expectation, as written to ops.quality_result."""

REPLAYED = pa.schema(
    {
        "delivery": pa.int64(),
        "dump_key": pa.int64(),
        "ordinal": pa.int64(),
        "position": pa.string(),
        "quarantine_file": pa.string(),
    }
)
"""replayed.parquet: one row per rejected article that a batch tries again."""

"""Stories in the warehouse: which texts are nearly the same, found again for whatever a batch or a repair has touched.

Texts are the different bodies that current revisions have. A text joins the longest leading text that it is like, or
leads a story of its own. So each text of a story is like its leader, and what is one story depends on what is stored,
not on the order in which it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from etl.normalise import fingerprints
from etl.normalise.fingerprints import Flags, Places
from etl.normalise.story_leaders import Rank, settle_leaders
from etl.settings import SQL
from etl.warehouse import statements
from etl.warehouse.catalogue import statements_in

FOLDER = SQL / "stories"

TABLE = "news.article_story"
"""The table that the stories end in; see etl.warehouse.loading."""

TEXTS_AT_ONCE = 100_000
BODIES_AT_ONCE = 8_192
"""What keeps the memory bounded."""

ROWS_AT_ONCE = 40
"""For up to this many row ids DuckDB reads just those rows; for more it reads the whole table."""
ROWS_READ_AS_FAST = 500
"""Reading this many consecutive rows takes as long as reading one by its id (1 to 2 ms)."""

CERTAIN = 3.0
"""An estimate this many standard deviations from the threshold is trusted."""


def settle(connection: sa.Connection, articles_path: list[str] | None = None) -> None:
    """Find the stories of the articles in `touched_article` again, and of all whose story that changes.

    Leaves `story_member` behind: all articles of all stories touched; see sql/fact/article_story.sql. With
    `articles_path`, the articles of `incoming` stand there with their fingerprints.
    """
    statements.run_file(connection, FOLDER / "texts.sql", {})
    _add_fingerprints(connection, articles_path)
    unsettled = _keys(connection, "select text_key from unsettled order by text_key")
    for start in range(0, len(unsettled), TEXTS_AT_ONCE):
        _settle(connection, unsettled[start : start + TEXTS_AT_ONCE])
    statements.run_file(connection, FOLDER / "members.sql", {})
    _fill_shared(connection)


def _add_fingerprints(connection: sa.Connection, articles_path: list[str] | None) -> None:
    """Keep the fingerprints of new texts: as delivered with the batch, else made from the stored bodies."""
    statements.run_file(connection, FOLDER / "no_fingerprints.sql", {})
    if articles_path:
        statements.run_file(connection, FOLDER / "delivered.sql", {"articles_path": articles_path})
    without = _fetch(connection, "unprinted")["article_key"].to_numpy()
    for start in range(0, len(without), BODIES_AT_ONCE):
        some = without[start : start + BODIES_AT_ONCE]
        texts = _fetch(connection, "bodies", first=int(some[0]), last=int(some[-1]))
        prints = fingerprints.fingerprints_of(texts["body"].to_pandas(types_mapper=pd.ArrowDtype))
        made = pa.table({name: texts[name] for name in ("text_key", "body_hash")} | dict(_columns(prints)))
        with statements.registered(connection, "made", made):
            connection.exec_driver_sql("insert into fingerprint by name from made")
    statements.run_file(connection, FOLDER / "add_texts.sql", {})


def _columns(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    return ((name, pa.array(frame[name])) for name in frame.columns)


def _settle(connection: sa.Connection, keys: Places) -> None:
    """Find the leaders of these texts, and of those that this upsets."""
    leaders = settle_leaders(set(keys.tolist()), _Likenesses(connection))
    columns = {"text_key": list(leaders.keys()), "leader_key": list(leaders.values())}
    with statements.registered(connection, "found", pa.table(columns, pa.schema(dict.fromkeys(columns, pa.int64())))):
        statements.run_file(connection, FOLDER / "move.sql", {})


class _Likenesses:
    """What is known of texts: etl.normalise.story_leaders.Known, looked up in the warehouse."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.like: dict[int, set[int]] = {}
        self.rank: dict[int, Rank] = {}
        self.leader_of: dict[int, int] = {}

    def look_up(self, keys: set[int]) -> None:
        """Find what these texts are like."""
        with _asked(self.connection, keys), statements.joined_as_written(self.connection):
            found = _fetch(self.connection, "shared_bands")
        bands, sharing = fingerprints.only_shared(found["band"].to_numpy(), found["text_key"].to_numpy())
        with _asked(self.connection, np.unique(sharing)):
            texts = _fetch(self.connection, "sketches")
        text_keys = texts["text_key"].to_numpy()
        places = np.searchsorted(text_keys, sharing)
        one, other = fingerprints.sharing_a_band(bands, places, texts["shingle_count"].to_numpy())
        is_asked = np.isin(text_keys, np.fromiter(keys, np.int64))
        one, other = self._alike(texts, *_where(is_asked[one] | is_asked[other], one, other))
        self._add(text_keys[one], text_keys[other])

    def led_by(self, keys: set[int]) -> set[int]:
        """The texts whose leaders these were."""
        query = "select text_key from ops.story_text semi join asked on asked.text_key = story_text.leader_key"
        with _asked(self.connection, keys):
            return set(_keys(self.connection, query).tolist())

    def _add(self, one: Places, other: Places) -> None:
        """Note pairs of texts that are alike, by their keys."""
        for a, b in zip(one.tolist(), other.tolist(), strict=True):
            self.like.setdefault(a, set()).add(b)
            self.like.setdefault(b, set()).add(a)
        with _asked(self.connection, np.unique(np.concatenate([one, other]))):
            ranks = _fetch(self.connection, "ranks").to_pylist()
        for row in ranks:
            self.rank[row["text_key"]] = (-row["shingle_count"], row["body_hash"])
            self.rank[row["leader_key"]] = (-row["leader_count"], row["leader_hash"])
            self.leader_of[row["text_key"]] = row["leader_key"]

    def _alike(self, texts: pa.Table, one: Places, other: Places) -> tuple[Places, Places]:
        """Those of the pairs (places in `texts`) that are alike: by their sketches, where these are sure."""
        counts, sketches = texts["shingle_count"].to_numpy(), _sketches(texts)
        shared = fingerprints.estimate_shared(sketches[one], sketches[other], counts[one], counts[other])
        margin = (shared.shingles - fingerprints.needed(counts[one], counts[other])) / shared.error
        is_alike = margin > 0
        unsure = np.flatnonzero(np.abs(margin) < CERTAIN)
        if len(unsure):
            is_alike[unsure] = self._are_alike(texts, one[unsure], other[unsure])
        return one[is_alike], other[is_alike]

    def _are_alike(self, texts: pa.Table, one: Places, other: Places) -> Flags:
        """Whether pairs of texts are alike, by their bodies."""
        places = np.unique(np.concatenate([one, other]))
        with _asked(self.connection, texts["text_key"].to_numpy()[places]):
            revisions = _fetch(self.connection, "revisions")["article_key"].to_numpy()
        bodies = _bodies(self.connection, revisions)
        return fingerprints.are_alike(bodies, np.searchsorted(places, one), np.searchsorted(places, other))


def _where(is_chosen: Flags, *columns: Places) -> tuple[Places, ...]:
    return tuple(column[is_chosen] for column in columns)


def _bodies(connection: sa.Connection, article_keys: Places) -> pa.ChunkedArray:
    """The bodies of these revisions, in order."""
    different = np.unique(article_keys)
    is_sparse = np.ptp(different) > ROWS_READ_AS_FAST * len(different)
    at_once = ROWS_AT_ONCE if is_sparse else len(different)
    parts = []
    for start in range(0, len(different), at_once):
        some = pa.table({"article_key": different[start : start + at_once]})
        with statements.registered(connection, "wanted", some):
            parts.append(_fetch(connection, "bodies_of_revisions"))
    found = pa.concat_tables(parts).sort_by("article_key")
    return found["body"].take(pa.array(np.searchsorted(different, article_keys)))


def _fill_shared(connection: sa.Connection) -> None:
    """Fill `shared_share` of `story_member`: how much of each text is in the first of its story."""
    pairs = (
        statements.raw(connection)
        .execute("select distinct text_key, first_text_key from story_member where text_key <> first_text_key")
        .to_arrow_table()
    )
    own, first = (column.to_numpy() for column in pairs.columns)
    with _asked(connection, np.unique(np.concatenate([own, first]))):
        texts = _fetch(connection, "sketches")
    keys, counts, sketches = texts["text_key"].to_numpy(), texts["shingle_count"].to_numpy(), _sketches(texts)
    one, other = np.searchsorted(keys, own), np.searchsorted(keys, first)
    shared = fingerprints.estimate_shared(sketches[one], sketches[other], counts[one], counts[other])
    share = np.minimum(shared.shingles / counts[one], 1).round(2)
    with statements.registered(connection, "shared", pairs.append_column("shared_share", pa.array(share))):
        statements.run_file(connection, FOLDER / "shared.sql", {})


def _sketches(texts: pa.Table) -> fingerprints.Sketches:
    packed = b"".join(texts["sketch"].to_pylist())
    return np.frombuffer(packed, np.uint8).reshape(-1, fingerprints.SKETCH_BYTES)


def _asked(connection: sa.Connection, keys: Iterable[int]) -> Any:
    """Let SQL see keys of texts as `asked`."""
    table = pa.table({"text_key": pa.array(keys if isinstance(keys, np.ndarray) else list(keys), pa.int64())})
    return statements.registered(connection, "asked", table)


def _fetch(connection: sa.Connection, query: str, **parameters: Any) -> pa.Table:
    """The result of one query of sql/stories."""
    (statement,) = statements_in(FOLDER / f"{query}.sql")
    return statements.raw(connection).execute(statement.sql, parameters).to_arrow_table()


def _keys(connection: sa.Connection, query: str) -> Places:
    return statements.raw(connection).execute(query).to_arrow_table()["text_key"].to_numpy()

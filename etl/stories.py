"""Stories in the warehouse: which texts are nearly the same, found anew for what a batch or a repair has touched.

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

from etl import warehouse
from etl.catalogue import statements
from etl.normalise import stories
from etl.normalise.stories import Places, Rank
from etl.settings import SQL

FOLDER = SQL / "stories"

TABLE = "news.article_story"
"""Whoever runs the load statements of all tables settles the stories before those of this one."""

TEXTS_AT_ONCE = 100_000
BODIES_AT_ONCE = 8_192
"""What keeps the memory bounded."""

CERTAIN = 3.0
"""An estimate that is so many standard deviations from the threshold is believed."""


def settle(connection: sa.Connection, articles_path: str | None = None) -> None:
    """Find the stories of the articles in `touched_article` anew, and of all whose story that changes.

    Leaves `story_member` behind: all articles of all stories touched; see sql/fact/article_story.sql. With
    `articles_path`, the articles of `incoming` stand there with their fingerprints.
    """
    warehouse.run_file(connection, FOLDER / "texts.sql", {})
    _add_fingerprints(connection, articles_path)
    unsettled = _keys(connection, "select text_key from unsettled order by text_key")
    for start in range(0, len(unsettled), TEXTS_AT_ONCE):
        _settle(connection, unsettled[start : start + TEXTS_AT_ONCE])
    warehouse.run_file(connection, FOLDER / "members.sql", {})
    _tell_shared(connection)


def _add_fingerprints(connection: sa.Connection, articles_path: str | None) -> None:
    """Keep the fingerprints of new texts: as delivered with the batch, else made from the stored bodies."""
    connection.exec_driver_sql(
        """
        create or replace temp table fingerprint (
            text_key bigint, body_hash varchar, shingle_count integer, story_bands uinteger[], story_sketch blob
        )
        """
    )
    if articles_path:
        warehouse.run_file(connection, FOLDER / "delivered.sql", {"articles_path": articles_path})
    without = _fetch(connection, "unprinted")["article_key"].to_numpy()
    for start in range(0, len(without), BODIES_AT_ONCE):
        some = without[start : start + BODIES_AT_ONCE]
        texts = _fetch(connection, "bodies", first=int(some[0]), last=int(some[-1]))
        prints = stories.fingerprints(texts["body"].to_pandas(types_mapper=pd.ArrowDtype))
        made = pa.table({name: texts[name] for name in ("text_key", "body_hash")} | dict(_columns(prints)))
        with warehouse.registered(connection, "made", made):
            connection.exec_driver_sql("insert into fingerprint by name from made")
    warehouse.run_file(connection, FOLDER / "add_texts.sql", {})


def _columns(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    return ((name, pa.array(frame[name])) for name in frame.columns)


def _settle(connection: sa.Connection, keys: Places) -> None:
    """Find the leaders of these texts, and of those that this upsets, until nothing moves any more."""
    known = _Likenesses(connection)
    unsettled: set[int] = set()
    joining = set(keys.tolist())
    while joining:
        joining |= set(_led_by(connection, joining))
        known.look_up(joining - unsettled)
        unsettled |= joining
        leaders, joining = stories.find_leaders(unsettled, known.like, known.rank, known.leader_of)
    found = pa.table(
        {
            "text_key": pa.array(list(unsettled), pa.int64()),
            "leader_key": pa.array([leaders.get(key, key) for key in unsettled], pa.int64()),
        }
    )
    with warehouse.registered(connection, "found", found):
        warehouse.run_file(connection, FOLDER / "move.sql", {})


def _led_by(connection: sa.Connection, keys: Iterable[int]) -> list[int]:
    with _asked(connection, keys):
        return _keys(
            connection,
            "select text_key from ops.story_text semi join asked on asked.text_key = story_text.leader_key",
        ).tolist()


class _Likenesses:
    """What is known of the texts that are looked up: which they are like, and of all of these rank and leader."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.like: dict[int, set[int]] = {}
        self.rank: dict[int, Rank] = {}
        self.leader_of: dict[int, int] = {}

    def look_up(self, keys: set[int]) -> None:
        """Find what these texts are like."""
        longer, shorter = self._candidates(keys)
        with _asked(self.connection, np.unique(np.concatenate([longer, shorter]))):
            texts = _fetch(self.connection, "fingerprints")
        one, other = self._alike(texts, longer, shorter)
        alike = np.unique(np.concatenate([one, other]))
        for a, b in zip(
            texts["text_key"].to_numpy()[one].tolist(), texts["text_key"].to_numpy()[other].tolist(), strict=True
        ):
            self.like.setdefault(a, set()).add(b)
            self.like.setdefault(b, set()).add(a)
        for row in texts.take(alike).drop_columns("sketch").to_pylist():
            self.rank[row["text_key"]] = (-row["shingle_count"], row["body_hash"])
            self.rank[row["leader_key"]] = (-row["leader_count"], row["leader_hash"])
            self.leader_of[row["text_key"]] = row["leader_key"]

    def _candidates(self, keys: set[int]) -> tuple[Places, Places]:
        """Pairs of texts that share a band, at least one of them among `keys`."""
        with _asked(self.connection, keys):
            found = _fetch(self.connection, "shared_bands")
        longer, shorter = stories.sharing_a_band(*(column.to_numpy() for column in found.columns))
        asked = np.fromiter(keys, np.int64)
        is_asked = np.isin(longer, asked) | np.isin(shorter, asked)
        return longer[is_asked], shorter[is_asked]

    def _alike(self, texts: pa.Table, longer: Places, shorter: Places) -> tuple[Places, Places]:
        """Those of the pairs that are alike, as places in `texts`: by their sketches, where these are sure."""
        keys = texts["text_key"].to_numpy()
        one, other = np.searchsorted(keys, longer), np.searchsorted(keys, shorter)
        counts, sketches = texts["shingle_count"].to_numpy(), _sketches(texts)
        shared = stories.estimate_shared(sketches[one], sketches[other], counts[one], counts[other])
        margin = (shared.shingles - stories.needed(counts[one], counts[other])) / shared.error
        is_alike = margin > 0
        unsure = np.flatnonzero(np.abs(margin) < CERTAIN)
        if len(unsure):
            is_alike[unsure] = self._are_alike(keys, one[unsure], other[unsure])
        return one[is_alike], other[is_alike]

    def _are_alike(self, keys: Places, one: Places, other: Places) -> Any:
        """Whether pairs of texts are alike, by their bodies."""
        places = np.unique(np.concatenate([one, other]))
        with _asked(self.connection, keys[places]):
            revisions = _fetch(self.connection, "revisions")["article_key"].to_numpy()
        bodies = _bodies(self.connection, revisions)
        return stories.are_alike(bodies, np.searchsorted(places, one), np.searchsorted(places, other))


def _bodies(connection: sa.Connection, article_keys: Places) -> pa.ChunkedArray:
    """Bodies in the order of `article_keys`."""
    listed = ", ".join(map(str, article_keys.tolist()))
    found = (
        warehouse.raw(connection)
        .execute(
            f"select article_key, body from news.article_text where article_key in ({listed}) order by article_key"
        )
        .to_arrow_table()
    )
    return found["body"].take(pa.array(np.searchsorted(found["article_key"].to_numpy(), article_keys)))


def _tell_shared(connection: sa.Connection) -> None:
    """Fill `shared_share` of `story_member`: how much of each text stands in the first of its story."""
    pairs = (
        warehouse.raw(connection)
        .execute("select distinct text_key, first_text_key from story_member where text_key <> first_text_key")
        .to_arrow_table()
    )
    own, first = (column.to_numpy() for column in pairs.columns)
    with _asked(connection, np.unique(np.concatenate([own, first]))):
        texts = _fetch(connection, "fingerprints")
    keys, counts, sketches = texts["text_key"].to_numpy(), texts["shingle_count"].to_numpy(), _sketches(texts)
    one, other = np.searchsorted(keys, own), np.searchsorted(keys, first)
    shared = stories.estimate_shared(sketches[one], sketches[other], counts[one], counts[other])
    share = np.minimum(shared.shingles / counts[one], 1).round(2)
    with warehouse.registered(connection, "shared", pairs.append_column("shared_share", pa.array(share, pa.float32()))):
        warehouse.run_file(connection, FOLDER / "shared.sql", {})


def _sketches(texts: pa.Table) -> stories.Sketches:
    packed = b"".join(texts["sketch"].to_pylist())
    return np.frombuffer(packed, np.uint8).reshape(-1, stories.SKETCH_BYTES)


def _asked(connection: sa.Connection, keys: Iterable[int]) -> Any:
    """Let SQL see keys of texts as `asked`."""
    table = pa.table({"text_key": pa.array(keys if isinstance(keys, np.ndarray) else list(keys), pa.int64())})
    return warehouse.registered(connection, "asked", table)


def _fetch(connection: sa.Connection, query: str, **parameters: Any) -> pa.Table:
    """What one query of sql/stories gives."""
    (statement,) = statements(FOLDER / f"{query}.sql")
    return warehouse.raw(connection).execute(statement.sql, parameters).to_arrow_table()


def _keys(connection: sa.Connection, query: str) -> Places:
    return warehouse.raw(connection).execute(query).to_arrow_table()["text_key"].to_numpy()

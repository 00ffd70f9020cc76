"""The texts that came under one id or address, compared: whether they are different articles, and which are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from etl.normalise.other_articles import Pair, Verdict, judge
from etl.settings import SQL
from etl.warehouse.catalogue import statements_in

FOLDER = SQL / "addresses"

TEXTS_AT_ONCE = 1_024
"""What keeps the memory bounded."""

Text = dict[str, Any]
"""A row of contested_texts.sql or merged_texts.sql, without its body."""


@dataclass(frozen=True)
class Compared:
    """The texts under one key: the stored ones, then the new ones, each in the order in which they were loaded."""

    kind: str
    value: str
    is_shared: bool
    """Whether different articles are known to have the key."""
    texts: list[Text]
    others: tuple[Text, Text] | None
    """The first two of them that are different articles."""
    leaders: list[Text]
    """For each text the first one of the same article."""


def compared(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]) -> Iterator[Compared]:
    """Compare the texts that a query in sql/addresses/ finds, key by key."""
    (statement,) = statements_in(Path(FOLDER, f"{query}.sql"))
    names = {name: parameters[name] for name in statement.parameters}
    for texts in _whole_groups(connection.execute(statement.sql, names).to_arrow_reader(TEXTS_AT_ONCE)):
        yield from _compared(texts)


def _whole_groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows some at a time, but all of one key at once."""
    kept: pa.Table | None = None
    for batch in batches:
        table = pa.Table.from_batches([batch])
        table = pa.concat_tables([kept, table]) if kept else table
        numbers = table["number"].to_pylist()
        start = numbers.index(numbers[-1]) if numbers else 0
        if start:
            yield table[:start]
        kept = table[start:]
    if kept:
        yield kept


def _compared(table: pa.Table) -> Iterator[Compared]:
    rows = table.drop_columns(["body"]).to_pylist()
    groups = [list(places) for _, places in groupby(range(len(rows)), lambda place: rows[place]["number"])]
    verdicts = _judged(table, rows, [pair for places in groups for pair in _decisive(places, rows)])
    for places in groups:
        pairs = [*combinations(places, 2)]
        others = next(((one, other) for one, other in pairs if _are_others(one, other, rows, verdicts)), None)
        first = rows[places[0]]
        leaders = {place: place for place in places}
        if others or first["is_shared"]:
            verdicts |= _judged(table, rows, [pair for pair in pairs if pair not in verdicts])
            alike = [pair for pair in pairs if pair not in verdicts or verdicts[pair].are_alike]
            leaders = _leaders(places, _ties(alike, rows))
        yield Compared(
            first["kind"],
            first["value"],
            first["is_shared"],
            [rows[place] for place in places],
            (rows[others[0]], rows[others[1]]) if others else None,
            [rows[leaders[place]] for place in places],
        )


def _decisive(places: list[int], rows: list[Text]) -> list[tuple[int, int]]:
    """The pairs that show whether there are different articles: stored texts were compared when they came."""
    is_new = any(rows[place]["is_new"] for place in places)
    return [pair for pair in combinations(places, 2) if not is_new or rows[pair[1]]["is_new"]]


def _judged(table: pa.Table, rows: list[Text], pairs: list[tuple[int, int]]) -> dict[tuple[int, int], Verdict]:
    """What the pairs say, but for those whose texts are the same."""
    pairs = [pair for pair in pairs if rows[pair[0]]["content_hash"] != rows[pair[1]]["content_hash"]]
    places = sorted({place for pair in pairs for place in pair})
    taken = {place: number for number, place in enumerate(places)}
    asked = [Pair(taken[one], taken[other], _have_one_id(rows[one], rows[other])) for one, other in pairs]
    return dict(zip(pairs, judge(table.take(places), asked), strict=True)) if pairs else {}


def _are_others(one: int, other: int, rows: list[Text], verdicts: dict[tuple[int, int], Verdict]) -> bool:
    verdict = verdicts.get((one, other))
    return verdict is not None and verdict.are_others and _may_be_others(rows[one], rows[other])


def _have_one_id(one: Text, other: Text) -> bool:
    return one["own_id"] is not None and one["own_id"] == other["own_id"]


def _may_be_others(one: Text, other: Text) -> bool:
    """Not if one is withdrawn, nor if both say their order: by versions or, with one id, by dates of change."""
    versions = one["version_number"], other["version_number"]
    if one["is_withdrawn"] or other["is_withdrawn"] or (None not in versions and versions[0] != versions[1]):
        return False
    return not (_have_one_id(one, other) and _is_ordered(one) and _is_ordered(other))


def _is_ordered(text: Text) -> bool:
    return text["version_number"] is not None or text["is_dated"]


def _ties(alike: list[tuple[int, int]], rows: list[Text]) -> list[tuple[int, int]]:
    """The pairs of alike texts that are one article: of one paper, and not side by side in a dump that gives no order,
    for what stands so is known by its content alone."""
    beside = {place for one, other in alike if _are_beside(rows[one], rows[other]) for place in (one, other)}
    return [
        (one, other)
        for one, other in alike
        if beside.isdisjoint((one, other)) and rows[one]["publication_name"] == rows[other]["publication_name"]
    ]


def _are_beside(one: Text, other: Text) -> bool:
    is_ordered = _is_ordered(one) or _is_ordered(other)
    return one["dump_key"] == other["dump_key"] and one["content_hash"] != other["content_hash"] and not is_ordered


def _leaders(places: list[int], ties: list[tuple[int, int]]) -> dict[int, int]:
    """The first of all texts that each one is tied to, directly or by others."""
    leaders = {place: place for place in places}
    for one, other in ties:
        first, second = sorted((leaders[one], leaders[other]))
        if first != second:
            leaders = {place: first if leader == second else leader for place, leader in leaders.items()}
    return leaders

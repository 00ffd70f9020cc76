"""One article's fault is one article's: whatever a stage breaks on is rejected alone, and all others load."""

from __future__ import annotations

import gc
import inspect
import io
import json
import tarfile
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom, read_raw

from etl import formats, normalise, pipeline
from etl.model import OUR_FAULT
from etl.normalise import identity, languages
from etl.repair.replay import Chosen, replay_chosen
from etl.reports.report import Report
from etl.run import Request, begin
from etl.stages import check, load, quality
from etl.stages.isolation import isolated
from etl.warehouse import opening
from etl.warehouse.catalogue import Statement, all_tables

CULPRIT = 3
"""Its place in its dump, from 0."""
FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
REJECTED = "select path, position, stage, reason from ops.rejected_article inner join ops.dump using (dump_key)"
ORNAMENT = "\n\n".join(["i " * 100] * 6)


def columnwise(module: Any) -> list[str]:
    """The functions in a module that take a column or a frame of the records, one row for each."""
    return [
        name
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__.startswith("etl.normalise")
        and not name.startswith("_")
        and any(kind in _first_annotation(function) for kind in ("pd.Series", "pd.DataFrame"))
    ]


def _first_annotation(function: Callable[..., Any]) -> str:
    parameters = inspect.signature(function).parameters.values()
    return next((str(parameter.annotation) for parameter in parameters), "")


NORMALISERS = [
    *((normalise, name) for name in columnwise(normalise) if name not in ("normalise_records", "cover_emails")),
    *((identity, name) for name in columnwise(identity) if name != "canonical_urls"),  # of ids that are addresses
]


def breaking(whole: Callable[..., Any], is_culprit: Callable[[Any], bool]) -> Callable[..., Any]:
    """The function, but that it raises when it is handed the culprit."""

    def broken(*arguments: Any, **named: Any) -> Any:
        if any(map(is_culprit, (*arguments, *named.values()))):
            raise ZeroDivisionError("broken on purpose")
        return whole(*arguments, **named)

    return broken


def holds_label(value: Any, label: int) -> bool:
    return isinstance(value, pd.Series | pd.DataFrame) and label in value.index


@pytest.fixture
def wire(newsroom: Newsroom) -> Newsroom:
    return with_wire(newsroom)


def with_wire(newsroom: Newsroom) -> Newsroom:
    """A feed with one dump of eight articles, and one of two beside it in the same batch."""
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(number, id=f"a{number}", country="IE") for number in range(8)])
    newsroom.drop("b.jsonl", [article(number, id=f"b{number}") for number in range(20, 22)])
    return newsroom


@pytest.fixture(scope="module")
def wire_ingested(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = with_wire(make_newsroom(tmp_path_factory.mktemp("wire")))
    newsroom.load()
    return newsroom


@pytest.fixture
def ingested(wire_ingested: Newsroom, tmp_path: Path) -> Newsroom:
    """A copy of a newsroom in which both dumps are loaded."""
    return copy_of(wire_ingested, tmp_path / "copy")


def assert_rejected_alone(wire: Newsroom, stage: str, report: Any) -> None:
    assert {dump["path"]: (dump["state"], dump["inserted"], dump["rejected"]) for dump in report.dumps} == {
        "a.jsonl": ("loaded", 7, 1),
        "b.jsonl": ("loaded", 2, 0),
    }
    assert report.state == "succeeded"
    ((path, position, rejecting, reason),) = wire.query(REJECTED)
    assert (path, position, rejecting) == ("a.jsonl", f"line {CULPRIT + 1}", stage)
    assert "broken on purpose" in reason
    assert "this is a fault of Broadsheet: report it" in reason


def replay_all(newsroom: Newsroom) -> None:
    run = begin(newsroom.settings, "replay", Request())
    replay_chosen(run, Chosen())
    assert pipeline.finish(run).state == "succeeded"


def assert_replayed(wire: Newsroom) -> None:
    """Once mended, the culprit is loaded too."""
    replay_all(wire)
    assert wire.query("select count(*), count(distinct native_id) from news.fact_article") == [(10, 10)]


def test_an_ornament_is_loaded_beside_a_good_dump(newsroom: Newsroom) -> None:
    newsroom.drop("ornament.jsonl", [article(1, body=ORNAMENT), article(2, body=ORNAMENT.replace("i", "o"))])
    newsroom.drop("good.jsonl", [article(3)])
    report = newsroom.loaded(newsroom.landing)
    assert {(dump["path"], dump["state"], dump["inserted"]) for dump in report.dumps} == {
        ("ornament.jsonl", "loaded", 2),
        ("good.jsonl", "loaded", 1),
    }


def test_no_number_of_votes_is_too_many() -> None:
    found = languages.detect_languages(pd.Series(["a " * 300, "the of and " * 90]), pd.Series([None, None]))
    assert found["language_code"].tolist()[1] == "en"


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _ in range(levels):
        value = [value]
    return value


DAMAGES: dict[str, tuple[dict[str, Any], int]] = {
    "surrogate.jsonl": ({"headline": "cut \ud83d"}, 0),
    "large number.jsonl": ({"page": 2**70}, 0),
    "type.jsonl": ({"extra": {"deep": float}}, 0),
    "nested.jsonl": ({"extra": {"deep": nested(300)}}, 1),
}
"""By dump: what its culprit is damaged with, and how many articles are rejected for it."""


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A run over dumps of which each has one damaged record, and over one without any."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("damaged"))
    newsroom.stanza(FEED)
    for place, dump in enumerate(("good.jsonl", *DAMAGES)):
        newsroom.drop(dump, [article(n, id=f"{dump} {n % 10}") for n in range(10 * place, 10 * place + 8)])
    damages = {f"{dump} {CULPRIT}": damage for dump, (damage, _) in DAMAGES.items()}
    reader = formats.named("jsonl")
    whole = reader.read

    def read(stream: Any, feed: Any) -> Iterator[Any]:
        for piece in whole(stream, feed):
            yield {**piece, **damages.get(piece["native_id"], {})} if isinstance(piece, dict) else piece

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "read", read)
        return newsroom.loaded()


@pytest.mark.parametrize(("dump", "rejected"), [("good.jsonl", 0), *((name, n) for name, (_, n) in DAMAGES.items())])
def test_a_record_that_no_column_can_hold_is_mended_or_rejected_alone(
    damaged: Report, dump: str, rejected: int
) -> None:
    (found,) = (found for found in damaged.dumps if found["path"] == dump)
    assert (found["state"], found["inserted"], found["rejected"]) == ("loaded", 8 - rejected, rejected)
    assert [
        (row["position"], "nested more than" in row["reason"]) for row in damaged.rejected if row["path"] == dump
    ] == [(f"line {CULPRIT + 1}", True)] * rejected


def test_normalisers_are_found() -> None:
    names = {name for _, name in NORMALISERS}
    assert {"clean_lines", "clean_bodies", "detect_languages", "split_bylines", "parse_dates", "topics"} <= names


class BrokenNormalisers(NamedTuple):
    """What came of a run with a dump for each normaliser, which broke on one article of it; and of its replay, mended.

    By dump: state, inserted and rejected; position, stage and reason of what was rejected; articles and distinct ids.
    """

    state: str
    dumps: dict[str, tuple[str, int, int]]
    rejected: dict[str, list[tuple[str, str, str]]]
    replayed: dict[str, tuple[int, int]]


def dump_of(module: Any, name: str) -> str:
    return f"{module.__name__}.{name}.jsonl"


@pytest.fixture(scope="module")
def broken_normalisers(tmp_path_factory: pytest.TempPathFactory) -> BrokenNormalisers:
    newsroom = make_newsroom(tmp_path_factory.mktemp("normalisers"))
    newsroom.stanza(FEED)
    newsroom.drop("beside.jsonl", [article(number, id=f"b{number}") for number in range(2)])
    with pytest.MonkeyPatch.context() as patch:
        ordered = sorted(NORMALISERS, key=lambda normaliser: dump_of(*normaliser))
        for place, (module, name) in enumerate(ordered):
            numbers = range(10 * place + 10, 10 * place + 18)
            newsroom.drop(dump_of(module, name), [article(n, id=f"a{n}", country="IE") for n in numbers])
            label = 2 + 8 * place + CULPRIT  # in the frame of all dumps, in order
            patch.setattr(module, name, breaking(getattr(module, name), partial(holds_label, label=label)))
        report = newsroom.loaded()
    rejected: dict[str, list[tuple[str, str, str]]] = {}
    for path, *rest in newsroom.query(REJECTED):
        rejected.setdefault(path, []).append(tuple(rest))
    replay_all(newsroom)
    loaded = newsroom.query(
        "select path, count(*), count(distinct native_id) from news.fact_article inner join ops.dump using (dump_key) "
        "group by path"
    )
    return BrokenNormalisers(
        report.state,
        {dump["path"]: (dump["state"], dump["inserted"], dump["rejected"]) for dump in report.dumps},
        rejected,
        {path: (articles, ids) for path, articles, ids in loaded},
    )


@pytest.mark.parametrize(("module", "name"), NORMALISERS, ids=lambda value: str(getattr(value, "__name__", value)))
def test_a_normaliser_that_breaks_on_one_article_rejects_it_alone(
    broken_normalisers: BrokenNormalisers, module: Any, name: str
) -> None:
    dump = dump_of(module, name)
    assert broken_normalisers.state == "succeeded"
    assert broken_normalisers.dumps[dump] == ("loaded", 7, 1)
    ((position, stage, reason),) = broken_normalisers.rejected[dump]
    assert (position, stage) == (f"line {CULPRIT + 1}", "normalise")
    assert "broken on purpose" in reason
    assert "this is a fault of Broadsheet: report it" in reason
    assert broken_normalisers.replayed[dump] == (8, 8)


def test_a_dump_beside_those_on_which_normalisers_break_loses_nothing(broken_normalisers: BrokenNormalisers) -> None:
    assert broken_normalisers.dumps["beside.jsonl"] == ("loaded", 2, 0)
    assert "beside.jsonl" not in broken_normalisers.rejected
    assert broken_normalisers.replayed["beside.jsonl"] == (2, 2)


def test_a_normaliser_of_single_values_that_breaks_rejects_the_article_alone(
    wire: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.drop(
        "a.jsonl",
        [article(n, id=f"a{n}", country="Atlantis" if n == CULPRIT else "IE") for n in range(8)],
    )
    wire.stanza('columns = { country = "country" }\noptional = ["country"]')
    is_culprit = "Atlantis".__eq__
    monkeypatch.setattr(normalise, "country_code", breaking(normalise.country_code, is_culprit))
    assert_rejected_alone(wire, "normalise", wire.loaded())


def test_a_check_that_breaks_on_one_article_rejects_it_alone(wire: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_culprit(value: Any) -> bool:
        return (
            isinstance(value, pd.DataFrame)
            and "delivery" in value
            and "ordinal" in value
            and CULPRIT in value["ordinal"].to_list()
        )

    monkeypatch.setattr(quality, "validate", breaking(quality.validate, is_culprit))
    report = wire.loaded()
    assert_rejected_alone(wire, "check", report)
    monkeypatch.undo()
    assert_replayed(wire)


def test_a_check_that_breaks_on_one_dump_fails_it_alone(wire: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_culprit(value: Any) -> bool:
        return isinstance(value, pd.DataFrame) and "rejected_pieces" in value and "b.jsonl" in value["path"].to_list()

    monkeypatch.setattr(check.quality, "validate", breaking(quality.validate, is_culprit))
    report = wire.loaded()
    states = {dump["path"]: (dump["state"], dump["inserted"], dump["rejected"]) for dump in report.dumps}
    assert states == {"a.jsonl": ("loaded", 8, 0), "b.jsonl": ("failed", 0, 2)}


@pytest.fixture
def broken_load() -> Iterator[Callable[..., None]]:
    """Breaks the load statement of a table in one place; mends all when called without one, and at the end."""
    kept = {name: table.load for name, table in all_tables().items()}

    def break_(table: str = "", before: str = "", after: str = "") -> None:
        if not table:
            mend()
            return
        load = all_tables()[table].load
        broken = tuple(Statement(s.sql.replace(before, after), s.parameters) for s in load)
        assert broken != load
        object.__setattr__(all_tables()[table], "load", broken)

    def mend() -> None:
        for name, statements in kept.items():
            object.__setattr__(all_tables()[name], "load", statements)

    yield break_
    mend()


@pytest.mark.parametrize(
    ("table", "before"), [("news.fact_article", "    incoming.page,"), ("news.article_text", "    article.headline,")]
)
def test_a_load_statement_that_breaks_on_one_article_rejects_it_alone(
    wire: Newsroom, broken_load: Callable[..., None], table: str, before: str
) -> None:
    value = before.strip().rstrip(",")
    source = value.split(".")[0]
    breaks = f"if({source}.position = 'line {CULPRIT + 1}', error('broken on purpose'), {value})"
    broken_load(table, before, before.replace(value, f"{breaks} as {value.split('.')[1]}"))
    report = wire.loaded()
    assert_rejected_alone(wire, "load", report)
    broken_load()
    assert_replayed(wire)


def test_a_load_that_breaks_without_any_article_stops_the_run(wire: Newsroom, broken_load: Callable[..., None]) -> None:
    broken_load("ops.dump_load", "$run_id as run_id", "error('nobody is to blame') as run_id")
    with pytest.raises(Exception, match="nobody is to blame"):
        wire.load()
    assert wire.query("select count(*) from news.fact_article") == [(0,)]


def test_rows_that_break_only_together_fail_their_batch(wire: Newsroom, broken_load: Callable[..., None]) -> None:
    broken_load(
        "news.fact_article",
        "    incoming.page,",
        "    if((select count(*) from incoming) > 6, error('too many'), incoming.page) as page,",
    )
    report = wire.loaded()
    assert report.state == "failed"
    reasons = [dump["reason"] for dump in report.dumps if dump["state"] == "failed"]
    assert all("a fault of Broadsheet stopped its whole batch" in reason for reason in reasons)
    lost = [dump for dump in report.dumps if dump["articles_read"] != dump["inserted"] + dump["rejected"]]
    assert lost == []


def test_a_dump_that_fails_three_times_is_parked(wire: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(stream: Any, feed: Any) -> Iterator[Any]:
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr(formats.named("jsonl"), "read", stops)
    for state in ("failed", "failed", "failed"):
        assert {dump["state"] for dump in wire.loaded().dumps} == {state}
    assert wire.query("select distinct state from ops.dump_status") == [("parked",)]
    assert wire.loaded().dumps == []


@pytest.mark.parametrize(
    ("reason", "upgraded_after", "state"),
    [
        (f"the reader stopped; {OUR_FAULT}", 10, "parked"),
        (f"the reader stopped; {OUR_FAULT}", 11, "failed"),
        ("its batch was not read to the end; see the log", 10, "failed"),
        (load._law_broken([{"path": "a.jsonl", "articles_read": 1}]), 10, "failed"),
        ("a fault of Broadsheet stopped its whole batch: ZeroDivisionError; report it", 10, "failed"),
        ("vanished while the run was reading it", 10, "failed"),
    ],
)
def test_only_what_this_broadsheet_fails_on_is_parked(
    ingested: Newsroom, reason: str, upgraded_after: int, state: str
) -> None:
    with opening.opened(ingested.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("delete from ops.dump_load where dump_key = 1")
        connection.exec_driver_sql(
            """
            insert into ops.dump_load
            select
                'night-' || number, 1, 'failed', null, null, 0, 0, 0, 0, 0, '{}', $reason,
                now()::timestamp, 'delivery', null, null
            from range(3) as nights (number)
            """,
            {"reason": reason},
        )
        connection.exec_driver_sql(
            """
            insert into ops.load_run
            select 'night-' || number, 11 + number, 'schedule', now()::timestamp, null, 'verified', '{}', 0
            from range(3) as nights (number)
            """
        )
        connection.exec_driver_sql(
            "update ops.schema_version set last_run_number = $number", {"number": upgraded_after}
        )
    assert ingested.query("select state from ops.dump_status where dump_key = 1") == [(state,)]


def test_most_of_a_dump_that_breaks_the_load_fails_it(newsroom: Newsroom, broken_load: Callable[..., None]) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(number, id=f"a{number}") for number in range(60)])
    newsroom.drop("b.jsonl", [article(number, id=f"b{number}") for number in range(100, 102)])
    broken_load(
        "news.fact_article",
        "    incoming.page,",
        "    if(incoming.native_id like 'a%', error('broken on purpose'), incoming.page) as page,",
    )
    report = newsroom.loaded()
    assert report.state == "failed"
    states = {dump["path"]: (dump["state"], dump["inserted"], dump["rejected"]) for dump in report.dumps}
    assert states == {"a.jsonl": ("failed", 0, 60), "b.jsonl": ("loaded", 2, 0)}
    assert "of its 60 articles break the load; first: it cannot be loaded: " in report.dumps[0]["reason"]
    assert "broken on purpose" in report.dumps[0]["reason"]


def test_a_member_whose_name_is_not_utf_8_takes_no_other_dump_along(wire: Newsroom) -> None:
    record = json.dumps(article(50, id="t50")).encode() + b"\n{torn\n"
    with tarfile.open(wire.landing / "t.tar", "w", encoding="utf-8", errors="surrogateescape") as archive:
        member = tarfile.TarInfo("x\udcff.jsonl")
        member.size = len(record)
        archive.addfile(member, io.BytesIO(record))
    wire.stanza('[feed.tar]\npath = "*.tar"\nformat = "jsonl"\nsettle_seconds = 0\n')
    report = wire.loaded()
    states = {dump["path"]: (dump["state"], dump["inserted"], dump["rejected"]) for dump in report.dumps}
    assert states == {"a.jsonl": ("loaded", 8, 0), "b.jsonl": ("loaded", 2, 0), "t.tar": ("loaded", 1, 1)}
    assert [row["position"] for row in report.rejected] == ["x\\udcff.jsonl: line 2"]


def test_replays_that_fail_park_nothing(ingested: Newsroom) -> None:
    with opening.opened(ingested.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            """
            insert into ops.dump_load
            select 'replay-' || number, 1, 'failed', null, 1, 1, 0, 0, 0, 1, '{}', 'torn', now()::timestamp, 'replay',
                null, null
            from range(3) as replays (number)
            """
        )
        connection.exec_driver_sql("update ops.dump_load set state = 'refused' where kind = 'delivery'")
    assert ingested.query("select distinct state from ops.dump_status where dump_key = 1") == [("refused",)]


def test_after_so_many_culprits_in_a_dump_its_rest_is_not_tried_one_by_one() -> None:
    calls = []

    def work(frame: pd.DataFrame) -> int:
        calls.append(len(frame))
        raise ZeroDivisionError("always")

    results, culprits = isolated(pd.DataFrame({"a": range(1000), "delivery": 0}), work, most=10)
    assert results == []
    assert [culprit.row for culprit in culprits] == list(range(1000))
    assert len(calls) < 50


def test_a_dump_full_of_culprits_takes_no_other_along() -> None:
    def work(frame: pd.DataFrame) -> list[int]:
        if (frame["delivery"] == 1).any():
            raise ZeroDivisionError("always")
        return frame.index.tolist()

    frame = pd.DataFrame({"delivery": [0] * 7 + [1] * 60 + [2] * 5})
    results, culprits = isolated(frame, work, most=3)
    assert [row for result in results for row in result] == [*range(7), *range(67, 72)]
    assert [culprit.row for culprit in culprits] == list(range(7, 67))


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        sa.exc.OperationalError("", {}, duckdb.IOException("torn")),
        sa.exc.InternalError("", {}, duckdb.TransactionException("Failed to commit: Could not write file")),
        RuntimeError("Could not write all bytes to file: No space left on device"),
    ],
)
def test_no_article_is_blamed_for_the_machine(error: Exception) -> None:
    def work(frame: pd.DataFrame) -> None:
        raise error

    with pytest.raises(type(error)):
        isolated(pd.DataFrame({"delivery": [0] * 10}), work)


def test_results_and_culprits_together_are_the_frame_in_order() -> None:
    def work(frame: pd.DataFrame) -> list[int]:
        if frame["a"].isin([5, 6, 60]).any():
            raise ZeroDivisionError("a culprit")
        return frame["a"].tolist()

    results, culprits = isolated(pd.DataFrame({"a": range(100), "delivery": [n // 30 for n in range(100)]}), work)
    assert [culprit.row for culprit in culprits] == [5, 6, 60]
    assert [value for result in results for value in result] == [n for n in range(100) if n not in (5, 6, 60)]


def test_the_results_of_a_chunk_are_released_with_it() -> None:
    frame = pd.DataFrame({"delivery": [0, 0]})
    gc.disable()
    try:
        results, _ = isolated(frame, lambda rows: rows.copy())
        kept = weakref.ref(results.pop())
        assert kept() is None
    finally:
        gc.enable()


def test_work_that_breaks_without_any_row_is_nobodys_fault() -> None:
    def joined(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([part for _, part in rows.groupby("delivery")])

    with pytest.raises(ValueError, match="No objects to concatenate"):
        isolated(pd.DataFrame({"delivery": []}), joined)


def test_lack_of_memory_is_blamed_on_no_article() -> None:
    def hungry(_: pd.DataFrame) -> None:
        raise pa.ArrowMemoryError("malloc of size 1 failed")

    with pytest.raises(pa.ArrowMemoryError):
        isolated(pd.DataFrame({"delivery": [0, 0]}), hungry)


def test_a_row_that_was_not_tried_alone_says_so() -> None:
    def broken(_: pd.DataFrame) -> None:
        raise ZeroDivisionError("broken on purpose")

    _, culprits = isolated(pd.DataFrame({"delivery": [0] * 8}), broken, most=2)
    assert [
        culprit.reason.startswith("2 others of its dump failed, and it was not tried alone; ") for culprit in culprits
    ] == [False] * 2 + [True] * 6


def test_a_dump_whose_only_article_cannot_be_written_is_judged_alone(newsroom: Newsroom) -> None:
    deep: Any = "deep"
    for _ in range(300):
        deep = [deep]
    newsroom.drop("a.jsonl", [article(1, odd=deep)])
    report = newsroom.loaded(newsroom.landing)
    assert [dump["articles_read"] for dump in report.dumps] == [1]
    assert not any("not read to the end" in failure for failure in report.failures)


def test_a_batch_of_nothing_but_articles_that_cannot_be_cleaned_is_read_to_its_end(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", [article(1, id="a1")])
    monkeypatch.setattr(normalise, "count_words", breaking(normalise.count_words, lambda _: True))
    run = begin(newsroom.settings, "manual", Request())
    batch = read_raw(run)
    assert pipeline.normalise_batch(run, 0) == {"articles": 0}
    assert pq.read_table(batch.unclean[0])["position"].to_pylist() == ["line 1"]

"""What is taken down stands nowhere any more, and does not come back."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom, read, read_raw
from typer.testing import CliRunner

from etl import pipeline
from etl.cli import app
from etl.repair import RepairError, takedown
from etl.repair.asked import Asked
from etl.repair.takedown import Outcome, Shown, take_down
from etl.reports.overview import look_now
from etl.run import Request, begin
from etl.warehouse import opening, reading

FEED = '[feed.{0}]\npath = "{0}/*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
SECRET = "The harbour master kept a second set of books under the stairs."
STATUS = "under seal"
TOLD = article(
    1, id="w-0001", headline="Second set of books found at the harbour", body=f"First.\n\n{SECRET}", status=STATUS
)
BOILERPLATE = "All rights reserved by the Harbour Courier and its heirs."
NO_BODY = (
    "it has no body: the dump lacks its text, or has it where it is not read; an excerpt must be flagged as partial"
)


def take(newsroom: Newsroom, by: str, value: str, approved_by: str = "bo") -> Outcome:
    run = begin(newsroom.settings, "takedown", Request())
    return take_down(run, Asked(by, value, "court order 7", "ada"), approved_by)


def decoded(newsroom: Newsroom) -> str:
    """Every text in every table and Parquet file below home, also of old published copies, decoded."""
    home, parts = newsroom.settings.home, []
    for file in home.rglob("*.parquet"):
        parts.append(json.dumps(pq.read_table(file).to_pylist(), default=_plain, ensure_ascii=False))
    for file in (path for path in home.rglob("*.duckdb") if not path.is_symlink()):
        with reading.attached(file) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'broadsheet'"
            ).fetchall()
            for (table,) in tables:
                parts.append(repr(connection.sql(f"from {table}").fetchall()))
    return "\n".join(parts)


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.fixture(scope="module")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """The article is loaded, revised, published twice, in a rejected record and in a torn line; others are like it."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("told"))
    for feed in ("wire", "other"):
        newsroom.stanza(FEED.format(feed))
    likes = [article(n, id=f"w-{n}", url=None, body=f"Text {n}.\n\n{BOILERPLATE}") for n in range(10, 17)]
    newsroom.drop("wire/a.jsonl", [{**TOLD, "body": f"{TOLD['body']}\n\n{BOILERPLATE}"}, *likes])
    newsroom.ingest()
    revised = json.dumps({**TOLD, "headline": "Second set of books: the harbour master speaks"})
    torn = json.dumps({**TOLD, "id": "w-0002"})[:-3]
    innocent = json.dumps({"id": "w-3", "headline": "No text", "deck": BOILERPLATE})
    newsroom.drop("wire/b.jsonl", f"{revised}\n{torn}\n{innocent}\n")
    newsroom.ingest()
    assert SECRET in decoded(newsroom)
    assert (f"['{STATUS}']",) in newsroom.query("select observed_value from ops.quality_result")
    return newsroom


@pytest.fixture
def told(told_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(told_once, tmp_path / "copy")


@pytest.mark.parametrize("is_copied", [True, False])
def test_it_reaches_where_this_machine_kept_files_before_the_settings_named_other_places(
    told: Newsroom, tmp_path: Path, is_copied: bool
) -> None:
    home, new = told.settings.home, tmp_path / "new"
    if is_copied:
        copytree(home / "quarantine", new / "quarantine")
    moved = told.with_settings(work=str(new / "work"), quarantine=str(new / "quarantine"))
    outcome = take(moved, "id", "w-0001")
    assert (outcome.quarantined, outcome.work_folders) == (1, 2)
    assert SECRET not in decoded(told)
    assert not any(SECRET.encode() in file.read_bytes() for file in new.rglob("*") if file.is_file())


def test_it_stands_nowhere_any_more_and_everything_else_stays(told: Newsroom) -> None:
    outcome = take(told, "id", "w-0001")
    assert outcome == Outcome(1, 1, 2, 2, ["wire/a.jsonl", "wire/b.jsonl"])
    left = decoded(told)
    assert SECRET not in left
    assert "Second set of books" not in left
    assert STATUS not in left, "suites quote what they do not expect"
    assert BOILERPLATE in left
    assert told.ask_published("select count(*) from mart.article") == [(7,)]
    assert told.query("select position, reason from ops.rejected_article order by 1") == [
        ("line 2", "taken down"),
        ("line 3", NO_BODY),
    ]
    assert told.query("select count(*) from ops.takedown where completed_at is null or approved_by <> 'bo'") == [(0,)]
    assert len(list(told.settings.published_folder.glob("*/broadsheet.duckdb"))) == 1


def test_no_reason_quotes_it_any_more_though_it_is_quoted_in_part(told: Newsroom) -> None:
    told.stanza('[feed.clippings]\npath = "clippings/*.txt"\nformat = "apa_txt"\nsettle_seconds = 0')
    for name, line in {
        "a": SECRET.replace("kept a", "kept  a").replace("and", "a\xadnd").replace(" set", "\xa0set"),
        "b": "Rain is expected in the valley.",
    }.items():
        told.drop(f"clippings/{name}.txt", f"{line} {line}\n\nOn.\n")
    told.load()
    quoted = "select reason from ops.dump_load where reason like '%begins with%' order by 1"
    assert "a second\\xa0set of books" in told.query(quoted)[1][0]
    take(told, "id", "w-0001")
    assert "set of books" not in decoded(told)
    (rain,), (secret,) = told.query(quoted)
    assert "Rain is expected" in rain
    assert secret.startswith("begins with words that were taken down; expected a line such as")


REJECTED_WITH_IT = {
    "its own id, and nothing else of it": '{"id": "w-0001", "headline": "Late", "byline": "By Mara Lindqvist"}',
    "torn, its paragraph cut short": '{"body": "' + SECRET[:50],
    "torn, in HTML": '{"body": "<p>The harbour master <b>kept</b> a second set of&nbsp;books under the stairs.</p>',
    "torn, hyphenated": '{"body": "' + SECRET.replace("harbour", "har\\u00adbour").replace("kept", "ke\xadpt"),
}


@pytest.mark.parametrize("record", REJECTED_WITH_IT.values(), ids=REJECTED_WITH_IT)
def test_no_rejected_record_with_it_stays_in_quarantine_or_waits(told: Newsroom, record: str) -> None:
    other = '{"id": "w-9", "headline": "The harbour master kept his word on Friday", "byline": "By Ole Brandt"}'
    told.load(told.drop("wire/d.jsonl", f"{record}\n{other}\n{json.dumps(article(20, id='w-20'))}\n"))
    waiting = "select position from ops.open_rejection where path = 'wire/d.jsonl' order by 1"
    assert told.query(waiting) == [("line 1",), ("line 2",)]
    assert "wire/d.jsonl" in take(told, "id", "w-0001").landing
    assert told.query(waiting) == [("line 2",)]
    kept = [
        row for file in told.settings.quarantine_folder.glob("*.parquet") for row in pq.read_table(file).to_pylist()
    ]
    assert [row["position"] for row in kept if row["path"] == "wire/d.jsonl"] == ["line 2"]
    assert [*told.settings.work_folder.glob("*/batch-*/raw-*")] == []


def test_it_does_not_come_back(told: Newsroom) -> None:
    take(told, "url", "https://courier.example/1?utm_source=mail")
    (again,) = told.loaded(told.landing / "wire/a.jsonl", force=True).dumps
    assert (again["articles_read"], again["unchanged"], again["rejected"]) == (8, 7, 1)
    slightly = {**TOLD, "body": f"First, then.\n\n{SECRET}"}
    (altered,) = told.loaded(told.drop("wire/c.jsonl", [slightly])).dumps
    assert (altered["articles_read"], altered["rejected"]) == (1, 1)
    reasons = told.query("select distinct reason from ops.rejected_article where stage = 'takedown' order by 1 desc")
    assert [SAME in reasons[0][0], LIKE in reasons[1][0], len(reasons)] == [True, True, 2]


REPORT = (
    "The harbour master kept a second set of books under the stairs, the council was told on Friday night. In it stand "
    "the names of forty captains, what each of them paid, and on which of the three quays their cargo was not counted. "
    "The council has asked the court to look into the matter, and the harbour master has not been seen since Sunday."
)
SAME = "must not be loaded again: court order 7"
LIKE = "it is like an article taken down on"
REDELIVERIES = {
    "another headline": ({"headline": "What the council was told"}, SAME),
    "another paper": ({"publication": "Evening Lamp"}, SAME),
    "other white space": ({"body": REPORT.replace(", ", ",\n\n")}, SAME),
    "other quotes and capitals": ({"body": f"“{REPORT.upper()}”"}, SAME),
    "one letter changed": ({"body": REPORT.replace("captains", "captaims")}, LIKE),
    "a paragraph more": ({"body": f"{REPORT}\n\nThe Lamp has seen the books."}, LIKE),
    "among other news": ({"body": " ".join(["Rain is expected in the north."] * 40 + [REPORT])}, LIKE),
    "its first half": ({"body": REPORT[:160]}, LIKE),
    "http": ({"url": "http://courier.example/1", "body": "Another text."}, SAME),
    "a slash and www": ({"url": "https://www.courier.example/1/", "body": "Another text."}, SAME),
    "tracked": ({"url": "https://courier.example/1?fbclid=7", "body": "Another text."}, SAME),
}


@pytest.fixture(scope="module")
def forgotten_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A report is taken down, and its dump removed."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("forgotten"))
    dump = newsroom.drop("a.jsonl", [article(1, body=REPORT), article(2)])
    newsroom.load(dump)
    take(newsroom, "url", "https://courier.example/1")
    dump.unlink()
    return newsroom


@pytest.fixture
def forgotten(forgotten_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(forgotten_once, tmp_path / "copy")


def test_nothing_like_it_comes_back_and_no_stage_writes_it(forgotten: Newsroom) -> None:
    fields = {"id": None, "url": None, "body": REPORT, "status": STATUS}
    records = [article(n, **fields | other) for n, (other, _) in enumerate(REDELIVERIES.values(), 10)]
    torn = json.dumps(article(9, **fields))[:-2]
    lines = "\n".join([*map(json.dumps, records), torn, json.dumps(article(3))])
    forgotten.load(forgotten.drop("b.jsonl", f"{lines}\n"))
    counts = forgotten.query("select state, inserted, rejected from ops.dump_load where inserted = 1")
    assert counts == [("loaded", 1, len(records) + 1)]
    rejected = forgotten.query("select position, reason, stage, quarantine_file from ops.rejected_article")
    assert {(stage, file) for _, _, stage, file in rejected} == {("takedown", None)}
    reasons = {int(position.removeprefix("line ")): reason for position, reason, *_ in rejected}
    for line, (name, (_, expected)) in enumerate(REDELIVERIES.items(), 1):
        assert expected in reasons[line], name
    waiting = [reason for reason in reasons.values() if LIKE in reason]
    assert look_now(forgotten.settings).rejected == len(waiting) == 5
    left = decoded(forgotten).casefold()
    assert "set of books" not in left
    assert "captai" not in left
    assert STATUS not in left
    assert "boat number 3" in left


def test_a_dump_of_nothing_else_is_not_refused_for_it(forgotten: Newsroom) -> None:
    dump = [article(n, url=f"https://lamp.example/{n}", body=REPORT) for n in range(60)]
    forgotten.load(forgotten.drop("b.jsonl", dump))
    assert forgotten.query("select state, rejected from ops.dump_status where path = 'b.jsonl'") == [("loaded", 60)]


def test_who_compared_it_may_let_through_what_is_only_like_it(forgotten: Newsroom) -> None:
    changed = REPORT.replace("captains", "captaims").replace("Friday", "Monday")
    dump = forgotten.drop("b.jsonl", [article(3, body=REPORT), article(4, body=changed)])
    run = begin(forgotten.settings, "manual", Request((str(dump),), accept_alike=True))
    read(run)
    pipeline.check(run)
    pipeline.load(run)
    assert forgotten.query("select url from mart.article order by 1") == [
        ("https://courier.example/2",),
        ("https://courier.example/4",),
    ]


def test_what_is_taken_down_while_a_run_is_under_way_is_not_loaded_by_it(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, body=REPORT), article(2)]))
    run = begin(newsroom.settings, "manual", Request((str(newsroom.drop("b.jsonl", [article(7, body=REPORT)])),)))
    (part,) = pipeline.discover(run)
    take(newsroom, "url", "https://courier.example/1")
    pipeline.extract(run, *part)
    pipeline.normalise(run, *pipeline.gather(run))
    pipeline.check(run)
    pipeline.load(run)
    assert newsroom.query("select stage from ops.rejected_article") == [("takedown",)]
    assert newsroom.query("select count(*) from news.fact_article") == [(1,)]


def test_normalising_again_withholds_the_same(forgotten: Newsroom) -> None:
    same_address = article(1, body="Another text.")
    run = begin(forgotten.settings, "manual", Request((str(forgotten.drop("b.jsonl", [same_address, article(3)])),)))
    batch = read_raw(run)
    for _ in range(2):
        assert pipeline.normalise_batch(run, 0) == {"articles": 1}
        assert pq.read_table(batch.unclean[0])["stage"].to_pylist() == ["takedown"]
        assert pq.read_table(batch.raw[0]).num_rows == 1
    assert pipeline.check(run)["refused"] == 0


def test_an_older_tombstone_still_keeps_its_address_out(forgotten: Newsroom) -> None:
    with opening.opened(forgotten.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("delete from ops.takedown where kind = 'text'")
    forgotten.load(forgotten.drop("b.jsonl", [article(1, url="http://www.courier.example/1/", body="Another text.")]))
    assert forgotten.query("select stage from ops.rejected_article") == [("takedown",)]


def test_the_approver_is_shown_headlines_and_the_same_text_elsewhere(newsroom: Newsroom) -> None:
    twin = article(2, body=REPORT, publication="Evening Lamp", headline="The books")
    newsroom.load(newsroom.drop("a.jsonl", [article(1, body=REPORT), twin, article(3)]))
    shown = takedown.preview(newsroom.settings, Asked("url", "https://courier.example/1", "court order 7", "ada"))
    assert shown == Shown(
        [1],
        ["article 1: Boat number 1 leaves the harbour (Harbour Courier, 2026-03-14)"],
        ["article 2: The books (Evening Lamp, 2026-03-14)"],
    )


def test_only_what_the_approver_was_shown_is_taken_down(newsroom: Newsroom) -> None:
    dump = [article(n, byline="By Mara Lindqvist mara@courier.example") for n in (1, 2)]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    run = begin(newsroom.settings, "takedown", Request())
    with pytest.raises(RepairError, match="the approver was not shown, first article 2"):
        take_down(run, Asked("email", "mara@courier.example", "court order 7", "ada"), "bo", [1])
    assert newsroom.query("select count(*) from news.fact_article") == [(2,)]


def test_every_dump_that_still_holds_it_is_named(newsroom: Newsroom) -> None:
    first = newsroom.drop("a.jsonl", [article(1)])
    newsroom.load(first)
    newsroom.load(newsroom.drop("again.jsonl", [article(1), article(2)]))
    assert take(newsroom, "url", "https://courier.example/1").landing == ["a.jsonl", "again.jsonl"]
    newsroom.load(newsroom.drop("later.jsonl", [article(1)]))
    first.unlink()
    newsroom.load(newsroom.drop("again.jsonl", [article(5, body="Something else altogether.")]))
    assert takedown.still_in_landing(newsroom.settings) == ["later.jsonl"]
    assert look_now(newsroom.settings).still_in_landing == ["later.jsonl"]


def test_of_a_dump_that_is_not_loaded_it_is_said_that_nobody_knows(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1), article(2)]))
    refused = newsroom.drop("b.jsonl", [article(1, headline="Corrected")])
    newsroom.drop("b.jsonl.manifest.json", json.dumps({"expected_articles": 99}))
    newsroom.load(refused)
    outcome = take(newsroom, "url", "https://courier.example/1")
    assert outcome.landing == ["a.jsonl"]
    assert outcome.unknown == ["b.jsonl (refused)"]
    assert outcome.by_hand[1].endswith("hold the text; search them: b.jsonl (refused)")
    refused.unlink()
    assert take(newsroom, "url", "https://courier.example/2").unknown == []


def test_no_record_that_went_from_quarantine_waits_for_a_person(newsroom: Newsroom) -> None:
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1), article(1, headline="Its variant", body=""), article(2)]))
    assert look_now(newsroom.settings).rejected == 1
    assert take(newsroom, "url", "https://courier.example/1").quarantined == 1
    assert look_now(newsroom.settings).rejected == 0
    assert newsroom.query("select stage, reason from ops.rejected_article") == [("check", "taken down")]


def test_every_article_of_an_author_by_e_mail(newsroom: Newsroom) -> None:
    dump = [article(n, byline="By Mara Lindqvist mara@courier.example") for n in (1, 2)] + [article(3)]
    newsroom.ingest(newsroom.drop("a.jsonl", dump))
    assert take(newsroom, "email", "Mara@courier.example").articles == 2
    assert "mara@" not in decoded(newsroom)
    assert newsroom.query("select url from mart.article") == [("https://courier.example/3",)]


def test_who_requests_it_cannot_approve_it(told: Newsroom) -> None:
    with pytest.raises(RepairError, match="another user must"):
        take(told, "id", "w-0001", approved_by=" ADA ")
    assert SECRET in decoded(told)


def test_what_is_not_known_is_said(told: Newsroom) -> None:
    with pytest.raises(RepairError, match="no article, stored or in quarantine, has the url"):
        take(told, "url", "https://courier.example/404")


@pytest.mark.parametrize("point", ["rewrite_file", "pipeline.publish", "published.drop_all_but_linked"])
def test_an_interrupted_takedown_is_finished_by_the_next(
    told: Newsroom, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"etl.repair.takedown.{point}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            take(told, "id", "w-0001")
    assert told.query("select count(*) > 0 from ops.takedown where completed_at is null") == [(True,)]
    take(told, "id", "w-0001")
    assert SECRET not in decoded(told)
    assert told.query("select count(*) from ops.takedown where completed_at is null") == [(0,)]


def test_its_bytes_are_gone_too(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once without compression, so that bytes can be searched."""
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: _uncompressed(connect(*a, **k)))
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1, body=f"{SECRET}"), article(2)]))
    assert SECRET.encode() in _bytes(newsroom.settings.home)
    take(newsroom, "url", "https://courier.example/1")
    assert SECRET.encode() not in _bytes(newsroom.settings.home)
    assert b"Boat number 2" in _bytes(newsroom.settings.home)


def _uncompressed(connection: Any) -> Any:
    connection.execute("set force_compression = 'uncompressed'")
    return connection


def _bytes(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".json")


def test_finishing_does_nothing_when_all_is_done(told: Newsroom) -> None:
    take(told, "id", "w-0001")
    before = told.settings.warehouse_file.stat().st_mtime_ns
    assert takedown.finish(begin(told.settings, "takedown", Request())) == 0
    assert told.settings.warehouse_file.stat().st_mtime_ns == before
    assert pipeline.finish(begin(told.settings, "takedown", Request())).state == "succeeded"


def test_the_command_takes_down_only_what_its_form_showed(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    mine = {"byline": "By Mara Lindqvist mara@courier.example"}
    newsroom.load(newsroom.drop("a.jsonl", [article(1, **mine)]))
    asked: list[str] = []

    def answer(question: str, abort: bool) -> None:
        """While a person reads the form, another article of hers is loaded."""
        asked.append(question)
        newsroom.load(newsroom.drop("b.jsonl", [article(2, **mine)]))

    monkeypatch.setattr("typer.confirm", answer)
    form = ["take-down", "--email", "mara@courier.example", "--reason", "court order 7"]
    done = CliRunner().invoke(app, [*form, "--requested-by", "ada", "--approved-by", "bo"])
    assert asked == ["Take down 1 article (email mara@courier.example) for good?"]
    assert (done.exit_code, newsroom.query("select count(*) from mart.article")) == (2, [(2,)])


@pytest.mark.parametrize("address", ["https://courier.example/", "https://courier.example/quay/"])
def test_an_address_that_others_share_is_no_trace_of_what_is_taken_down(newsroom: Newsroom, address: str) -> None:
    snow = "Ploughs ran late on the pass road, and the school in the valley stayed shut until noon."
    other = article(2, url=address, headline="Snow closes the pass", body=snow)
    rejected = article(3, url=address, headline="Never loaded", body="")
    newsroom.load(newsroom.drop("a.jsonl", [{**TOLD, "url": address}, other, rejected]))
    ((article_id,),) = newsroom.query(
        "select article_id from news.fact_article inner join news.article_text using (article_key) "
        f"where headline = '{TOLD['headline']}'"
    )
    assert take(newsroom, "id", f"article {article_id}").quarantined == 0
    newsroom.load(newsroom.drop("b.jsonl", [article(4, url=address, headline="Bread that lasts", body=snow[::-1])]))
    assert newsroom.query("select headline from mart.article order by 1") == [
        ("Bread that lasts",),
        (other["headline"],),
    ]


PLOUGHS = (
    "Ploughs ran late on the pass road, and the school in the valley stayed shut until noon, because two drivers were "
    "down with a cold and the third had gone to his sister's wedding on the islands."
)


@pytest.mark.parametrize(
    ("by", "value", "keys"),
    [
        ("url", "https://courier.example/quay/?utm_source=mail", {"url": "https://courier.example/quay/", "id": None}),
        ("url", "https://courier.example/index.html", {"url": "https://courier.example/index.html", "id": None}),
        ("id", "7", {"url": None, "id": "7"}),
    ],
)
def test_what_different_articles_share_is_not_taken_down_by(
    newsroom: Newsroom, by: str, value: str, keys: dict[str, Any]
) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    others = {"headline": "Snow closes the pass", "body": f"{REPORT} Snow lay on the pass and the school stayed shut."}
    newsroom.load(newsroom.drop("a.jsonl", [{**TOLD, **keys, "body": PLOUGHS}]))
    newsroom.load(newsroom.drop("b.jsonl", [article(2, **others, **keys), article(3, body="", **keys)]))
    with pytest.raises(RepairError, match="different articles can have it; ask for the article by our own id"):
        take(newsroom, by, value)
    assert newsroom.query("select count(*) from mart.article") == [(2,)]
    assert newsroom.query("select count(*) from ops.takedown") == [(0,)]
    assert len([*newsroom.settings.quarantine_folder.glob("*.parquet")]) == 1


def test_an_address_that_begins_like_another_is_not_that(newsroom: Newsroom) -> None:
    rejected = [article(n, url=f"https://courier.example/1{more}", body="") for n, more in enumerate(("2", "/b", "#b"))]
    newsroom.load(newsroom.drop("a.jsonl", [TOLD | {"url": "https://courier.example/1"}, *rejected]))
    assert take(newsroom, "url", "https://courier.example/1").quarantined == 1


def test_what_came_under_the_same_address_goes_with_it_however_it_is_written(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED.format("wire"))
    forms = [
        "https://courier.example/a?x=1&y=2",
        "http://courier.example/a?x=1&y=2",
        "https://www.courier.example/a/?y=2&x=1",
    ]
    others = [
        "https://courier.example/a",
        "https://courier.example/ab?x=1&y=2",
        "https://sub.courier.example/a?x=1&y=2",
    ]
    copies = [article(n, url=url, headline="Second set of books", body=REPORT) for n, url in enumerate(forms)]
    unlike = [article(n, url=url, body=f"Nothing of {url} is alike.") for n, url in enumerate(others, 10)]
    newsroom.load(newsroom.drop("a.jsonl", [*copies, *unlike]))
    asked = Asked("url", "http://www.courier.example/a?y=2&x=1", "court order 7", "ada")
    assert len(takedown.preview(newsroom.settings, asked).lines) == 3
    assert take(newsroom, "url", forms[0]).articles == 3
    assert newsroom.query("select url from mart.article order by 1") == [(url,) for url in sorted(others)]


def test_by_our_own_id_and_by_the_dumps_it_goes_under_all_forms_of_its_address(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    forms = ["https://courier.example/1", "http://courier.example/1/"]
    newsroom.load(newsroom.drop("a.jsonl", [article(1, id="w-1", url=forms[0]), article(2, id="w-2", url=forms[1])]))
    newsroom.load(newsroom.drop("b.jsonl", [article(3, id="w-3")]))
    for value in ("w-2", "article 1"):
        assert len(takedown.preview(newsroom.settings, Asked("id", value, "court order 7", "ada")).article_ids) == 2


def test_a_short_text_that_stays_under_another_address_is_told(newsroom: Newsroom) -> None:
    same = {"headline": "Harbour closed", "body": "The harbour is closed until noon."}
    newsroom.load(newsroom.drop("a.jsonl", [article(1, **same), article(2, **same), article(3)]))
    outcome = take(newsroom, "url", "https://courier.example/1")
    assert (outcome.articles, outcome.others) == (1, ["article 2: Harbour closed (Harbour Courier, 2026-03-14)"])


def test_the_articles_are_named_that_are_stored_under_what_is_none_of_theirs(newsroom: Newsroom) -> None:
    home = {"url": "https://courier.example/"}
    newsroom.load(newsroom.drop("a.jsonl", [article(1, **home, body=REPORT), article(2, **home, body=PLOUGHS)]))
    with pytest.raises(RepairError, match=r"stored under it: article 1, article 2$"):
        take(newsroom, "url", "http://www.courier.example")
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("update news.fact_article set native_id = '100'")
    with pytest.raises(RepairError, match=r"not one article's own.*stored under it: article 1, article 2$"):
        take(newsroom, "id", "100")

"""The command line: what it prints, what it writes, how it exits."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, make_newsroom
from typer.testing import CliRunner
from warm import broadsheet, forked

from etl import cli, formats, pipeline
from etl.cli import app, searches
from etl.cli.overview import _to_do
from etl.cli.runs import _rows_of
from etl.cli.screen import _cell
from etl.cli.searches import marked
from etl.model import Declared, Piece, Reject, Skip
from etl.reports.night import Overview
from etl.reports.night_facts import WaitingDelivery
from etl.run import Run
from etl.stages.verify import VerifyFailed

NOW = datetime(2026, 3, 14, 9)
WAITING = WaitingDelivery("wire/a.csv", "wire", "csv", "parked", 3, 0, "is empty", "r0", NOW)
BROADSHEET = str(Path(sys.executable).with_name("broadsheet"))


def run(newsroom: Newsroom, *arguments: object) -> CompletedProcess[bytes]:
    return broadsheet(*arguments, **environment(newsroom))


def environment(newsroom: Newsroom) -> dict[str, str]:
    return {"BROADSHEET_HOME": str(newsroom.settings.home), "BROADSHEET_SOURCES": str(newsroom.settings.sources)}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom in which one good dump, with one rejected line, is loaded."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("cli"))
    dump = newsroom.drop("a.jsonl", json.dumps(article(1)) + "\n" + json.dumps(article(2)) + "\n{torn\n")
    command = [BROADSHEET, "ingest", "--json", str(dump)]  # as a person starts it, once
    done = subprocess.run(command, env=os.environ | environment(newsroom), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    (newsroom.folder / "out.json").write_bytes(done.stdout)
    return newsroom


def test_ingest_json_is_one_document_with_the_promised_keys(loaded: Newsroom) -> None:
    report = json.loads((loaded.folder / "out.json").read_bytes())
    assert list(report) == ["run_id", "state", "published", "dumps", "failures", "warnings", "seen"]
    assert report["state"] == "succeeded"
    assert Path(report["published"]).exists()
    assert report["dumps"] == [
        {
            "path": "a.jsonl",
            "format": "jsonl",
            "state": "loaded",
            "articles_declared": None,
            "articles_read": 3,
            "inserted": 2,
            "revised": 0,
            "unchanged": 0,
            "rejected": 1,
            "reason": None,
            "skipped": {},
        }
    ]


GLANCE = """
import json, sys
heavy = json.loads(sys.argv.pop())
from etl.cli import main
try:
    main()
except SystemExit:
    pass
print([name for name in heavy if name in sys.modules])
"""
HEAVY = ("pandas", "sqlalchemy", "great_expectations")


@pytest.mark.parametrize(
    ("glance", "heavy"),
    [
        (("status",), (*HEAVY, "numpy", "pyarrow")),
        (("query", "select count(*) from mart.article"), HEAVY),
        (("search", "boats"), HEAVY),
    ],
)
def test_a_glance_does_not_wait_for_what_only_a_load_needs(
    loaded: Newsroom, glance: tuple[str, ...], heavy: tuple[str, ...]
) -> None:
    asked = [sys.executable, "-c", GLANCE, *glance, json.dumps(heavy)]
    done = subprocess.run(asked, env=os.environ | environment(loaded), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_ingest_without_a_path_takes_what_is_new_in_all_feeds(newsroom: Newsroom) -> None:
    newsroom.stanza(
        '[feed.wire]\npath = "wire/*"\nsettle_seconds = 0\n[feed.lamp]\npath = "lamp/*"\nsettle_seconds = 0'
    )
    for feed in ("wire", "lamp"):
        newsroom.drop(f"{feed}/1.jsonl", [article(1)])
    newsroom.drop("elsewhere/1.jsonl", [article(2)])
    done = run(newsroom, "ingest", "--json")
    assert done.returncode == 0, done.stderr
    assert {dump["path"] for dump in json.loads(done.stdout)["dumps"]} == {"lamp/1.jsonl", "wire/1.jsonl"}


def test_strict_exits_with_1_when_an_article_is_rejected(loaded: Newsroom) -> None:
    assert run(loaded, "ingest", "--strict", "--force", loaded.landing / "a.jsonl").returncode == 1


def stopped_by_a_person() -> None:
    """An ingest in which somebody presses Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    pipeline.run_all = stop
    sys.argv = ["broadsheet", "ingest"]
    cli.main()


def test_ctrl_c_exits_with_130_and_says_what_to_do(newsroom: Newsroom) -> None:
    stopped = forked(stopped_by_a_person, **environment(newsroom))
    assert stopped.returncode == 130
    assert stopped.stderr.decode() == "Stopped. Nothing is half done: give the same command again.\n"


def test_a_refused_dump_exits_with_1_and_says_why(newsroom: Newsroom) -> None:
    done = run(newsroom, "ingest", newsroom.drop("b.csv", 'title,text\nOne,"open\n'))
    assert done.returncode == 1
    assert "is not closed or not doubled" in " ".join(done.stdout.decode().split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingest", "nothing-there.txt"], "no file there"),
        (["ingest", "--source", "wired", "x"], "no feed 'wired'"),
        (
            ["ingest", "--format", "word", "x"],
            f"no format 'word'; known are: auto, {next(iter(formats.all_formats()))}",
        ),
        (["ingest", "--published-on", "14.4.2024", "x"], "14.4.2024"),
        (["ingest", "--dry-run", "--json"], "a dry run prints no JSON; leave out --dry-run or --json"),
        (["query", "select 1; select 2"], "expected one SQL statement, found 2"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_there(loaded: Newsroom, arguments: list[str], message: str) -> None:
    done = run(loaded, *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.decode().split())


def test_query_prints_every_format(loaded: Newsroom) -> None:
    sql = "select article_id, headline from mart.article order by article_id limit 1"
    assert "Boat number 1" in run(loaded, "query", sql).stdout.decode()
    assert run(loaded, "query", "--format", "csv", sql).stdout.decode().splitlines() == [
        "article_id,headline",
        "1,Boat number 1 leaves the harbour",
    ]
    headline = {"article_id": 1, "headline": "Boat number 1 leaves the harbour"}
    assert json.loads(run(loaded, "query", "--format", "json", sql).stdout) == [headline]
    assert pq.read_table(io.BytesIO(run(loaded, "query", "--format", "parquet", sql).stdout)).to_pylist() == [headline]


def test_query_takes_a_question_of_the_cookbook_by_its_name(loaded: Newsroom) -> None:
    assert run(loaded, "query", "--format", "csv", "how_fresh_is_it").stdout.decode().startswith("source,")


def test_search_takes_words_and_operators(loaded: Newsroom) -> None:
    assert "Boat number 1 leaves" in run(loaded, "search", "BOAT", "harb*").stdout.decode()
    assert "with an asterisk" in run(loaded, "search", "boat", "harb").stdout.decode()
    found = run(loaded, "search", "boat", "-1", "--format", "jsonl").stdout.decode().splitlines()
    assert [json.loads(line)["headline"] for line in found][:1] == ["Boat number 2 leaves the harbour"]
    assert len(run(loaded, "search", "boat OR harbour", "--limit", "1", "--format", "csv").stdout.splitlines()) == 2


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet"])
def test_search_into_a_file_says_how_many_articles_are_left(loaded: Newsroom, format: str) -> None:
    ((total,),) = loaded.query("select count(*) from mart.find_articles('boat', top := null)")
    for limit, told in ((1, f"1 of {total} rows, {total - 1} left. To see all: --limit {total}\n"), (total, "")):
        done = run(loaded, "search", "boat", "--format", format, "--limit", str(limit))
        assert done.stderr.decode() == told


@pytest.mark.parametrize("words", ["boat", "submarine"])
def test_what_a_search_finds_has_its_columns_and_types_even_if_that_is_nothing(loaded: Newsroom, words: str) -> None:
    assert run(loaded, "search", words, "--format", "csv").stdout.decode().startswith("article_id,published_date,")
    found = pq.read_table(io.BytesIO(run(loaded, "search", words, "--format", "parquet").stdout))
    assert bool(found.num_rows) == (words == "boat")
    assert [str(found.schema.field(name).type) for name in ("article_id", "embargo_until", "snippet")] == [
        "int64",
        "timestamp[us]",
        "string",
    ]


def test_search_names_what_is_near_where_nothing_is_found_in_a_publication_that_is_not_there(loaded: Newsroom) -> None:
    (there,) = loaded.query("select max(publication_name) from news.dim_publication where publication_key > 0")[0]
    told = run(loaded, "search", "boat", "--publication", there[:-1]).stderr.decode()
    assert told == f"There is no publication {there[:-1]}; did you mean {there}?\n"
    assert run(loaded, "search", "absent", "--publication", there).stderr == b""


@pytest.mark.parametrize(
    ("status", "until", "expected"),
    [
        ("usable", datetime(2099, 1, 1), "Pier [embargoed until 2099-01-01 00:00:00]"),
        ("corrected", datetime(2099, 1, 1), "Pier [embargoed until 2099-01-01 00:00:00]"),
        ("embargoed", datetime(2099, 1, 1), "Pier [embargoed until 2099-01-01 00:00:00]"),
        ("embargoed", None, "Pier [embargoed until further notice]"),
        ("embargoed", datetime(2020, 1, 1), "Pier [embargo ended 2020-01-01 00:00:00]"),
        ("withheld", datetime(2099, 1, 1), "Pier [withheld]"),
        ("usable", datetime(2020, 1, 1), "Pier"),
        ("usable", None, "Pier"),
    ],
)
def test_search_marks_what_is_not_for_publication_whatever_its_status(
    status: str, until: datetime | None, expected: str
) -> None:
    found = {"headline": "Pier", "status": status, "embargo_until": until}
    assert searches._cell(found, "headline") == expected


def test_search_shows_the_words_in_bold_and_nothing_else_of_a_text() -> None:
    shown = marked("The **pier** burned \x1b[31m down.")
    assert str(shown) == "The pier burned \\x1b[31m down."
    assert [(span.start, span.end, span.style) for span in shown.spans] == [(4, 8, "bold")]
    assert _cell(shown) is shown


def test_search_names_what_it_does_not_understand(loaded: Newsroom) -> None:
    refused = run(loaded, "search", "boat", "(harbour")
    assert refused.returncode == 2
    assert refused.stderr.decode() == "broadsheet: there is a ( without a ) after it\n"


def test_rows_too_wide_for_the_screen_are_printed_downwards(loaded: Newsroom) -> None:
    shown = run(loaded, "query", "from mart.article order by article_id limit 2").stdout.decode()
    assert [line.split("│")[2].strip() for line in shown.splitlines() if "│ headline " in line] == [
        "Boat number 1 leaves the harbour",
        "Boat number 2 leaves the harbour",
    ]


def test_a_long_word_is_folded_and_not_cut_short(loaded: Newsroom) -> None:
    shown = run(loaded, "query", "select repeat('x', 300) as long, 'y' as short").stdout.decode()
    assert shown.count("x") == 300
    assert "…" not in shown


def test_a_query_without_a_row_says_so(loaded: Newsroom) -> None:
    shown = run(loaded, "query", "select headline, body from mart.article where false").stdout.decode()
    assert shown == "No rows. The columns are headline, body.\n"


@pytest.mark.parametrize(
    ("sql", "code"), [("delete from news.fact_article", 2), ("create table t as select 1", 2), ("selec 1", 1)]
)
def test_query_writes_nothing_and_explains_what_is_wrong(loaded: Newsroom, sql: str, code: int) -> None:
    done = run(loaded, "query", sql)
    assert done.returncode == code
    assert done.stderr.decode().startswith("broadsheet: ")


def test_inspect_shows_reader_and_records_and_writes_nothing(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])
    shown = run(newsroom, "inspect", dump).stdout.decode()
    assert "jsonl" in shown
    assert "Boat number 1 leaves the harbour" in shown
    assert not newsroom.settings.home.exists()


def test_inspect_says_of_a_file_that_nobody_reads_what_it_is_and_fails(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.bin", b"PGDMP\x01" + bytes(2_000))
    done = run(newsroom, "inspect", dump)
    assert done.returncode == 1
    assert "a database of PostgreSQL" in " ".join((done.stdout + done.stderr).decode().split())


def test_inspect_shows_a_skip_a_reject_and_a_total_in_words() -> None:
    pieces: list[Piece] = [
        Skip("line 1", "cover page", "The cover"),
        Reject("line 9", "holds no text", b"What it is"),
        Declared(7),
    ]
    shown = [_rows_of(piece) for piece in pieces]
    assert shown == [
        {"skipped": "cover page", "position": "line 1", "text": "The cover"},
        {"rejected": "holds no text", "position": "line 9", "piece": "What it is"},
        {"articles stated": 7},
    ]


def test_inspect_shows_where_the_articles_of_a_refused_page_begin(newsroom: Newsroom) -> None:
    text = "<p>The council agreed on Tuesday to repair the old bridge over the river before the winter storms.</p>" * 2
    parts = [
        f"\n<h2>{head}</h2><p>Furt Gazette, {n} May 2018</p>{text}" for n, head in enumerate(("Bridge", "Port"), 1)
    ]
    dump = newsroom.drop("a.html", f"<html><body>{''.join(parts)}</body></html>")
    done = run(newsroom, "inspect", dump)
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[1:] == ["line 2: Bridge", "line 3: Port"]
    assert "holds about 2 articles in a layout that no reader knows" in " ".join(done.stderr.decode().split())


def test_status_and_rejected_tell_what_happened(loaded: Newsroom) -> None:
    metrics = loaded.landing.parent / "broadsheet.prom"
    assert "1 loaded" in run(loaded, "status", "--metrics", metrics).stdout.decode()
    assert "\nbroadsheet_rejected_articles_waiting 1\n" in metrics.read_text()
    rejected = " ".join(run(loaded, "rejected").stdout.decode().split())
    assert "line 3" in rejected
    assert "is not JSON" in rejected


def test_publish_does_nothing_when_analysts_have_the_last_load(loaded: Newsroom) -> None:
    assert "already contains the last load" in " ".join(run(loaded, "publish").stdout.decode().split())


def test_a_wrong_setting_is_named(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\ntimezone = "Mars/Base"')
    done = run(newsroom, "ingest", newsroom.drop("a.jsonl", [article(1)]))
    assert done.returncode == 2
    assert '[feed.wire] timezone: "Mars/Base"; expected an IANA time zone' in " ".join(done.stderr.decode().split())


def test_a_dry_run_says_what_would_be_taken_and_changes_nothing(loaded: Newsroom) -> None:
    def files() -> dict[Path, int]:
        below = (path for path in loaded.settings.home.rglob("*") if path.name != "lock")
        return {path: path.lstat().st_mtime_ns for path in below if path.is_file()}

    new = loaded.drop("dry.jsonl", [article(8)])
    before = files()
    done = run(loaded, "ingest", "--dry-run", new, loaded.landing / "a.jsonl")
    new.unlink()
    assert done.returncode == 0
    assert [text.split(":")[0] for text in done.stdout.decode().splitlines()] == [
        "1 new of 2 files",
        "ad_hoc",
        "  dry.jsonl",
    ]
    assert files() == before


@pytest.mark.parametrize(
    ("stanza", "code", "why"),
    [
        ("path = 'wire/*'", 0, ""),
        ("path = 3", 2, "[feed.wire] path: 3; expected a path"),
        ("path = 'wired/*'", 1, "feed wire: its folder wired/ is not there"),
    ],
)
def test_a_dry_run_exits_as_the_run_would(newsroom: Newsroom, stanza: str, code: int, why: str) -> None:
    newsroom.stanza(f"[feed.wire]\n{stanza}")
    (newsroom.landing / "wire").mkdir()
    done = run(newsroom, "ingest", "--dry-run")
    assert (done.returncode, why in " ".join(done.stdout.decode().split())) == (code, True)
    assert done.returncode == run(newsroom, "ingest").returncode


def test_a_dry_run_without_its_landing_folder_is_wrong_use(newsroom: Newsroom) -> None:
    newsroom.landing.rmdir()
    done = run(newsroom, "ingest", "--dry-run")
    assert (done.returncode, "is it mounted?" in done.stderr.decode()) == (2, True)


def test_after_a_failed_verification_nothing_is_said_to_be_published(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Run) -> None:
        raise VerifyFailed("fact_article: why (1 rows). Analysts keep the last published file")

    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1)]))
    monkeypatch.setattr(pipeline, "verify_waiting", fails)
    done = CliRunner().invoke(app, ["ingest", str(newsroom.drop("b.jsonl", [article(2)]))])
    assert (done.exit_code, "Published:" in done.output) == (1, False)


def test_the_list_of_what_to_do_names_both_ways_out() -> None:
    found = Overview("warehouse", NOW, NOW, None, None, rejected=1, waiting=[WAITING])
    parked, rejected = _to_do(found)
    assert "broadsheet release PATH; if nobody will fix it: broadsheet dismiss PATH --reason WHY" in parked
    assert "broadsheet replay; if nobody will fix it: broadsheet dismiss PATH --reason WHY" in rejected


def test_check_sources_reads_a_file_of_each_feed_and_exits_with_1_for_a_problem(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nsettle_seconds = 0')
    newsroom.stanza('[feed.silent]\npath = "silent/*"')
    (newsroom.landing / "silent").mkdir()
    newsroom.drop("wire/1.jsonl", [article(1), article(2, body=None)])
    done = run(newsroom, "check-sources")
    assert done.returncode == 0
    shown = done.stdout.decode()
    assert "wire: wire/1.jsonl: read as jsonl: 2 articles, headline in 2, body in 1, published in 2" in shown
    assert "silent: no file of it is in the landing folder" in shown
    newsroom.stanza('[feed.nord]\npath = "nord/*"\nid_column = "Nr"\nsettle_seconds = 0\n[feed.bad]\npath = 3')
    newsroom.drop("nord/1.csv", "title,text,nr\nOne,First,1\n")
    done = run(newsroom, "check-sources")
    assert done.returncode == 1
    shown = done.stdout.decode()
    assert "[feed.bad] path: 3; expected a path" in shown
    assert 'the stanza names the column "Nr" (perhaps "nr"), which it lacks; found title, text, nr' in shown
    assert not newsroom.settings.home.exists()

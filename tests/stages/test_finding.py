"""What discovery looks at: each file guarded by itself, each counted once, and none left without a reason."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article

from etl.declared.sources import load_sources
from etl.intake import arrival, bundles, landing, regular
from etl.intake.landing import claims, files_below
from etl.intake.seen import Seen
from etl.model import Delivery
from etl.run import Request, begin
from etl.stages import discover, finding, plan
from etl.stages.discover import RequestError

STANZA = '[feed.wire]\npath = "**/*.jsonl"\nsettle_seconds = 0'
ISSUE = Path(__file__).parents[1] / "samples" / "mets_alto"
METS = "harbour_18990302_mets.xml"
PAGES = ["harbour_18990302_0001.xml", "harbour_18990302_0002.xml"]


def look(newsroom: Newsroom, ledger: dict[Any, str] | None = None, **request: Any) -> tuple[dict[str, Any], Seen]:
    """The rows of the plan by path, and what was seen."""
    run = begin(newsroom.settings, "manual", Request(**request))
    discover.plan_deliveries(run, ledger or {})
    rows = {row["path"]: row for row in pq.read_table(run.plan).to_pylist()}
    return rows, Seen.from_json(run.seen.read_text())


def reasons(newsroom: Newsroom, **request: Any) -> dict[str, str | None]:
    return {path: row["refused"] for path, row in look(newsroom, **request)[0].items()}


BOUNDARIES: dict[str, tuple[Any, str]] = {
    "the manifest": (arrival, "read_manifest"),
    "the look for links": (arrival, "refuse_odd"),
    "the parts": (bundles, "own_parts"),
    "the hash": (regular.hashlib, "file_digest"),
    "the size": (bundles, "size_and_time"),
}


@pytest.mark.parametrize("place", BOUNDARIES)
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OverflowError("too large"), "OverflowError: too large"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half"), "UnicodeEncodeError"),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "cannot be read: Input/output error; check the disk"),
        (MemoryError(), "MemoryError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_one_file_throws_is_its_own_reason(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception, reason: str
) -> None:
    newsroom.stanza(STANZA)
    for name in ("a", "b", "c"):
        newsroom.drop(f"{name}.jsonl", [article(1)])
    module, name = BOUNDARIES[place]
    real, calls = getattr(module, name), []

    def fails_second(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise error
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, fails_second)
    found = reasons(newsroom)
    assert [path for path, refused in found.items() if refused] == ["b.jsonl"]
    assert reason in str(found["b.jsonl"])


@pytest.mark.parametrize("value", [2**63, -(2**70), "many", "\ud800"])
def test_a_value_that_fits_no_column_refuses_its_row_alone(newsroom: Newsroom, value: Any) -> None:
    run = begin(newsroom.settings, "manual", Request())
    odd = Delivery("delivery", "b.jsonl", "b.jsonl", "wire", "auto", publication="x", expected_articles=value)
    rows = [
        Delivery("delivery", "a.jsonl", "", "wire", "auto"),
        odd,
        Delivery("delivery", "c.jsonl", "", "wire", "auto"),
    ]
    plan.write_plan(run, rows)
    refused = {row["path"]: row["refused"] for row in pq.read_table(run.plan).to_pylist()}
    assert (refused["a.jsonl"], refused["c.jsonl"]) == (None, None)
    assert "cannot be planned" in str(refused["b.jsonl"])


@pytest.mark.parametrize(
    "text",
    [
        '{"expected_articles": 9223372036854775808}',
        '{"expected_articles": -1}',
        '{"expected_articles": 1e400}',
        '{"expected_articles": 3.0}',
        '{"expected_articles": 3, "expected_articles": 1}',
        '{"publication": "\\ud800"}',
        '{"language": "en\\u0000"}',
        '{"published_on": "10000-01-01"}',
        '{"\\udfff": 1}',
        '{"expected_articles": ' + "9" * 5_000 + "}",
        '{"publication": ' + "[" * 20_000,
    ],
)
def test_a_manifest_with_an_impossible_value_refuses_its_dump_alone(newsroom: Newsroom, text: str) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("b.jsonl", [article(2)])
    newsroom.drop("a.jsonl.manifest.json", text)
    found = reasons(newsroom)
    assert "a.jsonl.manifest.json" in str(found["a.jsonl"])
    assert len(str(found["a.jsonl"])) < 400
    assert found["b.jsonl"] is None


def test_links_that_lead_in_a_circle_or_to_nothing_are_refused_and_a_long_name_is_taken(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("x" * 249 + ".jsonl", [article(2)])
    (newsroom.landing / "one.jsonl").symlink_to("two.jsonl")
    (newsroom.landing / "two.jsonl").symlink_to("one.jsonl")
    (newsroom.landing / "deep").mkdir()
    (newsroom.landing / "deep" / "self.jsonl").symlink_to("self.jsonl")
    (newsroom.landing / "gone.jsonl").symlink_to("nowhere.jsonl")
    found = reasons(newsroom)
    assert [path for path, refused in found.items() if not refused] == ["a.jsonl", "x" * 249 + ".jsonl"]
    assert "leads back to itself" in str(found["deep/self.jsonl"])
    assert "where nothing is" in str(found["gone.jsonl"])
    assert set(found) >= {"one.jsonl", "two.jsonl"}


def test_a_feed_whose_files_cannot_be_listed_stops_no_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza('[feed.bad]\npath = "bad/*"\nsettle_seconds = 0\n[feed.good]\npath = "good/*"\nsettle_seconds = 0')
    newsroom.drop("bad/a.jsonl", [article(1)])
    newsroom.drop("good/b.jsonl", [article(2)])
    real = finding.files_below

    def broken(pattern: str, root: Path) -> Any:
        if "bad" in pattern:
            raise RuntimeError("out of order")
        return real(pattern, root)

    monkeypatch.setattr(finding, "files_below", broken)
    found = reasons(newsroom)
    assert "out of order" in str(found["bad/*"])
    assert found["good/b.jsonl"] is None


def test_a_folder_that_cannot_be_listed_is_refused_and_not_taken_for_an_empty_one(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("share.jsonl/b.jsonl", [article(2)])
    real = os.scandir

    def scandir(folder: str) -> Any:
        if str(folder).endswith("share.jsonl"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(folder)

    monkeypatch.setattr(landing.os, "scandir", scandir)
    found = reasons(newsroom)
    assert found["a.jsonl"] is None
    assert "a folder that may not be read" in str(found["share.jsonl"])


def test_a_file_that_vanishes_is_counted_as_such(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("b.jsonl", [article(2)])
    real = arrival.read_manifest

    def vanishing(file: Path, root: Path) -> Any:
        if file.name == "a.jsonl":
            file.unlink()
        return real(file, root)

    monkeypatch.setattr(arrival, "read_manifest", vanishing)
    rows, seen = look(newsroom)
    assert list(rows) == ["b.jsonl"]
    assert (seen.files, seen.new, seen.vanished) == (2, 1, 1)


def test_every_file_is_counted_under_the_reason_why_it_is_not_taken(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*.jsonl"\n[feed.twice]\npath = "**/c.jsonl"')
    newsroom.stanza('[feed.lost]\npath = "lost/*"')
    long_ago = time.time() - 600
    for name in ("a", "b", "c", "d"):
        os.utime(newsroom.drop(f"wire/{name}.jsonl", [article(1, body=name)]), (long_ago, long_ago))
    newsroom.drop("wire/fresh.jsonl", [article(2)])
    newsroom.drop("wire/.hidden.jsonl", "x")
    newsroom.drop("wire/a.jsonl.manifest.json", "{}")
    newsroom.drop("wire/e.jsonl.part", "x")
    newsroom.drop("stranger.txt", "x")
    rows, _ = look(newsroom)
    names = ("source", "path", "sha256", "manifest_sha256")
    known = [tuple(rows[f"wire/{name}.jsonl"][key] for key in names) for name in "abc"]
    rows, seen = look(newsroom, dict(zip(known, ("loaded", "parked", "unloaded"), strict=True)))
    assert list(rows) == ["wire/d.jsonl"]
    assert seen == Seen(
        files=8,
        new=1,
        loaded=1,
        parked=1,
        unloaded=1,
        unsettled=1,
        next_look_seconds=seen.next_look_seconds,
        set_aside=2,
        unclaimed=1,
        unclaimed_names=("stranger.txt",),
        contested=1,
        contested_names=("wire/c.jsonl",),
        missing_folders=("lost: lost",),
    )
    assert 30 < seen.next_look_seconds <= 60


def test_a_landing_folder_that_is_not_mounted_stops_the_run(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.landing.rmdir()
    with pytest.raises(RequestError, match=r"landing folder .* is not there \(is it mounted\?\)"):
        look(newsroom)
    dump = newsroom.folder / "a.jsonl"
    dump.write_text("{}")
    assert len(look(newsroom, paths=(str(dump),))[0]) == 1


def test_a_file_that_two_feeds_claim_belongs_to_the_first_also_by_its_path(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA + '\n[feed.later]\npath = "*"\nsettle_seconds = 0')
    dump = newsroom.drop("a.jsonl", [article(1)])
    assert look(newsroom)[0]["a.jsonl"]["source"] == "wire"
    assert look(newsroom, paths=(str(dump),))[0]["a.jsonl"]["source"] == "wire"


def ahead(file: Path, seconds: float = 86_400 * 200) -> Path:
    os.utime(file, (time.time() + seconds,) * 2)
    return file


def test_a_file_from_the_future_is_taken_once_the_file_system_shows_it_settled(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    ahead(newsroom.drop("a.jsonl", [article(1)]))
    rows, seen = look(newsroom.with_settings(timezone=ZoneInfo("Europe/Berlin")))
    assert list(rows) == ["a.jsonl"]
    assert seen.future == 1
    assert re.search(r"a\.jsonl has a time stamp in the future \(.* \d\d:\d\d Europe/Berlin\): ", seen.warnings[0])


def test_a_file_from_the_future_that_was_just_written_waits_until_it_is_seen_unchanged(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA.replace("= 0", "= 60"))
    file = ahead(newsroom.drop("a.jsonl", [article(1)]))
    rows, seen = look(newsroom)
    assert (rows, seen.unsettled, seen.future) == ({}, 1, 1)
    ahead(newsroom.drop("a.jsonl", [article(1), article(2)]), 86_400 * 300)
    assert look(newsroom)[0] == {}
    rows, seen = look(newsroom)
    assert rows["a.jsonl"]["bytes"] == file.stat().st_size


def test_times_that_no_column_holds_are_no_obstacle(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    late = newsroom.drop("a.jsonl", [article(1)])
    os.utime(late, (10**10, 10**10))
    if late.stat().st_mtime_ns < 2**63:
        pytest.skip("waits for a file system that knows times after the year 2262")
    assert reasons(newsroom) == {"a.jsonl": None}


def issue(newsroom: Newsroom, folder: str = "", **others: str) -> bytes:
    """Drop an issue, whose METS names other files in place of its pages."""
    mets = (ISSUE / METS).read_text()
    for page, other in zip(PAGES, others.values(), strict=False):
        mets = mets.replace(page, other)
    newsroom.drop(f"{folder}{METS}", mets)
    for page in PAGES:
        newsroom.drop(f"{folder}{page}", (ISSUE / page).read_bytes())
    return mets.encode()


ARCHIVE = '[feed.archive]\npath = "*"\nsettle_seconds = 0'


def test_an_index_claims_neither_other_dumps_nor_files_of_another_feed(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.archive]\npath = "*[xl]"\nsettle_seconds = 0')
    newsroom.stanza('[feed.other]\npath = "other-feed/*"\nsettle_seconds = 0')
    issue(newsroom, one="zz-good.jsonl", two="other-feed/b.xml")
    newsroom.drop("zz-good.jsonl", [article(1)])
    newsroom.drop("other-feed/b.xml", (ISSUE / PAGES[0]).read_bytes())
    rows, seen = look(newsroom)
    assert {"zz-good.jsonl", "other-feed/b.xml"} <= set(rows)
    assert rows[METS]["parts"] == []
    assert METS in seen.warnings[0]
    assert "another feed" in seen.warnings[0]


@pytest.mark.parametrize("content", ["index", "container"])
def test_an_index_claims_no_other_index_and_no_container(newsroom: Newsroom, content: str) -> None:
    import gzip

    newsroom.stanza(ARCHIVE)
    issue(newsroom, one="other.xml", two=METS)
    whole = (ISSUE / METS).read_bytes()
    newsroom.drop("other.xml", whole if content == "index" else gzip.compress(whole))
    rows, _ = look(newsroom)
    assert {METS, "other.xml"} <= set(rows)


def test_two_indexes_that_name_each_other_are_both_planned(newsroom: Newsroom) -> None:
    newsroom.stanza(ARCHIVE)
    text = (ISSUE / METS).read_text()
    newsroom.drop("a.xml", text.replace(PAGES[0], "b.xml"))
    newsroom.drop("b.xml", text.replace(PAGES[0], "a.xml"))
    assert set(look(newsroom)[0]) == {"a.xml", "b.xml"}


def test_pages_that_two_indexes_name_are_read_with_both(newsroom: Newsroom) -> None:
    newsroom.stanza(ARCHIVE)
    newsroom.drop("second_mets.xml", issue(newsroom))
    rows, seen = look(newsroom)
    assert {path: [Path(part).name for part in row["parts"]] for path, row in rows.items()} == {
        METS: PAGES,
        "second_mets.xml": PAGES,
    }
    assert (seen.parts, seen.warnings) == (2, ())


def test_a_thousand_parts_are_looked_at_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza(ARCHIVE)
    entry = '<mets:file ID="F{0}"><mets:FLocat LOCTYPE="URL" xlink:href="pages/{0}.xml"/></mets:file>'
    mets = (ISSUE / METS).read_text()
    start = mets.index("<mets:fileSec") if "<mets:fileSec" in mets else -1
    if start < 0:
        entry, start = entry.replace("mets:", ""), mets.index("<fileSec")
    end = mets.index(">", mets.index("fileGrp", start)) + 1
    newsroom.drop(METS, mets[:end] + "".join(entry.format(number) for number in range(1_000)) + mets[end:])
    page = (ISSUE / PAGES[0]).read_bytes()
    for number in range(1_000):
        newsroom.drop(f"pages/{number}.xml", page)
    rows, _ = look(newsroom)
    assert len(rows[METS]["parts"]) == 1_000
    real: Callable[..., Any] = Path.open

    def opened(self: Path, *args: Any, **named: Any) -> Any:
        assert self.suffix != ".xml", f"{self} is opened again"
        return real(self, *args, **named)

    monkeypatch.setattr(Path, "open", opened)
    again, _ = look(newsroom)
    assert again == rows
    assert again[METS]["refused"] is None


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", ".", "a", "a/*", "**/*.xml", "*/*.xml", ".*", "a/**", "**/b/**/*.xml", "[ab]/*", "a/x.xml", "**/.c/*"],
)
def test_a_pattern_claims_exactly_what_it_finds(newsroom: Newsroom, pattern: str) -> None:
    for name in ("x.xml", ".h.xml", "a/x.xml", "a/b/y.xml", "a/.c/z.xml", "b/q.txt", "a/b/b/deep.xml"):
        newsroom.drop(name, "x")
    absolute = os.path.abspath(newsroom.landing / pattern)
    every = [path for path in newsroom.landing.rglob("*") if path.is_file()]
    assert {path for path in every if claims(absolute, path)} == set(files_below(absolute, newsroom.landing))


def test_what_a_stanza_excludes_is_counted_and_not_planned(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "**"\nexclude = ["*.JPG", "old/*"]\nsettle_seconds = 0')
    for name in ("a.jsonl", "deep/b.jpg", "old/c.jsonl"):
        newsroom.drop(name, [article(1)])
    rows, seen = look(newsroom)
    assert list(rows) == ["a.jsonl"]
    assert (seen.new, seen.excluded) == (1, 2)


def test_excluded_globs_are_a_list_of_texts(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nexclude = "*.jpg"')
    (problem,) = load_sources(newsroom.settings).problems
    assert 'exclude: "*.jpg"; expected a list of globs' in problem

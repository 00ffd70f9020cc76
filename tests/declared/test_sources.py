"""sources.toml: every value is checked, and a wrong stanza stops no feed but its own."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, article

from etl import formats, pipeline
from etl.declared.sources import Sources, load_sources
from etl.declared.stanzas import KEYS, TAKEN_BY, format_names
from etl.model import DumpError, Feed
from etl.run import Request, begin
from etl.settings import PROJECT, Settings, SettingsError
from etl.stages.discover import RequestError
from etl.stages.plan import planned

SAMPLES = Path(__file__).parents[1] / "samples"


def loaded(folder: Path, text: str) -> Sources:
    (folder / "sources.toml").write_text(text)
    return load_sources(Settings(sources=folder / "sources.toml"))


def test_every_field_of_a_feed_is_a_key_with_a_check() -> None:
    stated = [field.name for field in fields(Feed) if field.name != "address"]  # which is a path of another kind
    assert ["name", *KEYS] == stated


def test_the_formats_are_those_that_can_be_read() -> None:
    assert format_names() == sorted(formats.all_formats())


GOOD = """
[feed.wire]
path = "wire/*.csv"
format = "auto"
publication = "Valley Wire"
country = "ch"
language = "de-CH"
timezone = "Europe/Zurich"
date_order = "dmy"
encoding = "utf-16"
path_pattern = '(?P<year>\\d{4})'
columns = { headline = 1, body = "2", deck = "3" }
id_column = 4
optional = ["3"]
delimiter = "\\t"
quote = ""
escape = "\\\\"
has_header = false
is_partial = true
record = "ARTICLE"
one_article = true
table = "article"
settle_seconds = 1.5
exclude = ["*.jpg"]
former_names = ["agency"]
"""


def test_a_good_stanza_is_read_as_it_is(tmp_path: Path) -> None:
    found = loaded(tmp_path, GOOD)
    assert found.problems == []
    assert found.landing == tmp_path / "landing"
    feed = found.feeds["wire"]
    assert (feed.columns, feed.id_column, feed.optional) == ({"headline": "1", "body": "2", "deck": "3"}, "4", ("3",))
    assert (feed.delimiter, feed.quote, feed.has_header, feed.settle_seconds) == ("\t", "", False, 1.5)
    assert feed.one_article


def test_every_key_of_a_stanza_is_in_the_good_one() -> None:
    assert [key for key in KEYS if f"\n{key} = " not in GOOD] == []


WRONG = [
    ("settle_seconds", '"5m"', "a number of seconds"),
    ("settle_seconds", "-1", "a number of seconds"),
    ("settle_seconds", "nan", "a number of seconds"),
    ("settle_seconds", "inf", "a number of seconds"),
    ("settle_seconds", "true", "a number of seconds"),
    ("path", '["a", "b"]', "a path or glob"),
    ("path", '""', "a path or glob"),
    ("format", '"nitff"', "one of auto, "),
    ("format", '["csv"]', "one of auto, "),
    ("publication", "3", "a name"),
    ("country", '"Atlantis"', "a country's code"),
    ("language", '"klingonisch"', "a language's code"),
    ("timezone", "2", "an IANA time zone"),
    ("timezone", '"Europe"', "an IANA time zone"),
    ("timezone", '"../../etc/passwd"', "an IANA time zone"),
    ("date_order", '"ymd"', '"dmy" or "mdy"'),
    ("encoding", '"klingon"', "an encoding"),
    ("encoding", '"rot13"', "an encoding"),
    ("path_pattern", '"("', "a regular expression"),
    ("path_pattern", '"(?P<jahr>.)"', "a regular expression with no other named groups"),
    ("columns", '"x"', "{ field = column }"),
    ("columns", '{ headlin = "x" }', "{ field = column }"),
    ("columns", '{ extra = "x" }', "{ field = column }"),
    ("columns", "{ body = [] }", "{ field = column }"),
    ("columns", '{ body = [["x"]] }', "{ field = column }"),
    ("escape", '"ab"', "one character"),
    ("is_partial", '"yes"', "true or false"),
    ("record", "1", "the name of the XML element"),
    ("record", '""', "the name of the XML element"),
    ("columns", "{ body = 0 }", "{ field = column }"),
    ("id_column", "[]", "the name of a column"),
    ("optional", '"a"', "a list of columns"),
    ("optional", '["Untertitel"]', "columns that `columns` or `id_column` names"),
    ("delimiter", '";;"', "one character"),
    ("delimiter", "'\"'", "one character that is not a quote"),
    ("quote", '"ab"', "one character"),
    ("has_header", '"no"', "true or false"),
    ("one_article", "1", "true or false"),
    ("sttle_seconds", "0", "one of path, format"),
]


@pytest.mark.parametrize(("key", "value", "expected"), WRONG, ids=[f"{key} = {value}" for key, value, _ in WRONG])
def test_a_wrong_value_is_named_and_stops_only_its_feed(tmp_path: Path, key: str, value: str, expected: str) -> None:
    path = "" if key == "path" else 'path = "bad/*"\n'
    found = loaded(tmp_path, f'[feed.good]\npath = "good/*"\n[feed.bad]\n{path}{key} = {value}\n')
    assert list(found.feeds) == ["good"]
    (problem,) = found.problems
    assert problem.startswith(f"sources.toml: [feed.bad] {key}: ")
    assert f"expected {expected}" in problem


def test_all_that_is_wrong_is_told_at_once_as_it_was_written(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[feed.bad]\nsettle_seconds = "5m"\ntimezone = 2\n')
    assert [problem.split("; expected")[0] for problem in found.problems] == [
        "sources.toml: [feed.bad] path: missing",
        'sources.toml: [feed.bad] settle_seconds: "5m"',
        "sources.toml: [feed.bad] timezone: 2",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "sources.toml: no feed; expected at least one stanza [feed.NAME]"),
        ('[feeds.x]\npath = "x"\n[feed.y]\npath = "y"', "sources.toml: feeds: unknown key; expected only landing"),
        ('feed = "a"', 'sources.toml: feed: "a"; expected stanzas [feed.NAME]'),
        ('[feed]\npath = "a"', 'sources.toml: [feed.path] is "a"; expected a stanza'),
    ],
)
def test_what_is_wrong_beside_the_stanzas_is_told(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = loaded(tmp_path, text).problems
    assert found.startswith(problem)


@pytest.mark.parametrize("landing", ["3", '""', "[]"])
def test_without_a_landing_folder_nothing_can_begin(tmp_path: Path, landing: str) -> None:
    with pytest.raises(SettingsError, match=r"landing: .*; expected a folder"):
        loaded(tmp_path, f"landing = {landing}")


def test_the_landing_folder_of_the_settings_wins(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('landing = "here"\n')
    settings = Settings(sources=tmp_path / "sources.toml", landing=tmp_path / "there")
    assert load_sources(settings).landing == tmp_path / "there"


@pytest.fixture
def two_feeds(newsroom: Newsroom) -> Newsroom:
    """A feed with a wrong stanza, before one that would take its dumps too; a dump of each."""
    newsroom.stanza('[feed.bad]\npath = "wire/sport/*"\nsettle_seconds = "5m"')
    newsroom.stanza('[feed.good]\npath = "wire/**/*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("wire/sport/1.jsonl", [article(1)])
    newsroom.drop("wire/city/1.jsonl", [article(2)])
    return newsroom


def test_the_other_feeds_are_loaded_and_the_run_fails_by_the_stanza_alone(two_feeds: Newsroom) -> None:
    report = two_feeds.loaded()
    assert [(dump["path"], dump["state"]) for dump in report.dumps] == [("wire/city/1.jsonl", "loaded")]
    assert report.state == "failed"
    assert report.failures == ['sources.toml: [feed.bad] settle_seconds: "5m"; expected a number of seconds from 0']
    assert report.exit_code == 2


def test_a_dump_of_a_wrong_stanza_cannot_be_asked_for(two_feeds: Newsroom) -> None:
    for asked in (
        Request(source="bad"),
        Request((str(two_feeds.landing / "wire/sport/1.jsonl"),)),
        Request((str(two_feeds.landing),)),
    ):
        with pytest.raises(RequestError, match=r"\[feed.bad\] settle_seconds"):
            pipeline.discover(begin(two_feeds.settings, "manual", asked))


def test_asking_for_another_feed_is_only_warned_of_the_wrong_stanza(two_feeds: Newsroom) -> None:
    run = begin(two_feeds.settings, "manual", Request((str(two_feeds.landing / "wire/city/1.jsonl"),)))
    pipeline.discover(run)
    assert [delivery.source for delivery in planned(run, 0)] == ["good"]
    report = pipeline.verdict(run)
    assert [warning for warning in report.warnings if "[feed.bad] settle_seconds" in warning]
    assert not [failure for failure in report.failures if "[feed.bad]" in failure]


def test_a_dump_that_no_feed_claims_waits_for_a_stanza_without_a_path(newsroom: Newsroom) -> None:
    newsroom.stanza("[feed.bad]\nsettle_seconds = 0")
    dump = newsroom.drop("x/1.jsonl", [article(1)])
    with pytest.raises(RequestError, match=r"its feed cannot be used: .* path: missing"):
        pipeline.discover(begin(newsroom.settings, "manual", Request((str(dump),))))


def test_generic_xml_needs_the_name_of_its_record(tmp_path: Path) -> None:
    (problem,) = loaded(tmp_path, '[feed.lamp]\npath = "lamp/*"\nformat = "xml"\n').problems
    assert problem.startswith("sources.toml: [feed.lamp] record: missing; expected the name of the XML element")


def test_a_field_may_be_mapped_to_several_columns_and_each_may_be_optional(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[feed.x]\npath = "x"\ncolumns = { headline = ["a", 2] }\noptional = ["a"]\n')
    assert (found.problems, found.feeds["x"].columns) == ([], {"headline": ("a", "2")})


def test_an_escape_is_another_character_than_the_delimiter(tmp_path: Path) -> None:
    (problem,) = loaded(tmp_path, '[feed.x]\npath = "x"\ndelimiter = "|"\nescape = "|"\n').problems
    assert 'escape: "|"; expected another character than the delimiter and the quote' in problem


def test_the_sources_of_the_project_claim_every_sample_and_nothing_else(tmp_path: Path) -> None:
    run = begin(Settings(home=tmp_path), "manual", Request())
    pipeline.discover(run)
    found = load_sources(run.settings)
    claimed = {delivery.source for number in (0, 1, 2, 3) for delivery in planned(run, number)}
    assert (found.landing, found.problems) == (PROJECT / "samples", [])
    assert claimed == set(found.feeds)
    assert json.loads(run.seen.read_text())["unclaimed"] == 0


@pytest.mark.parametrize(
    ("format", "key", "value", "takers"),
    [
        ("nexis_txt", "columns", '{ body = "x" }', "avro, csv, excel, html_table, jsonl, parquet, sqlite or xml"),
        ("ninjs", "columns", '{ body = "x" }', "avro, csv, excel, html_table, jsonl, parquet, sqlite or xml"),
        ("jsonl", "record", '"item"', "xml"),
        ("feed", "record", '"item"', "xml"),
        ("parquet", "delimiter", '";"', "csv"),
        ("jsonl", "has_header", "false", "csv"),
        ("nitf", "one_article", "true", "html, plain_txt, pressreader_txt or warc"),
    ],
)
def test_a_key_at_which_the_format_does_not_look_is_refused_with_those_that_do(
    tmp_path: Path, format: str, key: str, value: str, takers: str
) -> None:
    found = loaded(tmp_path, f'[feed.x]\npath = "x"\nformat = "{format}"\n{key} = {value}\n')
    assert found.problems == [
        f'sources.toml: [feed.x] {key}: format "{format}" does not look at it; expected it with {takers} only'
    ]


@pytest.mark.parametrize("format", ["auto", "csv"])
def test_a_key_at_which_the_format_may_look_is_taken(tmp_path: Path, format: str) -> None:
    assert not loaded(tmp_path, f'[feed.x]\npath = "x"\nformat = "{format}"\ncolumns = {{ body = "x" }}').problems


class Watched:
    """A feed that notes which of its keys are looked at."""

    def __init__(self, feed: Feed) -> None:
        self.feed, self.seen = feed, set[str]()

    def __getattr__(self, key: str) -> Any:
        self.seen.add(key)
        return getattr(self.feed, key)


def test_the_formats_said_to_take_a_key_are_those_that_look_at_it() -> None:
    seen: dict[str, set[str]] = {key: set() for key in TAKEN_BY}
    xml = b"<ITEMS><ITEM><BODY>A text of it.</BODY></ITEM></ITEMS>"
    for name, reader in formats.all_formats().items():
        files = [file for file in (SAMPLES / name).rglob("*") if file.is_file() and ".expected." not in file.name]
        for data in [file.read_bytes() for file in files] or [xml]:
            feed: Any = Watched(Feed("x", format=name, columns={"body": "text"}, optional=("text",), record="ITEM"))
            with suppress(DumpError):
                if formats.has_parts(reader):
                    list(reader.read_with(io.BytesIO(data), feed, lambda path: None))
                else:
                    list(reader.read(io.BytesIO(data), feed))
            for key in feed.seen & seen.keys():
                seen[key].add(name)
    assert {key: tuple(sorted(names)) for key, names in seen.items()} == TAKEN_BY


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("https://host.example/exports/*.zip", "wire/*.zip"),
        ("sftp://desk@host.example:2222/outgoing/2026/*/x/*.xml", "wire/*/x/*.xml"),
        ("s3://bucket/prefix/**/*.jsonl.gz", "wire/**/*.jsonl.gz"),
        ("https://host.example/exports/latest%20one.zip", "wire/latest one.zip"),
    ],
)
def test_an_address_is_claimed_below_the_name_of_its_feed(tmp_path: Path, path: str, claimed: str) -> None:
    sources = loaded(tmp_path, f'[feed.wire]\npath = "{path}"')
    assert sources.problems == []
    assert (sources.feeds["wire"].path, sources.feeds["wire"].address) == (claimed, path)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("https://desk:s3cret@host.example/*.zip", "holds a password; leave it out"),
        ("https://host.example/*.zip?token=s3cret", "holds ? or #"),
        ("ftp://host.example/*.zip", "expected https, http, sftp or s3"),
        ("sftp://host.example/outgoing/", "names a folder; end it in a wildcard"),
        ("sftp://host.example", "names a folder; end it in a wildcard"),
        ("sftp://host.example/../etc/*", 'has the part ".."'),
        ("https://host.example/a%2Fb/*", 'has the part "a/b"'),
        ("https:///exports/*.zip", "names no host"),
        ("https://host.example:99999/*.zip", "names no host"),
        ("s3://key@bucket/*.zip", "has a user or a port"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_its_secret(tmp_path: Path, path: str, problem: str) -> None:
    sources = loaded(tmp_path, f'[feed.wire]\npath = "{path}"')
    (found,) = sources.problems
    assert problem in found
    assert "s3cret" not in repr(sources)


def test_what_is_fetched_goes_into_no_folder_that_a_feeds_name_leads_to(tmp_path: Path) -> None:
    sources = loaded(tmp_path, '[feed."../out"]\npath = "https://host.example/*.zip"')
    assert "expected a name of A-Z, a-z, 0-9, _ and -" in sources.problems[0]

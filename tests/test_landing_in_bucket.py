"""A landing folder in an S3 bucket: everything is found, refused and read as in a folder of the disk."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article

from etl import bucket, store
from etl.bucket import _client
from etl.doctor import feeds
from etl.pipeline import discover, extract
from etl.run import Request, begin

FEED = '[feed.wire]\npath = "wire/**"\nsettle_seconds = 0'
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def remote(newsroom: Newsroom, s3_bucket: str) -> Newsroom:
    """The newsroom of the other fixture, its landing folder in a bucket."""
    return newsroom.with_settings(landing=store.path_of(f"{s3_bucket}/landing"), home=newsroom.folder / "elsewhere")


def put(room: Newsroom, name: str, content: bytes) -> None:
    """Put an object into the landing folder of a bucket."""
    place = store.url_of(room.settings.landing or Path()) + f"/{name}"
    bucket, _, key = place.removeprefix("s3://").partition("/")
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=content)


def lines(numbers: range) -> bytes:
    return b"".join(json.dumps(article(number)).encode() + b"\n" for number in numbers)


def in_zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def in_parquet(numbers: range) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([article(number) for number in numbers]), packed)
    return packed.getvalue()


def dumps() -> dict[str, bytes]:
    """One of each kind of dump: plain, packed, with parts beside it, with a manifest, broken, unfinished, empty."""
    issue = {f"wire/issue/{path.name}": path.read_bytes() for path in (SAMPLES / "mets_alto").glob("harbour*.xml")}
    return {
        "wire/2026/plain.jsonl": lines(range(1, 9)),
        "wire/2026/packed.jsonl.gz": gzip.compress(lines(range(10, 15))),
        "wire/several.zip": in_zip(
            {f"{number}.jsonl": lines(range(number, number + 2)) for number in range(20, 40, 2)}
        ),
        "wire/rows.parquet": in_parquet(range(50, 60)),
        "wire/stated.jsonl": lines(range(70, 72)),
        "wire/stated.jsonl.manifest.json": json.dumps({"expected_articles": 3}).encode(),
        "wire/broken.zip": in_zip({"a.jsonl": lines(range(80, 90))})[:-30],
        "wire/unfinished.jsonl.part": b"{",
        "wire/empty.jsonl": b"",
        "wire/what.bin": bytes(range(256)) * 8,
        "wire/.hidden": b"x",
        "nobody/asked.jsonl": lines(range(90, 91)),
        "wire/näme with ünicode & spaces.jsonl": lines(range(95, 97)),
        **issue,
    }


LEDGER = """
    select path, sha256, state, regexp_replace(reason, '\\S*landing/', '') as reason, articles_read
    from ops.dump_status order by path
"""
SCAN = "select * exclude (run_id, scanned_at) from ops.scan"


def test_a_bucket_is_read_as_a_folder_is(newsroom: Newsroom, remote: Newsroom) -> None:
    newsroom.stanza(FEED)
    for name, content in dumps().items():
        newsroom.drop(name, content)
        put(remote, name, content)
    newsroom.loaded()
    remote.loaded()
    found = newsroom.query(LEDGER)
    assert remote.query(LEDGER) == found
    assert {row[2] for row in found} == {"loaded", "refused"}
    texts = "select url, headline, body from mart.article_revision order by all"
    assert remote.query(texts) == newsroom.query(texts)
    seen = "select count(*) from news.fact_article"
    assert remote.query(seen) == newsroom.query(seen)


def test_the_next_night_takes_what_is_new_and_reads_nothing_again(remote: Newsroom) -> None:
    remote.stanza(FEED)
    put(remote, "wire/1.jsonl", lines(range(1, 3)))
    assert remote.loaded().totals["inserted"] == 2
    put(remote, "wire/2.jsonl", lines(range(3, 4)))
    assert remote.loaded().totals["inserted"] == 1
    assert remote.query("select count(*) from ops.dump") == [(2,)]


def test_a_large_object_is_read_in_parts(remote: Newsroom) -> None:
    room = remote.with_settings(part_bytes=1 << 16, workers=2)
    room.stanza(FEED)
    put(room, "wire/1.jsonl", b"".join(json.dumps(article(n, body="x " * 500)).encode() + b"\n" for n in range(400)))
    run = begin(room.settings, "manual", Request())
    parts = discover(run)
    assert len(parts) > 3
    assert sum(extract(run, *part)["articles_read"] for part in parts) == 400


def test_what_is_put_in_its_place_meanwhile_is_not_read(remote: Newsroom) -> None:
    remote.stanza(FEED)
    put(remote, "wire/1.jsonl", lines(range(1, 3)))
    run = begin(remote.settings, "manual", Request())
    (part,) = discover(run)
    put(remote, "wire/1.jsonl", lines(range(3, 5)))
    assert extract(run, *part)["articles_read"] == 0


def test_a_name_that_no_path_has_is_refused_and_not_lost(remote: Newsroom) -> None:
    remote.stanza(FEED)
    put(remote, "wire//odd.jsonl", lines(range(1, 3)))
    put(remote, "wire/../odd.jsonl", lines(range(1, 3)))
    put(remote, "wire/good.jsonl", lines(range(1, 3)))
    report = remote.loaded()
    assert report.totals["inserted"] == 2
    assert any("a name that no path has" in failure for failure in report.failures)


def test_a_stream_that_breaks_off_is_read_on(s3_bucket: str) -> None:
    content = os.urandom(300_000)
    bucket = s3_bucket.removeprefix("s3://")
    _client().put_object(Bucket=bucket, Key="a", Body=content)
    stream, _ = store.bucket.opened(store.path_of(f"{s3_bucket}/a"))
    first = stream.read(1000)
    stream._body._raw_stream.close()  # as when a connection breaks
    assert first + stream.readall() == content


def test_without_a_right_the_landing_folder_cannot_be_listed_and_it_is_said_why(remote: Newsroom) -> None:
    remote.stanza(FEED)
    room = replace(remote, settings=replace(remote.settings, landing=store.path_of("s3://no-such-bucket/landing")))
    with pytest.raises(Exception, match="no-such-bucket"):
        room.loaded()


def test_what_is_replaced_while_it_is_hashed_is_taken_next_time(
    remote: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.stanza(FEED)
    put(remote, "wire/1.jsonl", lines(range(1, 3)))
    opened = bucket.opened

    def replaced_meanwhile(path: Path) -> Any:
        stream, found = opened(path)
        put(remote, "wire/1.jsonl", lines(range(5, 9)))
        return stream, found

    with monkeypatch.context() as patch:
        patch.setattr(bucket, "opened", replaced_meanwhile)
        assert remote.loaded().failures == []
    assert remote.query("select count(*) from ops.rejected_article") == [(0,)]
    assert remote.loaded().totals["inserted"] == 4


def test_an_object_that_is_listed_and_not_given_is_refused(remote: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    remote.stanza(FEED)
    put(remote, "wire/1.jsonl", lines(range(1, 3)))

    def lost(path: Path) -> Any:
        raise FileNotFoundError(errno.ENOENT, "the storage says: no such key", str(path))

    monkeypatch.setattr(bucket, "opened", lost)
    (failure,) = remote.loaded().failures
    assert "listed by the storage, which does not give it" in failure


def test_an_object_may_have_the_name_of_a_folder(remote: Newsroom) -> None:
    remote.stanza('[feed.wire]\npath = "wire/**/*.jsonl"\nsettle_seconds = 0')
    put(remote, "wire/a.jsonl", lines(range(1, 3)))
    put(remote, "wire/a.jsonl/b.jsonl", lines(range(3, 6)))
    assert remote.loaded().totals["inserted"] == 5


def test_one_file_of_each_feed_is_tried_in_a_bucket(remote: Newsroom) -> None:
    remote.stanza(FEED)
    for number in (1, 2):
        put(remote, f"wire/{number}.jsonl", lines(range(number, number + 1)))
    (sample,) = feeds.samples(remote.settings)
    assert (sample.feed, sample.path is not None, sample.formats) == ("wire", True, ["jsonl"])

"""An index and its parts are one delivery, loose or packed, in whatever order they come, and lead nowhere else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom
from pdf_made import column, pdf
from test_containers import tarred, zipped

from etl import formats, pipeline
from etl.formats import WithParts
from etl.intake import bundles
from etl.intake.containers import Member
from etl.intake.spools import Limits
from etl.model import LimitError, Reject, Skip
from etl.repair.replay import Chosen, replay_chosen
from etl.run import Request, begin
from etl.stages import discover

SAMPLES = Path(__file__).parents[1] / "samples" / "mets_alto"
METS = "harbour_18990302_mets.xml"
PAGES = ["harbour_18990302_0001.xml", "harbour_18990302_0002.xml"]
STANZA = '[feed.archive]\npath = "**/*"\nsettle_seconds = 0'
IMAGE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"

packed = pytest.mark.parametrize("pack", [zipped, tarred])


def files(folder: str = "", names: tuple[str, ...] = (METS, *PAGES)) -> dict[str, bytes]:
    return {f"{folder}{name}": (SAMPLES / name).read_bytes() for name in names}


def drop(newsroom: Newsroom, named: dict[str, bytes]) -> None:
    newsroom.stanza(STANZA)
    for name, content in named.items():
        newsroom.drop(name, content)


def bodies(newsroom: Newsroom) -> list[str]:
    return [body for (body,) in newsroom.query("select body from news.article_text order by article_key")]


WHOLE = ["The laft ferry, l►e; harbour\n\nmafter said.", "Tides high."]


def test_a_loose_issue_is_one_delivery(newsroom: Newsroom) -> None:
    drop(newsroom, files("1899/0302/") | {"1899/0302/harbour_18990302_0001.jp2": IMAGE})
    report = newsroom.loaded()
    assert report.state == "succeeded"
    (dump,) = report.dumps
    assert (dump["path"], dump["format"], dump["inserted"]) == (f"1899/0302/{METS}", "mets_alto", 2)
    assert bodies(newsroom) == WHOLE
    assert newsroom.loaded().dumps == []


def test_a_page_that_arrives_later_makes_a_new_delivery_of_the_whole_issue(newsroom: Newsroom) -> None:
    drop(newsroom, files(names=(METS, PAGES[0])))
    (partial,) = newsroom.loaded().dumps
    assert (partial["inserted"], partial["rejected"]) == (1, 1)
    newsroom.drop(PAGES[1], (SAMPLES / PAGES[1]).read_bytes())
    (whole,) = newsroom.loaded().dumps
    assert (whole["path"], whole["inserted"], whole["rejected"]) == (METS, 2, 0)
    assert bodies(newsroom)[-2:] == WHOLE


def test_a_rejected_article_of_an_issue_is_replayed_with_its_pages(newsroom: Newsroom) -> None:
    drop(newsroom, files(names=(METS, PAGES[0])))
    newsroom.load()
    run = begin(newsroom.settings, "replay", Request())
    replay_chosen(run, Chosen())
    (dump,) = pipeline.finish(run).dumps
    assert (dump["articles_read"], dump["rejected"]) == (1, 1)
    ((reason,),) = set(newsroom.query("select reason from ops.rejected_article"))
    assert f"{PAGES[1]} is missing" in reason


def test_an_issue_waits_until_its_pages_have_settled(newsroom: Newsroom) -> None:
    drop(newsroom, files())
    newsroom.stanza('[feed.later]\npath = "issues"\nsettle_seconds = 60')
    for name, content in files("issues/").items():
        os.utime(newsroom.drop(name, content), (time.time() - 600,) * 2)
    os.utime(newsroom.landing / "issues" / PAGES[0])
    run = begin(newsroom.settings, "manual", Request(source="later"))
    discover.plan_deliveries(run, {})
    assert pq.read_table(run.plan).to_pylist() == []


def test_a_page_without_its_index_is_refused_with_the_reason(newsroom: Newsroom) -> None:
    drop(newsroom, files(names=(PAGES[0],)))
    (dump,) = newsroom.loaded().dumps
    assert dump["state"] == "refused"
    assert "put that beside it" in dump["reason"]


def test_a_part_that_is_a_link_out_of_the_folder_is_missing(newsroom: Newsroom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes((SAMPLES / PAGES[1]).read_bytes())
    drop(newsroom, files("issue/", (METS, PAGES[0])))
    link = newsroom.landing / "issue" / PAGES[1]
    link.symlink_to(secret)
    mets = link.with_name(METS)
    assert bundles.parts_on_disk(mets, bundles.named_parts(mets)) == [mets.with_name(PAGES[0])]


@packed
def test_issues_in_an_archive_are_read_with_their_pages_whatever_the_order(
    newsroom: Newsroom, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    other = {name: data.replace(b"Tides", b"Winds") for name, data in files("a/").items()}
    mixed = dict(sorted((files("b/") | other).items(), key=lambda item: item[0][::-1]))
    drop(newsroom, {"year.dat": pack(mixed)})
    (dump,) = newsroom.loaded().dumps
    assert (dump["state"], dump["inserted"], dump["marks_seen"]) == ("loaded", 3, 4)
    assert set(bodies(newsroom)) == {*WHOLE, "Winds high."}


@packed
def test_in_an_archive_images_of_an_issue_are_skipped_and_strangers_rejected(
    newsroom: Newsroom, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    strangers = {"other/page.xml": (SAMPLES / PAGES[0]).read_bytes(), "noise.bin": b"\0\1", "loose.jp2": IMAGE}
    images = {"a/harbour_18990302_0001.jp2": IMAGE}
    drop(newsroom, {"year.dat": pack(files("a/") | images | strangers)})
    report = newsroom.loaded()
    (dump,) = report.dumps
    assert '"file of an issue without text":1' in dump["skipped"]
    assert '"picture":1' in dump["skipped"]
    assert dump["rejected"] == 2
    reasons = dict(newsroom.query("select position, reason from ops.rejected_article"))
    assert reasons["noise.bin"].startswith("no format is recognised")
    assert reasons["other/page.xml"].startswith("its index, which lists its articles, is not beside it")


def test_an_issue_in_an_archive_in_an_archive(newsroom: Newsroom) -> None:
    drop(newsroom, {"years.zip": zipped({"1899.tar": tarred(files())})})
    assert [dump["inserted"] for dump in newsroom.loaded().dumps] == [2]


def test_a_broken_index_in_an_archive_costs_only_itself(tmp_path: Path) -> None:
    archive = tmp_path / "year.zip"
    broken = {f"a/{METS}": (SAMPLES / METS).read_bytes()[:3000]}
    archive.write_bytes(zipped(broken | files("b/")))
    found = {member.name: reader for member, reader in bundles.readable(archive, identified, ())}
    reject = found[f"a/{METS}"]
    assert isinstance(reject, Reject)
    assert "is not well-formed XML" in reject.reason
    assert isinstance(found[f"b/{METS}"], WithParts)


def identified(member: Member, wanted: str = "auto") -> str | Skip | None:
    return bundles.identified(member, "dump", wanted)


ALONG = {
    "photo.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
    "photo": (b"\x89PNG\r\n\x1a\n", "picture"),
    "logo.svg": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"></svg>', "picture"),
    "week/page.css": (b"body { margin: 0 }", "stylesheet"),
    "site.js": (b"var a = 1;", "script"),
    "serif.woff2": (b"wOF2\0\1\0\0", "font"),
    "robots.txt": (b"User-agent: *\nDisallow:\n", "robots.txt"),
    "favicon.ico": (b"\0\0\1\0\1\0", "picture"),
    "page.pdf": (pdf([column(40, 700, 10, "A page of a paper.")]), "PDF"),
    "talk.mp3": (b"ID3\3\0\0", "audio"),
    "film.mp4": (b"\0\0\0\x18ftypmp42", "video"),
    "d.zip.md5": (b"d41d8cd98f00b204e9800998ecf8427e  d.zip\n", "checksum"),
    "README.md": (b"# What this is\n", "readme"),
    "nitf-3-2.dtd": (b"<!ENTITY % x 'y'>", "schema"),
}


@pytest.mark.parametrize("wanted", ["auto", "nitf", "html", "jsonl"])
@pytest.mark.parametrize("name", ALONG)
def test_what_comes_along_with_articles_is_skipped_by_kind(tmp_path: Path, name: str, wanted: str) -> None:
    data, kind = ALONG[name]
    (tmp_path / "d.zip").write_bytes(zipped({name: data}))
    ((member, reader),) = bundles.readable(tmp_path / "d.zip", partial(identified, wanted=wanted), ())
    assert (member.name, reader) == (name, Skip(name, kind))
    (tmp_path / name.rpartition("/")[2]).write_bytes(data)
    ((_, loose),) = bundles.readable(
        tmp_path / name.rpartition("/")[2], lambda member: bundles.identified(member, name, wanted), ()
    )
    assert loose == Skip("", kind)


def test_what_a_format_recognises_is_never_skipped_for_its_name(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(
        zipped({"a.jpg": b'{"headline": "H", "body": "B"}\n', "b.css": b'{"body": "B"}\n'})
    )
    for wanted in ("auto", "jsonl"):
        found = list(bundles.readable(tmp_path / "d.zip", partial(identified, wanted=wanted), ()))
        assert [formats.name_of(reader) for _, reader in found if not isinstance(reader, Skip | Reject)] == [
            "jsonl"
        ] * 2


def test_plain_text_is_skipped_only_for_its_first_bytes(tmp_path: Path) -> None:
    (tmp_path / "d.zip").write_bytes(zipped({"readme.txt": b"The mayor said yes.", "a.txt": b"\xff\xd8\xff\xe0"}))
    found = dict(bundles.readable(tmp_path / "d.zip", partial(identified, wanted="plain_txt"), ()))
    assert [isinstance(reader, Skip) for reader in found.values()] == [False, True]


def test_an_empty_or_broken_stylesheet_is_no_loss(tmp_path: Path) -> None:
    (tmp_path / "d.tar").write_bytes(tarred({"a.css": b"", "b.xml": b""}))
    found = {member.name: reader for member, reader in bundles.readable(tmp_path / "d.tar", identified, ())}
    assert found["a.css"] == Skip("a.css", "stylesheet")
    assert isinstance(found["b.xml"], Reject)


@packed
def test_pages_kept_for_their_issue_are_bounded(tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]) -> None:
    (tmp_path / "year.dat").write_bytes(pack(files("a/")))
    with pytest.raises(LimitError, match="temporary files"):
        list(bundles.readable(tmp_path / "year.dat", identified, (), Limits(max_spool_bytes=4000)))


def test_kept_pages_are_gone_as_soon_as_their_issue_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    archive = tmp_path / "year.zip"
    archive.write_bytes(zipped({name: data for day in range(20) for name, data in files(f"{day}/").items()}))
    most = 0
    for _ in bundles.readable(archive, lambda member: "mets_alto", ()):
        most = max(most, sum(path.is_file() for path in tmp_path.rglob("*")))
    assert most == 1 + 3


def test_the_cache_remembers_what_an_index_names(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(newsroom, files())
    run: Any = begin(newsroom.settings, "manual", Request())
    discover.plan_deliveries(run, {})
    monkeypatch.setattr(bundles.formats, "parts_of", lambda *_: pytest.fail("opened again"))
    run = begin(newsroom.settings, "manual", Request(), "again")
    discover.plan_deliveries(run, {})
    (row,) = pq.read_table(run.plan).to_pylist()
    assert [Path(part).name for part in row["parts"]] == PAGES

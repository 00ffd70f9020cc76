"""What is read is the file that was hashed, whatever was put in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import Newsroom, article

from etl import pipeline
from etl.intake import bundles, manifests, regular
from etl.model import DumpChanged, DumpError
from etl.run import Request, begin
from etl.stages import extract


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "landing" / "wire" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("planned")
    return path


def twin_of(file: Path, text: str) -> Path:
    """A file elsewhere with another text, of the same size and time."""
    secret = file.parents[2] / "elsewhere" / file.name
    secret.parent.mkdir()
    secret.write_text(text)
    before = file.stat()
    os.utime(secret, ns=(before.st_atime_ns, before.st_mtime_ns))
    return secret


def by_link(file: Path) -> None:
    secret = twin_of(file, "secret!")
    file.unlink()
    file.symlink_to(secret)


def by_link_of_its_folder(file: Path) -> None:
    secret = twin_of(file, "secret!")
    file.parent.rename(file.parent.with_name("away"))
    file.parent.symlink_to(secret.parent)


def by_another_file(file: Path) -> None:
    twin_of(file, "secret!").replace(file)


def by_hard_link(file: Path) -> None:
    secret = twin_of(file, "secret!")
    file.unlink()
    os.link(secret, file)


def by_other_words(file: Path) -> None:
    before = file.stat()
    file.write_text("changed")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


SWAPS = [by_link, by_link_of_its_folder, by_another_file, by_hard_link, by_other_words]


@pytest.mark.parametrize("swap", SWAPS)
def test_a_file_of_the_same_size_and_time_is_not_the_planned_one(dump: Path, swap: Callable[[Path], None]) -> None:
    planned = regular.identity(dump.stat())
    with regular.opened(dump, planned) as stream:
        assert stream.read() == b"planned"
    swap(dump)
    with pytest.raises(DumpChanged, match="another file than the one that was planned"):
        regular.opened(dump, planned)


def test_a_pipe_or_a_folder_is_refused_at_once(dump: Path) -> None:
    os.mkfifo(dump.with_name("pipe"))
    for odd in (dump.with_name("pipe"), dump.parent):
        with pytest.raises(DumpError, match="is not a regular file"):
            regular.opened(odd)


@pytest.mark.parametrize("swap", SWAPS)
def test_a_dump_that_is_swapped_between_discovery_and_reading_is_not_read(
    newsroom: Newsroom, swap: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nsettle_seconds = 0\n')
    file = newsroom.drop("wire/a.txt", [article(1)])
    run = begin(newsroom.settings, "manual", Request())
    (part,) = pipeline.discover(run)
    swap(file)
    monkeypatch.setattr(extract, "refuse_change", lambda _: None)  # as if swapped just after it, and swapped back
    assert pipeline.extract(run, *part) == {"deliveries": 1, "articles_read": 0}


@pytest.mark.parametrize("look", [bundles.is_dump, bundles.named_parts, manifests.read_manifest])
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(manifests, "refuse_odd", lambda *_: None)  # it came after that look
    for name in ("a.xml", "a.xml.manifest.json"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(DumpError, match="is not a regular file"):
        look(tmp_path / "a.xml")

"""The cache of hashes: two runs at once do not trip over each other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import Newsroom, article

from etl.intake import stat_cache
from etl.intake.stat_cache import StatCache


def test_two_runs_may_save_what_they_know_at_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])
    path = newsroom.folder / "stat_cache.json"
    ours, theirs = StatCache(path), StatCache(path)
    for cache in (ours, theirs):
        cache.sha256(dump, dump.stat())
    write = type(path).write_bytes

    def interrupted(file: object, data: bytes) -> int:
        written = write(file, data)
        monkeypatch.setattr(type(path), "write_bytes", write)
        theirs.save()
        return written

    monkeypatch.setattr(type(path), "write_bytes", interrupted)
    ours.save()
    assert StatCache.load(path).known == theirs.known


def test_a_file_that_was_swapped_after_its_stat_is_not_hashed(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])
    stat = dump.stat()
    newsroom.drop("b.jsonl", [article(2)]).replace(dump)
    with pytest.raises(FileNotFoundError, match="is another file than"):
        StatCache(newsroom.folder / "stat_cache.json").sha256(dump, stat)


def test_another_version_takes_over_the_hashes_but_no_other_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, path = tmp_path / "a.txt", tmp_path / "cache.json"
    file.write_text("a text")
    cache = StatCache(path)
    assert cache.fact(file, finding("old")) == "old"
    cache.save()
    assert StatCache.load(path).fact(file, finding("new")) == "old"
    monkeypatch.setattr(stat_cache, "version", lambda name: "999")
    upgraded = StatCache.load(path)
    assert upgraded.has_seen(file, file.stat())
    assert upgraded.fact(file, finding("new")) == "new"
    upgraded.save()
    assert StatCache.load(path).known == upgraded.known


def finding(answer: str) -> Callable[[Path], str]:
    """What a version finds out about a file, under the same name as another version."""

    def what_is_known(file: Path) -> str:
        return answer

    return what_is_known


def test_a_file_rewritten_under_its_old_time_is_hashed_again(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("the old text")
    cache = StatCache(tmp_path / "cache.json")
    before = file.stat()
    old = cache.sha256(file, before)
    file.write_text("another text")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.sha256(file, file.stat()) != old

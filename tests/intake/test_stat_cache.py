"""The cache of hashes: two runs at once do not trip over each other."""

from __future__ import annotations

import pytest
from newsroom import Newsroom, article

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
    with pytest.raises(FileNotFoundError, match="is another file by now"):
        StatCache(newsroom.folder / "stat_cache.json").sha256(dump, stat)

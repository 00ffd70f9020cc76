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

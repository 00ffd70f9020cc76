"""Great Expectations, as the stages use it."""

from __future__ import annotations

import threading

from newsroom import Newsroom, article


def test_the_checks_leave_no_thread_behind(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.load()
    assert "tqdm_monitor" not in [thread.name for thread in threading.enumerate()]

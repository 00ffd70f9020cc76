"""A newsroom with two published nights, made once, and copies of it for tests that damage things."""

from __future__ import annotations

import shutil
from pathlib import Path

from newsroom import Newsroom, article, make_newsroom, settings_in


def two_nights_in(folder: Path) -> Newsroom:
    """Two published nights of the feed `wire` with one article each; the second also has a rejected line."""
    newsroom = make_newsroom(folder)
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nsettle_seconds = 0')
    for number in (1, 2):
        dump = newsroom.drop(f"wire/{number}.jsonl", [article(number)])
        if number == 2:
            dump.write_text(dump.read_text() + "{torn\n")
        assert newsroom.ingest().state == "succeeded"
    return newsroom


def copy_of(newsroom: Newsroom, folder: Path) -> Newsroom:
    """The same newsroom in another folder."""
    shutil.copytree(newsroom.folder, folder, symlinks=True)
    return Newsroom(folder, settings_in(folder))

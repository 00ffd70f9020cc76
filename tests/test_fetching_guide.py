"""The guide to fetching: its stanzas are right, its commands run, and what it says is told is what is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import elsewhere
import pytest
from newsroom import Newsroom, article

from etl.declared.sources import load_sources
from etl.settings import PROJECT

PAGE = (PROJECT / "docs" / "guides" / "fetching.md").read_text("utf-8")


def block(kind: str, after: str) -> str:
    """The first block of a kind after a heading."""
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE[PAGE.index(after) :], re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_its_stanzas_are_right_and_arrive_where_it_says(newsroom: Newsroom) -> None:
    stanzas = block("toml", "# Fetch")
    newsroom.stanza(stanzas)
    sources = load_sources(newsroom.settings)
    assert sources.problems == []
    folders = re.findall(r"arrives as (\w+)/", stanzas)
    assert folders == [feed.path.partition("/")[0] for feed in sources.feeds.values()]


def test_its_trial_runs(newsroom: Newsroom, tmp_path: Path) -> None:
    with elsewhere.web(tmp_path / "www") as web:
        web.put("a.jsonl", json.dumps(article(1)).encode())
        newsroom.stanza(f'[feed.wire]\npath = "{web.base}/*.jsonl"')
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "BROADSHEET_HOME": str(newsroom.settings.home),
            "BROADSHEET_SOURCES": str(newsroom.settings.sources),
        }
        commands = ["sh", "-eu", "-c", block("sh", "## Try it")]
        done = subprocess.run(commands, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 new file would be fetched" in done.stdout
    assert newsroom.query("select count(*) from news.fact_article") == [(1,)]


@pytest.mark.parametrize("told", re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
def test_what_it_says_is_told_is_told(told: str) -> None:
    code = "".join(path.read_text("utf-8") for path in (PROJECT / "etl" / "intake").rglob("*.py"))
    words = re.sub(r"250,000|\d{3}|\.\.\.", "", told).split()
    assert re.search(r"[\s\S]{0,40}".join(map(re.escape, words)), code), told

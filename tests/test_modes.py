"""Nobody but their owner reads what Broadsheet keeps; what is published is as open as the setting says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import Newsroom, article

from etl.files import Mode
from etl.run import Request, begin


def modes(home: Path) -> dict[str, str]:
    """The mode of everything in a folder, by its path; of a link none."""
    paths = [path for path in sorted(home.rglob("*")) if not path.is_symlink()]
    return {str(path.relative_to(home)): f"{path.stat().st_mode & 0o777:o}" for path in (home, *paths)}


def test_what_an_older_version_left_open_is_closed_but_for_what_is_published(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    home = newsroom.settings.home
    for name in (
        "work/old/plan.parquet",
        "quarantine/a.parquet",
        "warehouse/broadsheet.duckdb",
        "published/1/broadsheet.duckdb",
    ):
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text("")
    (home / "stat_cache.json").write_text("{}")
    for path in (home, *home.rglob("*")):
        path.chmod(0o777)
    run = begin(newsroom.settings, "manual", Request())
    shutil.rmtree(run.folder)
    assert modes(home) == {
        ".": "711",
        "published": "755",
        "published/1": "755",
        "published/1/broadsheet.duckdb": "444",
        "quarantine": "700",
        "quarantine/a.parquet": "600",
        "stat_cache.json": "600",
        "warehouse": "700",
        "warehouse/broadsheet.duckdb": "600",
        "work": "700",
        "work/old": "700",
        "work/old/plan.parquet": "600",
    }
    assert f"{home / 'quarantine'} was 0777, is now 0700" in caplog.text
    caplog.clear()
    begin(newsroom.settings, "manual", Request())
    assert not caplog.text


def test_the_published_folder_is_as_open_as_its_setting_says(newsroom: Newsroom) -> None:
    settings = replace(newsroom.settings, published_mode=Mode("0750"))
    published = settings.published_folder
    (published / "2").mkdir(parents=True)
    for name in ("broadsheet-1.duckdb", "2/broadsheet.duckdb", "index.html"):
        (published / name).write_text("")
    begin(settings, "manual", Request())
    assert {key: mode for key, mode in modes(settings.home).items() if not key.startswith("work")} == {
        ".": "710",
        "published": "750",
        "published/2": "750",
        "published/2/broadsheet.duckdb": "440",
        "published/broadsheet-1.duckdb": "440",  # of an older version
        "published/index.html": "640",
    }


@pytest.mark.parametrize("digits", ["0999", "rwx", "0577", "4755", "", "64"])
def test_what_is_not_the_mode_of_a_folder_is_not_a_setting(digits: str) -> None:
    with pytest.raises(ValueError):
        Mode(digits)


def test_a_command_makes_everything_but_what_is_published_for_its_owner_alone(newsroom: Newsroom) -> None:
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.stanza('[feed.wire]\npath = "*"\nformat = "jsonl"\nsettle_seconds = 0')
    home = newsroom.settings.home
    environment = os.environ | {"BROADSHEET_HOME": str(home), "BROADSHEET_SOURCES": str(newsroom.settings.sources)}
    command = [sys.executable, "-c", "from etl.cli import main; main()", "ingest"]
    subprocess.run(command, env=environment, umask=0, check=True, capture_output=True)
    found = modes(home)
    shared = {path: mode for path, mode in found.items() if path == "." or path.startswith("published")}
    assert shared == {
        ".": "711",
        "published": "755",
        "published/1": "755",
        "published/1/broadsheet.duckdb": "444",
        "published/published.json": "644",
    }
    assert set(found.values()) - set(shared.values()) == {"700", "600"}
    assert not [path for path, mode in found.items() if path not in shared and mode not in ("700", "600")]


def test_older_copies_that_their_owner_could_write_to_were_not_open_to_others(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    copy = newsroom.settings.published_folder / "broadsheet-1.duckdb"
    copy.parent.mkdir(parents=True)
    copy.write_text("")
    copy.chmod(0o644)
    begin(newsroom.settings, "manual", Request())
    assert modes(copy.parent)[copy.name] == "444"
    assert str(copy) not in caplog.text


def test_a_folder_that_may_be_read_may_be_entered(newsroom: Newsroom) -> None:
    folder = newsroom.settings.published_folder / "1"
    folder.mkdir(parents=True)
    copy = folder / "broadsheet.duckdb"
    copy.write_text("")
    folder.chmod(0o644)
    begin(newsroom.settings, "manual", Request())
    assert (modes(folder)["."], modes(folder)[copy.name]) == ("755", "444")


def test_a_folder_made_read_only_stays_so(newsroom: Newsroom) -> None:
    published = newsroom.settings.published_folder
    published.mkdir(parents=True)
    published.chmod(0o577)
    begin(newsroom.settings, "manual", Request())
    assert modes(newsroom.settings.home)["published"] == "555"

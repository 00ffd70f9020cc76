"""Nothing outside the landing folder is read, listed or waited for, whatever lies in it or is asked for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article

from etl.intake.landing import files_below, root_of
from etl.intake.manifests import read_manifest
from etl.run import Request, begin
from etl.stages import discover

OUT = "is a link out of the landing folder"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the landing folder with dumps in it that nobody may have."""
    folder = tmp_path / "outside"
    (folder / "deep").mkdir(parents=True)
    for name in ("secret.jsonl", "deep/secret.jsonl"):
        (folder / name).write_text('{"headline": "secret", "body": "secret"}')
    return folder


def plan(newsroom: Newsroom, **request: Any) -> dict[str, str | None]:
    """The paths of the plan, each with the reason why it is refused."""
    run = begin(newsroom.settings, "manual", Request(**request))
    discover.plan_deliveries(run, {})
    return {row["path"]: row["refused"] for row in pq.read_table(run.plan).to_pylist()}


@pytest.mark.parametrize("pattern", ["**/*.jsonl", "*/*.jsonl", "*/deep/*", "way_out/*.jsonl", "way_out", "**", "."])
def test_a_feed_does_not_follow_a_folder_that_is_a_link_out(newsroom: Newsroom, outside: Path, pattern: str) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{pattern}"\nsettle_seconds = 0')
    (newsroom.landing / "way_out").symlink_to(outside)
    found = plan(newsroom)
    assert list(found) == ["way_out"]
    assert OUT in str(found["way_out"])


@pytest.mark.parametrize(
    "path", ["way_out", "way_*", "way_out/*.jsonl", "*/deep/secret.jsonl", "way_ou[t]/s*", "**/s*"]
)
def test_no_path_that_is_asked_for_leads_out(newsroom: Newsroom, outside: Path, path: str) -> None:
    newsroom.drop("good/a.jsonl", [article(1)])
    (newsroom.landing / "way_out").symlink_to(outside)
    found = plan(newsroom, paths=(str(newsroom.landing / path),))
    assert list(found) == ["way_out"]
    assert OUT in str(found["way_out"])


def test_a_link_deep_in_a_folder_is_refused_and_its_neighbours_are_taken(newsroom: Newsroom, outside: Path) -> None:
    newsroom.stanza('[feed.wire]\npath = "courier"\nsettle_seconds = 0')
    newsroom.drop("courier/2026/a.jsonl", [article(1)])
    (newsroom.landing / "courier/2026/file.jsonl").symlink_to(outside / "secret.jsonl")
    (newsroom.landing / "courier/2026/folder").symlink_to(outside)
    found = plan(newsroom)
    assert {path: bool(refused) for path, refused in found.items()} == {
        "courier/2026/a.jsonl": False,
        "courier/2026/file.jsonl": True,
        "courier/2026/folder": True,
    }


def test_a_feed_outside_the_landing_folder_has_a_root_of_its_own(newsroom: Newsroom, outside: Path) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{outside}/deep/*"\nsettle_seconds = 0')
    (outside / "deep" / "up.jsonl").symlink_to(outside / "secret.jsonl")
    found = plan(newsroom)
    assert found[str(outside / "deep/secret.jsonl")] is None
    assert OUT in str(found[str(outside / "deep/up.jsonl")])
    assert root_of(f"{outside}/deep/*", newsroom.landing) == outside / "deep"


def test_links_inside_the_landing_folder_are_followed_where_they_are_named_and_make_no_circle(
    newsroom: Newsroom,
) -> None:
    newsroom.drop("real/a.jsonl", [article(1)])
    (newsroom.landing / "alias").symlink_to(newsroom.landing / "real")
    (newsroom.landing / "real" / "circle").symlink_to(newsroom.landing)
    landing = newsroom.landing
    assert list(files_below(str(landing / "alias/*.jsonl"), landing)) == [landing / "alias/a.jsonl"]
    assert list(files_below(str(landing / "**/*.jsonl"), landing)) == [landing / "real/a.jsonl"]


def test_a_manifest_that_is_a_link_out_is_not_read(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1)])
    (tmp_path / "secret.json").write_text('{"password": "open sesame"}')
    (newsroom.landing / "a.jsonl.manifest.json").symlink_to(tmp_path / "secret.json")
    (refused,) = plan(newsroom).values()
    assert OUT in str(refused)
    assert "password" not in str(refused)


@pytest.mark.parametrize(
    ("text", "reason"), [("[" * 50_000, "is not JSON"), ('{"language": "' + "x" * 70_000 + '"}', "larger than")]
)
def test_a_manifest_made_to_harm_refuses_its_dump_alone(newsroom: Newsroom, text: str, reason: str) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("b.jsonl", [article(2)])
    newsroom.drop("a.jsonl.manifest.json", text)
    found = plan(newsroom)
    assert reason in str(found["a.jsonl"])
    assert found["b.jsonl"] is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_manifest_is_read_as_editors_and_shells_of_windows_write_it(tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.jsonl.manifest.json").write_bytes('{"publication": "Küstenbote"}'.encode(codec))
    assert read_manifest(tmp_path / "a.jsonl").publication == "Küstenbote"


def test_a_pipe_is_refused_and_not_waited_for(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    os.mkfifo(newsroom.landing / "pipe.jsonl")
    assert "is not a regular file" in str(plan(newsroom)["pipe.jsonl"])


def test_a_name_that_is_no_utf8_is_refused_and_stops_no_other(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1)])
    Path(os.fsdecode(os.fsencode(newsroom.landing) + b"/\xff.jsonl")).write_text("{}")
    assert {path: bool(refused) for path, refused in plan(newsroom).items()} == {"a.jsonl": False, r"\xff.jsonl": True}


def test_a_path_longer_than_any_is_not_there(newsroom: Newsroom) -> None:
    for path in ("x" * 4000, "x" * 300 + "/*", "a/" * 1900 + "*", "**/" * 1300 + "x", "*/" * 1900 + "x"):
        with pytest.raises(discover.RequestError, match="no file there"):
            plan(newsroom, paths=(str(newsroom.landing / path),))


def test_hidden_and_odd_names_match_as_in_a_shell(newsroom: Newsroom) -> None:
    for name in (".hidden.jsonl", "a.jsonl", "b/.c/d.jsonl", "b/e.jsonl", "[x].jsonl"):
        newsroom.drop(name, "{}")
    landing = newsroom.landing

    def found(pattern: str) -> list[str]:
        return [str(file.relative_to(landing)) for file in files_below(str(landing / pattern), landing)]

    assert found("*.jsonl") == ["[x].jsonl", "a.jsonl"]
    assert found("**/*.jsonl") == ["[x].jsonl", "a.jsonl", "b/e.jsonl"]
    assert found("[[]x].jsonl") == ["[x].jsonl"]
    assert found(".h*") == [".hidden.jsonl"]
    assert found("b") == ["b/e.jsonl", "b/.c/d.jsonl"]


def test_folders_nested_a_thousand_deep_do_not_stop_the_night(newsroom: Newsroom) -> None:
    newsroom.drop("a.jsonl", "{}")
    folder = os.open(newsroom.landing, os.O_RDONLY)
    for _ in range(1_200):
        os.mkdir("d", dir_fd=folder)
        below = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    try:
        for pattern in ("**/*.jsonl", "**", "."):
            found = files_below(str(newsroom.landing / pattern), newsroom.landing)
            assert list(found) == [newsroom.landing / "a.jsonl"]
    finally:
        # pytest would stumble over it when it clears away its folders.
        subprocess.run(["rm", "-rf", newsroom.landing / "d"], check=True)


def test_a_folder_that_may_not_be_read_is_refused_by_name(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza('[feed.wire]\npath = "**/*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("closed/a.jsonl", "{}")
    newsroom.drop("open/a.jsonl", "{}")
    scandir = os.scandir

    def only_open(folder: str) -> Any:  # root, who may run the tests, may read everything
        if os.fspath(folder).endswith("closed"):
            raise PermissionError
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", only_open)
    assert {path: bool(refused) for path, refused in plan(newsroom).items()} == {"closed": True, "open/a.jsonl": False}

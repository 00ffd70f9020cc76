"""The sign of life after a good night, received by a real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from newsroom import Newsroom
from pinged import server

from etl.reports import sign_of_life
from etl.settings import Settings, load_settings

SECRET = "kept-from-logs"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with server() as started:
        yield started


def test_a_good_night_is_pinged(
    asked: tuple[str, list[str]], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, paths = asked
    newsroom.stanza('[feed.wire]\npath = "wire/*"')
    settings = replace(newsroom.settings, ping_url=f"{address}/{SECRET}")
    trouble = sign_of_life.ping_if_good(settings)
    assert trouble == "BROADSHEET_PING_URL was not called, because it is not good: nothing is loaded yet"
    assert paths == []
    monkeypatch.setattr("etl.reports.night.Overview.problems", [])
    assert sign_of_life.ping_if_good(settings) is None
    assert paths == [f"/{SECRET}"]
    assert sign_of_life.ping_if_good(newsroom.settings) is None
    assert len(paths) == 1


def nobody_there() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("{address}/gone/" + SECRET, "it answered 404"),
        ("{nobody}/" + SECRET, "Connection refused"),
        ("file:///" + SECRET, "it does not begin with https:// or http://"),
        ("http://[" + SECRET, "it is not an address"),
        ("http://127.0.0.1:1/\n" + SECRET, "it is not an address"),
        ("http://127.0.0.1:port/" + SECRET, "it is not an address"),
    ],
)
def test_a_ping_that_fails_is_told_without_its_address(asked: tuple[str, list[str]], url: str, trouble: str) -> None:
    told = sign_of_life.ping(url.format(address=asked[0], nobody=nobody_there()))
    assert told is not None
    assert told.startswith(f"BROADSHEET_PING_URL could not be called: {trouble}")
    assert SECRET not in told


def test_the_address_is_kept_out_of_what_settings_look_like() -> None:
    assert SECRET not in repr(load_settings({"BROADSHEET_PING_URL": f"https://ping.example/{SECRET}"}))
    assert Settings().ping_url == ""

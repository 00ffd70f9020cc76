"""A feed is fetched with the login of its Airflow connection, whose password is written nowhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import elsewhere
import pytest
from newsroom import Newsroom, article


def test_a_feed_is_fetched_with_its_connection(
    trigger: Callable[..., Any],
    newsroom: Newsroom,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_BROADSHEET_FETCH_WIRE", json.dumps({"login": "desk", "password": "s3cr3t-pass"}))
    with elsewhere.web(tmp_path / "www") as web:
        web.login = "Basic " + base64.b64encode(b"desk:s3cr3t-pass").decode()
        web.put("a.jsonl", json.dumps(article(1)).encode())
        newsroom.stanza(f'[feed.wire]\npath = "{web.base}/*.jsonl"')
        night = trigger()
    assert night.state == "success"
    assert newsroom.ask_published("select count(*) from mart.article") == [(1,)]
    files = [file for file in newsroom.folder.rglob("*") if file.is_file()]
    assert [file for file in files if b"s3cr3t-pass" in file.read_bytes()] == []
    assert "s3cr3t-pass" not in caplog.text + "".join(capsys.readouterr())

"""The page alone, served on loopback over a newsroom whose dumps try to run scripts; and Debian's Chromium."""

from __future__ import annotations

import io
import json
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from newsroom import Newsroom, article, make_newsroom
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SCRIPT = "<script>alert('dump')</script>"
IMAGE = "<img src=x onerror=alert('dump')>"
RUN_ID = "manual__2026-03-14T02:00:00+00:00"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Script tags in headlines, bylines, labels, file names, member names and, by way of a manifest, in reasons."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("browser"))
    newsroom.stanza('[feed.courier]\npath = "courier/**"\nformat = "jsonl"\nsettle_seconds = 0')
    labels = [["iptc", "1", SCRIPT]]
    good = article(
        1, headline=SCRIPT, byline=f"By {IMAGE}", labels=labels, section=SCRIPT, body=f"{SCRIPT} {IMAGE} It left."
    )
    newsroom.drop(f"courier/{IMAGE}.jsonl", [good, article(2, body="")])
    newsroom.drop("courier/a.zip", _zipped(f"{SCRIPT}.jsonl", f"{{torn {SCRIPT}\n"))
    newsroom.drop("courier/b.jsonl", [article(3)])
    newsroom.drop("courier/b.jsonl.manifest.json", json.dumps({SCRIPT: 1}))
    newsroom.ingest(run_id=RUN_ID)
    return newsroom


def _zipped(name: str, torn: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, json.dumps(article(4)) + "\n" + torn)
    return packed.getvalue()


@pytest.fixture(scope="module")
def address(hostile: Newsroom, airflow_home: Path) -> Iterator[str]:
    """Where the page is served, to anyone, while the tests of this module run: others want it shut."""
    import uvicorn

    from broadsheet_airflow.page import ACTIONS, Links, airflow_links, app, may_see
    from etl.run import ledger_name

    links = Links(
        dags={action.dag_id: f"../dags/{action.dag_id}" for action in ACTIONS},
        runs={ledger_name(RUN_ID): "../dags/ingest_articles/runs/1"},
    )
    app.dependency_overrides = {may_see: lambda: None, airflow_links: lambda: links}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROADSHEET_HOME", str(hostile.settings.home))
        patch.setenv("BROADSHEET_SOURCES", str(hostile.settings.sources))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
        server.should_exit = True
        thread.join()
    app.dependency_overrides = {}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not shutil.which(CHROMIUM):
        pytest.skip(f"waits for {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page of the browser, and all that must not happen on it."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page()
    yield Watched(page)
    page.close()

"""Walk through a running `make up` in a real browser, as an operator would, and save what it looks like.

    make up && .venv/bin/python bin/browser_tour.py

Logs in, triggers ingest_articles with its form, watches it to its end, opens the Broadsheet page; the pictures go to
var/tour/. Run by hand: a person looks at the pictures. Needs Debian's package chromium.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from airflow_env import DAG_ID, broadsheet_home
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
AIRFLOW = broadsheet_home() / "airflow"
PICTURES = broadsheet_home() / "tour"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RUN_SECONDS = 1800


def main() -> None:
    """Take the tour."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with logged_in(browser, "admin") as page:
            trigger(page, DAG_ID)
            watch(page, DAG_ID)
            look_at_broadsheet(page)
        browser.close()
    print(f"Look at the pictures in {PICTURES}")


@contextmanager
def logged_in(browser: Browser, user: str) -> Iterator[Page]:
    """A page in a separate browser context, in which that user is logged in."""
    context = browser.new_context(base_url=_address(), viewport=DESKTOP)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(json.loads((AIRFLOW / "passwords.json").read_text())[user])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/auth/" not in url)
    page.wait_for_load_state("networkidle")
    picture(page, f"home-{user}")
    yield page
    context.close()


def _address() -> str:
    record = AIRFLOW / "processes.json"
    if not record.exists():
        sys.exit("Airflow is not running; start it with: make up")
    return f"http://127.0.0.1:{json.loads(record.read_text())['port']}"


def picture(page: Page, name: str) -> None:
    """Save a picture of the whole page."""
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    print(f"  {name}.png")


def trigger(page: Page, dag_id: str) -> None:
    """Trigger a DAG with its form, unchanged."""
    page.goto(f"/dags/{dag_id}")
    page.get_by_role("button", name="Trigger").first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.wait_for_timeout(1000)  # it opens with an animation
    picture(page, f"form-{dag_id}")
    dialog.get_by_role("button", name="Trigger").click()
    dialog.wait_for(state="hidden")


def watch(page: Page, dag_id: str) -> None:
    """Wait for the end of the run that was just triggered; look at it, its note and the log of its verdict."""
    page.goto(f"/dags/{dag_id}/runs")
    run = page.locator("tbody tr").first
    run.wait_for()
    picture(page, "running")
    run.get_by_text(re.compile("success|failed", re.IGNORECASE)).wait_for(timeout=RUN_SECONDS * 1000)
    picture(page, "runs")
    run_page = run.get_by_role("link").first.get_attribute("href") or ""
    page.goto(run_page)
    page.wait_for_load_state("networkidle")
    picture(page, "run")
    for task in ("discover", "check", "load", "publish", "verdict"):
        page.goto(f"{run_page}/tasks/{task}")
        page.wait_for_load_state("networkidle")
        picture(page, f"log-{task}")


def look_at_broadsheet(page: Page) -> None:
    """Open the page from the navigation; on a desktop, in dark mode, on a phone."""
    page.get_by_role("button", name="Browse").click()
    entry = page.get_by_role("menuitem", name="Broadsheet")
    entry.wait_for()
    page.wait_for_load_state("networkidle")
    picture(page, "menu")
    with page.expect_popup() as opened:
        entry.click()
    broadsheet = opened.value
    broadsheet.wait_for_load_state("networkidle")
    picture(broadsheet, "broadsheet")
    broadsheet.emulate_media(color_scheme="dark")
    picture(broadsheet, "broadsheet-dark")
    broadsheet.emulate_media(color_scheme="light")
    broadsheet.set_viewport_size(PHONE)
    picture(broadsheet, "broadsheet-phone")
    broadsheet.emulate_media(color_scheme="dark")
    picture(broadsheet, "broadsheet-phone-dark")


if __name__ == "__main__":
    main()

"""Take an article down in a running `make up`, in a real browser: requested by one user, approved by another.

    make up && make run && .venv/bin/python bin/takedown_tour.py URL

First the requester approves the request, which must go on waiting; then the other user does. The pictures go to
var/tour/. Run by hand: a person looks at the pictures.
"""

from __future__ import annotations

import re
import sys

from browser_tour import CHROMIUM, FLAGS, PICTURES, RUN_SECONDS, logged_in, picture
from playwright.sync_api import Browser, Page, sync_playwright

DAG = "take_down_articles"
REQUESTER, APPROVER = "admin", "approver"


def main() -> None:
    """Request it; approve it as the requester, then as the other user."""
    if len(sys.argv) != 2:
        sys.exit("usage: takedown_tour.py URL")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        run = requested(browser, sys.argv[1])
        for user in (REQUESTER, APPROVER):
            approve(browser, run, user)
        print(f"approved by {APPROVER}: {ended(browser, run, APPROVER)}, expected success")
        browser.close()
    print(f"Look at the pictures in {PICTURES}")


def requested(browser: Browser, url: str) -> str:
    """Fill in the form; returns the address of the run once it is running."""
    with logged_in(browser, REQUESTER) as page:
        page.goto(f"/dags/{DAG}")
        page.get_by_role("button", name="Trigger").first.click()
        dialog = page.get_by_role("dialog")
        dialog.locator("input[name=element_value]").fill(url)
        dialog.locator("input[name=element_reason]").fill("court order 7")
        picture(page, "takedown-form")
        dialog.get_by_test_id("trigger-dag-submit").click()
        dialog.wait_for(state="hidden")
        page.goto(f"/dags/{DAG}/runs")
        run = page.locator("tbody tr").first
        run.get_by_text(re.compile("running", re.IGNORECASE)).wait_for(timeout=RUN_SECONDS * 1000)
        return run.get_by_role("link").first.get_attribute("href") or ""


def approve(browser: Browser, run: str, user: str) -> None:
    """Answer the required action of a run."""
    with logged_in(browser, user) as page:
        _await_approval(page, run)
        picture(page, f"takedown-approval-{user}")
        page.get_by_role("button", name="Approve").click()
        page.wait_for_load_state("networkidle")


def _await_approval(page: Page, run: str) -> None:
    for _ in range(RUN_SECONDS // 5):
        page.goto(f"{run}/tasks/take_down/required_actions")
        page.wait_for_timeout(5000)
        if page.get_by_role("button", name="Approve").count():
            return
    sys.exit(f"{run} is not waiting for approval")


def ended(browser: Browser, run: str, approver: str) -> str:
    """Wait for the end of a run; returns its state."""
    with logged_in(browser, REQUESTER) as page:
        page.goto(f"/dags/{DAG}/runs")
        row = page.locator("tbody tr").first
        state = row.get_by_text(re.compile("success|failed", re.IGNORECASE)).first
        state.wait_for(timeout=RUN_SECONDS * 1000)
        page.goto(f"{run}/tasks/take_down")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(2000)
        picture(page, f"takedown-log-{approver}")
        page.goto(f"/dags/{DAG}/runs")
        picture(page, f"takedown-runs-{approver}")
        return state.inner_text()


if __name__ == "__main__":
    main()

"""The page in a real browser: what came from dumps stays text, and the numbers are those of the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest
from newsroom import Newsroom

PHONE = {"width": 390, "height": 844}


def test_dumps_cannot_run_scripts_nor_reach_other_hosts(watched: Any, address: str) -> None:
    watched.page.goto(address, wait_until="networkidle")
    shown = watched.page.inner_text("main")
    assert "<img src=x onerror=alert('dump')>.jsonl" in shown
    assert "<script>alert('dump')</script>.jsonl" in shown  # a place in a container
    assert "contains unknown keys: [\"<script>alert('dump')</script>\"]" in shown  # a reason
    assert watched.page.locator("script, main img").count() == 0
    assert watched.dialogs == []
    assert watched.errors == []
    assert {url.split("/")[2] for url in watched.requests} == {address.split("/")[2]}


def test_the_browser_is_told_to_run_no_script(watched: Any, address: str) -> None:
    answer = watched.page.goto(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    # Were an escape forgotten one day, this is what still stands in the way.
    watched.page.evaluate("() => document.body.insertAdjacentHTML('beforeend', `<img src=x onerror='alert(1)'>`)")
    watched.page.wait_for_timeout(300)
    assert watched.dialogs == []


def test_the_numbers_are_those_of_the_ledger(watched: Any, address: str, hostile: Newsroom) -> None:
    watched.page.goto(address)
    (counts,) = hostile.query(
        "select count(*), sum(articles_read), sum(inserted), sum(revised), sum(unchanged), sum(rejected)"
        " from ops.dump_load"
    )
    cells = watched.page.locator("section:has(h2:text('Last loads')) tbody td.n").all_inner_texts()
    assert [int(cell.split()[0]) for cell in cells] == list(counts)
    ((refused,),) = hostile.query("select count(*) from ops.dump_status where state in ('refused', 'failed', 'parked')")
    ((rejected,),) = hostile.query("select count(*) from ops.rejected_article where stage in ('extract', 'check')")
    figures = watched.page.locator(".facts dd:not(.more)").all_inner_texts()
    assert figures == ["Copy 1", str(refused), str(rejected), "free"]
    reasons = watched.page.locator("section:has(h2:text('by reason')) td.n").all_inner_texts()
    assert sum(map(int, reasons)) == rejected


def test_it_says_first_that_the_night_was_not_good(watched: Any, address: str) -> None:
    watched.page.goto(address)
    assert watched.page.inner_text(".verdict strong") == "NOT good:"
    assert watched.page.locator(".verdict li").all_inner_texts()[0] == "1 of 3 dumps not loaded"


def test_it_has_a_row_per_feed_and_says_what_was_seen(watched: Any, address: str) -> None:
    watched.page.goto(address)
    shown = watched.page.inner_text("main")
    assert "3 new of 3 files" in shown
    row = watched.page.locator("section:has(h2:text('Feeds')) tbody tr")
    assert row.count() == 1
    assert "courier" in row.inner_text() and "1 dump waiting for you" in row.inner_text()
    assert " UTC" in row.inner_text()


def test_its_links_lead_to_the_run_and_to_the_dags(watched: Any, address: str) -> None:
    watched.page.goto(address)
    targets = [link.get_attribute("href") for link in watched.page.locator("main a").all()]
    assert "../dags/ingest_articles/runs/1" in targets
    assert "../dags/release_dump" in targets


def test_what_fills_a_form_in_can_be_pasted_and_names_what_its_row_names(
    watched: Any, address: str, hostile: Newsroom
) -> None:
    watched.page.goto(address)
    ((waiting,),) = hostile.query("select path from ops.dump_status where state = 'refused'")
    (dump,) = watched.page.locator("section:has(h2:text('Dumps waiting')) .paste").all_inner_texts()
    assert json.loads(dump) == {"dump": waiting, "reason": ""}  # the form shows only the fields that are pasted
    rows = watched.page.locator("section:has(h2:text('by reason')) tbody tr").all()
    for row in rows:
        (example,) = row.locator("td[data-label='For example'] code").all_inner_texts()
        asked = json.loads(row.locator(".paste").inner_text())
        assert asked["dump"] == example
        assert asked["reason"] and asked["reason"] in row.locator("td[data-label='Why']").inner_text()
    watched.page.locator(".paste").first.click()  # one click chooses all of it
    assert watched.page.evaluate("() => getSelection().toString().trim()") == dump


def test_a_reason_is_asked_for_by_what_does_not_change_from_dump_to_dump() -> None:
    from broadsheet_airflow.page import words_of

    assert words_of("line 12 has 40 columns; the header has 7") == "columns; the header has"
    assert words_of("it has no body") == "it has no body"


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_sticks_out_of_the_screen(watched: Any, address: str, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 844})
    watched.page.goto(address)
    assert watched.page.evaluate("() => document.documentElement.scrollWidth") <= width

"""Take pictures of the published front page and dictionary, for a person to look at: desktop and phone, light and dark.

    .venv/bin/python bin/front_page_tour.py

The pictures go to var/tour/. For a newsroom with weeks of history: `PYTHONPATH=tests .venv/bin/python -m weeks
var/demo`, then with BROADSHEET_HOME=var/demo/home. Needs Debian's package chromium.
"""

from __future__ import annotations

import sys

from airflow_env import broadsheet_home
from browser_tour import CHROMIUM, DESKTOP, FLAGS, PHONE, PICTURES, picture
from playwright.sync_api import sync_playwright

from etl.reports.front_page import DICTIONARY, PAGE

SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = {"": "light", "-dark": "dark"}


def main() -> None:
    """Take a picture in every size and scheme."""
    published = broadsheet_home() / "published"
    if not (published / PAGE).exists():
        sys.exit(f"There is no {published / PAGE}; begin with: make run")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for size, viewport in SIZES.items():
            for suffix, scheme in SCHEMES.items():
                page = browser.new_page(viewport=viewport, color_scheme=scheme)
                for file, name in ((PAGE, "front-page"), (DICTIONARY, "dictionary")):
                    page.goto((published / file).as_uri())
                    picture(page, f"{name}-{size}{suffix}")
                page.close()
        browser.close()
    print(f"Look at the pictures in {PICTURES}")


if __name__ == "__main__":
    main()

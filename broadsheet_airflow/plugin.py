"""The plugin that Airflow finds by its entry point: a Broadsheet entry in the navigation, and notes on runs.

Every process of Airflow imports this file, so what the page needs is imported on the first request for it.
"""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin

from broadsheet_airflow import run_notes


async def page(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application below /broadsheet."""
    from broadsheet_airflow.page import app

    await app(scope, receive, send)


class BroadsheetPlugin(AirflowPlugin):
    """What Broadsheet adds to Airflow's own UI."""

    name = "broadsheet"
    fastapi_apps = [{"app": page, "url_prefix": "/broadsheet", "name": "Broadsheet"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": "Broadsheet",
            "href": "broadsheet/",
            "destination": "nav",
            # In the menu Browse, and without a url_route: with one, Airflow shows the page in a frame whose sandbox
            # blocks every link out of it; and an entry of its own in the navigation that leads out is a dead button.
            "category": "browse",
            "icon": "broadsheet/static/icon.svg",
            "icon_dark_mode": "broadsheet/static/icon_dark.svg",
        }
    ]
    listeners = [run_notes]  # noqa: RUF012

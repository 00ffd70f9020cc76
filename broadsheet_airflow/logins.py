"""Who Broadsheet is where a feed is fetched from: Airflow's connections `broadsheet_fetch_<feed>`, login and password.

They are read in the task that fetches and handed on in memory: into no file, no XCom and no environment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException

if TYPE_CHECKING:
    from etl.intake.remote import Login
    from etl.settings import Settings

PREFIX = "broadsheet_fetch_"


def of_feeds(settings: Settings) -> dict[str, Login]:
    """The logins of the feeds whose path is an address, where a connection has one. Raises SettingsError."""
    from etl.declared.sources import load_sources

    feeds = [name for name, feed in load_sources(settings).feeds.items() if feed.address]
    return {feed: login for feed in feeds if (login := _of(feed))}


def _of(feed: str) -> Login | None:
    from etl.intake.remote import Login

    try:
        found = BaseHook.get_connection(PREFIX + feed)
    except AirflowNotFoundException:
        return None
    return Login(found.login, found.password)

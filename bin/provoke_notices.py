"""Provoke every notice on a real Airflow, and print what a mail server and a webhook on this machine received.

    AIRFLOW_PORT=8282 .venv/bin/python bin/provoke_notices.py

In a separate folder below var/, it writes a ledger in which the feed `lamp` brought 50 articles on this weekday in
each of the last three weeks, drops one good and one empty dump for another feed, and starts Airflow with a run every
minute and a deadline of seconds. Then it waits for three notices (the refused dump, with the silent feed as a warning;
the silent feed alone, on a run that brought nothing new; the late run), prints them and stops Airflow.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from airflow_env import PROJECT
from receivers import Received, receivers

FOLDER = PROJECT / "var" / "provoked"
PATIENCE_SECONDS = 600
DEADLINE_SECONDS = 5
EXPECTED: dict[str, Callable[[str], bool]] = {
    "a refused dump": lambda text: "failed for" in text and "refused" in text,
    "a silent feed": lambda text: "succeeded, 1 warning" in text and "feed lamp: nothing" in text,
    "a late night": lambda text: "is late" in text,
}


def main() -> int:
    """Provoke, wait, print; returns the exit status."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    environment = _newsroom()
    with receivers() as received:
        environment |= received.environment
        try:
            subprocess.run([sys.executable, "bin/local_airflow.py", "up"], cwd=PROJECT, env=environment, check=True)
            missing = _wait_for(received)
        finally:
            subprocess.run([sys.executable, "bin/local_airflow.py", "down"], cwd=PROJECT, env=environment, check=True)
    _show(received)
    if missing:
        print(f"\nNot received within {PATIENCE_SECONDS} s: {', '.join(missing)}; the logs are below {FOLDER}")
    return 1 if missing else 0


def _newsroom() -> dict[str, str]:
    """Two feeds, two dumps, a ledger with a habit; returns the environment to run in."""
    landing = FOLDER / "landing"
    for folder in ("wire", "lamp"):
        (landing / folder).mkdir(parents=True)
    (FOLDER / "sources.toml").write_text(
        'landing = "landing"\n'
        '[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nsettle_seconds = 0\n'
        '[feed.lamp]\npath = "lamp/*"\n'
    )
    article = {"url": "https://wire.example/1", "headline": "A boat leaves", "body": "The boat left the harbour."}
    (landing / "wire" / "good.jsonl").write_text(json.dumps({**article, "publication": "Harbour Courier"}) + "\n")
    (landing / "wire" / "empty.jsonl").touch()
    environment = os.environ | {
        "BROADSHEET_HOME": str(FOLDER / "home"),
        "BROADSHEET_SOURCES": str(FOLDER / "sources.toml"),
        "BROADSHEET_SCHEDULE": "* * * * *",
        "BROADSHEET_DEADLINE_HOURS": str(DEADLINE_SECONDS / 3600),
        "NO_PROXY": "127.0.0.1",
    }
    environment.pop("BROADSHEET_LANDING", None)
    _write_habit(environment)
    return environment


def _write_habit(environment: dict[str, str]) -> None:
    """Ledger rows of `lamp`: 50 articles on this weekday in each of the last three weeks, all found unchanged."""
    from etl.settings import load_settings
    from etl.warehouse import opening

    with (
        opening.opened(load_settings(environment), "habit of provoke_notices.py") as engine,
        engine.begin() as connection,
    ):
        for week in (1, 2, 3):
            at = datetime.now(UTC).replace(tzinfo=None) - timedelta(weeks=week)
            connection.exec_driver_sql(
                """
                insert into ops.dump (dump_key, path, source, format, sha256, manifest_sha256, bytes, first_seen_at)
                values ($key, 'lamp/' || $key || '.csv', 'lamp', 'csv', $key::varchar, '', 1, $at)
                """,
                {"key": week, "at": at},
            )
            connection.exec_driver_sql(
                """
                insert into ops.dump_load
                    (run_id, dump_key, kind, state, articles_read, inserted, revised, unchanged, rejected, skipped,
                        loaded_at)
                values ('habit', $key, 'delivery', 'loaded', 50, 0, 0, 50, 0, '{}', $at)
                """,
                {"key": week, "at": at},
            )


def _wait_for(received: Received) -> list[str]:
    """Wait for every expected notice on both channels; returns the names of those that did not arrive.

    Once the notice of the refused dump is there, the dump is removed, so that a night without news can follow.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (missing := _missing(received)) and time.monotonic() < deadline:
        if "a refused dump" not in missing:
            (FOLDER / "landing" / "wire" / "empty.jsonl").unlink(missing_ok=True)
        time.sleep(1)
    return missing


def _missing(received: Received) -> list[str]:
    mails = [f"{mail['Subject']}\n{mail.get_content()}" for mail in received.mails]
    posts = [post["text"] for post in received.posts]
    return [name for name, is_it in EXPECTED.items() if not (any(map(is_it, mails)) and any(map(is_it, posts)))]


def _show(received: Received) -> None:
    """Print the first mail of each kind as it arrived, and the first post to the webhook."""
    for name, is_it in EXPECTED.items():
        for mail in received.mails:
            if is_it(f"{mail['Subject']}\n{mail.get_content()}"):
                print(f"\n=== {name}, by mail " + "=" * 60)
                print(*(f"{header}: {value}" for header, value in mail.items()), "", mail.get_content(), sep="\n")
                break
        for post in received.posts:
            if is_it(post["text"]):
                print(f"=== {name}, by webhook\n{json.dumps(post, ensure_ascii=False)}")
                break
    print(f"\nReceived in all: {len(received.mails)} mails, {len(received.posts)} posts.")


if __name__ == "__main__":
    sys.exit(main())

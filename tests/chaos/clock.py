"""A clock that is set back by days between two nights, and a landing folder that is not mounted."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from chaos.aftermath import last_words, same_as, says, seen_by_analysts
from chaos.child import Order
from chaos.theatre import Theatre


def turn(days: int) -> None:
    """Turn the clock that runs of this process begin by, and are judged by, so many days from now."""
    from etl import run
    from etl.stages import verdict

    class Turned(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Turned:
            return super().now(tz) + timedelta(days=days)

    run.datetime = verdict.datetime = Turned


def set_back(theatre: Theatre, days: int) -> list[str]:
    """Run tonight with a clock that is days behind yesterday's."""
    home = theatre.copy_of("yesterday")
    ended = home.child(Order(("ingest", str(home.landing)), days=-days))
    problems = [] if ended.code == 0 else [f"it ended with {ended.code}: {last_words(ended)}"]
    problems += says(ended, "the clock went back by")
    return problems + same_as(theatre.expected, home, home.ingest())


def unmounted(theatre: Theatre) -> list[str]:
    """Run without the landing folder; then with it."""
    home = theatre.copy_of("yesterday")
    away = home.landing.with_name("away")
    home.landing.rename(away)
    try:
        ended = home.broadsheet("ingest")
    finally:
        away.rename(home.landing)
    problems = [] if ended.code == 2 else [f"it ended with {ended.code}: {last_words(ended)}"]
    problems += says(ended, "is not there (is it mounted?)")
    problems += seen_by_analysts(home, theatre.before)
    return problems + same_as(theatre.expected, home, home.ingest())

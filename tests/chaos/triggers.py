"""Two triggers at once: the command line twice over the same dumps."""

from __future__ import annotations

import time

from chaos.aftermath import last_words, same_as
from chaos.homes import ended
from chaos.theatre import Theatre


def twice(theatre: Theatre, apart_seconds: float) -> list[str]:
    """Start two that far apart; both must succeed, and load everything once."""
    home = theatre.copy_of("yesterday")
    first = home.start("ingest", str(home.landing))
    time.sleep(apart_seconds)
    second = home.start("ingest", str(home.landing))
    both = [ended(first), ended(second)]
    problems = [f"one of the two ended with {one.code}: {last_words(one)}" for one in both if one.code]
    return problems + same_as(theatre.expected, home, home.ingest())

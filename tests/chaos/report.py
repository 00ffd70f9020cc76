"""What `make chaos` prints at its end, and writes to var/chaos/report.md."""

from __future__ import annotations

from collections import Counter

from chaos.outcome import Kill, Outcome

INSIDE = ("load", "publish", "migrate")


def text(outcomes: list[Outcome], seed: int) -> str:
    """The whole report: the table, what went wrong, and every kill."""
    kills = [kill for outcome in outcomes for kill in outcome.kills]
    parts = [
        f"# Chaos, seed {seed}\n",
        table(outcomes),
        f"\n{totals(kills)}\n",
        *_list("## What is wrong", [f"**{o.scenario}**: {problem}" for o in outcomes for problem in o.all_problems]),
        *_list("## What was seen", [f"**{o.scenario}**: {note}" for o in outcomes for note in o.notes]),
        "\n## Every kill\n",
        "| scenario | aim | landed in stage | at | left in the folders | taken up by |",
        "|---|---|---|---|---|---|",
        *(f"| {' | '.join(_cells(kill))} |" for kill in kills),
    ]
    return "\n".join(parts) + "\n"


def _cells(kill: Kill) -> tuple[str, ...]:
    return kill.scenario, kill.aim, kill.stage, kill.place, kill.traces or "nothing", kill.recovery


def _list(heading: str, items: list[str]) -> list[str]:
    return [f"\n{heading}\n", *(f"- {item}" for item in items)] if items else []


def table(outcomes: list[Outcome]) -> str:
    """One row per scenario."""
    rows = [(o.scenario, str(len(o.kills) or "-"), landings(o.kills), o.result) for o in outcomes]
    widths = [max(len(row[column]) for row in [HEADINGS, *rows]) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [HEADINGS, tuple("-" * width for width in widths), *rows]
    ]
    return "\n".join(lines)


HEADINGS = ("scenario", "kills", "where they landed", "result")


def landings(kills: list[Kill]) -> str:
    """How many kills landed in which stage."""
    stages = Counter(kill.stage for kill in kills)
    return ", ".join(f"{stage} {number}" for stage, number in stages.most_common()) or "-"


def totals(kills: list[Kill]) -> str:
    """The kills of all scenarios together."""
    inside = sum(kill.stage in INSIDE for kill in kills)
    return f"{len(kills)} kills, {inside} of them inside load, publish or migration: {landings(kills)}."

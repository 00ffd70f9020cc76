"""What a scenario found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kill:
    """One process that was killed: where it was meant to be hit, where it was, and what it left in the folders."""

    scenario: str
    aim: str
    stage: str
    place: str
    traces: str
    recovery: str
    problems: list[str]


@dataclass
class Outcome:
    """One scenario: its kills, what is wrong (empty: all is well), what it saw, why it was skipped (None: it ran)."""

    scenario: str
    kills: list[Kill] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: str | None = None
    seconds: float = 0.0

    @property
    def all_problems(self) -> list[str]:
        return [*self.problems, *(f"{kill.aim}: {problem}" for kill in self.kills for problem in kill.problems)]

    @property
    def result(self) -> str:
        if self.skipped:
            return f"SKIPPED: {self.skipped}"
        return "FAILED" if self.all_problems else "same"

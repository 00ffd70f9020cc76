"""What a check found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from etl import words

SHOWN = 3


class State(StrEnum):
    """How a check went."""

    ok = "ok"
    warning = "warning"
    problem = "problem"
    not_checked = "not checked"


@dataclass(frozen=True)
class Finding:
    """How a check went, what it found and, if that is not good, what to do."""

    state: State
    found: str
    advice: str = ""


def some(things: Sequence[object]) -> str:
    """The first few, and how many more there are."""
    return words.first_few(things, SHOWN)

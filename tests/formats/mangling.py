"""What the tests of formats do to a dump to see that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def mangled(
    data: st.DataObject, tokens: Sequence[T], ways: Sequence[str] = ("lose", "double", "move", "cut")
) -> list[T]:
    """The tokens with one of them lost, doubled or moved, or cut off there."""
    changed = list(tokens)
    at, to = (data.draw(st.integers(0, len(changed) - 1)) for _ in range(2))
    match data.draw(st.sampled_from(ways)):
        case "lose":
            del changed[at]
        case "double":
            changed.insert(to, changed[at])
        case "move":
            changed.insert(to, changed.pop(at))
        case _:
            del changed[at:]
    return changed

"""Which text leads which: a text joins the longest leading text that it is like, or leads a story of its own.

So each text of a story is like its leader; a chain of texts, each like the next, is not a story. Which text leads
depends only on the texts and their likenesses, not on the order in which they arrived.
"""

from __future__ import annotations

from typing import Protocol

Rank = tuple[int, str]
"""Minus the length of a text, then its hash: the lower leads."""


class Known(Protocol):
    """What is known about texts, which are identified by their keys; looked up when needed."""

    like: dict[int, set[int]]
    """For each text looked up, the texts that it is like."""
    rank: dict[int, Rank]
    """The ranks of all texts in `like`, and of their leaders."""
    leader_of: dict[int, int]
    """The leaders of all texts in `like`, before anything is settled."""

    def look_up(self, keys: set[int]) -> None:
        """Find the texts that these are like."""

    def led_by(self, keys: set[int]) -> set[int]:
        """Returns the texts whose leaders these were."""


def settle_leaders(keys: set[int], known: Known) -> dict[int, int]:
    """Returns the leaders of these texts and of all texts that they upset: those that are now like a longer leader
    than their own, and those whose leader may no longer lead.
    """
    unsettled: set[int] = set()
    joining = keys
    while joining:
        joining = joining | known.led_by(joining)
        known.look_up(joining - unsettled)
        unsettled |= joining
        leaders = _leaders(unsettled, known)
        joining = _upset(leaders, unsettled, known)
    return {text: leaders.get(text, text) for text in unsettled}


def _leaders(unsettled: set[int], known: Known) -> dict[int, int]:
    """Returns the leader of each unsettled text that is like any, longest first, so that possible leaders are known."""
    leaders: dict[int, int] = {}
    for text in sorted(unsettled & known.like.keys(), key=known.rank.__getitem__):
        longer = (other for other in known.like[text] if known.rank[other] < known.rank[text])
        leading = (other for other in longer if leaders.get(other, known.leader_of[other]) == other)
        leaders[text] = min(leading, key=known.rank.__getitem__, default=text)
    return leaders


def _upset(leaders: dict[int, int], unsettled: set[int], known: Known) -> set[int]:
    """Returns settled texts that are like a new leader longer than their own."""
    return {
        other
        for text, leader in leaders.items()
        if text == leader
        for other in known.like[text] - unsettled
        if known.rank[text] < known.rank[known.leader_of[other]]
    }

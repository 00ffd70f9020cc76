"""Which text leads which: a text joins the longest leading text that it is like, or leads a story of its own.

So each text of a story is like its leader, a chain of texts that are each like the next is no story, and who leads
follows from the texts and their likenesses alone, not from the order in which they came.
"""

from __future__ import annotations

from typing import Protocol

Rank = tuple[int, str]
"""Minus the length of a text, then its hash: the lower leads."""


class Known(Protocol):
    """What is known of texts, which are called by their keys; looked up as it is needed."""

    like: dict[int, set[int]]
    """Of the texts looked up, those that they are like."""
    rank: dict[int, Rank]
    """Of all texts in `like`, and of their leaders."""
    leader_of: dict[int, int]
    """The leaders of all texts in `like`, as they were."""

    def look_up(self, keys: set[int]) -> None:
        """Find what these texts are like."""

    def led_by(self, keys: set[int]) -> set[int]:
        """The texts whose leaders these were."""


def settle_leaders(keys: set[int], known: Known) -> dict[int, int]:
    """The leaders of these texts and of all that they upset: texts that are like a longer leader than theirs now,
    and those whose leader may lead no more.
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
    """The leader of each unsettled text that is like any: from the longest on, so that who may lead it is known."""
    leaders: dict[int, int] = {}
    for text in sorted(unsettled & known.like.keys(), key=known.rank.__getitem__):
        longer = (other for other in known.like[text] if known.rank[other] < known.rank[text])
        leading = (other for other in longer if leaders.get(other, known.leader_of[other]) == other)
        leaders[text] = min(leading, key=known.rank.__getitem__, default=text)
    return leaders


def _upset(leaders: dict[int, int], unsettled: set[int], known: Known) -> set[int]:
    """Settled texts that are like a new leader longer than theirs."""
    return {
        other
        for text, leader in leaders.items()
        if text == leader
        for other in known.like[text] - unsettled
        if known.rank[text] < known.rank[known.leader_of[other]]
    }

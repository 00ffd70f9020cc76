"""Who leads whom follows from the texts and their likenesses alone, whatever came first and whatever went again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etl.normalise.story_leaders import Rank, settle_leaders

LENGTHS = dict(enumerate([9, 8, 8, 7, 6, 6, 5, 4, 3]))
TEXTS = list(LENGTHS)


class Archive:
    """Texts that are kept, with their leaders, and what is like what among them."""

    def __init__(self, alike: set[frozenset[int]]) -> None:
        self.alike = alike
        self.kept: dict[int, int] = {}
        self.like: dict[int, set[int]] = {}
        self.rank: dict[int, Rank] = {}
        self.leader_of: dict[int, int] = {}

    def look_up(self, keys: set[int]) -> None:
        for text in keys:
            for other in self.kept:
                if frozenset((text, other)) in self.alike and text != other:
                    self.like.setdefault(text, set()).add(other)
                    self.like.setdefault(other, set()).add(text)
                    for known in (text, other):
                        self.leader_of[known] = self.kept[known]
                        self.rank |= {each: rank_of(each) for each in (known, self.kept[known])}

    def led_by(self, keys: set[int]) -> set[int]:
        return {text for text, leader in self.kept.items() if leader in keys}

    def settle(self, keys: set[int]) -> None:
        self.like, self.rank, self.leader_of = {}, {}, {}
        self.kept |= settle_leaders(keys, self)

    def add(self, texts: set[int]) -> None:
        self.kept |= {text: text for text in texts}
        self.settle(texts)

    def remove(self, texts: set[int]) -> None:
        self.kept = {text: leader for text, leader in self.kept.items() if text not in texts}
        orphans = self.led_by(texts)
        self.kept |= {text: text for text in orphans}
        self.settle(orphans)


def rank_of(text: int) -> Rank:
    return -LENGTHS[text], str(text)


def by_the_rule(kept: set[int], alike: set[frozenset[int]]) -> dict[int, int]:
    """The rule, said plainly: from the longest text on, each joins the longest leader that it is like."""
    leaders: dict[int, int] = {}
    for text in sorted(kept, key=rank_of):
        leading = [other for other in leaders if leaders[other] == other and frozenset((text, other)) in alike]
        leaders[text] = min(leading, key=rank_of, default=text)
    return leaders


pairs = st.sets(st.sets(st.sampled_from(TEXTS), min_size=2, max_size=2).map(frozenset))
some_texts = st.sets(st.sampled_from(TEXTS), min_size=1)


@given(pairs, st.lists(st.tuples(st.sampled_from(["add", "remove"]), some_texts), max_size=8))
def test_whatever_comes_and_goes_the_leaders_are_those_of_what_is_kept(
    alike: set[frozenset[int]], changes: list[tuple[str, set[int]]]
) -> None:
    archive = Archive(alike)
    for change, texts in changes:
        if change == "add":
            archive.add(texts - archive.kept.keys())
        else:
            archive.remove(texts & archive.kept.keys())
        assert archive.kept == by_the_rule(set(archive.kept), alike)


def test_a_chain_is_no_story() -> None:
    archive = Archive({frozenset((text, text + 1)) for text in TEXTS})
    archive.add(set(TEXTS))
    assert archive.kept == {0: 0, 1: 0, 2: 2, 3: 2, 4: 4, 5: 4, 6: 6, 7: 6, 8: 8}


def test_a_longer_text_that_is_like_two_leaders_makes_one_story_of_theirs() -> None:
    archive = Archive({frozenset((0, 3)), frozenset((0, 4)), frozenset((4, 7)), frozenset((0, 7))})
    archive.add({3, 4, 7})
    assert archive.kept == {3: 3, 4: 4, 7: 4}
    archive.add({0})
    assert archive.kept == {0: 0, 3: 0, 4: 0, 7: 0}
    archive.remove({0})
    assert archive.kept == {3: 3, 4: 4, 7: 4}

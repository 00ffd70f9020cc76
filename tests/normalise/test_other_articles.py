"""When two texts under one id or address are two articles: hand-made pairs, and the same answer both ways round."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise.other_articles import Pair, Verdict, judge

PIER = (
    "The harbour council met on Monday evening and agreed to rebuild the old pier before the winter storms arrive, at "
    "a cost of two million crowns. Fishermen from the northern quay said that the plan leaves them without a landing "
    "place for at least eight months, and asked for a floating jetty."
)
BREAD = (
    "A baker in the upper town has found a way to keep bread fresh for nine days by resting the dough in clay jars "
    "that stand in the cellar. Her neighbours first laughed at the jars, then asked for recipes, and now the museum of "
    "crafts wants to show one of them next spring."
)
FOOTER = "\n\nThe Lamp is printed in the old mill. Write to the desk with what you know, and we will call you back."
LONG_FOOTER = FOOTER + (
    " Subscribers read every issue back to the first one, which a schoolmaster set by hand, and may give a friend a "
    "month for nothing. Our offices are open on weekdays until five, and on market days until the last stall closes. "
    "The names of those who wrote to us stay with us. What is printed here may be read aloud but not sold."
)
"""Longer than the texts above it."""
STANDING = "Good morning. Here is what you need to know today, from our desk in the old mill to your table.\n\n"
PRICES = (
    "The fish market at the old quay gives these prices for a crate of twenty, ice included, as the warden called them "
    "out when the bell had rung: herring at {}, cod at {}, plaice at {}, haddock at {}, and eels, of which there were "
    "few, at {} the crate. Boats in port: {}. The next auction is held when the tide allows it."
)
"""A form that is filled in anew every day."""
SUN = "Mild and dry, light wind along the coast, eighteen degrees by noon."
CLOUDS = "Mild with showers, light wind inland, twelve degrees by evening, dry later."
RAIN = "Heavy showers until evening, gusts from northwest, rivers rising, colder tonight again."
NIGHT_TWO = (
    "09:40 The first boats are back. 10:15 The mayor speaks of luck. 11:00 Schools open again on Thursday, the council "
    "says, and the ferry runs from noon with half of its usual crew, because the road from the valley is still closed."
)

MONDAY = PRICES.format("two crowns ten", "four even", "three twenty", "three crowns", "nine fifty", "seven")
TUESDAY = PRICES.format("one ninety", "five crowns", "three five", "two and a half", "eleven", "twelve and a brig")


TEXTS = pa.schema(
    {"headline": pa.string(), "body": pa.string(), "is_partial": pa.bool_(), "published_date": pa.date32()}
)
Text = tuple[str | None, str | None]


class Drawn(NamedTuple):
    """Two texts (headline and body), whether they have one id, whether the first is an excerpt, and their days."""

    one: Text
    other: Text
    have_id: bool = False
    is_partial: bool = False
    days: tuple[int | None, int | None] = (None, None)


pair = Drawn


def verdict(drawn: Drawn) -> Verdict:
    rows = [
        {
            "headline": headline,
            "body": body,
            "is_partial": is_partial,
            "published_date": date(2026, 3, day) if day else None,
        }
        for (headline, body), is_partial, day in zip(
            (drawn.one, drawn.other), (drawn.is_partial, False), drawn.days, strict=True
        )
    ]
    pairs = [Pair(0, 1, drawn.have_id), Pair(1, 0, drawn.have_id)]
    found, turned = judge(pa.Table.from_pylist(rows, TEXTS), pairs)
    assert found == turned
    assert not (found.are_others and found.are_alike)
    return found


def is_other(drawn: Drawn) -> bool:
    return verdict(drawn).are_others


@pytest.mark.parametrize(
    "drawn",
    [
        pair(("Old pier to be rebuilt", PIER), ("Bread that lasts nine days", BREAD)),
        pair(("Old pier to be rebuilt", PIER), ("Bread that lasts nine days", BREAD), have_id=True),
        pair(("Old pier to be rebuilt", PIER + FOOTER), ("Bread that lasts nine days", BREAD + FOOTER)),
        pair(("Old pier to be rebuilt", PIER + LONG_FOOTER), ("Bread that lasts nine days", BREAD + LONG_FOOTER)),
        pair(("Pier rebuilt", PIER + LONG_FOOTER), ("Bread lasts", BREAD + LONG_FOOTER), have_id=True, days=(14, 14)),
        pair(("Fish prices", MONDAY), ("Fish prices", TUESDAY), days=(16, 17)),
        pair(("Herring up", MONDAY), ("Herring down", TUESDAY), days=(16, 17)),
        pair(("Weather", SUN), ("Weather", CLOUDS), days=(16, 17)),
        pair(("Letters", PIER), ("Letters", BREAD), have_id=True, days=(16, 17)),
        pair(("The end of the pier", PIER), ("The price of the bread", BREAD)),
        pair(("Letters", PIER), ("Letters", BREAD)),
        pair(("Morning briefing", STANDING + PIER), ("Morning briefing", STANDING + BREAD)),
        pair(("Storm: live", PIER), ("Storm: live", NIGHT_TWO)),
        pair(("Weather", SUN), ("Weather", RAIN)),
        pair(("Market report", SUN), ("Market report", PIER)),
        pair((None, PIER), (None, BREAD)),
        pair(("Snow closes pass", "The pass is closed until noon."), ("Ferry sold", "A buyer from the south paid.")),
        pair(
            ("Pier closed", "The pier will be closed on Monday and on Tuesday."), ("Bread that lasts nine days", BREAD)
        ),
        pair(("Pier closed", "It will reopen."), ("Bread prices fall", None), is_partial=True),
        pair(
            ("老码头将重建", "周一晚上港务委员会同意重建老码头。" * 4),
            ("面包九天不坏", "一位面包师找到了保存面包的办法。" * 4),
        ),
    ],
)
def test_quite_other_texts_are_other_articles(drawn: Drawn) -> None:
    assert is_other(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        pair(("Old pier to be rebuilt", PIER), ("Old pier to be rebuilt", PIER.replace("two", "three"))),
        pair(("Old pier to be rebuilt", PIER), ("Fishermen left without a quay", PIER.replace("Monday", "Tuesday"))),
        pair(("Storm: live", PIER), ("Ferry runs again", NIGHT_TWO + "\n\n" + PIER)),
        pair(("Storm: live", PIER), ("Ferry runs again", NIGHT_TWO + "\n\n" + PIER), days=(14, 15)),
        pair(("Old pier", PIER), ("Old pier", PIER.replace("two", "three")), days=(14, 15)),
        pair(("Old pier", PIER + LONG_FOOTER), ("Fishermen", PIER.replace("two", "three") + LONG_FOOTER)),
        pair(("Fish prices", MONDAY), ("Fish prices", TUESDAY), days=(16, 16)),
        pair(("Weather", SUN), ("Weather", CLOUDS), days=(16, 16)),
        pair(("Fish prices", MONDAY), ("Fish prices", TUESDAY), days=(16, None)),
        pair(("Fish prices", MONDAY), ("Fish prices", TUESDAY), have_id=True, days=(16, 17)),
        pair(("Letters", PIER), ("Letters", BREAD), have_id=True, days=(16, 16)),
        pair(("Weather", SUN), ("Weather", SUN.replace("eighteen", "nineteen").replace("Mild", "Warm"))),
        pair(("Old pier", "Story to follow. More soon."), ("Old pier", PIER)),
        pair(("Story to follow", "More soon."), ("Old pier to be rebuilt", PIER), have_id=True),
        pair(("Letters", PIER), ("Letters", BREAD), have_id=True),
        pair(("Bread prices fall", None), ("Pier closed", PIER), have_id=True),
        pair(("Pier closed", PIER), ("Bread prices fall", BREAD), have_id=True, is_partial=True),
        pair(("Old pier to be rebuilt", PIER), ("Old pier to be rebuilt", BREAD), is_partial=True),
        pair(("Fire at the old pier", "More follows."), ("Old pier burns down, nobody hurt", PIER)),
        pair(("Old pier to be rebuilt", PIER), (None, PIER + " The mayor promised an answer.")),
        pair(("Ferry late", "The ferry is late by an hour."), ("Boat delayed", "The ferry is late by two hours.")),
        pair(("Old pier to be rebuilt", None), ("Old pier rebuilt", None), is_partial=True),
        pair(
            ("老码头将重建", "周一晚上港务委员会同意重建老码头。" * 4),
            ("码头明年开放", "周二晚上港务委员会同意重建老码头。" * 5),
        ),
    ],
)
def test_an_edited_text_is_the_same_article(drawn: Drawn) -> None:
    assert not is_other(drawn)


texts = st.none() | st.lists(st.sampled_from((PIER + " " + BREAD).split()), max_size=60).map(" ".join)


@given(texts, texts, texts, texts, st.booleans(), st.booleans())
def test_it_does_not_matter_which_came_first(
    one: str | None, body: str | None, other: str | None, other_body: str | None, is_partial: bool, have_id: bool
) -> None:
    for days in ((None, 14), (14, 15)):
        is_other(pair((one, body), (other, other_body), is_partial=is_partial, have_id=have_id, days=days))
    assert not is_other(pair((one, PIER), (other, PIER)))

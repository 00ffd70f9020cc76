"""When two records with one address are two articles: hand-made pairs, and the same answer whichever is the first."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise.other_articles import are_other_articles

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
STANDING = "Good morning. Here is what you need to know today, from our desk in the old mill to your table.\n\n"
SUN = "Mild and dry, light wind along the coast, eighteen degrees by noon."
RAIN = "Heavy showers until evening, gusts from northwest, rivers rising, colder tonight again."
NIGHT_TWO = (
    "09:40 The first boats are back. 10:15 The mayor speaks of luck. 11:00 Schools open again on Thursday, the council "
    "says, and the ferry runs from noon with half of its usual crew, because the road from the valley is still closed."
)


def pair(one: tuple[str | None, str | None], other: tuple[str | None, str | None], **facts: bool) -> dict[str, Any]:
    texts = {"one_headline": one[0], "one_body": one[1], "other_headline": other[0], "other_body": other[1]}
    return {**texts, "is_partial": False, "have_id": False, **facts}


def is_other(drawn: dict[str, Any]) -> bool:
    turned = {name.replace("one_", "?").replace("other_", "one_").replace("?", "other_"): drawn[name] for name in drawn}
    schema = pa.schema([(name, pa.bool_() if name in ("is_partial", "have_id") else pa.string()) for name in drawn])
    one, other = are_other_articles(pa.Table.from_pylist([drawn, turned], schema))
    assert one is other
    return one


@pytest.mark.parametrize(
    "drawn",
    [
        pair(("Old pier to be rebuilt", PIER), ("Bread that lasts nine days", BREAD)),
        pair(("Old pier to be rebuilt", PIER), ("Bread that lasts nine days", BREAD), have_id=True),
        pair(("Old pier to be rebuilt", PIER + FOOTER), ("Bread that lasts nine days", BREAD + FOOTER)),
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
def test_quite_other_texts_are_other_articles(drawn: dict[str, Any]) -> None:
    assert is_other(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        pair(("Old pier to be rebuilt", PIER), ("Old pier to be rebuilt", PIER.replace("two", "three"))),
        pair(("Old pier to be rebuilt", PIER), ("Fishermen left without a quay", PIER.replace("Monday", "Tuesday"))),
        pair(("Storm: live", PIER), ("Ferry runs again", NIGHT_TWO + "\n\n" + PIER)),
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
def test_an_edited_text_is_the_same_article(drawn: dict[str, Any]) -> None:
    assert not is_other(drawn)


texts = st.none() | st.lists(st.sampled_from((PIER + " " + BREAD).split()), max_size=60).map(" ".join)


@given(texts, texts, texts, texts, st.booleans(), st.booleans())
def test_it_does_not_matter_which_came_first(
    one: str | None, body: str | None, other: str | None, other_body: str | None, is_partial: bool, have_id: bool
) -> None:
    is_other(pair((one, body), (other, other_body), is_partial=is_partial, have_id=have_id))
    assert not is_other(pair((one, PIER), (other, PIER)))

"""What a delivery says of its articles, and what of it is not sure."""

from __future__ import annotations

from etl.formats.common.facts import DOUBTED, UNORDERED, with_facts
from etl.model import Doubt, Feed


def test_a_date_of_no_known_order_is_read_as_the_stanza_says_or_doubted() -> None:
    facts = {"headline": "Bridge", UNORDERED: "3/2/2026"}
    (dated,) = with_facts([{"body": "Text."}], facts, Feed("post", date_order="mdy"))
    assert dated == {"headline": "Bridge", "published": "3/2/2026", "body": "Text.", "extra": {}}
    record, doubt = with_facts([{"body": "Text."}], facts, Feed("post"))
    assert record == {"headline": "Bridge", "body": "Text.", "extra": {}}
    assert isinstance(doubt, Doubt) and "date_order" in doubt.warning


def test_a_record_with_a_day_of_its_own_is_not_doubted() -> None:
    stated = {"published": "5 March 2026"}
    assert list(with_facts([stated], {UNORDERED: "3/2/2026"}, Feed("post"))) == [{**stated, "extra": {}}]


def test_what_is_not_sure_is_told_once() -> None:
    found = list(with_facts([{"body": "Text."}], {DOUBTED: "It is two."}, Feed("post")))
    assert found == [{"body": "Text.", "extra": {}}, Doubt("It is two.")]

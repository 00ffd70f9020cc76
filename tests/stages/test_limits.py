"""What an article may hold: every field bounded, and only text that can be written."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from etl.formats.common.pieces import Unreadable
from etl.stages.limits import as_piece, too_long, writable

RECORD = {"position": "line 1", "headline": "Ferry", "body": "It sails.", "labels": [["tag", "", "sea"]], "extra": {}}


def deep(levels: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


def test_an_ordinary_record_fits() -> None:
    record = {**RECORD, "body": "Fähre 🚢", "extra": {"a": [1, {"b": None}], "when": 1.5}, "is_partial": True}
    assert too_long(record, 100) is None
    assert writable(record) == record


@pytest.mark.parametrize("name", ["headline", "deck", "byline", "dateline", "body", "section", "url", "published"])
def test_every_text_is_bounded(name: str) -> None:
    reason = too_long({**RECORD, name: "x" * 101}, 100)
    assert reason == f"its {name} has 101 characters; the limit is 100; raise BROADSHEET_MAX_ARTICLE_BYTES to load it"
    assert too_long({**RECORD, name: "x" * 100}, 100) is None


@pytest.mark.parametrize("more", [{"labels": [["tag", "", "x" * 20]] * 5}, {"extra": {"a": ["x"] * 50}}])
def test_labels_and_extra_are_bounded(more: dict[str, Any]) -> None:
    assert (too_long({**RECORD, **more}, 100) or "").startswith(f"its {next(iter(more))} has ")


def test_half_a_character_is_replaced_wherever_it_stands() -> None:
    half = {"headline": "Cut \ud83d", "labels": [["tag", "", "\udc00"]], "extra": {"\ud83d": ["x\udfff", "\U0001f600"]}}
    found = writable({**RECORD, **half})
    assert found["headline"] == "Cut \ufffd"
    assert found["labels"] == [["tag", "", "\ufffd"]]
    assert found["extra"] == {"\ufffd": ["x\ufffd", "\U0001f600"]}
    assert orjson.dumps(found)


def test_numbers_beyond_64_bits_and_other_keys_become_text() -> None:
    found = writable({**RECORD, "extra": {"n": 2**64, "m": -(2**70), 7: {None: 2**62}}})
    assert found["extra"] == {"n": str(2**64), "m": str(-(2**70)), "7": {"None": 2**62}}


@pytest.mark.parametrize("name", ["labels", "extra"])
@pytest.mark.parametrize("levels", [300, 900, 50_000])
def test_what_is_nested_too_deep_says_so_and_the_rest_goes_into_quarantine(name: str, levels: int) -> None:
    record = {**RECORD, name: {"x": deep(levels)}}
    assert too_long(record, 1_000_000) is None
    with pytest.raises(Unreadable, match=f"its {name} is nested more than 100 levels deep"):
        writable(record)
    assert orjson.loads(as_piece(record))["body"] == "It sails."

"""What discovery saw adds up, and survives the way through seen.json."""

from __future__ import annotations

from dataclasses import fields

import pytest

from etl.intake.seen import NAMES_LIMIT, Fate, Seen, summed


def test_every_file_is_counted_once_under_what_became_of_it() -> None:
    fates = {f"{fate}-{number}": fate for fate in Fate for number in range(3)}
    seen = summed(fates)
    assert {fate: getattr(seen, fate) for fate in Fate} == dict.fromkeys(Fate, 3)
    assert seen.files == sum(getattr(seen, fate) for fate in Fate)


def test_every_fate_is_a_field() -> None:
    assert set(Fate) <= {field.name for field in fields(Seen)}


def test_only_the_first_names_are_kept_but_all_are_counted() -> None:
    names = [f"{number:02}.txt" for number in range(30)]
    seen = summed(dict.fromkeys(reversed(names), Fate.unclaimed), contested=reversed(names))
    assert (seen.unclaimed, seen.contested) == (30, 30)
    assert seen.unclaimed_names == seen.contested_names == tuple(names[:NAMES_LIMIT])


def test_the_next_look_is_when_the_last_file_has_settled_rounded_up() -> None:
    seen = summed({"a": Fate.unsettled, "b": Fate.unsettled}, waits_seconds=[3.2, 39.1])
    assert seen.next_look_seconds == 40
    assert summed({}).next_look_seconds == 0


def test_what_was_seen_survives_its_file_also_of_another_version() -> None:
    seen = summed({"a": Fate.unclaimed}, contested=["b"], future=1, missing_folders=["wire: landing/wire"])
    assert Seen.from_json(seen.to_json()) == seen
    assert Seen.from_json('{"files": 3, "of_a_later_version": [1]}') == Seen(files=3)
    with pytest.raises(ValueError, match="not a JSON object"):
        Seen.from_json("[]")

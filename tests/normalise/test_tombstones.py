"""What was taken down is recognised without its text."""

from __future__ import annotations

import random
from datetime import datetime

import pyarrow as pa
import pytest
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.normalise.tombstones import FEWEST_LETTERS, KEPT, Tombstones, letters_of, marks_of
from etl.normalise.urls import address_of

SOUNDS = [first + last for first in "bcdfghklmnprstvw" for last in ("a", "e", "i", "o", "u", "an", "er", "ist")]


def text_of(number: int, words: int) -> str:
    """An invented text."""
    chance = random.Random(number)
    return " ".join("".join(chance.choices(SOUNDS, k=chance.randint(1, 4))) for _ in range(words))


def tombstones(*texts: str, **more: bool) -> Tombstones:
    marks = marks_of(texts)
    at = pa.array([datetime(2026, 3, 14)] * len(marks), pa.timestamp("us"))
    kept = marks.append_column("taken_down_at", at).append_column("reason", pa.array(["an order"] * len(marks)))
    return Tombstones(kept.cast(KEPT), **more)


def verdict(taken_down: str, text: str) -> str:
    (found,) = tombstones(taken_down).of_texts([text])
    return "none" if found is None else "same" if found.startswith("it was taken down on ") else "like"


@pytest.mark.parametrize("words", [12, 60, 400, 4000])
def test_a_text_is_found_whatever_its_spaces_signs_and_capitals(words: int) -> None:
    text = text_of(1, words)
    assert verdict(text, text) == "same"
    shouted = text.upper().replace(" ", ",\n\n")
    assert verdict(text, f"“{shouted}!”") == "same"


def test_accents_do_not_hide_it() -> None:
    assert verdict("Der Präsident trat zurück.", "Der Pra\u0308sident trat zuru\u0308ck") == "same"


@pytest.mark.parametrize("words", [12, 60, 400, 4000])
def test_one_letter_changed_makes_it_like(words: int) -> None:
    text = text_of(1, words)
    for place in range(0, len(text), max(1, len(text) // 40)):
        changed = text[:place] + "x" + text[place + 1 :]
        assert verdict(text, changed) == "like" or changed == text, place


@pytest.mark.parametrize("words", [40, 400])
def test_it_is_found_inside_a_longer_text(words: int) -> None:
    text = text_of(1, words)
    assert verdict(text, f"{text_of(2, 500)} {text} {text_of(3, 500)}") == "like"


@pytest.mark.parametrize("words", [12, 60, 400])
def test_other_texts_are_let_through(words: int) -> None:
    found = tombstones(*(text_of(number, words) for number in range(50)))
    assert found.of_texts([text_of(number, words) for number in range(100, 400)]) == [None] * 300


def test_a_quotation_is_let_through() -> None:
    text = text_of(1, 400)
    assert verdict(text, f"{text_of(2, 200)} {text[:300]} {text_of(3, 200)}") == "none"


def test_what_is_only_like_it_is_let_through_where_a_person_accepts_it() -> None:
    text = text_of(1, 60)
    accepting = tombstones(text, is_alike_accepted=True)
    same, like = accepting.of_texts([text, text.replace("er", "ar", 1)])
    assert like is None
    assert same is not None


def test_a_text_without_letters_is_no_tombstone() -> None:
    assert marks_of(["", "...", "\u0301\u0302"]).num_rows == 0
    assert tombstones("...").of_texts(["!!!", None, ""]) == [None, None, None]


def test_a_long_run_of_accents_takes_no_more_than_its_share_of_time() -> None:
    def work(times: int) -> None:
        assert letters_of("a" + "\u0301\u0323" * times + "b") == b"ab"

    assert times_as_long(work, 20_000) < MOST_TIMES_AS_LONG


def test_no_words_are_kept() -> None:
    (row,) = marks_of([text_of(1, 60)]).to_pylist()
    assert len(row["value"]) == 32
    assert len(row["sketch"]) == 64
    assert len(row["samples"]) < 60
    assert marks_of(["a" * (FEWEST_LETTERS - 1)])["sketch"].to_pylist() == [None]


@pytest.mark.parametrize(
    "url",
    [
        "http://courier.example/a/1?b=2&a=1",
        "https://www.courier.example/a/1/?a=1&b=2",
        "HTTPS://Courier.example:443/a/1?a=1&b=2&utm_source=mail#top",
    ],
)
def test_addresses_of_one_page_are_one(url: str) -> None:
    assert address_of(url) == "courier.example/a/1?a=1&b=2"


def test_addresses_of_other_pages_are_others() -> None:
    assert len({address_of(f"https://courier.example/{page}") for page in ("a", "A", "a/b", "a?b=1", "a?b=2")}) == 5
    assert address_of("urn:news:7 ") == "urn:news:7"

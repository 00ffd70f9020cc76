"""Fingerprints: what is like what, and how much two texts share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import body, chinese, japanese, paragraphs, words

from etl.normalise import fingerprints
from etl.normalise._shingles import NOTHING, shingles
from etl.normalise.fingerprints import (
    FEWEST_SHINGLES,
    MOST_IN_A_BAND,
    are_alike,
    estimate_shared,
    fingerprints_of,
    needed,
    only_shared,
    sharing_a_band,
)

STRING = pd.ArrowDtype(pa.string())


def prints(*texts: str | None) -> pd.DataFrame:
    return fingerprints_of(pd.Series(texts, dtype=STRING))


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return pa.Table.from_pandas(frame, preserve_index=False).to_pylist()


def hashes(text: str) -> list[int]:
    """The shingles of four words of one text."""
    found, _ = shingles(pa.array([text]))
    return [value for value in found.hashes.tolist() if value != NOTHING]


def alike(one: str, other: str) -> bool:
    return bool(are_alike(pa.array([one, other]), np.array([0]), np.array([1]))[0])


def share_a_band(one: str, other: str) -> bool:
    first, second = (set(bands) for bands in prints(one, other)["story_bands"])
    return bool(first & second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The harbour-master, Ms Holm, said: no.", "the HARBOUR master  ms holm said no"),
        ("“It’s” over – ‘now’ … then", "\"It's\" over - 'now' ... then"),
        ("Ærø, Łódź, São Paulo und Zürich", "aro lodz sao paulo und zurich"),
        ("Élan à la façon d’Ägypten ist groß", "ELAN A LA FACON D'AGYPTEN ist gros"),
        ("5 kg « net » £7 ½ per boat sold", "5 kg net 7 per boat sold"),
        ("Boats 🚤 leave → at five o’clock sharp", "boats leave at five o clock sharp"),
        ("ВОДА В ГАВАНИ ВЕСНОЙ".lower(), "Вода в гавани весной"),
    ],
)
def test_case_accents_and_punctuation_tell_nothing(one: str, other: str) -> None:
    assert hashes(one) == hashes(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("今天港口天气很好，船都出去了。", "今天港口天气很好船都出去了"),
        ("港の天気は「よい」です。船は出た！", "港の天気はよいです船は出た"),
        ("２０２６年、港の船が出ていった。", "２０２６年港の船が出ていった"),
    ],
)
def test_nor_does_punctuation_where_characters_are_tokens(one: str, other: str) -> None:
    assert hashes(one) == hashes(other) != []


def test_other_words_are_other_shingles() -> None:
    assert hashes("The colour of the harbour") != hashes("The color of the harbor")
    assert hashes("internationalisation of the old port") != hashes("internationalization of the old port")
    assert hashes("今天港口天气很好船都出") != hashes("今天港口天气不好船都出")
    assert hashes("ある港の天気はよい船です") != hashes("ある港の天気はよい船でず")


def test_shingles_are_of_four_words_or_eight_characters() -> None:
    texts = ["a b c d e f", None, "", "a b c", "a b c d", "今天天气很好我们我", "今天天气 a b c d e f g h i"]
    fours, eights = shingles(pa.array(texts))
    assert fours.counts.tolist() == [3, 0, 0, 0, 1, 2, 10]
    assert eights.counts.tolist() == [0, 0, 0, 0, 0, 0, 6]
    assert (fours.hashes != NOTHING).sum() == fours.counts.sum()


anything = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab é中のﾊ，。🚤’ \n"), max_size=300)


@given(st.lists(st.none() | anything, min_size=1, max_size=6))
def test_a_fingerprint_is_of_its_text_alone(texts: list[str | None]) -> None:
    assert rows(prints(*texts)) == [row for text in texts for row in rows(prints(text))]


def test_long_texts_are_read_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [body(seed) for seed in range(5)]
    at_once = rows(prints(*texts))
    monkeypatch.setattr(fingerprints, "BYTES_AT_ONCE", 1)
    assert rows(prints(*texts)) == at_once
    assert len(prints()) == 0


def test_a_short_text_has_no_bands() -> None:
    enough, short = " ".join(words(1, FEWEST_SHINGLES + 3)), " ".join(words(1, FEWEST_SHINGLES + 2))
    found = prints(enough, short, None)
    assert found["shingle_count"].tolist() == [FEWEST_SHINGLES, FEWEST_SHINGLES - 1, 0]
    assert [len(bands) > 0 for bands in found["story_bands"]] == [True, False, False]
    assert found["story_sketch"].isna().tolist() == [False, True, True]


STORY = paragraphs(1)
EDITS = {
    "the last three of eight paragraphs cut": STORY[:5],
    "two cut from the middle": STORY[:3] + STORY[5:],
    "a paragraph of local colour": [STORY[0], *paragraphs(2, 1), *STORY[1:]],
    "two cut, one added": [STORY[0], *paragraphs(2, 1), *STORY[2:7]],
    "another first paragraph": [*paragraphs(2, 1), *STORY[1:]],
    "every fortieth word another": [paragraph.replace(" ", " quite ", 1) for paragraph in STORY],
}


@pytest.mark.parametrize("edited", EDITS.values(), ids=EDITS.keys())
def test_what_papers_do_to_a_text_leaves_it_alike_and_to_be_found(edited: list[str]) -> None:
    one, other = "\n\n".join(STORY), "\n\n".join(edited)
    assert alike(one, other)
    assert share_a_band(one, other)


@pytest.mark.parametrize(
    "other",
    [
        paragraphs(3),
        STORY[:3],  # less than half of it
        STORY[:2] + paragraphs(2, 6),
        [" ".join(f"{word} {other}" for word, other in zip(words(1, 160), words(5, 160), strict=True))],
    ],
    ids=["another text", "a third of it", "a quarter quoted", "every second word"],
)
def test_what_shares_less_is_not_alike(other: list[str]) -> None:
    assert not alike("\n\n".join(STORY), "\n\n".join(other))


@pytest.mark.parametrize("script", [chinese, japanese])
def test_scripts_without_spaces(script: Callable[[int], str]) -> None:
    text, another = script(1), script(2)
    for edited in (text[:200], text[40:], text[:150] + another[:60] + text[150:], text.replace("，", "、")):
        assert alike(text, edited)
        assert share_a_band(text, edited)
    assert not alike(text, another)


def test_two_halves_of_a_text_are_not_one_story_by_it() -> None:
    whole, first, second = "\n\n".join(STORY), "\n\n".join(STORY[:4]), "\n\n".join(STORY[4:])
    assert not (alike(whole, first) and alike(whole, second))


@given(st.integers(0, 8), st.integers(0, 4), st.integers(1, 50))
def test_estimates_are_as_far_off_as_they_say(kept: int, added: int, seed: int) -> None:
    whole = paragraphs(seed)
    texts = ["\n\n".join(whole), "\n\n".join([*whole[:kept], *paragraphs(seed + 1000, added + 1)])]
    found = prints(*texts)
    sketches = np.stack([np.frombuffer(sketch, np.uint8) for sketch in found["story_sketch"]])
    counts = found["shingle_count"].to_numpy(np.int64)
    shared = estimate_shared(sketches[:1], sketches[1:], counts[:1], counts[1:])
    exact = len(set(hashes(texts[0])) & set(hashes(texts[1])))
    assert abs(shared.shingles[0] - exact) <= 4.5 * shared.error[0]


def test_how_much_must_be_shared() -> None:
    counts, others = np.array([100, 100, 100]), np.array([100, 140, 200])
    assert needed(counts, others).round().tolist() == [67, 70, 100]


def test_bands_that_one_text_alone_has_are_left_out() -> None:
    bands = np.array([5, 1, 5, 2, 3, 3, 3], np.uint32)
    found, texts = only_shared(bands, np.arange(7))
    assert sorted(zip(found.tolist(), texts.tolist(), strict=True)) == [(3, 4), (3, 5), (3, 6), (5, 0), (5, 2)]
    assert [len(part) for part in only_shared(bands[:0], np.arange(0))] == [0, 0]


def test_pairs_are_given_once_the_longer_first() -> None:
    bands, texts = np.array([3, 3, 3, 5, 5], np.uint32), np.array([0, 1, 2, 1, 0])
    longer, shorter = sharing_a_band(bands, texts, np.array([10, 30, 20]))
    assert list(zip(longer.tolist(), shorter.tolist(), strict=True)) == [(1, 0), (1, 2), (2, 0)]
    assert [len(part) for part in sharing_a_band(bands[:0], texts[:0], np.array([]))] == [0, 0]


def test_of_a_band_that_many_share_only_the_longest_are_compared_with_all() -> None:
    many = 500
    longer, _ = sharing_a_band(np.full(many, 7, np.uint32), np.arange(many), np.arange(many))
    assert set(longer.tolist()) == set(range(many - MOST_IN_A_BAND, many))

"""Clean text: what is repaired, what is left alone, and that no letter is ever lost."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from unicodedata import combining, normalize

import ftfy.bad_codecs  # noqa: F401  registers sloppy-windows-1252
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.normalise import text
from etl.normalise.text import clean_bodies, clean_line, clean_lines, count_paragraphs, count_words

# Whatever may stand in a dump, with more of what cleaning is about than chance would bring.
_MARKS = ["&amp;", "&", "amp;", "&#8217;", "Ã©", "â€™", "Ã", "\u0303", "\x93", "\u200b"]
_SPACES = ["\r\n", "\n", "\n\n", " ", "\xa0", "\t", "\x1c"]
_LINES = ["line", "End.", "行", "行。", "\n", "\n", "\n\n", "\n \n\n", "\r\n"]
TEXTS = st.one_of(
    st.lists(st.one_of(st.sampled_from(_MARKS + _SPACES), st.text(max_size=6)), max_size=14).map("".join),
    st.lists(st.sampled_from(_LINES)).map("".join),
)


def body(raw: str) -> str | None:
    cleaned = clean_bodies(pd.Series([raw]))[0]
    return None if pd.isna(cleaned) else cleaned


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("A plain text.", "A plain text."),
        ("Cafe\u0301 Zu\u0308rich", "Café Zürich"),
        ("&ldquo;Fish &amp; chips&rdquo; &#8211; caf&eacute; &#x27;now&#x27;", "“Fish & chips” – café 'now'"),
        ("twice &amp;quot;escaped&amp;quot;", 'twice "escaped"'),
        ("windows &#147;quotes&#148;", "windows “quotes”"),
        ("AT&T; R&D; Q&A; &c. &nosuchname;", "AT&T; R&D; Q&A; &c. &nosuchname;"),
        ("&notary; &it; no semicolon &amp here", "&notary; &it; no semicolon &amp here"),
        ("Itâ€™s a cafÃ© in Paris", "It’s a café in Paris"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("ä¸\xadå›½ï¼Œå¥½", "中国，好"),
        ("Half of “it” was brokenâ€”cafÃ©.", "Half of “it” was broken—café."),
        ("C1 \x93quotes\x94 and \x85", "C1 “quotes” and …"),
        ("CAFÉ\xadS", "CAFÉS"),  # two bytes that happen to be UTF-8
        ("a\x00b\x07c\x7fd", "abcd"),
        ("\ufeffzero\u200bwidth so\xadft", "zerowidth soft"),
        ("tab\tnbsp\xa0thin\u2009wide\u3000end  ", "tab nbsp thin wide end"),
        ("", None),
        (" \n\u200b\n ", None),
    ],
)
def test_characters(raw: str, clean: str | None) -> None:
    assert body(raw) == clean


@pytest.mark.parametrize(
    "untouched",
    [
        "SÃO PAULO NÃO PARA",
        "IRMÃ, AMANHÃ: «CAFÉ»",
        "THE CAFÉ’S OPENING",
        "“CAFÉ” at 5 € – naïve Ångström",
        "Ðegar þú kemur",
        "می\u200cخواهم",  # Persian spells with the non-joiner
        "क्\u200dष",  # and Hindi with the joiner
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "中文，没有空格。",
        "한국어 문장",
    ],
)
def test_what_is_not_broken_is_left_alone(untouched: str) -> None:
    assert body(untouched) == untouched


def test_joiners_go_where_they_spell_nothing() -> None:
    assert body("news\u200cpaper\u200d") == "newspaper"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("One.\r\n \r\n\r\nTwo.", "One.\n\nTwo."),
        ("One. \n\nTwo.", "One.\n\nTwo."),
        ("One.\n\n Two.", "One.\n\nTwo."),
        ("One.\n\n\nTwo.", "One.\n\nTwo."),
        ("One  and.\n\nTwo.", "One and.\n\nTwo."),
        ("\nOne.\n\nTwo.", "One.\n\nTwo."),
        ("One.\n\nTwo. ", "One.\n\nTwo."),
        ("One,\nwrapped.\n\nTwo.", "One, wrapped.\n\nTwo."),
        ("This line was wrapped\nat some forty characters by the\nagency.", None),
        (
            "First paragraph.\nSecond paragraph.\nThird one.",
            "First paragraph.\n\nSecond paragraph.\n\nThird one.",
        ),
        ("这是第一\n行", "这是第一行"),
        ("这是第一\n行\n\n第二", "这是第一行\n\n第二"),
        (f"{'long ' * 40}\nsubhead\nmore", f"{('long ' * 40).strip()}\n\nsubhead\n\nmore"),
    ],
)
def test_paragraphs(raw: str, clean: str | None) -> None:
    assert body(raw) == (clean or " ".join(raw.split()))


def test_every_kind_of_space_is_plain_in_the_end() -> None:
    texts = [f"a{char}b" for char in map(chr, range(sys.maxunicode + 1)) if char.isspace()]
    assert clean_bodies(pd.Series(texts)).tolist() == [text._clean_body(raw) for raw in texts]
    assert clean_lines(pd.Series(texts)).tolist() == [clean_line(raw) for raw in texts]


def test_one_line_fields_have_no_line_breaks() -> None:
    lines = pd.Series(["Two\r\n lines &amp; more ", None, " "], index=[7, 8, 9])
    cleaned = clean_lines(lines)
    assert cleaned[7] == "Two lines & more"
    assert cleaned[[8, 9]].isna().all()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("one two three\n\nfour", 4),
        ("state-of-the-art isn’t", 2),
        ("", 0),
        (None, 0),
        ("中国 2024 年，很好。", 6),  # five characters and a number
        ("東京タワー", 5),
        ("한국어 문장", 2),
    ],
)
def test_words_are_counted(raw: str | None, words: int) -> None:
    assert count_words(pd.Series([raw], dtype="str")).tolist() == [words]


def test_paragraphs_are_counted() -> None:
    assert count_paragraphs(pd.Series(["one", "one\n\ntwo", None])).tolist() == [1, 2, 0]


def test_columns_stay_arrow_and_keep_their_index() -> None:
    cleaned = clean_bodies(pd.Series(["a  b", None, float("nan"), "c"], index=[3, 1, 4, 1], dtype=object))
    assert str(cleaned.dtype) == "string[pyarrow]"
    assert cleaned.index.tolist() == [3, 1, 4, 1]
    assert cleaned.isna().tolist() == [False, True, True, False]


@given(TEXTS)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = body(raw)
    assert once is None or body(once) == once
    assert clean_line(clean_line(raw)) == clean_line(raw)


@given(st.text(st.characters(codec="utf-8", exclude_characters=[*map(chr, range(0x80, 0xA0)), *"&ÃÂÐ€¼"])))
def test_no_letter_is_lost(raw: str) -> None:
    kept = [char for char in normalize("NFC", raw) if char.isalpha()]
    assert [char for char in body(raw) or "" if char.isalpha()] == kept


@given(st.text("abc ,.éèàüñçãõß’“”–…", min_size=1))
def test_mojibake_is_undone(original: str) -> None:
    assert body(original.encode().decode("sloppy-windows-1252")) == body(original)


@given(TEXTS)
def test_words_and_paragraphs_are_those_that_python_counts(raw: str) -> None:
    clean = body(raw)
    series = pd.Series([None, clean, "", clean], dtype="str")
    assert count_paragraphs(series).tolist() == [0, len(clean.split("\n\n")) if clean else 0] * 2
    if not text._UNSPACED_LETTER.search(clean or ""):
        assert count_words(series).tolist() == [0, len((clean or "").split())] * 2


def test_what_is_taken_for_clean_is_clean() -> None:
    """Every character that lets a text pass unlooked-at would have passed the look, too."""
    plain = [char for char in map(chr, range(sys.maxunicode)) if text.re.match(f"[{text._PLAIN}]", char)]
    assert all(clean_line(f"a{char}b") == f"a{char}b" for char in plain)
    assert normalize("NFC", "".join(plain)) == "".join(plain)


@given(st.text("ab.\xa0 \r\n", max_size=12))
def test_spaces_are_the_same_whether_arrow_or_python_tidies_them(raw: str) -> None:
    assert body(raw) == (text._clean_body(raw) or None)
    assert clean_lines(pd.Series([raw]))[0:1].dropna().tolist() == [line for line in [clean_line(raw)] if line]


def test_columns_in_several_chunks_and_without_rows() -> None:
    part = clean_bodies(pd.Series(["a  b", "c"]))
    raw = pd.concat([part, part, pd.Series(["d  e"], dtype=part.dtype)], ignore_index=True)
    assert clean_bodies(raw).tolist() == ["a b", "c", "a b", "c", "d e"]
    cleaned = clean_bodies(raw)
    assert count_words(cleaned).tolist() == [2, 1, 2, 1, 2]
    assert count_words(cleaned[1:4]).tolist() == [1, 2, 1]
    assert clean_bodies(raw[:0]).empty
    assert count_words(raw[:0]).empty


@pytest.mark.parametrize("marks", ["\u0301", "\u0316\u0301", "\u0344", "\u05b0\u0591\u0301"])
def test_endless_combining_marks_are_kept_in_runs_that_are_bounded(marks: str) -> None:
    zalgo = f"Fe{marks * 200}rry"
    for cleaned in (body(zalgo), clean_line(zalgo)):
        assert cleaned is not None
        runs = re.split("\u034f", cleaned)
        assert len(runs) > 5
        assert max(map(len, runs)) < 70
        assert normalize("NFD", cleaned).count("\u0301") == normalize("NFD", zalgo).count("\u0301")
        assert clean_line(cleaned) == cleaned


@pytest.mark.parametrize("before", range(1, 9))
@pytest.mark.parametrize("mark", ["\u0316", "\u05b0", "\U0001d165", "\U0001e94a"])
def test_a_run_of_31_marks_is_found_wherever_it_is(before: int, mark: str) -> None:
    assert clean_line("a" * before + mark * 30) == "a" * before + mark * 30
    assert clean_line("a" * before + mark * 31 + "b") == "a" * before + mark * 30 + "\u034f" + mark + "b"


def test_marks_as_languages_write_them_get_no_joiner() -> None:
    for word in ("בְּרֵאשִׁ֖ית", "ệ", "नमस्ते", "ﷲ", "a\u0323\u0302\u0301\u0300b"):
        assert "\u034f" not in clean_line(word)


ENDLESS = {
    "marks": lambda n: "e" + "\u0301" * n,
    "alternating marks": lambda n: "e" + "\u0316\u0301" * (n // 2),
    "entities in entities": lambda n: "&" + "amp;" * (n // 4),
    "entities around entities": lambda n: "&am" + "&#82" * (n // 7) + "03;" * (n // 7) + "p;",
    "mojibake": lambda n: "Ã©â€™" * (n // 5),
    "joiners": lambda n: "a" + "\u200d" * n,
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("clean", [clean_bodies, clean_lines])
def test_time_grows_with_the_text_and_no_faster(kind: str, clean: Callable[[pd.Series], pd.Series]) -> None:
    assert times_as_long(lambda size: clean(pd.Series([ENDLESS[kind](size)])), 40_000) < MOST_TIMES_AS_LONG


def test_no_character_that_combines_is_missed() -> None:
    assert {chr(code) for code in range(sys.maxunicode + 1) if combining(chr(code))} == set(text._COMBINING)
